"""What goes over the wire and how an answer's end is read: the same whichever library carries it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from coach.models import failures
from coach.models.habits import Habits
from coach.models.schemas import schema_for
from coach.models.seam import Message
from coach.models.wording import form_request

_FILTER_FINISHES = {"content_filter", "sensitive"}  # OpenAI and most; GLM
_FAULT_FINISHES = {"network_error", "insufficient_system_resource", "error"}  # GLM; DeepSeek; gateways


def body(habits: Habits, schema: type[BaseModel] | None, max_tokens: int) -> dict[str, Any]:
    """Fields of the request beside model, messages and temperature. LangChain would rename some of them or take a detour for them
    (`response_format` through parse(), which is slower and throws cut-off answers away)."""
    fields: dict[str, Any] = {**habits.body, habits.limit: max_tokens}
    if schema is None or habits.means == "prompt":
        return fields
    if habits.means == "json_object":
        return {**fields, "response_format": {"type": "json_object"}}
    form = {"name": schema.__name__, "strict": habits.strict}
    if habits.means == "json_schema":
        shape = {**form, "schema": schema_for(schema, strict=habits.strict)}
        return {**fields, "response_format": {"type": "json_schema", "json_schema": shape}}
    function = {**form, "parameters": schema_for(schema, strict=habits.strict)}
    choice = {"type": "function", "function": {"name": schema.__name__}}
    return {**fields, "tools": [{"type": "function", "function": function}], "tool_choice": choice}


def options(habits: Habits, fields: dict[str, Any], temperature: float) -> dict[str, Any]:
    """The same as openai's client takes them."""
    return {"extra_body": fields, **({"temperature": temperature} if habits.temperature else {})}


def with_form(habits: Habits, messages: Sequence[Message], schema: type[BaseModel] | None) -> list[tuple[str, str]]:
    """Pairs of role and text; with the form in words at the end of the instructions where the endpoint isn't handed it.

    The instructions, not the last message: that may be a transcript, in which nothing is to be obeyed.
    """
    pairs: list[tuple[str, str]] = [(message.role, message.content) for message in messages]
    if schema is None or habits.means in ("json_schema", "tools"):
        return pairs
    place = next((index for index, (role, _) in enumerate(pairs) if role == "system"), len(pairs) - 1)
    role, content = pairs[place]
    pairs[place] = (role, content + form_request(schema))
    return pairs


def request(
    habits: Habits,
    model: str,
    messages: Sequence[Message],
    schema: type[BaseModel] | None,
    temperature: float,
    max_tokens: int,
) -> dict[str, Any]:
    """The whole body of a chat completion."""
    pairs = with_form(habits, messages, schema)
    return {
        "model": model,
        "messages": [{"role": role, "content": content} for role, content in pairs],
        **({"temperature": temperature} if habits.temperature else {}),
        **body(habits, schema, max_tokens),
    }


def check_finish(finish: str | None, said: bool) -> None:
    """Raises the ModelError that an answer's end stands for; nothing for a good end."""
    if finish in _FILTER_FINISHES:
        raise failures.filtered()
    if finish == "length":
        raise failures.too_long_answer()
    if finish is None or finish in _FAULT_FINISHES:
        raise failures.cut_off()
    if not said:
        raise failures.empty_answer()
