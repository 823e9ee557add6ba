"""Data -> the text of a content file: read back exactly by the strict reader, with comments where somebody should look.

Comments stand on lines of their own above the part they speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from coach.content.document import Path

Notes = Mapping[tuple[str | int, ...], Sequence[str]]
"""Comments by the place they stand above."""
_WIDE = 10**9
_LINE_BREAKS = re.compile(r"[\r\n\t\x85\u2028\u2029]")


class _Plain(yaml.SafeDumper):
    """One scalar at a time; no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(data: Mapping[str, Any], notes: Notes | None = None, *, head: Sequence[str] = ()) -> str:
    """The text of a file. `head`: comment lines on top. Nothing (None) is written as an empty value for somebody to fill."""
    lines = [*_comments(head, ""), *_mapping(data, "", (), notes or {})]
    return "\n".join(lines) + "\n"


def _comments(said: Sequence[str], indent: str) -> Iterator[str]:
    for text in said:
        for line in str(text).splitlines() or [""]:
            # what is not printable would end the comment or be refused by the reader
            clean = "".join(sign if sign.isprintable() else " " for sign in line).rstrip()
            yield f"{indent}# {clean}".rstrip()


def _mapping(data: Mapping[str, Any], indent: str, path: Path, notes: Notes) -> Iterator[str]:
    for key, value in data.items():
        here = (*path, key)
        yield from _comments(notes.get(here, ()), indent)
        head = f"{indent}{_scalar(key)}:"
        if isinstance(value, Mapping) and value:
            yield head
            yield from _mapping(value, indent + "  ", here, notes)
        elif isinstance(value, list | tuple) and value:
            yield head
            yield from _items(value, indent + "  ", here, notes)
        else:
            shown = _leaf(value)
            yield f"{head} {shown}" if shown else head


def _items(items: Sequence[Any], indent: str, path: Path, notes: Notes) -> Iterator[str]:
    for index, value in enumerate(items):
        here = (*path, index)
        yield from _comments(notes.get(here, ()), indent)
        if isinstance(value, Mapping | list | tuple) and value:
            inner = (
                _mapping(value, indent + "  ", here, notes)
                if isinstance(value, Mapping)
                else _items(value, indent + "  ", here, notes)
            )
            first, *rest = list(inner)
            if first.lstrip().startswith("# "):  # a comment can't follow the dash without hiding the item
                yield f"{indent}-"
                yield first
            else:
                yield f"{indent}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{indent}- {_leaf(value) or 'null'}"


def _leaf(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """One value on one line, however long."""
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,60}", value) and not _keyword(value):
        return value
    style = '"' if isinstance(value, str) and (_LINE_BREAKS.search(value) or not value.isprintable()) else None
    text: str = yaml.dump(value, Dumper=_Plain, allow_unicode=True, width=_WIDE, default_style=style)
    return text.removesuffix("\n").removesuffix("\n...").removesuffix("\n")


def _keyword(word: str) -> bool:
    return word.lower() in {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
