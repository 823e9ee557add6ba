"""Principle (规矩): one rule about a single line of a customer, made from a trainer's remark. Checked before the line is spoken.

After Roleplay-doh (EMNLP 2024): experts' praise, criticism and rewrites become principles that the simulator checks itself by.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from coach.content.text import Id, Strict

Moment = Literal["always", "heated", "talking", "settling"]
"""When a principle is looked at: at every line, while the feeling runs high, while the matter is talked about, or once the customer gives way."""
MOMENTS: tuple[Moment, ...] = ("always", "heated", "talking", "settling")
RemarkKind = Literal["praise", "criticise", "rewrite"]

TEXT_MAX = 40
Example = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Day = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


class Origin(Strict):
    """The remark a principle came from. The words of the call stay in the call."""

    kind: RemarkKind
    call: str
    """Id of the call."""
    turn: Annotated[int, Field(ge=0)]
    """Index of the customer's line, counted from 0 over all turns."""
    line: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
    """The first 12 signs of the SHA-256 of that line's text, so that one can tell whether it is still the same."""


class Principle(Strict):
    """规矩: what this customer's lines must do or must not do, decidable on one line and what was said just before it."""

    id: Id
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=TEXT_MAX)]
    """The rule in one sentence, of which a line can be asked: does it keep this, yes or no?"""
    when: Moment = "always"
    good: Example = ""
    """A line that keeps it."""
    bad: Example = ""
    """A line that breaks it."""
    never: tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)], ...] = ()
    """Words that must not stand in the line. With these, code decides alone, also offline."""
    at_most: Annotated[int, Field(ge=2, le=80)] | None = None
    """Longest line in characters. With this, code decides alone, also offline."""
    active: bool = True
    author: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    date: Day = ""
    origin: Origin | None = None

    @property
    def by_code(self) -> bool:
        """Whether code decides it: without a model nothing else can be checked."""
        return bool(self.never) or self.at_most is not None

    def broken_by(self, line: str) -> str:
        """What code finds wrong with the line; empty when nothing is, or when only a model could tell."""
        word = next((word for word in self.never if word in line), "")
        if word:
            return word
        return line if self.at_most is not None and len(line) > self.at_most else ""


def line_hash(line: str) -> str:
    """What `Origin.line` holds for this text."""
    return hashlib.sha256(line.encode("utf-8")).hexdigest()[:12]
