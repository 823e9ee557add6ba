"""The two views that everything leads to, the choice of an exercise and a call, and which call a visitor has before them."""

from __future__ import annotations

from coach.records.call import Call
from coach.ui.desk import Desk, Shown
from coach.ui.visitor import Visitor


class Front:
    """Whole views, with the bar above and what the browser is to remember."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_page(self, visitor: Visitor) -> Call | None:
        """The call that the browser says is on its page, when it is the visitor's own."""
        return self._desk.own(visitor.memory.call, visitor.viewer)

    def choose(self, visitor: Visitor) -> Shown:
        return {
            "view": "choose",
            "top": self._desk.top("choose", visitor),
            "choose": self._desk.choose(visitor),
            "memory": visitor.memory.model_copy(update={"draft": ""}).kept(),
        }

    def call(self, call: Call, visitor: Visitor) -> Shown:
        language = visitor.language
        shown = self._desk.call_view(call, language)
        shown["box"]["text"] = ""
        return shown | {
            "view": "call",
            "top": self._desk.top("call", visitor),
            "brief": self._desk.brief(call, language),
            "memory": visitor.memory.with_call(call.id).model_copy(update={"draft": ""}).kept(),
        }
