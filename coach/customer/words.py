"""Names and wording of acts and triggers (acts.yaml, triggers.yaml), for the state card, the page and the report."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from coach.content.moves import MoveId, Vocabulary
from coach.content.persona import Act


@cache
def _table(name: str) -> dict[str, dict[str, Any]]:
    return yaml.safe_load(files("coach.customer").joinpath(name).read_text("utf-8"))  # type: ignore[no-any-return]


def act_name(act: Act, language: str) -> str:
    return str(_table("acts.yaml")[act.value]["en" if language == "en" else "zh"])


def act_direction(act: Act) -> str:
    """The stage direction that the voice gets (Chinese)."""
    return str(_table("acts.yaml")[act.value]["direction"])


def shared_lines(act: Act) -> list[str]:
    """Lines that fit every customer, for acts of which a persona has none of its own (left)."""
    return list(_table("acts.yaml")[act.value].get("lines", []))


def trigger_name(trigger: str, language: str, vocabulary: Vocabulary) -> str:
    """Wording of a trigger: of triggers.yaml, or the move's own name."""
    found = _table("triggers.yaml").get(trigger)
    if found is not None:
        return str(found["en" if language == "en" else "zh"])
    return vocabulary.name(MoveId(trigger), language)
