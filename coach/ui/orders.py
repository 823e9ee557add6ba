"""The work order after a call: the form, its completeness, one change."""

from __future__ import annotations

from collections.abc import Mapping

from coach.errors import CallState
from coach.grading.work_order import FieldCheck, grade_work_order
from coach.practice import Practice
from coach.records.call import Call, Outcome, Speaker
from coach.records.notes import WorkOrder
from coach.ui.reflect import BANDS, rating_rows
from coach.ui.render import render
from coach.ui.wording import page_wording, words

FIELDS = tuple(WorkOrder.model_fields)
LONG = ("problem", "demand", "earlier", "promised")
"""Fields that take more than a line."""
MOST_CHARS = 400
WRITINGS = 2
"""Written once, changed once."""


def order_due(practice: Practice, call: Call) -> bool:
    """Whether the form comes before the report: a first call that was talked in, not graded, without a work order."""
    spoken = any(turn.speaker is Speaker.TRAINEE for turn in call.turns)
    if not spoken or call.parent or call.outcome in (None, Outcome.STOPPED):
        return False
    return not practice.store.grades(call.id) and practice.store.latest_note(call.id, "work_order") is None


def save_order(practice: Practice, call: Call, sent: Mapping[str, str]) -> None:
    """Keeps what was written; an empty form is not kept.

    Raises:
        CallState: it was changed once already.
    """
    order = WorkOrder.model_validate({field: sent.get(field, "").strip()[:MOST_CHARS] for field in FIELDS})
    if order == WorkOrder():
        return
    if len(practice.store.notes(call.id, "work_order")) >= WRITINGS:
        both = page_wording().languages("order.refused")
        raise CallState(both["zh"], both["en"])
    practice.write_note(call.id, order)


def order_form(call: Call, language: str) -> str:
    """The view before the report."""
    named = {"name": call.exercise.persona.name.say(language), "title": call.exercise.case.name.say(language)}
    return render(
        "order",
        language,
        order=WorkOrder(),
        fields=FIELDS,
        long=LONG,
        most=MOST_CHARS,
        rates=rating_rows(call.exercise, language),
        bands=BANDS,
        **named,
    )


def order_line(practice: Practice, call: Call, language: str) -> str:
    """The line above the report: how complete it is, what lacks what, and the form while it may be changed."""
    if not any(turn.speaker is Speaker.TRAINEE for turn in call.turns):
        return ""
    written = [note.work_order for note in practice.store.notes(call.id, "work_order") if note.work_order]
    order = written[-1] if written else WorkOrder()
    checks = order_checks(order, call, language) if written else []
    return render(
        "order_line",
        language,
        written=bool(written),
        checks=checks,
        done=sum(ok for _, ok, _ in checks),
        open=len(written) < WRITINGS,
        order=order,
        fields=FIELDS,
        long=LONG,
        most=MOST_CHARS,
    )


def order_checks(order: WorkOrder, call: Call, language: str) -> list[tuple[str, bool, str]]:
    """Field by field: its name, whether it is complete, and what lacks."""
    return [(check.field, check.ok, _lacking(check, language)) for check in grade_work_order(order, call).checks]


def _lacking(check: FieldCheck, language: str) -> str:
    say = words(language)
    if not check.filled:
        return say("order.empty")
    joined = ("; " if language == "en" else "；").join(fact.rstrip("。") for fact in check.missing)
    return say("order.lacks", facts=joined) if joined else say("order.good")
