"""Is the work order complete (D5)? Decided by code: every field filled, and what the customer told is in it."""

from __future__ import annotations

from coach.records.call import Call, Record
from coach.records.notes import WorkOrder

SHORTEST = 2
"""Characters below which a field counts as empty."""


class FieldCheck(Record):
    """One field of the work order. `missing` holds the words of a told fact that should stand in it."""

    field: str
    filled: bool
    missing: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.filled and not self.missing


class WorkOrderGrade(Record):
    checks: tuple[FieldCheck, ...]

    @property
    def score(self) -> int:
        """0 to 100: the share of fields that are complete. `earlier` counts only when earlier contacts are on record."""
        return round(100 * sum(check.ok for check in self.checks) / len(self.checks))


def grade_work_order(order: WorkOrder, call: Call) -> WorkOrderGrade:
    """Checks each field; `problem` must name what the customer told, by the telltale words of the released facts."""
    checks = []
    for field in WorkOrder.model_fields:
        text = getattr(order, field).strip()
        missing = _untold(text, call) if field == "problem" and text else ()
        checks.append(FieldCheck(field=field, filled=len(text) >= SHORTEST, missing=missing))
    return WorkOrderGrade(checks=tuple(checks))


def _untold(text: str, call: Call) -> tuple[str, ...]:
    """Released facts about the problem itself that the text does not mention; each by its first telltale word."""
    told = [
        fact
        for fact in call.exercise.case.facts
        if fact.id in call.state.released and fact.layer in ("info", "problem")
    ]
    return tuple(fact.what for fact in told if not any(word in text for word in fact.telltale))
