"""Which sentence to say: of the case where one fits the moment, else the check's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from coach.content.amounts import amounts
from coach.content.card import on_card
from coach.content.case import Fact
from coach.content.moves import FEELING, RESOLVING, MoveId
from coach.content.moves import MoveId as M
from coach.content.rubric import Check
from coach.customer.moment import OWED_AN_APOLOGY, apology, sentence
from coach.grading.due import CLOSING, Moment
from coach.grading.heard import Said
from coach.grading.sequences import longest_chain, missing_step

_TAKES_UP = re.compile(
    r"(嗯|哦|好的?|行|是|对)?[，,]?(我?(都|全)?(明白|听明白|记下|知道|听懂|清楚)了?|这么|这样|原来|难怪|那)"
)

REPAIRS: dict[M, M] = {
    M.IGNORE_FEELING: M.EMPATHISE,
    M.ARGUE: M.EMPATHISE,
    M.BLAME_CUSTOMER: M.OWN_FAULT,
    M.INSULT: M.EMPATHISE,
    M.DENY: M.RESTATE,
    M.ASK_AGAIN: M.RESTATE,
    M.INTERROGATE: M.ASK_OPEN,
    M.COLD_POLICY: M.EXPLAIN,
    M.COMMAND: M.NARRATE,
    M.JARGON_DUMP: M.EXPLAIN,
    M.FALSE_PROMISE: M.OFFER,
    M.FORBIDDEN: M.COMMIT,
    M.BRUSH_OFF: M.COMMIT,
}
"""What belongs in the place of a fault."""

GROUPS: dict[M, str] = {
    M.EMPATHISE: "feeling", M.APOLOGISE: "own", M.OWN_FAULT: "own", M.ACKNOWLEDGE: "listen", M.RESTATE: "restate",
    M.CARE: "close", M.PRAISE: "close", M.RAPPORT: "close", M.THANK: "close", M.FAREWELL: "close", M.CHECK_OPEN: "close",
    M.ASK_OPEN: "ask", M.ASK_CLOSED: "ask", M.ASK_INFO: "ask", M.ASK_PROBLEM: "ask", M.ASK_IMPACT: "impact",
    M.ASK_SOLUTION: "wish", M.CLARIFY: "ask", M.EXPLAIN: "explain", M.REFRAME: "reframe", M.BENEFIT: "reframe",
    M.YARDSTICK: "reframe", M.NARRATE: "narrate", M.OFFER: "resolve", M.COMMIT: "resolve", M.ESCALATE: "resolve",
    M.CHOICE: "choice", M.DECLINE: "resolve", M.SET_BOUNDARY: "boundary", M.WARN: "boundary", M.END_BY_RULE: "boundary",
    M.FALSE_PROMISE: "honest", M.ARGUE: "calm", M.DENY: "calm", M.INSULT: "respect", M.BRUSH_OFF: "resolve",
    M.FORBIDDEN: "resolve", M.BLAME_CUSTOMER: "calm", M.IGNORE_FEELING: "feeling", M.ASK_AGAIN: "listen",
    M.INTERROGATE: "ask", M.COLD_POLICY: "explain", M.COMMAND: "narrate", M.JARGON_DUMP: "explain",
}  # fmt: skip
"""Under which heading of `next_time` a missing or wrong move falls."""


def of_rule(check: Check) -> tuple[MoveId, ...]:
    """The moves that a check is about."""
    rule = check.rule
    if rule.found:
        return rule.found.moves
    if rule.order:
        return rule.order.first
    if rule.sequence:
        return rule.sequence.steps[0]
    if rule.reply:
        return rule.reply.moves
    return ()


def wanted(check: Check, spoken: Sequence[Said] = ()) -> MoveId | None:
    """The move that the check wants to hear: of a merit its first, of steps in order the first that is missing from what was spoken,
    of a violation what belongs in its place."""
    moves = of_rule(check)
    if check.rule.sequence and check.kind == "merit" and spoken:
        moves = missing_step(check.rule.sequence, longest_chain(check.rule.sequence, spoken))
    if check.applies.to == "harassed":
        return moves[0] if check.kind == "merit" and moves else M.SET_BOUNDARY
    if not moves:
        return None if check.kind == "violation" else M.RESTATE
    return REPAIRS.get(moves[0]) if check.kind == "violation" else moves[0]


Proposal = tuple[MoveId | None, str]
"""A move and a sentence that makes it."""


def group(check: Check, proposed: Proposal) -> str:
    """Its heading under `next_time`: of the move that was proposed; of what the check is about where that is its own sentence."""
    if check.applies.to == "harassed":
        return "boundary"
    moves = of_rule(check)
    move, line = proposed
    if check.gate is None and move is not None and line != check.say_instead:
        return GROUPS.get(move, "listen")
    if not moves:
        return "stay" if check.kind == "violation" else "listen"
    return GROUPS.get(moves[0], "listen")


def proposals(check: Check, moment: Moment | None, spoken: Sequence[Said] = ()) -> Iterator[Proposal]:
    """What could be said at this moment, best first. `spoken`: what the trainee said in the whole call.

    A sentence of the case is only proposed when all it mentions was told, and every amount in it stands on the card. Without a
    moment (a transcript that was read in) there is only the check's own sentence.
    """
    move = wanted(check, spoken)
    if moment is None:
        if check.say_instead:
            yield move, check.say_instead
        return
    if moment.harassed and check.kind == "violation" and M.FALSE_PROMISE not in of_rule(check):
        # nobody owes a harasser sympathy: what belongs in the place of a fault is a boundary
        move = M.SET_BOUNDARY
    honest = check.gate is not None or M.FALSE_PROMISE in of_rule(check)
    if (
        check.kind == "violation"
        and moment.hot
        and not honest
        and move is not None
        and move not in FEELING | {M.RESTATE}
    ):
        # while the feeling stands, reasons and ways out are not heard
        yield from ((M.EMPATHISE, line) for line in _sayable(M.EMPATHISE, moment))
    early = moment.hot and not honest and move in RESOLVING
    if move is not None and not early:
        yield from ((move, line) for line in _sayable(move, moment))
    if check.say_instead and (move not in CLOSING or moment.due(move)):
        yield move, check.say_instead


def _sayable(move: MoveId, moment: Moment) -> Iterator[str]:
    exercise = moment.exercise
    for line in _of_case(move, moment):
        if moment.told(line) and on_card(line, exercise.case, exercise.operator):
            yield line


def _of_case(move: MoveId, moment: Moment) -> Iterable[str]:
    case, coaching = moment.exercise.case, moment.exercise.case.coaching
    layers = {M.ASK_INFO: "info", M.ASK_PROBLEM: "problem", M.ASK_IMPACT: "impact", M.ASK_SOLUTION: "solution"}
    untold = [fact for fact in case.facts if fact.id not in moment.state.released and _follows(fact, moment)]
    if move in layers:
        return [fact.ask for fact in untold if fact.layer == layers[move]]
    if move in (M.ASK_OPEN, M.ASK_CLOSED):
        return [fact.ask for fact in untold if (fact.release.when == "asked_openly") is (move is M.ASK_OPEN)]
    if move in (M.SET_BOUNDARY, M.WARN, M.END_BY_RULE):
        return [sentence(move.value, moment.exercise)]
    if move is M.COMMIT:  # who does what by when: only sentences with a time in them
        return [line for line in (*_asked_about(moment), *(item.say for item in case.resolutions)) if amounts(line)]
    if move in (M.OFFER, M.DECLINE):
        return [*_asked_about(moment), *(item.say for item in case.resolutions)]
    if move is M.CHOICE:
        return _choice(moment)
    if move in (M.CARE, M.THANK, M.PRAISE, M.RAPPORT):
        return (coaching.close,) if moment.state.agreed else ()
    return {
        M.EMPATHISE: coaching.empathise,
        M.RESTATE: (coaching.restate,) if len(moment.state.released) >= 2 else (),
        M.EXPLAIN: (coaching.explain,),
        M.NARRATE: (coaching.narrate,),
        M.REFRAME: (coaching.reframe,) if moment.substance else (),
        M.CHECK_OPEN: (sentence("check_open", moment.exercise),) if moment.state.agreed else (),
        M.APOLOGISE: (apology(moment.exercise),),
        M.OWN_FAULT: (apology(moment.exercise),) if case.call_type in OWED_AN_APOLOGY else (),
    }.get(move, ())


def _follows(fact: Fact, moment: Moment) -> bool:
    """A question that begins by taking up an answer needs that answer: the fact before it."""
    place = moment.exercise.case.facts.index(fact)
    return not _TAKES_UP.match(fact.ask) or (
        place > 0 and moment.exercise.case.facts[place - 1].id in moment.state.released
    )


def _asked_about(moment: Moment) -> list[str]:
    """The answer to what the customer asked just now."""
    return [item.answer for item in moment.exercise.case.concerns if item.id == moment.about]


def _choice(moment: Moment) -> list[str]:
    ways = [item.what.zh for item in moment.exercise.case.resolutions[:2]]
    return [] if any("，" in way for way in ways) else [f"眼下有两样能办：一是{ways[0]}，二是{ways[1]}，您看先办哪样？"]
