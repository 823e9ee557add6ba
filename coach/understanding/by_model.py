"""The appraiser that asks a language model. Its answer is bound to the vocabulary; its quotes are checked here, not believed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from coach.content.case import Case
from coach.content.moves import MoveId, Vocabulary
from coach.errors import ModelError
from coach.models.seam import ChatModel, Message, ask
from coach.prompts.render import load_prompt, untrusted
from coach.records.call import Appraisal, FoundMove, Speaker
from coach.understanding.embedded import EmbeddedAppraiser, with_trap
from coach.understanding.quotes import find_quote

logger = logging.getLogger(__name__)

REMEMBERED = 14
"""Turns before the present one that the model is shown."""
_ROLES = {Speaker.TRAINEE: "坐席", Speaker.CUSTOMER: "客户"}


class Part(BaseModel):
    """A stretch of the turn and what it does."""

    quote: Annotated[str, Field(max_length=300)]
    moves: Annotated[list[MoveId], Field(max_length=6)]


class Answer(BaseModel):
    """What the model answers without a case."""

    parts: Annotated[list[Part], Field(max_length=16)]


class ModelAppraiser:
    """Appraises by a language model; when it can't be used, by the embedded classifier (`source` says which)."""

    def __init__(
        self, model: ChatModel, vocabulary: Vocabulary, fallback: EmbeddedAppraiser, temperature: float = 0.0
    ) -> None:
        self._model = model
        self._fallback = fallback
        self._temperature = temperature
        self._prompt = load_prompt("appraise")
        self._moves = [
            {"id": move.id.value, "name": move.name.zh, "meaning": " ".join(move.meaning.zh.split())}
            for move in vocabulary.moves
        ]
        self.failures: list[ModelError] = []
        """Why the embedded classifier stood in, latest last."""

    async def appraise(
        self, text: str, *, before: Sequence[tuple[Speaker, str]] = (), case: Case | None = None
    ) -> Appraisal:
        """The moves of one trainee turn, and with a case what it does to it. Never raises ModelError."""
        if not text.strip():
            return Appraisal(source="model")
        try:
            answer, _ = await ask(
                self._model,
                self.messages(text, before, case),
                _schema(case),
                temperature=self._temperature,
                max_tokens=1500,
            )
        except ModelError as failure:
            logger.warning("appraisal by the embedded classifier instead: %s", failure.code)
            self.failures.append(failure)
            return self._fallback.appraise(text, before=before, case=case)
        return _checked(answer, text)

    def messages(self, text: str, before: Sequence[tuple[Speaker, str]], case: Case | None) -> list[Message]:
        """What the model is told. All that stays the same between calls comes first."""
        parts = self._prompt.render(
            {
                "moves": self._moves,
                "case": _told(case) if case else None,
                "said": [f"{_ROLES[speaker]}：{untrusted(said)}" for speaker, said in before[-REMEMBERED:]],
                "turn": untrusted(text),
            }
        )
        return [Message("system", parts["system"]), Message("user", parts["user"])]


def _told(case: Case) -> dict[str, Any]:
    return {
        "request": case.request.zh,
        "facts": [{"id": fact.id, "what": fact.what} for fact in case.facts],
        "concerns": [{"id": item.id, "what": item.what.zh, "answer": item.answer} for item in case.concerns],
        "resolutions": [{"id": way.id, "what": way.what.zh} for way in case.resolutions],
        "trap": case.trap.what.zh,
    }


def _schema(case: Case | None) -> type[Answer]:
    if case is None:
        return Answer
    return _case_schema(
        tuple(fact.id for fact in case.facts),
        tuple(concern.id for concern in case.concerns),
        tuple(way.id for way in case.resolutions),
    )


@lru_cache(maxsize=64)
def _case_schema(facts: tuple[str, ...], concerns: tuple[str, ...], ways: tuple[str, ...]) -> type[Answer]:
    """The answer for a case: its ids are the only ones that fit."""

    def some(ids: tuple[str, ...]) -> Any:
        return (Annotated[list[Literal[ids]], Field(max_length=len(ids))], ...)  # type: ignore[valid-type]

    fields: dict[str, Any] = {
        "asked": some(facts),
        "answered": some(concerns),
        "offered": some(ways),
        "trap": (Annotated[str, Field(max_length=300)], ...),
        "out_of_play": (bool, ...),
    }
    return create_model("CaseAnswer", __base__=Answer, **fields)


def _checked(answer: Answer, text: str) -> Appraisal:
    """The answer with every quote found in the turn, or left out; each move once, at its first quote."""
    found: dict[MoveId, FoundMove] = {}
    for part in answer.parts:
        quote = find_quote(part.quote, text)
        for move in part.moves if quote else ():
            found.setdefault(move, FoundMove(move=move, quote=quote))
    moves = tuple(sorted(found.values(), key=lambda one: text.find(one.quote)))
    trap = find_quote(str(getattr(answer, "trap", "")), text)
    return Appraisal(
        moves=with_trap(moves, trap, text),
        asked=tuple(dict.fromkeys(getattr(answer, "asked", ()))),
        answered=tuple(dict.fromkeys(getattr(answer, "answered", ()))),
        offered=tuple(dict.fromkeys(getattr(answer, "offered", ()))),
        trap=trap,
        out_of_play=bool(getattr(answer, "out_of_play", False)),
        source="model",
    )
