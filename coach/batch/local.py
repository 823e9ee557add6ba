"""The engine on this machine: many requests at a time on one loop, grades finished beside it, in processes where that pays."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from coach.batch.control import BatchStopped
from coach.batch.patience import PatientModel
from coach.batch.pool import Pool, pays
from coach.batch.records import Record
from coach.batch.work import Worker
from coach.grading.judge import Judged

if TYPE_CHECKING:
    from coach.batch.run import Batch

CHUNK = 32
"""Records handed to a process at a time."""
_TOGETHER = 8
"""Finished records kept in one step while the judge is asked."""
_AHEAD = 8
"""Records prepared beyond the requests under way, so that a free slot never waits."""
Answered = tuple[Record, Mapping[str, Judged]]


class LocalEngine:
    """Grades on this machine."""

    by_batch = False

    def run(self, due: Iterator[Record], batch: Batch) -> None:
        if batch.job.offline:
            _offline(due, batch)
        else:
            asyncio.run(_online(due, batch))


def _offline(due: Iterator[Record], batch: Batch) -> None:
    """The first records here; when there are many more, all cores."""
    worker = Worker(batch.job)
    processes = batch.options.processes or os.cpu_count() or 1
    first = True
    while chunk := list(islice(due, CHUNK)):
        batch.keep([worker.finish(record, {}) for record in chunk])
        if first and processes > 1 and pays(due_more := list(islice(due, 8 * CHUNK))):
            with Pool(batch.job, processes) as pool:
                for graded in pool.spread(_chunks(due_more, due)):
                    batch.keep(graded)
            return
        if first and processes > 1:
            for at in range(0, len(due_more), CHUNK):
                batch.keep([worker.finish(record, {}) for record in due_more[at : at + CHUNK]])
        first = False


def _chunks(held: list[Record], due: Iterator[Record]) -> Iterator[list[Answered]]:
    for at in range(0, len(held), CHUNK):
        yield [(record, {}) for record in held[at : at + CHUNK]]
    while chunk := list(islice(due, CHUNK)):
        yield [(record, {}) for record in chunk]


async def _online(due: Iterator[Record], batch: Batch) -> None:
    from coach.models.direct import DirectModel

    assert batch.job.judge is not None
    limits = batch.options.limits
    direct = DirectModel(batch.settings, batch.job.judge.model)
    worker = Worker(batch.job, batch.job.grader(PatientModel(direct, limits, batch.control)))
    answered: asyncio.Queue[Answered | None] = asyncio.Queue(maxsize=max(64, limits.concurrency))

    async def ask() -> None:
        for record in due:
            try:
                await answered.put((record, await worker.judged(record)))
            except BatchStopped:
                return  # the record stays due

    keeping = asyncio.create_task(_keep(answered, worker, batch))
    askers = [asyncio.create_task(ask()) for _ in range(limits.concurrency + _AHEAD)]
    try:
        await asyncio.gather(*askers)
        await answered.put(None)
        await keeping
    finally:
        for task in (*askers, keeping):
            task.cancel()
        await asyncio.gather(*askers, keeping, return_exceptions=True)
        await direct.aclose()


async def _keep(answered: asyncio.Queue[Answered | None], worker: Worker, batch: Batch) -> None:
    """Finishes and keeps what was answered, giving way to the network after every record."""
    while (item := await answered.get()) is not None:
        group = [worker.finish(*item)]
        while len(group) < _TOGETHER and not answered.empty():
            await asyncio.sleep(0)
            following = answered.get_nowait()
            if following is None:
                batch.keep(group)
                return
            group.append(worker.finish(*following))
        batch.keep(group)
        await asyncio.sleep(0)
