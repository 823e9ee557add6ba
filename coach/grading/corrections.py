"""A trainer's corrections beside a grade. The grade stays as it was given; the numbers with the corrections are worked out anew."""

from __future__ import annotations

from collections.abc import Sequence

from coach.content.rubric import Rubric
from coach.errors import NotFound
from coach.grading.totals import gate_hits, grade_rubric, overall, passed
from coach.records.call import Record
from coach.records.grade import Grade, RubricGrade
from coach.records.notes import Correction


class Corrected(Record):
    """The numbers with the corrections in force (the last one of each check)."""

    score: int | None
    passed: bool | None
    rubrics: tuple[RubricGrade, ...]


def corrected(grade: Grade, rubrics: Sequence[Rubric], corrections: Sequence[Correction]) -> Corrected:
    """`corrections` oldest first; those of other grades are left out."""
    latest = {(item.rubric, item.check): item.answer for item in corrections if item.grade == grade.id}
    known = {rubric.id: rubric for rubric in rubrics}
    again = []
    for graded in grade.rubrics:
        verdicts = [
            verdict.model_copy(update={"answer": answer, "cause": ""})
            if (answer := latest.get((graded.rubric, verdict.check)))
            else verdict
            for verdict in graded.verdicts
        ]
        again.append(grade_rubric(known[graded.rubric], verdicts) if graded.rubric in known else graded)
    ordered = [known[graded.rubric] for graded in again if graded.rubric in known]
    gates = [hit for rubric, graded in zip(ordered, again, strict=True) for hit in gate_hits(rubric, graded.verdicts)]
    scored = [graded for rubric, graded in zip(ordered, again, strict=True) if rubric.kind == "score"]
    return Corrected(score=overall(scored, gates), passed=passed(ordered, scored, gates), rubrics=tuple(again))


def score_of(numbers: Corrected | Grade, rubric: str) -> int | None:
    """One rubric's score."""
    return next((graded.score for graded in numbers.rubrics if graded.rubric == rubric), None)


def answer_of(grade: Grade, rubric: str, check: str) -> str:
    """What the grade answered.

    Raises:
        NotFound: the grade has no such check.
    """
    for graded in grade.rubrics:
        for verdict in graded.verdicts:
            if graded.rubric == rubric and verdict.check == check:
                return verdict.answer
    known = ", ".join(f"{graded.rubric}.{verdict.check}" for graded in grade.rubrics for verdict in graded.verdicts)
    raise NotFound(
        f"这次评分里没有检查点 {rubric}.{check}。有的是：{known}。",
        f"This grade has no check {rubric}.{check}. It has: {known}.",
    )
