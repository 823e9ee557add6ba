"""The trainee judges themself first, sees both side by side, writes a note, asks about the call, disputes a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coach.grading.corrections import score_of
from coach.practice import Practice
from coach.records.call import Call, Exercise
from coach.records.grade import Grade
from coach.records.notes import Dispute, Learning, SelfRating
from coach.reports.asking import MOST_CHARS as LONGEST_QUESTION
from coach.reports.replies.passages import Answer
from coach.ui.render import render

BANDS = (0, 40, 60, 80)
"""Lower ends of the bands a trainee may expect."""
MOST_RUBRICS = 12
RATES = tuple(f"rate{place}" for place in range(MOST_RUBRICS))
FIELDS = (*RATES, "note", "check", "reason", "question")
"""What the forms here send."""
MOST_CHARS = 400


def rating_rows(exercise: Exercise, language: str) -> list[tuple[str, str]]:
    """(field name, rubric's name) of every rubric that gives a score."""
    scored = [rubric for rubric in exercise.rubrics if rubric.kind == "score"][:MOST_RUBRICS]
    return [(RATES[place], rubric.name.say(language)) for place, rubric in enumerate(scored)]


def save_rating(practice: Practice, call: Call, sent: Mapping[str, str]) -> None:
    """Keeps what was expected, once and only before the grade is known. Nothing chosen keeps nothing."""
    store = practice.store
    if store.grades(call.id) or store.latest_note(call.id, "self_rating"):
        return
    scored = [rubric.id for rubric in call.exercise.rubrics if rubric.kind == "score"]
    expected = {
        rubric: int(sent[field])
        for field, rubric in zip(RATES, scored, strict=False)
        if sent.get(field) in {str(band) for band in BANDS}
    }
    if expected:
        practice.write_note(call.id, SelfRating(expected=expected))


def save_learning(practice: Practice, call: Call, sent: Mapping[str, str]) -> None:
    text = sent.get("note", "").strip()[:MOST_CHARS]
    if text:
        practice.write_note(call.id, Learning(text=text))


def save_dispute(practice: Practice, call: Call, sent: Mapping[str, str]) -> None:
    """Keeps a dispute of a check that the call was graded by; without a reason nothing is kept."""
    rubric, _, check = sent.get("check", "").partition(".")
    reason = sent.get("reason", "").strip()[:MOST_CHARS]
    known = {(item.id, check.id) for item in call.exercise.rubrics for check in item.checks}
    if reason and (rubric, check) in known:
        practice.write_note(call.id, Dispute(rubric=rubric, check=check, reason=reason))


def both_sides(practice: Practice, call: Call, grade: Grade, language: str) -> str:
    """Above the report: what was expected beside what was given."""
    note = practice.store.latest_note(call.id, "self_rating")
    expected = note.self_rating.expected if note and note.self_rating else {}
    rows = [_beside(call, grade, rubric, band, language) for rubric, band in expected.items()]
    return render("both_sides", language, rows=rows)


def reflection(
    practice: Practice, call: Call, grade: Grade, language: str, *, question: str = "", answer: Answer | None = None
) -> str:
    """Below the report: ask about this call, the learning note, the dispute form with what was disputed. A question without an
    answer is still being looked into."""
    store = practice.store
    note = store.latest_note(call.id, "learning")
    disputes = [item.dispute for item in store.notes(call.id, "dispute") if item.dispute]
    return render(
        "reflection",
        language,
        note=note.learning.text if note and note.learning else "",
        most=MOST_CHARS,
        groups=_checks(call, grade, language),
        disputes=[(_ask(call, item.rubric, item.check, language), item.reason) for item in disputes],
        question=question,
        answer=answer,
        by_model=practice.answers_by_model,
        longest=LONGEST_QUESTION,
    )


def _beside(call: Call, grade: Grade, rubric: str, band: int, language: str) -> dict[str, Any]:
    given = score_of(grade, rubric)
    top = next((other for other in BANDS if other > band), 101)
    judged = "open" if given is None else "over" if given < band else "under" if given >= top else "same"
    name = next(item.name.say(language) for item in call.exercise.rubrics if item.id == rubric)
    return {"name": name, "band": band, "given": given, "judged": judged}


def _ask(call: Call, rubric: str, check: str, language: str) -> str:
    return next(
        item.ask.say(language)
        for found in call.exercise.rubrics
        if found.id == rubric
        for item in found.checks
        if item.id == check
    )


def _checks(call: Call, grade: Grade, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The checks that were answered, by rubric: (name, [(rubric.check, question)])."""
    groups = []
    for rubric in call.exercise.rubrics:
        graded = next((item for item in grade.rubrics if item.rubric == rubric.id), None)
        answered = {v.check for v in graded.verdicts if v.answer in ("yes", "no")} if graded else set()
        asked = [(f"{rubric.id}.{c.id}", c.ask.say(language)) for c in rubric.checks if c.id in answered]
        if asked:
            groups.append((rubric.name.say(language), asked))
    return groups
