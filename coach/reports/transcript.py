"""The call as text, with the words that the grade quotes marked in place."""

from __future__ import annotations

from itertools import groupby

from coach.grading.evidence import letters_of
from coach.records.call import Call, Speaker, Turn
from coach.records.grade import Evidence, Grade
from coach.reports.model import Segment, SpokenLine
from coach.reports.rubric_blocks import tone_of
from coach.reports.wording import Say

WHOLE = 2
"""Letters from which a stretch of good words is worth a mark."""
Mark = tuple[str, str, str]
"""Words, mark, the name of the check that quoted them."""


def spoken_lines(call: Call, grade: Grade, say: Say, language: str) -> tuple[SpokenLine, ...]:
    """Every turn, numbered from 1 over the whole call."""
    marks = _marks(call, grade, language)
    return tuple(
        SpokenLine(
            number=turn.index + 1,
            who=say("transcript.trainee" if turn.speaker is Speaker.TRAINEE else "transcript.customer"),
            trainee=turn.speaker is Speaker.TRAINEE,
            segments=_segments(turn, marks.get(turn.index, [])),
        )
        for turn in call.turns
    )


def _marks(call: Call, grade: Grade, language: str) -> dict[int, list[Mark]]:
    """By turn. Bad ones come last, so that they win where quotes overlap."""
    checks = {(rubric.id, check.id): check for rubric in call.exercise.rubrics for check in rubric.checks}
    found: dict[int, list[Mark]] = {}

    def add(evidence: tuple[Evidence, ...], mark: str, tip: str) -> None:
        for item in evidence:
            found.setdefault(item.turn, []).append((item.quote, mark, tip))

    for graded in grade.rubrics:
        for verdict in graded.verdicts:
            check = checks.get((graded.rubric, verdict.check))
            tone = tone_of(check, verdict) if check else "quiet"
            if check is None or (check.kind == "merit" and tone == "bad"):
                continue  # quoted to show what was said instead; the words themselves may be fine
            if tone in ("good", "bad"):
                add(verdict.evidence, tone, check.ask.say(language))
    for hit in grade.gates:
        check = checks.get((hit.rubric, hit.check))
        add(hit.evidence, "bad", check.ask.say(language) if check else "")
    for violation in grade.violations:
        add((Evidence(turn=violation.turn, quote=violation.quote, move=violation.move),), "bad", "")
    return {turn: sorted(marks, key=lambda item: item[1] == "bad") for turn, marks in found.items()}


def _segments(turn: Turn, marks: list[Mark]) -> tuple[Segment, ...]:
    painted: list[tuple[str, tuple[str, ...]]] = [("", ())] * len(turn.text)
    for quote, mark, tip in marks:
        start = turn.text.find(quote)
        if not quote or start < 0:
            continue
        for place in range(start, start + len(quote)):
            before = painted[place][1] if painted[place][0] == mark else ()
            painted[place] = (mark, before if not tip or tip in before else (*before, tip))
    pieces = []
    for (mark, tips), letters in groupby(zip(turn.text, painted, strict=True), key=lambda item: item[1]):
        text = "".join(letter for letter, _ in letters)
        if mark == "good" and len(letters_of(text)) < WHOLE:
            mark, tips = "", ()  # what bad words left over of a quote says nothing by itself
        pieces.append(Segment.model_validate({"text": text, "mark": mark, "tip": " ".join(tips)}))
    return tuple(pieces)
