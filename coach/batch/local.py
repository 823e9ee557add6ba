"""The engine on this machine: many requests at a time on one loop, grades finished beside it, in processes where that pays."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import TYPE_CHECKING

from coach.batch.control import BatchStopped
from coach.batch.forking import HELP_FROM
from coach.batch.patience import PatientModel
from coach.batch.pool import ENOUGH, pays
from coach.batch.records import Record
from coach.batch.work import TOGETHER, Answered, Asker, Graded, Worker, looked_up

if TYPE_CHECKING:
    from coach.batch.run import Batch

CHUNK = 32
"""Records handed to a process at a time."""
_IN_A_STEP = 4
"""Records finished in one step while the judge is asked: the network waits for it."""
_MOST_HELPERS = 4
"""Processes that help at most."""
_WAITING = 128
"""Answered records that may wait for their grades, so that asking goes on while processes start."""
_GLANCE, _PATIENT = 0.02, 8
"""Seconds between two looks at what has been answered, and after how many of them a group goes off though it isn't full."""
_AHEAD = 8
"""Records prepared beyond the requests under way, so that a free slot never waits."""


class LocalEngine:
    """Grades on this machine."""

    by_batch = False

    def run(self, due: Iterator[Record], batch: Batch) -> None:
        try:
            if batch.job.offline:
                _offline(due, batch)
            else:
                asyncio.run(_online(due, batch))
        except BrokenProcessPool:
            batch.lose_pool()
            batch.control.fail(
                BatchStopped(
                    "一个评分进程突然没了（多半是内存不够，被系统停掉）。评过的都存着，运行同一条命令接着评；还这样，就加 --processes 1。",
                    "A grading process is gone (most likely out of memory and stopped by the system). What was graded is kept; run the same "
                    "command to go on, with --processes 1 if it happens again.",
                )
            )


def _offline(due: Iterator[Record], batch: Batch) -> None:
    """The first records here; when there are many more, all cores."""
    worker = Worker(batch.job)
    processes = batch.options.processes or os.cpu_count() or 1
    batch.keep(worker.finish([(record, {}) for record in islice(due, CHUNK)]))
    known = list(islice(due, 8 * CHUNK)) if processes > 1 else []
    chunks = _chunks(chain(known, due), batch)
    if processes > 1 and pays(known):
        for graded in batch.start_pool(processes).spread(chunks, worker.finish, lambda: batch.control.stopping):
            batch.keep(graded)
        return
    for chunk in chunks:
        batch.keep(worker.finish(chunk))


def _chunks(due: Iterator[Record], batch: Batch) -> Iterator[list[Answered]]:
    """None is begun once a stop is asked for, though some of its records may have been read."""
    while not batch.control.stopping and (chunk := list(islice(due, CHUNK))):
        yield [(record, {}) for record in chunk]


async def _online(due: Iterator[Record], batch: Batch) -> None:
    from coach.models.direct import DirectModel

    assert batch.job.judge is not None
    limits = batch.options.limits
    direct = DirectModel(batch.settings, batch.job.judge.model)
    helpers, known = _helpers(due, batch)
    records = looked_up(known)
    asker = Asker(batch.job, PatientModel(direct, limits, batch.control))
    answered: asyncio.Queue[Answered | None] = asyncio.Queue(maxsize=max(_WAITING, limits.concurrency))

    async def ask() -> None:
        for record in records:
            if batch.control.stopping:
                return  # some have been read already to see whether help pays
            try:
                await answered.put((record, await asker.judged(record)))
            except BatchStopped:
                return  # the record stays due

    askers = [asyncio.create_task(ask()) for _ in range(limits.concurrency + _AHEAD)]

    async def ask_all() -> None:
        await asyncio.gather(*askers)
        await answered.put(None)

    asking = asyncio.create_task(ask_all())
    keep = _keep_with_help(answered, asking, batch, helpers) if helpers else _keep(answered, batch)
    keeping = asyncio.create_task(keep)
    try:
        # both at once: when keeping fails (a full disk), whoever waits for a place in the queue would wait for ever
        await asyncio.gather(asking, keeping)
    finally:
        tasks = (*askers, asking, keeping)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await direct.aclose()


def _helpers(due: Iterator[Record], batch: Batch) -> tuple[int, Iterator[Record]]:
    """Processes that finish grades beside the one that asks, when it has so many requests under way that one core can't do both; and
    the records."""
    if batch.options.processes:
        return batch.options.processes - 1, due
    helpers = min(_MOST_HELPERS, (os.cpu_count() or 1) - 1)
    if not helpers or batch.options.limits.concurrency < HELP_FROM:
        return 0, due
    known = list(islice(due, ENOUGH))
    return helpers if pays(known) else 0, chain(known, due)


async def _keep_with_help(
    answered: asyncio.Queue[Answered | None], asking: asyncio.Task[None], batch: Batch, helpers: int
) -> None:
    """Grades are finished by other processes, a group at a time; what comes back is kept here."""
    ended = False
    glances = 0
    under_way: set[asyncio.Future[list[Graded]]] = set()
    # with many requests a turn of the loop takes long: what is handed over in one must last until the next
    most = max(2 * helpers, batch.options.limits.concurrency // TOGETHER)
    pool = batch.start_pool(helpers)
    await asyncio.to_thread(pool.wait)
    while not ended or under_way:
        # full groups cost far less each than what happens to be there: a moment's patience
        enough = answered.qsize() >= TOGETHER or glances >= _PATIENT or asking.done()
        if not ended and enough and len(under_way) < most:
            group, ended = await _group(answered, TOGETHER, wait=not under_way)
            glances = 0
            if group:
                under_way.add(asyncio.wrap_future(pool.submit(group)))
                continue
        if not under_way:
            await asyncio.sleep(_GLANCE)
        else:
            done, under_way = await asyncio.wait(
                under_way, timeout=None if ended else _GLANCE, return_when=asyncio.FIRST_COMPLETED
            )
            for future in done:
                batch.keep(future.result())
        glances += 1


async def _group(answered: asyncio.Queue[Answered | None], most: int, *, wait: bool) -> tuple[list[Answered], bool]:
    """What has been answered by now, and whether that was all."""
    group: list[Answered] = []
    while len(group) < most and (wait or not answered.empty()):
        item = await answered.get()
        if item is None:
            return group, True
        group.append(item)
        wait = False
    return group, False


async def _keep(answered: asyncio.Queue[Answered | None], batch: Batch) -> None:
    """Finishes and keeps what was answered, giving way to the network in between."""
    worker = Worker(batch.job)
    ended = False
    while not ended:
        group, ended = await _group(answered, _IN_A_STEP, wait=True)
        batch.keep(worker.finish(group))
        await asyncio.sleep(0)
