"""What the trainers' part says (wording.yaml beside this file), and its HTML."""

from __future__ import annotations

from functools import cache
from typing import Any

from coach.reports.markup import markup
from coach.reports.wording import Say, Wording, read_wording


@cache
def studio_wording() -> Wording:
    return read_wording("coach.ui.studio")


def words(language: str) -> Say:
    """The wording of the trainers' part in one language."""
    return studio_wording().bound(language)


def render(template: str, language: str, /, **values: Any) -> str:
    """The part `templates/TEMPLATE.html.j2` in one language."""
    return markup("coach.ui.studio", template, t=words(language), language=language, **values)
