"""Where the results of batches are kept: SQLite in the output folder by default, PostgreSQL by URL when several machines write.

A run is a name and everything its results depend on besides the transcripts; the same conditions find the same run again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coach.storage.connections import Database, Rows, Server, SqliteFile, Values

LONGEST_KEY = 200
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

    `place`: a SQLite file, or the URL of a server's database.

    Raises:
        StoreError: the database can't be opened or written.
    """

    def __init__(self, place: str | Path) -> None:
        self._database: Database = SqliteFile(place) if isinstance(place, Path) else Server(place)

    def close(self) -> None:
        self._database.close()

    def begin(self, name: str, conditions: Mapping[str, Any]) -> Run:
        """The run of these conditions, new or gone on with; a new one says what changed since the last of its name."""
        run_id = _run_id(name, conditions)
        now = datetime.now(UTC).isoformat(sep=" ", timespec="microseconds")
        row = {"id": run_id, "name": name, "used": now, "conditions": json.dumps(dict(conditions), ensure_ascii=False)}
        with self._database.transaction() as ask:
            last = ask(
                "SELECT id, conditions FROM batch_runs WHERE name = :name ORDER BY used DESC LIMIT 1", {"name": name}
            )
            known = ask("SELECT id FROM batch_runs WHERE id = :id", {"id": run_id})
            ask(
                "INSERT INTO batch_runs (id, name, used, conditions) VALUES (:id, :name, :used, :conditions) "
                "ON CONFLICT DO NOTHING",
                row,
            )
            ask("UPDATE batch_runs SET used = :used WHERE id = :id", {"used": now, "id": run_id})
        changed = tuple(_changes(_read(last[0][1]), conditions)) if last and last[0][0] != run_id else ()
        return Run(run_id, not known, changed)

    def find(self, name: str, conditions: Mapping[str, Any]) -> Run | None:
        """The run of these conditions if there is one; nothing is written."""
        run_id = _run_id(name, conditions)
        found = self._ask("SELECT id FROM batch_runs WHERE id = :id", {"id": run_id})
        return Run(run_id, fresh=False) if found else None

    def known(self, run: Run, records: Sequence[str]) -> dict[str, tuple[str, bool]]:
        """Of these records those with a result: the hash of its transcript, and whether it failed."""
        names, values = _listed(records)
        rows = self._ask(
            f"SELECT record, content, failed FROM batch_results WHERE run_id = :run AND record IN ({names})",
            {"run": run.id, **values},
        )
        return {record: (content, bool(failed)) for record, content, failed in rows}

    def add(self, run: Run, results: Iterable[Stored]) -> None:
        """Keeps results; one of the same record and run gives way."""
        rows = [
            {"run": run.id, "record": item.record, "content": item.content, "failed": item.failed, "body": item.body}
            for item in results
        ]
        if rows:
            self._ask(
                "INSERT INTO batch_results (run_id, record, content, failed, body) "
                "VALUES (:run, :record, :content, :failed, :body) ON CONFLICT (run_id, record) DO UPDATE "
                "SET content = excluded.content, failed = excluded.failed, body = excluded.body",
                rows,
            )

    def bodies(self, run: Run) -> Iterator[str]:
        """The lines of a run, sorted by record byte by byte; read a few at a time."""
        record = f'record COLLATE "{self._database.bytewise}"'
        last = ""
        while True:
            rows = self._ask(
                f"SELECT record, body FROM batch_results WHERE run_id = :run AND {record} > :last "
                f"ORDER BY {record} LIMIT {_AT_A_TIME}",
                {"run": run.id, "last": last},
            )
            yield from (body for _, body in rows)
            if len(rows) < _AT_A_TIME:
                return
            last = rows[-1][0]

    def counts(self, run: Run) -> tuple[int, int]:
        """Results of a run, and how many of them failed."""
        ((whole, failed),) = self._ask(
            "SELECT count(*), count(*) FILTER (WHERE failed) FROM batch_results WHERE run_id = :run", {"run": run.id}
        )
        return int(whole), int(failed)

    def hand_over(self, run: Run, job: str, requests: Iterable[str]) -> None:
        """Remembers which requests a provider's batch was given."""
        rows = [{"run": run.id, "request": request, "job": job} for request in requests]
        if rows:
            self._ask(
                "INSERT INTO batch_answers (run_id, request, job) VALUES (:run, :request, :job) ON CONFLICT DO NOTHING",
                rows,
            )

    def rename_job(self, run: Run, before: str, now: str) -> None:
        """The provider has given the batch its id."""
        self._ask(
            "UPDATE batch_answers SET job = :now WHERE run_id = :run AND job = :before",
            {"run": run.id, "before": before, "now": now},
        )

    def jobs(self, run: Run) -> list[str]:
        """Provider batches with requests that have no answer yet."""
        asked = "SELECT DISTINCT job FROM batch_answers WHERE run_id = :run AND body = ''"
        return sorted(job for (job,) in self._ask(asked, {"run": run.id}))

    def answer(self, run: Run, job: str, bodies: Mapping[str, str]) -> None:
        """Keeps what a provider's batch answered; requests of it without an answer may be handed over again."""
        rows = [{"run": run.id, "request": request, "body": body} for request, body in bodies.items()]
        with self._database.transaction() as ask:
            if rows:
                ask("UPDATE batch_answers SET body = :body WHERE run_id = :run AND request = :request", rows)
            ask(
                "DELETE FROM batch_answers WHERE run_id = :run AND job = :job AND body = ''",
                {"run": run.id, "job": job},
            )

    def forget_answers(self, run: Run, but: str) -> None:
        """Drops answers that don't begin with `but`, so that their requests are handed over again."""
        self._ask(
            "DELETE FROM batch_answers WHERE run_id = :run AND body <> '' AND substr(body, 1, :length) <> :but",
            {"run": run.id, "length": len(but), "but": but},
        )

    def answers(self, run: Run, requests: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Job and answer (empty while there is none) of those requests that were handed over."""
        names, values = _listed(requests)
        rows = self._ask(
            f"SELECT request, job, body FROM batch_answers WHERE run_id = :run AND request IN ({names})",
            {"run": run.id, **values},
        )
        return {request: (job, body) for request, job, body in rows}

    def _ask(self, statement: str, values: Values | Sequence[Values]) -> Rows:
        """One statement, a transaction of its own."""
        with self._database.transaction() as ask:
            return ask(statement, values)


def _listed(texts: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The places of a list in a statement, and what stands there."""
    values = {f"v{number}": text for number, text in enumerate(texts)}
    return ", ".join(f":{name}" for name in values) or "NULL", values


def _read(conditions: Any) -> Any:
    """A server's driver has read the JSON already."""
    return json.loads(conditions) if isinstance(conditions, str) else conditions


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
