"""What the moment asks for: the move that helps most now, and a sentence that could really be said.

One policy, three uses: the hints in practice mode, the skilled scripted trainee, and the sentence in feedback.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from coach.content.moves import MoveId as M
from coach.records.call import Exercise, Record, State

LAYERS = ("info", "problem", "impact", "solution")
OWED_AN_APOLOGY = frozenset({"complaint", "fault", "billing"})
"""Call types that begin with the house apologising and end with it doing so again (H4 受理致歉, 再次致歉)."""


class Suggestion(Record):
    """The move that the moment asks for and one sayable sentence. `why` is a trigger id (coach/customer/triggers.yaml)."""

    move: M
    say: str
    why: str


@cache
def model_sentences() -> dict[str, list[str]]:
    return yaml.safe_load(files("coach.customer").joinpath("sentences.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def sentence(kind: str, exercise: Exercise, nth: int = 0) -> str:
    """A model sentence of the house, with the operator's name filled in; fitted to the caller's conduct or the call's direction where there is one for it."""
    known = model_sentences()
    fitted = (f"{kind}_{exercise.persona.conduct}", f"{kind}_{exercise.case.direction}", kind)
    options = next(known[name] for name in fitted if name in known)
    return options[nth % len(options)].format(operator=exercise.operator.name.zh, hotline=exercise.operator.hotline)


def apology(exercise: Exercise) -> str:
    """A word of regret: with the blame taken where the house is at fault, for the trouble alone where nobody is."""
    return sentence("apologise" if exercise.case.call_type in OWED_AN_APOLOGY else "receive", exercise)


def best_move(state: State, exercise: Exercise, said: str = "") -> Suggestion:
    """The most helpful next move. `said`: all that the trainee has said so far, so that no sentence is suggested twice."""
    if exercise.persona.harassing:
        return _boundary(state, exercise)
    if state.agreed:
        return _closing(state, exercise)
    return _feeling(state, exercise, said) or _matter(state, exercise, said)


def _boundary(state: State, exercise: Exercise) -> Suggestion:
    """Business first: nobody is a harasser by their first line. Then name it, warn, end by the rule."""
    if state.turns == 0:
        return Suggestion(move=M.ASK_OPEN, say=sentence("take_business", exercise), why="find_out")
    kind = (M.SET_BOUNDARY, M.WARN, M.END_BY_RULE)[min(state.boundary, 2)]
    return Suggestion(move=kind, say=sentence(kind.value, exercise), why="boundary")


def _closing(state: State, exercise: Exercise) -> Suggestion:
    if not state.counts.get(M.CHECK_OPEN):
        again = sentence("apologise_again", exercise) if exercise.case.call_type in OWED_AN_APOLOGY else ""
        say = again + _care(state, exercise) + sentence("check_open", exercise)
        return Suggestion(move=M.CHECK_OPEN, say=say, why="agreed")
    return Suggestion(move=M.FAREWELL, say=sentence("farewell", exercise), why="agreed")


def _care(state: State, exercise: Exercise) -> str:
    """The case's word of care, unless it would mention what the customer never told."""
    close = exercise.case.coaching.close
    untold = (fact for fact in exercise.case.facts if fact.id not in state.released)
    return "" if any(word in close for fact in untold for word in fact.telltale) else close


def _feeling(state: State, exercise: Exercise, said: str) -> Suggestion | None:
    if state.heat < exercise.persona.temper.lands_below and state.heard:
        return None
    coaching = exercise.case.coaching
    for line in coaching.empathise:
        if line not in said and (state.heat >= 40 or not state.heard):
            return Suggestion(move=M.EMPATHISE, say=_apology_due(state, exercise) + line, why="feeling_first")
    if state.heat < exercise.persona.temper.lands_below:
        return None
    for move, line in (
        *((move, line) for move, line, _ in _sayable_restatement(state, exercise)),
        (M.NARRATE, coaching.narrate),
        (M.APOLOGISE, apology(exercise)),
    ):
        if line not in said:
            return Suggestion(move=move, say=line, why="feeling_first")
    return None


def _apology_due(state: State, exercise: Exercise) -> str:
    """H4 step 1: somebody angry about what the house did hears first that it is sorry."""
    angry = state.heat >= exercise.persona.temper.lands_below
    owed = angry and exercise.case.call_type in OWED_AN_APOLOGY and not state.counts.get(M.APOLOGISE)
    return sentence("receive", exercise) if owed else ""


def _matter(state: State, exercise: Exercise, said: str) -> Suggestion:
    """Find out, say back, explain, offer, answer: the first that is still missing."""
    coaching = exercise.case.coaching
    before_offer = (
        *_sayable_restatement(state, exercise),
        (M.NARRATE, coaching.narrate, "narrate_due"),
        (M.EXPLAIN, coaching.explain, "explain_due"),
    )
    missing = next((item for item in before_offer if item[1] not in said), None)
    return (
        _question(state, exercise, said)
        or (Suggestion(move=missing[0], say=missing[1], why=missing[2]) if missing else None)
        or _way_out(state, exercise, said)
        or _again(state, exercise)
    )


def _sayable_restatement(state: State, exercise: Exercise) -> list[tuple[M, str, str]]:
    """The case's restatement, unless it would say back what was never told."""
    restate = exercise.case.coaching.restate
    untold = (fact for fact in exercise.case.facts if fact.id not in state.released)
    return (
        [] if any(word in restate for fact in untold for word in fact.telltale) else [(M.RESTATE, restate, "confirm")]
    )


def _question(state: State, exercise: Exercise, said: str) -> Suggestion | None:
    facts = sorted(exercise.case.facts, key=lambda fact: LAYERS.index(fact.layer))
    for fact in facts:
        if fact.id not in state.released and fact.ask not in said:
            move = M.ASK_OPEN if fact.release.when == "asked_openly" else M(f"ask_{fact.layer}")
            return Suggestion(move=move, say=fact.ask, why="find_out")
    return None


def _way_out(state: State, exercise: Exercise, said: str) -> Suggestion | None:
    case = exercise.case
    still_open = [item for item in case.concerns if item.id in state.open_concerns and item.answer not in said]
    for concern in still_open:  # what was asked just now comes before what one meant to say
        if concern.id == state.last_concern:
            return Suggestion(move=M.COMMIT, say=concern.answer, why="still_open")
    for resolution in case.resolutions:
        if resolution.id not in state.landed and resolution.say not in said:
            return Suggestion(move=M.OFFER, say=resolution.say, why="offer")
    if case.coaching.reframe not in said:
        return Suggestion(move=M.REFRAME, say=case.coaching.reframe, why="reframe_due")
    if still_open:
        return Suggestion(move=M.COMMIT, say=still_open[0].answer, why="still_open")
    return None


def _again(state: State, exercise: Exercise) -> Suggestion:
    """Everything was said once. What did not land then (too early, too hot) is what is still missing now."""
    case = exercise.case
    if not state.landed:
        nth = state.turns % len(case.resolutions)
        return Suggestion(move=M.OFFER, say=case.resolutions[nth].say, why="offer")
    for concern in case.concerns:
        if concern.id in state.open_concerns:
            return Suggestion(move=M.COMMIT, say=concern.answer, why="still_open")
    return Suggestion(move=M.RESTATE, say=case.coaching.restate, why="confirm")
