"""What a trainer does with everybody's calls. Every handler begins with `trainers_only`."""

from __future__ import annotations

import asyncio
from typing import Literal

from coach.correcting import correct_verdict
from coach.errors import CallState, CoachError
from coach.records.call import Call, Outcome
from coach.records.grade import Grade
from coach.ui.desk import Desk, Shown
from coach.ui.doing import Doing, Handler
from coach.ui.reporting import Reporting
from coach.ui.roster.listing import calls_html, correct_html, report_html
from coach.ui.roster.render import roster_wording, roster_words
from coach.ui.viewer import trainers_only
from coach.ui.visitor import Visitor

FIELDS = ("trainee", "exercise", "page", "answer")
"""What a button here may send along, besides what others send."""
MOST_CHARS = 400
ANSWERS: dict[str, Literal["yes", "no", "na"]] = {"yes": "yes", "no": "no", "na": "na"}
LIST = "list"


class Roster:
    """The handlers of the trainers' view of all calls."""

    def __init__(self, desk: Desk, reporting: Reporting) -> None:
        self.desk = desk
        self.reporting = reporting
        self._doings: dict[str, Handler] = {
            "roster": self.calls,
            "roster_open": self.open,
            "roster_correct": self.correct,
        }

    async def do(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A button of this part was pressed. Raises NotAllowed for trainees."""
        trainers_only(visitor.viewer)
        doing = self._doings.get(sent.get("do", ""))
        if doing is not None:
            async for part in doing(visitor, sent):
                yield part

    async def again(self, visitor: Visitor) -> Doing:
        """After a reload, or in the other language: the list, or the report that was being read."""
        trainers_only(visitor.viewer)
        asked = {"call": visitor.memory.roster}
        async for part in self.calls(visitor, {}) if asked["call"] == LIST else self.open(visitor, asked):
            yield part

    async def calls(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The list, filtered and paged; disputes that wait for an answer come first."""
        number = sent.get("page", "")
        chosen = int(number) if number.isascii() and number.isdigit() else 1
        asked = (sent.get("trainee", ""), sent.get("exercise", ""))
        yield {
            "view": "roster",
            "top": self.desk.top("roster", visitor),
            "roster": await asyncio.to_thread(calls_html, self.desk, visitor, *asked, chosen),
            "memory": visitor.memory.model_copy(update={"roster": LIST}).kept(),
        }

    async def open(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The report of a call that has ended, graded now if it was not yet."""
        call = self._ended(visitor, sent)
        if call is None:
            async for part in self.calls(visitor, {}):
                yield part
            return
        language = visitor.language
        base: Shown = {
            "view": "report",
            "top": self.desk.top("report", visitor),
            "memory": visitor.memory.model_copy(update={"roster": call.id}).kept(),
        }
        if not self.desk.practice.store.grades(call.id):
            yield base | {"report": self.reporting.waiting(language), "below": "", "files": {}}
        try:
            grade = await self.reporting.grade_of(call.id)
        except CoachError as error:
            yield base | {"report": self.reporting.waiting(language, error), "below": "", "files": {}}
            return
        yield base | await asyncio.to_thread(self._report, call, grade, visitor)

    async def correct(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A trainer's answer in the place of a verdict, with their name; both numbers stay.

        Raises:
            CallState: without a reason.
            NotFound: no such check in the grade.
        """
        call = self._ended(visitor, sent)
        answer, check, reason = (sent.get(name, "").strip() for name in ("answer", "check", "reason"))
        if call is None or answer not in ANSWERS or not self.desk.practice.store.grades(call.id):
            return
        if not reason:
            both = roster_wording().languages("correct.no_reason")
            raise CallState(both["zh"], both["en"])
        author = visitor.viewer.name or roster_words(visitor.language)("nobody")
        correct_verdict(self.desk.practice.store, call.id, check, ANSWERS[answer], author, reason[:MOST_CHARS])
        grade = self.desk.practice.store.grades(call.id)[-1]
        yield await asyncio.to_thread(self._report, call, grade, visitor, check)

    def _ended(self, visitor: Visitor, sent: dict[str, str]) -> Call | None:
        """A call that may be read: it is over, and was not stopped."""
        call = self.desk.readable(sent.get("call", ""), visitor.viewer)
        return call if call is not None and call.outcome not in (None, Outcome.STOPPED) else None

    def _report(self, call: Call, grade: Grade, visitor: Visitor, corrected: str = "") -> Shown:
        summary, files = self.reporting.files_of(call, grade, visitor.language)
        return {
            "report": report_html(self.desk, call, grade, summary, visitor),
            "below": correct_html(self.desk, call, grade, visitor.language, corrected),
            "files": files,
            "files_language": visitor.language,
        }
