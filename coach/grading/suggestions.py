"""Which sentence to say instead: of the case where it has a fitting one, else the check's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coach.content.moves import MoveId
from coach.content.moves import MoveId as M
from coach.content.rubric import Check
from coach.customer.moment import sentence
from coach.grading.amounts import on_card
from coach.records.call import Exercise

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
    M.FALSE_PROMISE: "honest", M.ARGUE: "calm", M.DENY: "calm", M.INSULT: "calm", M.BRUSH_OFF: "resolve",
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


def wanted(check: Check) -> MoveId | None:
    """The move that the check wants to hear: of a merit its first, of a violation what belongs in its place."""
    moves = of_rule(check)
    if check.applies.to == "harassed":
        return moves[0] if check.kind == "merit" and moves else M.SET_BOUNDARY
    if not moves:
        return None if check.kind == "violation" else M.RESTATE
    return REPAIRS.get(moves[0]) if check.kind == "violation" else moves[0]


def group(check: Check) -> str:
    """Its heading under `next_time`."""
    if check.applies.to == "harassed":
        return "boundary"
    moves = of_rule(check)
    if not moves:
        return "stay" if check.kind == "violation" else "listen"
    return GROUPS.get(moves[0], "listen")


def sentences(check: Check, exercise: Exercise | None) -> Iterator[str]:
    """What could be said, best first: the case's own sentences without any amount that its card doesn't have."""
    move = wanted(check)
    if (
        exercise is not None
        and exercise.persona.harassing
        and check.kind == "violation"
        and M.FALSE_PROMISE not in of_rule(check)
    ):
        # nobody owes a harasser sympathy: what belongs in the place of a fault is a boundary
        move = M.SET_BOUNDARY
    if exercise is not None and move is not None:
        for line in _of_case(move, exercise):
            if on_card(line, exercise.case, exercise.operator):
                yield line
    if check.say_instead:
        yield check.say_instead


def _of_case(move: MoveId, exercise: Exercise) -> Iterable[str]:
    case, coaching = exercise.case, exercise.case.coaching
    layers = {M.ASK_INFO: "info", M.ASK_PROBLEM: "problem", M.ASK_IMPACT: "impact", M.ASK_SOLUTION: "solution"}
    if move in layers:
        return [fact.ask for fact in case.facts if fact.layer == layers[move]]
    if move is M.ASK_OPEN:
        return [fact.ask for fact in case.facts if fact.release.when == "asked_openly"]
    if move in (M.SET_BOUNDARY, M.WARN, M.END_BY_RULE):
        return [sentence(move.value, exercise)]
    return {
        M.EMPATHISE: coaching.empathise,
        M.RESTATE: (coaching.restate,),
        M.EXPLAIN: (coaching.explain,),
        M.NARRATE: (coaching.narrate,),
        M.REFRAME: (coaching.reframe,),
        M.OFFER: tuple(item.say for item in case.resolutions),
        M.DECLINE: tuple(item.say for item in case.resolutions),
        M.COMMIT: tuple(item.answer for item in case.concerns),
        M.CARE: (coaching.close,),
        M.THANK: (coaching.close,),
        M.CHECK_OPEN: (sentence("check_open", exercise),),
        M.APOLOGISE: (sentence("apologise", exercise),),
        M.OWN_FAULT: (sentence("apologise", exercise),),
    }.get(move, ())
