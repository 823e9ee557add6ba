"""The result store in a real PostgreSQL, started for the test where its programs are installed; several machines write to it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from judging import calls, rows

from coach.batch import Options, evaluate
from coach.errors import StoreError
from coach.storage.results import ResultStore, Stored, key_of

pytest.importorskip("psycopg", reason="psycopg isn't installed (pip install 'hotline-coach[postgres]')")


def _program(name: str) -> str | None:
    """Debian keeps PostgreSQL's programs out of the way."""
    places = [str(place) for place in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    initdb, postgres = _program("initdb"), _program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("no PostgreSQL on this machine (apt-get install postgresql)")
    # not under pytest's own folder, which only root may enter: PostgreSQL refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="coach-pg-"))
    user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, **user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    subprocess.run([initdb, "-D", str(data), "-A", "trust", "-U", "coach", "--no-sync", "-E", "UTF8"], check=True, capture_output=True, **user)  # type: ignore[call-overload]  # fmt: skip
    command = [postgres, "-D", str(data), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **user)  # type: ignore[call-overload]
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "ready to accept connections" in line:
                break
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield f"postgresql://coach@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def test_a_batch_keeps_its_results_in_postgresql_and_goes_on_there(tmp_path: Path, server: str) -> None:
    inputs = calls(tmp_path / "in.jsonl", ["乙", "甲", "b", "A", "a", "=1"])
    options = Options(processes=1, store=server)
    first = evaluate([inputs], tmp_path / "out", offline=True, options=Options(limit=4, processes=1, store=server))
    second = evaluate([inputs], tmp_path / "out", offline=True, options=options)
    assert (first.graded, second.graded, second.skipped) == (4, 2, 4)
    assert not (tmp_path / "out" / "results.sqlite3").exists()
    evaluate([inputs], tmp_path / "local", offline=True, options=Options(processes=1))
    # sorted the same in both, whatever the database's language
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == (tmp_path / "local" / "results.jsonl").read_bytes()
    assert [row["id"] for row in rows(tmp_path / "out")] == ["=1", "A", "a", "b", "乙", "甲"]


def test_two_folders_in_one_database_keep_their_results_apart(tmp_path: Path, server: str) -> None:
    for name in ("north", "south"):
        inputs = calls(tmp_path / f"{name}.jsonl", [name])
        evaluate([inputs], tmp_path / name, offline=True, options=Options(processes=1, store=server))
    assert [row["id"] for row in rows(tmp_path / "north")] == ["north"]


def test_several_machines_write_at_the_same_time(server: str) -> None:
    stores = [ResultStore(server) for _ in range(4)]
    run = stores[0].begin("crowd", {"x": 1})

    def write(store: ResultStore, first: int) -> None:
        for number in range(first, first + 100):
            # neighbours overlap: the later one of the same record stands
            store.add(run, [Stored(key_of(f"r{number:04}"), "c", False, f'{{"n":{number}}}')])

    threads = [threading.Thread(target=write, args=(store, 50 * at)) for at, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].counts(run) == (250, 0)
    assert next(iter(stores[1].bodies(run))) == '{"n":0}'
    for store in stores:
        store.close()


def test_a_server_and_a_file_answer_the_same(tmp_path: Path, server: str) -> None:
    told = []
    for place in (server, tmp_path / "results.sqlite3"):
        with closing(ResultStore(place)) as store:
            first = store.begin("same", {"model": "a", "rubric": {"hash": "1"}})
            run = store.begin("same", {"model": "b", "rubric": {"hash": "1"}})
            again = store.begin("same", {"model": "b", "rubric": {"hash": "1"}})
            store.add(run, [Stored(name, "c", name == "b", f'"{name}"') for name in ("b", "a", "B", "乙")])
            store.add(run, [Stored("a", "d", True, '"a2"')])
            store.hand_over(run, "old", ["r1", "r2", "r3"])
            store.hand_over(run, "other", ["r1"])
            store.rename_job(run, "old", "job")
            store.answer(run, "none", {"r1": "ok:1", "r2": "err:2"})
            kept = store.answers(run, ["r1", "r2", "r3", "r4"]), store.jobs(run)
            store.forget_answers(run, "ok:")
            store.answer(run, "job", {})
            told.append(
                [
                    (first.fresh, first.changed, run.fresh, run.changed, again.fresh, again.changed),
                    store.find("same", {"model": "b", "rubric": {"hash": "1"}}) == again,
                    store.find("same", {"model": "c"}),
                    store.known(run, ["a", "b", "c"]),
                    store.known(run, []),
                    list(store.bodies(run)),
                    store.counts(run),
                    *kept,
                    store.answers(run, ["r1", "r2", "r3"]),
                    store.jobs(run),
                ]
            )
    assert told[0] == told[1]
    begun, same, none, known, nothing, bodies, counts, answers, jobs, left, rest = told[0]
    assert begun == (True, (), True, (("model", "a", "b"),), False, ())
    assert (same, none) == (True, None)
    assert (known, nothing) == ({"a": ("d", True), "b": ("c", True)}, {})
    assert (bodies, counts) == (['"B"', '"a2"', '"b"', '"乙"'], (4, 2))
    assert answers == {"r1": ("job", "ok:1"), "r2": ("job", "err:2"), "r3": ("job", "")}
    assert jobs == ["job"]
    assert (left, rest) == ({"r1": ("job", "ok:1")}, [])


def test_a_database_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="结果库"):
        ResultStore("postgresql://nobody@127.0.0.1:9/none?connect_timeout=2")
    with pytest.raises(StoreError, match="地址"):
        ResultStore("no address")
