"""What follows a call that has ended: a calm sentence when it was stopped, else the work order and the report."""

from __future__ import annotations

from collections.abc import AsyncIterator

from coach.records.call import Call, Outcome
from coach.ui.desk import Desk, Shown
from coach.ui.orders import order_due, order_form
from coach.ui.recovering import recovery_line
from coach.ui.render import render
from coach.ui.reporting import Reporting
from coach.ui.visitor import Visitor


class After:
    """Decides which view an ended call gets."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.reporting = Reporting(desk)

    async def show(self, call: Call, visitor: Visitor, *, skip: bool = False) -> AsyncIterator[Shown]:
        """The view of an ended call; its last part is complete. `skip`: the work order is not wanted now."""
        if call.outcome is Outcome.STOPPED:
            yield self._stopped(call, visitor)
            return
        if not skip and order_due(self._desk.practice, call):
            yield {
                "view": "order",
                "top": self._desk.top("order", visitor),
                "order": order_form(call, visitor.language),
                "memory": visitor.memory.with_call(call.id).kept(),
            }
            return
        async for shown in self.reporting.show(call, visitor):
            yield shown

    async def below(self, call: Call, visitor: Visitor, question: str = "") -> AsyncIterator[Shown]:
        """What stands under the report of a graded call, alone; `question`: one that is asked about it."""
        async for shown in self.reporting.below(call, visitor, question):
            yield shown

    def _stopped(self, call: Call, visitor: Visitor) -> Shown:
        exercise, language = call.exercise, visitor.language
        names = {"name": exercise.persona.name.say(language), "title": exercise.case.name.say(language)}
        return {
            "view": "report",
            "top": self._desk.top("report", visitor),
            "report": render("stopped", language, beside=recovery_line(self._desk.practice, call, language), **names),
            "below": "",
            "files": {},
            "memory": visitor.memory.with_call(call.id).kept(),
        }
