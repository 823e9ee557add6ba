"""The engine over a Dask cluster: the same work as coroutines on its workers, results streamed back and stored here.

Workers need the same version of coach; the content goes with the job. Each reads its own environment for the model's address and key,
so that no key travels.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from coach.batch.control import BatchStopped, Control
from coach.batch.forking import script_left_out
from coach.batch.job import Job
from coach.batch.patience import Limits, PatientModel
from coach.batch.records import Record
from coach.batch.work import Asker, Graded, Worker
from coach.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from coach.batch.run import Batch
    from coach.models.direct import DirectModel

_ASKED_TOGETHER, _FINISHED_TOGETHER = 4, 16
"""Records of one task, with a judge and offline."""
CONNECT_S = 20.0
_COUNTED = ("requests", "retries", "prompt_tokens", "completion_tokens", "cached_tokens")


@dataclass
class _Station:
    """What a worker process holds for a job."""

    worker: Worker
    control: Control
    asker: Asker | None = None
    direct: DirectModel | None = None


_stations: dict[str, _Station] = {}
_jobs: dict[str, tuple[Job, Limits]] = {}
"""By run, on a worker: what it was handed."""


class DaskEngine:
    """Grades on the cluster at `scheduler` (host:port), or on one of its own with `workers` processes."""

    by_batch = False

    def __init__(self, scheduler: str | None = None, workers: int = 2) -> None:
        self._scheduler = scheduler
        self._workers = workers

    def run(self, due: Iterator[Record], batch: Batch) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise StoreError(
                "这里没有装 Dask：pip install 'hotline-coach[dask]'。",
                "Dask isn't installed: pip install 'hotline-coach[dask]'.",
            ) from None
        with ExitStack() as stack:
            try:
                address: Any = self._scheduler or stack.enter_context(self._cluster(distributed))
                client = stack.enter_context(distributed.Client(address, timeout=CONNECT_S))
                client.wait_for_workers(1, timeout=CONNECT_S)
            except OSError as error:
                raise SettingsError(
                    f"连不上 Dask 调度器 {self._scheduler}，或者它没有工作进程：检查 --scheduler 的地址。",
                    f"Can't reach the Dask scheduler {self._scheduler}, or it has no workers: check --scheduler.",
                ) from error
            stack.callback(_withdraw, client, batch.run.id)
            _spread(distributed, client, due, batch)

    def _cluster(self, distributed: Any) -> Any:
        """One on this machine."""
        with script_left_out():
            return distributed.LocalCluster(n_workers=self._workers, threads_per_worker=1, dashboard_address=None)


def _spread(distributed: Any, client: Any, due: Iterator[Record], batch: Batch) -> None:
    """Keeps the workers busy, and no more than that in memory."""
    workers = max(1, len(client.scheduler_info()["workers"]))
    limits = _share(batch.options.limits, workers)
    client.register_plugin(_hand_out(distributed, batch.run.id, batch.job, limits))
    size = _FINISHED_TOGETHER if batch.job.offline else _ASKED_TOGETHER
    most = workers * (3 if batch.job.offline else max(2, 2 * limits.concurrency // size))
    name = batch.run.id

    def submit() -> Any:
        chunk = list(islice(due, size))
        # coroutines count as nothing to the worker's threads: many run at a time on its loop
        task = _finish if batch.job.offline else _ask
        return client.submit(task, name, chunk, pure=False, retries=2) if chunk else None

    under_way = distributed.as_completed([future for _ in range(most) if (future := submit()) is not None])
    for future in under_way:
        graded, counted, stopped = future.result()
        if stopped is not None:
            batch.control.fail(BatchStopped(*stopped))
        for key, value in counted.items():
            setattr(batch.control.progress, key, getattr(batch.control.progress, key) + value)
        batch.keep(graded)
        if (following := submit()) is not None:
            under_way.add(following)


def _share(limits: Limits, workers: int) -> Limits:
    """A worker's part of what the provider allows."""
    return Limits(
        max(1, limits.concurrency // workers),
        limits.rpm and limits.rpm / workers,
        limits.tpm and limits.tpm / workers,
    )


Done = tuple[list[Graded], dict[str, int], tuple[str, str] | None]
"""What a task sends back: grades, what was asked meanwhile, and why everything stopped, in both languages."""


def _hand_out(distributed: Any, run: str, job: Job, limits: Limits) -> Any:
    """A plugin that every worker gets, those too that join or come back later. Data scattered over the cluster could be on one worker
    only when that one dies."""

    class Handing(distributed.WorkerPlugin):  # type: ignore[misc]
        name = _plugin_name(run)

        def setup(self, worker: Any) -> None:
            from coach.batch import dask_engine  # this class travels by value, the worker's module doesn't

            dask_engine._jobs[run] = job, limits

    return Handing()


def _withdraw(client: Any, run: str) -> None:
    """Leaves nothing on a cluster that others use too, however the run ended."""
    with suppress(OSError, KeyError):  # the cluster is gone, or never got the plugin
        client.run(_leave, run, on_error="ignore")  # a worker may be dying just now
        client.unregister_worker_plugin(_plugin_name(run))


def _plugin_name(run: str) -> str:
    return f"coach-{run}"


def _finish(name: str, chunk: list[Record]) -> Done:
    """Offline, on a worker."""
    if name not in _stations:
        _stations[name] = _Station(Worker(_jobs[name][0]), Control())
    return _stations[name].worker.finish([(record, {}) for record in chunk]), {}, None


async def _ask(name: str, chunk: list[Record]) -> Done:
    """With a judge, on a worker's event loop; its tasks share one set of connections and one pace."""
    station = _stations.get(name)
    if station is None:
        try:
            station = _stations[name] = _station(*_jobs[name])
        except BatchStopped as stopped:
            return [], {}, (stopped.zh, stopped.en)
    asker = station.asker
    assert asker is not None
    answers = await asyncio.gather(*(asker.judged(record) for record in chunk), return_exceptions=True)
    graded = []
    for record, found in zip(chunk, answers, strict=True):
        if isinstance(found, BaseException):
            if not isinstance(found, BatchStopped):
                raise found
        else:
            graded += station.worker.finish([(record, found)])
    # tasks overlap: what others asked meanwhile is counted with the first to end, and never twice
    counted = {key: getattr(station.control.progress, key) for key in _COUNTED}
    for key in _COUNTED:
        setattr(station.control.progress, key, 0)
    reason = station.control.reason
    return graded, counted, None if reason is None else (reason.zh, reason.en)


async def _leave(name: str) -> None:
    """On every worker, when the batch is over."""
    _jobs.pop(name, None)
    station = _stations.pop(name, None)
    if station is not None and station.direct is not None:
        await station.direct.aclose()


def _station(job: Job, limits: Limits) -> _Station:
    from coach.models.direct import DirectModel
    from coach.settings import Settings

    settings = Settings.load()
    assert job.judge is not None
    if not settings.model_configured:
        raise BatchStopped(
            "Dask 的工作进程没有模型设置：在每台机器上设好 OPENAI_BASE_URL、OPENAI_API_KEY、COACH_MODEL。",
            "A Dask worker has no model settings: set OPENAI_BASE_URL, OPENAI_API_KEY, COACH_MODEL on every machine.",
        )
    control = Control()
    direct = DirectModel(settings, job.judge.model)
    return _Station(Worker(job), control, Asker(job, PatientModel(direct, limits, control)), direct)
