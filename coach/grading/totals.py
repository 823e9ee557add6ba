"""The arithmetic of a grade, as documented at the top of coach/content/rubric.py. A reader can redo it by hand.

Rubric score: 100 x earned / possible, rounded half up, minus penalties, never below 0. None while less than half of the weight
that applies is decided. Overall: the mean of the rubric scores, rounded half up, capped by every gate that was hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor

from coach.content.rubric import Check, Rubric
from coach.records.grade import GateHit, RubricGrade, Verdict


def rounded(value: float) -> int:
    return floor(value + 0.5)


def grade_rubric(rubric: Rubric, verdicts: Sequence[Verdict]) -> RubricGrade:
    """`verdicts` holds every check of the rubric exactly once.

    Raises:
        ValueError: a check is missing, repeated or unknown.
    """
    answers = {verdict.check: verdict for verdict in verdicts}
    if len(answers) != len(verdicts) or set(answers) != {check.id for check in rubric.checks}:
        raise ValueError(f"rubric {rubric.id!r} needs every check exactly once")
    merits = [(check, answers[check.id].answer) for check in rubric.checks if check.kind == "merit"]
    faults = [(check, answers[check.id].answer) for check in rubric.checks if check.kind == "violation"]
    earned = sum(check.weight for check, answer in merits if answer == "yes")
    possible = sum(check.weight for check, answer in merits if answer in ("yes", "no"))
    open_weight = sum(check.weight for check, answer in merits if answer == "unscored")
    penalties = sum(check.penalty for check, answer in faults if answer == "yes")
    applicable = possible + open_weight
    scored = rubric.kind == "score" and applicable > 0
    return RubricGrade(
        rubric=rubric.id,
        version=rubric.version,
        score=_points(earned, possible, penalties) if scored and possible and 2 * possible >= applicable else None,
        band=_band(rubric, answers) if scored else None,
        verdicts=tuple(answers[check.id] for check in rubric.checks),
        earned=earned,
        possible=possible,
        penalties=penalties,
        unscored=sum(1 for verdict in verdicts if verdict.answer == "unscored"),
    )


_BEST_FIRST = {"merit": ("yes", "na", "no"), "violation": ("no", "na", "yes")}


def _band(rubric: Rubric, answers: Mapping[str, Verdict]) -> tuple[int, int]:
    """The score with every open check answered the worst and the best way: open are unscored checks, and those that votes
    disagree on, which can be anything that was voted.
    """
    if all(verdict.answer != "unscored" and not verdict.votes for verdict in answers.values()):
        # nothing is open, as in most grades: worst and best are the same
        points = _points_of((check, answers[check.id].answer) for check in rubric.checks)
        return points, points
    low, high = (
        _points_of((check, _open_to(check, answers[check.id])[side]) for check in rubric.checks) for side in (-1, 0)
    )
    return min(low, high), max(low, high)


def _open_to(check: Check, verdict: Verdict) -> tuple[str, ...]:
    """What the answer could be, the best first."""
    order = _BEST_FIRST[check.kind]
    if verdict.answer == "unscored":
        voted = {vote for vote in verdict.votes if vote in order}
        return tuple(one for one in order if one in voted) if len(voted) > 1 else (order[0], order[-1])
    return tuple(one for one in order if one == verdict.answer or one in verdict.votes)


def _points_of(answered: Iterable[tuple[Check, str]]) -> int:
    known = list(answered)
    merits = [(check.weight, answer) for check, answer in known if check.kind == "merit" and answer in ("yes", "no")]
    possible = sum(weight for weight, _ in merits)
    earned = sum(weight for weight, answer in merits if answer == "yes")
    penalties = sum(check.penalty for check, answer in known if check.kind == "violation" and answer == "yes")
    return _points(earned, possible, penalties) if possible else 0


def _points(earned: int, possible: int, penalties: int) -> int:
    return max(0, rounded(100 * earned / possible) - penalties)


def gate_hits(rubric: Rubric, verdicts: Iterable[Verdict]) -> tuple[GateHit, ...]:
    """The gates of this rubric's violations that were found."""
    checks: dict[str, Check] = {check.id: check for check in rubric.checks}
    hits = []
    for verdict in verdicts:
        gate = checks[verdict.check].gate
        if gate is not None and verdict.answer == "yes":
            hits.append(
                GateHit(
                    rubric=rubric.id, check=verdict.check, cap=gate.cap, fails=gate.fails, evidence=verdict.evidence
                )
            )
    return tuple(hits)


def says_nothing(grade: RubricGrade) -> bool:
    """Nothing in this rubric applies to the call (as questioning to a harasser): it neither counts nor blocks."""
    return grade.band is None


def overall(grades: Iterable[RubricGrade], gates: Iterable[GateHit]) -> int | None:
    """0 to 100, or None when no rubric has a score."""
    scores = [grade.score for grade in grades if grade.score is not None]
    if not scores:
        return None
    return min([rounded(sum(scores) / len(scores)), *(hit.cap for hit in gates)])


def open_gates(rubric: Rubric, verdicts: Iterable[Verdict]) -> bool:
    """Whether a violation that would fail the call was not decided."""
    fails = {check.id for check in rubric.checks if check.gate is not None and check.gate.fails}
    return any(verdict.check in fails and verdict.answer == "unscored" for verdict in verdicts)


def open_checks(grade: RubricGrade) -> int:
    """How many checks the band leaves open: the unscored ones, and those that the votes did not agree on."""
    return sum(1 for verdict in grade.verdicts if verdict.answer == "unscored" or len(set(verdict.votes)) > 1)


def passed(
    rubrics: Sequence[Rubric], grades: Sequence[RubricGrade], gates: Iterable[GateHit], *, undecided: bool = False
) -> bool | None:
    """False by a failing gate or a score below its mark; None while a rubric that applies has no score, or `undecided`: a red
    line that would fail the call.
    """
    if any(hit.fails for hit in gates):
        return False
    marks = {rubric.id: rubric.pass_mark for rubric in rubrics}
    counted = [grade for grade in grades if not says_nothing(grade)]
    if any(grade.score is not None and grade.score < marks[grade.rubric] for grade in counted):
        return False
    return None if undecided or not counted or any(grade.score is None for grade in counted) else True
