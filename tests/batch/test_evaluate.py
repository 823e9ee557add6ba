"""`coach evaluate`: reading what others wrote, resuming, and saying what can't be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scripted_server import ScriptedServer
from typer.testing import CliRunner

from coach.batch import Options, Record, Rejected, evaluate, read_records
from coach.batch.control import Control
from coach.batch.job import Job, chosen_rubrics
from coach.batch.local import CHUNK
from coach.batch.outputs import Folder
from coach.batch.work import TOGETHER, Worker
from coach.cli.main import build_app
from coach.content.library import Library
from coach.errors import InputError, NotFound, StoreError
from coach.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "grading" / "gold"
ONE = {"id": "a", "turns": [{"role": "customer", "text": "断网了！"}, {"role": "agent", "text": "您着急，我来查。"}]}


def write(path: Path, *records: Any) -> Path:
    path.write_text(
        "".join((one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in records),
        "utf-8",
    )
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def run(inputs: list[Any], out: Path, names: str = "all", **options: Any) -> Any:
    return evaluate(inputs, out, rubrics=[names], offline=True, options=Options(processes=1, **options))


def test_chat_messages_are_read_and_turns_counted_without_system_messages(tmp_path: Path) -> None:
    chat = {
        "id": 7,
        "messages": [
            {"role": "system", "content": "你是客服"},
            {"role": "user", "content": "断网了"},
            {"role": "assistant", "content": [{"type": "text", "text": "我来查"}]},
        ],
    }
    (record,) = read_records([write(tmp_path / "c.jsonl", chat)])
    assert isinstance(record, Record)
    assert record.id == 7
    assert [(turn.role, turn.text) for turn in record.transcript.turns] == [("customer", "断网了"), ("agent", "我来查")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{不完整", "JSON"),
        ("[1, 2]", "JSON 对象"),
        ({"id": "x"}, "turns"),
        ({"id": "x", "turns": []}, "坐席"),
        ({"id": "x", "turns": [{"role": "customer", "text": "喂"}]}, "坐席"),
        ({"id": "x", "turns": [{"role": "robot", "text": "喂"}]}, "role"),
        ({"id": "x", "turns": ["喂"]}, "role"),
        ({"id": "x", "turns": [{"role": "agent"}]}, "text"),
        ({"id": ["x"], "turns": ONE["turns"]}, "id"),
        ({"id": "x", "turns": ONE["turns"], "names": "梁"}, "names"),
        ("[" * 5000, "JSON"),
    ],
)
def test_a_bad_record_is_told_with_its_line_and_the_rest_goes_on(tmp_path: Path, bad: Any, reason: str) -> None:
    path = write(tmp_path / "in.jsonl", ONE, bad, {**ONE, "id": "b"})
    found = list(read_records([path]))
    assert [type(one) for one in found] == [Record, Rejected, Record]
    rejected = found[1]
    assert isinstance(rejected, Rejected)
    assert rejected.line == 2
    assert reason in rejected.reason


def test_bytes_that_are_no_text_spoil_only_their_line(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(ONE).encode() + b"\n\xff\xfe\n" + json.dumps({**ONE, "id": "b"}).encode()
    )
    assert [type(one) for one in read_records([path])] == [Record, Rejected, Record]


def test_half_characters_from_json_escapes_can_be_written_again(tmp_path: Path) -> None:
    odd = '{"id": "s", "turns": [{"role": "agent", "text": "您好\\ud83d，我保证全给您免了"}]}'
    run([write(tmp_path / "in.jsonl", odd)], tmp_path / "out")
    assert rows(tmp_path / "out" / "results.jsonl")[0]["id"] == "s"


def test_an_id_is_written_as_it_was_however_long(tmp_path: Path) -> None:
    long = 123_456_789_012_345_678_901
    run([write(tmp_path / "in.jsonl", {**ONE, "id": long}, {**ONE, "id": "长\u2028"})], tmp_path / "out")
    text = (tmp_path / "out" / "results.jsonl").read_text("utf-8")
    assert {json.loads(line)["id"] for line in text.strip().split("\n")} == {long, "长\u2028"}


def test_folders_patterns_and_json_lists(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep" / "one.jsonl", ONE)
    (tmp_path / "two.json").write_text(json.dumps([{**ONE, "id": "b"}, {**ONE, "id": "c"}]), "utf-8")
    (tmp_path / "notes.txt").write_text("not a transcript", "utf-8")
    ids = [one.id for one in read_records([tmp_path, str(tmp_path / "*.json")]) if isinstance(one, Record)]
    assert ids == ["a", "b", "c"]


def test_an_input_that_names_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有找到"):
        list(read_records([tmp_path / "nowhere.jsonl"]))


def test_the_same_id_with_other_words_is_rejected_and_a_plain_copy_skipped(tmp_path: Path) -> None:
    other = {**ONE, "turns": [{"role": "agent", "text": "别的话"}]}
    found = list(read_records([write(tmp_path / "in.jsonl", ONE, ONE, other)]))
    assert [type(one) for one in found] == [Record, Rejected]


def test_a_result_line_holds_all_that_was_promised(tmp_path: Path) -> None:
    summary = run([GOLD / "fault.jsonl"], tmp_path)
    assert (summary.graded, summary.rejected, summary.skipped) == (3, 0, 0)
    bad, good, _ = rows(tmp_path / "results.jsonl")
    assert [bad["id"], good["id"]] == ["fault-bad", "fault-good"]
    assert set(good) >= {"id", "score", "passed", "rubrics", "violations", "gates", "facts", "provenance", "usage"}
    assert set(good["rubrics"]) == set(Library.load(ROOT).rubrics)
    one = good["rubrics"]["empathy"]["checks"][0]
    assert set(one) >= {"check", "answer", "cause", "evidence", "reason"}
    assert good["score"] > bad["score"]
    turns = json.loads((GOLD / "fault.jsonl").read_text("utf-8").splitlines()[2])["turns"]
    assert bad["violations"]
    for found in bad["violations"]:
        assert found["quote"] in turns[found["turn"]]["text"]


def test_running_again_skips_what_is_done_and_goes_on_after_a_limit(tmp_path: Path) -> None:
    assert run([GOLD / "fault.jsonl"], tmp_path, limit=2).graded == 2
    second = run([GOLD / "fault.jsonl"], tmp_path)
    assert (second.graded, second.skipped) == (1, 2)
    third = run([GOLD / "fault.jsonl"], tmp_path)
    assert (third.graded, third.skipped) == (0, 3)
    assert len(rows(tmp_path / "results.jsonl")) == 3


def test_other_rubrics_make_a_new_run_that_says_what_changed_and_the_old_one_is_still_there(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", ONE)
    first = run([path], tmp_path / "out")
    assert (first.fresh, first.changed) == (True, ())
    other = run([path], tmp_path / "out", "empathy")
    assert (other.graded, other.whole) == (1, 1)
    assert "rubrics.questioning" in {name for name, _, _ in other.changed}
    assert list(rows(tmp_path / "out" / "results.jsonl")[0]["rubrics"]) == ["empathy", "red_lines"]
    back = run([path], tmp_path / "out")
    assert (back.graded, back.skipped, back.whole) == (0, 1, 1)
    assert "questioning" in rows(tmp_path / "out" / "results.jsonl")[0]["rubrics"]


def test_a_call_whose_words_changed_is_graded_anew_in_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", ONE)
    run([path], tmp_path / "out")
    write(path, {**ONE, "turns": [*ONE["turns"], {"role": "agent", "text": "好了"}]})
    again = run([path], tmp_path / "out")
    assert (again.graded, again.whole) == (1, 1)
    assert rows(tmp_path / "out" / "results.jsonl")[0]["facts"]["agent_turns"] == 2


def test_a_damaged_results_file_is_written_again_from_the_store(tmp_path: Path) -> None:
    run([GOLD / "fault.jsonl"], tmp_path)
    results = tmp_path / "results.jsonl"
    whole = results.read_bytes()
    results.write_bytes(whole[:-40])
    again = run([GOLD / "fault.jsonl"], tmp_path)
    assert (again.graded, again.skipped) == (0, 3)
    assert results.read_bytes() == whole


def test_the_order_of_the_input_changes_nothing(tmp_path: Path) -> None:
    lines = (GOLD / "fault.jsonl").read_text("utf-8").splitlines()
    for name, ordered in (("one", lines), ("two", lines[::-1])):
        (tmp_path / name).mkdir()
        run([write(tmp_path / name / "in.jsonl", *ordered)], tmp_path / name)
    one, two = (
        [{**row, "provenance": 0} for row in rows(tmp_path / name / "results.jsonl")] for name in ("one", "two")
    )
    assert one == two


def test_records_finished_together_are_finished_as_each_alone() -> None:
    job = Job.of(Settings(content=ROOT), ["all"], offline=True)
    calls = [item for item in read_records([GOLD]) if isinstance(item, Record)]
    worker = Worker(job)
    assert len(calls) > TOGETHER
    together = worker.finish([(record, {}) for record in calls])
    assert together == [worker.finish([(record, {})])[0] for record in calls]


def test_processes_give_the_same_results_as_one(tmp_path: Path) -> None:
    many = write(tmp_path / "in.jsonl", *({**ONE, "id": f"c{number}"} for number in range(300)))
    one = evaluate([many], tmp_path / "one", rubrics=["empathy"], offline=True, options=Options(processes=1))
    two = evaluate([many], tmp_path / "two", rubrics=["empathy"], offline=True, options=Options(processes=2))
    assert one.graded == two.graded == 300
    assert (tmp_path / "one" / "results.jsonl").read_bytes() == (tmp_path / "two" / "results.jsonl").read_bytes()


@pytest.mark.parametrize("processes", [1, 2])
def test_a_stop_begins_no_further_records(tmp_path: Path, processes: int) -> None:
    """Not even those that were read already to see whether processes pay."""
    many = write(tmp_path / "many.jsonl", *({**ONE, "id": f"c{n:03}"} for n in range(400)))
    control = Control(lambda progress: control.cancel() if progress.graded else None)
    done = evaluate(
        [many],
        tmp_path / "out",
        rubrics=["empathy"],
        offline=True,
        options=Options(processes=processes),
        control=control,
    )
    assert done.stopped
    assert done.graded == len(rows(tmp_path / "out" / "results.jsonl")) == CHUNK
    again = evaluate([many], tmp_path / "out", rubrics=["empathy"], offline=True, options=Options(processes=1, limit=1))
    assert (again.skipped, again.graded) == (CHUNK, 1)


def test_two_batches_cannot_write_to_one_folder(tmp_path: Path) -> None:
    with closing(Folder(tmp_path)), pytest.raises(StoreError, match="--out"):
        run([GOLD / "fault.jsonl"], tmp_path)


def test_a_dry_run_shows_the_plan_and_sends_and_writes_nothing(
    tmp_path: Path, online: Callable[..., Settings], model_server: ScriptedServer
) -> None:
    online(COACH_MODEL="gpt-4.1-mini")
    out = tmp_path / "out"
    command = [
        "evaluate",
        str(GOLD / "fault.jsonl"),
        "--rubric",
        "empathy",
        "--out",
        str(out),
        "--dry-run",
        "--votes",
        "3",
    ]
    result = CliRunner().invoke(build_app(), command)
    assert result.exit_code == 0, result.output
    assert "records: 3" in result.stdout
    assert "calls: 9" in result.stdout  # 3 votes each; the red lines go along
    assert "USD" in result.stdout
    assert not model_server.requests
    assert not out.exists()


def test_red_lines_judge_every_call_and_unknown_rubrics_are_named() -> None:
    library = Library.load(ROOT)
    assert [one.id for one in chosen_rubrics(library, ["empathy"])] == ["empathy", "red_lines"]
    with pytest.raises(NotFound, match="empathy"):
        chosen_rubrics(library, ["empaty"])


def test_the_command_says_that_it_is_offline_and_what_it_did(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", ONE, "{", {**ONE, "id": "b"})
    result = CliRunner().invoke(build_app(), ["evaluate", str(path), "--rubric", "all", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "离线" in result.stderr
    assert "graded 2" in result.stdout
    assert [row["line"] for row in rows(tmp_path / "out" / "rejected.jsonl")] == [2]


def test_the_command_fails_when_nothing_could_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", "{")
    assert CliRunner().invoke(build_app(), ["evaluate", str(path), "--out", str(tmp_path / "out")]).exit_code == 1


def test_grade_prints_a_transcripts_grade_as_text_and_json(tmp_path: Path) -> None:
    text = CliRunner().invoke(build_app(), ["grade", str(GOLD / "fault.jsonl"), "--offline"])
    assert text.exit_code == 0, text.output
    assert "值得学习" in text.stdout
    assert "需要改进" in text.stdout
    found = CliRunner().invoke(build_app(), ["grade", str(write(tmp_path / "in.jsonl", ONE)), "--json"])
    assert json.loads(found.stdout)["call"] == "a"


def test_with_a_model_the_judge_decides_and_its_usage_is_kept(
    tmp_path: Path, online: Callable[..., Settings], model_server: ScriptedServer
) -> None:
    online()
    model_server.answer_with(lambda request: {"violations": [], "merits": []})
    path = write(tmp_path / "in.jsonl", ONE, {**ONE, "id": "b"})
    result = CliRunner().invoke(
        build_app(), ["evaluate", str(path), "--rubric", "empathy", "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 0, result.output
    first = rows(tmp_path / "out" / "results.jsonl")[0]
    assert first["score"] is None
    assert {one["cause"] for one in first["rubrics"]["empathy"]["checks"]} == {"no_answer"}
    assert first["usage"]["calls"] == 2
    assert first["provenance"]["model"] == "scripted-model"
    assert "sk-secret" not in (tmp_path / "out" / "results.jsonl").read_text("utf-8")
