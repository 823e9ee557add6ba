"""The customer's next act: what the state makes them do. Decided by code; the voice only finds the words."""

from __future__ import annotations

from dataclasses import dataclass

from coach.content.moves import QUESTIONS
from coach.content.moves import MoveId as M
from coach.content.persona import Act, Tactic
from coach.customer import effects
from coach.customer.ledger import Ledger
from coach.records.call import Appraisal, Exercise, Outcome, State

Choice = tuple[Act, str, str]
"""Act, id of what it is about, trigger."""

STINGING = (M.INSULT, M.BLAME_CUSTOMER, M.DENY, M.FORBIDDEN, M.COLD_POLICY, M.ARGUE, M.COMMAND, M.WARN)
CLOSING = frozenset({M.FAREWELL, M.CHECK_OPEN, M.THANK})
LEAVING = {
    "supervisor": (Act.LEAVE_SUPERVISOR, Outcome.SUPERVISOR),
    "complaint": (Act.LEAVE_COMPLAINT, Outcome.COMPLAINT),
    "hang_up": (Act.LEAVE_HANG_UP, Outcome.HUNG_UP),
}
CONTENT_TRUST = 45
"""With less trust than this, or more heat than `CONTENT_HEAT`, an agreement is only a reluctant one."""
CONTENT_HEAT = 50
SILENCE_CHARS = 3
"""Up to so many characters a turn is as good as silence."""
TOO_HOT = 98
"""Heat at which nobody stays on the line."""


@dataclass(frozen=True)
class Juncture:
    """All that the choice of an act looks at. `state` is as before the turn, `ledger` as after its effects."""

    ledger: Ledger
    state: State
    appraisal: Appraisal
    exercise: Exercise
    tellable: str
    """Id of a fact that may be told now, or an empty string."""
    landing: bool
    """Heat is below what this customer can hear at."""
    dodged: bool
    tired: bool
    """One apology too many."""


def choose_act(now: Juncture) -> Choice:
    """The first of these that holds decides; the order is the point."""
    return _leave(now) or _agreement(now) or _reaction(now) or _go_on(now)


def _leave(now: Juncture) -> Choice | None:
    ledger, state, appraisal = now.ledger, now.state, now.appraisal
    leaves_by = now.exercise.persona.temper.leaves_by
    if M.END_BY_RULE in appraisal.kinds:
        ledger.set(
            "outcome",
            Outcome.TRAINEE_ENDED,
            "ended_on_proper_customer",
            appraisal.quote(M.END_BY_RULE),
            logged_as="outcome",
        )
        return Act.STUNG, "", "ended_on_proper_customer"
    insults = state.counts.get(M.INSULT, 0) + (M.INSULT in appraisal.kinds)
    worn_out = ledger.patience <= 0 or ledger.heat >= TOO_HOT
    if M.INSULT in appraisal.kinds and (insults >= 2 or state.threatened):
        ledger.set("outcome", Outcome.COMPLAINT, "insult", appraisal.quote(M.INSULT), logged_as="outcome")
        return Act.LEAVE_COMPLAINT, "", "insult"
    if not worn_out:
        return None
    if not state.threatened:
        ledger.set("threatened", True, "patience_gone")
        ledger.patience = max(ledger.patience, 6.0)
        act = Act.DEMAND_SUPERVISOR if leaves_by == "supervisor" else Act.THREATEN
        return act, "", "patience_gone"
    act, outcome = LEAVING[leaves_by]
    ledger.set("outcome", outcome, "patience_gone", logged_as="outcome")
    return act, "", "patience_gone"


def _agreement(now: Juncture) -> Choice | None:
    ledger, state, appraisal = now.ledger, now.state, now.appraisal
    if state.agreed:
        if appraisal.kinds & set(STINGING):
            return None
        if ledger.heat >= 70:
            ledger.set("agreed", False, "agreement_lost", logged_as="agreed")
            return None
        if appraisal.kinds & {M.FAREWELL} or (state.dodges and appraisal.kinds & CLOSING) or _waits_to_leave(state):
            outcome = Outcome.SATISFIED if _content(ledger) else Outcome.RELUCTANT
            ledger.set("outcome", outcome, "closed", appraisal.quote(M.FAREWELL, M.CHECK_OPEN), logged_as="outcome")
            return Act.FAREWELL, "", "closed"
        return (Act.NOTHING_ELSE if M.CHECK_OPEN in appraisal.kinds else Act.NOTED), "", "agreed_already"
    if appraisal.trap:
        ledger.set("agreed", True, "trap", appraisal.trap, logged_as="agreed")
        return Act.ACCEPT, "", "trap"
    landed, concerns = ledger.get("landed"), ledger.get("open_concerns")
    nearly = len(concerns) <= 1 and ledger.trust >= CONTENT_TRUST and (state.turns >= 13 or ledger.patience < 15)
    if landed and (not concerns or nearly):
        ledger.set("agreed", True, "settled", logged_as="agreed")
        content = _content(ledger) and not concerns
        return (Act.ACCEPT if content else Act.ACCEPT_RELUCTANTLY), "", "settled"
    return None


def _content(ledger: Ledger) -> bool:
    return ledger.trust >= CONTENT_TRUST and ledger.heat <= CONTENT_HEAT


def _waits_to_leave(state: State) -> bool:
    """Agreed, and nothing new has been said for two turns: the customer closes the call themself."""
    return state.counts.get(M.CHECK_OPEN, 0) > 0 or state.dodges >= 2


