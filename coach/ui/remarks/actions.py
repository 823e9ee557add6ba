"""The remarks' own view: one stored call with buttons below the customer's lines, and the persona's principles beside it.

Trainers only; every handler looks the call up in the store. The same boxes stand in the studio's try-out chat.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from coach.errors import NotFound
from coach.records.call import Call, Speaker, Turn
from coach.reports.summary import local_time
from coach.ui.desk import Desk, Shown
from coach.ui.remarks.remarking import Open, Remarking
from coach.ui.remarks.targets import FileTarget
from coach.ui.remarks.wording import render, words
from coach.ui.studio.bench import Bench
from coach.ui.viewer import trainers_only
from coach.ui.visitor import Visitor

STARTS = ("remark", "principle")
"""How the names of this part's buttons begin."""


class RemarkActions:
    def __init__(self, desk: Desk, bench: Bench) -> None:
        self._desk = desk
        self._bench = bench
        self.remarking = Remarking(desk.settings)

    async def do(self, visitor: Visitor, sent: dict[str, str]) -> AsyncGenerator[Shown, None]:
        """Something was pressed. Raises NotAllowed for trainees, CoachError for what can't be done."""
        trainers_only(visitor.viewer)
        call = self._desk.readable(sent.get("call", ""), visitor.viewer)
        if call is None:
            both = words("zh")("call.none"), words("en")("call.none")
            raise NotFound(*both)
        target = FileTarget(self._bench, visitor.viewer, call.exercise.persona.id, call)
        if sent["do"] == "remarks":
            yield self._view(visitor, call, target, Open()) | {
                "top": self._desk.top("remarks", visitor),
                "memory": visitor.memory.model_copy(update={"remarks": call.id}).kept(),
            }
            return
        async for opened in self.remarking.do(sent["do"], target, sent, visitor.viewer.name, visitor.language):
            yield self._view(visitor, call, target, opened)

    async def again(self, visitor: Visitor) -> AsyncGenerator[Shown, None]:
        """After a reload, or in the other language: the same call's lines, with nothing unfolded."""
        async for part in self.do(visitor, {"do": "remarks", "call": visitor.memory.remarks}):
            yield part

    def _view(self, visitor: Visitor, call: Call, target: FileTarget, opened: Open) -> Shown:
        language = visitor.language
        exercise = call.exercise
        html = render(
            "call",
            language,
            call=call.id,
            name=exercise.persona.name.say(language),
            title=exercise.case.name.say(language),
            date=local_time(call.created),
            lines=[self._line(target, turn, opened, language) for turn in call.turns],
            principles=self.remarking.list(target, opened, language),
        )
        return {"view": "remarks", "remarks": html}

    def _line(self, target: FileTarget, turn: Turn, opened: Open, language: str) -> dict[str, Any]:
        customer = turn.speaker is Speaker.CUSTOMER
        open_to = customer and turn.voice != "opening"
        return {
            "index": turn.index,
            "text": turn.text,
            "customer": customer,
            "opening": customer and not open_to,
            "notes": noted(turn, language) if customer else [],
            "tools": self.remarking.tools(target, turn.index, opened, language) if open_to else "",
            "box": opened.box if opened.turn == turn.index else "",
        }


def noted(turn: Turn, language: str) -> list[str]:
    """What the check of principles left on a line, in words."""
    say = words(language)
    told = []
    for note in turn.notes:
        if note.startswith("first_line:"):
            told.append(f"{say('call.refused')} · {say('call.first', line=note.removeprefix('first_line:'))}")
    if any(note.startswith("principle_left:") for note in turn.notes):
        told.append(say("call.left"))
    if "principle_unchecked" in turn.notes:
        told.append(say("call.unchecked"))
    return told
