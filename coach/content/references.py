"""Ids that files use of each other. Checked on the raw data, so that a file with other mistakes is checked as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from coach.content.document import Document
from coach.content.mistakes import Mistake, Said, did_you_mean, nearest

CATALOGUE = {"A": 8, "B": 19, "C": 7, "D": 6, "E": 6, "F": 10, "G": 9, "H": 9, "I": 6}
"""Sections of the training catalogue and how many rows each has."""
_ROW = re.compile(r"([A-I])(\d{1,2})")
_REFERENCES = ((("personas",), "personas"), (("rubrics",), "rubrics"), (("knowledge", "rules"), "rules"))
"""Fields of a case and what they name."""


BLANK = "〔待填"
"""How a draft marks what only a trainer knows, such as 〔待填：数字〕."""


def check_blanks(document: Document) -> list[Mistake]:
    """Places that a draft left for somebody to fill."""
    wrong = []
    for path, text in _texts(document.data, ()):
        if BLANK in text:
            found = Said(f"还没填的地方「{_around(text)}」", f"a blank still to be filled ({_around(text)!r})")
            allowed = Said(
                "把〔待填〕换成真的内容，规定和数字照 operator.yaml",
                "the real words; rules and figures as in operator.yaml",
            )
            wrong.append(document.mistake(path, found, allowed))
    return wrong


def _around(text: str) -> str:
    start = max(0, text.find(BLANK) - 6)
    return text[start : start + 24]


def _texts(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, list | dict):
        for key, value in enumerate(data) if isinstance(data, list) else data.items():
            if key != "extensions":
                yield from _texts(value, (*path, key))


def check_names(documents: Iterable[Document]) -> list[Mistake]:
    """The file's name is its id."""
    wrong = []
    for document in documents:
        stem, name = PurePosixPath(document.file).stem, document.data.get("id")
        if isinstance(name, str) and name != stem:
            hint = Said(f"或者把文件改名为 {name}.yaml", f"or rename the file to {name}.yaml")
            found = Said(f"「{name}」，和文件名 {stem}.yaml 不同", f"{name!r}, unlike the file's name {stem}.yaml")
            wrong.append(document.mistake(("id",), found, Said(stem, stem), hint))
    return wrong


def check_repeats(documents: Iterable[Document]) -> list[Mistake]:
    """No id in two files of one kind."""
    first: dict[str, Document] = {}
    wrong = []
    for document in documents:
        name = document.data.get("id")
        if not isinstance(name, str):
            continue
        if name in first:
            spot = f"{first[name].file}:{first[name].line_of(('id',))}"
            found = Said(f"「{name}」，{spot} 已经用了", f"{name!r}, used already in {spot}")
            wrong.append(document.mistake(("id",), found, Said("一个还没用过的名字", "a name not used yet")))
        first.setdefault(name, document)
    return wrong


def check_references(case: Document, known: Mapping[str, Iterable[str]]) -> list[Mistake]:
    """`known`: personas, rubrics, rules that exist (also those with mistakes); a kind left out is not checked."""
    wrong = []
    for path, kind in _REFERENCES:
        if kind not in known:
            continue
        names = sorted(known[kind])
        for index, name in enumerate(_list_at(case.data, path)):
            if isinstance(name, str) and name not in names:
                found = Said(f"「{name}」，没有这个 id", f"{name!r}, an id that doesn't exist")
                allowed = Said("、".join(names) or "还没有", ", ".join(names) or "none yet")
                wrong.append(case.mistake((*path, index), found, allowed, did_you_mean(nearest(name, names))))
    return wrong


def _list_at(data: Any, path: tuple[str, ...]) -> list[Any]:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, list) else []


def check_rows(document: Document) -> list[Mistake]:
    """Rows of the training catalogue that don't exist, in any `teaches`."""
    wrong = []
    for path, row in _rows(document.data, ()):
        match = _ROW.fullmatch(row)
        if match and not 1 <= int(match[2]) <= CATALOGUE[match[1]]:
            last = CATALOGUE[match[1]]
            found = Said(f"「{row}」，目录里没有这一行", f"{row!r}, a row the catalogue doesn't have")
            allowed = Said(f"{match[1]}1 到 {match[1]}{last}", f"{match[1]}1 to {match[1]}{last}")
            wrong.append(document.mistake(path, found, allowed))
    return wrong


def _rows(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _rows(item, (*path, index))
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "teaches" and isinstance(value, list):
                yield from (((*path, key, index), row) for index, row in enumerate(value) if isinstance(row, str))
            else:
                yield from _rows(value, (*path, key))
