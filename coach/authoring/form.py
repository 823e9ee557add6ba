"""The form of a persona, case or rubric, generated from its model: what fields there are, what each may hold, what stands in it now.

Names, explanations and the words of every choice stand in fields.yaml; a test holds that none is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel

from coach.authoring.edits import Edit
from coach.authoring.kinds import MODELS, Kind
from coach.content import shape
from coach.content.mistakes import NOTHING, Said
from coach.content.persona import Act
from coach.customer.words import act_name

Widget = Literal["line", "text", "number", "choice", "both", "list", "group", "table", "odd"]
"""line: a short text; text: sentences; both: a text in two languages; list: parts that come and go; group: named fields;
table: a part for each key of a closed list; odd: holds something that doesn't belong there."""


@dataclass(frozen=True)
class Choice:
    value: str
    name: Said


@dataclass(frozen=True)
class Field:
    """One place of the form. `path` leads to it in the file, with slashes."""

    path: str
    widget: Widget
    label: Said
    help: Said = NOTHING
    value: str = ""
    en: str = ""
    """The English of a `both`."""
    limits: Said = NOTHING
    """What may be written, as coach check says it."""
    required: bool = True
    removable: bool = False
    movable: bool = False
    choices: tuple[Choice, ...] = ()
    parts: tuple[Field, ...] = ()
    more: tuple[Choice, ...] = ()
    """Keys that a table or group doesn't have yet and may have."""
    title: str = ""
    """What an item is called: its id, name or first words."""


@dataclass(frozen=True)
class Section:
    """Fields that belong together."""

    name: str
    title: Said
    lead: Said
    fields: tuple[Field, ...]


Names = Mapping[str, tuple[Choice, ...]]
"""Choices that the content decides: personas, rubrics, rules, rows, moves."""


