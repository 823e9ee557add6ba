"""The list of everybody's calls, and a call's report with the form for corrections, as HTML."""

from __future__ import annotations

from collections import Counter
from typing import Any

from coach.records.call import Call
from coach.records.grade import Grade
from coach.records.notes import Note
from coach.reports.corrections import answer_name
from coach.reports.html import report_fragment
from coach.reports.model import Summary
from coach.reports.summary import local_time
from coach.reports.wording import report_wording
from coach.storage.store import Store
from coach.ui.desk import Desk
from coach.ui.orders import order_checks
from coach.ui.reflect import both_sides
from coach.ui.remarks.entry import remarks_button
from coach.ui.roster.render import render, roster_words
from coach.ui.visitor import Visitor

A_PAGE = 20
NOBODY = "-"
"""In the filter: the calls of the open page. No user name consists of it alone."""


def waiting(store: Store) -> list[Note]:
    """Disputes, oldest first, that no correction of the same check has answered since."""
    corrections = [note for note in store.all_notes("correction") if note.correction]
    return [note for note in store.all_notes("dispute") if not _answered(note, corrections)]


def _answered(dispute: Note, corrections: list[Note]) -> bool:
    said = dispute.dispute
    return said is not None and any(
        note.call == dispute.call
        and note.correction is not None
        and (note.correction.rubric, note.correction.check) == (said.rubric, said.check)
        and note.created >= dispute.created
        for note in corrections
    )


def calls_html(desk: Desk, visitor: Visitor, trainee: str, exercise: str, number: int) -> str:
    """`trainee`, `exercise` ("persona:case"): empty for all; `number`: the page, from 1."""
    store, language = desk.practice.store, visitor.language
    persona, _, case = exercise.partition(":")
    owner = None if not trainee else "" if trainee == NOBODY else trainee
    total = store.count_calls(owner, persona, case)
    pages = max(1, -(-total // A_PAGE))
    number = min(max(1, number), pages)
    open_disputes = Counter(note.call for note in waiting(store))
    ids = store.find_calls(owner, persona, case, A_PAGE, (number - 1) * A_PAGE)
    nobody = roster_words(language)("nobody")
    return render(
        "calls",
        language,
        rows=_rows(desk, ids, open_disputes, visitor),
        disputed=_rows(desk, list(open_disputes), open_disputes, visitor) if number == 1 else [],
        waiting=sum(open_disputes.values()),
        trainees=[(name or NOBODY, name or nobody) for name in sorted(store.trainees())],
        exercises=[(f"{one}:{other}", _exercise(desk, one, other, language)) for one, other in store.exercises()],
        trainee=trainee,
        exercise=exercise,
        number=number,
        pages=pages,
    )


def _rows(desk: Desk, ids: list[str], disputed: Counter[str], visitor: Visitor) -> list[dict[str, Any]]:
    found = (desk.readable(call_id, visitor.viewer) for call_id in ids)
    return [
        desk.row(call, visitor.language) | {"trainee": call.trainee, "waiting": disputed[call.id]}
        for call in found
        if call is not None
    ]


def _exercise(desk: Desk, persona: str, case: str, language: str) -> str:
    """The names where the content still has them."""
    library = desk.practice.library
    who, what = library.personas.get(persona), library.cases.get(case)
    return f"{who.name.say(language) if who else persona} × {what.name.say(language) if what else case}"


def report_html(desk: Desk, call: Call, grade: Grade, summary: Summary, visitor: Visitor) -> str:
    """The report as the trainee has it, without what is theirs alone."""
    language = visitor.language
    return render(
        "report",
        language,
        call=call,
        date=local_time(call.created),
        remarks=remarks_button(call.id, visitor.viewer, language),
        beside=_order_html(desk.practice.store, call, language),
        fragment=report_fragment(summary, below_verdict=both_sides(desk.practice, call, grade, language)),
    )


def _order_html(store: Store, call: Call, language: str) -> str:
    """The work order as it was written last; empty without one."""
    note = store.latest_note(call.id, "work_order")
    if note is None or note.work_order is None:
        return ""
    checks = order_checks(note.work_order, call, language)
    rows = [(field, getattr(note.work_order, field), ok, said) for field, ok, said in checks]
    return render("order", language, rows=rows, done=sum(ok for _, _, ok, _ in rows))


def correct_html(desk: Desk, call: Call, grade: Grade, language: str, corrected: str) -> str:
    """The trainee's learning note, their disputes and the form. `corrected`: the check that was just corrected."""
    store, say, said = desk.practice.store, roster_words(language), report_wording().bound(language)
    learning = store.latest_note(call.id, "learning")
    corrections = store.notes(call.id, "correction")
    disputes = [note for note in store.notes(call.id, "dispute") if note.dispute]
    asks = {
        f"{rubric.id}.{check.id}": check.ask.say(language)
        for rubric in call.exercise.rubrics
        for check in rubric.checks
    }
    kinds = {f"{rubric.id}.{check.id}": check.kind for rubric in call.exercise.rubrics for check in rubric.checks}
    names = {rubric.id: rubric.name.say(language) for rubric in call.exercise.rubrics}
    groups = [
        (
            names.get(graded.rubric, graded.rubric),
            [
                (key, asks[key], answer_name(kinds[key], verdict.answer, said))
                for verdict in graded.verdicts
                if (key := f"{graded.rubric}.{verdict.check}") in asks
            ],
        )
        for graded in grade.rubrics
    ]
    shown = [
        {
            "ask": asks.get(f"{note.dispute.rubric}.{note.dispute.check}", note.dispute.check),
            "reason": note.dispute.reason,
            "waiting": not _answered(note, corrections),
            "check": f"{note.dispute.rubric}.{note.dispute.check}",
        }
        for note in disputes
        if note.dispute
    ]
    return render(
        "correct",
        language,
        call=call,
        learning=learning.learning.text if learning and learning.learning else "",
        groups=groups,
        disputes=shown,
        chosen=corrected or next((item["check"] for item in shown if item["waiting"]), ""),
        answers=[(answer, say(f"answers.{answer}")) for answer in ("yes", "no", "na")],
        most=400,
        saved=bool(corrected),
    )
