"""Summary -> HTML: a fragment for the page, or a file that stands on its own (no network, prints well)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

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
