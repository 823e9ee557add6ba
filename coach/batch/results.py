"""The files of a batch: results.jsonl (appended as it goes), rejected.jsonl, and what makes a run resumable."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coach.batch.reading import Record, Rejected
from coach.errors import StoreError
from coach.records.grade import Grade

RESULTS, REJECTED, SUPERSEDED = "results.jsonl", "rejected.jsonl", "superseded.jsonl"


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
                        "evidence": [{"turn": found.turn, "quote": found.quote} for found in verdict.evidence],
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
                "evidence": [{"turn": found.turn, "quote": found.quote} for found in hit.evidence],
            }
            for hit in grade.gates
        ],
        "facts": grade.facts,
        "feedback": [item.model_dump(mode="json") for item in grade.feedback],
        "next_time": grade.next_time,
        "provenance": provenance,
        "usage": grade.usage.model_dump(),
    }


class ResultStore:
    """A folder of results. Only one batch at a time should write to it."""

    def __init__(self, folder: Path) -> None:
        self._results = folder / RESULTS
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._rejected = (folder / REJECTED).open("w", encoding="utf-8")
        except OSError as error:
            raise StoreError(
                f"不能往 {folder} 里写结果：{error.strerror}。请用 --out 换一个文件夹。",
                f"Results can't be written to {folder}: {error.strerror}. Choose another folder with --out.",
            ) from error
        self._kept = self._read()
        self._out = self._results.open("a", encoding="utf-8")

    def _read(self) -> dict[str, dict[str, Any]]:
        """Results of earlier runs by id. A line cut off by a stopped run is dropped, its call graded again."""
        if not self._results.exists():
            return {}
        text = self._results.read_text("utf-8", errors="replace")
        kept: dict[str, dict[str, Any]] = {}
        for line in text.splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict) and "id" in row and isinstance(row.get("provenance"), dict):
                kept[str(row["id"])] = row
        if len(kept) != len(text.splitlines()) or (text and not text.endswith("\n")):
            self._rewrite(kept.values())
        return kept

    def _rewrite(self, rows: Iterable[dict[str, Any]]) -> None:
        fresh = self._results.with_suffix(".new")
        fresh.write_text("".join(_line(row) for row in rows), "utf-8")
        fresh.replace(self._results)

    def done(self, record: Record, key: str) -> bool:
        """Whether this very record was graded under these very conditions."""
        row = self._kept.get(str(record.id))
        return row is not None and row["provenance"].get("key") == key

    def supersede(self, stale: Iterable[str]) -> None:
        """Moves results made under other conditions to superseded.jsonl, so that an id stands in the results once."""
        gone = [self._kept.pop(name) for name in set(stale) if name in self._kept]
        if not gone:
            return
        with (self._folder / SUPERSEDED).open("a", encoding="utf-8") as file:
            file.writelines(_line(row) for row in gone)
        self._out.close()
        self._rewrite(self._kept.values())
        self._out = self._results.open("a", encoding="utf-8")

    def add(self, row: dict[str, Any]) -> None:
        self._out.write(_line(row))
        self._out.flush()

    def reject(self, rejected: Rejected) -> None:
        self._rejected.write(_line(asdict(rejected)))
        self._rejected.flush()

    def close(self) -> None:
        self._out.close()
        self._rejected.close()


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
