"""What a question is about, by its words (topics.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from coach.content.amounts import number
from coach.content.moves import MoveId


@cache
def _table() -> dict[str, Any]:
    return dict(yaml.safe_load(files("coach.reports.replies").joinpath("topics.yaml").read_text("utf-8")))


def hit(patterns: dict[str, Any], question: str) -> re.Match[str] | None:
    """Where the question holds one of the patterns, in either language: people mix them."""
    found = (re.search(patterns[name], question, re.IGNORECASE) for name in ("zh", "en"))
    return next((match for match in found if match), None)


def topics(question: str) -> Iterator[str]:
    """All topics that the question's words point to, the likeliest first."""
    return (name for name, patterns in _table()["topics"].items() if hit(patterns, question))


def numbered(kind: str, question: str) -> int | None:
    """The number that the question names as its line (`line`), as the trainee's own (`own`), or in points (`points`)."""
    match = hit(_table()["numbers"][kind], question)
    return int(number(next(group for group in match.groups() if group))) if match else None


def ways(question: str) -> tuple[MoveId, ...]:
    """The moves by which one does what the question asks about."""
    found = next((way for way in _table()["ways"] if hit(way, question)), None)
    return tuple(MoveId(name) for name in found["moves"]) if found else ()


def glossary(word: str) -> str:
    """The key of the report's own explanation of a word, or an empty string."""
    return next((str(entry["key"]) for entry in _table()["glossary"] if hit(entry, word)), "")
