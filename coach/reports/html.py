"""Summary -> HTML: a fragment for the page, or a file that stands on its own (no network, prints well); or JSON."""

from __future__ import annotations

import json
from importlib.resources import files

from coach.records.grade import Grade
from coach.reports.markup import markup
from coach.reports.model import Summary
from coach.reports.wording import report_wording


def report_css() -> str:
    return files("coach.reports").joinpath("templates/report.css").read_text("utf-8")


def report_fragment(summary: Summary, back: str = "", below_verdict: str = "") -> str:
    """The report inside the page: everything from people is escaped; styles come from the page's own sheet.

    `back` labels the button beside each of the trainee's turns that leads back to it; without a label there is none.
    `below_verdict` is HTML of the page's own: what the trainee had expected.
    """
    say = report_wording().bound(summary.language)
    return markup("coach.reports", "report", r=summary, t=say, back=back, below_verdict=below_verdict)


def report_document(summary: Summary) -> str:
    """The report as one self-contained HTML file."""
    say = report_wording().bound(summary.language)
    return markup("coach.reports", "document", r=summary, t=say, css=report_css(), back="", below_verdict="")


def report_json(summary: Summary, grade: Grade) -> str:
    """The same for programs: all that the report says without its pictures, and the grade it was made from."""
    drawn = {"curve", "curve_narrow", "pictures"}
    told = summary.model_dump(mode="json", exclude=drawn)
    told["tables"] = [picture.model_dump(mode="json", exclude={"wide", "narrow"}) for picture in summary.pictures]
    return json.dumps({"report": told, "grade": grade.model_dump(mode="json")}, ensure_ascii=False, indent=1) + "\n"
