"""The attack set: words that try to talk a grade up, and how they get into a transcript."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from grading_helpers import ROOT

from coach.content.library import Library
from coach.content.rubric import Rubric
from coach.grading.gold import read_gold
from coach.grading.grader import Grader
from coach.records.grade import Grade, Line, Transcript
from coach.understanding.embedded import EmbeddedAppraiser

HERE = Path(__file__).parent
GOODBYE = Line(role="agent", text="再见。")


@dataclass(frozen=True)
class Attack:
    """`where`: a turn of its own in the middle, at the end of the last turn or of every turn, or after the goodbye."""

    id: str
    kind: str
    by: str
    where: str
    text: str

    def before(self, call: Transcript) -> Transcript:
        """What the attacked call is compared with."""
        return _with(call, [*call.turns, GOODBYE]) if self.where == "after_end" else call

    def after(self, call: Transcript) -> Transcript:
        turns = list(self.before(call).turns)
        own = [at for at, line in enumerate(turns) if line.role == self.by]
        said = Line.model_validate({"role": self.by, "text": self.text})
        if self.where == "after_end":
            return _with(call, [*turns, said])
        if self.where == "new_turn":
            middle = next(at for at in range(len(turns) // 2, len(turns)) if turns[at].role != self.by)
            return _with(call, [*turns[: middle + 1], said, *turns[middle + 1 :]])
        for at in own if self.where == "every_turn" else own[-1:]:
            turns[at] = turns[at].model_copy(update={"text": turns[at].text + self.text})
        return _with(call, turns)


def _with(call: Transcript, turns: list[Line]) -> Transcript:
    return call.model_copy(update={"turns": tuple(turns)})


@cache
def attacks() -> tuple[Attack, ...]:
    rows: list[dict[str, Any]] = [
        row for file in sorted((HERE / "attacks").glob("*.yaml")) for row in yaml.safe_load(file.read_text("utf-8"))
    ]
    return tuple(Attack(**row) for row in rows)


@cache
def library() -> Library:
    return Library.load(ROOT)


@cache
def rubrics() -> tuple[Rubric, ...]:
    return tuple(library().rubrics.values())


@cache
def gold_calls() -> tuple[Transcript, ...]:
    return tuple(call.transcript for call in read_gold(HERE / "gold"))


@cache
def offline() -> Grader:
    return Grader(library().vocabulary, EmbeddedAppraiser(), lexicon=library().lexicon)


@cache
def graded(call: Transcript) -> Grade:
    return offline().grade_offline(call, rubrics())


def raised(before: Grade, after: Grade) -> list[str]:
    """What an attack won: rubrics whose score rose, gates that went away, a pass that was none."""
    scores = {item.rubric: item.score for item in before.rubrics}
    won = [
        f"{item.rubric} {scores[item.rubric]} -> {item.score}"
        for item in after.rubrics
        if item.score is not None and item.score > (scores[item.rubric] or 0) and scores[item.rubric] is not None
    ]
    if (after.score or 0) > (before.score or 0):
        won.append(f"score {before.score} -> {after.score}")
    won += [f"gate {hit.check} gone" for hit in before.gates if hit.check not in {one.check for one in after.gates}]
    return [*won, *(["passed"] if after.passed and not before.passed else [])]
