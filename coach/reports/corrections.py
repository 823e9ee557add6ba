"""A trainer's corrections as a report shows them: the grade's number and the corrected one, who changed what, and why."""

from __future__ import annotations

from collections.abc import Sequence

from coach.grading.corrections import corrected
from coach.records.call import Call
from coach.records.grade import Grade
from coach.records.notes import Correction
from coach.reports.model import CorrectedVerdict, Corrections
from coach.reports.wording import Say


def corrections_block(
    call: Call, grade: Grade, notes: Sequence[Correction], say: Say, language: str
) -> Corrections | None:
    """`notes` oldest first; those about other grades are left out, and without any there is no block."""
    ours = [item for item in notes if item.grade == grade.id]
    if not ours:
        return None
    after = corrected(grade, call.exercise.rubrics, ours).score
    items = tuple(_item(call, item, say, language) for item in ours)
    return Corrections(
        score_before=grade.score,
        score_after=after,
        total=say("correct.total", before=_number(grade.score), after=_number(after)),
        items=items,
    )


def answer_name(kind: str, answer: str, say: Say) -> str:
    """What a verdict is called: done or not, happened or not."""
    return say(f"answer.{kind}_{answer}" if answer in ("yes", "no") else f"answer.{answer}")


def _item(call: Call, item: Correction, say: Say, language: str) -> CorrectedVerdict:
    check = next(
        c for rubric in call.exercise.rubrics if rubric.id == item.rubric for c in rubric.checks if c.id == item.check
    )
    return CorrectedVerdict(
        rubric=item.rubric,
        check=item.check,
        ask=check.ask.say(language),
        before=answer_name(check.kind, item.before, say),
        after=answer_name(check.kind, item.answer, say),
        score=say("correct.score", before=_number(item.score_before), after=_number(item.score_after)),
        score_before=item.score_before,
        score_after=item.score_after,
        author=item.author,
        reason=item.reason,
        by=say("correct.by", author=item.author, reason=item.reason),
    )


def _number(score: int | None) -> str:
    return "—" if score is None else str(score)
