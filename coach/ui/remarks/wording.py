"""What the remarks' part says (wording.yaml beside this file), and its HTML."""

from __future__ import annotations

from functools import cache
from typing import Any

from coach.reports.markup import markup
from coach.reports.wording import Say, Wording, read_wording


@cache
def remarks_wording() -> Wording:
    return read_wording("coach.ui.remarks")


def words(language: str) -> Say:
    return remarks_wording().bound(language)


def render(template: str, language: str, /, **values: Any) -> str:
    """The part `templates/TEMPLATE.html.j2` in one language."""
    return markup("coach.ui.remarks", template, t=words(language), language=language, **values)
