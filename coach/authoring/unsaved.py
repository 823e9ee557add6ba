"""Drafts: what trainers have on the bench and have not saved. Kept in the data folder after every change, so that nothing typed is lost."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from coach.authoring.kinds import Kind
from coach.errors import NotFound, StoreError
from coach.records.call import Record


class Draft(Record):
    """One text on the bench."""

    id: str
    owner: str
    """The trainer's name; empty where nobody logs in."""
    kind: Kind
    text: str
    file: str = ""
    """The name of the file that it was opened from; empty for a new one."""
    base: str = ""
    """That file's text as it was when opened or last saved."""
    notes: tuple[str, ...] = ()
    """What the trainer should know while going over it, such as where a drafted part comes from."""
    partner: str = ""
    """Whom it is tried out with: a case for a persona, a persona for a case, an exercise "persona/case" for a rubric."""
    created: datetime
    changed: datetime

    @property
    def touched(self) -> bool:
        """Whether it differs from the file it came from."""
        return self.text != self.base


class Drafts:
    """The drafts of all trainers, a file each.

    Raises:
        StoreError: the data folder can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "drafts"

    def open_text(
        self, owner: str, kind: Kind, text: str, *, notes: Sequence[str] = (), file: str = "", base: str = ""
    ) -> Draft:
        """A new draft of this text, kept at once: the way in for everything that is written elsewhere."""
        now = datetime.now(UTC)
        draft = Draft(
            id=uuid.uuid4().hex,
            owner=owner,
            kind=kind,
            text=text,
            file=file,
            base=base,
            notes=tuple(notes),
            created=now,
            changed=now,
        )
        return self.keep(draft)

    def keep(self, draft: Draft) -> Draft:
        """Writes the draft as it is now."""
        draft = draft.model_copy(update={"changed": datetime.now(UTC)})
        path = self._path(draft.owner, draft.id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(draft.model_dump_json(), encoding="utf-8")
            part.replace(path)
        except OSError as error:
            raise _unusable(self._folder, error) from error
        return draft

    def get(self, owner: str, draft_id: str) -> Draft:
        """Raises NotFound for an id that is not one of this trainer's drafts."""
        path = self._path(owner, draft_id)
        found = _read(path) if draft_id.isalnum() and path.is_file() else None
        if found is None or found.owner != owner:
            raise NotFound("这份草稿已经不在了。", "This draft is not there any more.")
        return found

    def all(self, owner: str) -> list[Draft]:
        """The trainer's drafts, the one changed last first."""
        found = [_read(path) for path in self._path(owner, "-").parent.glob("*.json")]
        mine = [draft for draft in found if draft is not None and draft.owner == owner]
        return sorted(mine, key=lambda draft: draft.changed, reverse=True)

    def drop(self, owner: str, draft_id: str) -> None:
        """Takes the draft off the bench. Raises NotFound."""
        draft = self.get(owner, draft_id)
        self._path(owner, draft.id).unlink(missing_ok=True)

    def _path(self, owner: str, draft_id: str) -> Path:
        return self._folder / sha256(owner.encode()).hexdigest()[:24] / f"{draft_id}.json"


def _read(path: Path) -> Draft | None:
    """None for a file that holds no draft (any more): it stays where it is, for whoever wants to look."""
    try:
        return Draft.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValidationError):
        return None


def _unusable(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"草稿存不进 {folder}（{error.strerror}）。请检查权限和剩余空间，或用 COACH_DATA 指定另一个文件夹。",
        f"The draft can't be kept in {folder} ({error.strerror}). Check permissions and free space, or set COACH_DATA to another folder.",
    )
