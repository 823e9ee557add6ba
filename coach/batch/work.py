"""The work on one record: ask the judge, then finish the grade. Used by every engine, in this process or another one."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from coach.batch.job import Job
from coach.batch.records import Record
from coach.content.rubric import Rubric
from coach.grading.arrangement import judge_transcript
from coach.grading.judge import Judge, Judged
from coach.models.seam import ChatModel
from coach.prompts.render import load_prompt
from coach.records.grade import Evidence, Grade
from coach.understanding.sieve import expect

Answered = tuple[Record, Mapping[str, Judged]]
"""A record with the judge's verdicts by rubric."""
TOGETHER = 16
"""Records whose turns are best read together: beyond it nothing is gained."""
COLLECT = (50_000, 20, 50)
"""Thresholds of the garbage collector: with Python's own, grading takes a fifteenth more time and no less memory."""
ATTEMPTS = 3
"""How often a rubric is put to the judge before its failure stands."""


@dataclass(frozen=True)
class Graded:
    """A finished record: its line for results.jsonl, and what totals need of it."""

    record: str
    content: str
    line: str
    failed: bool
    score: int | None
    passed: bool | None
    gated: bool
    rubrics: tuple[tuple[str, int | None], ...]
    calls: int = 0


class Asker:
    """Puts the records of a job to its judge. It loads nothing of what only finishing a grade needs."""

    def __init__(self, job: Job, model: ChatModel) -> None:
        assert job.judge is not None
        self._job = job
        self._judge = Judge(model, load_prompt("judge"), job.judge.temperature)
        self._passes = job.judge.passes

    async def judged(self, record: Record) -> Mapping[str, Judged]:
        """The judge's verdicts by rubric. A rubric that a model's failure left unscored is asked again."""
        found = dict(await self._asked(record, self._job.rubrics))
        for _ in range(ATTEMPTS - 1):
            lost = [rubric for rubric in self._job.rubrics if rubric.id in found and _failed(found[rubric.id])]
            if not lost:
                break
            for name, judged in (await self._asked(record, lost)).items():
                judged.usage += found[name].usage
                judged.requests += found[name].requests
                found[name] = judged
        return found

    async def _asked(self, record: Record, rubrics: Sequence[Rubric]) -> Mapping[str, Judged]:
        job = self._job
        return await judge_transcript(
            self._judge,
            record.transcript,
            rubrics,
            votes=job.votes,
            language=job.language,
            passes=self._passes,
            house=job.house,
        )


def looked_up(records: Iterator[Record]) -> Iterator[Record]:
    """The same records. What their turns may hold is looked up some records at a time, which costs hardly more than for one."""
    while some := list(islice(records, TOGETHER)):
        expect(turn.text for record in some for turn in record.transcript.turns)
        yield from some


class Worker:
    """Finishes the grades of a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._grader = job.grader()
        self._conditions = job.conditions

    def finish(self, answered: Sequence[Answered]) -> list[Graded]:
        """The grades with everything that code decides. The more records at once, the less each costs, up to `TOGETHER`."""
        job, done = self.job, list[Graded]()
        for at in range(0, len(answered), TOGETHER):
            some = answered[at : at + TOGETHER]
            grades = self._grader.grade_judged(
                [(record.transcript, judged) for record, judged in some],
                job.rubrics,
                votes=job.votes,
                language=job.language,
            )
            done += [self._finished(*each) for each in zip(some, grades, strict=True)]
        return done

    def _finished(self, answered: Answered, grade: Grade) -> Graded:
        record, judged = answered
        provenance = {**self._conditions, "file": Path(record.file).name, "line": record.line}
        return Graded(
            record=record.transcript.id,
            content=record.content,
            line=_line(result_of(record, grade, provenance)),
            failed=any(_failed(item) for item in judged.values()),
            score=grade.score,
            passed=grade.passed,
            gated=bool(grade.gates),
            rubrics=tuple((item.rubric, item.score) for item in grade.rubrics),
            calls=grade.usage.calls,
        )


@contextmanager
def rare_collections() -> Iterator[None]:
    """Looks for reference cycles less often while many records are graded, which make many objects and hardly a cycle."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _failed(judged: Judged) -> bool:
    return any(
        verdict.cause == "model_failed" or "unscored:model_failed" in verdict.votes for verdict in judged.verdicts
    )


def result_of(record: Record, grade: Grade, provenance: dict[str, Any]) -> dict[str, Any]:
    """A grade as one line of results.jsonl. `turn` counts from 0 over all turns."""
    return {
        "id": record.id,
        "score": grade.score,
        "passed": grade.passed,
        "rubrics": {
            item.rubric: {
                "score": item.score,
                "band": item.band,
                "version": item.version,
                "earned": item.earned,
                "possible": item.possible,
                "penalties": item.penalties,
                "unscored": item.unscored,
                "checks": [
                    {
                        "check": verdict.check,
                        "answer": verdict.answer,
                        "cause": verdict.cause,
                        "evidence": _places(verdict.evidence),
                        "reason": verdict.reason,
                        "decided_by": verdict.decided_by,
                        "votes": verdict.votes,
                    }
                    for verdict in item.verdicts
                ],
            }
            for item in grade.rubrics
        },
        "violations": [
            {"turn": found.turn, "move": found.move.value, "quote": found.quote} for found in grade.violations
        ],
        "gates": [
            {
                "rubric": hit.rubric,
                "check": hit.check,
                "cap": hit.cap,
                "fails": hit.fails,
                "evidence": _places(hit.evidence),
            }
            for hit in grade.gates
        ],
        "facts": grade.facts,
        "feedback": [item.model_dump(mode="json") for item in grade.feedback],
        "next_time": grade.next_time,
        "provenance": provenance,
        "usage": grade.usage.model_dump(),
    }


def _line(row: dict[str, Any]) -> str:
    try:
        return orjson.dumps(row).decode()
    except TypeError:  # half a surrogate pair, or a record's id beyond 64 bits
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _places(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [{"turn": found.turn, "quote": found.quote} for found in evidence]
