"""The bench a trainer works at: the content folder, drafts, versions, the practice in which saved things are played."""

from __future__ import annotations

from collections.abc import Sequence

from coach.authoring.edits import data_of
from coach.authoring.history import History
from coach.authoring.kinds import Kind, file_of
from coach.authoring.saving import Saved, Saver, draft_name
from coach.authoring.shelf import Checked, Shelf
from coach.authoring.starting import copied, free_name, starting_text
from coach.authoring.unsaved import Draft, Drafts
from coach.content.mistakes import ContentError
from coach.practice import Practice
from coach.settings import Settings
from coach.ui.viewer import Viewer


class Bench:
    """Everything the handlers of the trainers' part do that is not showing."""

    def __init__(self, practice: Practice, settings: Settings) -> None:
        self.practice = practice
        self.settings = settings
        self.shelf = Shelf(settings.content)
        self.drafts = Drafts(settings.data)
        self.history = History(settings.data)
        self.saver = Saver(self.shelf, self.history)

    def open_text(self, viewer: Viewer, kind: Kind, text: str, notes: Sequence[str] = ()) -> Draft:
        """A text that was written elsewhere (a card of another program, a draft from a document) as an unsaved draft. `notes`
        stand above it until the trainer takes them away. Show it with `StudioActions.edit(visitor, draft)`."""
        return self.drafts.open_text(viewer.name, kind, text, notes=notes)

    def start(self, viewer: Viewer, kind: Kind, source: str) -> Draft:
        """A new draft from a template or a copy of a file, under an id that is still free. Raises NotFound."""
        name = free_name(self.shelf, kind, f"my_{source}"[:40], self._taken(viewer, kind))
        return self.open_text(viewer, kind, starting_text(self.shelf, kind, source, name))

    def copy(self, viewer: Viewer, kind: Kind, name: str) -> Draft:
        """A copy of a file as a new draft. Raises NotFound, InputError."""
        text = self.shelf.text(kind, name)
        fresh = free_name(self.shelf, kind, f"{name[:40]}_2", self._taken(viewer, kind))
        return self.open_text(viewer, kind, copied(text, kind, fresh))

    def open(self, viewer: Viewer, kind: Kind, name: str) -> Draft:
        """The trainer's draft of a file: the one that is there already, else a new one. Raises NotFound."""
        for draft in self.drafts.all(viewer.name):
            if draft.kind == kind and draft.file == name:
                if draft.touched:
                    return draft
                self.drafts.drop(viewer.name, draft.id)  # nothing was changed: the file may be newer
        text = self.shelf.text(kind, name)
        return self.drafts.open_text(viewer.name, kind, text, file=name, base=text)

    def name(self, draft: Draft) -> str:
        """The name of the draft's file, which it has or will get."""
        return draft_name(draft)

    def check(self, draft: Draft) -> Checked:
        return self.shelf.check(draft.kind, draft.text, self.name(draft), new=not draft.file)

    def save(self, draft: Draft, viewer: Viewer) -> tuple[Saved, ContentError | None]:
        """Writes the draft into its file and lets trainees play it at once; calls that are open keep their content.

        The second part says why it can't be played yet: another file of the folder has mistakes.

        Raises:
            ContentError, Conflict, InputError, StoreError: nothing was written.
        """
        saved = self.saver.save(draft, viewer.name)
        self.drafts.keep(saved.draft)
        try:
            self.practice.library = self.shelf.library()
        except ContentError as error:
            return saved, error
        return saved, None

    def file(self, draft: Draft) -> str:
        return file_of(draft.kind, self.name(draft))

    def _taken(self, viewer: Viewer, kind: Kind) -> tuple[str, ...]:
        """Ids of drafts that have no file yet."""
        mine = [draft for draft in self.drafts.all(viewer.name) if draft.kind == kind and not draft.file]
        return tuple(str(data_of(draft.text).get("id", "")) for draft in mine)
