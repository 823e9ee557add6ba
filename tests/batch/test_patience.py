"""Providers that limit, falter, cut answers short or refuse everything; batches that are killed or told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from judging import all_no, calls, rows
from scripted_server import Fault, Hang, Raw, Request, Said, ScriptedServer, rate_limited, unauthorized

from coach.batch import Control, Limits, Options, evaluate
from coach.batch.control import BatchStopped
from coach.batch.patience import PatientModel
from coach.errors import ModelRateLimited, ModelUnavailable, StoreError
from coach.models import patience as patience_module
from coach.models.scripted import ScriptedModel
from coach.settings import Settings
from coach.storage.results import ResultStore

Online = Callable[..., Settings]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience_module, "FIRST_PAUSE_S", 0.01)


def run(inputs: Path, out: Path, concurrency: int = 4, **more: Any) -> Any:
    options = Options(Limits(concurrency), processes=1, **more.pop("options", {}))
    return evaluate([inputs], out, rubrics=["empathy"], options=options, **more)


def names(count: int) -> list[str]:
    return [f"c{number:03}" for number in range(count)]


def test_every_call_ends_graded_though_answers_are_limited_and_cut_short(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    online()
    seen = iter(range(10_000))

    def answer(request: Request) -> Any:
        number = next(seen)
        if number % 20 == 3:
            return rate_limited(0)
        if number % 25 == 7:
            return Said('{"violations": [{"che', finish="length")
        if number % 25 == 11:
            return Said('{"violations": [{"che')
        if number % 30 == 13:
            return Fault(503)
        return Raw(b"<html>gateway</html>") if number % 30 == 17 else all_no(request)

    model_server.answer_with(answer)
    control = Control()
    summary = run(calls(tmp_path / "in.jsonl", names(60)), tmp_path / "out", control=control)
    assert (summary.graded, summary.failed, summary.stopped) == (60, 0, "")
    causes = {check["cause"] for row in rows(tmp_path / "out") for check in row["rubrics"]["empathy"]["checks"]}
    assert causes == {""}
    assert control.progress.retries > 3


def test_a_wrong_key_stops_the_batch_and_says_why(tmp_path: Path, online: Online, model_server: ScriptedServer) -> None:
    online()
    model_server.answer_with(lambda request: unauthorized())
    summary = run(calls(tmp_path / "in.jsonl", names(200)), tmp_path / "out")
    assert "OPENAI_API_KEY" in summary.stopped
    assert summary.graded == 0
    assert len(model_server.requests) < 20
    model_server.answer_with(all_no)
    again = run(calls(tmp_path / "in.jsonl", names(20)), tmp_path / "out")
    assert (again.graded, again.stopped) == (20, "")


def test_a_call_that_fails_for_good_is_told_and_due_again(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    online()
    bad = Fault(400, "Input data may contain inappropriate content.", "data_inspection_failed")
    model_server.answer_with(lambda request: bad if "c003" in str(request.body) else all_no(request))
    inputs = calls(tmp_path / "in.jsonl", names(8))
    first = run(inputs, tmp_path / "out")
    assert (first.graded, first.failed) == (8, 1)
    assert "model_failed" in {c["cause"] for c in rows(tmp_path / "out")[3]["rubrics"]["empathy"]["checks"]}
    assert "c003" in (tmp_path / "out" / "report.html").read_text("utf-8")
    asked = len(model_server.requests)
    model_server.answer_with(all_no)
    second = run(inputs, tmp_path / "out")
    assert (second.graded, second.failed, second.skipped) == (1, 0, 7)
    assert len(model_server.requests) == asked + 1


async def test_retry_after_is_obeyed_by_every_request() -> None:
    control = Control()
    times: list[float] = []
    faults: list[Any] = [ModelRateLimited("等", "wait", 0.3)]

    def answer(_: Any) -> Any:
        times.append(time.monotonic())
        return faults.pop() if faults else "好"

    model = PatientModel(ScriptedModel(answer), Limits(1), control)
    await model.complete([], temperature=0, max_tokens=9)
    assert times[1] - times[0] >= 0.3
    assert control.progress.retries == 1


async def test_requests_and_tokens_a_minute_are_kept() -> None:
    import asyncio

    model = PatientModel(ScriptedModel(lambda _: "好"), Limits(8, rpm=600), Control())
    started = time.monotonic()
    await asyncio.gather(*(model.complete([], temperature=0, max_tokens=9) for _ in range(16)))
    # ten a second, of which a second's worth may come at once
    assert 0.45 <= time.monotonic() - started < 2


async def test_pauses_grow_and_differ_and_end() -> None:
    control = Control()
    model = PatientModel(ScriptedModel([]), Limits(), control, seed=1)
    failure = ModelUnavailable("坏了", "broken")
    pauses = [model._after(failure, tries) for tries in range(1, 6)]
    assert all(later > 0.9 * earlier for earlier, later in pairwise(pauses))
    with pytest.raises(ModelUnavailable):
        model._after(failure, 6)
    for _ in range(6):
        with pytest.raises(ModelUnavailable):
            model._after(failure, 6)
    with pytest.raises(BatchStopped):
        model._after(failure, 6)


def test_cancelling_finishes_what_is_under_way_and_the_same_command_goes_on(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    online()
    control = Control()

    def answer(request: Request) -> Any:
        if len(model_server.requests) == 10:
            control.cancel()
        time.sleep(0.02)
        return all_no(request)

    model_server.answer_with(answer)
    inputs = calls(tmp_path / "in.jsonl", names(60))
    first = run(inputs, tmp_path / "out", control=control)
    asked = len(model_server.requests)
    assert first.stopped
    assert 10 <= first.graded == asked < 40
    second = run(inputs, tmp_path / "out")
    assert (second.graded, second.skipped) == (60 - first.graded, first.graded)
    assert len(model_server.requests) == 60


def test_kill_9_loses_nothing_finished_and_repeats_only_what_was_in_flight(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    online()
    inputs, out = calls(tmp_path / "in.jsonl", names(120)), tmp_path / "out"
    enough = threading.Event()

    def answer(request: Request) -> Any:
        if len(model_server.requests) >= 50:
            enough.set()
        time.sleep(0.02)
        return all_no(request)

    model_server.answer_with(answer)
    command = [
        sys.executable,
        "-m",
        "coach.cli.main",
        "evaluate",
        str(inputs),
        "--rubric",
        "empathy",
        "--out",
        str(out),
    ]
    process = subprocess.Popen(
        [*command, "--concurrency", "4"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COACH_CONTENT": str(ROOT)},
    )
    try:
        assert enough.wait(60)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(0.2)
    asked = len(model_server.requests)
    summary = run(inputs, out)
    assert summary.skipped + summary.graded == 120
    assert summary.skipped >= asked - 16
    assert len(model_server.requests) - asked == summary.graded
    assert len(rows(out)) == 120


def test_results_do_not_depend_on_concurrency(tmp_path: Path, online: Online, model_server: ScriptedServer) -> None:
    online()
    model_server.answer_with(all_no)
    inputs = calls(tmp_path / "in.jsonl", names(12))
    run(inputs, tmp_path / "one", 1)
    run(inputs, tmp_path / "many", 12)
    assert (tmp_path / "one" / "results.jsonl").read_bytes() == (tmp_path / "many" / "results.jsonl").read_bytes()


def test_processes_that_help_change_nothing(tmp_path: Path, online: Online, model_server: ScriptedServer) -> None:
    online()
    model_server.answer_with(all_no)
    inputs = calls(tmp_path / "in.jsonl", names(40))
    run(inputs, tmp_path / "alone")
    helped = Options(Limits(8), processes=2)
    assert evaluate([inputs], tmp_path / "helped", rubrics=["empathy"], options=helped).graded == 40
    alone, together = (tmp_path / name / "results.jsonl" for name in ("alone", "helped"))
    assert alone.read_bytes() == together.read_bytes()


def test_a_stop_asks_nothing_more_of_what_was_read_ahead(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    """From 16 requests at a time some 200 records are read to see whether processes pay."""
    online()
    model_server.answer_with(all_no)
    inputs = calls(tmp_path / "in.jsonl", names(240))
    control = Control(lambda progress: control.cancel() if progress.graded else None)
    done = evaluate([inputs], tmp_path / "out", rubrics=["empathy"], options=Options(Limits(16)), control=control)
    assert done.stopped
    assert len(model_server.requests) < 200
    assert len(rows(tmp_path / "out")) == done.graded == len(model_server.requests)


def test_another_model_makes_a_new_run_and_says_so(
    tmp_path: Path, online: Online, model_server: ScriptedServer
) -> None:
    online()
    model_server.answer_with(all_no)
    inputs = calls(tmp_path / "in.jsonl", names(3))
    run(inputs, tmp_path / "out")
    online(COACH_MODEL="other-model")
    second = run(inputs, tmp_path / "out")
    assert second.graded == 3
    assert ("model", "scripted-model", "other-model") in second.changed


def test_a_slow_answer_is_asked_for_again(tmp_path: Path, online: Online, model_server: ScriptedServer) -> None:
    online(COACH_TIMEOUT_S="0.3")
    model_server.say(Hang(1.6))
    model_server.answer_with(all_no)
    summary = run(calls(tmp_path / "in.jsonl", names(3)), tmp_path / "out")
    assert (summary.graded, summary.failed) == (3, 0)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_store_that_fails_on_the_way_ends_the_run_with_a_sentence(
    tmp_path: Path, online: Online, model_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """More calls than may wait for their grades: whoever asks must not wait for a place that nobody frees any more."""

    def full(*_: object) -> None:
        raise StoreError("磁盘满了。", "The disk is full.")

    monkeypatch.setattr(ResultStore, "add", full)
    online()
    model_server.answer_with(all_no)
    inputs = calls(tmp_path / "in.jsonl", names(300))
    with pytest.raises(StoreError, match="磁盘满了"):
        evaluate([inputs], tmp_path / "out", rubrics=["empathy"], options=Options(Limits(8), processes=processes))
    assert len(model_server.requests) < 300