@cache
def _words() -> dict[str, Any]:
    return yaml.safe_load(files("coach.authoring").joinpath("fields.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def field_words(owner: str, name: str) -> tuple[Said, Said]:
    """Name and explanation of a model's field; one that fields.yaml leaves out is called by its key."""
    label_zh, label_en, help_zh, help_en = _words()["fields"].get(owner, {}).get(name, (name, name, "", ""))
    return Said(label_zh, label_en), Said(help_zh, help_en)


def choice_words(name: str, value: str) -> Said:
    """A choice in plain words; one that fields.yaml leaves out is its own word. `name` is that of the enumeration, or Model.field."""
    if name == "Act" and value in set(Act):
        return Said(act_name(Act(value), "zh"), act_name(Act(value), "en"))
    return Said(*_words()["choices"].get(name, {}).get(value, (value, value)))


def form_of(kind: Kind, data: Mapping[str, Any], names: Names) -> list[Section]:
    """The form with what the file holds now."""
    model = MODELS[kind]
    form = _Form(model, names)
    sections = []
    for name, section in _words()["sections"][kind].items():
        fields = tuple(form.field((key,), data.get(key), model.__name__, key) for key in section["fields"])
        sections.append(Section(name, Said(*section["title"]), Said(*section["lead"]), fields))
    return sections


def edit_of(kind: Kind, sent: Mapping[str, Any], data: Any) -> Edit | None:
    """What the form says as a change of the file: texts become numbers where the model has numbers, an optional field that is
    emptied goes. None for nonsense."""
    model, op = MODELS[kind], sent.get("op")
    path = tuple(int(step) if step.isdigit() else step for step in str(sent.get("path", "")).split("/") if step)
    if not path or len(path) > 12:
        return None
    if op in ("remove", "up", "down"):
        return Edit(op, path)
    if op == "add":
        return Edit("add", path, skeleton(model, (*path, 0), _ids_at(data, path)))
    if op == "put":
        return Edit("set", path, skeleton(model, path))
    if op != "set":
        return None
    raw = str(sent.get("value", ""))
    if not raw and _optional(model, path):
        return Edit("remove", path)
    return Edit("set", path, _typed(model, path, raw))


def skeleton(model: type[BaseModel], path: tuple[str | int, ...], ids: tuple[str, ...] = ()) -> Any:
    """A new part as it begins: what is needed is there and empty, so that the form says what to write."""
    here = shape.at(model, path)
    choices = shape.choices_at(model, path)
    if choices:
        return choices[0]
    if _is_both(here):
        return {"zh": "", "en": ""}
    kind = here.get("type")
    if kind == "array":
        return [skeleton(model, (*path, 0))] if here.get("minItems") else []
    if kind == "object":
        needed = here.get("required", [])
        return {key: _new_id(ids) if key == "id" else skeleton(model, (*path, key)) for key in needed}
    plain: dict[str, Any] = {"integer": int(here.get("minimum", 0)), "number": 1.0, "boolean": False}
    return here.get("default", plain.get(str(kind), ""))


class _Form:
    def __init__(self, model: type[BaseModel], names: Names) -> None:
        self._model, self._names = model, names

    def field(self, path: tuple[str | int, ...], value: Any, owner: str, key: str) -> Field:
        """The field `key` of the model `owner`."""
        label, help_ = field_words(owner, key)
        required = key in shape.at(self._model, path[:-1]).get("required", [])
        return self._field(path, value, f"{owner}.{key}", label, help_, required=required)

    def _field(
        self, path: tuple[str | int, ...], value: Any, name: str, label: Said, help_: Said = NOTHING, **more: Any
    ) -> Field:
        """`name` says where its choices come from."""
        here, route = self._schema(path), "/".join(map(str, path))
        made: dict[str, Any] = {"path": route, "label": label, "help": help_, **more}
        options = self._choices(here, name)
        if options or here.get("type") == "boolean":
            options = options or tuple(Choice(word, choice_words("Truth", word)) for word in ("true", "false"))
            shown = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            if not isinstance(value, dict | list):
                return Field(widget="choice", value=shown, choices=_with(options, shown), **made)
        if _is_both(here):
            if value is None or isinstance(value, str):
                return Field(widget="both", value=value or "", **made)
            if isinstance(value, dict):
                return Field(widget="both", value=_text(value.get("zh")), en=_text(value.get("en")), **made)
        kind = here.get("type")
        if kind == "array" and (value is None or isinstance(value, list)):
            return Field(widget="list", parts=self._items(path, value or [], name), limits=self._limits(path), **made)
        if kind == "object" and (value is None or isinstance(value, dict)):
            return self._object(here, path, value, name, made)
        if kind in ("string", "integer", "number") and not isinstance(value, dict | list):
            widget: Widget = "number" if kind != "string" else "line" if "pattern" in here else "text"
            return Field(widget=widget, value=_text(value), limits=self._limits(path), **made)
        return Field(widget="odd", value=_text(value), limits=self._limits(path), **made)

    def _object(
        self, here: dict[str, Any], path: tuple[str | int, ...], value: Any, name: str, made: dict[str, Any]
    ) -> Field:
        if "properties" not in here:
            keys = shape.keys_at(self._model, path)
            value = value or {}
            parts = tuple(self._row(path, key, value[key], name) for key in [*keys, *value] if key in value)
            more = tuple(self._key(key, name) for key in keys if key not in value)
            return Field(widget="table", parts=tuple(dict.fromkeys(parts)), more=more, **made)
        value, owner = value or {}, str(here.get("title"))
        fields: list[Field] = []
        optional: list[Choice] = []
        for key, inner in here["properties"].items():
            if f"{owner}.{key}" in _words()["hidden"]:
                continue
            # a group that is a matter of choice stays away until it is wanted
            if value.get(key) is None and _may_be_null_group(inner):
                optional.append(Choice(key, field_words(owner, key)[0]))
                continue
            field = self.field((*path, key), value.get(key), owner, key)
            fields.append(field if not _may_be_null_group(inner) else _as_removable(field))
        return Field(widget="group", parts=tuple(fields), more=tuple(optional), title=_title(value), **made)

    def _row(self, path: tuple[str | int, ...], key: str, value: Any, name: str) -> Field:
        label = self._key(key, name).name
        return self._field((*path, key), value, f"{name}.value", label, removable=True)

    def _key(self, key: str, name: str) -> Choice:
        """The key of a table in plain words."""
        if key in self._moves():
            return Choice(key, self._moves()[key])
        return Choice(key, choice_words(_words()["keys"].get(name, name), key))

    def _items(self, path: tuple[str | int, ...], value: list[Any], name: str) -> tuple[Field, ...]:
        return tuple(
            self._field(
                (*path, index), item, name, Said(str(index + 1), str(index + 1)), removable=True, movable=len(value) > 1
            )
            for index, item in enumerate(value)
        )

    def _choices(self, here: dict[str, Any], name: str) -> tuple[Choice, ...]:
        if name in self._names:
            return self._names[name] if here.get("type") == "string" else ()
        values = [str(value) for value in here.get("enum", [])]
        if here.get("title") == "MoveId":
            return tuple(Choice(value, self._moves().get(value, Said(value, value))) for value in values)
        table = str(here.get("title")) if str(here.get("title")) in _words()["choices"] else name
        return tuple(Choice(value, choice_words(table, value)) for value in values)

    def _moves(self) -> dict[str, Said]:
        return {choice.value: choice.name for choice in self._names.get("MoveId", ())}

    def _schema(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        """The schema of a place; of one that may be null, what it is when it isn't."""
        here = shape.at(self._model, path)
        return here if _is_both(here) else shape.without_null(self._model, here)

    def _limits(self, path: tuple[str | int, ...]) -> Said:
        return shape.describe(self._model, path)


def _is_both(here: dict[str, Any]) -> bool:
    return any("zh" in option.get("properties", {}) for option in here.get("anyOf", []))


def _may_be_null_group(inner: dict[str, Any]) -> bool:
    options = inner.get("anyOf", [])
    return any(option.get("type") == "null" for option in options) and any("$ref" in option for option in options)


def _as_removable(field: Field) -> Field:
    return Field(**{**field.__dict__, "removable": True})


def _with(options: tuple[Choice, ...], value: str) -> tuple[Choice, ...]:
    """The options, and what stands in the file when it is none of them: it is shown, not hidden."""
    known = not value or any(option.value == value for option in options)
    return options if known else (Choice(value, Said(f"{value} ?", f"{value} ?")), *options)


def _title(value: Mapping[str, Any]) -> str:
    for key in ("name", "what", "ask", "label", "id"):
        told = value.get(key)
        told = told.get("zh") if isinstance(told, dict) else told
        if isinstance(told, str) and told:
            return told
    return ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10**9).strip()
    return str(value)


def _optional(model: type[BaseModel], path: tuple[str | int, ...]) -> bool:
    if isinstance(path[-1], int):
        return False
    around = shape.at(model, path[:-1])
    if _is_both(around):
        return path[-1] == "en"
    return "properties" in around and path[-1] not in around.get("required", [])


def _typed(model: type[BaseModel], path: tuple[str | int, ...], raw: str) -> Any:
    """What was typed as the model has it; what is no number stays a text, and coach check says what is allowed."""
    here = shape.without_null(model, shape.at(model, path)) if not _is_both(shape.at(model, path)) else {}
    kind, plain = here.get("type"), raw.strip()
    if kind == "boolean":
        return {"true": True, "false": False}.get(plain, raw)
    if kind in ("integer", "number"):
        if not plain:
            return None
        try:
            return int(plain)
        except ValueError:
            pass
        try:
            return float(plain) if plain.replace(".", "", 1).lstrip("-").isdigit() else raw
        except ValueError:
            return raw
    return raw


def _ids_at(data: Any, path: tuple[str | int, ...]) -> tuple[str, ...]:
    for step in path:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return ()
    items = data if isinstance(data, list) else []
    return tuple(str(item.get("id")) for item in items if isinstance(item, dict))


def _new_id(ids: tuple[str, ...]) -> str:
    return next(name for n in range(1, 10**4) if (name := f"new_{n}") not in ids)
