"""A transcript of a real call -> a case draft. Any form the batch reads; masked before anything else is done with it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path, PurePath
from typing import Any

from coach.authoring.composing import Composed
from coach.authoring.documents import Paragraph, Source, told_names
from coach.authoring.drafted import Drafted
from coach.authoring.drafting import Wanted, draft_name, house, known_ids
from coach.authoring.evidence import Checking, cite
from coach.authoring.shelf import Shelf
from coach.authoring.yaml_text import to_yaml
from coach.batch.reading import ENDINGS, read_records
from coach.batch.records import Rejected
from coach.content.mistakes import Said
from coach.content.moves import FAULTS, QUESTIONS, MoveId
from coach.errors import InputError
from coach.grading.masking import masked_turns
from coach.records.call import Speaker
from coach.records.grade import Transcript
from coach.understanding.embedded import EmbeddedAppraiser
from coach.understanding.feeling import feeling

MOST_FILE = 20 * 2**20
MOST_TURNS = 400
_MOST_FACTS = 8
_TELLS = re.compile(
    r"\d|[一二两三四五六七八九十半几]+(?:天|次|回|个|年|点|块)|前天|昨天|上次|上回|礼拜|星期|上个?月|我(?:家|妈|爸|老婆|老公|孩子|儿子|女儿)"
)


def read_call(raw: bytes, file: str, which: int = 1) -> Source:
    """The masked turns of the file's call number `which` (from 1).

    Raises:
        InputError: no call in it that can be read, or nothing a customer says; with the reader's own sentence.
    """
    ending = PurePath(file).suffix.lower()
    if ending not in ENDINGS:
        known = " ".join(ENDINGS)
        raise InputError(f"读不了 {file}：通话可以给 {known}。", f"{file} can't be read: a call is one of {known}.")
    if len(raw) > MOST_FILE:
        raise InputError(f"{file} 太大，最多 {MOST_FILE // 2**20} MB。", f"{file} is over {MOST_FILE // 2**20} MB.")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"call{ending}"
        place.write_bytes(raw)
        calls: list[Transcript] = []
        rejected: list[Rejected] = []
        for found in read_records([place]):
            if isinstance(found, Rejected):
                rejected.append(found)
            else:
                calls.append(found.transcript)
            if len(calls) >= which:
                break
    if len(calls) < which:
        reason = rejected[0] if rejected else None
        zh = f"：{reason.reason}" if reason else ""
        en = f": {reason.reason_en}" if reason else ""
        raise InputError(
            f"{file} 里没有第 {which} 通能读的电话（读到 {len(calls)} 通）{zh}。",
            f"{file} has no call number {which} that can be read ({len(calls)} were){en}.",
        )
    return _source(calls[which - 1], file, more=len(rejected))


def _source(transcript: Transcript, file: str, more: int) -> Source:
    names = (*transcript.names, *told_names(turn.text for turn in transcript.turns))
    _, texts = masked_turns(transcript.model_copy(update={"names": names}))
    turns = tuple(
        Paragraph(number, text, role=turn.role)
        for number, (turn, text) in enumerate(zip(transcript.turns[:MOST_TURNS], texts, strict=False), 1)
    )
    if not any(one.role == "customer" and one.text.strip() for one in turns):
        raise InputError(f"{file} 里客户一句话也没说，写不成案例。", f"The customer says nothing in {file}.")
    remarks: list[Said] = []
    if len(transcript.turns) > MOST_TURNS:
        remarks.append(Said(f"通话很长，只看了前 {MOST_TURNS} 轮", f"only the first {MOST_TURNS} turns were read"))
    if more:
        remarks.append(Said(f"文件里另有 {more} 通读不了", f"{more} other calls of the file can't be read"))
    return Source(file, turns, tuple(remarks))


def draft_call_offline(source: Source, wanted: Wanted, shelf: Shelf) -> Drafted:
    """What code can find in a call: how it began, what the customer told, asked and felt, and what went wrong first.

    Nothing is put into other words: fields that need understanding are left to the trainer.
    """
    checking = Checking(source, house(shelf), "customer")
    made = Composed(checking)
    name = draft_name(shelf, wanted, source.file)
    known = known_ids(shelf)
    said = [one for one in source.paragraphs if one.role == "customer" and one.text.strip()]
    made.data |= {"id": name, "name": None, "summary": None, "teaches": None, "call_type": None}
    made.note(("name",), "待填：没有接模型，下面只有代码从通话里找得到的，都是客户原话")
    made.owe("personas", f"和哪几位客户搭配：{'、'.join(known['personas'])}", "the personas it is offered with")
    made.owe("rubrics", f"用哪几张评分表：{'、'.join(known['rubrics'])}", "the rubrics that judge it")
    made.owe("request", "为什么打来，一句话", "why they call")
    made.data["openings"] = [checking.words(said[0].text)[:120]]
    made.note(("openings",), f"{cite(said[0])}，客户的第一句话；待填：再写一种说法")
    made.owe("demand", "他张口要什么", "what is demanded", {"what": None, "say": None})
    made.owe("hidden_need", "没说破、其实在意的", "what is really wanted")
    made.owe("bottom_line", "怎样就能接受", "what would be accepted")
    _told_facts(made, said[1:], source)
    _asked(made, said)
    made.owe("resolutions", "规定以内的办法，至少两个", "at least two ways within the rules")
    made.owe(
        "trap", "好听但不能说的那句话", "the forbidden sentence", {"what": None, "say": None, "cues": None, "why": None}
    )
    empty = {"customer": None, "record": None, "rules": None, "must_not": None}
    made.owe(
        "knowledge", f"学员看得到的资料；规定从这里挑：{'、'.join(known['rules'])}", "what trainees may look up", empty
    )
    made.owe("coaching", "这通电话里说得出口的话", "sentences for this call")
    made.note(("id",), *_felt(said), *_went_wrong(source))
    head = [
        "yaml-language-server: $schema=../schemas/case.schema.json",
        f"草稿，还没有发布：没有接模型，由代码从通话《{source.file}》里找出来（姓名和号码已隐去）。",
    ]
    remark = Said(
        "没有接模型：只找出了客户原话、情绪和出错的地方，没有改写",
        "no model is configured: only the customer's own words, the feeling and the first faults were found",
    )
    count = len(made.data["facts"] or ()) + len(made.data["concerns"] or ()) + 1
    took = (Said(f"客户原话 {count} 处", f"{count} sayings of the customer"),)
    text = to_yaml(made.data, made.notes, head=head)
    return Drafted("case", name, text, took, (), tuple(made.todo), (remark, *source.remarks))


def _told_facts(made: Composed, said: list[Paragraph], source: Source) -> None:
    """Turns with figures, or that report something: what the customer knows. The agent's words before them may be the question."""
    appraiser = EmbeddedAppraiser()
    facts: list[dict[str, Any]] = []
    for one in said:
        before = source.paragraphs[one.number - 2] if one.number > 1 else None
        asked = before is not None and before.role == "agent" and _asks(appraiser, before.text)
        question = before.text if before is not None and asked else None
        for sentence in _statements(one.text):
            where = f"；{cite(before)}坐席问过" if before is not None and question else ""
            made.note(("facts", len(facts)), f"{cite(one)}，客户原话{where}")
            facts.append(
                {
                    "id": f"fact_{len(facts) + 1}",
                    "what": None,
                    "say": [made.checking.words(sentence)[:120]],
                    "release": None,
                    "layer": None,
                    "ask": made.checking.words(question, staff=True)[:160] if question else None,
                    "telltale": None,
                }
            )
    del facts[_MOST_FACTS:]
    made.data["facts"] = facts or None
    made.note(("facts",), "待填：留下没人问就不说的，至少三件；写清什么时候肯说（release）、泄底的词（telltale）")
    made.todo.append(
        Said("facts：挑出至少三件，写清什么时候肯说", "facts: choose three or more, and when each is told")
    )


