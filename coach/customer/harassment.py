"""Harassing callers (B9, B10): no offer satisfies them. A proper boundary is a win, pleading feeds it.

The rule of the house: name the behaviour, warn, end by the rule, record. Each step counts once a turn.
"""

from __future__ import annotations

from coach.content.moves import MoveId as M
from coach.content.persona import Act
from coach.customer import effects
from coach.customer.disclosure import book_told, tellable_fact
from coach.customer.ledger import Ledger
from coach.records.call import Appraisal, Exercise, Outcome, Stage, State, Step

PLEADING = frozenset({M.APOLOGISE, M.RAPPORT, M.PRAISE, M.EMPATHISE})
WARNED = 2
BORED_AFTER = 12
"""Trainee turns after which a caller who met no boundary has had enough and hangs up."""


def harassing_step(ledger: Ledger, state: State, appraisal: Appraisal, exercise: Exercise, *, dodged: bool) -> Step:
    act, about, why = _next(ledger, state, appraisal, exercise, dodged)
    counts = dict(state.counts)
    for move in appraisal.kinds:
        counts[move] = counts.get(move, 0) + 1
    ledger.set("counts", counts, "count")
    stage = Stage.CLOSE if ledger.get("outcome") else Stage.ACT if ledger.get("boundary") else Stage.UNDERSTAND
    ledger.set("stage", stage, why, logged_as="stage")
    return Step(state=ledger.state(), act=act, about=about, why=why, changes=tuple(ledger.changes))


def _next(ledger: Ledger, state: State, appraisal: Appraisal, exercise: Exercise, dodged: bool) -> tuple[Act, str, str]:
    kinds = appraisal.kinds
    if appraisal.trap:
        ledger.book(effects.TRAP, "trap", appraisal.trap)
        ledger.set("trapped", True, "trap", appraisal.trap, logged_as="trapped")
        ledger.set("outcome", Outcome.SATISFIED, "trap", appraisal.trap, logged_as="outcome")
        return Act.ACCEPT, "", "trap"
    if M.END_BY_RULE in kinds:
        return _end(ledger, state, appraisal)
    if M.INSULT in kinds and (state.counts.get(M.INSULT, 0) >= 1 or ledger.heat >= 95):
        ledger.set("outcome", Outcome.COMPLAINT, "insult", appraisal.quote(M.INSULT), logged_as="outcome")
        return Act.LEAVE_COMPLAINT, "", "insult"
    if kinds & {M.SET_BOUNDARY, M.WARN}:
        return _boundary(ledger, state, appraisal)
    if state.turns + 1 >= BORED_AFTER or ledger.patience <= 0:
        ledger.set("outcome", Outcome.HUNG_UP, "no_boundary", logged_as="outcome")
        return Act.LEAVE_HANG_UP, "", "no_boundary"
    if kinds & PLEADING:
        ledger.book(effects.FED, "pleaded", appraisal.quote(*PLEADING))
        return Act.HARASS, "", "pleaded"
    if appraisal.out_of_play:
        return Act.OUT_OF_PLACE, "", "out_of_play"
    fact = tellable_fact(ledger, state, appraisal, exercise)
    if fact:
        book_told(ledger, state, fact, exercise)
        return Act.RELEASE, fact, "asked"
    return _carry_on(ledger, state, exercise, "dodged" if dodged else "no_boundary")


def _end(ledger: Ledger, state: State, appraisal: Appraisal) -> tuple[Act, str, str]:
    quote = appraisal.quote(M.END_BY_RULE)
    proper = state.boundary >= WARNED or (state.boundary == WARNED - 1 and M.WARN in appraisal.kinds)
    if proper and M.INSULT not in appraisal.kinds:
        ledger.set("outcome", Outcome.ENDED_BY_RULE, "end_by_rule", quote, logged_as="outcome")
        return Act.BACK_DOWN, "", "end_by_rule"
    ledger.set("outcome", Outcome.TRAINEE_ENDED, "ended_without_warning", quote, logged_as="outcome")
    return Act.STUNG, "", "ended_without_warning"


def _boundary(ledger: Ledger, state: State, appraisal: Appraisal) -> tuple[Act, str, str]:
    """One step up a turn. A warning without a named behaviour before it counts as naming it."""
    level = min(state.boundary + 1, WARNED)
    quote = appraisal.quote(M.WARN, M.SET_BOUNDARY)
    if level == WARNED and M.WARN not in appraisal.kinds:
        level = state.boundary  # naming it again is no warning yet
    trigger = "warn" if level == WARNED else "set_boundary"
    ledger.set("boundary", level, trigger, quote, logged_as="boundary")
    share = 0.3 if appraisal.kinds & {M.APOLOGISE} else 1.0  # a boundary wrapped in apologies is half a boundary
    ledger.book(effects.Effect(-8, 4, 0), trigger, quote, share=share)
    return Act.TEST_BOUNDARY, "", trigger


def _carry_on(ledger: Ledger, state: State, exercise: Exercise, why: str) -> tuple[Act, str, str]:
    fresh = [tactic for tactic in exercise.persona.tactics if tactic.id not in state.used_tactics]
    if fresh and state.turns % 2:
        ledger.set("used_tactics", (*state.used_tactics, fresh[0].id), why)
        return Act.TACTIC, fresh[0].id, why
    return Act.HARASS, "", why
