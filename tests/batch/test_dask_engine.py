"""`--engine dask` on a local cluster of two workers: equal to the local engine, and a worker's death loses nothing."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from judging import all_no, calls, rows
from scripted_server import Request, ScriptedServer, unauthorized

from coach.batch import Control, Limits, Options, evaluate
from coach.batch.dask_engine import DaskEngine
from coach.errors import SettingsError
from coach.settings import Settings

pytest.importorskip("distributed", reason="dask isn't installed (pip install 'hotline-coach[dask]')")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
GOLD = Path(__file__).resolve().parents[1] / "grading" / "gold"
Online = Callable[..., Settings]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two workers in processes of their own; they start with the environment as it is then."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        yield running


def test_offline_results_equal_the_local_engines(tmp_path: Path) -> None:
    evaluate([GOLD], tmp_path / "local", offline=True, options=Options(processes=1))
    summary = evaluate([GOLD], tmp_path / "dask", offline=True, engine=DaskEngine())
    assert summary.graded == len(rows(tmp_path / "local"))
    assert (tmp_path / "dask" / "results.jsonl").read_bytes() == (tmp_path / "local" / "results.jsonl").read_bytes()


def test_judged_results_equal_the_local_engines(tmp_path: Path, online: Online, model_server: ScriptedServer) -> None:
    online()
    model_server.answer_with(all_no)
    inputs = calls(tmp_path / "in.jsonl", [f"c{number}" for number in range(30)])
    options = Options(Limits(8), processes=1)
    evaluate([inputs], tmp_path / "local", rubrics=["empathy"], options=options)
    control = Control()
    summary = evaluate(
        [inputs], tmp_path / "dask", rubrics=["empathy"], engine=DaskEngine(), options=options, control=control
    )
    assert (summary.graded, summary.failed) == (30, 0)
    assert control.progress.requests == 30
    assert (tmp_path / "dask" / "results.jsonl").read_bytes() == (tmp_path / "local" / "results.jsonl").read_bytes()


@contextmanager
def meanwhile(model_server: ScriptedServer, do: Callable[[], None]) -> Iterator[None]:
    """Does something when 20 questions have come; from the 60th on answers wait until it is done, so that it surely falls into the run."""
    begun, done = threading.Event(), threading.Event()

    def answer(asked: Request) -> Any:
        if len(model_server.requests) > 20:
            begun.set()
        if len(model_server.requests) > 60:
            done.wait(60)
        return all_no(asked)

    def act() -> None:
        if begun.wait(60):
            do()
            done.set()

    model_server.answer_with(answer)
    acting = threading.Thread(target=act)
    acting.start()
    yield
    acting.join()
    assert done.is_set()


def kill(worker: Any) -> None:
    os.kill(worker.pid, signal.SIGKILL)


def test_a_worker_that_dies_loses_nothing(
    tmp_path: Path, online: Online, model_server: ScriptedServer, request: pytest.FixtureRequest
) -> None:
    online()
    cluster = request.getfixturevalue("cluster")
    inputs = calls(tmp_path / "in.jsonl", [f"c{number:02}" for number in range(80)])
    engine = DaskEngine(cluster.scheduler_address)
    with meanwhile(model_server, lambda: kill(next(iter(cluster.workers.values())))):
        summary = evaluate([inputs], tmp_path / "out", rubrics=["empathy"], engine=engine, options=Options(Limits(8)))
    assert (summary.graded, summary.failed, summary.stopped) == (80, 0, "")
    assert [row["id"] for row in rows(tmp_path / "out")] == [f"c{number:02}" for number in range(80)]


def test_a_worker_that_joins_late_takes_over_from_the_one_that_dies(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    """What a job needs isn't on the first worker only."""
    from distributed import LocalCluster

    online()
    inputs = calls(tmp_path / "in.jsonl", [f"c{number:02}" for number in range(80)])
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        first = next(iter(cluster.workers.values()))

        def replace_it() -> None:
            cluster.scale(2)
            cluster.wait_for_workers(2, timeout=50)
            kill(first)

        engine = DaskEngine(cluster.scheduler_address)
        with meanwhile(model_server, replace_it):
            summary = evaluate(
                [inputs], tmp_path / "out", rubrics=["empathy"], engine=engine, options=Options(Limits(4))
            )
    assert (summary.graded, summary.failed, summary.stopped) == (80, 0, "")


def test_a_wrong_key_stops_the_cluster_and_says_why(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    online()
    model_server.answer_with(lambda request: unauthorized())
    inputs = calls(tmp_path / "in.jsonl", [f"c{number}" for number in range(200)])
    summary = evaluate([inputs], tmp_path / "out", rubrics=["empathy"], engine=DaskEngine(), options=Options(Limits(4)))
    assert "OPENAI_API_KEY" in summary.stopped
    assert len(model_server.requests) < 60


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = calls(tmp_path / "in.jsonl", ["a"])
    monkeypatch.setattr("coach.batch.dask_engine.CONNECT_S", 0.5)
    with pytest.raises(SettingsError, match="--scheduler"):
        evaluate([inputs], tmp_path / "out", offline=True, engine=DaskEngine("tcp://127.0.0.1:9"))
