"""What trainers do on the page: plain async functions, free of gradio. Every one of them refuses trainees first.

Each is an async generator of `Shown`. The browser says which draft; it is looked up among the trainer's own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any, Literal, get_args

from coach.authoring.edits import data_of, edited
from coach.authoring.form import edit_of
from coach.authoring.kinds import MODELS, Kind, kind_of
from coach.authoring.saving import Conflict
from coach.authoring.unsaved import Draft
from coach.content.mistakes import ContentError
from coach.errors import CoachError, NotFound
from coach.ui.desk import Desk, Shown
from coach.ui.studio.bench import Bench
from coach.ui.studio.showing import Showing
from coach.ui.studio.shown import Studio
from coach.ui.viewer import trainers_only
from coach.ui.visitor import Visitor

Doing = AsyncGenerator[Shown, None]
Tab = Literal["form", "try", "accept", "versions"]
FIELDS = ("do", "kind", "name", "draft", "edits", "tab", "version", "partner", "turn")
"""What a button may send along."""
MOST_CHARS = 200_000
"""Longest text that is taken for a draft: ten times the longest file there is."""


class StudioActions:
    """The handlers of the trainers' part."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.bench = Bench(desk.practice, desk.settings)
        self.showing = Showing(self.bench)
        self._doings: dict[str, Callable[[Visitor, dict[str, str]], Doing]] = {
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
        }

    async def do(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Something was pressed; unknown buttons do nothing. Raises NotAllowed for trainees."""
        trainers_only(visitor.viewer)
        doing = self._doings.get(sent.get("do", ""))
        if doing is not None:
            async for part in doing(visitor, sent):
                yield part

    async def shelf(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """The list of what there is."""
        visitor = visitor.with_memory(visitor.memory.model_copy(update={"draft": ""}))
        yield self._view(
            visitor, {"head": self.showing.shelf(visitor, _kind(sent)), "form": "", "panel": "", "chat": ""}
        )

    async def new(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft = self.bench.start(visitor.viewer, kind_of(sent.get("kind", "")), sent.get("name", ""))
        async for part in self.edit(visitor, draft):
            yield part

    async def copy(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        draft = self.bench.copy(visitor.viewer, kind_of(sent.get("kind", "")), sent.get("name", ""))
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
        draft = self._draft(visitor, {})
        if text == draft.text:
            return
        draft = self.bench.drafts.keep(draft.model_copy(update={"text": text[:MOST_CHARS]}))
        yield {"studio": await asyncio.to_thread(self.showing.after_edit, visitor.language, draft, True)}

    async def tab(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        tab = sent.get("tab", "")
        draft = self._draft(visitor, sent)
        yield {"studio": self.showing.tab(visitor.language, draft, tab if tab in get_args(Tab) else "form")}

    async def save(self, visitor: Visitor, sent: dict[str, str]) -> Doing:
        """Writes the file, or shows why not: what is wrong, or both versions side by side."""
        draft = self._draft(visitor, sent)
        try:
            saved, blocked = await asyncio.to_thread(self.bench.save, draft, visitor.viewer)
        except Conflict as conflict:
            yield {"studio": self.showing.conflict(visitor.language, draft, conflict)}
            return
        except ContentError:
            shown = await asyncio.to_thread(self.showing.after_edit, visitor.language, draft, False, "refused")
            yield {"studio": shown}
            return
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
