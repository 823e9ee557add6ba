"""What a trainer writes: three kinds of files, each with its model and its folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

from coach.content.case import Case
from coach.content.persona import Persona
from coach.content.rubric import Rubric
from coach.content.text import Strict
from coach.errors import InputError, NotFound

Kind = Literal["persona", "case", "rubric"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MODELS: dict[Kind, type[Strict]] = {"persona": Persona, "case": Case, "rubric": Rubric}
FOLDERS: dict[Kind, str] = {"persona": "personas", "case": "cases", "rubric": "rubrics"}
"""Where the files of a kind lie, inside the content folder."""
_ID = re.compile(r"[a-z][a-z0-9_]{1,47}")


def kind_of(word: str) -> Kind:
    """Raises NotFound for a word that is none of them; words come from browsers and command lines."""
    for kind in KINDS:
        if word == kind:
            return kind
    known = ", ".join(KINDS)
    raise NotFound(f"没有「{word}」这一类。可以写：{known}。", f"There is no kind {word!r}. Allowed: {known}.")


def is_id(name: object) -> bool:
    """Whether this can be an id, and so a file's name."""
    return isinstance(name, str) and bool(_ID.fullmatch(name))


def good_id(name: str) -> str:
    """The id, when it can be one. Raises InputError."""
    if not is_id(name):
        raise InputError(
            f"「{name}」不能做编号。编号用小写英文字母、数字、下划线，字母开头，2 到 48 个字符，如 angry_uncle。",
            f"{name!r} can't be an id. Use lower-case letters, digits and _, a letter first, 2 to 48 long, such as angry_uncle.",
        )
    return name


def file_of(kind: Kind, name: str) -> str:
    """The file of an id, as it is named in sentences: inside the content folder, with slashes."""
    return f"{FOLDERS[kind]}/{name}.yaml"


def place_of(folder: Path, kind: Kind, name: str) -> Path:
    """The same on disk. Raises InputError for a name that could lead out of the folder."""
    return folder / FOLDERS[kind] / f"{good_id(name)}.yaml"
