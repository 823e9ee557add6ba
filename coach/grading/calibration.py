"""How far the grading of each check can be trusted: against gold, against itself, against changes that should change nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from coach.content.rubric import Rubric
from coach.grading.agreement import Agreement, agreement
from coach.grading.gold import GoldCall, Place
from coach.grading.grader import Grader
from coach.grading.variants import (
    NOVICE,
    SENIOR,
    claims,
    other_gender,
    other_names,
    padded_turns,
    padded_words,
    reversed_checks,
)
from coach.models.seam import Usage
from coach.records.grade import Grade, Transcript

UNSCORED = "unscored"
Answers = Mapping[tuple[str, Place], str]
"""By call and check: yes, no, na or unscored."""


@dataclass(frozen=True)
class CheckReport:
    """What is known of one check. Shares are from 0 to 1 over all gold calls; None where there was nothing to compare."""

    rubric: str
    check: str
    kind: str
    agreement: Agreement
    """Of the calls in which gold expects an answer and one was given."""
    confusion: Mapping[str, int]
    """'expected>found' -> calls; found may be unscored."""
    wrong: Mapping[str, str]
    """Call -> what was found instead of what is expected."""
    withdrawn: float | None
    """Share of the answers that were withdrawn because their quote was not found."""
    unstable: float | None
    """Share of the calls whose answer was not the same in all runs."""
    order: float | None
    padding: float | None
    identity: float | None
    """Shares of the answers that changed with the order of the checks, with filler, with names and standing."""

    @property
    def expected(self) -> int:
        return sum(self.confusion.values())

    @property
    def right(self) -> int:
        return self.expected - len(self.wrong)


@dataclass(frozen=True)
class Calibration:
    checks: tuple[CheckReport, ...]
    calls: int
    runs: int
    offline: bool
    usage: Usage = field(default_factory=Usage)
    requests: int = 0


@dataclass
class _Seen:
    """One pass over all calls."""

    answers: dict[tuple[str, Place], str] = field(default_factory=dict)
    withdrawn: set[tuple[str, Place]] = field(default_factory=set)
    usage: Usage = field(default_factory=Usage)
    requests: int = 0

    def add(self, grade: Grade) -> None:
        for item in grade.rubrics:
            for verdict in item.verdicts:
                place = grade.call, (item.rubric, verdict.check)
                self.answers[place] = verdict.answer
                if verdict.cause == "evidence_not_found":
                    self.withdrawn.add(place)
        used = grade.usage
        self.usage += Usage(used.prompt_tokens, used.completion_tokens, used.cached_tokens)
        self.requests += used.calls


async def calibrate(
    grader: Grader,
    gold: Sequence[GoldCall],
    rubrics: Sequence[Rubric],
    *,
    runs: int = 1,
    votes: int = 1,
    concurrency: int = 4,
) -> Calibration:
    """Grades all gold calls `runs` times as they are, and once in each changed form.

    Offline every run is the same run, and the order of checks can't matter; both are still gone through once.
    """

    async def graded(change: Callable[[Transcript], Transcript], asked: Sequence[Rubric]) -> _Seen:
        seen, gate = _Seen(), asyncio.Semaphore(concurrency)

        async def one(call: GoldCall) -> None:
            async with gate:
                transcript = change(call.transcript)
                if grader.offline:
                    seen.add(grader.grade_offline(transcript, asked))
                else:
                    seen.add(await grader.grade_transcript(transcript, asked, votes=votes))

        await asyncio.gather(*(one(call) for call in gold))
        return seen

    as_it_is = [await graded(_unchanged, rubrics) for _ in range(1 if grader.offline else runs)]
    changed = {
        "order": [await graded(_unchanged, [reversed_checks(rubric) for rubric in rubrics])],
        "padding": [await graded(change, rubrics) for change in (padded_words, padded_turns)],
        "identity": [await graded(change, rubrics) for change in (other_gender, other_names)],
    }
    standing = [await graded(partial(claims, standing=claim), rubrics) for claim in (SENIOR, NOVICE)]
    every = [*as_it_is, *(seen for group in changed.values() for seen in group), *standing]
    pairs = {name: [(as_it_is[0].answers, seen.answers) for seen in group] for name, group in changed.items()}
    # whoever claims a standing has said one sentence more: the two claims are compared with each other
    pairs["identity"].append((standing[0].answers, standing[1].answers))
    reports = [_report(place, kind, gold, as_it_is, pairs) for place, kind in places(rubrics)]
    usage = sum((seen.usage for seen in every), Usage())
    return Calibration(
        tuple(reports), len(gold), len(as_it_is), grader.offline, usage, sum(seen.requests for seen in every)
    )


def places(rubrics: Iterable[Rubric]) -> list[tuple[Place, str]]:
    """Every check with its kind."""
    return [((rubric.id, check.id), check.kind) for rubric in rubrics for check in rubric.checks]


def _unchanged(call: Transcript) -> Transcript:
    return call


def _report(
    place: Place,
    kind: str,
    gold: Sequence[GoldCall],
    runs: Sequence[_Seen],
    pairs: Mapping[str, Sequence[tuple[Answers, Answers]]],
) -> CheckReport:
    first = runs[0].answers
    asked = [(call.id, call.expected[place], first[call.id, place]) for call in gold if place in call.expected]
    keys = [(call.id, place) for call in gold]
    given = [key for run in runs for key in keys if run.answers[key] in ("yes", "no") or key in run.withdrawn]
    withdrawn = sum(key in run.withdrawn for run in runs for key in keys)
    return CheckReport(
        rubric=place[0],
        check=place[1],
        kind=kind,
        agreement=agreement((expected, found) for _, expected, found in asked if found != UNSCORED),
        confusion=dict(Counter(f"{expected}>{found}" for _, expected, found in asked)),
        wrong={call: found for call, expected, found in asked if found != expected},
        withdrawn=withdrawn / len(given) if given else None,
        unstable=_share(len({run.answers[key] for run in runs}) > 1 for key in keys),
        order=_changed(pairs["order"], keys),
        padding=_changed(pairs["padding"], keys),
        identity=_changed(pairs["identity"], keys),
    )


def _changed(pairs: Sequence[tuple[Answers, Answers]], keys: Sequence[tuple[str, Place]]) -> float | None:
    return _share(one[key] != other[key] for one, other in pairs for key in keys)


def _share(found: Iterable[bool]) -> float | None:
    every = list(found)
    return sum(every) / len(every) if every else None
