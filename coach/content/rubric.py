"""Rubric (评分表): criteria, each decided by yes / no / not-applicable checks.

Arithmetic (a reader can redo it by hand): a rubric's score is 100 x (weight of merit checks answered yes) /
(weight of merit checks answered yes or no), minus the penalty of every violation found, never below 0.
Not-applicable and unscored checks are left out of both sums.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from coach.content.moves import MoveId
from coach.content.text import Bilingual, CatalogueRow, Cues, Id, Refused, Strict

Metric = Literal[
    "longest_turn_chars",
    "digits_per_turn_max",
    "closed_run_max",
    "open_questions",
    "questions",
    "layers_reached",
    "agent_turns",
    "agent_char_share",
    "apologies",
    "unwarned_endings",
    "forbidden",
    "fillers",
    "same_filler_max",
    "bare_waits",
    "repeated_turns",
    "taken_up",
    "plain_you",
    "hard_requests",
    "out_of_play",
]
"""Deterministic facts of a transcript (coach/grading/facts.py).

unwarned_endings: the trainee ended the call without having warned. forbidden: phrases of the lexicon. same_filler_max: uses of the commonest filler of the lexicon.
bare_waits: turns that ask to wait and say neither for what nor how long. repeated_turns: turns that say a sentence of the
trainee's again. taken_up: turns that take up words the customer used first. plain_you: places where 你 is said to the customer.
hard_requests: turns that ask for data or send to a channel with no please, no reason and no help beside it.
out_of_play: turns of a practised call that speak to the program instead of the customer: ask for the prompt, whether this is an
AI, paste code. Always 0 in calls that were read in, where there is no play to leave.
"""

CustomerKind = Literal["upset", "harassed", "question", "problem", "objection", "escalation", "refusal", "buying"]
"""What a customer line can be. upset: strong feeling; harassed: abuses, pesters or strays into private matters; question: asks;
problem: reports that something is wrong; objection: doubts, refuses, compares; escalation: asks for a superior or threatens to
complain; and in calls about a product refusal: a plain no to what is offered; buying: asks how, when or for how much, as people
do who begin to want it."""


class Applies(Strict):
    """When a check says anything about a call; otherwise its answer is not-applicable."""

    to: Literal[
        "always",
        "upset",
        "harassed",
        "question",
        "problem",
        "objection",
        "escalation",
        "refusal",
        "buying",
        "vip",
        "outbound",
        "sale",
    ] = "always"
    """A kind of customer line that must have occurred; or what the call is: vip, outbound (we called), sale (about taking,
    keeping or comparing a product)."""
    moves: tuple[MoveId, ...] = ()
    """Also asks that the trainee made at least one of these moves."""
    min_turns: Annotated[int, Field(ge=0)] = 0
    """Also asks for at least so many trainee turns."""


Within = Literal["anywhere", "first_turn", "first_two", "first_four", "last_two", "last_four"]
"""Which of the trainee's turns count."""


class Found(Strict):
    """Yes when the moves are found in the trainee's turns."""

    moves: Annotated[tuple[MoveId, ...], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1)] = 1
    within: Within = "anywhere"
    distinct: bool = False
    """Count different moves instead of occurrences."""


class Order(Strict):
    """Yes when one of `first` comes before (or earlier in the same turn than) every one of `then`.

    Not-applicable without a `then`.
    """

    first: Annotated[tuple[MoveId, ...], Field(min_length=1)]
    then: Annotated[tuple[MoveId, ...], Field(min_length=1)]


class Sequence(Strict):
    """Yes when at least `at_least` of the steps (all, unless said) are found in this order. A step is one of its moves.

    Steps left out don't break the order; a step that comes too early doesn't count. Within the same words any order is right.
    """

    steps: Annotated[tuple[Annotated[tuple[MoveId, ...], Field(min_length=1)], ...], Field(min_length=2)]
    at_least: Annotated[int, Field(ge=2)] | None = None

    @model_validator(mode="after")
    def _can_be_reached(self) -> Sequence:
        if self.at_least is not None and self.at_least > len(self.steps):
            raise Refused(
                (
                    f"at_least: {self.at_least}，只有 {len(self.steps)} 步",
                    f"at_least {self.at_least} of {len(self.steps)}",
                ),
                ("不超过步数", "at most the number of steps"),
            )
        return self

    @property
    def needed(self) -> int:
        return self.at_least or len(self.steps)


