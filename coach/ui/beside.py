"""What stands around a report: above it which branch of which call it is, below it recovery card and work order."""

from __future__ import annotations

from typing import Any

from coach.practice import Practice
from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.summary import local_time
from coach.reports.wording import report_wording
from coach.ui.branches import compare
from coach.ui.desk import Desk
from coach.ui.orders import order_line
from coach.ui.recovering import recovery_line
from coach.ui.render import render


def after_report(practice: Practice, call: Call, language: str) -> str:
    """What waits below the report, so that nothing stands between a call and its verdict: recovery card, work order."""
    return recovery_line(practice, call, language) + order_line(practice, call, language)


def branches_html(desk: Desk, call: Call, language: str) -> str:
    """Above the report: which branch this is, with the comparison, and the branches that start from this call."""
    before = desk.kin(call, call.parent)
    found = [desk.kin(call, branch) for branch in desk.practice.store.branches(call.id)]
    later = [
        _row(desk, branch, language) for branch in found if branch is not None and len(branch.turns) > _begun(branch)
    ]
    if before is None and not later:
        return ""
    grades = (_grade(desk, before), _grade(desk, call)) if before else (None, None)
    return render(
        "branches",
        language,
        both=compare(before, call, grades, language) if before else None,
        ended=_ended(before, language) if before else "",
        ended_now=_ended(call, language),
        later=later,
    )


def _begun(branch: Call) -> int:
    """How many turns a branch starts with: one where nothing was said yet is not worth a line."""
    return branch.branched_at or 0


def _row(desk: Desk, branch: Call, language: str) -> dict[str, Any]:
    grade = _grade(desk, branch)
    return {
        "id": branch.id,
        "number": _begun(branch) + 1,
        "ended": _ended(branch, language),
        "score": grade.score if grade else None,
        "date": local_time(branch.created),
    }


def _grade(desk: Desk, call: Call | None) -> Grade | None:
    grades = desk.practice.store.grades(call.id) if call else []
    return grades[-1] if grades else None


def _ended(call: Call, language: str) -> str:
    return report_wording().say(f"outcome_short.{call.outcome or 'open'}", language)
