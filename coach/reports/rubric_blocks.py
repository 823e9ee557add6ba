"""The part of a report that goes check by check: answers, quotes, and the arithmetic a reader can redo."""

from __future__ import annotations

from collections.abc import Iterator

from coach.content.rubric import Check, Rubric
from coach.grading.totals import open_checks, rounded
from coach.records.call import Call
from coach.records.grade import Grade, RubricGrade, Verdict
from coach.reports.model import CheckRow, CriterionBlock, Quote, RubricBlock, Tone
from coach.reports.wording import Say


def rubric_blocks(call: Call, grade: Grade, say: Say, language: str) -> tuple[RubricBlock, ...]:
    """One block a scoring rubric, in the order of the exercise. Red lines stand at the top of the report instead."""
    graded = {item.rubric: item for item in grade.rubrics}
    return tuple(
        _block(rubric, graded[rubric.id], say, language)
        for rubric in call.exercise.rubrics
        if rubric.id in graded and rubric.kind == "score"
    )


def tone_of(check: Check, verdict: Verdict) -> Tone:
    """What an answer means for the trainee: the same yes is good for a merit and bad for a violation."""
    if verdict.answer == "unscored":
        return "open"
    if verdict.answer == "na" or (check.kind == "violation" and verdict.answer == "no"):
        return "quiet"
    return "good" if check.kind == "merit" and verdict.answer == "yes" else "bad"


def _block(rubric: Rubric, graded: RubricGrade, say: Say, language: str) -> RubricBlock:
    verdicts = {verdict.check: verdict for verdict in graded.verdicts}
    criteria = tuple(
        CriterionBlock(name=criterion.name.say(language), checks=rows)
        for criterion in rubric.criteria
        if (rows := tuple(_row(c, verdicts[c.id], say, language) for c in criterion.checks if c.id in verdicts))
    )
    return RubricBlock(
        name=rubric.name.say(language),
        summary=rubric.summary.say(language),
        version=graded.version,
        score=graded.score,
        passed=None if graded.score is None else graded.score >= rubric.pass_mark,
        arithmetic=_arithmetic(graded, say),
        band=_band(graded, say),
        mark=rubric.pass_mark,
        pass_mark=say("rubrics.pass_mark", n=rubric.pass_mark),
        criteria=criteria,
        checks=sum(len(criterion.checks) for criterion in criteria),
    )


def answered_checks(rubric: Rubric, graded: RubricGrade, say: Say) -> Iterator[tuple[Check, Verdict, str]]:
    """Every check that the grade holds, with its verdict and that verdict in words."""
    verdicts = {verdict.check: verdict for verdict in graded.verdicts}
    for check in rubric.checks:
        if check.id in verdicts:
            yield check, verdicts[check.id], _answer(check, verdicts[check.id], say)


def _answer(check: Check, verdict: Verdict, say: Say) -> str:
    known = verdict.answer in ("yes", "no")
    return say(f"answer.{check.kind}_{verdict.answer}" if known else f"answer.{verdict.answer}")


def _row(check: Check, verdict: Verdict, say: Say, language: str) -> CheckRow:
    return CheckRow(
        ask=check.ask.say(language),
        answer=_answer(check, verdict, say),
        tone=tone_of(check, verdict),
        quotes=tuple(Quote(number=item.turn + 1, text=item.quote) for item in verdict.evidence),
        note=say(f"cause.{verdict.cause}") if verdict.cause else verdict.reason,
    )


def _arithmetic(graded: RubricGrade, say: Say) -> str:
    if graded.score is None:
        return say("rubrics.none", n=graded.unscored) if graded.unscored else say("rubrics.none_na")
    base = rounded(100 * graded.earned / graded.possible) if graded.possible else 0
    sums = say("rubrics.arithmetic", earned=graded.earned, possible=graded.possible, base=base)
    return sums + (say("rubrics.penalties", penalties=graded.penalties, score=graded.score) if graded.penalties else "")


def _band(graded: RubricGrade, say: Say) -> str:
    if graded.score is None or graded.band is None or graded.band[0] == graded.band[1]:
        return ""
    return say("rubrics.band", n=open_checks(graded), low=graded.band[0], high=graded.band[1])
