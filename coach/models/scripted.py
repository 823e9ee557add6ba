"""A model that says what it was given to say: for tests, demonstrations and trying prompts without a key."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from coach.errors import CoachError, ModelError
from coach.models.seam import Completion, Message, Usage


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the scripted model got it."""

    kind: Literal["complete", "stream"]
    messages: tuple[Message, ...]
    schema: type[BaseModel] | None
    temperature: float
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer that says `text` and then fails: streamed, the text is heard first; asked for whole, only the error."""

    text: str
    error: ModelError


Line = str | BaseModel | dict[str, Any] | ModelError | Broken
Script = Sequence[Line] | Callable[[Asked], Line]


class ScriptRanOut(CoachError):
    """More was asked than the script holds. Not a ModelError, so that nothing retries it: the test is at fault."""

    code = "script_ran_out"


class ScriptedModel:
    """A ChatModel whose answers come from a list, one a request, or from a function of the request.

    An answer is text, a pydantic object or a dict (given as JSON), a ModelError (raised), or a Broken. `requests` keeps
    what was asked; `left` what was not yet said.
    """

    def __init__(self, script: Script, name: str = "scripted") -> None:
        self._script = script
        self._said = 0
        self._name = name
        self.requests: list[Asked] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def left(self) -> int:
        """Answers of the list nobody asked for; 0 for a function."""
        return 0 if callable(self._script) else len(self._script) - self._said

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float,
        max_tokens: int,
    ) -> Completion:
        line = self._next(Asked("complete", tuple(messages), schema, temperature, max_tokens))
        if isinstance(line, Broken):
            raise line.error
        if isinstance(line, ModelError):
            raise line
        text = _as_text(line)
        return Completion(text, self._name, Usage(sum(len(message.content) for message in messages), len(text)))

    async def stream(self, messages: Sequence[Message], *, temperature: float, max_tokens: int) -> AsyncIterator[str]:
        line = self._next(Asked("stream", tuple(messages), None, temperature, max_tokens))
        if isinstance(line, ModelError):
            raise line
        text = line.text if isinstance(line, Broken) else _as_text(line)
        for start in range(0, len(text), 4):
            yield text[start : start + 4]
        if isinstance(line, Broken):
            raise line.error

    def _next(self, asked: Asked) -> Line:
        self.requests.append(asked)
        if callable(self._script):
            return self._script(asked)
        if self._said >= len(self._script):
            raise ScriptRanOut(
                f"脚本只有 {len(self._script)} 条回答，这是第 {len(self.requests)} 次提问。",
                f"The script has {len(self._script)} answers, and this is question {len(self.requests)}.",
            )
        self._said += 1
        return self._script[self._said - 1]


def _as_text(line: str | BaseModel | dict[str, Any]) -> str:
    if isinstance(line, BaseModel):
        return line.model_dump_json()
    return line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
