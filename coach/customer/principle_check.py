"""Asks a model whether a customer's line keeps the persona's principles: one question for all that are due, answered one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, Field, create_model

from coach.content.principle import Principle
from coach.customer.principles import Broken, broken_by_code
from coach.models.seam import ChatModel, Message, ask
from coach.prompts.render import Prompt, untrusted
from coach.records.call import Speaker, Turn
from coach.understanding.quotes import find_quote

BEFORE = 3
"""Turns before the line that are shown: a rule may speak of what the agent just said."""
_NAMES = {Speaker.TRAINEE: "客服", Speaker.CUSTOMER: "客户"}


class Verdict(BaseModel):
    """One principle's answer. The words come first, so that the answer follows from them."""

    quote: Annotated[str, Field(max_length=80)]
    answer: Literal["kept", "broken", "aside"]


class PrincipleCheck:
    """Judges lines by principles; those that code decides cost no question."""

    def __init__(self, model: ChatModel, prompt: Prompt, temperature: float = 0.0) -> None:
        self._model = model
        self._prompt = prompt
        self._temperature = temperature

    async def broken(
        self, line: str, before: Sequence[Turn], principles: Sequence[Principle], directed: str = ""
    ) -> tuple[Broken, ...]:
        """The principles this line doesn't keep. What code finds is enough: then no model is asked. `directed`: what the
        customer was told to do in this turn (Chinese), which alone breaks nothing.

        Raises:
            ModelError: the question could not be answered.
        """
        found = broken_by_code(line, principles)
        asked = [principle for principle in principles if not principle.by_code]
        if found or not asked:
            return found
        answer, _ = await ask(
            self._model,
            self.messages(line, before, asked, directed),
            _schema(len(asked)),
            temperature=self._temperature,
            max_tokens=60 + 60 * len(asked),
        )
        verdicts: list[Verdict] = [getattr(answer, _key(place)) for place in range(len(asked))]
        judged = [_broken(principle, verdict, line) for principle, verdict in zip(asked, verdicts, strict=True)]
        return tuple(item for item in judged if item is not None)

    def messages(
        self, line: str, before: Sequence[Turn], principles: Sequence[Principle], directed: str = ""
    ) -> list[Message]:
        """What the model is told. The persona's rules come first, because they stay the same from line to line.

        Not when they hold: only those that are due are asked, and the question would be answered twice."""
        parts = self._prompt.render(
            {
                "rules": [
                    {
                        "key": _key(place),
                        "text": untrusted(item.text),
                        "good": untrusted(item.good),
                        "bad": untrusted(item.bad),
                    }
                    for place, item in enumerate(principles)
                ],
                "said": [f"{_NAMES[turn.speaker]}：{untrusted(turn.text)}" for turn in before[-BEFORE:]],
                "line": untrusted(line),
                "directed": untrusted(directed),
            }
        )
        return [Message("system", parts["system"]), Message("user", parts["user"])]


def _key(place: int) -> str:
    return f"p{place + 1}"


@lru_cache(maxsize=32)
def _schema(count: int) -> type[BaseModel]:
    """One required answer a principle, so that none can be left out."""
    fields = {_key(place): (Verdict, ...) for place in range(count)}
    return create_model("PrincipleAnswers", **fields)  # type: ignore[call-overload, no-any-return]


def _broken(principle: Principle, verdict: Verdict, line: str) -> Broken | None:
    """A principle counts as broken by words that stand in the line, or by something missing from it (no words)."""
    if verdict.answer != "broken":
        return None
    words = find_quote(verdict.quote, line) if verdict.quote.strip() else ""
    return None if verdict.quote.strip() and not words else Broken(principle, words)
