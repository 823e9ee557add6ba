"""HTML and wording of this part of the page, from its own templates/ and wording.yaml. Everything from people is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from coach.reports.markup import markup
from coach.reports.wording import Say, Wording, read_wording


@cache
def bulk_wording() -> Wording:
    return read_wording("coach.ui.bulk")


def bulk_words(language: str) -> Say:
    return bulk_wording().bound(language)


def render(template: str, language: str, /, **values: Any) -> str:
    """The part `templates/TEMPLATE.html.j2` in one language."""
    return markup("coach.ui.bulk", template, t=bulk_words(language), language=language, **values)
