"""The files that a report can be saved as, under names that still say something in a folder of downloads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.html import report_document, report_json
from coach.reports.model import Summary
from coach.reports.wording import report_wording
from coach.reports.workbook import report_xlsx

Form = Literal["html", "xlsx", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
_NAMES = 60
"""Characters of customer and case in a file's name."""


def report_bytes(form: Form, summary: Summary, grade: Grade) -> bytes:
    """What stands in the file."""
    made: dict[Form, Callable[[], bytes]] = {
        "html": lambda: report_document(summary).encode(),
        "xlsx": lambda: report_xlsx(summary),
        "json": lambda: report_json(summary, grade).encode(),
    }
    return made[form]()


def report_name(call: Call, summary: Summary, form: Form) -> str:
    """Such as 通话报告-暴躁投诉客户-宽带约了两次都没来-20260302-0930-1f2e3d4c.html: letters and digits only, whatever a trainer
    called them. The end is the beginning of the call's id: the page gives the file to the call's own trainee by it."""
    kind = report_wording().say("file", summary.language)
    what = "-".join(re.sub(r"[^\w]+", "-", part).strip("-_") for part in (summary.persona, summary.case))
    return f"{kind}-{what[:_NAMES].strip('-')}-{call.created.astimezone():%Y%m%d-%H%M}-{call.id[:8]}.{form}"


def write_reports(folder: Path, call: Call, summary: Summary, grade: Grade) -> dict[Form, Path]:
    """All forms in a folder of the call's own, so that two calls of one minute don't share a name."""
    place = folder / call.id
    place.mkdir(parents=True, exist_ok=True)
    written: dict[Form, Path] = {}
    for form in FORMS:
        written[form] = place / report_name(call, summary, form)
        written[form].write_bytes(report_bytes(form, summary, grade))
    return written
