"""The files of a batch's folder while it runs: a lock, results.jsonl growing as it goes, rejected.jsonl."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path

from coach.batch.records import Rejected
from coach.errors import StoreError

RESULTS, REJECTED, DATABASE = "results.jsonl", "rejected.jsonl", "results.sqlite3"
SHEETS, REPORT = "results.xlsx", "report.html"
LOCK = ".lock"


class Folder:
    """The output folder; one batch at a time.

    Raises:
        StoreError: it can't be written, or another batch is writing there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = (path / LOCK).open("a")
            _lock(self._lock, path)
            self._rejected = (path / REJECTED).open("w", encoding="utf-8")
        except OSError as error:
            raise _unwritable(path, error) from error
        self._results: TextIOWrapper | None = None

    @property
    def database(self) -> Path:
        return self.path / DATABASE

    def begin(self, *, anew: bool) -> None:
        """Opens results.jsonl for growing; `anew`: its lines belong to another run, which the store still has."""
        results = self.path / RESULTS
        try:
            if not anew and results.exists() and not _ends_with_a_line(results):
                with results.open("ab") as file:
                    file.write(b"\n")  # a killed run may have left half a line; it goes when the file is written whole
            self._results = results.open("w" if anew else "a", encoding="utf-8")
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def grow(self, lines: Iterable[str]) -> None:
        """Shows finished results to whoever looks; the store has them already."""
        assert self._results is not None
        self._results.write("".join(f"{line}\n" for line in lines))
        self._results.flush()

    def whole(self, lines: Iterable[str]) -> None:
        """Writes results.jsonl from the store, in its order, in one step."""
        if self._results is not None:
            self._results.close()
            self._results = None
        with self.replacing(RESULTS) as fresh, fresh.open("w", encoding="utf-8") as file:
            for line in lines:
                file.write(line)
                file.write("\n")

    @contextmanager
    def replacing(self, name: str) -> Iterator[Path]:
        """A place to write a file of that name; it takes the name's place when it is complete.

        Raises:
            StoreError: it can't be written, or somebody has the old one open and locked.
        """
        fresh = self.path / f".new-{name}"
        try:
            yield fresh
            fresh.replace(self.path / name)
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def reject(self, rejected: Rejected) -> None:
        told = {name: value for name, value in asdict(rejected).items() if name != "speaker"}
        self._rejected.write(json.dumps(told, ensure_ascii=False) + "\n")
        self._rejected.flush()

    def close(self) -> None:
        for file in (self._results, self._rejected, self._lock):
            if file is not None:
                file.close()


def _ends_with_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _lock(file: TextIOWrapper, path: Path) -> None:
    """Held until the process ends, however it ends. Where the system has no such locks, nothing is locked."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreError(
            f"另一个批量评分正在往 {path} 里写。等它完成，或用 --out 换一个文件夹。",
            f"Another batch is writing to {path}. Wait for it, or choose another folder with --out.",
        ) from None


def in_use(path: Path) -> bool:
    """Whether a batch is writing to this folder now. Always False where the system has no such locks."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        with (path / LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"不能往 {path} 里写结果：{error.strerror}。请检查权限和剩余空间，或用 --out 换一个文件夹。",
        f"Results can't be written to {path}: {error.strerror}. Check permissions and free space, or choose another folder "
        "with --out.",
    )
