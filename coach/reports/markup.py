"""HTML from templates, the one way of it: everything is escaped, a name that a template uses and nobody gives is an error."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def markup(package: str, template: str, /, **values: Any) -> str:
    """`templates/TEMPLATE.html.j2` of a package, filled. Raises jinja2.UndefinedError for a value that is missing."""
    return _environment(package).get_template(f"{template}.html.j2").render(**values)


@cache
def _environment(package: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # slow to import, and only pages need it

    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
