"""Processes that finish grades: all of an offline batch, or the part of a judged one that code decides."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from types import TracebackType

from coach.batch.job import Job
from coach.batch.records import Record
from coach.batch.work import Graded, Worker
from coach.grading.judge import Judged

Answered = tuple[Record, Mapping[str, Judged]]
_worker: Worker | None = None
_WAITING = 3
"""Chunks a process may have waiting."""


def pays(waiting: Sequence[Record]) -> bool:
    """Whether so many records that are known to follow are worth starting processes, which costs about a second."""
    return len(waiting) >= 200


class Pool:
    """Worker processes; use as a context manager. They start with a copy of the job and read nothing else."""

    def __init__(self, job: Job, processes: int) -> None:
        self._processes = processes
        self._pool = ProcessPoolExecutor(
            processes, multiprocessing.get_context("spawn"), initializer=_start, initargs=(job,)
        )

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=error is not None)

    def submit(self, chunk: list[Answered]) -> Future[list[Graded]]:
        with _interrupts_held():
            return self._pool.submit(_finish, chunk)

    def spread(self, chunks: Iterable[list[Answered]]) -> Iterator[list[Graded]]:
        """Results in the order of the chunks; so many chunks under way that no process waits, and no more."""
        under_way: deque[Future[list[Graded]]] = deque()
        for chunk in chunks:
            under_way.append(self.submit(chunk))
            if len(under_way) >= self._processes * _WAITING:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """A submit may start a process, which inherits what is held: a Ctrl-C that reaches it before `_start` must not break the pool.
    The parent's own comes right after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(job: Job) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl-C means
    _worker = Worker(job)


def _finish(chunk: list[Answered]) -> list[Graded]:
    assert _worker is not None
    return [_worker.finish(record, judged) for record, judged in chunk]
