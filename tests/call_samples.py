"""Small hand-made calls and grades for the tests of reports and page: one that went well, one that went badly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from coach.content.case import Case
from coach.content.moves import Move, MoveId, Vocabulary
from coach.content.operator import Operator
from coach.content.persona import Act, Persona
from coach.content.rubric import Rubric
from coach.content.text import Bilingual
from coach.records.call import (
    Appraisal,
    Call,
    Change,
    Exercise,
    FoundMove,
    Outcome,
    Provenance,
    Speaker,
    Stage,
    State,
    Step,
    Turn,
)
from coach.records.grade import Evidence, Feedback, GateHit, Grade, RubricGrade, Verdict, Violation

ROOT = Path(__file__).resolve().parent.parent
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _check(name: str, zh: str, **more: Any) -> dict[str, Any]:
    said = _both(zh, f"check {name}")
    return {
        "id": name,
        "ask": said,
        "teaches": ["C4"],
        "yes_when": said,
        "no_when": said,
        "na_when": said,
        "look_at": said,
        "rule": {"found": {"moves": ["empathise"]}},
    } | more


@cache
def rubrics() -> tuple[Rubric, ...]:
    empathy = {
        "id": "empathy",
        "name": _both("同理心", "Empathy"),
        "summary": _both("先处理心情，再处理事情", "The feeling before the matter"),
        "version": 3,
        "criteria": [
            {
                "id": "feeling",
                "name": _both("心情", "Feeling"),
                "checks": [
                    _check("names_feeling", "说出了客户的感受吗？", weight=2),
                    _check("tone", "语气稳吗？"),
                    _check("argues", "和客户争辩了吗？", kind="violation", penalty=10),
                ],
            }
        ],
    }
    red = {
        "id": "red_lines",
        "name": _both("红线", "Red lines"),
        "summary": _both("碰了就不合格", "Crossing one fails the call"),
        "version": 1,
        "kind": "red_lines",
        "criteria": [
            {
                "id": "lines",
                "name": _both("红线", "Red lines"),
                "checks": [
                    _check(
                        "false_promise",
                        "答应了规定不允许的事",
                        kind="violation",
                        gate={"cap": 59, "fails": True},
                    )
                ],
            }
        ],
    }
    return Rubric.model_validate(empathy), Rubric.model_validate(red)


@cache
def exercise(mode: str = "practice") -> Exercise:
    def read(path: str) -> Any:
        return yaml.safe_load((ROOT / path).read_text("utf-8"))

    return Exercise.model_validate(
        {
            "persona": Persona.model_validate(read("personas/furious_complainer.yaml")),
            "case": Case.model_validate(read("cases/broadband_no_show.yaml")),
            "operator": Operator.model_validate(read("operator.yaml")),
            "rubrics": rubrics(),
            "mode": mode,
        }
    )


@cache
def vocabulary() -> Vocabulary:
    """Every move under a made-up name: tests of pages don't depend on the wording of moves.yaml."""
    return Vocabulary(
        moves=tuple(
            Move(
                id=move,
                name=Bilingual(zh=f"动作{move.value}", en=move.value),
                meaning=Bilingual(zh="意思"),
                teaches=("C4",),
                examples=("例子",),
            )
            for move in MoveId
        )
    )


def customer(index: int, text: str, heat: int, *, trust: int = 30, patience: int = 60, **more: Any) -> Turn:
    state = State(
        heat=heat, trust=trust, patience=patience, stage=more.pop("stage", Stage.CONNECT), **more.pop("of", {})
    )
    step = Step(state=state, act=more.pop("act", Act.VENT), changes=more.pop("changes", ()))
    return Turn(
        index=index,
        speaker=Speaker.CUSTOMER,
        text=text,
        at=START + timedelta(seconds=20 * index),
        step=step,
        voice="authored",
    )


def trainee(index: int, text: str, *moves: tuple[MoveId, str]) -> Turn:
    found = tuple(FoundMove(move=move, quote=quote) for move, quote in moves)
    return Turn(
        index=index,
        speaker=Speaker.TRAINEE,
        text=text,
        at=START + timedelta(seconds=20 * index),
        appraisal=Appraisal(moves=found),
    )


