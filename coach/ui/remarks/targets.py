"""Where a principle is written: into a persona's file, or into the draft that a trainer has on the bench."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from coach.authoring.principles import PrincipleBook
from coach.authoring.unsaved import Draft
from coach.content.mistakes import ContentError
from coach.content.persona import Persona
from coach.errors import NotFound
from coach.practice import Practice
from coach.records.call import Call
from coach.ui.remarks.wording import remarks_wording
from coach.ui.studio.bench import Bench
from coach.ui.viewer import Viewer

Change = Callable[[str], str]


class Target(Protocol):
    """The call whose lines are remarked on, and the persona that its principles go to."""

    @property
    def call(self) -> Call | None: ...

    @property
    def practice(self) -> Practice:
        """The engine that plays this persona."""
        ...

    @property
    def draft(self) -> str:
        """The id of the draft; empty for a file."""
        ...

    def persona(self) -> Persona:
        """As it stands now. Raises NotFound, ContentError."""
        ...

    def write(self, change: Change) -> str:
        """Writes, and gives the key of the sentence that says what holds from now on.

        Raises:
            ContentError, InputError, NotFound, Conflict, StoreError: nothing was written.
        """
        ...


class FileTarget:
    """A persona's file: the next call is played with the change; calls that are open keep what they began with."""

    draft = ""

    def __init__(self, bench: Bench, viewer: Viewer, persona_id: str, call: Call | None) -> None:
        self._bench = bench
        self._viewer = viewer
        self._id = persona_id
        self._book = PrincipleBook(bench.shelf, bench.saver)
        self.call = call
        self.practice = bench.practice

    def persona(self) -> Persona:
        try:
            return self._book.persona(self._id)
        except NotFound as error:
            both = remarks_wording().languages("call.gone")
            raise NotFound(both["zh"], both["en"]) from error

    def write(self, change: Change) -> str:
        self._book.change(self._id, change, self._viewer.name)
        try:
            self._bench.practice.library = self._bench.shelf.library()
        except ContentError:  # of another file: this one was read again before it was written
            return "saved.blocked"
        return "saved.file"


class DraftTarget:
    """The persona that is on the bench: only its draft changes, until the trainer saves it."""

    def __init__(self, bench: Bench, draft: Draft, practice: Practice, call: Call | None) -> None:
        self._bench = bench
        self._draft = draft
        self.call = call
        self.practice = practice

    @property
    def draft(self) -> str:
        return self._draft.id

    @property
    def kept(self) -> Draft:
        """The draft as it is now."""
        return self._draft

    def persona(self) -> Persona:
        checked = self._bench.check(self._draft)
        if not isinstance(checked.item, Persona):
            raise ContentError(checked.mistakes)
        return checked.item

    def write(self, change: Change) -> str:
        text = change(self._draft.text)
        changed = self._draft.model_copy(update={"text": text})
        checked = self._bench.check(changed)
        if checked.item is None:
            raise ContentError(checked.mistakes)
        self._draft = self._bench.drafts.keep(changed)
        return "saved.draft"
