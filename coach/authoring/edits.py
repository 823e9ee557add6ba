"""One change of a YAML text that leaves everything else of it letter for letter as it was: comments, order, quotes, line breaks.

The text is spliced where the parser says the part stands; only the new part is written by PyYAML. (A round-trip writer such as
ruamel.yaml moves a comment that follows a list into the list when something is appended, and needs 0.15 s for a case.)
Every result is read again and compared with what the change should give, so a text can't be damaged unnoticed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml
from pydantic import BaseModel

from coach.authoring.splice import Spliced
from coach.content import shape
from coach.content.document import parse
from coach.errors import InputError

Op = Literal["set", "add", "remove", "up", "down"]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Edit:
    """set: `value` at `path` (what is missing on the way is made); add: `value` at the end of the list at `path`;
    remove: the key or item; up, down: the item changes places with its neighbour."""

    op: Op
    path: Path
    value: Any = None


def data_of(text: str) -> dict[str, Any]:
    """What the text holds; empty when it can't be read."""
    document, _ = parse("", text.encode("utf-8", errors="replace"))
    return document.data if document is not None else {}


def edited(text: str, edit: Edit, model: type[BaseModel]) -> str:
    """The text with the change. `model` gives the order in which new keys are put.

    Raises:
        InputError: the text can't be read as it is, or the change doesn't fit it; the text stays as it was.
    """
    document, _ = parse("", text.encode("utf-8", errors="replace"))
    if document is None:
        raise InputError(
            "YAML 现在读不出来，表单改不进去。先照右边的提示把那一行改好。",
            "The YAML can't be read as it is, so the form can't change it. Mend the line named beside it first.",
        )
    wanted = copy.deepcopy(document.data)
    try:
        if not _change(wanted, edit):
            return text
        if wanted == document.data:
            return text
        whole = text if text.endswith("\n") else f"{text}\n"
        for style in (None, '"'):
            result = _spliced(whole, edit, model, style)
            if data_of(result) == wanted:
                return result
    except (LookupError, TypeError, ValueError, yaml.YAMLError):
        pass
    raise InputError(
        "这一处从表单改不进去，请直接在 YAML 里改。",
        "The form can't make this change; make it in the YAML itself.",
    )


def _spliced(text: str, edit: Edit, model: type[BaseModel], style: str | None) -> str:
    made = Spliced(text, lambda path: shape.keys_at(model, path), style)
    does: dict[Op, Callable[[], str]] = {
        "set": lambda: made.set(edit.path, edit.value),
        "add": lambda: made.add(edit.path, edit.value),
        "remove": lambda: made.remove(edit.path),
        "up": lambda: made.swap(edit.path, -1),
        "down": lambda: made.swap(edit.path, 1),
    }
    return does[edit.op]()


def _change(data: Any, edit: Edit) -> bool:
    """The same change of the plain data. False when there is nothing to do."""
    if edit.op == "set":
        _set(data, edit.path, edit.value)
        return True
    if edit.op == "add":
        _add(data, edit.path, edit.value)
        return True
    *way, last = edit.path
    parent: Any = _at(data, way)
    if edit.op == "remove":
        if not _has(parent, last):
            return False
        del parent[last]
        return True
    other = int(last) + (1 if edit.op == "down" else -1)
    if not 0 <= other < len(parent):
        return False
    parent[int(last)], parent[other] = parent[other], parent[int(last)]
    return True


def _has(data: Any, step: str | int) -> bool:
    return isinstance(data, list | dict) and (isinstance(data, list) or step in data)


def _at(data: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        data = data[step]
    return data


def _set(data: Any, path: Path, value: Any) -> None:
    for place, step in enumerate(path):
        if place == len(path) - 1:
            _put(data, step, value)
            return
        inner = data[step] if isinstance(step, int) else data.get(step)
        following = path[place + 1]
        if not isinstance(inner, dict | list):
            # a text in Chinese only becomes one in two languages
            both = isinstance(inner, str) and following in ("zh", "en")
            inner = {"zh": inner} if both else [] if isinstance(following, int) else {}
            if both and following == "zh":
                _put(data, step, value)
                return
            _put(data, step, inner)
        data = inner


def _put(data: Any, step: str | int, value: Any) -> None:
    if isinstance(data, list) and step == len(data):
        data.append(value)
    else:
        data[step] = value


def _add(data: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        data = data[step] if isinstance(step, int) else data.setdefault(step, {})
    last = path[-1]
    there = data[last] if isinstance(last, int) else data.get(last)
    if isinstance(there, list):
        there.append(value)
    else:
        _put(data, last, [value])
