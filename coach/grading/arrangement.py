"""Which checks are put to the judge together, and how the answers come apart again.

One pass: each rubric is one question, red lines go along with the first; the form of the answer makes the judge finish its
search for violations before it comes to the merits. Two passes: the violations of all rubrics are a question of their own,
the merits of each rubric another; it costs one more reading of the transcript for a whole call, not one a rubric.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.content.rubric import Check, Rubric
from coach.grading.house import NO_HOUSE, House
from coach.grading.judge import Judge, Judged
from coach.records.grade import Transcript, Verdict

Asked = tuple[Rubric, list[Check]]
"""A rubric and those of its checks that the judge is asked about."""
MOST_SEARCHED = 24
"""Violations in one question: a search that is longer than this gets careless, and its answer too long for the form."""


@dataclass(frozen=True)
class Question:
    """What one request asks about a transcript. Check ids are unique within it."""

    name: str
    parts: tuple[Asked, ...]

    @property
    def rubric(self) -> Rubric:
        """Whose name and seed the question carries."""
        return self.parts[0][0]

    @property
    def title(self) -> str:
        """The names of all its rubrics."""
        return "、".join(rubric.name.zh for rubric, _ in self.parts)

    @property
    def checks(self) -> list[Check]:
        return [check for _, checks in self.parts for check in checks]


def questions(asked: Sequence[Asked], passes: int = 1) -> list[Question]:
    """The questions in which all of these checks are asked, each exactly once."""
    return _in_one_pass(asked) if passes == 1 else _in_two_passes(asked)


def _in_one_pass(asked: Sequence[Asked]) -> list[Question]:
    """Red lines judge every call; alone they would cost every call another reading of its transcript."""
    parts = [[(rubric, checks)] for rubric, checks in asked if checks]
    first = next((part for part in parts if part[0][0].kind == "score"), None)
    if first is not None:
        for alone in [part for part in parts if part[0][0].kind == "red_lines"]:
            if not _ids(alone) & _ids(first):
                first += alone
                parts.remove(alone)
    return [Question(part[0][0].id, tuple(part)) for part in parts]


def _in_two_passes(asked: Sequence[Asked]) -> list[Question]:
    searches: list[list[Asked]] = []
    for rubric, checks in asked:
        faults = [check for check in checks if check.kind == "violation"]
        if not faults:
            continue
        own: Asked = (rubric, faults)
        fits = (
            part
            for part in searches
            if not _ids([own]) & _ids(part) and sum(len(found) for _, found in part) + len(faults) <= MOST_SEARCHED
        )
        place = next(fits, None)
        if place is None:
            searches.append([own])
        else:
            place.append(own)
    merits = [(rubric, [check for check in checks if check.kind == "merit"]) for rubric, checks in asked]
    return [
        *(Question(f"violations-{number}", tuple(part)) for number, part in enumerate(searches, 1)),
        *(Question(rubric.id, ((rubric, checks),)) for rubric, checks in merits if checks),
    ]


def _ids(parts: Sequence[Asked]) -> set[str]:
    return {check.id for _, checks in parts for check in checks}


async def judge_transcript(
    judge: Judge,
    transcript: Transcript,
    rubrics: Sequence[Rubric],
    *,
    votes: int = 1,
    language: str = "zh",
    passes: int = 1,
    house: House = NO_HOUSE,
) -> Mapping[str, Judged]:
    """Only the judge's part of grading a transcript that comes without appraisals; `Grader.grade_judged` finishes it."""
    if not any(turn.role == "agent" and turn.text.strip() for turn in transcript.turns):
        return {}
    asked = [(rubric, [check for check in rubric.checks if check.decided_by != "code"]) for rubric in rubrics]
    return await all_judged(judge, asked, transcript, votes, language, passes, house)


async def all_judged(
    judge: Judge,
    asked: Sequence[Asked],
    transcript: Transcript,
    votes: int,
    language: str,
    passes: int = 1,
    house: House = NO_HOUSE,
) -> Mapping[str, Judged]:
    """The verdicts by rubric id, all questions at once. What they cost stands with the first rubric of each."""
    due = questions(asked, passes)
    answers = await asyncio.gather(
        *(
            judge.decide(
                one.rubric, one.checks, transcript, votes=votes, language=language, house=house, title=one.title
            )
            for one in due
        )
    )
    found: dict[str, dict[str, Verdict]] = {}
    costs: dict[str, Judged] = {}
    for question, judged in zip(due, answers, strict=True):
        verdicts = {verdict.check: verdict for verdict in judged.verdicts}
        for rubric, checks in question.parts:
            found.setdefault(rubric.id, {}).update((check.id, verdicts[check.id]) for check in checks)
        cost = costs.setdefault(question.rubric.id, Judged(()))
        cost.usage += judged.usage
        cost.requests += judged.requests
    parts = {}
    for rubric, checks in asked:
        if rubric.id in found:
            part = parts[rubric.id] = costs.get(rubric.id, Judged(()))
            part.verdicts = tuple(found[rubric.id][check.id] for check in checks)
    return parts
