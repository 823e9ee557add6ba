"""What is remembered of a grading: verdicts with evidence, scores as arithmetic, feedback. A grade is append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from coach.content.moves import MoveId
from coach.records.call import Appraisal, Record, Speaker


class Line(Record):
    """One turn of a transcript to grade. `role` follows the exchange format: agent is the trainee."""

    role: Literal["agent", "customer"]
    text: str
    appraisal: Appraisal | None = None
    """Known already for practised calls; found by the grader for read-in transcripts."""
    heat: int | None = None
    """Customer lines of practised calls: the heat they were said with (0 to 100). Never shown to a judge."""
    harassing: bool | None = None
    """Customer lines of practised calls: whether the act behind them was harassment. Never shown to a judge."""

    @property
    def speaker(self) -> Speaker:
        return Speaker.TRAINEE if self.role == "agent" else Speaker.CUSTOMER


class Transcript(Record):
    id: str
    turns: tuple[Line, ...]
    names: tuple[str, ...] = ()
    """Names to mask besides the patterns (of the case, when there is one)."""
    direction: Literal["inbound", "outbound"] = "inbound"
    vip: bool = False
    ended_by: Literal["", "trainee", "customer"] = ""


class Evidence(Record):
    """Words found letter for letter (after normalising width, punctuation, spaces) in a trainee's turn."""

    turn: int
    """Counted from 0 over all turns."""
    quote: str
    move: MoveId | None = None


class Verdict(Record):
    """判定 of one check. `unscored` is a state with a cause, never a number."""

    check: str
    answer: Literal["yes", "no", "na", "unscored"]
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    """One sentence, in the language of the report."""
    cause: Literal[
        "", "evidence_not_found", "no_answer", "invalid_answer", "model_failed", "not_decidable_offline", "split_votes"
    ] = ""
    decided_by: Literal["code", "judge"] = "code"
    votes: tuple[str, ...] = ()


class RubricGrade(Record):
    rubric: str
    version: int
    score: int | None
    """0 to 100, or None when too little could be decided."""
    band: tuple[int, int] | None
    """The score if every unscored check were answered the worst and the best way."""
    verdicts: tuple[Verdict, ...]
    earned: int
    possible: int
    penalties: int
    unscored: int


class GateHit(Record):
    rubric: str
    check: str
    cap: int
    fails: bool
    evidence: tuple[Evidence, ...]


class Violation(Record):
    turn: int
    move: MoveId
    quote: str


class Usage(Record):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    calls: int = 0


class Feedback(Record):
    """One piece of feedback: what you said, what it did to the customer, what you could say."""

    kind: Literal["keep", "change"]
    """keep: 值得学习; change: 需要改进."""
    turn: int
    quote: str
    effect: str
    say: str
    """One sayable sentence; empty for kind keep."""
    how: Literal["instead", "add"] = "instead"
    """instead: it takes the place of the words quoted; add: these are fine, it was missing beside them."""
    after: str = ""
    """The customer's line that the trainee was answering."""
    move: MoveId | None = None
    """What `say` does."""
    check: str = ""
    rubric: str = ""
    cost: float = 0.0
    """What it cost in this call: the measure by which feedback is chosen."""


class Grade(Record):
    id: str
    call: str
    created: datetime
    offline: bool
    score: int | None
    passed: bool | None
    rubrics: tuple[RubricGrade, ...]
    gates: tuple[GateHit, ...] = ()
    violations: tuple[Violation, ...] = ()
    facts: dict[str, float | int] = {}
    feedback: tuple[Feedback, ...] = ()
    next_time: str = ""
    """如何用到今后的工作: one thing to take along."""
    model: str = ""
    prompts: dict[str, str] = {}
    votes: int = 1
    usage: Usage = Usage()
