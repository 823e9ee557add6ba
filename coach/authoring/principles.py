"""A persona's principles as its file holds them: verified, added, changed, removed; the rest of the file stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coach.content.case import Case
from coach.content.document import Document, Part
from coach.content.mistakes import Mistake
from coach.content.persona import Persona
from coach.content.principle import Principle
from coach.content.principle_lint import findings
from coach.content.reading import validate


def next_id(persona: Persona) -> str:
    """A name for one more principle: rule_1, rule_2 ... above all that are there."""
    numbers = [int(item.id[5:]) for item in persona.principles if item.id.startswith("rule_") and item.id[5:].isdigit()]
    return f"rule_{max(numbers, default=0) + 1}"


def problems_of(
    values: Mapping[str, Any], persona: Persona, cases: Iterable[Case] = ()
) -> tuple[Principle | None, list[Mistake]]:
    """The principle that the fields describe (None while it can't be used) and everything to say about it.

    An error keeps it from being accepted; a warning informs. `cases`: whose facts must not stand in it."""
    document = Document("", dict(values), Part(1))
    principle, wrong = validate(document, Principle)
    if principle is None:
        return None, wrong
    others = [item for item in persona.principles if item.id != principle.id]
    wrong += [
        document.mistake((item.field,), item.found, item.allowed, level=item.level)
        for item in findings(principle, others, cases)
    ]
    return (None if any(item.level == "error" for item in wrong) else principle), wrong
