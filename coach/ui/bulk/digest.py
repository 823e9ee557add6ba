"""What the page shows of a finished run, gathered in one pass over results.jsonl: totals, and a row for each call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coach.batch.prices import Price
from coach.batch.tally import CheckCount, ScoreCount, Tally, Worst
from coach.content.rubric import Rubric
from coach.content.text import Bilingual

SHOWN_WORST = 10


def digest(results: Path, rubrics: Sequence[Rubric], price: Price | None = None) -> tuple[dict[str, Any], list[Any]]:
    """Totals, and the rows [id, score, passed, red lines, violations, unscored checks, file, line, place in the file]."""
    tally, rows, at = Tally(rubrics), list[Any](), 0
    with results.open("rb") as file:
        for raw in file:
            row = json.loads(raw)
            tally.add(row)
            rows.append(_row(row, at))
            at += len(raw)
    used = [tally.usage[name] for name in ("prompt_tokens", "completion_tokens", "cached_tokens")]
    totals = {
        "calls": tally.calls,
        "passed": tally.passed,
        "gated": tally.gated,
        "failed": tally.failed,
        "unscored_checks": tally.unscored_checks,
        "overall": _scores(tally.overall),
        "rubrics": [
            {"name": _both(rubric.name), **_scores(tally.scores[rubric.id])}
            for rubric in rubrics
            if rubric.id in tally.scores
        ],
        "weakest": [_check(counted) for counted in tally.weakest],
        "worst": [_worst(worst) for worst in tally.worst[:SHOWN_WORST]],
        "failures": tally.failures,
        "tokens": used[0] + used[1],
        "cost": price.cost(*used) if price and any(used) else None,
        "currency": price.currency if price else "",
    }
    return totals, rows


def _row(row: dict[str, Any], at: int) -> list[Any]:
    return [
        str(row["id"]),
        row["score"],
        row["passed"],
        [f"{hit['rubric']}.{hit['check']}" for hit in row["gates"]],
        len(row["violations"]),
        sum(part["unscored"] for part in row["rubrics"].values()),
        row["provenance"].get("file", ""),
        row["provenance"].get("line", 0),
        at,
    ]


def _scores(counted: ScoreCount) -> dict[str, Any]:
    some = counted.count > 0
    return {
        "count": counted.count,
        "without": counted.without,
        "mean": counted.mean,
        "median": counted.part(0.5) if some else None,
        "tens": counted.tens,
    }


def _check(counted: CheckCount) -> dict[str, Any]:
    return {
        "ask": _both(counted.check.ask),
        "kind": counted.check.kind,
        "rubric": _both(counted.rubric.name),
        "wrong": counted.answers[counted.wrong],
        "decided": counted.decided,
        "lost": counted.lost,
        "example": counted.example,
    }


def _worst(worst: Worst) -> dict[str, Any]:
    told = asdict(worst) | {"quotes": [[turn, _both(ask), quote] for turn, ask, quote in worst.quotes]}
    del told["key"]
    return told


def _both(text: Bilingual) -> dict[str, str]:
    return {language: text.say(language) for language in ("zh", "en")}
