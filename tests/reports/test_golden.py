"""Whole reports, kept as text: what changes in them is seen line by line. After a change that is meant: `make golden`, then read the diff."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from builders import ROOT

from coach.content.library import Library
from coach.grading.grader import Grader
from coach.models.scripted import Asked, ScriptedModel
from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.model import FeedbackItem, Summary
from coach.reports.summary import summarise
from coach.settings import Settings
from coach.trial.play import play
from coach.understanding.embedded import EmbeddedAppraiser
from coach.wiring import build_offline

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("UPDATE_GOLDEN") == "1"
PAIR = ("furious_complainer", "broadband_no_show")
LINES = {
    "medium": (
        "您好，青桥通信8021号为您服务，请问有什么可以帮您？",
        "约了两次都没人来，您着急很正常。我帮您查一下，您稍等。",
        "确实是有两次预约没上门，这个我给您反映一下。",
        "我给您加急，4小时内师傅联系您。",
        "那就这样，感谢来电，再见。",
    ),
    "bad": (
        "喂，什么事？",
        "您冷静一下，您这样我没法跟您说。",
        "规定就是24小时内上门，师傅忙我也没办法。",
        "行行行，我保证今天一定给您修好，再给您免三个月月费行了吧。",
    ),
}


async def spoken(kind: str, language: Literal["zh", "en"] = "zh") -> tuple[Call, Grade]:
    """The call of this kind, with its offline grade."""
    coach = build_offline(Settings.load())
    exercise = coach.exercise(*PAIR)
    if kind == "good":
        trial = await play(coach, exercise, "skilled", 1)
        return trial.call, trial.grade
    call = coach.start(exercise, seed=2, language=language)
    for line in LINES[kind]:
        async for _ in coach.say(call.id, line, waited_s=6):
            pass
        if coach.store.call(call.id).outcome:
            break
    call = coach.hang_up(call.id)
    return call, await coach.grade(call.id)


def judge(asked: Asked) -> dict[str, Any]:
    """Every merit was done in the trainee's second line, no violation happened; the tone could not be told."""
    assert asked.schema is not None
    text = asked.messages[-1].content
    ids = text.rpartition("个检查点：")[2].rstrip("。").split("、")
    system = asked.messages[0].content
    merits = system.rpartition("【加分项】")[2]
    quote = {"turn": 3, "quote": "您着急很正常"}
    items = [
        {
            "check": name,
            "quotes": [quote] if f"● {name}：" in merits else [],
            "reason": "照稿子判的。",
            "answer": "yes" if f"● {name}：" in merits else "no",
        }
        for name in ids
    ]
    return {
        "violations": [item for item in items if not item["quotes"]],
        "merits": [item for item in items if item["quotes"]],
    }


def as_text(r: Summary) -> str:
    """What people read, without dates, lengths and pictures."""
    parts = [f"{r.persona} × {r.case}", f"{r.score} {r.verdict} | {r.ending} {r.score_note}".rstrip()]
    parts += [f"! {line.ask} {line.effect} {[(q.number, q.text) for q in line.quotes]}" for line in r.red_lines]
    for heading, items in (("+", r.keep), ("-", r.change)):
        parts += _items(heading, items)
    parts += [f"> {r.next_time}", "", f"{r.peak} {r.end}"]
    parts += [f"{p.number}: {p.heat} {p.trust} {p.patience} {p.why}" for p in r.moods]
    for picture in r.pictures:
        parts += ["", f"[{picture.title}] {picture.says}", *(" | ".join(row) for row in picture.rows)]
    for rubric in r.rubrics:
        parts += ["", f"[{rubric.name}] {rubric.score} {rubric.arithmetic} {rubric.band}".rstrip()]
        for criterion in rubric.criteria:
            for check in criterion.checks:
                words = "".join(f"「{quote.text}」{quote.number}" for quote in check.quotes)
                note = check.note if check.tone == "open" else ""  # else the rubric's own words
                parts.append(f"{check.answer} {check.ask} {words} {note}".strip())
    parts.append("")
    for line in r.lines:
        marks = {"": "{}", "good": "<{}>", "bad": "~{}~"}
        parts.append(f"{line.number} {line.who} " + "".join(marks[s.mark].format(s.text) for s in line.segments))
    return "\n".join(part.rstrip() for part in (*parts, "", r.source_note)) + "\n"


def _items(heading: str, items: Sequence[FeedbackItem]) -> list[str]:
    return [f"{heading} ({item.after}) 「{item.quote}」{item.number} {item.effect} [{item.say}]" for item in items]


def compare(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text("utf-8") == text, f"{name}: read the difference; when it is meant, run make golden"


@pytest.mark.parametrize(
    ("kind", "language"), [("good", "zh"), ("medium", "zh"), ("bad", "zh"), ("medium", "en"), ("bad", "en")]
)
async def test_the_report_of_a_call_reads_as_it_did(kind: str, language: Literal["zh", "en"]) -> None:
    call, grade = await spoken(kind, language)
    compare(f"{kind}-{language}", as_text(summarise(call, grade, Library.load(ROOT).vocabulary, language)))


async def test_the_report_with_a_scripted_judge_reads_as_it_did() -> None:
    call, _ = await spoken("medium")
    library = Library.load(ROOT)
    model = ScriptedModel(judge, name="scripted-judge")
    grader = Grader(library.vocabulary, EmbeddedAppraiser(), judge=model, lexicon=library.lexicon)
    grade = await grader.grade_call(call)
    compare("judged-zh", as_text(summarise(call, grade, library.vocabulary, "zh")))
