"""The seam over LangChain's OpenAI-compatible chat models."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from coach.models import failures, wire
from coach.models.answers import ThinkingFilter, json_objects, strip_thinking
from coach.models.endpoint import Endpoint
from coach.models.habits import Habits
from coach.models.patience import Deadlines, Tries
from coach.models.seam import Completion, Message, Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

log = logging.getLogger(__name__)

_MOST_TRIES = 16  # more than there are retries and things to learn


class LangChainModel:
    """A ChatModel on one endpoint. `name` is the configured model name."""

    def __init__(self, endpoint: Endpoint, name: str) -> None:
        self._endpoint = endpoint
        self._name = name
        self._habits = Habits.of(endpoint.preset, endpoint.settings.json_means)

    @property
    def name(self) -> str:
        return self._name

    @property
    def json_means(self) -> str:
        """The way of getting JSON in use now: what worked, once something was asked."""
        return self._habits.means

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float,
        max_tokens: int,
    ) -> Completion:
        self._endpoint.check_allowed()
        tries = Tries(self._endpoint.settings.retries)
        for _ in range(_MOST_TRIES):
            body = wire.body(self._habits, schema, max_tokens)
            options = wire.options(self._habits, body, temperature)
            try:
                answer = await self._invoke(wire.with_form(self._habits, messages, schema), options)
            except _provider_errors() as error:
                explained = failures.explain(error, self._place())
                if self._learn(error, body, options) or await tries.again(explained):
                    continue
                raise explained from None
            return self._completion(answer, schema)
        raise failures.unreadable(self._place())

    async def stream(self, messages: Sequence[Message], *, temperature: float, max_tokens: int) -> AsyncIterator[str]:
        self._endpoint.check_allowed()
        tries = Tries(self._endpoint.settings.retries)
        for _ in range(_MOST_TRIES):
            body = wire.body(self._habits, None, max_tokens)
            options = wire.options(self._habits, body, temperature)
            started = False
            try:
                async with aclosing(self._pieces(messages, options)) as pieces:
                    async for piece in pieces:
                        started = True
                        yield piece
            except _provider_errors() as error:
                # Once something was heard, asking again would say it twice.
                explained = failures.explain(error, self._place(), started=started)
                if not started and (self._learn(error, body, options) or await tries.again(explained)):
                    continue
                raise explained from None
            return
        raise failures.unreadable(self._place())

    def _place(self) -> failures.Place:
        return self._endpoint.place(self._name)

    def _learn(self, error: BaseException, body: dict[str, Any], options: dict[str, Any]) -> bool:
        if not self._habits.learn(failures.facts_of(error), {**body, **options}):
            return False
        log.info("model %s: a parameter was refused; asking again with json=%s", self._name, self._habits.means)
        return True

    async def _invoke(self, pairs: list[tuple[str, str]], options: dict[str, Any]) -> AIMessage:
        async with asyncio.timeout(Deadlines.of(self._endpoint.settings).whole):
            return await self._endpoint.client(self._name).ainvoke(pairs, **options)

    async def _pieces(self, messages: Sequence[Message], options: dict[str, Any]) -> AsyncGenerator[str]:
        """Pieces of the answer proper; raises when it ended for a bad reason."""
        sieve, finish, said = ThinkingFilter(), None, False
        chunks = self._endpoint.client(self._name).astream(wire.with_form(self._habits, messages, None), **options)
        async for chunk in chunks:
            finish = chunk.response_metadata.get("finish_reason") or finish
            text = sieve.feed(chunk.text)
            if text:
                said = said or bool(text.strip())
                yield text
        if rest := sieve.rest():
            said = said or bool(rest.strip())
            yield rest
        wire.check_finish(finish, said)

    def _completion(self, answer: AIMessage, schema: type[BaseModel] | None) -> Completion:
        meta = answer.response_metadata
        finish = meta.get("finish_reason")
        if answer.additional_kwargs.get("refusal"):
            raise failures.filtered()
        text = strip_thinking(_tool_arguments(answer) or answer.text)
        wire.check_finish(finish, bool(text.strip()))
        if schema is not None and next(json_objects(text), None) is None:
            self._habits.form_ignored()
        counted = answer.usage_metadata
        cached = counted.get("input_token_details", {}).get("cache_read", 0) if counted else 0
        usage = Usage(counted["input_tokens"], counted["output_tokens"], cached or 0) if counted else Usage()
        return Completion(text, meta.get("model_name") or self._name, usage, finish or "stop")


def _tool_arguments(answer: AIMessage) -> str:
    """The arguments of the first tool call as JSON text; unreadable ones as they came, to be repaired."""
    if answer.tool_calls:
        return json.dumps(answer.tool_calls[0]["args"], ensure_ascii=False)
    return answer.invalid_tool_calls[0]["args"] or "" if answer.invalid_tool_calls else ""


def _provider_errors() -> tuple[type[BaseException], ...]:
    """What the libraries raise: openai's errors (LangChain's derive from them), and plain ones for odd bodies.

    ValueError, TypeError, KeyError: LangChain on a 200 that isn't a chat completion. OSError: connections that break
    below the HTTP layer; TimeoutError is one of them.
    """
    from langchain_core.exceptions import LangChainException
    from openai import OpenAIError

    return (OpenAIError, LangChainException, ValueError, TypeError, KeyError, OSError)
