"""Who is looking at the page, and what is for trainers only. No gradio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coach.errors import NotAllowed
from coach.ui.wording import page_wording


@dataclass(frozen=True)
class Viewer:
    """A visitor. Without any user in the table the page is open, on this machine only, and everybody may do everything."""

    name: str = ""
    """The user name; empty where nobody has to log in."""
    role: Literal["trainee", "trainer"] = "trainer"

    @property
    def trains(self) -> bool:
        return self.role == "trainer"


def trainers_only(viewer: Viewer) -> None:
    """The first line of every handler that is for trainers.

    Raises:
        NotAllowed: the visitor is a trainee.
    """
    if not viewer.trains:
        both = page_wording().languages("viewer.trainers_only")
        raise NotAllowed(both["zh"], both["en"])
