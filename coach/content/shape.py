"""What may stand where, in a trainer's words: read from the JSON Schema of the content models, so it is never out of step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

from coach.content.mistakes import Said

Schema = dict[str, Any]
_PATTERNS = {
    r"^[a-z][a-z0-9_]{1,47}$": Said(
        "小写英文字母、数字、下划线，字母开头，2 到 48 个字符",
        "lower-case letters, digits and _, a letter first, 2 to 48 long",
    ),
    r"^[A-I]\d{1,2}$": Said("教材目录的行号，如 C4", "a row of the training catalogue, such as C4"),
    r"^(\d{4}-\d{2}-\d{2})?$": Said("日期，如 2026-11-24", "a date, such as 2026-11-24"),
    r"^[0-9a-f]{12}$": Said("十二位的校验码，程序写的，不用改", "a checksum of 12 signs that the program writes"),
    r"^\d{5}$": Said('加引号的五位数字，如 "10077"', 'five digits in quotes, such as "10077"'),
}
_TEXT = Said("一段文字", "a text")


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """The JSON Schema of a content model."""
    return model.model_json_schema()


def at(model: type[BaseModel], path: Sequence[str | int]) -> Schema:
    """The schema of the part that `path` leads to; empty when the model has no such part."""
    root = schema_of(model)
    here = _resolved(root, root)
    for step in path:
        inner: Schema = {}
        for option in here.get("anyOf", [here]):
            option = _resolved(root, option)
            if isinstance(step, int):
                inner = option.get("items", {})
            else:
                inner = option.get("properties", {}).get(step) or option.get("additionalProperties") or {}
            if inner:
                break
        here = _resolved(root, inner) if isinstance(inner, dict) else {}
    return here


def without_null(model: type[BaseModel], schema: Schema) -> Schema:
    """Of a part that may be left empty, what it is when it isn't."""
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    return _resolved(schema_of(model), options[0]) if len(options) == 1 else schema


def _resolved(root: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that may stand in a mapping: its fields, or the closed list of a table's keys."""
    here = at(model, path)
    keys = [key for option in here.get("anyOf", [here]) for key in option.get("properties", {})]
    names = _resolved(schema_of(model), here.get("propertyNames", {}))
    return keys or list(names.get("enum", []))


def choices_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The closed list of values, if there is one."""
    here = at(model, path)
    return [str(value) for value in here.get("enum", [here["const"]] if "const" in here else [])]


def owner_of(model: type[BaseModel], path: Sequence[str | int], key: str) -> str:
    """The neighbour inside of which `key` belongs (a key indented too little); empty when there is none."""
    return next((name for name in keys_at(model, path) if key in keys_at(model, (*path, name))), "")


def describe(model: type[BaseModel], path: Sequence[str | int]) -> Said:
    """What may stand there."""
    root, here = schema_of(model), at(model, path)
    options = [_resolved(root, option) for option in here.get("anyOf", [here])]
    options = [option for option in options if option.get("type") != "null"]
    told = [_describe(model, option, path) for option in options]
    # A text with two languages is told by its plain form first: that is what people write.
    told.sort(key=lambda said: said.zh.startswith("一组键值"))
    return Said("，或".join(said.zh for said in told), ", or ".join(said.en for said in told))


def _describe(model: type[BaseModel], schema: Schema, path: Sequence[str | int]) -> Said:
    choices = [str(value) for value in schema.get("enum", [schema["const"]] if "const" in schema else [])]
    if choices:
        return Said("、".join(choices), ", ".join(choices))
    kind = schema.get("type")
    if kind == "string":
        return _PATTERNS.get(schema.get("pattern", ""), _sized(_TEXT, schema, "Length", Said("个字", "characters")))
    if kind in ("integer", "number"):
        return _range(schema, Said("整数", "a whole number") if kind == "integer" else Said("数", "a number"))
    if kind == "boolean":
        return Said("true 或 false", "true or false")
    if kind == "array":
        item = describe(model, (*path, 0))
        whole = _sized(Said("列表", "a list"), schema, "Items", Said("项", "items"))
        return Said(f"{whole.zh}，每项是{item.zh}", f"{whole.en}, each {item.en}")
    keys = list(schema.get("properties", {}))
    if keys:
        return Said(f"一组键值：{'、'.join(keys)}", f"a mapping: {', '.join(keys)}")
    names = keys_at(model, path)
    return Said(f"一组键值，键是：{'、'.join(names)}", f"a mapping with the keys {', '.join(names)}")


def _sized(what: Said, schema: Schema, suffix: str, unit: Said) -> Said:
    least, most = schema.get(f"min{suffix}", 0), schema.get(f"max{suffix}")
    if most is not None:
        return Said(f"{what.zh}（{least} 到 {most} {unit.zh}）", f"{what.en} ({least} to {most} {unit.en})")
    if least > 1 or (least and suffix == "Items"):
        return Said(f"{what.zh}（至少 {least} {unit.zh}）", f"{what.en} ({least} or more {unit.en})")
    return what


def _range(schema: Schema, what: Said) -> Said:
    least, most, above = schema.get("minimum"), schema.get("maximum"), schema.get("exclusiveMinimum")
    number = {value: f"{value:g}" for value in (least, most, above) if value is not None}
    if above is not None and most is not None:
        return Said(
            f"大于 {number[above]}、不超过 {number[most]} 的{what.zh}",
            f"{what.en} above {number[above]}, at most {number[most]}",
        )
    if least is not None and most is not None:
        return Said(
            f"{number[least]} 到 {number[most]} 的{what.zh}", f"{what.en} from {number[least]} to {number[most]}"
        )
    if least is not None:
        return Said(f"不小于 {number[least]} 的{what.zh}", f"{what.en}, {number[least]} or more")
    return what
