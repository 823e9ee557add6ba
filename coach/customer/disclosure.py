"""What may be told: a fact leaves the customer's mouth only when its release conditions hold, and the ledger remembers it."""

from __future__ import annotations

from coach.content.moves import MoveId as M
from coach.customer.ledger import Ledger
from coach.records.call import Appraisal, Exercise, State


def release_fact(ledger: Ledger, state: State, appraisal: Appraisal, exercise: Exercise) -> str:
    """The id of the fact that may be told now, or an empty string. At most one a turn: people tell one thing at a time."""
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
        ledger.set(
            "released",
            (*state.released, fact.id),
            "asked" if rule.when != "volunteered" else "trusts",
            logged_as="released",
        )
        return fact.id
    return ""
