"""Transcripts of every form come out as the same records; what can't be read is told with its place."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from coach.batch.mapping import InputMap, parse_map
from coach.batch.reading import files_of, preview, read_records
from coach.batch.records import Record, Rejected
from coach.errors import InputError

TURNS = [
    ("customer", "网又断了"),
    ("agent", "给您添麻烦了，我来查"),
    ("customer", "快点"),
    ("agent", "查到了，是光猫的问题"),
]


def said(record: Record | Rejected) -> list[tuple[str, str]]:
    assert isinstance(record, Record), record
    return [(turn.role, turn.text) for turn in record.transcript.turns]


def one(path: Path, *mapping: str) -> Record | Rejected:
    found = list(read_records([path], parse_map(mapping)))
    assert len(found) == 1, found
    return found[0]


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


OURS = json.dumps({"id": "a", "turns": [{"role": role, "text": text} for role, text in TURNS]}, ensure_ascii=False)
CHAT = json.dumps(
    {
        "id": "a",
        "messages": [{"role": "system", "content": "别理我"}]
        + [{"role": "assistant" if role == "agent" else "user", "content": text} for role, text in TURNS],
    },
    ensure_ascii=False,
)
LONG = "流水号,说话人,内容\n" + "".join(f"a,{'坐席' if role == 'agent' else '客户'},{text}\n" for role, text in TURNS)
WIDE = "编号,客户1,客服1,客户2,客服2\na," + ",".join(f'"{text}"' for _, text in TURNS) + "\n"
CELL = (
    'call_id,对话\na,"' + "\n".join(f"{'客服' if role == 'agent' else '用户'}：{text}" for role, text in TURNS) + '"\n'
)
PLAIN = "\n".join(f"{'坐席' if role == 'agent' else '客户'}：{text}" for role, text in TURNS)
ENGLISH = "\n".join(f"[00:0{at}] {role.capitalize()} 1: {text}" for at, (role, text) in enumerate(TURNS))
VTT = "WEBVTT\n\n" + "\n".join(
    f"00:0{at}.000 --> 00:0{at + 1}.000\n<v {'客服' if role == 'agent' else '客户'}>{text}</v>\n"
    for at, (role, text) in enumerate(TURNS)
)
SRT = "\n".join(
    f"{at + 1}\n00:00:0{at},000 --> 00:00:0{at + 1},000\n{'坐席' if role == 'agent' else '客户'}: {text}\n"
    for at, (role, text) in enumerate(TURNS)
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", OURS), ("a.json", f"[{OURS}]"), ("a.json", OURS), ("chat.jsonl", CHAT), ("long.csv", LONG), ("long.tsv", LONG.replace(",", "\t").replace("麻烦了\t我", "麻烦了，我")),
        ("wide.csv", WIDE), ("cell.csv", CELL), ("a.txt", PLAIN), ("a.txt", ENGLISH), ("a.vtt", VTT), ("a.srt", SRT),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_form_and_encoding_reads_the_same(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    record = one(put(tmp_path, name, text, encoding))
    assert said(record) == TURNS
    assert isinstance(record, Record)
    assert record.id == "a"


def test_a_workbook_reads_the_same(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["通话编号", "角色", "文本"],
        *([7, "客服" if role == "agent" else "客户", text] for role, text in TURNS),
    ):
        book.active.append(row)
    book.save(tmp_path / "calls.xlsx")
    record = one(tmp_path / "calls.xlsx")
    assert said(record) == TURNS
    assert isinstance(record, Record)
    assert record.id == "7"


def test_turns_of_calls_that_interleave_are_put_together_in_their_order(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "mixed.csv",
        "id,turn,speaker,text\na,2,agent,二\nb,1,agent,甲\na,1,customer,一\na,10,agent,十\nb,2,customer,乙\n",
    )
    assert [said(record) for record in read_records([path])] == [
        [("customer", "一"), ("agent", "二"), ("agent", "十")],
        [("agent", "甲"), ("customer", "乙")],
    ]


def test_speakers_nobody_explained_are_asked_for_and_then_known(tmp_path: Path) -> None:
    path = put(tmp_path, "ab.txt", "A：您好\nB：我要投诉")
    refused = one(path)
    assert isinstance(refused, Rejected)
    assert "--map A=agent" in refused.reason
    assert list(preview(path).unknown) == ["A", "B"]
    assert said(one(path, "A=agent,B=customer")) == [("agent", "您好"), ("customer", "我要投诉")]


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = put(tmp_path, "odd.csv", "k,who,words\n1,甲,您好\n1,乙,喂\n")
    refused = one(path)
    assert isinstance(refused, Rejected)
    assert "k、who、words" in refused.reason
    assert said(one(path, "id=k,role=who,text=words", "甲=agent,乙=customer")) == [
        ("agent", "您好"),
        ("customer", "喂"),
    ]


def test_a_preview_shows_the_columns_it_guessed(tmp_path: Path) -> None:
    found = preview(put(tmp_path, "long.csv", LONG))
    assert found.shape == "long"
    assert found.columns == {"id": "流水号", "role": "说话人", "text": "内容"}
    assert len(found.records) == 1


def test_a_mapping_that_makes_no_sense_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(InputError, match="dialogue"):
        parse_map(["whatever=that"])


def test_bad_records_are_told_with_line_and_reason_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = ["{", OURS, '{"id": "b", "turns": []}', '{"id": "c"}', "[]", OURS, OURS.replace("快点", "慢点")]
    found = list(read_records([put(tmp_path, "a.jsonl", "\n".join(lines))]))
    assert [(item.line, isinstance(item, Rejected)) for item in found] == [
        (1, True), (2, False), (3, True), (4, True), (5, True), (7, True),
    ]  # fmt: skip


def test_one_broken_line_does_not_change_how_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(OURS.encode() + b"\n" + OURS.encode()[:-20] + b"\xff\xfe}\n" + OURS.replace('"a"', '"b"').encode())
    good, bad, other = read_records([path])
    assert said(good) == said(other) == TURNS
    assert isinstance(bad, Rejected)
    assert bad.line == 2


def test_several_calls_in_one_text_are_kept_apart(tmp_path: Path) -> None:
    path = put(tmp_path, "day.txt", f"=== 早上 ===\n{PLAIN}\n======\n{PLAIN.replace('快点', '慢点')}\n")
    assert [item.id for item in read_records([path]) if isinstance(item, Record)] == ["早上", "day-2"]


def test_a_word_with_a_colon_inside_a_turn_is_no_speaker(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "客服：您好\n客户：你记一下\n地址：东门\n客服：好的")
    assert said(one(path)) == [("agent", "您好"), ("customer", "你记一下 地址：东门"), ("agent", "好的")]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OURS.encode())))
    assert said(next(iter(read_records(["-"])))) == TURNS


def test_broken_files_are_told_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "1.xlsx").write_bytes(b"no workbook")
    (tmp_path / "2.csv").write_bytes(b"")
    put(tmp_path, "3.jsonl", OURS)
    first, second = read_records([tmp_path])
    assert isinstance(first, Rejected)
    assert first.line == 0
    assert said(second) == TURNS


def test_an_input_that_names_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing"):
        list(read_records([tmp_path / "nothing.jsonl"]))


def test_results_among_the_transcripts_are_no_transcripts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("客服：您好\n客户：喂", "utf-8")
    out = tmp_path / "结果"
    out.mkdir()
    for name in (".lock", "results.jsonl", "rejected.jsonl"):
        (out / name).write_text("", "utf-8")
    assert files_of([tmp_path]) == [tmp_path / "a.txt"]
    assert files_of([f"{tmp_path}/**/*.*"]) == [tmp_path / "a.txt"]
    assert files_of([out / "results.jsonl"]) == [out / "results.jsonl"]  # named on purpose


def test_every_unknown_speaker_of_a_file_is_asked_for_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("甲：您好\n乙：喂\n丙：我来说\n丙：是这样\n", "utf-8")
    assert list(preview(path).unknown) == ["甲", "乙", "丙"]
    assert list(preview(path, InputMap({}, {"甲": "agent"})).unknown) == ["乙", "丙"]


def test_a_column_that_was_guessed_wrongly_can_be_unset(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,说话人,内容,时间\nc,客服,先,2\nc,客户,后,1\n", "utf-8")
    assert preview(path).records[0].transcript.turns[0].text == "后"
    assert preview(path, parse_map(["order=-"])).records[0].transcript.turns[0].text == "先"
