"""Where the results of batches are kept: SQLite in the output folder by default, PostgreSQL by URL when several machines write.

A run is a name and everything its results depend on besides the transcripts; the same conditions find the same run again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, collate, delete, func, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError

from coach.errors import StoreError
from coach.storage.batch_tables import LONGEST_KEY, AnswerRow, ResultRow, RunRow
from coach.storage.database import engine_for, insert_for, migrate

_AT_A_TIME = 200


@dataclass(frozen=True)
class Stored:
    """One result. `content` is the hash of the transcript it was made of; `failed`: due again; `body` one line of JSON."""

    record: str
    content: str
    failed: bool
    body: str


@dataclass(frozen=True)
class Run:
    """`changed`: what differs from the run before, as (condition, before, now); empty for a first run and one gone on with."""

    id: str
    fresh: bool
    changed: tuple[tuple[str, str, str], ...] = ()


class ResultStore:
    """Results by run and record. Every `add` is on disk when it returns.

    Raises:
        StoreError: the database can't be opened or written.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = engine_for(url)
        except (ArgumentError, ImportError) as error:
            raise StoreError(
                "结果库的地址不能用：应当像 postgresql://用户:密码@主机/库名（要先 pip install 'hotline-coach[postgres]'）。",
                "The address of the result store can't be used: it looks like postgresql://user:password@host/name "
                "(needs pip install 'hotline-coach[postgres]').",
            ) from error
        upsert = insert_for(self._engine)
        put = upsert(ResultRow)
        self._put = put.on_conflict_do_update(
            index_elements=["run_id", "record"],
            set_={name: put.excluded[name] for name in ("content", "failed", "body")},
        )
        self._put_run = upsert(RunRow).on_conflict_do_nothing()
        self._put_answer = upsert(AnswerRow).on_conflict_do_nothing()
        self._bytewise = "C" if self._engine.dialect.name == "postgresql" else "BINARY"
        try:
            migrate(self._engine)
        except DBAPIError as error:
            raise _unusable(error) from error

    def close(self) -> None:
        self._engine.dispose()

    def begin(self, name: str, conditions: Mapping[str, Any]) -> Run:
        """The run of these conditions, new or gone on with; a new one says what changed since the last of its name."""
        run_id = _run_id(name, conditions)
        last_of_name = (
            select(RunRow.id, RunRow.conditions).where(RunRow.name == name).order_by(RunRow.used.desc()).limit(1)
        )
        with self._writing() as connection:
            last = connection.execute(last_of_name).first()
            known = connection.execute(select(RunRow.id).where(RunRow.id == run_id)).first()
            now = datetime.now(UTC)
            row = {"id": run_id, "name": name, "used": now, "conditions": dict(conditions)}
            connection.execute(self._put_run, [row])
            connection.execute(update(RunRow).where(RunRow.id == run_id).values(used=now))
        changed = () if last is None or last.id == run_id else tuple(_changes(last.conditions, conditions))
        return Run(run_id, known is None, changed)

    def find(self, name: str, conditions: Mapping[str, Any]) -> Run | None:
        """The run of these conditions if there is one; nothing is written."""
        run_id = _run_id(name, conditions)
        with self._reading() as connection:
            found = connection.execute(select(RunRow.id).where(RunRow.id == run_id)).first()
        return None if found is None else Run(run_id, fresh=False)

    def known(self, run: Run, records: Sequence[str]) -> dict[str, tuple[str, bool]]:
        """Of these records those with a result: the hash of its transcript, and whether it failed."""
        wanted = select(ResultRow.record, ResultRow.content, ResultRow.failed).where(
            ResultRow.run == run.id, ResultRow.record.in_(bindparam("records", expanding=True))
        )
        with self._reading() as connection:
            rows = connection.execute(wanted, {"records": list(records)}).all()
        return {row.record: (row.content, row.failed) for row in rows}

    def add(self, run: Run, results: Iterable[Stored]) -> None:
        """Keeps results; one of the same record and run gives way."""
        rows = [
            {"run_id": run.id, "record": item.record, "content": item.content, "failed": item.failed, "body": item.body}
            for item in results
        ]
        if rows:
            with self._writing() as connection:
                connection.execute(self._put, rows)

    def bodies(self, run: Run) -> Iterator[str]:
        """The lines of a run, sorted by record byte by byte; read a few at a time."""
        query = (
            select(ResultRow.record, ResultRow.body).where(ResultRow.run == run.id).limit(_AT_A_TIME)
            .order_by(collate(ResultRow.record, self._bytewise))
        )  # fmt: skip
        last = ""
        while True:
            after = query.where(collate(ResultRow.record, self._bytewise) > last) if last else query
            with self._reading() as connection:
                rows = connection.execute(after).all()
            yield from (row.body for row in rows)
            if len(rows) < _AT_A_TIME:
                return
            last = rows[-1].record

    def counts(self, run: Run) -> tuple[int, int]:
        """Results of a run, and how many of them failed."""
        query = select(func.count(), func.count().filter(ResultRow.failed)).where(ResultRow.run == run.id)
        with self._reading() as connection:
            row = connection.execute(query).one()
        return int(row[0]), int(row[1])

    def hand_over(self, run: Run, job: str, requests: Iterable[str]) -> None:
        """Remembers which requests a provider's batch was given."""
        with self._writing() as connection:
            rows = [{"run_id": run.id, "request": request, "job": job} for request in requests]
            if rows:
                connection.execute(self._put_answer, rows)

    def rename_job(self, run: Run, before: str, now: str) -> None:
        """The provider has given the batch its id."""
        with self._writing() as connection:
            of = (AnswerRow.run == run.id, AnswerRow.job == before)
            connection.execute(update(AnswerRow).where(*of).values(job=now))

    def jobs(self, run: Run) -> list[str]:
        """Provider batches with requests that have no answer yet."""
        query = select(AnswerRow.job).where(AnswerRow.run == run.id, AnswerRow.body == "").distinct()
        with self._reading() as connection:
            return sorted(connection.execute(query).scalars())

    def answer(self, run: Run, job: str, bodies: Mapping[str, str]) -> None:
        """Keeps what a provider's batch answered; requests of it without an answer may be handed over again."""
        with self._writing() as connection:
            for request, body in bodies.items():
                of = (AnswerRow.run == run.id, AnswerRow.request == request)
                connection.execute(update(AnswerRow).where(*of).values(body=body))
            gone = (AnswerRow.run == run.id, AnswerRow.job == job, AnswerRow.body == "")
            connection.execute(delete(AnswerRow).where(*gone))

    def forget_answers(self, run: Run, but: str) -> None:
        """Drops answers that don't begin with `but`, so that their requests are handed over again."""
        gone = (AnswerRow.run == run.id, AnswerRow.body != "", AnswerRow.body.not_like(f"{but}%"))
        with self._writing() as connection:
            connection.execute(delete(AnswerRow).where(*gone))

    def answers(self, run: Run, requests: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Job and answer (empty while there is none) of those requests that were handed over."""
        query = select(AnswerRow.request, AnswerRow.job, AnswerRow.body).where(
            AnswerRow.run == run.id, AnswerRow.request.in_(bindparam("requests", expanding=True))
        )
        with self._reading() as connection:
            rows = connection.execute(query, {"requests": list(requests)}).all()
        return {row.request: (row.job, row.body) for row in rows}

    def _writing(self) -> _Guarded:
        return _Guarded(self._engine.begin())

    def _reading(self) -> _Guarded:
        return _Guarded(self._engine.connect())


class _Guarded:
    """A connection whose database errors come out as StoreErrors."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __enter__(self) -> Connection:
        try:
            connection: Connection = self._inner.__enter__()
        except DBAPIError as error:
            raise _unusable(error) from error
        return connection

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            self._inner.__exit__(kind, error, trace)
        except DBAPIError as broken:
            raise _unusable(broken) from broken
        if isinstance(error, DBAPIError):
            raise _unusable(error) from error


def _run_id(name: str, conditions: Mapping[str, Any]) -> str:
    text = json.dumps([name, conditions], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def key_of(record_id: str) -> str:
    """A record's id as the store's key: itself, or its beginning and a hash when it is very long."""
    if len(record_id) <= LONGEST_KEY and "\0" not in record_id:
        return record_id
    return f"{record_id[:120]}…{hashlib.sha256(record_id.encode()).hexdigest()}".replace("\0", "�")


def _changes(before: Mapping[str, Any], now: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every leaf that differs, hashes shortened."""
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if isinstance(old, Mapping) or isinstance(new, Mapping):
            yield from _changes(_mapping(old), _mapping(new), f"{path}{name}.")
        elif old != new:
            yield f"{path}{name}", _short(old), _short(new)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _short(value: Any) -> str:
    text = "—" if value is None else str(value)
    return f"{text[:8]}…" if len(text) == 64 else text


def _unusable(error: DBAPIError) -> StoreError:
    cause = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
    return StoreError(
        f"结果库不能使用：{cause}。请检查 --out 文件夹（或 --store 的数据库）的权限和剩余空间，再运行同一条命令接着评。",
        f"The result store can't be used: {cause}. Check permissions and free space of the --out folder (or the database of "
        "--store), and run the same command to go on.",
    )
