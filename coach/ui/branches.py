"""A call that was said again from one sentence on, side by side with the call it branched off."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from coach.records.call import Call, Speaker, State, Turn
from coach.records.grade import Grade


@dataclass(frozen=True)
class Exchange:
    """What the trainee said, what the customer answered, and how the customer felt then."""

    number: int
    """The trainee's line, counted from 1."""
    said: str
    answer: str
    state: State | None
    """None while the answer is missing."""


@dataclass(frozen=True)
class ScoreRow:
    name: str
    before: int | None
    now: int | None

    @property
    def difference(self) -> int | None:
        return None if self.before is None or self.now is None else self.now - self.before


@dataclass(frozen=True)
class Comparison:
    number: int
    """The line that was said again, counted from 1."""
    start: State
    """The customer's state before that line, the same in both."""
    before: Call
    now: Call
    rows: tuple[tuple[Exchange | None, Exchange | None], ...]
    """Exchange by exchange: the first call's, the branch's."""
    scores: tuple[ScoreRow, ...]
    total: ScoreRow
    comparable: bool
    """Whether both were graded in the same way."""


def compare(before: Call, now: Call, grades: tuple[Grade | None, Grade | None], language: str) -> Comparison:
    """The branch `now` beside the call it branched off. `grades` are the newest of each, None where there is none."""
    place = now.branched_at or 0
    start = now.turns[place - 1].step
    assert start is not None  # the turn before a trainee's is a customer's
    old, new = grades
    return Comparison(
        number=place + 1,
        start=start.state,
        before=before,
        now=now,
        rows=tuple(zip_longest(exchanges(before, place), exchanges(now, place))),
        scores=_scores(now, old, new, language),
        total=ScoreRow("", old.score if old else None, new.score if new else None),
        comparable=not (old and new) or (old.offline, old.model) == (new.offline, new.model),
    )


def exchanges(call: Call, place: int) -> list[Exchange]:
    """The call's exchanges from turn `place` on."""
    turns = call.turns[place:]
    found = []
    for index, turn in enumerate(turns):
        if turn.speaker is Speaker.TRAINEE:
            answer: Turn | None = turns[index + 1] if index + 1 < len(turns) else None
            state = answer.step.state if answer and answer.step else None
            found.append(Exchange(turn.index + 1, turn.text, answer.text if answer else "", state))
    return found


def _scores(call: Call, old: Grade | None, new: Grade | None, language: str) -> tuple[ScoreRow, ...]:
    before = {item.rubric: item.score for item in old.rubrics} if old else {}
    now = {item.rubric: item.score for item in new.rubrics} if new else {}
    return tuple(
        ScoreRow(rubric.name.say(language), before.get(rubric.id), now.get(rubric.id))
        for rubric in call.exercise.rubrics
        if rubric.kind == "score"
    )
