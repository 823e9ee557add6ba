"""Feedback: at most three things. What you said, what it did to the customer, one sentence you could say.

Chosen by what they cost in this call: points of the grade, and the harm to the customer's state in that very turn. Whatever
was good about the call has a place among the three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from coach.content.moves import FAULTS
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
GOOD = 85
"""From this score in every rubric on, one thing to change is enough."""
HARMFUL = 6.0
"""A turn that did so much harm is no model."""
WORTH_KEEPING = 6
"""Letters a quote needs to be worth pointing at: a bare greeting is not."""


_Pair = tuple[Rubric, RubricGrade, Check, Verdict]


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
    faulty = frozenset(
        item.turn
        for _, _, check, verdict in pairs
        for item in verdict.evidence
        if check.kind == "violation" and verdict.answer == "yes"
    )
    good_words = frozenset(
        item.quote
        for _, _, check, verdict in pairs
        for item in verdict.evidence
        if check.kind == "merit" and verdict.answer == "yes"
    )
    keeps = sorted(_keeps(pairs, effects, faulty), key=lambda item: -item.cost)
    good = all(grade.score is None or grade.score >= GOOD for grade in grades)
    room = MOST if not keeps else 1 if good else MOST - 1
    turns = _by_turn(list(_changes(pairs, effects)), good_words)
    chosen = _change_items(turns, effects, exercise, normalised(spoken)[0], room, language)
    return (*_keep_items(keeps, {item.turn for item in chosen}, MOST - len(chosen), effects), *chosen)


def _keep_items(keeps: Sequence[_Case], taken: set[int], room: int, effects: Effects) -> list[Feedback]:
    """The best ones, each of a turn and in words of its own; turns that are spoken of already come last."""
    kept: list[Feedback] = []
    for case in sorted(keeps, key=lambda case: case.evidence.turn in taken):
        if len(kept) >= room:
            break
        if any(case.evidence.turn == other.turn or case.evidence.quote == other.quote for other in kept):
            continue
        kept.append(_item("keep", case, effects.said(case.evidence.turn, good=True, nth=len(kept)), ""))
    return kept


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


def _pairs(rubrics: Sequence[Rubric], grades: Sequence[RubricGrade]) -> Iterator[_Pair]:
    for rubric, grade in zip(rubrics, grades, strict=True):
        checks = {check.id: check for check in rubric.checks}
        for verdict in grade.verdicts:
            if verdict.evidence:
                yield rubric, grade, checks[verdict.check], verdict


def _changes(pairs: Sequence[_Pair], effects: Effects) -> Iterator[_Case]:
    for rubric, grade, check, verdict in pairs:
        if verdict.answer != ("yes" if check.kind == "violation" else "no"):
            continue
        points = check.penalty if check.kind == "violation" else 100 * check.weight / max(1, grade.possible)
        base = points + (GATE_COST if check.gate else 0)
        # a fault counts wherever it was made; what was missed, where that hurt most
        places = list({item.turn: item for item in reversed(verdict.evidence)}.values())
        if check.kind == "merit":
            places = [max(verdict.evidence, key=lambda item: effects.harm(item.turn))]
        for item in places:
            yield _Case(check, rubric.id, item, base + HARM_SHARE * max(0.0, effects.harm(item.turn)))


def _keeps(pairs: Sequence[_Pair], effects: Effects, faulty: frozenset[int]) -> Iterator[_Case]:
    """What is worth doing again. A turn that also hurts is no model, whatever else it holds."""
    for rubric, grade, check, verdict in pairs:
        if check.kind == "violation" or verdict.answer != "yes":
            continue
        telling = [
            item
            for item in verdict.evidence
            if item.turn not in faulty
            and len(normalised(item.quote)[0]) >= WORTH_KEEPING
            and effects.harm(item.turn) < HARMFUL
        ]
        if telling:
            best = min(telling, key=lambda item: effects.harm(item.turn))
            worth = 100 * check.weight / max(1, grade.possible) - HARM_SHARE * min(0.0, effects.harm(best.turn))
            yield _Case(check, rubric.id, best, worth)


def _by_turn(cases: Sequence[_Case], good_words: frozenset[str]) -> list[list[_Case]]:
    """Grouped by turn, the dearest turn first: all that a turn cost together. Within a turn: red lines, violations, then the rest.

    What was never done has its place at words that may be good in themselves: these come last.
    """
    turns: dict[int, list[_Case]] = {}
    for case in cases:
        turns.setdefault(case.evidence.turn, []).append(case)
    for group_ in turns.values():
        group_.sort(
            key=lambda case: (
                case.check.gate is None,
                case.check.kind == "merit",
                case.evidence.quote in good_words,
                -case.cost,
            )
        )

    def cost(group_: list[_Case]) -> float:
        share = 0.3 if group_[0].evidence.quote in good_words else 1.0
        return share * (group_[0].cost + 0.3 * sum(case.cost for case in group_[1:]))

    return sorted(turns.values(), key=lambda group_: -cost(group_))


def _change_items(
    turns: Sequence[Sequence[_Case]], effects: Effects, exercise: Exercise | None, spoken: str, room: int, language: str
) -> list[Feedback]:
    """One a turn, one a missing move, and no sentence twice."""
    items: list[Feedback] = []
    moves: set[object] = set()
    for cases in turns:
        if len(items) >= room:
            break
        for case in cases:
            move = wanted(case.check)
            used = {item.say for item in items}
            fresh = (
                line
                for line in sentences(case.check, exercise)
                if line not in used and normalised(line)[0] not in spoken
            )
            say = next(fresh, "")
            if move in moves or not say:
                continue
            moves.add(move)
            effect = effects.said(case.evidence.turn, good=False, nth=len(items), missed=_missed(case, language))
            items.append(_item("change", case, effect, say))
            break
    return items


def _missed(case: _Case, language: str) -> str:
    """The check as a question to oneself, where the words quoted are no fault but lack something."""
    check = case.check
    if check.kind == "violation" or case.evidence.move in FAULTS or check.applies.to == "harassed":
        return ""
    return check.ask.say(language).replace("坐席", "我")


def _item(kind: Literal["keep", "change"], case: _Case, effect: str, say: str) -> Feedback:
    return Feedback(
        kind=kind,
        turn=case.evidence.turn,
        quote=case.evidence.quote,
        effect=effect,
        say=say,
        check=case.check.id,
        rubric=case.rubric,
        cost=round(case.cost, 1),
    )
