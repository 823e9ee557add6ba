"""A model voice whose lines are held against the persona's principles before anybody hears them.

Where no principle is due, the line streams as ever. Where one is, the whole line is waited for and checked; the page shows
that the customer is about to speak. A line that breaks one is written anew once, with the reason; the better of what came
out is spoken, or an authored line. The check never blocks a call: without an answer in time, the line is spoken unchecked.
Everything is noted on the turn: `principle:ID` what the first line broke, `first_line:WORDS` that line, `principle_left:ID`
what the spoken line still breaks, `principle_unchecked`, `rewrite_failed`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace

from coach.content.principle import Principle
from coach.customer.authored import authored_line
from coach.customer.guards import sentences
from coach.customer.model_voice import ModelVoice
from coach.customer.principle_check import PrincipleCheck
from coach.customer.principles import Broken, due
from coach.customer.state_card import direction
from coach.customer.voice import Piece, Spoken
from coach.errors import ModelError
from coach.records.call import Call, Step

logger = logging.getLogger(__name__)

PATIENCE_S = 5.0
"""Longest a held line waits for one check, in seconds; silence on the phone is felt from about four."""

OF_PRINCIPLES = ("principle", "first_line:", "rewrite_failed")
"""How the notes begin that the check of principles leaves on a turn; others are the guards'."""


class PrincipledVoice:
    def __init__(self, voice: ModelVoice, check: PrincipleCheck, patience_s: float = PATIENCE_S) -> None:
        self._voice = voice
        self._check = check
        self._patience_s = patience_s

    async def speak(self, call: Call, step: Step) -> AsyncIterator[Piece | Spoken]:
        principles = due(call.exercise.persona, step)
        if not principles:
            async with aclosing(self._voice.speak(call, step)) as events:
                async for event in events:
                    yield event
            return
        spoken = await self._kept(call, step, principles)
        for sentence in sentences(spoken.text):
            yield Piece(sentence)
        yield spoken

    async def _kept(self, call: Call, step: Step, principles: Sequence[Principle]) -> Spoken:
        first = await self._line(call, step)
        if first.voice != "model":
            return first  # words that a trainer wrote
        found = await self._broken(first, call, step, principles)
        if not found:
            return first if found is not None else _noted(first, "principle_unchecked")
        notes = (*first.notes, *(f"principle:{item.principle.id}" for item in found), f"first_line:{first.text}")
        try:
            second = await self._line(call, step, _reason(first.text, found))
        except ModelError as failure:
            logger.warning("no second line after a broken principle: %s", failure.code)
            return _authored(call, step, (*notes, "rewrite_failed"))
        notes = (*notes, *second.notes)
        if second.voice != "model":
            return replace(second, voice="authored_after_principle", notes=notes)
        left = await self._broken(second, call, step, principles)
        if left is None:
            return replace(second, notes=(*notes, "principle_unchecked"))
        if len(left) < len(found):
            return replace(second, notes=(*notes, *(f"principle_left:{item.principle.id}" for item in left)))
        return _authored(call, step, notes)

    async def _line(self, call: Call, step: Step, refused: str = "") -> Spoken:
        """The whole line, after the guards."""
        spoken = None
        async with aclosing(self._voice.speak(call, step, refused)) as events:
            async for event in events:
                spoken = event if isinstance(event, Spoken) else spoken
        assert spoken is not None  # a voice ends with the line or raises
        return spoken

    async def _broken(
        self, spoken: Spoken, call: Call, step: Step, principles: Sequence[Principle]
    ) -> tuple[Broken, ...] | None:
        """None when nobody could tell in time."""
        try:
            async with asyncio.timeout(self._patience_s):
                return await self._check.broken(spoken.text, call.turns, principles, direction(call, step))
        except TimeoutError:
            logger.warning("the check of principles took more than %g s", self._patience_s)
        except ModelError as failure:
            logger.warning("principles were not checked: %s", failure.code)
        return None


def _noted(spoken: Spoken, note: str) -> Spoken:
    return replace(spoken, notes=(*spoken.notes, note))


def _authored(call: Call, step: Step, notes: tuple[str, ...]) -> Spoken:
    return Spoken(authored_line(call, step), "authored_after_principle", notes)


def _reason(line: str, found: Sequence[Broken]) -> str:
    """What the voice is told about its first line."""
    rules = "；".join(
        f"{item.principle.text}{f'，错在“{item.words}”' if item.words and item.words != line else ''}" for item in found
    )
    return f"“{line}”没守住规矩：{rules}"
