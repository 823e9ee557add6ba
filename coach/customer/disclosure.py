"""What may be told: a fact leaves the customer's mouth only when its release conditions hold, and the ledger remembers it."""

from __future__ import annotations

from coach.content.moves import QUESTIONS
from coach.content.moves import MoveId as M
from coach.customer.ledger import Ledger
from coach.records.call import Appraisal, Exercise, State


def tellable_fact(ledger: Ledger, state: State, appraisal: Appraisal, exercise: Exercise) -> str:
    """The id of the fact that may be told now, or an empty string. At most one a turn: people tell one thing at a time."""
    if M.RESTATE in appraisal.kinds and not appraisal.kinds & QUESTIONS:
        return ""  # saying back what is known asks for nothing new
    for fact in exercise.case.facts:
        rule = fact.release
        if fact.id in state.released:
            continue
        if rule.when != "volunteered" and fact.id not in appraisal.asked:
            continue
        if rule.when == "asked_openly" and M.ASK_OPEN not in appraisal.kinds:
            continue
        if rule.when == "volunteered" and not state.heard:
            continue
        if (rule.heat_below is not None and ledger.heat >= rule.heat_below) or (
            rule.trust_above is not None and ledger.trust <= rule.trust_above
        ):
            continue
        return fact.id
    return ""


def book_told(ledger: Ledger, state: State, fact_id: str, exercise: Exercise) -> None:
    """The customer tells it in this very turn: from now on it is released."""
    volunteered = any(fact.id == fact_id and fact.release.when == "volunteered" for fact in exercise.case.facts)
    trigger = "trusts" if volunteered else "asked"
    ledger.set("released", (*state.released, fact_id), trigger, logged_as="released")
