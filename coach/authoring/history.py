"""Earlier versions of what was saved, with author and time, in the data folder: any of them can be brought back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from coach.authoring.kinds import Kind
from coach.errors import NotFound, StoreError
from coach.records.call import Record


class Version(Record):
    """One text as it stood in its file."""

    id: str
    kind: Kind
    name: str
    author: str
    """Empty where nobody logs in, and for a text that came from outside the page."""
    saved: datetime
    text: str
    outside: bool = False
    """Found in the file, not saved here: shipped, or written with an editor."""


class History:
    """The versions of every file that was ever saved here, oldest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "versions"

    def add(self, kind: Kind, name: str, text: str, author: str, *, outside: bool = False) -> Version:
        """Keeps a version. Raises StoreError."""
        made = Version(
            id=uuid.uuid4().hex,
            kind=kind,
            name=name,
            author=author,
            saved=datetime.now(UTC),
            text=text,
            outside=outside,
        )
        folder = self._folder / kind / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # the time in front keeps them in order in a folder listing too
            path = folder / f"{made.saved:%Y%m%dT%H%M%S%f}-{made.id[:8]}.json"
            path.write_text(made.model_dump_json(), encoding="utf-8")
        except OSError as error:
            raise StoreError(
                f"旧版本存不进 {folder}（{error.strerror}），所以没有保存。请检查权限和剩余空间。",
                f"The earlier version can't be kept in {folder} ({error.strerror}), so nothing was saved. Check permissions and free space.",
            ) from error
        return made

    def all(self, kind: Kind, name: str) -> list[Version]:
        """Oldest first; files that hold no version are passed over."""
        found = []
        for path in sorted((self._folder / kind / name).glob("*.json")):
            try:
                found.append(Version.model_validate_json(path.read_text("utf-8")))
            except (OSError, ValidationError):
                continue
        return found

    def get(self, kind: Kind, name: str, version_id: str) -> Version:
        """Raises NotFound."""
        for version in self.all(kind, name):
            if version.id == version_id:
                return version
        raise NotFound("没有这个版本。", "There is no such version.")
