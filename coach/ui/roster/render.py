"""HTML and wording of this part, from its own templates/ and wording.yaml. Everything from people is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from coach.reports.markup import markup
from coach.reports.wording import Say, Wording, read_wording
from coach.ui.wording import words


@cache
def roster_wording() -> Wording:
    return read_wording("coach.ui.roster")


def roster_words(language: str) -> Say:
    return roster_wording().bound(language)


def render(template: str, language: str, /, **values: Any) -> str:
    """The part `templates/TEMPLATE.html.j2`; `t` is this part's wording, `page` the page's."""
    return markup(
        "coach.ui.roster", template, t=roster_words(language), page=words(language), language=language, **values
    )
