"""Saving: the file stays the truth. What changed in the meantime is never written over unseen; every version can be found again."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from coach.authoring.edits import Edit, data_of, edited
from coach.authoring.history import History
from coach.authoring.kinds import Kind, file_of, is_id, place_of
from coach.authoring.shelf import Shelf
from coach.authoring.unsaved import Draft
from coach.content.mistakes import ContentError
from coach.content.rubric import Rubric
from coach.errors import CoachError, InputError, StoreError

UNNAMED = "new"
"""What the file of a draft without an id is called, until it has one."""
_ID_LINE = re.compile(r"""^id:[ \t]*["']?(\w+)["']?[ \t]*(?:#.*)?$""", re.MULTILINE)
_NOT_SCORING = {"version": True, "name": True, "summary": True}
_NOT_SCORING_CHECK = {"teaches", "say_instead"}


class Conflict(CoachError):
    """The file changed since it was opened: nothing was written. `theirs` is what stands there now, `mine` the draft."""

    code = "conflict"

    def __init__(self, file: str, theirs: str, mine: str, author: str) -> None:
        by = (f"（{author}）", f" by {author}") if author else ("", "")
        super().__init__(
            f"没有保存：您打开 {file} 以后，它又被改过{by[0]}。两份都在下面，看一眼再决定用哪一份。",
            f"Not saved: {file} was changed{by[1]} after you opened it. Both versions are below; decide which to keep.",
        )
        self.file, self.theirs, self.mine, self.author = file, theirs, mine, author

    @property
    def difference(self) -> list[tuple[str, str]]:
        """Line by line: (" ", in both), ("-", only in theirs), ("+", only in mine); ("@", "") where lines are left out."""
        return difference(self.theirs, self.mine)


@dataclass(frozen=True)
class Saved:
    """What was written: the draft as it goes on, whether the rubric's version number was raised, what coach check reminds of."""

    draft: Draft
    name: str
    raised: int = 0
    """The new version number of a rubric whose scoring changed; 0 when it was not raised here."""


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ, with three of context."""
    lines = []
    for line in list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]:
        lines.append(("@", "") if line.startswith("@@") else (line[0], line[1:]))
    return lines


class Saver:
    """Writes drafts into the content folder."""

    def __init__(self, shelf: Shelf, history: History) -> None:
        self._shelf = shelf
        self._history = history
        self._lock = Lock()

    def save(self, draft: Draft, author: str) -> Saved:
        """Writes the draft into its file.

        Raises:
            ContentError: it has mistakes; nothing was written.
            Conflict: the file is not what it was when the draft was opened; nothing was written.
            InputError: a new file whose name is taken.
            StoreError: a folder can't be written.
        """
        with self._lock:
            return self._save(draft, author)

    def _save(self, draft: Draft, author: str) -> Saved:
        name = draft_name(draft)
        checked = self._shelf.check(draft.kind, draft.text, name, new=not draft.file)
        if checked.item is None:
            raise ContentError(checked.mistakes)
        path = place_of(self._shelf.folder, draft.kind, name)
        there = self._there(draft.kind, name, path)
        if there is not None and not draft.file:
            file = file_of(draft.kind, name)
            raise InputError(
                f"没有保存：{file} 已经有了。给它换一个编号（id）。",
                f"Not saved: there is a {file} already. Choose another id.",
            )
        if draft.file and there != draft.base:
            raise Conflict(file_of(draft.kind, name), there or "", draft.text, self._last_author(draft.kind, name))
        text, raised = self._with_version(draft, there, checked.item)
        if text != there:  # saved twice in a row is one version
            self._remember(draft.kind, name, there)
            _write(path, text)
            self._history.add(draft.kind, name, text, author)
        return Saved(draft.model_copy(update={"text": text, "base": text, "file": name}), name, raised)

    def rebased(self, draft: Draft) -> Draft:
        """The draft as if it had been opened from the file as it is now: the next save writes over that."""
        return draft.model_copy(update={"base": self._shelf.text(draft.kind, draft.file)})

    def yielded(self, draft: Draft, author: str) -> Draft:
        """The draft with the file's text instead of its own, which stays among the versions."""
        self._history.add(draft.kind, draft.file, draft.text, author, outside=True)
        text = self._shelf.text(draft.kind, draft.file)
        return draft.model_copy(update={"text": text, "base": text})

    def _there(self, kind: Kind, name: str, path: Path) -> str | None:
        return self._shelf.text(kind, name) if path.is_file() else None

    def _last_author(self, kind: Kind, name: str) -> str:
        versions = self._history.all(kind, name)
        return versions[-1].author if versions else ""

    def _remember(self, kind: Kind, name: str, there: str | None) -> None:
        """What is about to be written over, unless it is kept already."""
        versions = self._history.all(kind, name)
        if there is not None and (not versions or versions[-1].text != there):
            self._history.add(kind, name, there, "", outside=True)

    def _with_version(self, draft: Draft, there: str | None, item: object) -> tuple[str, int]:
        """A rubric whose scoring changed gets the next version number, unless its author raised it: old grades keep theirs."""
        if there is None or not isinstance(item, Rubric):
            return draft.text, 0
        before = self._shelf.check(draft.kind, there, draft.file).item
        if not isinstance(before, Rubric) or item.version > before.version or scoring(before) == scoring(item):
            return draft.text, 0
        raised = before.version + 1
        return edited(draft.text, Edit("set", ("version",), raised), Rubric), raised


def scoring(rubric: Rubric) -> object:
    """What decides a grade: everything that code or judge go by."""
    data = rubric.model_dump(mode="json", exclude=_NOT_SCORING)
    for criterion in data["criteria"]:
        criterion.pop("name")
        for check in criterion["checks"]:
            for name in _NOT_SCORING_CHECK:
                check.pop(name)
    return data


def draft_name(draft: Draft) -> str:
    """The name of the draft's file: the one it has, or the one its id asks for, also while the rest of it can't be read."""
    if draft.file:
        return draft.file
    data, line = data_of(draft.text), _ID_LINE.search(draft.text)
    written = data.get("id") if data else line and line.group(1)
    return str(written) if is_id(written) else UNNAMED


def _write(path: Path, text: str) -> None:
    """All or nothing: a file that others read is never half written."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(text.encode("utf-8"))
        part.replace(path)
    except OSError as error:
        raise StoreError(
            f"写不进 {path}（{error.strerror}）。请检查内容文件夹的权限；草稿还在。",
            f"{path} can't be written ({error.strerror}). Check the content folder's permissions; the draft is still there.",
        ) from error
