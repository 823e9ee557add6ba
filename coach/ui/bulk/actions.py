"""What happens when a trainer does something on this part of the page: plain async functions, free of gradio.

Each is an async generator of `Shown`; the first line of every way in asks whether the visitor is a trainer. A run is looked up below its
owner's folder only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from coach.content.rubric import Rubric
from coach.errors import CoachError, InputError
from coach.ui.bulk import forms, show, table
from coach.ui.bulk.folders import UNDER_WAY, Order, RunFolder
from coach.ui.bulk.render import bulk_wording, bulk_words
from coach.ui.bulk.runs import Runs
from coach.ui.bulk.uploads import sift
from coach.ui.desk import Desk, Shown
from coach.ui.doing import Doing, Handler
from coach.ui.viewer import trainers_only
from coach.ui.visitor import Visitor

HOME = "home"
FIELDS = ("run", "record", *table.FIELDS, *forms.FIELDS)
"""What the buttons and forms here send."""


class Bulk:
    """The handlers. `memory.bulk` says what of this part is on the page: HOME or a run's id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._settings = desk.settings
        self.runs = Runs(desk.settings)
        self._doings: dict[str, Handler] = {
            "bulk": self.home,
            "bulk_open": self.open,
            "bulk_look": self.look,
            "bulk_leave": self.leave_out,
            "bulk_plan": self.plan,
            "bulk_start": self.start,
            "bulk_cancel": self.cancel,
            "bulk_delete": self.delete,
            "bulk_table": self.open,
            "bulk_record": self.record,
        }

    @property
    def _rubrics(self) -> Sequence[Rubric]:
        return list(self._desk.practice.library.rubrics.values())

    async def do(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A button of this part was pressed. Unknown ones do nothing.

        Raises:
            NotAllowed: the visitor is a trainee.
        """
        trainers_only(visitor.viewer)
        doing = self._doings.get(sent.get("do", ""))
        if doing is not None:
            async for shown in doing(visitor, sent):
                yield shown

    async def arrive(self, visitor: Visitor) -> Doing:
        """The page was opened or reloaded, or its language changed, while this part was on it."""
        trainers_only(visitor.viewer)
        run = self.runs.shelf.find(visitor.viewer.name, visitor.memory.bulk)
        if run is None:
            yield self._home(visitor)
        else:
            yield self._run(run, visitor, {})

    async def upload(self, visitor: Visitor, paths: Sequence[Path]) -> Doing:
        """Files were chosen: into the draft on the page, or a new one."""
        trainers_only(visitor.viewer)
        run = self.runs.shelf.find(visitor.viewer.name, visitor.memory.bulk)
        if run is not None and self.runs.state(run).phase != "draft":
            run = None
        taken, faults = sift(paths, run)
        said = [fault.say(visitor.language) for fault in faults]
        if not taken:
            shown = self._home(visitor) if run is None else self._run(run, visitor, {})
            top = show.home_top(visitor.language, said) if run is None else show.draft_top(run, visitor.language, said)
            yield shown | {"bulk_top": top}
            return
        run = run or self.runs.shelf.create(visitor.viewer.name, Order())
        run.take(taken)
        async for shown in self._look(run, visitor, said):
            yield shown

    async def tick(self, visitor: Visitor) -> Doing:
        """A second has passed while a run was on the page: how far it is, or what came out."""
        trainers_only(visitor.viewer)
        run = self.runs.shelf.find(visitor.viewer.name, visitor.memory.bulk)
        if run is None:
            yield {"bulk_tick": False}
            return
        state = self.runs.state(run)
        if state.phase in UNDER_WAY:
            yield {"bulk_top": show.progress(run, state, visitor.language, stopping=self.runs.stopping(run))}
        else:
            yield self._run(run, visitor, {})

    async def home(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        yield self._home(visitor)

    async def open(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A run of the list, or its table in another order."""
        run = self._found(visitor, sent)
        yield self._run(run, visitor, sent)

    async def look(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Reads the beginnings again with the columns and speakers as chosen."""
        run = self._draft(visitor, sent)
        run.keep("order", forms.with_mapping(run.order, sent, run.kept("look") or []))
        async for shown in self._look(run, visitor):
            yield shown

    async def leave_out(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Takes a file out of a draft, and off the disk."""
        run = self._draft(visitor, sent)
        run.drop(sent.get("record", ""))
        async for shown in self._look(run, visitor):
            yield shown

    async def plan(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Keeps what was chosen and says what it takes."""
        run = self._draft(visitor, sent)
        run.keep("order", self._chosen(run, sent, visitor.language))
        yield {"bulk_top": show.draft_top(run, visitor.language, busy=bulk_words(visitor.language)("busy.plan"))}
        said = await self._planned(run, visitor.language)
        yield self._run(run, visitor, {}) | {"bulk_top": show.draft_top(run, visitor.language, said)}

    async def start(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Begins a draft as planned, or goes on with a run that stopped.

        What was changed in the form since the plan is planned first: nothing starts that nobody has seen.
        """
        run = self._found(visitor, sent)
        if self.runs.state(run).phase == "draft":
            chosen = self._chosen(run, sent, visitor.language)
            if chosen != run.order or run.kept("plan") is None:
                async for shown in self.plan(visitor, sent):
                    yield shown
                return
        self.runs.start(visitor.viewer.name, run)
        yield self._run(run, visitor, {})

    async def cancel(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        run = self._found(visitor, sent)
        self.runs.cancel(run)
        yield self._run(run, visitor, {})

    async def delete(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Deletes a run: what was uploaded, what came out.

        Raises:
            CallState: it is under way.
        """
        run = self._found(visitor, sent)
        await asyncio.to_thread(self.runs.remove, run)
        notice = bulk_words(visitor.language)("delete.done")
        yield self._home(visitor) | {"bulk_top": show.home_top(visitor.language, notice=notice)}

    async def record(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """One call's verdicts."""
        run = self._found(visitor, sent)
        found = table.record_of(run, sent.get("record", ""))
        back = {name: sent[name] for name in table.FIELDS if name in sent}
        rubrics = {rubric.id: rubric for rubric in self._rubrics}
        yield {"bulk_top": "", "bulk": show.record(run, found, rubrics, back, visitor.language), "bulk_upload": ""}

    async def _look(self, run: RunFolder, visitor: Visitor, said: Sequence[str] = ()) -> Doing:
        run.forget("plan")
        busy = bulk_words(visitor.language)("busy.look")
        yield self._base(visitor, run.id) | {
            "bulk_top": show.draft_top(run, visitor.language, said, busy),
            "bulk_upload": "",
            "bulk_tick": False,
        }
        faults = list(said)
        try:
            await self.runs.work("look", run)
        except CoachError as error:
            faults.append(error.say(visitor.language))
        files = run.kept("look") or []
        run.keep("order", forms.with_asked(run.order, [name for file in files for name in file["unknown"]]))
        yield self._run(run, visitor, {}) | {"bulk_top": show.draft_top(run, visitor.language, faults)}

    async def _planned(self, run: RunFolder, language: str) -> list[str]:
        """Looks and plans; what went wrong, as sentences."""
        run.forget("plan")
        try:
            await self.runs.work("plan", run)
        except CoachError as error:
            return [error.say(language)]
        made = run.kept("plan") or {}
        order = forms.with_asked(run.order, list(made.get("unknown", {})))
        run.keep("order", order)
        unsaid = forms.unsaid(order)
        if not unsaid:
            return []
        names = (", " if language == "en" else "、").join(unsaid)
        return [bulk_words(language)("fault.unsaid", names=names)]

    def _chosen(self, run: RunFolder, sent: dict[str, str], language: str) -> Order:
        mapped = forms.with_mapping(run.order, sent, run.kept("look") or [])
        return forms.with_choices(
            mapped,
            sent,
            self._rubrics,
            model=self._settings.model_configured,
            language="en" if language == "en" else "zh",
        )

    def _found(self, visitor: Visitor, sent: dict[str, str]) -> RunFolder:
        run = self.runs.shelf.find(visitor.viewer.name, sent.get("run", ""))
        if run is None:
            both = bulk_wording().languages("fault.gone")
            raise InputError(both["zh"], both["en"])
        return run

    def _draft(self, visitor: Visitor, sent: dict[str, str]) -> RunFolder:
        """A run that has not begun; what was begun is not changed any more."""
        run = self._found(visitor, sent)
        if self.runs.state(run).phase != "draft":
            both = bulk_wording().languages("fault.begun")
            raise InputError(both["zh"], both["en"])
        return run

    def _base(self, visitor: Visitor, bulk: str) -> Shown:
        return {
            "view": "bulk",
            "top": self._desk.top("bulk", visitor),
            "memory": visitor.memory.model_copy(update={"bulk": bulk, "draft": ""}).kept(),
        }

    def _home(self, visitor: Visitor) -> Shown:
        runs = [(run, self.runs.state(run)) for run in self.runs.shelf.of(visitor.viewer.name)]
        return self._base(visitor, HOME) | {
            "bulk_top": show.home_top(visitor.language),
            "bulk": show.home(runs, visitor.language),
            "bulk_upload": bulk_words(visitor.language)("home.upload"),
            "bulk_tick": False,
        }

    def _run(self, run: RunFolder, visitor: Visitor, sent: dict[str, str]) -> Shown:
        """A run as it stands: a draft's form, its progress, or its results."""
        state, base = self.runs.state(run), self._base(visitor, run.id)
        if state.phase == "draft":
            return base | {
                "bulk_top": show.draft_top(run, visitor.language),
                "bulk": show.draft(run, self._rubrics, self._settings, visitor.language),
                "bulk_upload": bulk_words(visitor.language)("draft.add"),
                "bulk_tick": False,
            }
        if state.phase in UNDER_WAY:
            return base | {
                "bulk_top": show.progress(run, state, visitor.language, stopping=self.runs.stopping(run)),
                "bulk": "",
                "bulk_upload": "",
                "bulk_tick": True,
            }
        return base | {
            "bulk_top": show.results_top(run, state, visitor.language),
            "bulk": show.results(run, table.table_of(run, sent), visitor.language),
            "bulk_upload": "",
            "bulk_tick": False,
        }
