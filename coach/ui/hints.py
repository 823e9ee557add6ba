"""Hints of practice mode: at most three a call and one a turn, counted in the store and not in the browser."""

from __future__ import annotations

from dataclasses import dataclass

from coach.errors import CallState
from coach.practice import Practice
from coach.records.call import Call
from coach.records.notes import Hint
from coach.ui.wording import page_wording

MOST = 3


@dataclass(frozen=True)
class HintView:
    left: int
    shown: Hint | None
    """The hint for the turn that is due."""


def hints_of(practice: Practice, call: Call) -> HintView:
    """How many hints are left, and the one that is on the table."""
    given = _given(practice, call)
    return HintView(left=MOST - len(given), shown=given.get(len(call.turns)))


def ask_hint(practice: Practice, call: Call) -> Hint:
    """A hint for the turn that is due; it is kept with the call.

    Raises:
        CallState: exam mode, an ended call, all hints used, one given for this turn, the customer's answer missing.
    """
    given = _given(practice, call)
    if call.awaiting_customer:
        raise _refused("hint.refused_wait")
    if len(call.turns) in given:
        raise _refused("hint.refused_turn")
    if len(given) >= MOST:
        raise _refused("hint.refused_used_up")
    found = practice.hint(call.id)
    hint = Hint(turn=len(call.turns), move=found.move, say=found.say, why=found.why)
    practice.write_note(call.id, hint)
    return hint


def _given(practice: Practice, call: Call) -> dict[int, Hint]:
    notes = practice.store.notes(call.id, "hint")
    return {note.hint.turn: note.hint for note in notes if note.hint is not None}


def _refused(key: str) -> CallState:
    both = page_wording().languages(key)
    return CallState(both["zh"], both["en"])
