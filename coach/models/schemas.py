"""From pydantic models to the JSON Schemas that endpoints accept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

# Decoration that costs tokens and that strict endpoints refuse.
_NOISE = {"title", "default", "examples"}
# OpenAI's strict subset knows no text lengths; llama.cpp and vLLM enforce them, so they stay elsewhere.
_NOT_STRICT = {"minLength", "maxLength"}


@lru_cache(maxsize=128)
def schema_for(model: type[BaseModel], *, strict: bool) -> dict[str, Any]:
    """The schema to send, computed once a type: every field required, no other fields, no decoration.

    Fields that map free keys to values (dict[str, X]) can't be said in the strict subset: use a list of pairs.
    The result is shared: don't change it.
    """
    return _object(_tidy(model.model_json_schema(), _NOISE | (_NOT_STRICT if strict else set())))


def _tidy(node: Any, drop: set[str]) -> Any:
    if isinstance(node, list):
        return [_tidy(item, drop) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}  # strict endpoints allow nothing beside it
    named = {"properties", "$defs"}  # below these, keys are names of fields and types, not keywords
    tidy = {
        key: {name: _tidy(value, drop) for name, value in part.items()} if key in named else _tidy(part, drop)
        for key, part in node.items()
        if key not in drop and key not in ("discriminator", "enum", "const")
    }
    # Values, not schemas: copied as they are.
    tidy.update({key: node[key] for key in ("enum", "const") if key in node})
    if "oneOf" in tidy:
        tidy["anyOf"] = tidy.pop("oneOf")
    return _object(tidy) if "properties" in tidy else tidy


def _object(node: dict[str, Any]) -> dict[str, Any]:
    properties = node.get("properties", {})
    return {**node, "type": "object", "required": list(properties), "additionalProperties": False}
