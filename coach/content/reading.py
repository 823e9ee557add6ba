"""A content file → its object, or every mistake in it. The models say what is allowed; this says it to a trainer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from coach.content import shape
from coach.content.document import Document, parse
from coach.content.mistakes import NOTHING, ContentError, Mistake, Said, did_you_mean, nearest, show
from coach.content.text import Refused

__all__ = ["ContentError", "Mistake", "read_document", "read_object", "validate"]

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[str | int, ...]


def read_document(path: Path, folder: Path) -> tuple[Document | None, list[Mistake]]:
    """The raw file and its mistakes of form. File names in mistakes are relative to `folder`."""
    file = path.relative_to(folder).as_posix()
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None, [Mistake(file, 1, "", Said("没有这个文件", "no such file"))]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, [
            Mistake(file, 1, "", Said(f"打不开的文件（{reason}）", f"a file that can't be opened ({reason})"))
        ]
    return parse(file, raw)


def read_object(path: Path, folder: Path, model: type[Model]) -> tuple[Document | None, Model | None, list[Mistake]]:
    """One file read and validated; the object is None when there are mistakes."""
    document, wrong = read_document(path, folder)
    if document is None:
        return None, None, wrong
    value, more = validate(document, model)
    return document, None if wrong else value, wrong + more


def validate(document: Document, model: type[Model]) -> tuple[Model | None, list[Mistake]]:
    """The object that the file describes, or all mistakes in it."""
    # As JSON, so that strict types apply (no "45" for 45) while lists may still become tuples.
    text = json.dumps(document.data, ensure_ascii=False)
    try:
        return model.model_validate_json(text, strict=True), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    return None, _mistakes(document, model, details)


def _mistakes(document: Document, model: type[BaseModel], details: list[ErrorDetails]) -> list[Mistake]:
    wrong_keys = {item["loc"][:-1] for item in details if item["loc"] and item["loc"][-1] == "[key]"}
    misspelt: dict[Location, str] = {}
    for item in details:
        if item["type"] == "extra_forbidden":
            missing = [str(other["loc"][-1]) for other in details if _is_missing_beside(other, item)]
            misspelt[item["loc"]] = next(iter(nearest(str(item["loc"][-1]), missing)), "")
    meant = {(*loc[:-1], name) for loc, name in misspelt.items() if name}
    found = []
    for item in details:
        loc = item["loc"]
        if item["type"] == "missing" and loc in meant:
            continue  # told already as the right spelling of another key
        if any(loc[: len(key)] == key and loc[len(key) :] != ("[key]",) for key in wrong_keys):
            continue  # under a key that is wrong itself
        if item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]:
            continue  # long enough, but its items have mistakes of their own
        found.append(_mistake(document, model, item))
    return sorted(found, key=lambda mistake: mistake.line)


def _is_missing_beside(other: ErrorDetails, item: ErrorDetails) -> bool:
    return other["type"] == "missing" and other["loc"][:-1] == item["loc"][:-1]


def _mistake(document: Document, model: type[BaseModel], item: ErrorDetails) -> Mistake:
    kind, loc, value = item["type"], item["loc"], item["input"]
    refused = item.get("ctx", {}).get("error")
    if isinstance(refused, Refused):
        return document.mistake((*loc, *refused.at), Said(*refused.found), Said(*refused.allowed))
    if kind == "missing":
        name = str(loc[-1])
        part = document.mistake(loc[:-1], Said(f"没有 {name}，必须写", f"no {name}, which is needed"))
        field = f"{part.field}.{name}" if part.field else name
        return Mistake(part.file, part.line, field, part.found, shape.describe(model, loc), at=tuple(loc))
    if kind == "extra_forbidden":
        return _unknown_key(document, model, loc)
    if loc and loc[-1] == "[key]":
        return _unknown_key(document, model, loc[:-1])
    return document.mistake(loc, show(value), shape.describe(model, loc), _hint(model, loc, value))


def _unknown_key(document: Document, model: type[BaseModel], loc: Location) -> Mistake:
    key, around = str(loc[-1]), loc[:-1]
    allowed = shape.keys_at(model, around)
    hint = did_you_mean(nearest(key, allowed))
    owner = shape.owner_of(model, around, key)
    # A key that is right elsewhere was misplaced rather than misspelt.
    if owner:
        hint = Said(f"{key} 要写在 {owner} 里面，多缩进一层", f"{key} belongs inside {owner}, one level deeper")
    elif around and key in shape.keys_at(model, _mapping_above(around)):
        hint = Said(f"{key} 属于外面一层，少缩进一些", f"{key} belongs one level further out")
    elif around and (owner := shape.owner_of(model, (), key)):
        hint = Said(f"{key} 要写在 {owner} 里面", f"{key} belongs inside {owner}")
    elif "：" in key:
        hint = Said("冒号要用英文的 : ，后面空一格", "a key ends with : and a space")
    found = Said(f"不认识的键 {key}", f"the unknown key {key}")
    return document.mistake(loc, found, Said("、".join(allowed), ", ".join(allowed)), hint)


def _mapping_above(around: Location) -> Location:
    above = around[:-1]
    return above[:-1] if above and isinstance(above[-1], int) else above


def _hint(model: type[BaseModel], loc: Location, value: Any) -> Said:
    """What was probably meant."""
    here = shape.at(model, loc)
    kinds = {option.get("type") for option in here.get("anyOf", [here])}
    choices = shape.choices_at(model, loc)
    if choices and isinstance(value, str):
        return did_you_mean(nearest(value, choices))
    if value is None:
        return Said("冒号后面还没有写", "nothing follows the colon")
    if isinstance(value, str) and "pattern" in here and ("，" in value or "、" in value):
        return Said("各项之间用英文逗号", "separate the items by plain commas")
    if "string" in kinds:
        return _text_hint(value)
    if isinstance(value, str) and kinds & {"integer", "number", "boolean"}:
        plain = value.replace(".", "", 1).isdigit() or value in ("true", "false")
        return Said("去掉引号", "leave out the quotation marks") if plain else NOTHING
    if "array" in kinds and isinstance(value, str):
        return Said(
            "写成 [一, 二]，或者每行以 - 开头；逗号用英文的", "write [one, two], or each on a line after a dash"
        )
    return NOTHING


def _text_hint(value: Any) -> Said:
    if isinstance(value, dict):
        return Said(
            "句子里有英文冒号或 { } 时，整句加英文双引号", "put quotes round a sentence that holds a colon or { }"
        )
    if isinstance(value, int | float):
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        return Said(f'是文字就加英文双引号："{shown}"', f'put quotes round a text: "{shown}"')
    if isinstance(value, str) and value.isascii():
        better = value.strip().lower().replace("-", "_").replace(" ", "_")
        return did_you_mean([better]) if better != value and better.replace("_", "").isalnum() else NOTHING
    return NOTHING
