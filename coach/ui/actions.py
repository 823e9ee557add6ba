"""Which button of the page belongs to which part, and what the bar above leads to: plain async functions, free of gradio.

The parts: a call (calling.py), what follows it (closing.py), the trainers' (roster, studio, bulk, remarks). Each handler is an async generator of `Shown`. The browser only says which call; everything else is looked up in the store, and
every handler looks its call up through `Desk.own`: somebody else's is as good as none.
"""

from __future__ import annotations

from contextlib import aclosing

from coach.storage.users import Users
from coach.ui.after import After
from coach.ui.bulk.actions import FIELDS as BULK_FIELDS
from coach.ui.bulk.actions import Bulk
from coach.ui.calling import FIELDS as CALLING_FIELDS
from coach.ui.calling import Calling
from coach.ui.closing import FIELDS as CLOSING_FIELDS
from coach.ui.closing import Closing
from coach.ui.desk import Desk, Shown
from coach.ui.doing import Doing, Handler
from coach.ui.front import Front
from coach.ui.remarks.actions import STARTS as REMARKS
from coach.ui.remarks.actions import RemarkActions
from coach.ui.remarks.remarking import FIELDS as REMARK_FIELDS
from coach.ui.roster.actions import FIELDS as ROSTER_FIELDS
from coach.ui.roster.actions import Roster
from coach.ui.studio.actions import StudioActions
from coach.ui.visitor import Visitor

FIELDS = ("do", "call", "view", "kind", *CALLING_FIELDS, *CLOSING_FIELDS, *ROSTER_FIELDS, *BULK_FIELDS, *REMARK_FIELDS)
"""What a button may send along."""


class Actions:
    """The handlers of the page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.users = Users(desk.practice.store)
        self.front = Front(desk)
        self.after = After(desk)
        self.studio = StudioActions(desk)
        self.bulk = Bulk(desk)
        self.roster = Roster(desk, self.after.reporting)
        self.remarks = RemarkActions(desk, self.studio.bench)
        self.calling = Calling(desk, self.front, self.after, self.arrive)
        self.closing = Closing(desk, self.front, self.after, self.arrive)
        self._doings: dict[str, Handler] = {
            "choose": self.choose,
            "mine": self.mine,
            "language": self.switch_language,
            "open": self.open,
            **self.calling.doings,
            **self.closing.doings,
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
        call = self.front.on_page(visitor)
        if visitor.memory.bulk and visitor.viewer.trains:
            async for shown in self.bulk.arrive(visitor):
                yield shown
        elif call is None:
            yield self.front.choose(visitor)
        elif call.outcome is None:
            yield self.front.call(call, visitor)
        else:
            async for shown in self.after.show(call, visitor):
                yield shown

    async def choose(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        call = self.front.on_page(visitor)
        if call is not None and call.outcome is not None:
            visitor = visitor.with_memory(visitor.memory.model_copy(update={"call": ""}))
        yield self.front.choose(visitor)

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
            async for shown in self.closing.recovery(visitor, sent):
                yield shown | {"memory": visitor.memory.kept()}
        elif sent.get("view") == "choose":
            yield self.front.choose(visitor)
        elif sent.get("view") == "studio":
            async for shown in self.studio.again(visitor):
                yield shown | {"memory": visitor.memory.kept()}
        else:
            async for shown in self.arrive(visitor):
                yield shown

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
