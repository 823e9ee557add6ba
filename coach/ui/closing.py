"""What follows a call: the report, the work order, note, dispute and question below the report, the recovery card."""

from __future__ import annotations

from collections.abc import Callable

from coach.records.call import Outcome
from coach.ui import orders, recovering, reflect
from coach.ui.after import After
from coach.ui.desk import Desk
from coach.ui.doing import Doing, Handler
from coach.ui.front import Front
from coach.ui.visitor import Visitor

FIELDS = ("skip", *orders.FIELDS, *recovering.FIELDS, *reflect.FIELDS)
"""What a button here may send along."""


class Closing:
    """The handlers around an ended call. `arrive` shows what a reload would."""

    def __init__(self, desk: Desk, front: Front, after: After, arrive: Callable[[Visitor], Doing]) -> None:
        self.desk, self.front, self.after, self.arrive = desk, front, after, arrive
        self.practice = desk.practice
        self.doings: dict[str, Handler] = {
            "report": self.report,
            "order_save": self.order_save,
            "learn": self.reflected,
            "dispute": self.reflected,
            "ask": self.ask,
            "recovery": self.recovery,
            "recovery_save": self.recovery_save,
        }

    async def report(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self.front.on_page(visitor)
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
        call = self.front.on_page(visitor)
        if call is not None and call.outcome not in (None, Outcome.STOPPED):
            reflect.save_rating(self.practice, call, sent)
            orders.save_order(self.practice, call, sent)
        async for shown in self.report(visitor, sent | {"skip": "yes"}):
            yield shown

    async def reflected(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A learning note or a dispute under the report."""
        call = self.front.on_page(visitor)
        if call is not None and call.outcome is not None:
            keep = reflect.save_learning if sent["do"] == "learn" else reflect.save_dispute
            keep(self.practice, call, sent)
            async for shown in self.after.below(call, visitor):
                yield shown

    async def ask(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A question about the call whose report is on the page."""
        call = self.front.on_page(visitor)
        if call is None or call.outcome is None:
            yield self.front.choose(visitor)
            return
        async for shown in self.after.below(call, visitor, question=sent.get("question", "").strip()):
            yield shown

    async def recovery(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The recovery card of the call on the page, with what this browser wrote on it."""
        call = self.front.on_page(visitor)
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
        call = self.front.on_page(visitor)
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
