"""Runs a batch: reads, leaves out what is done, grades with an engine, keeps each result as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from coach.batch.control import Control
from coach.batch.job import Job
from coach.batch.mapping import InputMap
from coach.batch.outputs import Folder
from coach.batch.patience import Limits
from coach.batch.reading import read_records
from coach.batch.records import Record, Rejected
from coach.batch.work import Graded, rare_collections
from coach.batch.writing import write_outputs
from coach.settings import Settings

if TYPE_CHECKING:
    from types import TracebackType

    from coach.batch.pool import Pool
    from coach.storage.results import ResultStore, Run

_LOOKED_UP = 64
"""Records whose results are looked up in one question."""


@dataclass
class Summary:
    """What a batch did. Scores are those of this run of the command; `whole` counts what the folder holds now."""

    graded: int = 0
    skipped: int = 0
    rejected: int = 0
    failed: int = 0
    passed: int = 0
    unscored: int = 0
    gated: int = 0
    scored: int = 0
    total: int = 0
    lowest: int | None = None
    highest: int | None = None
    whole: int = 0
    fresh: bool = True
    changed: tuple[tuple[str, str, str], ...] = ()
    rubrics: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By rubric: how many have a score, and the sum of these."""
    stopped: str = ""
    """Why it stopped before the end, in Chinese; empty when it came to the end."""
    stopped_en: str = ""

    @property
    def mean(self) -> float | None:
        return self.total / self.scored if self.scored else None

    def add(self, graded: Graded) -> None:
        self.graded += 1
        self.failed += graded.failed
        self.passed += graded.passed is True
        self.unscored += graded.score is None
        self.gated += graded.gated
        if graded.score is not None:
            self.scored += 1
            self.total += graded.score
            self.lowest = graded.score if self.lowest is None else min(self.lowest, graded.score)
            self.highest = graded.score if self.highest is None else max(self.highest, graded.score)
        for name, score in graded.rubrics:
            if score is not None:
                count, total = self.rubrics.get(name, (0, 0))
                self.rubrics[name] = count + 1, total + score


@dataclass(frozen=True)
class Options:
    """How a batch is run. None of it changes a result.

    `limit`: at most so many records in this run of the command (those done already don't count). `processes`: 0 takes as many as
    there are cores once it pays. `store`: a database URL; None keeps results in the output folder.
    """

    limits: Limits = field(default_factory=Limits)
    limit: int | None = None
    processes: int = 0
    store: str | None = None


class Engine(Protocol):
    """What grades: takes records that are due and hands finished ones to `batch.keep`. `by_batch`: at the provider's batch price."""

    by_batch: bool

    def run(self, due: Iterator[Record], batch: Batch) -> None: ...


class Batch:
    """One run of the command, as an engine sees it."""

    def __init__(
        self,
        job: Job,
        settings: Settings,
        options: Options,
        control: Control,
        folder: Folder,
        read: Callable[[], Iterator[Record | Rejected]],
        store: ResultStore,
        run: Run,
    ) -> None:
        self.job, self.settings, self.options, self.control = job, settings, options, control
        self.store, self.run = store, run
        self.summary = Summary(fresh=run.fresh, changed=run.changed)
        self._folder = folder
        self._read = read
        self.pool: Pool | None = None
        """Processes that help; an engine that wants some starts them, and what is left to write at the end goes to them too."""

    def __enter__(self) -> Batch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pool is not None:
            self.pool.close(at_once=error is not None)

    def start_pool(self, processes: int) -> Pool:
        """Starts processes for the rest of this run."""
        from coach.batch.pool import Pool

        self.pool = Pool(self.job, processes)
        return self.pool

    def lose_pool(self) -> None:
        """Ends processes that can't be relied on any more; the run goes on without."""
        if self.pool is not None:
            self.pool.close(at_once=True)
            self.pool = None

    def keep(self, graded: Sequence[Graded]) -> None:
        """Results are on disk when this returns."""
        from coach.storage.results import Stored, key_of

        self.store.add(self.run, (Stored(key_of(one.record), one.content, one.failed, one.line) for one in graded))
        self._folder.grow(one.line for one in graded)
        progress = self.control.progress
        for one in graded:
            self.summary.add(one)
            progress.graded += 1
            progress.failed += one.failed
        self.control.tell()

    def due(self) -> Iterator[Record]:
        """The records that have no result yet; ends when a stop is asked for."""
        return self._due(first=True)

    def due_again(self) -> Iterator[Record]:
        """Those of them that still have none, read once more."""
        return self._due(first=False)

    def _due(self, *, first: bool) -> Iterator[Record]:
        from coach.storage.results import key_of

        limit = self.options.limit
        left = None if limit is None else limit - self.summary.graded
        records = self._read()
        while not self.control.stopping and (chunk := list(islice(records, _LOOKED_UP))):
            found = [item for item in chunk if isinstance(item, Record)]
            known = self.store.known(self.run, [key_of(record.transcript.id) for record in found])
            for item in chunk:
                if isinstance(item, Rejected):
                    self._rejected(item, first=first)
                elif _settled(known.get(key_of(item.transcript.id)), item, first=first):
                    self._skipped(first=first)
                elif left is None or left > 0:
                    if self.control.stopping:
                        return
                    left = None if left is None else left - 1
                    yield item
            self.control.tell()

    def _rejected(self, item: Rejected, *, first: bool) -> None:
        if first:
            self._folder.reject(item)
            self.summary.rejected += 1
            self.control.progress.rejected += 1

    def _skipped(self, *, first: bool) -> None:
        if first:
            self.summary.skipped += 1
            self.control.progress.skipped += 1


def _settled(known: tuple[str, bool] | None, record: Record, *, first: bool) -> bool:
    """Whether a record has its result. One that failed is due again with the next command, not within the same."""
    return known is not None and known[0] == record.content and not (first and known[1])


def name_of(out: Path, store: str | None) -> str:
    """The name of a folder's runs: in a database that several folders share, the folder's own name keeps them apart."""
    return out.resolve().name[:200] if store else ""


def run_batch(
    inputs: Sequence[str | Path],
    out: Path,
    job: Job,
    settings: Settings,
    engine: Engine,
    *,
    options: Options | None = None,
    mapping: InputMap | None = None,
    control: Control | None = None,
) -> Summary:
    """Grades all records of `inputs` into `out`. What was graded there under the same conditions is left out.

    A stop (asked for, or because everything fails) is told in the summary, not raised; the files hold what was finished.

    Raises:
        InputError: an input names no file. StoreError: the folder or the result store can't be used.
    """
    from coach.storage.results import ResultStore

    options, control = options or Options(), control or Control()
    with closing(Folder(out)) as folder, closing(ResultStore(options.store or folder.database)) as store:
        run = store.begin(name_of(out, options.store), job.conditions)
        batch = Batch(job, settings, options, control, folder, lambda: read_records(inputs, mapping), store, run)
        folder.begin(anew=bool(run.fresh or run.changed))
        control.progress.phase = "grading"
        with rare_collections(), batch:
            engine.run(batch.due(), batch)
            control.progress.phase = "writing"
            control.tell()
            summary = batch.summary
            summary.whole, _ = store.counts(run)
            if control.reason is not None:
                summary.stopped, summary.stopped_en = control.reason.zh, control.reason.en
            elif control.cancelled:
                summary.stopped = "已按要求停止。"
                summary.stopped_en = "Stopped as asked."
            write_outputs(batch, folder, by_batch=engine.by_batch)
        control.progress.phase = "done"
        control.tell()
        return summary
