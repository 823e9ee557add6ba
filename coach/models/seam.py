"""The seam: all that the rest of the program knows about language models.

A model takes messages and gives text, at once or in pieces. Every failure is a typed ModelError that leaves nothing
half done: the same call can be made again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from coach.errors import ModelAnswerInvalid, ModelCutOff
from coach.models.answers import Invalid, parse_answer
from coach.models.wording import repair_request

ChatRole = Literal["system", "user", "assistant"]
Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the model gets it."""

    role: ChatRole
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or several requests, as the provider counted them (0 where it doesn't say)."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.completion + other.completion, self.cached + other.cached)


@dataclass(frozen=True, slots=True)
class Completion:
    """A finished answer. `model` is the name the provider answered with; `finish` its word for why it stopped."""

    text: str
    model: str
    usage: Usage = field(default_factory=Usage)
    finish: str = "stop"


class ChatModel(Protocol):
    """Anything that answers messages: a provider, or a script."""

    @property
    def name(self) -> str:
        """The model's name, for records and reports."""
        ...

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float,
        max_tokens: int,
    ) -> Completion:
        """Answer in one piece; with a schema, as JSON that should fit it (unchecked: see `ask`).

        Raises:
            ModelError: one of its kinds; ModelCutOff when `max_tokens` was not enough.
        """
        ...

    def stream(self, messages: Sequence[Message], *, temperature: float, max_tokens: int) -> AsyncIterator[str]:
        """The answer in pieces of text as they come.

        Raises:
            ModelError: also after some pieces: ModelCutOff when the stream broke, ended without a reason, or hit
                `max_tokens`; ModelFiltered when the provider stopped it.
        """
        ...


async def ask(
    model: ChatModel,
    messages: Sequence[Message],
    schema: type[Answer],
    *,
    temperature: float = 0.0,
    max_tokens: int = 1500,
) -> tuple[Answer, Completion]:
    """An answer that is checked against `schema`, with one second chance.

    An invalid answer goes back with what is wrong with it; a cut-off answer is asked for again with twice the room.
    The completion's usage counts both requests.

    Raises:
        ModelAnswerInvalid: the second answer doesn't fit either.
        ModelError: the model could not be reached, or refused.
    """
    try:
        first = await model.complete(messages, schema=schema, temperature=temperature, max_tokens=max_tokens)
    except ModelCutOff:
        again = await model.complete(messages, schema=schema, temperature=temperature, max_tokens=max_tokens * 2)
        return _checked(again, schema, again.usage)
    parsed = parse_answer(first.text, schema)
    if not isinstance(parsed, Invalid):
        return parsed, first
    repair = (
        *messages,
        Message("assistant", first.text[:8000].strip() or "(空)"),
        Message("user", repair_request(parsed.problems, schema)),
    )
    second = await model.complete(repair, schema=schema, temperature=temperature, max_tokens=max_tokens)
    return _checked(second, schema, first.usage + second.usage)


def _checked(completion: Completion, schema: type[Answer], usage: Usage) -> tuple[Answer, Completion]:
    parsed = parse_answer(completion.text, schema)
    if isinstance(parsed, Invalid):
        raise ModelAnswerInvalid(
            "模型两次都没有按要求的格式回答。可以再试一次；总是这样，就换一个 COACH_MODEL，"
            "或设 COACH_MODEL_JSON=prompt。",
            "The model twice gave an answer of the wrong form. Try again; if it keeps happening, use another "
            "COACH_MODEL or set COACH_MODEL_JSON=prompt.",
        )
    return parsed, Completion(completion.text, completion.model, usage, completion.finish)
