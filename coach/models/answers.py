"""Reading what models write: thinking set aside, JSON found wherever it stands, checked against a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Answer = TypeVar("Answer", bound=BaseModel)

_OPEN, _CLOSE = "<think>", "</think>"
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n(.*?)```", re.DOTALL)
# strict=False lets line breaks stand inside strings, which models write and which lose nothing.
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Invalid:
    """An answer that doesn't fit: what is wrong, one sentence each, in words a model can act on."""

    problems: tuple[str, ...]


def strip_thinking(text: str) -> str:
    """The answer without a reasoning block before it (some templates write only the closing mark)."""
    if _CLOSE in text:
        return text.rpartition(_CLOSE)[2].lstrip()
    return "" if text.lstrip().startswith(_OPEN) else text


class ThinkingFilter:
    """The same for a stream: holds back a leading `<think>` block, lets everything else through at once."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"

    def feed(self, piece: str) -> str:
        """What may be shown of the text so far that hasn't been shown yet; often the piece itself."""
        if self._state == "open":
            return piece
        self._held += piece
        if self._state == "start":
            lead = self._held.lstrip()
            if lead.startswith(_OPEN):
                self._state = "thinking"
            elif not _OPEN.startswith(lead):
                return self._release(self._held)
        if self._state == "thinking" and _CLOSE in self._held:
            return self._after_thinking(self._held.partition(_CLOSE)[2])
        return ""

    def rest(self) -> str:
        """What was held back in doubt when the stream ended (a text that only began like a mark)."""
        return self._release(self._held) if self._state == "start" else ""

    def _after_thinking(self, text: str) -> str:
        # The blank lines after the block belong to it, and may come in later pieces: start over behind it.
        self._held, self._state = "", "start"
        return self.feed(text.lstrip()) if text.strip() else ""

    def _release(self, text: str) -> str:
        self._held, self._state = "", "open"
        return text.lstrip("\n")


def json_objects(text: str) -> Iterator[dict[str, Any]]:
    """Every JSON object that stands in the text, outermost ones only, fenced ones first."""
    body = strip_thinking(text)
    for part in (*_FENCE.findall(body), body):
        position = part.find("{")
        while position >= 0:
            try:
                found, end = _DECODER.raw_decode(part, position)
            except json.JSONDecodeError:
                end = position + 1
            else:
                if isinstance(found, dict):
                    yield found
            position = part.find("{", end)


def parse_answer(text: str, schema: type[Answer]) -> Answer | Invalid:
    """The first object in the text that fits the schema, else what is wrong with the largest one."""
    largest: tuple[int, Invalid] | None = None
    for found in json_objects(text):
        encoded = json.dumps(found, ensure_ascii=False)
        try:
            return schema.model_validate_json(encoded)
        except ValidationError as error:
            if largest is None or len(encoded) > largest[0]:
                largest = (len(encoded), Invalid(_problems(error)))
    return largest[1] if largest else Invalid(("没有找到完整的 JSON 对象",))


def _problems(error: ValidationError, limit: int = 12) -> tuple[str, ...]:
    items = error.errors(include_url=False, include_context=False)
    said = [f"{'.'.join(map(str, item['loc'])) or '(整体)'}: {item['msg']}" for item in items[:limit]]
    return (*said, f"……另有 {len(items) - limit} 处") if len(items) > limit else tuple(said)
