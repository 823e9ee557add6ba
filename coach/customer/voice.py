"""The voices: a line's words, streamed. `AuthoredVoice` draws from authored lines; `ModelVoice` asks a language model.

A voice never changes the state: the step was decided before it is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from coach.customer.authored import authored_line
from coach.customer.principles import broken_by_code, due
from coach.records.call import Call, Step, VoiceName


@dataclass(frozen=True)
class Piece:
    """Some more words of the line, as they come."""

    text: str


@dataclass(frozen=True)
class Spoken:
    """The whole line, where its words came from, and what the guards refused on the way."""

    text: str
    voice: VoiceName
    notes: tuple[str, ...] = ()


class Voice(Protocol):
    def speak(self, call: Call, step: Step) -> AsyncIterator[Piece | Spoken]:
        """The pieces of the line, then one `Spoken`. Raises ModelError; nothing is half done then."""
        ...


class AuthoredVoice:
    """Offline: authored lines, given sentence by sentence."""

    async def speak(self, call: Call, step: Step) -> AsyncIterator[Piece | Spoken]:
        line = authored_line(call, step)
        left = broken_by_code(line, due(call.exercise.persona, step))
        yield Piece(line)
        yield Spoken(line, "authored", tuple(f"principle_left:{item.principle.id}" for item in left))