def make_call(turns: tuple[Turn, ...], outcome: Outcome | None, mode: str = "practice", call_id: str = "c1") -> Call:
    ended = turns[-1].at + timedelta(seconds=5) if outcome else None
    return Call(
        id=call_id,
        created=START,
        exercise=exercise(mode),
        seed=1,
        provenance=Provenance(coach_version="0.1.0", content_hash="ab" * 32, offline=True),
        turns=turns,
        ended=ended,
        outcome=outcome,
    )


def good_call() -> Call:
    heard = Change(what="heat", before="78", after="55", trigger="empathise", quote="换谁都得火")
    return make_call(
        (
            customer(0, "喂？到底修不修了啊！", 78, act=Act.OPEN),
            trainee(1, "约了两次都白等，换谁都得火。", (MoveId.EMPATHISE, "换谁都得火")),
            customer(2, "唉，你这么说还像句人话。", 55, trust=45, act=Act.SOFTEN, changes=(heard,)),
            trainee(3, "我现在就给您加急，4小时内师傅打您电话。", (MoveId.OFFER, "我现在就给您加急")),
            customer(4, "行，信你一回。", 22, trust=66, act=Act.ACCEPT, of={"outcome": Outcome.SATISFIED}),
        ),
        Outcome.SATISFIED,
    )


def bad_call() -> Call:
    """The trainee argues, promises what is forbidden, and types markup."""
    return make_call(
        (
            customer(0, "喂？到底修不修了啊！", 78, act=Act.OPEN),
            trainee(1, "<script>alert(1)</script> 您别急，规定就是这样。", (MoveId.ARGUE, "规定就是这样")),
            customer(2, "规定规定，规定就是糊弄我呗？<b>", 92, trust=10, act=Act.STUNG),
            trainee(3, "那我给您免三个月行了吧。", (MoveId.FALSE_PROMISE, "免三个月")),
            customer(4, "行，我现在就投诉去。", 88, trust=8, patience=0, act=Act.LEAVE_COMPLAINT),
        ),
        Outcome.COMPLAINT,
    )


def _verdicts(feeling: Verdict, argues: str = "no") -> tuple[Verdict, ...]:
    tone = Verdict(check="tone", answer="unscored", cause="not_decidable_offline")
    found = (Evidence(turn=1, quote="规定就是这样"),) if argues == "yes" else ()
    return feeling, tone, Verdict(check="argues", answer=argues, evidence=found)  # type: ignore[arg-type]


def good_grade() -> Grade:
    feeling = Verdict(check="names_feeling", answer="yes", evidence=(Evidence(turn=1, quote="换谁都得火"),))
    graded = RubricGrade(
        rubric="empathy",
        version=3,
        score=100,
        band=(67, 100),
        verdicts=_verdicts(feeling),
        earned=2,
        possible=2,
        penalties=0,
        unscored=1,
    )
    keep = Feedback(kind="keep", turn=1, quote="换谁都得火", effect="情绪从 78 降到 55", say="")
    return Grade(
        id="g1",
        call="c1",
        created=START + timedelta(minutes=3),
        offline=True,
        score=100,
        passed=True,
        rubrics=(graded,),
        feedback=(keep,),
        next_time="开口先说对方这几天怎么过的。",
    )


def bad_grade() -> Grade:
    feeling = Verdict(check="names_feeling", answer="no", reason="没有说出感受")
    graded = RubricGrade(
        rubric="empathy",
        version=3,
        score=None,
        band=None,
        verdicts=_verdicts(feeling, "yes"),
        earned=0,
        possible=2,
        penalties=10,
        unscored=1,
    )
    promise = Evidence(turn=3, quote="免三个月", move=MoveId.FALSE_PROMISE)
    change = Feedback(
        kind="change",
        turn=1,
        quote="规定就是这样",
        effect="情绪从 78 升到 92 <i>",
        say="两次约好都没来人，您发火太正常了。",
        check="names_feeling",
        rubric="empathy",
    )
    return Grade(
        id="g2",
        call="c1",
        created=START + timedelta(minutes=3),
        offline=True,
        score=None,
        passed=False,
        rubrics=(graded,),
        gates=(GateHit(rubric="red_lines", check="false_promise", cap=59, fails=True, evidence=(promise,)),),
        violations=(Violation(turn=1, move=MoveId.ARGUE, quote="规定就是这样"),),
        feedback=(change,),
    )
