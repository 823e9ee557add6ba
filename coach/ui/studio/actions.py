"""What trainers do on the page: plain async functions, free of gradio. Every one of them refuses trainees first.

Each is an async generator of `Shown`. The browser says which draft; it is looked up among the trainer's own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from coach.authoring.edits import data_of, edited
from coach.authoring.form import edit_of
from coach.authoring.kinds import MODELS, Kind, kind_of
from coach.authoring.saving import Conflict
from coach.authoring.unsaved import Draft
from coach.content.mistakes import ContentError
from coach.customer.voice import Piece
from coach.errors import CoachError, NotFound
from coach.practice import Event, Heard
from coach.ui.desk import Desk, Shown
from coach.ui.doing import Doing, Handler
from coach.ui.exchange.taking import take_in
from coach.ui.pace import paced
from coach.ui.remarks.in_studio import STARTS as REMARKS
from coach.ui.remarks.in_studio import StudioRemarks
from coach.ui.remarks.remarking import FIELDS as REMARK_FIELDS
from coach.ui.remarks.remarking import Open
from coach.ui.studio.accepting import Accepting, Running
from coach.ui.studio.bench import Bench
from coach.ui.studio.showing import Showing
from coach.ui.studio.shown import Studio
from coach.ui.studio.telling import accept_panel
from coach.ui.studio.tryout import TryOut, needed
from coach.ui.viewer import trainers_only
from coach.ui.visitor import Visitor

FIELDS = ("do", "kind", "name", "draft", "edits", "tab", "version", "partner", *REMARK_FIELDS)
"""What a button may send along."""
NOTHING_OPEN = Open()
LENGTHY = frozenset({"studio_retry", "studio_hang_up", "studio_accept", "studio_accept_stop"})
"""What a model may take its time for: the trainer goes on with something else meanwhile."""
MOST_CHARS = 200_000
"""Longest text that is taken for a draft: ten times the longest file there is."""


class StudioActions:
    """The handlers of the trainers' part."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.bench = Bench(desk.practice, desk.settings)
        self.showing = Showing(self.bench)
        self.tryout = TryOut(self.bench)
        self.accepting = Accepting(self.bench)
        self.remarks = StudioRemarks(self.bench, self.tryout.begun)
        self._turns: dict[str, asyncio.Lock] = {}
        self._doings: dict[str, Handler] = {
            "studio": self.shelf,
            "studio_new": self.new,
            "studio_copy": self.copy,
            "studio_open": self.open,
            "studio_resume": self.resume,
            "studio_drop": self.drop,
            "studio_edit": self.change,
            "studio_tab": self.tab,
            "studio_save": self.save,
            "studio_mine": self.take_mine,
            "studio_theirs": self.take_theirs,
            "studio_noted": self.noted,
            "studio_try": self.begin,
            "studio_retry": self.retry,
            "studio_hang_up": self.hang_up,
            "studio_accept": self.accept,
            "studio_accept_stop": self.accept_stop,
            "studio_restore": self.restore,
        }

    async def do(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Something was pressed; unknown buttons do nothing. Raises NotAllowed for trainees."""
        trainers_only(visitor.viewer)
        asked = sent.get("do", "")
        remarking = asked.startswith(REMARKS)
        doing = self.remark if remarking else self._doings.get(asked)
        if doing is None:
            return
        turn = self._turn(visitor, lengthy=remarking or asked in LENGTHY)
        async with turn, aclosing(doing(visitor, sent)) as parts:
            async for part in parts:
                yield part

    @asynccontextmanager
    async def _turn(self, visitor: Visitor, *, lengthy: bool = False) -> AsyncIterator[None]:
        """What one trainer does happens in the order it was done: saving takes along what was typed the moment before."""
        async with self._turns.setdefault(visitor.viewer.name, asyncio.Lock()):
            if not lengthy:
                yield
        if lengthy:
            yield

    async def shelf(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The list of what there is."""
        visitor = visitor.with_memory(visitor.memory.model_copy(update={"draft": ""}))
        head = self.showing.shelf(visitor, _kind(sent))
        shown: Studio = {"language": visitor.language, "head": head, "form": "", "panel": "", "chat": ""}
        yield self._view(visitor, shown)

    async def new(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft = self.bench.start(visitor.viewer, kind_of(sent.get("kind", "")), sent.get("name", ""))
        async for part in self.edit(visitor, draft):
            yield part

    async def copy(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft = self.bench.copy(visitor.viewer, kind_of(sent.get("kind", "")), sent.get("name", ""))
        async for part in self.edit(visitor, draft):
            yield part

    async def bring(self, visitor: Visitor, way: str, path: Path) -> Doing:
        """A card, a document or a call that was uploaded, as a draft with notes."""
        draft = await take_in(self.bench, visitor, way, path)
        async for part in self.edit(visitor, draft):
            yield part

    async def open(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft = self.bench.open(visitor.viewer, kind_of(sent.get("kind", "")), sent.get("name", ""))
        async for part in self.edit(visitor, draft):
            yield part

    async def resume(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A draft of the list, or the one that was on the page when it was reloaded."""
        async for part in self.edit(visitor, self._draft(visitor, sent)):
            yield part

    async def again(self, visitor: Visitor) -> Doing:
        """The trainers' part as it was: the draft on the page, or the list when there is none any more."""
        trainers_only(visitor.viewer)
        try:
            draft = self._draft(visitor, {})
        except NotFound:
            async for part in self.shelf(visitor, {}):
                yield part
            return
        async for part in self.edit(visitor, draft):
            yield part

    async def drop(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft = self._draft(visitor, sent)
        self.bench.drafts.drop(visitor.viewer.name, draft.id)
        async for part in self.shelf(visitor, {"kind": draft.kind}):
            yield part

    async def edit(self, visitor: Visitor, draft: Draft) -> Doing:
        """The draft on the bench: form, YAML, what there is to mend."""
        trainers_only(visitor.viewer)
        visitor = visitor.with_memory(visitor.memory.model_copy(update={"draft": draft.id}))
        shown = await asyncio.to_thread(self.showing.whole, visitor.language, draft)
        yield self._view(visitor, shown)

    async def change(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Changes made in the form; the YAML follows. A change that doesn't fit is said, and the others are made."""
        draft = self._draft(visitor, sent)
        text, redraw, fault = await asyncio.to_thread(_applied, draft, sent.get("edits", ""))
        draft = self.bench.drafts.keep(draft.model_copy(update={"text": text}))
        shown = await asyncio.to_thread(self.showing.after_edit, visitor.language, draft, redraw or fault is not None)
        yield {"studio": shown | {"code": text}}
        if fault is not None:
            raise fault

    async def write(self, visitor: Visitor, text: str) -> Doing:
        """The YAML was changed by hand; the form follows. Whatever it is, it is kept."""
        trainers_only(visitor.viewer)
        async with self._turn(visitor):
            draft = self._draft(visitor, {})
            if text == draft.text:
                return
            draft = self.bench.drafts.keep(draft.model_copy(update={"text": text[:MOST_CHARS]}))
            yield {"studio": await asyncio.to_thread(self.showing.after_edit, visitor.language, draft, True)}

    async def tab(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft, tab, language = self._draft(visitor, sent), sent.get("tab", ""), visitor.language
        if tab == "try":
            yield {"studio": await asyncio.to_thread(self._try_tab, language, draft)}
        elif tab == "accept":
            panel = await asyncio.to_thread(self._accept_panel, language, draft)
            yield {"studio": self.showing.tab(language, draft, tab, panel)}
        elif tab == "versions":
            yield {"studio": await asyncio.to_thread(self.showing.versions, language, draft)}
        else:
            yield {"studio": await asyncio.to_thread(self.showing.after_edit, language, draft, True)}

    async def restore(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """An earlier version becomes the draft; what the draft was stays among the versions."""
        draft = self._draft(visitor, sent)
        name = self.bench.name(draft)
        version = self.bench.history.get(draft.kind, name, sent.get("version", ""))
        if draft.touched:
            self.bench.history.add(draft.kind, name, draft.text, visitor.viewer.name, outside=True)
        draft = self.bench.drafts.keep(draft.model_copy(update={"text": version.text}))
        async for part in self.edit(visitor, draft):
            yield part

    async def begin(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A new try-out with the chosen partner. Raises CallState while there are mistakes."""
        draft = self._with_partner(self._draft(visitor, sent), sent)
        self.tryout.begin(draft, await asyncio.to_thread(self.bench.check, draft), draft.partner)
        yield {"studio": await asyncio.to_thread(self._try_tab, visitor.language, draft)}

    async def say(self, visitor: Visitor, text: str) -> Doing:
        """The trainer says something as the trainee."""
        trainers_only(visitor.viewer)
        draft = self._draft(visitor, {})
        async for part in self._talk(visitor.language, draft, self.tryout.say(draft, text), text):
            yield part

    async def remark(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """A remark on a line of the try-out, or a change of a principle; both change the draft on the bench."""
        draft, language = self._draft(visitor, sent), visitor.language
        async for changed, opened in self.remarks.do(draft, sent, visitor.viewer, language):
            shown = await asyncio.to_thread(self._try_tab, language, changed, opened)
            if changed.text != draft.text:
                after = await asyncio.to_thread(self.showing.after_edit, language, changed, True)
                shown = after | shown | {"code": changed.text}
            yield {"studio": shown}

    async def retry(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft = self._draft(visitor, sent)
        async for part in self._talk(visitor.language, draft, self.tryout.answer(draft), ""):
            yield part

    async def _talk(self, language: str, draft: Draft, events: AsyncIterator[Event], said: str) -> Doing:
        fault = ""
        try:
            async with aclosing(paced(events)) as paces:
                async for event in paces:
                    if isinstance(event, Heard | Piece):
                        line = event.text if isinstance(event, Piece) else ""
                        chat = self._chat(draft, language, speaking=line, said=said)
                        shown: Studio = {"chat": chat}
                        if isinstance(event, Heard):
                            shown["say"] = self.tryout.box(draft, language, speaking=True, clear=True)
                        yield {"studio": shown}
        except CoachError as error:
            fault = error.say(language)
        chat = self._chat(draft, language, fault=fault)
        yield {"studio": {"chat": chat, "say": self.tryout.box(draft, language)}}

    async def hang_up(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Ends the try-out and grades it. Raises ModelError."""
        draft = self._draft(visitor, sent)
        await self.tryout.end(draft)
        yield {"studio": await asyncio.to_thread(self._try_tab, visitor.language, draft)}

    async def accept(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The acceptance test of the draft with the chosen partner, with its progress."""
        draft, language = self._with_partner(self._draft(visitor, sent), sent), visitor.language
        item = needed(await asyncio.to_thread(self.bench.check, draft))
        told = ""
        try:
            async with aclosing(self.accepting.run(draft, item, draft.partner)) as progress:
                async for running in progress:
                    yield {"studio": {"panel": self._accept_panel(language, draft, running=running)}}
        except CoachError as error:
            told = error.say(language)
        panel = await asyncio.to_thread(self._accept_panel, language, draft, told=told)
        yield {"studio": {"panel": panel}}

    async def accept_stop(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        self.accepting.stop(self._draft(visitor, sent))
        return
        yield

    def _try_tab(self, language: str, draft: Draft, opened: Open = NOTHING_OPEN) -> Studio:
        checked = self.bench.check(draft)
        panel = self.tryout.panel(draft, checked, language) + self.remarks.principles(draft, opened, language)
        shown = self.showing.tab(language, draft, "try", panel)
        return shown | {"chat": self._chat(draft, language, opened), "say": self.tryout.box(draft, language)}

    def _chat(self, draft: Draft, language: str, opened: Open = NOTHING_OPEN, **more: Any) -> str:
        """The try-out's lines, with what a trainer can say about each."""
        return self.tryout.chat(
            draft, language, below=lambda turn: self.remarks.below(draft, turn, opened, language), **more
        )

    def _accept_panel(self, language: str, draft: Draft, *, running: Running | None = None, told: str = "") -> str:
        checked = self.bench.check(draft)
        return accept_panel(self.tryout, self.accepting, draft, checked, language, running, told)

    def _with_partner(self, draft: Draft, sent: dict[str, str]) -> Draft:
        """The draft with the partner that was chosen, which is remembered."""
        partner = sent.get("partner", "")
        if not partner or partner == draft.partner:
            return draft
        return self.bench.drafts.keep(draft.model_copy(update={"partner": partner}))

    async def save(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Writes the file, or shows why not: what is wrong, or both versions side by side."""
        draft = self._draft(visitor, sent)
        yield {"studio": await asyncio.to_thread(self.showing.after_edit, visitor.language, draft, False, "saving")}
        try:
            saved, blocked = await asyncio.to_thread(self.bench.save, draft, visitor.viewer)
        except Conflict as conflict:
            yield {"studio": self.showing.conflict(visitor.language, draft, conflict)}
            return
        except CoachError as error:
            refused = isinstance(error, ContentError)
            say = "refused" if refused else ""
            yield {"studio": await asyncio.to_thread(self.showing.after_edit, visitor.language, draft, False, say)}
            if refused:
                return
            raise
        shown = await asyncio.to_thread(self.showing.saved, visitor.language, saved, blocked)
        yield {"studio": shown}

    async def take_mine(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """After a conflict: the draft goes over what the other saved, which stays among the versions."""
        draft = self.bench.drafts.keep(self.bench.saver.rebased(self._draft(visitor, sent)))
        async for part in self.save(visitor, {"draft": draft.id}):
            yield part

    async def take_theirs(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """After a conflict: the draft becomes what the other saved; its own text stays among the versions."""
        draft = self.bench.saver.yielded(self._draft(visitor, sent), visitor.viewer.name)
        async for part in self.edit(visitor, self.bench.drafts.keep(draft)):
            yield part

    async def noted(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The notes above the draft have been read."""
        draft = self._draft(visitor, sent)
        draft = self.bench.drafts.keep(draft.model_copy(update={"notes": ()}))
        yield {"studio": await asyncio.to_thread(self.showing.after_edit, visitor.language, draft, False)}

    def _draft(self, visitor: Visitor, sent: dict[str, str]) -> Draft:
        """The trainer's own draft that the browser names. Raises NotFound."""
        return self.bench.drafts.get(visitor.viewer.name, sent.get("draft") or visitor.memory.draft)

    def _view(self, visitor: Visitor, shown: Studio) -> Shown:
        return {
            "view": "studio",
            "top": self.desk.top("studio", visitor),
            "studio": shown,
            "memory": visitor.memory.kept(),
        }


def _kind(sent: dict[str, str]) -> Kind:
    try:
        return kind_of(sent.get("kind", ""))
    except NotFound:
        return "persona"


def _applied(draft: Draft, sent: str) -> tuple[str, bool, CoachError | None]:
    """The text with the changes that the form sent, whether they change which fields there are, and what didn't fit. Nonsense is
    no change."""
    text, redraw, fault = draft.text, False, None
    try:
        items: Any = json.loads(sent)
    except ValueError:
        items = []
    for item in items if isinstance(items, list) else []:
        edit = edit_of(draft.kind, item, data_of(text)) if isinstance(item, dict) else None
        if edit is None:
            continue
        redraw = redraw or item.get("op") != "set"
        try:
            text = edited(text, edit, MODELS[draft.kind])
        except CoachError as error:
            fault = error
    return text, redraw, fault
