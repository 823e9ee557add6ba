"""Adds up results, one at a time: distributions, weakest checks, worst calls, failures. Its size doesn't grow with the batch."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from coach.content.rubric import Check, Rubric
from coach.content.text import Bilingual

WORST, FAILURES = 20, 20
_QUOTES = 4


@dataclass
class CheckCount:
    """How one check was answered."""

    rubric: Rubric
    check: Check
    answers: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    example: str = ""
    """Words of the trainee where it went wrong."""

    @property
    def wrong(self) -> str:
        """The answer that costs."""
        return "yes" if self.check.kind == "violation" else "no"

    @property
    def decided(self) -> int:
        return self.answers["yes"] + self.answers["no"]

    @property
    def lost(self) -> float:
        """Share of decided calls that it cost something, 0 to 1."""
        return self.answers[self.wrong] / self.decided if self.decided else 0.0


@dataclass
class ScoreCount:
    """Scores from 0 to 100."""

    scores: Counter[int] = field(default_factory=Counter)
    without: int = 0

    def add(self, score: int | None) -> None:
        if score is None:
            self.without += 1
        else:
            self.scores[score] += 1

    @property
    def count(self) -> int:
        return sum(self.scores.values())

    @property
    def mean(self) -> float | None:
        return sum(score * times for score, times in self.scores.items()) / self.count if self.count else None

    def part(self, share: float) -> int | None:
        """The score that so many (0 to 1) don't exceed."""
        seen = 0
        for score in sorted(self.scores):
            seen += self.scores[score]
            if seen >= share * self.count:
                return score
        return None

    @property
    def tens(self) -> list[int]:
        """How many in 0-9, 10-19 … 90-100."""
        bins = [0] * 10
        for score, times in self.scores.items():
            bins[min(9, score // 10)] += times
        return bins


@dataclass(order=True)
class Worst:
    """A call at the bottom. Ordered so that the best of them is the first to go."""

    key: tuple[int, str]
    id: str = field(compare=False)
    score: int = field(compare=False)
    place: str = field(compare=False)
    gates: list[str] = field(compare=False)
    quotes: list[tuple[int, Bilingual, str]] = field(compare=False)
    """Turn, the check's question, words."""


class Tally:
    """Add every result line once."""

    def __init__(self, rubrics: Sequence[Rubric]) -> None:
        self.rubrics = tuple(rubrics)
        self.calls = self.passed = self.not_passed = self.gated = self.unscored_checks = self.failed = 0
        self.overall = ScoreCount()
        self.scores = {rubric.id: ScoreCount() for rubric in rubrics if rubric.kind == "score"}
        self.checks = {
            (rubric.id, check.id): CheckCount(rubric, check) for rubric in rubrics for check in rubric.checks
        }
        self.gates: Counter[tuple[str, str]] = Counter()
        self.violations: Counter[str] = Counter()
        self.usage: Counter[str] = Counter()
        self.failures: list[tuple[str, str]] = []
        self._worst: list[Worst] = []

    def add(self, row: dict[str, Any]) -> None:
        self.calls += 1
        self.passed += row["passed"] is True
        self.not_passed += row["passed"] is False
        self.gated += bool(row["gates"])
        self.overall.add(row["score"])
        self.usage.update(row["usage"])
        self.violations.update({found["move"] for found in row["violations"]})
        self.gates.update((hit["rubric"], hit["check"]) for hit in row["gates"])
        failure = ""
        for name, part in row["rubrics"].items():
            if name in self.scores:
                self.scores[name].add(part["score"])
            self.unscored_checks += part["unscored"]
            for verdict in part["checks"]:
                self._add_check(name, verdict)
                if verdict["cause"] == "model_failed":
                    failure = failure or verdict["reason"] or verdict["cause"]
        if failure:
            self.failed += 1
            if len(self.failures) < FAILURES:
                self.failures.append((str(row["id"]), failure))
        if row["score"] is not None:
            self._add_worst(row)

    def _add_check(self, rubric: str, verdict: dict[str, Any]) -> None:
        counted = self.checks.get((rubric, verdict["check"]))
        if counted is None:
            return
        counted.answers[verdict["answer"]] += 1
        if verdict["cause"]:
            counted.causes[verdict["cause"]] += 1
        if not counted.example and verdict["answer"] == counted.wrong and verdict["evidence"]:
            counted.example = verdict["evidence"][0]["quote"]

    def _add_worst(self, row: dict[str, Any]) -> None:
        key = (-row["score"], str(row["id"]))
        if len(self._worst) >= WORST and key <= self._worst[0].key:
            return
        found = Worst(
            key,
            str(row["id"]),
            row["score"],
            f"{row['provenance'].get('file', '')}:{row['provenance'].get('line', '')}",
            [hit["check"] for hit in row["gates"]],
            list(self._wrong_words(row))[:_QUOTES],
        )
        (heapq.heappush if len(self._worst) < WORST else heapq.heapreplace)(self._worst, found)

    def _wrong_words(self, row: dict[str, Any]) -> Any:
        """Red lines first, then violations, then what was missed."""
        said: set[str] = set()
        found = []
        for name, part in row["rubrics"].items():
            for verdict in part["checks"]:
                counted = self.checks.get((name, verdict["check"]))
                if counted is None or verdict["answer"] != counted.wrong:
                    continue
                rank = 0 if counted.check.gate else 1 if counted.check.kind == "violation" else 2
                found += [(rank, item["turn"], counted.check.ask, item["quote"]) for item in verdict["evidence"][:1]]
        for _, turn, ask, quote in sorted(found, key=lambda item: item[:2]):
            if quote not in said:
                said.add(quote)
                yield turn, ask, quote

    @property
    def worst(self) -> list[Worst]:
        """Lowest score first."""
        return sorted(self._worst, key=lambda item: (item.score, item.id))

    @property
    def weakest(self) -> list[CheckCount]:
        """Checks that cost something most often."""
        asked = [counted for counted in self.checks.values() if counted.decided and counted.lost > 0]
        return sorted(asked, key=lambda counted: (-counted.lost, -counted.decided))[:12]

    @property
    def open_checks(self) -> list[CheckCount]:
        """Checks that were left unscored, most often first."""
        found = [counted for counted in self.checks.values() if counted.answers["unscored"]]
        return sorted(found, key=lambda counted: -counted.answers["unscored"])[:12]
