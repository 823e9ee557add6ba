"""Runs a batch: reads, leaves out what is done, grades, writes each result as soon as it is there."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from coach import __version__
from coach.batch.reading import Record, read_records
from coach.batch.results import ResultStore, result_of
from coach.content.library import Library, content_hash
from coach.content.rubric import Rubric
from coach.errors import NotFound
from coach.grading.grader import Grader
from coach.records.grade import Grade


@dataclass
class Summary:
    """What a batch did. `scores` are those of this run."""

    graded: int = 0
    skipped: int = 0
    rejected: int = 0
    passed: int = 0
    unscored: int = 0
    gated: int = 0
    scores: list[int] = field(default_factory=list)
    rubrics: dict[str, list[int]] = field(default_factory=dict)

    def add(self, grade: Grade) -> None:
        self.graded += 1
        self.passed += grade.passed is True
        self.unscored += grade.score is None
        self.gated += bool(grade.gates)
        if grade.score is not None:
            self.scores.append(grade.score)
        for item in grade.rubrics:
            if item.score is not None:
                self.rubrics.setdefault(item.rubric, []).append(item.score)


def chosen_rubrics(library: Library, names: Sequence[str]) -> list[Rubric]:
    """The named rubrics (`all` for every one) and always the red lines.

    Raises:
        NotFound: no rubric of that name, with the nearest ones.
    """
    wanted = [part.strip() for name in names for part in name.split(",") if part.strip()]
    if not wanted:
        raise NotFound("没有写评分表的编号；全部就写 all。", "No rubric was named; all of them is: all.")
    scored = (
        list(library.rubrics.values()) if "all" in wanted else [library.rubric(name) for name in dict.fromkeys(wanted)]
    )
    lines = [rubric for rubric in library.rubrics.values() if rubric.kind == "red_lines" and rubric not in scored]
    return [*scored, *lines]


def evaluate(
    inputs: Sequence[str | Path],
    out: Path,
    *,
    grader: Grader,
    rubrics: Sequence[Rubric],
    votes: int = 1,
    limit: int | None = None,
    concurrency: int = 4,
    language: str = "zh",
) -> Summary:
    """Grades all records of `inputs` into `out`. What was graded there under the same conditions is left out.

    Args:
        limit: at most so many records are graded in this run (those left out don't count).
        concurrency: calls at a time; matters only with a judge.

    Raises:
        InputError: an input names no file. StoreError: `out` can't be written.
    """
    summary = Summary()
    conditions = _conditions(grader, rubrics, votes, language)
    store = ResultStore(out)
    try:
        due = _due(inputs, store, conditions, limit, summary)
        store.supersede(str(record.id) for record, _ in due)
        if grader.offline:
            for record, provenance in due:
                grade = grader.grade_offline(record.transcript, rubrics, language=language)
                _keep(store, summary, record, grade, provenance)
        else:
            asyncio.run(_judged(due, store, summary, grader, rubrics, votes, concurrency, language))
    finally:
        store.close()
    return summary


def _due(
    inputs: Sequence[str | Path], store: ResultStore, conditions: dict[str, Any], limit: int | None, summary: Summary
) -> list[tuple[Record, dict[str, Any]]]:
    """The records to grade, each with its provenance."""
    due: list[tuple[Record, dict[str, Any]]] = []
    for record in read_records(inputs):
        if not isinstance(record, Record):
            store.reject(record)
            summary.rejected += 1
            continue
        key = _key(record, conditions)
        if store.done(record, key):
            summary.skipped += 1
        elif limit is None or len(due) < limit:
            due.append((record, {**conditions, "key": key, "file": Path(record.file).name, "line": record.line}))
    return due


async def _judged(
    due: Sequence[tuple[Record, dict[str, Any]]],
    store: ResultStore,
    summary: Summary,
    grader: Grader,
    rubrics: Sequence[Rubric],
    votes: int,
    concurrency: int,
    language: str,
) -> None:
    """Grades with a model, `concurrency` records at a time, and keeps each when it is done."""
    waiting = iter(due)

    async def work() -> None:
        for record, provenance in waiting:
            grade = await grader.grade_transcript(record.transcript, rubrics, votes=votes, language=language)
            _keep(store, summary, record, grade, provenance)

    await asyncio.gather(*(work() for _ in range(max(1, concurrency))))


def _keep(store: ResultStore, summary: Summary, record: Record, grade: Grade, provenance: dict[str, Any]) -> None:
    store.add(result_of(record, grade, {**provenance, "graded_at": grade.created.isoformat(timespec="seconds")}))
    summary.add(grade)


def _conditions(grader: Grader, rubrics: Sequence[Rubric], votes: int, language: str) -> dict[str, Any]:
    """All that a score depends on besides the transcript."""
    weights = files("coach.understanding").joinpath("weights.npz").read_bytes()
    return {
        "coach_version": __version__,
        "offline": grader.offline,
        "rubrics": content_hash(*rubrics),
        "lexicon": content_hash(grader.lexicon),
        "weights": hashlib.sha256(weights).hexdigest(),
        "language": language,
        **({} if grader.offline else {"votes": votes, **grader.described()}),
    }


def _key(record: Record, conditions: dict[str, Any]) -> str:
    """SHA-256 over the transcript and the conditions."""
    parts = [record.transcript.model_dump(mode="json"), conditions]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
