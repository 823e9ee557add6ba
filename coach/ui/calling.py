"""What happens in a call: it begins, the trainee speaks and is answered, asks for a hint, goes back, hangs up, stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Literal

from coach.customer.voice import Piece
from coach.errors import CallState, CoachError
from coach.practice import Answered, Event, Heard
from coach.records.call import Call, Exercise, Outcome
from coach.ui.after import After
from coach.ui.desk import Desk, box, bubbles, status
from coach.ui.doing import Doing, Handler
from coach.ui.front import Front
from coach.ui.hints import ask_hint
from coach.ui.pace import paced
from coach.ui.render import chat_text
from coach.ui.visitor import Visitor
from coach.ui.wording import page_wording

FIELDS = ("persona", "case", "mode", "difficulty", "intensity", "turn")
"""What a button here may send along."""


class Calling:
    """The handlers of the call view. `arrive` shows what a reload would."""

    def __init__(self, desk: Desk, front: Front, after: After, arrive: Callable[[Visitor], Doing]) -> None:
        self.desk, self.front, self.after, self.arrive = desk, front, after, arrive
        self.practice = desk.practice
        self.doings: dict[str, Handler] = {
            "start": self.start,
            "again": self.again,
            "retry": self.retry,
            "hint": self.hint,
            "rewind": self.rewind,
            "hang_up": self.hang_up,
            "stop": self.stop,
        }

    async def start(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        mode = "exam" if sent.get("mode") == "exam" else "practice"
        difficulty = sent.get("difficulty", "")
        difficulty = difficulty if difficulty in ("gentle", "hard") else "standard"
        intensity = "mild" if sent.get("intensity") == "mild" else "full"
        exercise = self.practice.exercise(sent.get("persona", ""), sent.get("case", ""), mode, difficulty, intensity)
        call = self._start(exercise, visitor)
        yield self.front.call(call, visitor)

    async def again(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The exercise of the report on the page once more, as it was."""
        before = self.front.on_page(visitor)
        if before is None:
            yield self.front.choose(visitor)
            return
        call = self._start(before.exercise, visitor)
        yield self.front.call(call, visitor)

    async def say(self, visitor: Visitor, text: str) -> Doing:
        """The trainee said something; the customer's answer comes in pieces."""
        async for shown in self._talk(visitor, lambda call: self.practice.say(call.id, text)):
            yield shown

    async def retry(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The customer's answer that is still missing."""
        async for shown in self._talk(visitor, lambda call: self.practice.answer(call.id)):
            yield shown

    async def _talk(self, visitor: Visitor, said: Callable[[Call], AsyncIterator[Event]]) -> Doing:
        call = self.front.on_page(visitor)
        if call is None:
            yield self.front.choose(visitor)
            return
        language = visitor.language
        if call.awaiting_customer:
            yield {"status": status(call, language, speaking=True), "box": box(call, language, speaking=True)}
        settled = False  # whether the page shows the call as it stands in the store
        try:
            async with aclosing(paced(said(call))) as events:
                async for event in events:
                    if isinstance(event, Heard):
                        call = call.model_copy(update={"turns": (*call.turns, event.turn)})
                        yield {
                            "chat": bubbles(call),
                            "status": status(call, language, speaking=True),
                            "box": {**box(call, language, speaking=True), "text": ""},
                        }
                    elif isinstance(event, Piece):
                        line = {"role": "assistant", "content": chat_text(event.text)}
                        yield {"chat": [*bubbles(call), line]}
                    elif isinstance(event, Answered):
                        settled = True
                        yield self.desk.call_view(event.call, language)
        except CoachError as error:
            settled = True
            yield self.desk.call_view(self.practice.store.call(call.id), language, fault=error)
        except (GeneratorExit, asyncio.CancelledError):
            settled = True  # hung up or gone: nobody is looking
            raise
        finally:  # whatever went wrong, the trainee is not left before a box that stays closed
            if not settled:
                yield self.desk.call_view(self.practice.store.call(call.id), language, fault=_unexpected())
        if self.practice.store.call(call.id).outcome is Outcome.STOPPED:
            async for shown in self.arrive(visitor):
                yield shown

    async def hint(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self.front.on_page(visitor)
        if call is None:
            yield self.front.choose(visitor)
            return
        try:
            ask_hint(self.practice, call)
        except CoachError as error:
            yield {"status": status(call, visitor.language, fault=error)}
            return
        yield {"mood": self.desk.mood(call, visitor.language)}

    async def rewind(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Back to one of the trainee's own turns of the call on the page, to say it differently in a branch.

        Raises:
            CallState: not a turn of the trainee's; an exam that is still running.
        """
        call, turn = self.front.on_page(visitor), sent.get("turn", "")
        if call is None or not turn.isascii() or not turn.isdigit():
            yield self.front.choose(visitor)
            return
        yield self.front.call(self.practice.rewind(call.id, int(turn)), visitor)

    async def hang_up(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self.front.on_page(visitor)
        if call is None:
            yield self.front.choose(visitor)
            return
        call = self.practice.hang_up(call.id)
        async for shown in self.after.show(call, visitor):
            yield shown

    async def stop(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Ends the practice at once, without a grade."""
        call = self.front.on_page(visitor)
        if call is not None and call.outcome is None:
            self.practice.stop(call.id)
        async for shown in self.arrive(visitor):
            yield shown

    def _start(self, exercise: Exercise, visitor: Visitor) -> Call:
        language: Literal["zh", "en"] = "en" if visitor.language == "en" else "zh"
        return self.practice.start(exercise, language=language, trainee=visitor.viewer.name)


def _unexpected() -> CoachError:
    both = page_wording().languages("call.unexpected")
    return CallState(both["zh"], both["en"])
