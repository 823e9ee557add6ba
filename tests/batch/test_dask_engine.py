"""`--engine dask` on a local cluster of two workers: equal to the local engine, and a worker's death loses nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
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


def test_a_worker_that_dies_loses_nothing(
    tmp_path: Path, online: Online, model_server: ScriptedServer, request: pytest.FixtureRequest
) -> None:
    online()
    cluster = request.getfixturevalue("cluster")
    begun = threading.Event()

    def answer(asked: Request) -> Any:
        if len(model_server.requests) > 20:
            begun.set()
        time.sleep(0.02)
        return all_no(asked)

    def kill_one() -> None:
        if begun.wait(60):
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

    model_server.answer_with(answer)
    killer = threading.Thread(target=kill_one)
    killer.start()
    inputs = calls(tmp_path / "in.jsonl", [f"c{number:02}" for number in range(80)])
    engine = DaskEngine(cluster.scheduler_address)
    summary = evaluate([inputs], tmp_path / "out", rubrics=["empathy"], engine=engine, options=Options(Limits(8)))
    killer.join()
    assert begun.is_set()
    assert (summary.graded, summary.failed, summary.stopped) == (80, 0, "")
    assert [row["id"] for row in rows(tmp_path / "out")] == [f"c{number:02}" for number in range(80)]


def test_a_worker_that_joins_late_takes_over_from_the_one_that_dies(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    """What a job needs isn't on the first worker only."""
    from distributed import LocalCluster

    online()
    begun = threading.Event()

    def answer(asked: Request) -> Any:
        if len(model_server.requests) > 5:
            begun.set()
        time.sleep(0.05)
        return all_no(asked)

    model_server.answer_with(answer)
    inputs = calls(tmp_path / "in.jsonl", [f"c{number:03}" for number in range(200)])
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        first = next(iter(cluster.workers.values()))

        def replace_it() -> None:
            if begun.wait(60):
                cluster.scale(2)
                cluster.wait_for_workers(2, timeout=60)
                os.kill(first.pid, signal.SIGKILL)

        replacing = threading.Thread(target=replace_it)
        replacing.start()
        engine = DaskEngine(cluster.scheduler_address)
        summary = evaluate([inputs], tmp_path / "out", rubrics=["empathy"], engine=engine, options=Options(Limits(4)))
        replacing.join()
    assert (summary.graded, summary.failed, summary.stopped) == (200, 0, "")


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