def _reaction(now: Juncture) -> Choice | None:
    """What the trainee's words themselves provoke."""
    appraisal = now.appraisal
    if appraisal.out_of_play:
        return Act.OUT_OF_PLACE, "", "out_of_play"
    stung = next((move for move in STINGING if move in appraisal.kinds), None)
    if stung:
        return _tactic_or(now, "refused", Act.STUNG, stung.value)
    if now.tired:
        return Act.TIRED_OF_SORRY, "", "tired_of_sorry"
    if now.dodged:
        if appraisal.chars <= SILENCE_CHARS and not appraisal.kinds:
            return Act.CALL_OUT, "", "dodged"
        if appraisal.asks_to_wait and not now.state.dodges and appraisal.kinds <= {M.IGNORE_FEELING}:
            return Act.WAIT, "", "dodged"  # granted once, though it costs patience that nobody said what for
        return _tactic_or(now, "stalled", Act.PRESS, "dodged")
    if now.tellable:
        return Act.RELEASE, now.tellable, "asked"
    if appraisal.asked and M.RESTATE not in appraisal.kinds:
        told = [fact for fact in appraisal.asked if fact in now.state.released]
        if told:
            return Act.ALREADY_TOLD, told[0], "asked_twice"
        return (Act.ANSWER, "", "asked_else") if now.landing else (Act.VENT, "", "asked_too_hot")
    if M.VERIFY in appraisal.kinds:
        return Act.IDENTIFY, "", "verify"
    if not now.landing and (appraisal.offered or appraisal.kinds & {M.OFFER, M.COMMIT, M.GUIDE, M.REFRAME, M.BENEFIT}):
        return Act.REJECT_OFFER, "", "too_early"
    return None


def _go_on(now: Juncture) -> Choice:
    ledger, state, appraisal = now.ledger, now.state, now.appraisal
    concerns = ledger.get("open_concerns")
    calmed = state.heat - ledger.heat
    offered_now = bool(concerns) and ledger.get("landed") != state.landed  # the way out is what is talked about next
    if calmed >= 8 and appraisal.kinds & set(effects.FEELING) and not offered_now:
        return (Act.SOFTEN if ledger.heat < now.exercise.persona.temper.lands_below + 8 else Act.VENT), "", "heard"
    if M.DECLINE in appraisal.kinds:
        return _tactic_or(now, "refused", Act.REPEAT_DEMAND, "decline")
    if ledger.get("landed") and concerns:
        return Act.ASK_CONCERN, _next_concern(now, concerns), "still_open"
    if M.RESTATE in appraisal.kinds:
        return Act.CONFIRM, "", "restate"
    if M.NARRATE in appraisal.kinds and not appraisal.kinds & QUESTIONS:
        return Act.WAIT, "", "narrate"
    if appraisal.kinds & QUESTIONS:
        return _answer_else(now, concerns)
    if appraisal.kinds & {M.EXPLAIN, M.REFRAME, M.COMMIT, M.INFORM} and ledger.trust < CONTENT_TRUST:
        return Act.DOUBT, "", "little_trust"
    if not now.landing:
        return _tactic_or(now, "heated", Act.VENT, "still_hot")
    if state.turns == 0:
        return Act.GO_AHEAD, "", "waits_for_way_out"
    settled = len(concerns) < len(state.open_concerns)  # who just got one worry answered comes with the next
    if concerns and (settled or state.turns % 2):
        return Act.ASK_CONCERN, _next_concern(now, concerns), "still_open"
    return _tactic_or(now, "anytime", Act.REPEAT_DEMAND, "waits_for_way_out")


def _answer_else(now: Juncture, concerns: tuple[str, ...]) -> Choice:
    """A question about nothing the case knows: what they want, what worries them, or a plain yes or no."""
    asked = now.appraisal.kinds
    if M.ASK_SOLUTION in asked or (M.ASK_OPEN in asked and not now.state.released):
        return Act.REPEAT_DEMAND, "", "asked_else"  # what is it about? what they called for
    if M.ASK_OPEN in asked and concerns:
        return Act.ASK_CONCERN, _next_concern(now, concerns), "asked_else"
    return Act.ANSWER, "", "asked_else"


def _next_concern(now: Juncture, concerns: tuple[str, ...]) -> str:
    """Open concerns take turns, so that the customer doesn't ask the same thing again and again."""
    last = concerns.index(now.state.last_concern) if now.state.last_concern in concerns else -1
    chosen = concerns[(last + 1) % len(concerns)]
    now.ledger.set("last_concern", chosen, "still_open")
    return chosen


def _tactic_or(now: Juncture, moment: str, act: Act, why: str) -> Choice:
    """A tactic of the persona that fits the moment and was not used yet, on every other occasion; else the plain act."""
    if now.state.turns % 2 == 0:
        return act, "", why
    tactic = _fitting(now.exercise.persona.tactics, moment, now.state)
    if tactic is None:
        return act, "", why
    now.ledger.set("used_tactics", (*now.state.used_tactics, tactic.id), why)
    return Act.TACTIC, tactic.id, why


def _fitting(tactics: tuple[Tactic, ...], moment: str, state: State) -> Tactic | None:
    fresh = [tactic for tactic in tactics if tactic.id not in state.used_tactics]
    return next((tactic for tactic in fresh if tactic.when == moment), None) or next(
        (tactic for tactic in fresh if tactic.when == "anytime"), None
    )
