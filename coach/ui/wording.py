"""All wording of the page (wording.yaml), and which language a browser gets."""

from __future__ import annotations

from functools import cache
from typing import Literal

from coach.reports.wording import Say, Wording, read_wording

Language = Literal["zh", "en"]


@cache
def page_wording() -> Wording:
    return read_wording("coach.ui")


def words(language: str) -> Say:
    """The page's wording in one language."""
    return page_wording().bound(language)


def language_of(accept_language: str) -> Language:
    """The first of a browser's languages that the page speaks; Chinese when it names neither."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language.split(",")):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, tag))
        except ValueError:
            continue
    for _, _, tag in sorted(wanted):
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"
