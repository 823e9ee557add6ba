"""What a report shows, ready to print: one language, no ids to look up, nothing left to compute."""

from __future__ import annotations

from typing import Literal

from coach.records.call import Record

Tone = Literal["good", "bad", "quiet", "open"]
"""good: earned; bad: cost something; quiet: says nothing about this call; open: could not be judged."""


class Quote(Record):
    """Words of the trainee. `number`: the line of the call, counted from 1 as people count."""

    number: int
    text: str


class MoodPoint(Record):
    """The customer's state after one of the customer's lines."""

    number: int
    heat: int
    trust: int
    patience: int
    why: str


class Segment(Record):
    text: str
    mark: Literal["", "good", "bad"] = ""
    tip: str = ""
    """Which checks quoted these words."""


class Picture(Record):
    """A picture and the table that says the same. `wide` and `narrow` are inline SVGs, trusted; empty: only the table."""

    id: str
    title: str
    note: str
    says: str
    """What it shows, in a sentence."""
    wide: str
    narrow: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class SpokenLine(Record):
    number: int
    who: str
    trainee: bool
    segments: tuple[Segment, ...]


class CheckRow(Record):
    ask: str
    answer: str
    tone: Tone
    quotes: tuple[Quote, ...] = ()
    note: str = ""


class CriterionBlock(Record):
    name: str
    checks: tuple[CheckRow, ...]

    @property
    def quiet(self) -> bool:
        """Nothing in it says anything about this call."""
        return all(check.tone == "quiet" for check in self.checks)


class RubricBlock(Record):
    name: str
    summary: str
    version: int
    score: int | None
    passed: bool | None
    arithmetic: str
    """How the score came about, or why there is none."""
    band: str
    mark: int
    """The pass mark."""
    pass_mark: str
    criteria: tuple[CriterionBlock, ...]
    checks: int


class RedLine(Record):
    ask: str
    effect: str
    quotes: tuple[Quote, ...]


class FeedbackItem(Record):
    number: int
    turn: str
    quote: str
    effect: str
    say: str
    after: str = ""
    """The customer's line before it."""
    add: bool = False
    """The sentence belongs beside the words quoted, not in their place."""


class CorrectedVerdict(Record):
    """One verdict that a trainer changed. The scores are the rubric's, before and with all corrections up to this one."""

    rubric: str
    check: str
    ask: str
    before: str
    after: str
    score: str
    score_before: int | None
    score_after: int | None
    author: str
    reason: str
    by: str


class Corrections(Record):
    """What trainers changed afterwards; both overall scores are kept."""

    score_before: int | None
    score_after: int | None
    total: str
    items: tuple[CorrectedVerdict, ...]


class Summary(Record):
    """Everything a report of one call shows."""

    language: Literal["zh", "en"]
    persona: str
    case: str
    meta: tuple[str, ...]
    """Mode, difficulty, length, number of turns, date."""
    good_end: bool
    ending: str
    """How the call ended, in a sentence."""
    trapped: bool
    score: int | None
    passed: bool | None
    verdict: str
    """Passed or not, in a word or two."""
    score_note: str
    """The band, the cap, or why there is no score."""
    red_lines: tuple[RedLine, ...]
    corrections: Corrections | None
    keep: tuple[FeedbackItem, ...]
    change: tuple[FeedbackItem, ...]
    next_time: str
    moods: tuple[MoodPoint, ...]
    curve: str
    """An inline SVG; trusted, made by curve.py."""
    curve_narrow: str
    """The same for a phone."""
    peak: str
    end: str
    pictures: tuple[Picture, ...]
    rubrics: tuple[RubricBlock, ...]
    lines: tuple[SpokenLine, ...]
    foot: tuple[tuple[str, str], ...]
    offline: bool
    source_note: str
