"""Grading and showing the report of an ended call, and the files it can be saved as."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from coach.errors import CoachError
from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.files import write_reports
from coach.reports.html import report_fragment
from coach.reports.model import Summary
from coach.reports.summary import summarise
from coach.ui.beside import after_report, branches_html
from coach.ui.desk import Desk, Shown
from coach.ui.reflect import both_sides, reflection
from coach.ui.remarks.entry import remarks_button
from coach.ui.render import render
from coach.ui.visitor import Visitor
from coach.ui.wording import words


class Reporting:
    """One grading a call at a time: pressing twice, or two tabs, waits for the first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._grading: dict[str, asyncio.Lock] = {}
        # gradio copies a file into its own store (and removes that copy after a day); ours go when the program ends
        self._files = tempfile.TemporaryDirectory(prefix="coach-reports-")

    async def show(self, call: Call, visitor: Visitor) -> AsyncIterator[Shown]:
        """The report view: at once when there is a grade, else after a word that it is being graded."""
        language = visitor.language
        base: Shown = {
            "view": "report",
            "top": self._desk.top("report", visitor),
            "memory": visitor.memory.with_call(call.id).kept(),
        }
        grades = self._desk.practice.store.grades(call.id)
        if not grades:
            yield base | {"report": self.waiting(language), "below": "", "files": {}}
            try:
                grades = [await self.grade_of(call.id)]
            except CoachError as error:
                yield {"report": self.waiting(language, error), "files": {}}
                return
        yield base | await asyncio.to_thread(self._report, call, grades[-1], visitor)

    async def below(self, call: Call, visitor: Visitor, question: str = "") -> AsyncIterator[Shown]:
        """What stands under the report, drawn anew; with a question first that it is being looked into, then the answer."""
        practice, language = self._desk.practice, visitor.language
        grades = practice.store.grades(call.id)
        if not grades:
            async for shown in self.show(call, visitor):
                yield shown
            return
        answer = None
        if question:
            if practice.answers_by_model:
                yield {"below": reflection(practice, call, grades[-1], language, question=question)}
            answer = await practice.ask(call.id, question, language)
        yield {"below": reflection(practice, call, grades[-1], language, question=question, answer=answer)}

    async def grade_of(self, call_id: str) -> Grade:
        """The newest grade; made now when there is none."""
        lock = self._grading.setdefault(call_id, asyncio.Lock())
        try:
            async with lock:
                grades = self._desk.practice.store.grades(call_id)
                return grades[-1] if grades else await self._desk.practice.grade(call_id)
        finally:
            if not lock.locked():
                self._grading.pop(call_id, None)

    def waiting(self, language: str, fault: CoachError | None = None) -> str:
        """What stands in the report's place meanwhile, or after a failure."""
        said = fault.say(language) if fault else ""
        return render("waiting", language, fault=said, offline=self._desk.practice.offline)

    def _report(self, call: Call, grade: Grade, visitor: Visitor) -> Shown:
        practice, language = self._desk.practice, visitor.language
        summary, files = self.files_of(call, grade, language)
        return {
            "report": render(
                "report",
                language,
                remarks=remarks_button(call.id, visitor.viewer, language),
                above=branches_html(self._desk, call, language),
                fragment=report_fragment(
                    summary, words(language)("branch.back"), both_sides(practice, call, grade, language)
                ),
                after=after_report(practice, call, language),
            ),
            "below": reflection(practice, call, grade, language),
            "files": files,
            "files_language": language,
        }

    def files_of(self, call: Call, grade: Grade, language: str) -> tuple[Summary, dict[str, str]]:
        """What the report says, and the files it can be saved as, by form."""
        corrections = self._desk.practice.store.corrections(call.id)
        summary = summarise(call, grade, self._desk.practice.library.vocabulary, language, corrections)
        written = write_reports(Path(self._files.name), call, summary, grade)
        return summary, {form: str(path) for form, path in written.items()}
