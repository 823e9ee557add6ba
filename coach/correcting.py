"""A trainer corrects a verdict: from the command line and from the page."""

from __future__ import annotations

from typing import Literal

from coach.errors import NotFound
from coach.grading.corrections import answer_of, corrected, score_of
from coach.practice import write_note
from coach.records.notes import Correction
from coach.storage.store import Store


def correct_verdict(
    store: Store, call_id: str, check: str, answer: Literal["yes", "no", "na"], author: str, reason: str
) -> Correction:
    """A trainer's answer in the place of a verdict of the newest grade; the score before and after are both kept. `check` is
    "rubric.check".

    Raises:
        NotFound: no such call, no grade, no such check in it.
    """
    call, grades = store.call(call_id), store.grades(call_id)
    if not grades:
        raise NotFound(f"通话 {call_id} 还没有评分。", f"Call {call_id} has not been graded.")
    rubric, _, name = check.partition(".")
    draft = Correction(
        grade=grades[-1].id,
        rubric=rubric,
        check=name,
        before=answer_of(grades[-1], rubric, name),
        answer=answer,
        author=author.strip(),
        reason=reason.strip(),
        score_before=score_of(grades[-1], rubric),
        score_after=None,
    )
    earlier = store.corrections(call_id)
    after = score_of(corrected(grades[-1], call.exercise.rubrics, [*earlier, draft]), rubric)
    kept = draft.model_copy(update={"score_after": after})
    write_note(store, call_id, kept)
    return kept
