"""Rubric (评分表): criteria, each decided by yes / no / not-applicable checks.

Arithmetic (a reader can redo it by hand): a rubric's score is 100 x (weight of merit checks answered yes) /
(weight of merit checks answered yes or no), minus the penalty of every violation found, never below 0.
Not-applicable and unscored checks are left out of both sums.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coach.content.moves import MoveId
from coach.content.text import Bilingual, CatalogueRow, Id, Strict

Metric = Literal[
    "longest_turn_chars", "digits_per_turn_max", "closed_run_max", "open_questions", "questions", "layers_reached",
    "agent_turns", "agent_char_share", "apologies",
]
"""Deterministic facts of a transcript (coach/grading/facts.py)."""


class Applies(Strict):
    """When a check says anything about a call; otherwise its answer is not-applicable."""

    to: Literal["always", "upset", "harassed", "question", "problem", "objection", "vip", "outbound"] = "always"
    """upset: a customer line shows strong feeling; harassed: a line abuses, pesters or strays into private matters; question: the
    customer asks something; problem: the customer reports that something is wrong; objection: the customer doubts, refuses, compares."""
    moves: tuple[MoveId, ...] = ()
    """Also asks that the trainee made at least one of these moves."""
    min_turns: Annotated[int, Field(ge=0)] = 0
    """Also asks for at least so many trainee turns."""


class Found(Strict):
    """Yes when the moves are found in the trainee's turns."""

    moves: Annotated[tuple[MoveId, ...], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1)] = 1
    within: Literal["anywhere", "first_turn", "first_two", "last_two"] = "anywhere"
    distinct: bool = False
    """Count different moves instead of occurrences."""


class Order(Strict):
    """Yes when one of `first` comes before (or earlier in the same turn than) every one of `then`; not-applicable without a `then`."""

    first: Annotated[tuple[MoveId, ...], Field(min_length=1)]
    then: Annotated[tuple[MoveId, ...], Field(min_length=1)]


class Reply(Strict):
    """Yes when the trainee's turn straight after such a customer line holds one of the moves (`share` of those turns)."""

    to: Literal["upset", "harassed", "question", "problem", "objection"]
    moves: Annotated[tuple[MoveId, ...], Field(min_length=1)]
    which: Literal["first", "share"] = "first"
    share: Annotated[float, Field(gt=0, le=1)] = 0.5


class Measure(Strict):
    """Yes when a deterministic fact is within bounds."""

    metric: Metric
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _has_a_bound(self) -> Measure:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a measure needs at_least or at_most")
        return self


class Rule(Strict):
    """How code decides a check (offline, and beside the judge): exactly one of found, order, reply, measure."""

    found: Found | None = None
    order: Order | None = None
    reply: Reply | None = None
    measure: Measure | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Rule:
        given = [name for name in ("found", "order", "reply", "measure") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a rule has exactly one of found, order, reply, measure; this one has {', '.join(given) or 'none'}")
        return self


class Gate(Strict):
    """What a violation does to the whole grade, whatever the score."""

    cap: Annotated[int, Field(ge=0, le=100)]
    fails: bool = True


class Check(Strict):
    """检查点: one question with the answers yes, no, not applicable."""

    id: Id
    ask: Bilingual
    kind: Literal["merit", "violation"] = "merit"
    """merit: yes earns its weight; violation: yes costs its penalty."""
    weight: Annotated[int, Field(ge=1, le=10)] = 1
    penalty: Annotated[int, Field(ge=0, le=50)] = 0
    """Points off the rubric's score when a violation is found."""
    gate: Gate | None = None
    teaches: Annotated[tuple[CatalogueRow, ...], Field(min_length=1)]
    yes_when: Bilingual
    no_when: Bilingual
    na_when: Bilingual
    look_at: Bilingual
    """Where in the call to look."""
    good: str = ""
    """A positive example of our own."""
    bad: str = ""
    """A negative example of our own."""
    say_instead: Annotated[str, Field(max_length=120)] = ""
    """For feedback: one sentence a trainee could say, when the case has none of its own."""
    decided_by: Literal["code", "judge", "both"] = "both"
    applies: Applies = Applies()
    rule: Rule

    @model_validator(mode="after")
    def _kind_fits(self) -> Check:
        if self.kind == "merit" and (self.penalty or self.gate):
            raise ValueError("penalty and gate belong to kind: violation")
        if self.kind == "violation" and not (self.penalty or self.gate):
            raise ValueError("a violation needs a penalty or a gate, or it changes nothing")
        if self.kind == "violation" and not (self.rule.found or self.rule.measure or self.rule.reply):
            raise ValueError("a violation's rule is found, reply or measure")
        return self


class Criterion(Strict):
    """评分项."""

    id: Id
    name: Bilingual
    checks: Annotated[tuple[Check, ...], Field(min_length=1)]


class Rubric(Strict):
    """评分表. `red_lines` rubrics have gates only and no score; they judge every call."""

    id: Id
    name: Bilingual
    summary: Bilingual
    version: Annotated[int, Field(ge=1)]
    kind: Literal["score", "red_lines"] = "score"
    pass_mark: Annotated[int, Field(ge=0, le=100)] = 60
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(check for criterion in self.criteria for check in criterion.checks)

    @model_validator(mode="after")
    def _check_ids_are_unique(self) -> Rubric:
        ids = [check.id for check in self.checks] + [criterion.id for criterion in self.criteria]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"the same id twice: {', '.join(twice)}")
        merits = [check for check in self.checks if check.kind == "merit"]
        if self.kind == "score" and not merits:
            raise ValueError("a rubric with a score needs at least one check of kind: merit")
        if self.kind == "red_lines" and (merits or any(check.gate is None for check in self.checks)):
            raise ValueError("kind: red_lines holds only violations with a gate")
        return self
