"""情绪动力: (state, appraisal, exercise) -> the customer's next state, act and why. Pure code, no model, no chance.

The same appraisals always give the same states. Order of a step: what the trainee did wrong, what was done for the feeling,
what was done for the matter (which lands only below the persona's heat), what was told and settled, then how the call goes on.
"""

from __future__ import annotations

from coach.content.moves import BOUNDARY, FAULTS, QUESTIONS, RESOLVING
from coach.content.moves import MoveId as M
from coach.content.persona import Act
from coach.customer import effects
from coach.customer.acts import Juncture, choose_act
from coach.customer.disclosure import book_told, tellable_fact
from coach.customer.harassment import harassing_step
from coach.customer.ledger import Ledger
from coach.customer.stages import next_stage
from coach.records.call import Appraisal, Exercise, Stage, State, Step

USABLE = (
    frozenset(
        {
            M.EMPATHISE,
            M.OWN_FAULT,
            M.RESTATE,
            M.CLARIFY,
            M.INFORM,
            M.EXPLAIN,
            M.REFRAME,
            M.YARDSTICK,
            M.NARRATE,
            M.BENEFIT,
            M.TAKE_NOTE,
            M.VERIFY,
            M.CHECK_OPEN,
            M.FAREWELL,
            M.CARE,
            M.RAPPORT,
            M.IDENTIFY,
            M.FALSE_PROMISE,
        }
    )
    | QUESTIONS
    | RESOLVING
    | BOUNDARY
)
"""Moves that give the customer something to go on with."""

PLACATING = frozenset({M.APOLOGISE, M.ACKNOWLEDGE, M.THANK, M.GREET})


def opening_state(exercise: Exercise) -> State:
    """The customer's state when the line opens."""
    temper, case = exercise.persona.temper, exercise.case
    heat, patience, _, _ = effects.DIFFICULTY[exercise.difficulty]
    return State(
        heat=min(98, max(5, temper.heat + case.heat + heat)),
        trust=temper.trust,
        patience=min(100, max(20, temper.patience + patience)),
        open_concerns=tuple(concern.id for concern in case.concerns),
    )


def opening_step(exercise: Exercise) -> Step:
    return Step(state=opening_state(exercise), act=Act.OPEN, why="call_opens")


def step(
    state: State, appraisal: Appraisal, exercise: Exercise, *, waited_s: float = 0.0, announced: bool = False
) -> Step:
    """One trainee turn. `waited_s`: seconds since the customer's line; `announced`: the turn before had said what the wait is for."""
    persona = exercise.persona
    ledger = Ledger(state, persona.temper, exercise.difficulty)
    ledger.set("turns", state.turns + 1, "turn")
    ledger.book(effects.Effect(0, 0, -effects.TURN_COSTS_PATIENCE), "time_passes")
    _book_wait(ledger, waited_s, announced)
    if appraisal.out_of_play:
        ledger.book(effects.OUT_OF_PLAY, "out_of_play")
    dodged = _book_dodge(ledger, state, appraisal)
    _book_faults(ledger, appraisal)
    if persona.harassing:
        return harassing_step(ledger, state, appraisal, exercise, dodged=dodged)
    tired = _book_feeling(ledger, state, appraisal)
    landing = ledger.heat < persona.temper.lands_below
    _book_matter(ledger, appraisal, landing)
    tellable = tellable_fact(ledger, state, appraisal, exercise)
    _settle(ledger, state, appraisal, exercise, landing)
    _count(ledger, state, appraisal)
    now = Juncture(ledger, state, appraisal, exercise, tellable=tellable, landing=landing, dodged=dodged, tired=tired)
    act, about, why = choose_act(now)
    if act is Act.RELEASE:
        book_told(ledger, state, about, exercise)
    after = ledger.state()
    ledger.set("stage", Stage.CLOSE if after.outcome else next_stage(after, appraisal), why, logged_as="stage")
    return Step(state=ledger.state(), act=act, about=about, why=why, changes=tuple(ledger.changes))


def _book_wait(ledger: Ledger, waited_s: float, announced: bool) -> None:
    free = effects.WAIT_FREE_ANNOUNCED_S if announced else effects.WAIT_FREE_S
    if waited_s > free:
        cost = min(effects.WAIT_COST_MAX, (waited_s - free) / 10 * effects.WAIT_COST_PER_10_S)
        ledger.book(effects.Effect(cost / 4, 0, -cost), "waited")


