"""Reads a chat completion as it came over the wire, without a client library."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from coach.models import failures, wire
from coach.models.answers import json_objects, strip_thinking
from coach.models.habits import Habits
from coach.models.seam import Completion, Usage


class Refused(Exception):
    """An HTTP error, with the attributes by which `failures` reads any client's errors."""

    def __init__(self, status: int, body: Any, headers: Any = None) -> None:
        super().__init__(status)
        inner = body.get("error", body) if isinstance(body, dict) else body
        self.status_code = status
        self.body = inner if isinstance(inner, dict) else {"message": str(inner)[:2000]}
        self.code = self.body.get("code")
        self.response = _Head(headers or {})


class _Head:
    def __init__(self, headers: Any) -> None:
        self.headers = headers


def read_completion(
    data: Any, name: str, habits: Habits, schema: type[BaseModel] | None, place: failures.Place
) -> Completion:
    """The answer in a 200's body.

    Raises:
        ModelError: it was filtered, cut off, empty, or is no chat completion.
        Refused: an error inside a 200.
    """
    if isinstance(data, dict) and data.get("error"):
        raise Refused(200, data)
    try:
        choice = data["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason")
    except (KeyError, IndexError, TypeError):
        raise failures.unreadable(place) from None
    if message.get("refusal"):
        raise failures.filtered()
    calls = message.get("tool_calls") or []
    text = calls[0].get("function", {}).get("arguments") if calls else message.get("content")
    text = strip_thinking(text if isinstance(text, str) else "")
    wire.check_finish(finish, bool(text.strip()))
    if schema is not None and text.lstrip()[:1] != "{" and next(json_objects(text), None) is None:
        habits.form_ignored()
    return Completion(text, data.get("model") or name, _usage(data.get("usage")), finish or "stop")


def _usage(counted: Any) -> Usage:
    if not isinstance(counted, dict):
        return Usage()
    details = counted.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else counted.get("prompt_cache_hit_tokens")
    return Usage(counted.get("prompt_tokens") or 0, counted.get("completion_tokens") or 0, cached or 0)
