"""What happens when somebody does something on the page: plain async functions, free of gradio.

Each is an async generator of `Shown`. The browser only says which call; everything else is looked up in the store, and
every handler looks its call up through `Desk.own`: somebody else's is as good as none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Literal

from coach.customer.voice import Piece
from coach.errors import CallState, CoachError
from coach.practice import Answered, Event, Heard
from coach.records.call import Call, Exercise, Outcome
from coach.storage.users import Users
from coach.ui import orders, recovering, reflect
from coach.ui.after import After
from coach.ui.bulk.actions import FIELDS as BULK_FIELDS
from coach.ui.bulk.actions import Bulk
from coach.ui.desk import Desk, Shown, box, bubbles, status
from coach.ui.hints import ask_hint
from coach.ui.pace import paced
from coach.ui.remarks.actions import STARTS as REMARKS
from coach.ui.remarks.actions import RemarkActions
from coach.ui.remarks.remarking import FIELDS as REMARK_FIELDS
from coach.ui.render import chat_text
from coach.ui.roster.actions import FIELDS as ROSTER_FIELDS
from coach.ui.roster.actions import Roster
from coach.ui.studio.actions import StudioActions
from coach.ui.visitor import Visitor
from coach.ui.wording import page_wording

Doing = AsyncGenerator[Shown, None]
FIELDS = (
    "do",
    "persona",
    "case",
    "mode",
    "difficulty",
    "intensity",
    "call",
    "view",
    "turn",
    "skip",
    "kind",
    *orders.FIELDS,
    *recovering.FIELDS,
    *ROSTER_FIELDS,
    *reflect.FIELDS,
    *BULK_FIELDS,
    *REMARK_FIELDS,
)
"""What a button may send along."""


class Actions:
    """The handlers of the page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.practice = desk.practice
        self.users = Users(desk.practice.store)
        self.after = After(desk)
        self.studio = StudioActions(desk)
        self.bulk = Bulk(desk)
        self.roster = Roster(desk, self.after.reporting)
        self.remarks = RemarkActions(desk, self.studio.bench)
        self._doings: dict[str, Callable[[Visitor, dict[str, str]], Doing]] = {
            "choose": self.choose,
            "mine": self.mine,
            "language": self.switch_language,
            "start": self.start,
            "again": self.again,
            "open": self.open,
            "retry": self.retry,
            "hang_up": self.hang_up,
            "stop": self.stop,
            "hint": self.hint,
            "rewind": self.rewind,
            "order_save": self.order_save,
            "recovery": self.recovery,
            "recovery_save": self.recovery_save,
            "report": self.report,
            "learn": self.reflected,
            "dispute": self.reflected,
            "ask": self.ask,
        }

    async def do(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A button of the page was pressed; `sent` is what it carries. Unknown buttons do nothing."""
        asked = sent.get("do", "")
        left = visitor.memory.leaving(asked)
        if left != visitor.memory:
            ticking: Shown = {"bulk_tick": False} if visitor.memory.bulk and not left.bulk else {}
            visitor = visitor.with_memory(left)
            yield ticking | {"memory": left.kept()}
        area = self._area(asked)
        if area is not None:
            async with aclosing(area.do(visitor, sent)) as parts:
                async for part in parts:
                    yield part
            return
        doing = self._doings.get(asked)
        if doing is None:
            return
        async with aclosing(doing(visitor, sent)) as shown:
            async for part in shown:
                yield part

    def _area(self, asked: str) -> StudioActions | Roster | RemarkActions | Bulk | None:
        """The trainers' part that a button belongs to; each checks for itself that it is pressed by a trainer."""
        if asked.startswith("bulk"):
            return self.bulk
        if asked.startswith("studio"):
            return self.studio
        if asked.startswith("roster"):
            return self.roster
        return self.remarks if asked.startswith(REMARKS) else None

    async def arrive(self, visitor: Visitor) -> Doing:
        """The page was opened or reloaded: an open call, a report that was being read, a draft comes back where it was."""
        if visitor.memory.draft and visitor.viewer.trains:
            async for part in self.studio.again(visitor):
                yield part
            return
        if visitor.viewer.trains and self.desk.readable(visitor.memory.remarks, visitor.viewer):
            async for part in self.remarks.again(visitor):
                yield part
            return
        if visitor.memory.roster and visitor.viewer.trains:
            async for part in self.roster.again(visitor):
                yield part
            return
        call = self._on_page(visitor)
        if visitor.memory.bulk and visitor.viewer.trains:
            async for shown in self.bulk.arrive(visitor):
                yield shown
        elif call is None:
            yield self._choose(visitor)
        elif call.outcome is None:
            yield self._call(call, visitor)
        else:
            async for shown in self.after.show(call, visitor):
                yield shown

    async def choose(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self._on_page(visitor)
        if call is not None and call.outcome is not None:
            visitor = visitor.with_memory(visitor.memory.model_copy(update={"call": ""}))
        yield self._choose(visitor)

    async def mine(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        yield {
            "view": "mine",
            "top": self.desk.top("mine", visitor),
            "mine": self.desk.mine(visitor),
        }

    async def switch_language(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The other language, with the page where it was."""
        visitor = visitor.speaking("zh" if visitor.language == "en" else "en")
        if sent.get("view") == "mine":
            async for shown in self.mine(visitor, sent):
                yield shown | {"memory": visitor.memory.kept()}
        elif sent.get("view") == "recovery":
            async for shown in self.recovery(visitor, sent):
                yield shown | {"memory": visitor.memory.kept()}
        elif sent.get("view") == "choose":
            yield self._choose(visitor)
        elif sent.get("view") == "studio":
            async for shown in self.studio.again(visitor):
                yield shown | {"memory": visitor.memory.kept()}
        else:
            async for shown in self.arrive(visitor):
                yield shown

    async def start(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        mode = "exam" if sent.get("mode") == "exam" else "practice"
        difficulty = sent.get("difficulty", "")
        difficulty = difficulty if difficulty in ("gentle", "hard") else "standard"
        intensity = "mild" if sent.get("intensity") == "mild" else "full"
        exercise = self.practice.exercise(sent.get("persona", ""), sent.get("case", ""), mode, difficulty, intensity)
        call = self._start(exercise, visitor)
        yield self._call(call, visitor)

    async def again(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The exercise of the report on the page once more, as it was."""
        before = self._on_page(visitor)
        if before is None:
            yield self._choose(visitor)
            return
        call = self._start(before.exercise, visitor)
        yield self._call(call, visitor)

    async def open(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A call of the list: goes on with it, or shows its report."""
        viewer, call = visitor.viewer, self.desk.readable(sent.get("call", ""), visitor.viewer)
        if call is not None and viewer.trains and (not viewer.owns(call) or call.id == visitor.memory.roster):
            async for shown in self.roster.open(visitor, sent):  # from the remarks back to the report of the list
                yield shown
            return
        visitor = visitor.with_memory(visitor.memory.model_copy(update={"roster": ""}))
        if call is not None:
            visitor = visitor.with_call(call.id)
        async for shown in self.arrive(visitor):
            yield shown

    async def say(self, visitor: Visitor, text: str) -> Doing:
        """The trainee said something; the customer's answer comes in pieces."""
        async for shown in self._talk(visitor, lambda call: self.practice.say(call.id, text)):
            yield shown

    async def retry(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The customer's answer that is still missing."""
        async for shown in self._talk(visitor, lambda call: self.practice.answer(call.id)):
            yield shown

    async def _talk(self, visitor: Visitor, said: Callable[[Call], AsyncIterator[Event]]) -> Doing:
        call = self._on_page(visitor)
        if call is None:
            yield self._choose(visitor)
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

    async def hang_up(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self._on_page(visitor)
        if call is None:
            yield self._choose(visitor)
            return
        call = self.practice.hang_up(call.id)
        async for shown in self.after.show(call, visitor):
            yield shown

    async def stop(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Ends the practice at once, without a grade."""
        call = self._on_page(visitor)
        if call is not None and call.outcome is None:
            self.practice.stop(call.id)
        async for shown in self.arrive(visitor):
            yield shown

    async def hint(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self._on_page(visitor)
        if call is None:
            yield self._choose(visitor)
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
        call, turn = self._on_page(visitor), sent.get("turn", "")
        if call is None or not turn.isascii() or not turn.isdigit():
            yield self._choose(visitor)
            return
        yield self._call(self.practice.rewind(call.id, int(turn)), visitor)

    async def report(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self._on_page(visitor)
        if call is None or call.outcome is None:
            async for shown in self.arrive(visitor):
                yield shown
            return
        async for shown in self.after.show(call, visitor, skip=sent.get("skip") == "yes"):
            yield shown

    async def order_save(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The work order as it was written; then the report.

        Raises:
            CallState: it was changed once already.
        """
        call = self._on_page(visitor)
        if call is not None and call.outcome not in (None, Outcome.STOPPED):
            reflect.save_rating(self.practice, call, sent)
            orders.save_order(self.practice, call, sent)
        async for shown in self.report(visitor, sent | {"skip": "yes"}):
            yield shown

    async def reflected(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A learning note or a dispute under the report."""
        call = self._on_page(visitor)
        if call is not None and call.outcome is not None:
            keep = reflect.save_learning if sent["do"] == "learn" else reflect.save_dispute
            keep(self.practice, call, sent)
            async for shown in self.after.below(call, visitor):
                yield shown

    async def ask(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A question about the call whose report is on the page."""
        call = self._on_page(visitor)
        if call is None or call.outcome is None:
            yield self._choose(visitor)
            return
        async for shown in self.after.below(call, visitor, question=sent.get("question", "").strip()):
            yield shown

    async def recovery(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The recovery card of the call on the page, with what this browser wrote on it."""
        call = self._on_page(visitor)
        card = recovering.card_for(self.practice, call) if call else None
        if call is None or card is None or not recovering.is_own(call, visitor):
            async for shown in self.arrive(visitor):
                yield shown
            return
        entry = recovering.latest_entry(self.practice, call, visitor.memory)
        yield {
            "view": "recovery",
            "top": self.desk.top("recovery", visitor),
            "recovery": recovering.recovery_html(card, entry, visitor.language),
        }

    async def recovery_save(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Keeps the card for this browser alone and shows what the self-test says."""
        call = self._on_page(visitor)
        card = recovering.card_for(self.practice, call) if call else None
        if call is None or card is None or not recovering.is_own(call, visitor):
            return
        memory = visitor.memory.with_key()
        entry, picked = recovering.read_entry(card, sent)
        recovering.save_entry(self.practice, call, memory, entry)
        yield {
            "recovery": recovering.recovery_html(card, entry, visitor.language, picked=picked, saved=True),
            "memory": memory.kept(),
        }

    def _on_page(self, visitor: Visitor) -> Call | None:
        """The call that the browser says is on its page, when it is the visitor's own."""
        return self.desk.own(visitor.memory.call, visitor.viewer)

    def _choose(self, visitor: Visitor) -> Shown:
        return {
            "view": "choose",
            "top": self.desk.top("choose", visitor),
            "choose": self.desk.choose(visitor),
            "memory": visitor.memory.model_copy(update={"draft": ""}).kept(),
        }

    def _start(self, exercise: Exercise, visitor: Visitor) -> Call:
        language: Literal["zh", "en"] = "en" if visitor.language == "en" else "zh"
        return self.practice.start(exercise, language=language, trainee=visitor.viewer.name)

    def _call(self, call: Call, visitor: Visitor) -> Shown:
        language = visitor.language
        shown = self.desk.call_view(call, language)
        shown["box"]["text"] = ""
        return shown | {
            "view": "call",
            "top": self.desk.top("call", visitor),
            "brief": self.desk.brief(call, language),
            "memory": visitor.memory.with_call(call.id).model_copy(update={"draft": ""}).kept(),
        }


def _unexpected() -> CoachError:
    both = page_wording().languages("call.unexpected")
    return CallState(both["zh"], both["en"])
