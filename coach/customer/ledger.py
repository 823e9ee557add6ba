"""The running account of one step: every change of state is booked with its trigger."""

from __future__ import annotations

from typing import Any

from coach.content.moves import MoveId
from coach.content.persona import Temper
from coach.customer.effects import DIFFICULTY, Effect
from coach.records.call import Change, State


class Ledger:
    """Collects changes to a state. Heat rises and falls by the persona's factors; all scales stay within 0 to 100."""

    def __init__(self, state: State, temper: Temper, difficulty: str) -> None:
        self._before = state
        self._temper = temper
        _, _, self._anger, self._calming = DIFFICULTY[difficulty]
        self.heat = float(state.heat)
        self.trust = float(state.trust)
        self.patience = float(state.patience)
        self.fields: dict[str, Any] = {}
        self.changes: list[Change] = []

    def get(self, field: str) -> Any:
        return self.fields.get(field, getattr(self._before, field))

    def book(self, effect: Effect, trigger: str, quote: str = "", *, share: float = 1.0) -> None:
        """Books an effect, scaled by `share` and by the persona's factors for that move."""
        factor = share * self._factor(trigger)
        heat = effect.heat * factor
        heat *= self._temper.anger * self._anger if heat > 0 else self._temper.calming * self._calming
        self._shift("heat", heat * _room(self.heat, heat), trigger, quote)
        trust = effect.trust * factor
        self._shift("trust", trust * _room(self.trust, trust), trigger, quote)
        self._shift("patience", effect.patience * factor, trigger, quote)

    def _factor(self, trigger: str) -> float:
        try:
            move = MoveId(trigger)
        except ValueError:
            return 1.0
        return self._temper.soothed_by.get(move, 1.0) * self._temper.stung_by.get(move, 1.0)

    def _shift(self, what: str, delta: float, trigger: str, quote: str) -> None:
        before = getattr(self, what)
        after = min(100.0, max(0.0, before + delta))
        setattr(self, what, after)
        if round(after) != round(before):
            self._log(what, round(before), round(after), trigger, quote)

    def set(self, field: str, value: Any, trigger: str, quote: str = "", *, logged_as: str = "") -> None:
        """Sets a field of the state; `logged_as` names the change for the record (nothing is logged without it)."""
        before = self.get(field)
        self.fields[field] = value
        if logged_as and before != value:
            self._log(logged_as, _plain(before), _plain(value), trigger, quote)

    def _log(self, what: str, before: Any, after: Any, trigger: str, quote: str) -> None:
        self.changes.append(Change(what=what, before=str(before), after=str(after), trigger=trigger, quote=quote))

    def state(self) -> State:
        return self._before.model_copy(
            update={
                "heat": round(self.heat),
                "trust": round(self.trust),
                "patience": round(self.patience),
                **self.fields,
            }
        )


def _room(value: float, delta: float) -> float:
    """Share of a change that is felt: near an end of the scale the same words move less."""
    left = 100.0 - value if delta > 0 else value
    return min(1.0, 0.1 + left / 65.0)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
