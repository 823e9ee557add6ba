"""Starting points: never a blank form. Small whole texts in templates/, each valid, played and accepted as it stands; or a copy of anything there is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from coach.authoring.edits import Edit, data_of, edited
from coach.authoring.kinds import KINDS, MODELS, Kind, good_id
from coach.authoring.shelf import Shelf
from coach.content.mistakes import nearest
from coach.errors import NotFound


@dataclass(frozen=True)
class Template:
    """A text to start from. Its own name and summary say what it is for."""

    kind: Kind
    name: str
    text: str

    @property
    def data(self) -> dict[str, Any]:
        return data_of(self.text)


@cache
def templates(kind: Kind) -> tuple[Template, ...]:
    """The starting points of a kind, by name."""
    folder = files("coach.authoring") / "templates" / kind
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name)
    return tuple(Template(kind, item.name.removesuffix(".yaml"), item.read_text("utf-8")) for item in found)


def starting_text(shelf: Shelf, kind: Kind, source: str, name: str) -> str:
    """The text of a template, or of the file of that id, with the id `name`; a copy also says in its name that it is one.

    Raises:
        NotFound: neither a template nor a file is called `source`.
        InputError: `name` can't be an id; the file can't be read.
    """
    good_id(name)
    for template in templates(kind):
        if template.name == source:
            return edited(template.text, Edit("set", ("id",), name), MODELS[kind])
    known = [template.name for template in templates(kind)]
    if source not in shelf.names(kind):
        near = nearest(source, [*known, *shelf.names(kind)], count=3) or known
        raise NotFound(
            f"没有叫「{source}」的模板，也没有叫这个的文件。可以写：{'、'.join(near)}。",
            f"There is no template and no file called {source!r}. Allowed: {', '.join(near)}.",
        )
    return copied(shelf.text(kind, source), kind, name)


def copied(text: str, kind: Kind, name: str) -> str:
    """The text with another id, and a name that tells it from the first."""
    text = edited(text, Edit("set", ("id",), name), MODELS[kind])
    called = data_of(text).get("name")
    if isinstance(called, str):
        return edited(text, Edit("set", ("name",), f"{called}（副本）"), MODELS[kind])
    if isinstance(called, dict) and isinstance(called.get("zh"), str):
        text = edited(text, Edit("set", ("name", "zh"), f"{called['zh']}（副本）"), MODELS[kind])
        if isinstance(called.get("en"), str) and called["en"]:
            text = edited(text, Edit("set", ("name", "en"), f"{called['en']} (copy)"), MODELS[kind])
    return text


def free_name(shelf: Shelf, kind: Kind, wanted: str, taken: tuple[str, ...] = ()) -> str:
    """An id like the wanted one that no file has, nor any of `taken`."""
    used = {*shelf.names(kind), *taken}
    stem = wanted[:44]
    return next(name for n in range(1, 10**4) if (name := stem if n == 1 else f"{stem}_{n}") not in used)


def every_template() -> list[Template]:
    return [template for kind in KINDS for template in templates(kind)]
