"""Worker processes of a batch, and what becomes of a run when they die or hang."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import closing, suppress
from pathlib import Path

import pytest
from judging import calls, rows
from openpyxl import load_workbook

from coach.batch import Options, Record, evaluate, read_records
from coach.batch.control import Control
from coach.batch.job import Job
from coach.batch.pool import Pool
from coach.batch.work import Worker
from coach.errors import StoreError
from coach.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def job() -> Job:
    return Job.of(Settings(content=ROOT), ["empathy"], offline=True)


def test_another_process_finishes_a_record_as_this_one_does(tmp_path: Path, job: Job) -> None:
    found = [item for item in read_records([calls(tmp_path / "in.jsonl", "a")]) if isinstance(item, Record)]
    with Pool(job, 1) as pool:
        assert pool.submit([(record, {}) for record in found]).result() == Worker(job).finish([(found[0], {})])


def test_an_error_ends_a_process_that_hangs(job: Job) -> None:
    """It would be waited for for ever: a process that is stopped, or waits for the lock of a killed one, heeds no request to end."""
    with suppress(StoreError), Pool(job, 2) as pool:
        pool.wait()
        hanging, killed = _processes(pool)
        os.kill(hanging, signal.SIGSTOP)
        os.kill(killed, signal.SIGKILL)
        raise StoreError("磁盘满了", "the disk is full")
    assert not any(_alive(process) for process in (hanging, killed))


def test_a_process_that_is_killed_stops_the_run_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = calls(tmp_path / "many.jsonl", (f"c{n:04}" for n in range(1200)))
    pools: list[Pool] = []
    begin = Pool.__init__

    def watched(pool: Pool, job: Job, processes: int) -> None:
        begin(pool, job, processes)
        pools.append(pool)

    def kill(_: object) -> None:
        if pools and pools[0].ready:
            for process in _processes(pools.pop()):
                os.kill(process, signal.SIGKILL)

    monkeypatch.setattr(Pool, "__init__", watched)
    out = tmp_path / "out"
    two = Options(processes=2)
    done = evaluate([many], out, rubrics=["empathy"], offline=True, options=two, control=Control(kill))
    assert "评分进程" in done.stopped
    assert 0 < done.graded == len(rows(out)) < 1200
    again = evaluate([many], out, rubrics=["empathy"], offline=True, options=Options(processes=1, limit=1))
    assert (again.skipped, again.graded) == (done.graded, 1)


@pytest.mark.parametrize("dies", [False, True])
def test_the_workbook_is_written_by_another_process_or_here_when_that_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    many = calls(tmp_path / "many.jsonl", (f"c{n:04}" for n in range(600)))
    elsewhere: list[object] = []
    write = Pool.write_book

    def watched(pool: Pool, lines: Path, place: Path) -> Future[None] | None:
        pool.wait()
        if dies:
            for process in _processes(pool):
                os.kill(process, signal.SIGKILL)
        elsewhere.append(write(pool, lines, place))
        return elsewhere[0]  # type: ignore[return-value]

    monkeypatch.setattr(Pool, "write_book", watched)
    one, two = tmp_path / "one", tmp_path / "two"
    assert not evaluate([many], one, rubrics=["empathy"], offline=True, options=Options(processes=1)).stopped
    assert not evaluate([many], two, rubrics=["empathy"], offline=True, options=Options(processes=2)).stopped
    assert len(elsewhere) == 1
    assert dies or elsewhere[0] is not None
    assert _cells(two) == _cells(one)
    assert "600" in (two / "report.html").read_text("utf-8")


def _cells(folder: Path) -> list[list[tuple[object, ...]]]:
    with closing(load_workbook(folder / "results.xlsx", read_only=True)) as book:
        return [list(sheet.iter_rows(values_only=True)) for sheet in book]


def _processes(pool: Pool) -> list[int]:
    return list(pool._pool._processes or {})


def _alive(process: int) -> bool:
    """Whether it is there within two seconds; a parent may collect it a little later than it dies."""
    for _ in range(20):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("engine", ["options=Options(processes=2)", "engine=DaskEngine(workers=2)"])
def test_a_script_may_grade_without_guarding_its_main(tmp_path: Path, engine: str) -> None:
    """As the documents show it. Python has processes import the script that started them, which would grade again in there."""
    pytest.importorskip("distributed")
    many = calls(tmp_path / "many.jsonl", (f"c{n:04}" for n in range(300)))
    script = tmp_path / "night.py"
    script.write_text(
        "from coach.batch import Options, evaluate\n"
        "from coach.batch.dask_engine import DaskEngine\n"
        f"summary = evaluate([{str(many)!r}], {str(tmp_path / 'out')!r}, rubrics=['empathy'], offline=True, {engine})\n"
        "print('graded', summary.graded, summary.stopped, __name__, __spec__, __file__)\n",
        "utf-8",
    )
    environment = {**os.environ, "COACH_CONTENT": str(ROOT), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"graded 300  __main__ None {script}\n"), done.stderr
