"""A browser window of a test, and the two sizes that are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WIDE, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Window:
    """Remembers what was asked for over the network and what went wrong in the page's script."""

    page: Any
    asked: list[str]
    faults: list[str]


def to_report(page: Any) -> None:
    """Hangs up and goes past the work order."""
    page.click("#head [data-do=hang_up]")
    page.click("#order [data-skip=yes]")
