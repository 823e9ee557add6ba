"""The content folder as trainers see it while they write: read again when a file changed, one document checked against all others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from coach.authoring.kinds import FOLDERS, KINDS, Kind, file_of, place_of
from coach.content.library import Library
from coach.content.mistakes import Mistake
from coach.content.survey import Survey, survey, survey_one
from coach.content.text import Strict
from coach.errors import NotFound


@dataclass(frozen=True)
class Entry:
    """One file of a kind, as a list shows it. `data` is what it holds, also when that can't be used."""

    kind: Kind
    name: str
    data: dict[str, Any]
    errors: int


@dataclass(frozen=True)
class Checked:
    """What a text is worth: the object it describes (None while it has errors) and everything to mend."""

    item: Strict | None
    mistakes: tuple[Mistake, ...]

    @property
    def errors(self) -> tuple[Mistake, ...]:
        return tuple(mistake for mistake in self.mistakes if mistake.level == "error")

    @property
    def warnings(self) -> tuple[Mistake, ...]:
        return tuple(mistake for mistake in self.mistakes if mistake.level == "warning")


class Shelf:
    """A content folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._stamp: tuple[tuple[str, int, int], ...] = ()
        self._found: Survey | None = None

    def survey(self) -> Survey:
        """Everything in the folder as it is now."""
        with self._lock:
            stamp = self._now()
            if self._found is None or stamp != self._stamp:
                self._found, self._stamp = survey(self.folder), stamp
            return self._found

    def library(self) -> Library:
        """The content for playing. Raises ContentError while any file has errors."""
        return Library.load(self.folder)

    def entries(self, kind: Kind) -> list[Entry]:
        """The files of a kind by name."""
        found = self.survey()
        wrong = [mistake.file for mistake in found.errors]
        data = {document.file: document.data for document in found.documents[FOLDERS[kind]]}
        names = sorted(path.stem for path in (self.folder / FOLDERS[kind]).glob("*.yaml"))
        return [
            Entry(kind, name, data.get(file_of(kind, name), {}), wrong.count(file_of(kind, name))) for name in names
        ]

    def names(self, kind: Kind) -> list[str]:
        return [entry.name for entry in self.entries(kind)]

    def text(self, kind: Kind, name: str) -> str:
        """What stands in the file. Raises NotFound, InputError."""
        path = place_of(self.folder, kind, name)
        if not path.is_file():
            raise NotFound(f"没有 {file_of(kind, name)} 这个文件。", f"There is no file {file_of(kind, name)}.")
        return path.read_bytes().decode("utf-8-sig", errors="replace")

    def check(self, kind: Kind, text: str, name: str, *, new: bool = False) -> Checked:
        """The text as if it stood in the file of `name`: the sentences are those of `coach check`. `new`: it is to become a file."""
        raw = text.encode("utf-8", errors="replace")
        item, mistakes = survey_one(self.survey(), self.folder, FOLDERS[kind], file_of(kind, name), raw, new=new)
        return Checked(item, tuple(mistakes))

    def _now(self) -> tuple[tuple[str, int, int], ...]:
        """Which files there are, how long and from when."""
        folders = [self.folder / FOLDERS[kind] for kind in KINDS]
        paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
        paths += [self.folder / "operator.yaml", self.folder / "moves" / "moves.yaml", self.folder / "lexicon.yaml"]
        stats = [(path, path.stat()) for path in paths if path.is_file()]
        return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)
