"""The knowledge card as text: what a sentence that we tell a trainee to say may name."""

from __future__ import annotations

from coach.content.amounts import amounts, found
from coach.content.case import Case
from coach.content.operator import Operator

LONGEST = 60
"""Characters of a sentence that can still be said in one breath, and read at a glance."""


def card_text(case: Case, operator: Operator) -> str:
    """All that the trainee can look up, and what the customer can tell."""
    rules = [f"{rule.topic.zh}。{rule.text.zh}" for rule in operator.rules if rule.id in case.knowledge.rules]
    entries = [entry.value.zh for entry in case.knowledge.customer]
    record = [item.zh for item in case.knowledge.record]
    told = [fact.what + "".join(fact.say) for fact in case.facts]
    return "\n".join([*rules, *entries, *record, *told, case.request.zh, *case.openings])


def off_card(sentence: str, case: Case, operator: Operator) -> list[str]:
    """The amounts, dates and shares of the sentence that stand nowhere on the card, in its own words."""
    said = found(sentence)
    known = amounts(card_text(case, operator)) if said else set()
    return [words for amount, words in said if amount not in known]


def on_card(sentence: str, case: Case, operator: Operator) -> bool:
    """Whether every amount of the sentence stands on the card."""
    return not off_card(sentence, case, operator)
