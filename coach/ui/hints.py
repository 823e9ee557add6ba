"""Hints of practice mode: at most three a call and one a turn, counted here and not in the browser."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from coach.customer.moment import Suggestion
from coach.errors import CallState
from coach.practice import Practice
from coach.records.call import Call
from coach.ui.wording import page_wording

MOST = 3
REMEMBERED_CALLS = 2000


@dataclass(frozen=True)
class HintView:
    left: int
    shown: Suggestion | None
    """The hint for the turn that is due."""


class Hints:
    """Remembers which turns of which calls had a hint, as long as the program runs."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, dict[int, Suggestion]] = OrderedDict()

    def view(self, call: Call) -> HintView:
        given = self._given.get(call.id, {})
        return HintView(left=MOST - len(given), shown=given.get(len(call.turns)))

    def ask(self, practice: Practice, call: Call) -> Suggestion:
        """A hint for the turn that is due.

        Raises:
            CallState: exam mode, an ended call, all hints used, one given for this turn, the customer's answer missing.
        """
        given = self._given.setdefault(call.id, {})
        if call.awaiting_customer:
            raise _refused("hint.refused_wait")
        if len(call.turns) in given:
            raise _refused("hint.refused_turn")
        if len(given) >= MOST:
            raise _refused("hint.refused_used_up")
        given[len(call.turns)] = practice.hint(call.id)
        while len(self._given) > REMEMBERED_CALLS:
            self._given.popitem(last=False)
        return given[len(call.turns)]


def _refused(key: str) -> CallState:
    both = page_wording().languages(key)
    return CallState(both["zh"], both["en"])
