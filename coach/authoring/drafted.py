"""What comes out when something else is made into a content file: the text, and what a trainer has to know about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from coach.content.mistakes import Said


@dataclass(frozen=True)
class Drafted:
    """A draft. Nothing of it is published: it becomes content when a trainer saves it."""

    kind: Literal["persona", "case", "rubric"]
    name: str
    """The id it proposes for itself."""
    text: str
    """The YAML, with comments where somebody should look."""
    took: tuple[Said, ...] = ()
    """What was taken over, and where it went."""
    left: tuple[Said, ...] = ()
    """What was not taken over, and why."""
    todo: tuple[Said, ...] = ()
    """What a trainer still has to write or to look at."""
    remarks: tuple[Said, ...] = field(default=())
    """What was odd on the way."""
