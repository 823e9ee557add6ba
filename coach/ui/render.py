"""HTML of the page's parts from templates/; they reach the wording as `t`."""

from __future__ import annotations

from html import escape
from typing import Any

from coach.reports.markup import markup
from coach.ui.wording import words


def render(template: str, language: str, /, **values: Any) -> str:
    """The part `templates/TEMPLATE.html.j2` in one language."""
    return markup("coach.ui", template, t=words(language), language=language, **values)


def chat_text(text: str) -> str:
    """A person's words as the chat component shows them letter for letter (it takes strings as HTML)."""
    return escape(text, quote=False)
