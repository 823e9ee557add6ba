"""Feedback: at most three things. What you said, what it did to the customer, one sentence you could say.

Chosen by what they cost in this call: points of the grade, and the harm to the customer's state in that very turn. Whatever
was good about the call has a place among the three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.content.rubric import Check, Rubric
from coach.grading.effects import Effects
from coach.grading.evidence import normalised
from coach.grading.suggestions import group, sentences, wanted
from coach.grading.wording import next_time_words
from coach.records.call import Exercise
from coach.records.grade import Evidence, Feedback, RubricGrade, Verdict

MOST = 3
GATE_COST = 100.0
"""A red line comes before everything else."""
HARM_SHARE = 0.4
WORTH_KEEPING = 6
"""Letters a quote needs to be worth pointing at: a bare greeting is not."""


@dataclass(frozen=True)
class _Case:
    """A verdict that could become a piece of feedback."""

    check: Check
    rubric: str
    evidence: Evidence
    cost: float


def feedback(
    rubrics: Sequence[Rubric],
    grades: Sequence[RubricGrade],
    effects: Effects,
    exercise: Exercise | None,
    spoken: str,
    language: str,
) -> tuple[Feedback, ...]:
    """`spoken`: all the trainee said, so that nothing is proposed that was said already."""
    pairs = list(_pairs(rubrics, grades))
    changes = sorted(_changes(pairs, effects), key=lambda item: -item.cost)
    keeps = sorted(_keeps(pairs, effects), key=lambda item: -item.cost)
    good = all(grade.score is None or grade.score >= 85 for grade in grades)
    room = MOST if not keeps else 1 if good else MOST - 1
    chosen = _change_items(changes, effects, exercise, normalised(spoken)[0], room, language)
    taken = {item.turn for item in chosen}
    kept: list[Feedback] = []
    for item in sorted(keeps, key=lambda item: item.evidence.turn in taken):
        if len(kept) + len(chosen) >= MOST:
            break
        if any(item.evidence.turn == other.turn or item.evidence.quote == other.quote for other in kept):
            continue
        turn = item.evidence.turn
        kept.append(
            Feedback(
                kind="keep", turn=turn, quote=item.evidence.quote, effect=effects.said(turn, good=True, nth=len(kept)), say="",
                check=item.check.id, rubric=item.rubric, cost=round(item.cost, 1),
            )
        )  # fmt: skip
    return (*kept, *chosen)


def next_time(items: Sequence[Feedback], rubrics: Sequence[Rubric], language: str) -> str:
    """One thing to take along: what the dearest change is about."""
    changes = sorted((item for item in items if item.kind == "change"), key=lambda item: -item.cost)
    if not changes:
        return next_time_words("keep_on", language) if items else ""
    dearest = changes[0]
    check = next(
        check
        for rubric in rubrics
        if rubric.id == dearest.rubric
        for check in rubric.checks
        if check.id == dearest.check
    )
    return next_time_words(group(check), language)


def _pairs(
    rubrics: Sequence[Rubric], grades: Sequence[RubricGrade]
) -> Iterator[tuple[Rubric, RubricGrade, Check, Verdict]]:
    for rubric, grade in zip(rubrics, grades, strict=True):
        checks = {check.id: check for check in rubric.checks}
        for verdict in grade.verdicts:
            if verdict.evidence:
                yield rubric, grade, checks[verdict.check], verdict


def _changes(pairs: Sequence[tuple[Rubric, RubricGrade, Check, Verdict]], effects: Effects) -> Iterator[_Case]:
    for rubric, grade, check, verdict in pairs:
        if verdict.answer != ("yes" if check.kind == "violation" else "no"):
            continue
        points = check.penalty if check.kind == "violation" else 100 * check.weight / max(1, grade.possible)
        worst = max(verdict.evidence, key=lambda item: effects.harm(item.turn))
        cost = points + (GATE_COST if check.gate else 0) + HARM_SHARE * max(0.0, effects.harm(worst.turn))
        yield _Case(check, rubric.id, worst, cost)


def _keeps(pairs: Sequence[tuple[Rubric, RubricGrade, Check, Verdict]], effects: Effects) -> Iterator[_Case]:
    for rubric, grade, check, verdict in pairs:
        if check.kind == "violation" or verdict.answer != "yes":
            continue
        telling = [item for item in verdict.evidence if len(normalised(item.quote)[0]) >= WORTH_KEEPING]
        if telling:
            best = min(telling, key=lambda item: effects.harm(item.turn))
            worth = 100 * check.weight / max(1, grade.possible) - HARM_SHARE * min(0.0, effects.harm(best.turn))
            yield _Case(check, rubric.id, best, worth)


def _change_items(
    cases: Sequence[_Case], effects: Effects, exercise: Exercise | None, spoken: str, room: int, language: str
) -> list[Feedback]:
    """The dearest ones: one a turn, one a missing move, and no sentence twice."""
    items: list[Feedback] = []
    moves: set[object] = set()
    for case in cases:
        if len(items) >= room:
            break
        move = wanted(case.check)
        if move in moves or any(item.turn == case.evidence.turn for item in items):
            continue
        used = {item.say for item in items}
        fresh = (
            line for line in sentences(case.check, exercise) if line not in used and normalised(line)[0] not in spoken
        )
        say = next(fresh, "")
        if not say:
            continue
        moves.add(move)
        effect = effects.said(case.evidence.turn, good=False, nth=len(items))
        items.append(
            Feedback(
                kind="change", turn=case.evidence.turn, quote=case.evidence.quote, effect=effect, say=say,
                check=case.check.id, rubric=case.rubric, cost=round(case.cost, 1),
            )
        )  # fmt: skip
    return items
