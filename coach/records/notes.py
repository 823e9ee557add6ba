"""What is kept around a call: hints given, work order, recovery card; self-rating, learning note, disputes, corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from coach.content.moves import MoveId
from coach.records.call import Record

NoteKind = Literal["hint", "work_order", "recovery", "self_rating", "learning", "dispute", "correction"]


class Hint(Record):
    """A hint that was given in practice mode."""

    turn: int
    """Index of the trainee's turn that was due."""
    move: MoveId
    say: str
    why: str
    """Id of the trigger that made it the move of the moment."""


class WorkOrder(Record):
    """工单 (D5): what the next colleague needs, so that the customer never has to tell it again. Free text in every field."""

    name: str = ""
    """Who called, and how to address them."""
    contact: str = ""
    """Where they can be reached, and when."""
    product: str = ""
    """The service or number it is about."""
    problem: str = ""
    """What is wrong, since when, what was tried."""
    demand: str = ""
    """What the customer wants."""
    earlier: str = ""
    """What was done about it before."""
    promised: str = ""
    """Who does what by when."""


class Recovery(Record):
    """恢复卡 (A1-A7), for the trainee alone."""

    owner: str = ""
    """SHA-256 of a key that only the trainee's own browser has: nobody else's page shows the entry."""
    answers: tuple[int, ...] = ()
    """The short self-test: 0 (not at all) to 3 (very much) for each question; empty when some were left out."""
    event: str = ""
    """ABC, A: what happened."""
    belief: str = ""
    """B: what I told myself about it."""
    consequence: str = ""
    """C: what that did to me."""
    reframed: str = ""
    """The sentence turned round: the opposite result first, the because last (A3)."""


class SelfRating(Record):
    """What the trainee expected before seeing the grade."""

    expected: dict[str, int] = {}
    """By rubric id: the lower end of the expected band (0, 40, 60, 80)."""


class Learning(Record):
    """What the trainee takes along, in their own words."""

    text: str


class Dispute(Record):
    """The trainee disagrees with a verdict."""

    rubric: str
    check: str
    reason: str


class Correction(Record):
    """A trainer's answer in the place of a verdict. Both numbers stay: the grade itself is never changed."""

    grade: str
    """Id of the grade it is about."""
    rubric: str
    check: str
    before: str
    answer: Literal["yes", "no", "na"]
    author: str
    reason: str
    score_before: int | None
    score_after: int | None
    """The rubric's score with this answer and all earlier corrections."""


class Note(Record):
    """One stored entry. Append-only: writing again adds one."""

    id: str
    call: str
    kind: NoteKind
    created: datetime
    hint: Hint | None = None
    work_order: WorkOrder | None = None
    recovery: Recovery | None = None
    self_rating: SelfRating | None = None
    learning: Learning | None = None
    dispute: Dispute | None = None
    correction: Correction | None = None
