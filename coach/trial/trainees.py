"""The scripted trainees. Each sees what a trainee sees (and, the skilled one, what the hints say), and says one thing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

import yaml

from coach.content.moves import MoveId as M
from coach.customer.moment import best_move, sentence
from coach.records.call import Call, Record, Speaker


class Utterance(Record):
    text: str
    waited_s: float = 5.0
    """Seconds the customer waits for it."""


Script = Callable[[Call], Utterance | None]
"""What this trainee says next; None hangs up."""


@cache
def _lines() -> dict[str, list[str]]:
    return yaml.safe_load(files("coach.trial").joinpath("lines.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def _said(call: Call) -> list[str]:
    return [turn.text for turn in call.turns if turn.speaker is Speaker.TRAINEE]


def _opening(call: Call) -> str:
    return sentence("opening", call.exercise)


def skilled(call: Call) -> Utterance | None:
    """Does what the moment asks for, in sentences of the case."""
    spoken = _said(call)
    move = best_move(call.state, call.exercise, "\n".join(spoken))
    if not spoken:
        return Utterance(text=_opening(call) + move.say)
    return Utterance(text=move.say)


def cold(call: Call) -> Utterance | None:
    """Polite and correct, without a word for the feeling; names rules instead of reasons."""
    case, turn = call.exercise.case, len(_said(call))
    if turn == 0:
        return Utterance(text=_opening(call))
    matter = [fact.ask for fact in case.facts[:2]] + [resolution.say for resolution in case.resolutions]
    if turn % 2:
        return Utterance(text=_turn_of(_lines()["cold"], turn // 2))
    return Utterance(text=_turn_of(matter, turn // 2 - 1))


def evasive(call: Call) -> Utterance | None:
    """Vague, passes on, owns nothing."""
    return Utterance(text=_turn_of(_lines()["evasive"], len(_said(call))))


def rude(call: Call) -> Utterance | None:
    return Utterance(text=_turn_of(_lines()["rude"], len(_said(call))))


def overpromise(call: Call) -> Utterance | None:
    """Friendly, and gives what the rules forbid."""
    turn, case = len(_said(call)), call.exercise.case
    if turn == 0:
        return Utterance(text=_opening(call) + case.coaching.empathise[0])
    if not call.state.trapped:
        return Utterance(text=case.trap.say)
    if not call.state.counts.get(M.CHECK_OPEN):
        return Utterance(text=sentence("check_open", call.exercise))
    return Utterance(text=sentence("farewell", call.exercise))


def silent(call: Call) -> Utterance | None:
    return Utterance(text=_turn_of(_lines()["silent"], len(_said(call))), waited_s=70.0)


def apologising(call: Call) -> Utterance | None:
    """Apologises and does nothing else."""
    return Utterance(text=_turn_of(_lines()["apologising"], len(_said(call))))


def _turn_of(options: list[str], nth: int) -> str:
    return options[nth % len(options)]


TRAINEES: dict[str, Script] = {
    "skilled": skilled,
    "cold": cold,
    "evasive": evasive,
    "rude": rude,
    "overpromise": overpromise,
    "silent": silent,
    "apologising": apologising,
}
