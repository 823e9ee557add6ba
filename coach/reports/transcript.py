"""The call as text, with the words that the grade quotes marked in place."""

from __future__ import annotations

from itertools import groupby

from coach.records.call import Call, Speaker, Turn
from coach.records.grade import Evidence, Grade
from coach.reports.model import Segment, SpokenLine
from coach.reports.rubric_blocks import tone_of
from coach.reports.wording import Say


def spoken_lines(call: Call, grade: Grade, say: Say) -> tuple[SpokenLine, ...]:
    """Every turn, numbered from 1 over the whole call."""
    marks = _marks(call, grade)
    return tuple(
        SpokenLine(
            number=turn.index + 1,
            who=say("transcript.trainee" if turn.speaker is Speaker.TRAINEE else "transcript.customer"),
            trainee=turn.speaker is Speaker.TRAINEE,
            segments=_segments(turn, marks.get(turn.index, [])),
        )
        for turn in call.turns
    )


def _marks(call: Call, grade: Grade) -> dict[int, list[tuple[str, str]]]:
    """Turn -> (quote, mark). Bad ones come last, so that they win where quotes overlap."""
    checks = {(rubric.id, check.id): check for rubric in call.exercise.rubrics for check in rubric.checks}
    found: dict[int, list[tuple[str, str]]] = {}

    def add(evidence: tuple[Evidence, ...], mark: str) -> None:
        for item in evidence:
            found.setdefault(item.turn, []).append((item.quote, mark))

    for graded in grade.rubrics:
        for verdict in graded.verdicts:
            check = checks.get((graded.rubric, verdict.check))
            tone = tone_of(check, verdict) if check else "quiet"
            if check and check.kind == "merit" and tone == "bad":
                continue  # quoted to show what was said instead; the words themselves may be fine
            if tone in ("good", "bad"):
                add(verdict.evidence, tone)
    for hit in grade.gates:
        add(hit.evidence, "bad")
    for violation in grade.violations:
        add((Evidence(turn=violation.turn, quote=violation.quote, move=violation.move),), "bad")
    return {turn: sorted(marks, key=lambda item: item[1] == "bad") for turn, marks in found.items()}


def _segments(turn: Turn, marks: list[tuple[str, str]]) -> tuple[Segment, ...]:
    painted = [""] * len(turn.text)
    for quote, mark in marks:
        start = turn.text.find(quote)
        if quote and start >= 0:
            painted[start : start + len(quote)] = [mark] * len(quote)
    pieces = []
    for mark, letters in groupby(zip(turn.text, painted, strict=True), key=lambda item: item[1]):
        pieces.append(Segment.model_validate({"text": "".join(letter for letter, _ in letters), "mark": mark}))
    return tuple(pieces)
