"""The exercises as cards: who calls, what happened, how hard, what is graded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from coach.content.case import Case
from coach.content.library import Library
from coach.content.persona import Persona

LEVELS = ("easy", "medium", "tough")
CATEGORIES = ("enquiry", "outbound", "complaint", "vip", "harassment")
"""In the order in which a newcomer should meet them."""


@dataclass(frozen=True)
class Card:
    persona: str
    case: str
    category: str
    call_type: str
    outbound: bool
    name: str
    manner: str
    title: str
    happened: str
    level: str
    """easy, medium or tough."""
    judged: tuple[str, ...]
    round: int = 0
    """0 for the first card of this customer, 1 for the second ..."""


def cards(library: Library, language: str) -> list[Card]:
    """One card for each recommended pair: first every customer once, the easier first, then their other matters."""
    found = [_card(library, persona, case, language) for persona, case in library.exercises()]
    found.sort(key=lambda card: (LEVELS.index(card.level), CATEGORIES.index(card.category), card.persona))
    met: Counter[str] = Counter()
    rounds = []
    for card in found:
        rounds.append(replace(card, round=met[card.persona]))
        met[card.persona] += 1
    return sorted(rounds, key=lambda card: card.round)


def _card(library: Library, persona: Persona, case: Case, language: str) -> Card:
    judged = [rubric.name.say(language) for rubric in library.rubrics_for(case) if rubric.kind == "score"]
    return Card(
        persona=persona.id,
        case=case.id,
        category=persona.category,
        call_type=case.call_type,
        outbound=case.direction == "outbound",
        name=persona.name.say(language),
        manner=persona.summary.say(language),
        title=case.name.say(language),
        happened=case.summary.say(language),
        level=level(persona, case),
        judged=tuple(judged),
    )


def level(persona: Persona, case: Case) -> str:
    """How hard a call is, from the temper it starts with: hot, mistrustful, impatient, quick to flare up, slow to calm.

    Harassing callers are never easy: holding a boundary is hard, however calm they are.
    """
    temper = persona.temper
    heat = min(98, max(5, temper.heat + case.heat))
    strain = heat + (100 - temper.trust) * 0.6 + (100 - temper.patience) * 0.9
    strain *= (temper.anger + 1 / max(temper.calming, 0.2)) / 2
    if strain < 125 and not persona.harassing:
        return "easy"
    return "medium" if strain < 165 else "tough"