def _book_dodge(ledger: Ledger, state: State, appraisal: Appraisal) -> bool:
    """A turn with nothing usable in it. One-word replies never count as answers, and dodging twice costs more."""
    useful = appraisal.kinds & USABLE or appraisal.asked or appraisal.answered or appraisal.offered or appraisal.trap
    placating_only = bool(appraisal.kinds) and appraisal.kinds <= PLACATING
    dodged = M.BRUSH_OFF in appraisal.kinds or not (useful or placating_only)  # apologies wear off by themselves
    ledger.set("dodges", state.dodges + 1 if dodged else 0, "dodged")
    if dodged and not appraisal.kinds & FAULTS:
        ledger.book(effects.DODGE, "dodged", share=1.0 + 0.4 * state.dodges)
    return dodged


def _book_faults(ledger: Ledger, appraisal: Appraisal) -> None:
    seen: set[M] = set()
    for found in appraisal.moves:
        if found.move in effects.FAULT and found.move not in seen:
            seen.add(found.move)
            ledger.book(effects.FAULT[found.move], found.move.value, found.quote)


def _book_feeling(ledger: Ledger, state: State, appraisal: Appraisal) -> bool:
    """Books what was done for the feeling; says whether the customer is tired of apologies."""
    seen: set[M] = set()
    for found in appraisal.moves:
        if found.move in effects.FEELING and found.move not in seen:
            seen.add(found.move)
            share = effects.WEAR[min(state.counts.get(found.move, 0), len(effects.WEAR) - 1)]
            ledger.book(effects.FEELING[found.move], found.move.value, found.quote, share=share)
    if seen & {M.EMPATHISE, M.OWN_FAULT} or {M.APOLOGISE, M.RESTATE} <= seen:
        ledger.set("heard", True, "empathise")
    twice = [fact for fact in appraisal.asked if fact in state.released]
    if twice and len(twice) == len(appraisal.asked) and M.RESTATE not in seen:
        ledger.book(effects.ASKED_TWICE, "asked_twice")
    tired = (
        M.APOLOGISE in seen
        and state.counts.get(M.APOLOGISE, 0) >= effects.TIRED_OF_SORRY_AFTER
        and appraisal.kinds <= PLACATING
    )
    if tired:
        ledger.book(effects.TIRED, "tired_of_sorry", appraisal.quote(M.APOLOGISE))
    return tired


def _book_matter(ledger: Ledger, appraisal: Appraisal, landing: bool) -> None:
    table = effects.PLAIN | (effects.LANDED if landing else effects.TOO_EARLY)
    seen: set[M] = set()
    for found in appraisal.moves:
        if found.move in table and found.move not in seen:
            seen.add(found.move)
            ledger.book(table[found.move], found.move.value, found.quote)


def _settle(ledger: Ledger, state: State, appraisal: Appraisal, exercise: Exercise, landing: bool) -> None:
    """Concerns answered, resolutions landed, the trap."""
    if appraisal.trap:
        ledger.book(effects.TRAP, "trap", appraisal.trap)
        ledger.set("trapped", True, "trap", appraisal.trap, logged_as="trapped")
        ledger.set("open_concerns", (), "trap", logged_as="concern")
        return
    if not landing:
        return
    answered = [name for name in state.open_concerns if name in appraisal.answered]
    if answered:
        ledger.set(
            "open_concerns",
            tuple(name for name in state.open_concerns if name not in answered),
            "answered",
            logged_as="concern",
        )
        ledger.book(effects.ANSWERED, "answered", share=min(len(answered), 2))
    landed = tuple(name for name in appraisal.offered if name not in state.landed)
    if landed:
        ledger.set(
            "landed", state.landed + landed, "offer", appraisal.quote(M.OFFER, M.COMMIT, M.CHOICE), logged_as="landed"
        )


def _count(ledger: Ledger, state: State, appraisal: Appraisal) -> None:
    counts = dict(state.counts)
    for move in appraisal.kinds:
        counts[move] = counts.get(move, 0) + 1
    ledger.set("counts", counts, "count")