class Reply(Strict):
    """Yes when the trainee's turn straight after such a customer line holds one of the moves.

    `which: share` asks that of at least `share` of those turns.
    """

    to: CustomerKind
    moves: Annotated[tuple[MoveId, ...], Field(min_length=1)]
    without: tuple[MoveId, ...] = ()
    """A turn that holds one of these doesn't count."""
    which: Literal["first", "share"] = "first"
    share: Annotated[float, Field(gt=0, le=1)] = 0.5


class Spoken(Strict):
    """Yes when a sentence of the trainee's holds one of the cues. For what is a matter of words, not of moves."""

    cues: Cues
    within: Within = "anywhere"


class Measure(Strict):
    """Yes when a deterministic fact is within bounds."""

    metric: Metric
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _has_a_bound(self) -> Measure:
        if self.at_least is None and self.at_most is None:
            raise Refused(("没有上下限", "no bound"), ("写 at_least 或 at_most", "at_least or at_most"))
        return self


class Rule(Strict):
    """How code decides a check (offline, and beside the judge): exactly one of its kinds."""

    found: Found | None = None
    order: Order | None = None
    sequence: Sequence | None = None
    reply: Reply | None = None
    spoken: Spoken | None = None
    measure: Measure | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Rule:
        kinds = type(self).model_fields
        given = [name for name in kinds if getattr(self, name) is not None]
        if len(given) != 1:
            found = ("、".join(given) or "一种也没写", ", ".join(given) or "none of them")
            allowed = (f"{'、'.join(kinds)} 里恰好一种", f"exactly one of {', '.join(kinds)}")
            raise Refused(found, allowed)
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
            raise Refused(
                ("kind: merit 带着 penalty 或 gate", "kind: merit with a penalty or gate"),
                ("penalty 和 gate 只配 kind: violation", "penalty and gate with kind: violation only"),
            )
        if self.kind == "violation" and not (self.penalty or self.gate):
            raise Refused(
                ("kind: violation，没有 penalty 也没有 gate", "kind: violation with neither penalty nor gate"),
                ("写 penalty（扣几分）或 gate，不然查到了也没有后果", "a penalty or a gate, or it changes nothing"),
            )
        if self.kind == "violation" and (self.rule.order or self.rule.sequence):
            raise Refused(
                ("kind: violation 用了 order 或 sequence", "kind: violation with order or sequence"),
                ("found、reply、spoken 或 measure", "found, reply, spoken or measure"),
            )
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

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """All checks, in their order."""
        return tuple(check for criterion in self.criteria for check in criterion.checks)

    @field_validator("criteria")
    @classmethod
    def _criteria_fit(cls, criteria: tuple[Criterion, ...], info: ValidationInfo) -> tuple[Criterion, ...]:
        seen: set[str] = set()
        for index, criterion in enumerate(criteria):
            for name, at in [
                (criterion.id, (index, "id")),
                *((check.id, (index, "checks", place, "id")) for place, check in enumerate(criterion.checks)),
            ]:
                if name in seen:
                    raise Refused(
                        (f"「{name}」写了两次", f"{name!r} twice"),
                        ("每个评分项、检查点用自己的名字", "a name of its own for each criterion and check"),
                        at,
                    )
                seen.add(name)
        _fit_kind(criteria, info.data.get("kind"))
        return criteria


def _fit_kind(criteria: tuple[Criterion, ...], kind: str | None) -> None:
    """Raises Refused when a score has nothing to earn, or a red line no gate."""
    checks = [
        (check, (index, "checks", place))
        for index, criterion in enumerate(criteria)
        for place, check in enumerate(criterion.checks)
    ]
    if kind == "score" and all(check.kind == "violation" for check, _ in checks):
        raise Refused(
            ("一个 kind: merit 的检查点也没有", "no check of kind: merit"),
            ("至少一个 kind: merit，不然没有分可得", "at least one of kind: merit, or there is nothing to earn"),
        )
    for check, at in checks:
        if kind == "red_lines" and check.gate is None:
            raise Refused(
                (f"检查点 {check.id} 没有 gate", f"check {check.id} without a gate"),
                (
                    "红线表里每个检查点都是 kind: violation 并带 gate",
                    "in kind: red_lines every check is a violation with a gate",
                ),
                at,
            )
