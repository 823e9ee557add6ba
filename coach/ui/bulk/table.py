"""The table of a run's calls: filtered, sorted, a page at a time; and one call's whole result."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coach.batch.outputs import RESULTS
from coach.ui.bulk.folders import RunFolder

PAGE = 50
LOW = 60
ONLY: dict[str, Callable[[Row], bool]] = {
    "all": lambda row: True,
    "red": lambda row: bool(row.gates),
    "low": lambda row: row.score is not None and row.score < LOW,
    "violation": lambda row: row.violations > 0,
    "noscore": lambda row: row.score is None,
}
SORTS: dict[str, Callable[[Row], Any]] = {
    "id": lambda row: row.id,
    "score": lambda row: -1 if row.score is None else row.score,
    "violations": lambda row: row.violations,
    "unscored": lambda row: row.unscored,
}
FIELDS = ("sort", "find", "only", "page")
"""What the table's buttons and form send."""


@dataclass(frozen=True)
class Row:
    """One call. `at` is where its line begins in results.jsonl."""

    id: str
    score: int | None
    passed: bool | None
    gates: list[str]
    violations: int
    unscored: int
    file: str
    line: int
    at: int


@dataclass(frozen=True)
class Table:
    """A page of the table and how it was chosen. `sort` begins with - for the largest first."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int
    sort: str
    find: str
    only: str


def table_of(run: RunFolder, sent: Mapping[str, str]) -> Table:
    """What was asked for (from the browser, so anything unknown falls back to the usual): the worst scores first."""
    sort, only, find = sent.get("sort", "score"), sent.get("only", "all"), sent.get("find", "").strip()[:100]
    sort = sort if sort.removeprefix("-") in SORTS else "score"
    only = only if only in ONLY else "all"
    found = [row for row in _rows(run) if ONLY[only](row) and find.lower() in row.id.lower()]
    found.sort(key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    pages = max(1, -(-len(found) // PAGE))
    asked = sent.get("page", "1")
    page = min(pages, max(1, int(asked) if asked.isascii() and asked.isdigit() else 1))
    return Table(tuple(found[(page - 1) * PAGE : page * PAGE]), len(found), page, pages, sort, find, only)


def record_of(run: RunFolder, record: str) -> dict[str, Any] | None:
    """The whole result of a call; None when it is not there (any more)."""
    row = next((row for row in _rows(run) if row.id == record), None)
    if row is None:
        return None
    try:
        with (run.out / RESULTS).open("rb") as file:
            file.seek(row.at)
            found: dict[str, Any] = json.loads(file.readline())
    except (OSError, ValueError):
        return None
    return found if str(found.get("id")) == record else None


def _rows(run: RunFolder) -> list[Row]:
    return [Row(*cells) for cells in run.kept("calls") or ()]
