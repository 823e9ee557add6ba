"""Where a run lives: a folder under COACH_DATA for each trainer and run, with what was uploaded, what was ordered and how far it is.

    bulk/OWNER/RUN/  order.json  state.json  look.json  plan.json  digest.json  calls.json  input/  out/

A run is only ever looked up below its owner's folder, so another person's run can't be reached by its id.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.batch.mapping import InputMap
from coach.batch.outputs import RESULTS, in_use
from coach.batch.records import Role
from coach.errors import StoreError
from coach.ui.bulk.render import bulk_wording

Phase = Literal["draft", "starting", "reading", "grading", "writing", "done", "stopped", "failed"]
UNDER_WAY: tuple[Phase, ...] = ("starting", "reading", "grading", "writing")
_LONGEST_NAME = 100


class Order(BaseModel):
    """What a trainer asked for. `files` are names inside input/; `asked` are speakers whose side the page asks for."""

    model_config = ConfigDict(frozen=True)

    files: tuple[str, ...] = ()
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    columns: dict[str, str] = {}
    speakers: dict[str, Role] = {}
    asked: tuple[str, ...] = ()
    rubrics: tuple[str, ...] = ()
    offline: bool = True
    votes: int = 1
    language: Literal["zh", "en"] = "zh"
    concurrency: int = 8
    rpm: float | None = None
    limit: int | None = None

    @property
    def mapping(self) -> InputMap:
        return InputMap(self.columns, self.speakers)


class State(BaseModel):
    """How far a run is; written by its process, read by the page."""

    model_config = ConfigDict(frozen=True)

    phase: Phase = "draft"
    total: int | None = None
    graded: int = 0
    skipped: int = 0
    rejected: int = 0
    failed: int = 0
    requests: int = 0
    retries: int = 0
    tokens: int = 0
    cost: float | None = None
    currency: str = ""
    per_second: float = 0.0
    seconds_left: float | None = None
    whole: int = 0
    """Results there are, those of earlier starts included."""
    zh: str = ""
    en: str = ""
    """Why it stopped before its end."""
    changed: tuple[tuple[str, str, str], ...] = ()

    @property
    def seen(self) -> int:
        return self.graded + self.skipped + self.rejected


class RunFolder:
    """One run on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        self.input, self.out = path / "input", path / "out"

    @property
    def order(self) -> Order:
        """What was asked for; an empty order where the file can't be used."""
        try:
            return Order.model_validate_json((self.path / "order.json").read_bytes())
        except (OSError, ValidationError):
            return Order()

    @property
    def state(self) -> State:
        try:
            return State.model_validate_json((self.path / "state.json").read_bytes())
        except (OSError, ValidationError):
            return State()

    def keep(self, name: str, value: BaseModel | dict[str, Any] | list[Any]) -> None:
        """Writes NAME.json in one step.

        Raises:
            StoreError: the folder can't be written.
        """
        text = value.model_dump_json() if isinstance(value, BaseModel) else json.dumps(value, ensure_ascii=False)
        fresh = self.path / f".new-{name}.json"
        try:
            fresh.write_text(text, "utf-8")
            fresh.replace(self.path / f"{name}.json")
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def kept(self, name: str) -> Any:
        """NAME.json, or None where there is none."""
        try:
            return json.loads((self.path / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def forget(self, name: str) -> None:
        (self.path / f"{name}.json").unlink(missing_ok=True)

    @property
    def files(self) -> list[Path]:
        """What was uploaded, in its order."""
        return [self.input / name for name in self.order.files]

    @property
    def in_use(self) -> bool:
        """Whether a process is writing results here, also one that an earlier start of the server left behind."""
        return in_use(self.out)

    @property
    def has_results(self) -> bool:
        return (self.out / RESULTS).exists()

    def take(self, given: Iterable[Path]) -> None:
        """Moves uploaded files in; a name that is there already gets a number.

        Raises:
            StoreError: the folder can't be written.
        """
        order, names = self.order, list(self.order.files)
        try:
            self.input.mkdir(parents=True, exist_ok=True)
            for path in given:
                name = _free(tidy_name(path.name), names)
                shutil.move(path, self.input / name)
                names.append(name)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self.keep("order", order.model_copy(update={"files": tuple(names)}))

    def drop(self, name: str) -> None:
        """Deletes an uploaded file; one that isn't there is no mistake."""
        order = self.order
        if name in order.files and len(order.files) > 1:
            (self.input / name).unlink(missing_ok=True)
            left = tuple(other for other in order.files if other != name)
            self.keep("order", order.model_copy(update={"files": left, "asked": (), "speakers": {}}))

    def remove(self) -> None:
        """Everything of it, the transcripts first."""
        for part in (self.input, self.out, self.path):
            shutil.rmtree(part, ignore_errors=True)


class Shelf:
    """The runs of everybody, each behind their owner's name."""

    def __init__(self, data: Path) -> None:
        self._root = data / "bulk"

    def _place(self, owner: str) -> Path:
        return self._root / (f"user-{sha256(owner.encode()).hexdigest()[:24]}" if owner else "open")

    def create(self, owner: str, order: Order) -> RunFolder:
        """An empty run.

        Raises:
            StoreError: the folder can't be written.
        """
        # sorts by time; the rest can't be guessed
        run = RunFolder(self._place(owner) / f"{int(time.time() * 1000):012x}{secrets.token_hex(6)}")
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            self._root.chmod(0o700)
            run.path.mkdir(parents=True)
        except OSError as error:
            raise _unwritable(run.path, error) from error
        run.keep("order", order)
        return run

    def find(self, owner: str, run_id: str) -> RunFolder | None:
        """The owner's run with this id (from the browser, so nothing in it is trusted)."""
        if not re.fullmatch(r"[0-9a-f]{24}", run_id):
            return None
        run = RunFolder(self._place(owner) / run_id)
        return run if run.path.is_dir() else None

    def of(self, owner: str) -> list[RunFolder]:
        """The owner's runs, newest first."""
        place = self._place(owner)
        found = sorted(place.iterdir(), reverse=True) if place.is_dir() else []
        return [RunFolder(path) for path in found if path.is_dir()]


def tidy_name(name: str) -> str:
    """A file name that fits every disk: without folders and control signs, not too long, its ending kept."""
    bare = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "_", name).lstrip(".~ ") or "_"
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}.{ending[:10]}" if dot else bare[:_LONGEST_NAME]


def _free(name: str, taken: list[str]) -> str:
    stem, _, ending = name.rpartition(".")
    number, free = 2, name
    while free in taken:
        free, number = f"{stem}-{number}.{ending}", number + 1
    return free


def _unwritable(path: Path, error: OSError) -> StoreError:
    both = bulk_wording().languages("fault.folder")
    values = {"folder": path, "reason": error.strerror or error}
    return StoreError(both["zh"].format(**values), both["en"].format(**values))
