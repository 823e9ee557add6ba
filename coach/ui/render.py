"""HTML of the page's parts from templates/. Escaping is on for everything; templates reach the wording as `t`."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from coach.ui.wording import words

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("coach.ui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: str, /, **values: Any) -> str:
    """The part `templates/TEMPLATE.html.j2` in one language."""
    part = _environment().get_template(f"{template}.html.j2")
    return part.render(t=words(language), language=language, **values)


def chat_text(text: str) -> str:
    """A person's words as the chat component shows them letter for letter (it takes strings as HTML)."""
    return escape(text, quote=False)