def _statements(text: str) -> list[str]:
    """The sentences that tell something: no questions, and a figure, a time, a place or a trouble in them."""
    sentences = (part.strip() for part in re.findall(r"[^。！？!?]+[。！？!?]*", text))
    return [
        one
        for one in sentences
        if len(one) >= 6
        and one[-1] not in "？?"
        and not one.endswith(("吗", "呢"))
        and (_TELLS.search(one) or feeling(one).problem)
    ]


def _asks(appraiser: EmbeddedAppraiser, text: str) -> bool:
    return any(found.move in QUESTIONS for found in appraiser.appraise(text).moves)


def _asked(made: Composed, said: list[Paragraph]) -> None:
    asked = [one for one in said if feeling(one.text).question and len(one.text) > 4][1:5]
    made.data["concerns"] = [
        {
            "id": f"concern_{place + 1}",
            "what": None,
            "say": [made.checking.words(one.text)[:120]],
            "answered_by": None,
            "answer": None,
        }
        for place, one in enumerate(asked)
    ] or None
    for place, one in enumerate(asked):
        made.note(("concerns", place), f"{cite(one)}，客户问的")
    made.note(("concerns",), "待填：留下不说清就不肯答应的，写清怎样算说清")
    made.todo.append(Said("concerns：留下不说清就不肯答应的", "concerns: keep those that must be settled"))


def _felt(said: list[Paragraph]) -> list[str]:
    hot = [one for one in said if feeling(one.text).strong]
    if not hot:
        return ["情绪：没有听出强烈的情绪"]
    return [f"情绪强的地方：{'、'.join(cite(one) for one in hot[:8])}"]


def _went_wrong(source: Source) -> list[str]:
    """The first fault of the agent's that the embedded appraiser finds."""
    appraiser = EmbeddedAppraiser()
    before: list[tuple[Speaker, str]] = []
    for one in source.paragraphs:
        if one.role == "agent":
            faults = [found for found in appraiser.appraise(one.text, before=before).moves if found.move in FAULTS]
            worst = next((found for found in faults if found.move is not MoveId.IGNORE_FEELING), None)
            if worst is not None:
                return [
                    f"内嵌分类器听到的第一处毛病（{worst.move.value}）：{cite(one)}「{worst.quote}」，请您判断是不是从这里变坏的"
                ]
        before.append((Speaker.TRAINEE if one.role == "agent" else Speaker.CUSTOMER, one.text))
    return ["内嵌分类器没有听出坐席的毛病"]
