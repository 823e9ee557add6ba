"""A browser window of a test, and the two sizes that are looked at."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHOTS = os.environ.get("COACH_SHOTS", "")
WIDE, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Window:
    """Remembers what was asked for over the network and what went wrong in the page's script."""

    page: Any
    asked: list[str]
    faults: list[str]


Serve = Callable[..., tuple[str, Callable[[], None]]]
"""Starts the page over a practice (fixture `serve`): its address, and a way to stop it."""
Open = Callable[..., Window]
"""Opens a window of a size and language (fixture `window`)."""


def shot(page: Any, name: str) -> None:
    """A picture for whoever wants to look (COACH_SHOTS=folder)."""
    if SHOTS:
        page.wait_for_timeout(400)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def ready(page: Any) -> None:
    """Waits until the trainee may speak. The cursor is put into the box once everything of the answer has been shown:
    what is typed before that may still be wiped by the page clearing the box.
    """
    page.wait_for_function("document.activeElement.matches('#say textarea:not([disabled])')")


def say(page: Any, text: str, answers: int) -> None:
    """Types, presses Enter and waits until the customer has given this many answers and the box is open again."""
    ready(page)
    page.fill("#say textarea", text)
    page.press("#say textarea", "Enter")
    page.wait_for_function(f"document.querySelectorAll('#chat [data-testid=bot]').length == {answers + 1}")
    ready(page)


def to_report(page: Any) -> None:
    """Hangs up and goes past the work order."""
    page.click("#head [data-do=hang_up]")
    page.click("#order [data-skip=yes]")
