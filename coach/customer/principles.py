"""Which of a persona's principles look at a line, what code can say about it, and what the voice is told of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.content.persona import Act, Persona
from coach.content.principle import Moment, Principle
from coach.customer.guards import HOT
from coach.records.call import Step

SETTLING = frozenset(
    {Act.SOFTEN, Act.ACCEPT, Act.ACCEPT_RELUCTANTLY, Act.FAREWELL, Act.NOTED, Act.NOTHING_ELSE, Act.BACK_DOWN}
)
"""Acts in which the customer gives way or closes."""
HEATED_FROM = 60
"""Heat from which any other line counts as heated (the state card says 火气大 from here)."""
WHEN: dict[Moment, str] = {
    "always": "",
    "heated": "有火气时：",
    "talking": "好好说事时：",
    "settling": "松口、收场时：",
}
"""How a principle's moment is told to a model."""


@dataclass(frozen=True)
class Broken:
    """A principle that a line doesn't keep, and the words that show it (empty when something is missing from the line)."""

    principle: Principle
    words: str


def moment_of(step: Step) -> Moment:
    """What kind of moment the line is spoken in."""
    if step.act in SETTLING:
        return "settling"
    return "heated" if step.act in HOT or step.state.heat >= HEATED_FROM else "talking"


def due(persona: Persona, step: Step) -> tuple[Principle, ...]:
    """The active principles that a line of this step must keep."""
    moment = moment_of(step)
    return tuple(item for item in persona.principles if item.active and item.when in ("always", moment))


def broken_by_code(line: str, principles: Iterable[Principle]) -> tuple[Broken, ...]:
    found = [Broken(principle, principle.broken_by(line)) for principle in principles]
    return tuple(item for item in found if item.words)


def keeping(lines: Sequence[str], principles: Sequence[Principle]) -> Sequence[str]:
    """The lines that code finds nothing wrong with; all of them when every one breaks something."""
    return [line for line in lines if not broken_by_code(line, principles)] or lines


def told(persona: Persona) -> list[str]:
    """The active principles as the voice reads them."""
    return [f"{WHEN[item.when]}{item.text}" for item in persona.principles if item.active]
