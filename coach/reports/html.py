"""Summary -> HTML: a fragment for the page, or a file that stands on its own (no network, prints well); or JSON."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from coach.records.grade import Grade
from coach.reports.model import Summary
from coach.reports.wording import report_wording

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("coach.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def report_css() -> str:
    return files("coach.reports").joinpath("templates/report.css").read_text("utf-8")


def report_fragment(summary: Summary, back: str = "") -> str:
    """The report inside the page: everything from people is escaped; styles come from the page's own sheet.

    `back` labels the button beside each of the trainee's turns that leads back to it; without a label there is none.
    """
    say = report_wording().bound(summary.language)
    return _environment().get_template("report.html.j2").render(r=summary, t=say, back=back)


def report_document(summary: Summary) -> str:
    """The report as one self-contained HTML file."""
    say = report_wording().bound(summary.language)
    page = _environment().get_template("document.html.j2")
    return page.render(r=summary, t=say, css=report_css(), back="")


def report_json(summary: Summary, grade: Grade) -> str:
    """The same for programs: all that the report says without its pictures, and the grade it was made from."""
    drawn = {"curve", "curve_narrow", "pictures"}
    told = summary.model_dump(mode="json", exclude=drawn)
    told["tables"] = [picture.model_dump(mode="json", exclude={"wide", "narrow"}) for picture in summary.pictures]
    return json.dumps({"report": told, "grade": grade.model_dump(mode="json")}, ensure_ascii=False, indent=1) + "\n"
