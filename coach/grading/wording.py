"""Frame sentences of the feedback (wording.yaml), in the language of the report."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def _table() -> dict[str, Any]:
    return dict(yaml.safe_load(files("coach.grading").joinpath("wording.yaml").read_text("utf-8")))


def effect_words(kind: str, nth: int, language: str, **values: object) -> str:
    """The `nth` way of saying this effect (they take turns)."""
    ways = _table()["effect"][kind]
    return str(ways[nth % len(ways)]["en" if language == "en" else "zh"]).format(**values)


def next_time_words(group: str, language: str, **values: object) -> str:
    return str(_table()["next_time"][group]["en" if language == "en" else "zh"]).format(**values)


def scale_words(scale: str, language: str) -> str:
    """What heat, trust, patience are called."""
    return str(_table()["scale"][scale]["en" if language == "en" else "zh"])
