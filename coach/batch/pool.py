"""Processes that finish grades: all of an offline batch, or the part of a judged one that code decides."""

from __future__ import annotations

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import TracebackType

from coach.batch.forking import context, interrupts_held, script_left_out
from coach.batch.job import Job
from coach.batch.records import Record
from coach.batch.work import COLLECT, Answered, Graded, Worker
from coach.batch.writing import write_book

_worker: Worker | None = None
_WAITING = 3
"""Chunks a process may have waiting."""
ENOUGH = 200
"""Records from which processes pay."""


def pays(waiting: Sequence[Record]) -> bool:
    """Whether so many records that are known to follow are worth starting processes, which costs about a second."""
    return len(waiting) >= ENOUGH


class Pool:
    """Worker processes; use as a context manager. They start with a copy of the job and read nothing else.

    Starting them takes about a second, in which a thread waits and not the one that asks or grades.
    """

    def __init__(self, job: Job, processes: int) -> None:
        self._processes = processes
        self._pool = ProcessPoolExecutor(processes, context(), initializer=_start, initargs=(job,))
        self._first: Future[list[Graded]] | None = None
        self._starter = Thread(target=self._begin, name="starts the processes", daemon=True)
        self._starter.start()

    def _begin(self) -> None:
        with suppress(OSError):  # met again, and told, by the next submit
            self._first = self.submit([])
            for _ in range(1, self._processes):  # all at once: none is left to be started while another one may die
                self.submit([])

    @property
    def ready(self) -> bool:
        """Whether a process is there to take work at once."""
        return not self._starter.is_alive() and (self._first is None or self._first.done())

    def wait(self) -> None:
        """Returns when it is ready."""
        self._starter.join()
        if self._first is not None:
            wait([self._first])

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(at_once=error is not None)

    def close(self, *, at_once: bool) -> None:
        """Ends the processes. `at_once`: whatever they are doing is wanted no more."""
        self._starter.join()
        if at_once:
            # One that hangs, or was started while the pool broke and waits for a lock that a killed
            # one held, would be waited for for ever (`kill_workers` does this from Python 3.14 on).
            for process in list((self._pool._processes or {}).values()):
                process.kill()
        self._pool.shutdown(cancel_futures=at_once)

    def submit(self, chunk: list[Answered]) -> Future[list[Graded]]:
        with interrupts_held(), script_left_out():
            return self._pool.submit(_finish, chunk)

    def write_book(self, lines: Path, place: Path) -> Future[None] | None:
        """Writes results.xlsx while others go on; None when no process is there to do it."""
        if not self.ready:
            return None
        try:
            with interrupts_held(), script_left_out():
                return self._pool.submit(_write_book, lines, place)
        except BrokenProcessPool:
            return None

    def spread(
        self,
        chunks: Iterable[list[Answered]],
        here: Callable[[list[Answered]], list[Graded]],
        stopping: Callable[[], bool],
    ) -> Iterator[list[Graded]]:
        """Results of the chunks; so many under way that no process waits, and no more.

        Args:
            here: finishes a chunk in this process, as long as no other one is ready.
            stopping: whether chunks that no process has begun are to be left out.
        """
        under_way: deque[Future[list[Graded]]] = deque()
        for chunk in chunks:
            if not self.ready:
                yield here(chunk)
                continue
            under_way.append(self.submit(chunk))
            if len(under_way) >= self._processes * _WAITING:
                yield under_way.popleft().result()
        while under_way:
            future = under_way.popleft()
            if not (stopping() and future.cancel()):
                yield future.result()


def _start(job: Job) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl-C means
    gc.set_threshold(*COLLECT)
    _worker = Worker(job)


def _write_book(lines: Path, place: Path) -> None:
    assert _worker is not None
    write_book(lines, place, _worker.job.rubrics)


def _finish(chunk: list[Answered]) -> list[Graded]:
    assert _worker is not None
    return _worker.finish(chunk)
