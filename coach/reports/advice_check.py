"""Ask the coach, with a model: the form of its answer, and what of the answer stands.

Each point must rest on a line, a check or a rule that is there; quotes are looked up, figures held against card and lines, scores
against the grade. What doesn't stand is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from coach.content.amounts import amounts
from coach.content.card import LONGEST, card_text, on_card
from coach.grading.evidence import find_in
from coach.records.call import Call, Record
from coach.records.grade import Grade
from coach.reports.replies.passages import Passage
from coach.reports.wording import report_wording

MOST_POINTS = 3
LONGEST_POINT = 120
"""Characters of a point; the model is told this, and a little more is let through."""


class Point(BaseModel):
    """One thing the model says, and what it rests on."""

    model_config = ConfigDict(extra="ignore")

    lines: Annotated[list[int], Field(max_length=6)]
    checks: Annotated[list[str], Field(max_length=4)]
    rules: Annotated[list[str], Field(max_length=4)]
    quote: Annotated[str, Field(max_length=80)]
    text: Annotated[str, Field(max_length=300)]


class CoachAnswer(BaseModel):
    """The model's answer. `covered`: whether the material answers the question at all."""

    model_config = ConfigDict(extra="ignore")

    covered: bool
    points: Annotated[list[Point], Field(max_length=6)]
    say: Annotated[str, Field(max_length=160)]


class Advice(Record):
    """What stands of an answer. Empty `parts` with `covered`: nothing stood."""

    covered: bool
    parts: tuple[Passage, ...] = ()
    refused: tuple[str, ...] = ()
    """Why points were left out: no_source, quote, line, figure, score, invented_quote, say."""


def checked(answer: CoachAnswer, call: Call, grade: Grade, language: str) -> Advice:
    """What of the answer stands, with its sources named."""
    if not answer.covered:
        return Advice(covered=False)
    say = report_wording().bound(language)
    parts: list[Passage] = []
    refused: list[str] = []
    for point in answer.points[:MOST_POINTS]:
        sources = _sources(point, call, grade, language)
        fault = _fault(point, sources, call, grade)
        if fault:
            refused.append(fault)
        else:
            quote = [say("asked.quoted", quote=point.quote.strip())] if point.quote.strip() else []
            parts.append(Passage(text=point.text.strip(), source=say("asked.and").join([*quote, *sources])))
    instead = answer.say.strip()
    if instead and (len(instead) > LONGEST or not on_card(instead, call.exercise.case, call.exercise.operator)):
        refused.append("say")
    elif instead and parts:
        parts.append(Passage(text=say("asked.say", say=instead)))
    return Advice(covered=True, parts=tuple(parts), refused=tuple(refused))


def _sources(point: Point, call: Call, grade: Grade, language: str) -> list[str]:
    """What the point rests on, as people call it; what doesn't exist is left out."""
    say, exercise = report_wording().bound(language), call.exercise
    numbers = [str(number) for number in sorted(set(point.lines)) if 1 <= number <= len(call.turns)]
    found = [say("asked.lines", n=say("score.and").join(numbers))] if numbers else []
    graded = {(item.rubric, verdict.check) for item in grade.rubrics for verdict in item.verdicts}
    checks = {
        f"{rubric.id}.{check.id}": f"{rubric.name.say(language)}: {check.ask.say(language)}"
        if language == "en"
        else f"{rubric.name.zh}「{check.ask.zh}」"
        for rubric in exercise.rubrics
        for check in rubric.checks
        if (rubric.id, check.id) in graded
    }
    found += [checks[name] for name in dict.fromkeys(point.checks) if name in checks]
    rules = {
        rule.id: rule.topic.say(language)
        for rule in exercise.operator.rules
        if rule.id in exercise.case.knowledge.rules
    }
    rules["card"] = say("asked.card")
    return found + [rules[name] for name in dict.fromkeys(point.rules) if name in rules]


def _fault(point: Point, sources: Sequence[str], call: Call, grade: Grade) -> str:
    """Why this point can't be shown; empty when it can."""
    cited = [call.turns[number - 1].text for number in point.lines if 1 <= number <= len(call.turns)]
    everything = "\n".join(turn.text for turn in call.turns) + card_text(call.exercise.case, call.exercise.operator)
    everything += "".join(check.ask.zh + check.ask.en for rubric in call.exercise.rubrics for check in rubric.checks)
    quote = point.quote.strip()
    if not sources:
        return "no_source"
    if quote and not any(find_in(quote, text) for text in cited):
        return "quote"
    if any(not find_in(words, everything) for words in _named("quoted_words", point.text)):
        return "invented_quote"
    if any(not 1 <= int(number) <= len(call.turns) for number in _named("line_named", point.text)):
        return "line"
    if any(int(number) not in _scores(call, grade) for number in _named("points_named", point.text)):
        return "score"
    known = amounts(card_text(call.exercise.case, call.exercise.operator)) | amounts("。".join(cited))
    return "figure" if amounts(point.text) - known else ""


def _named(what: str, text: str) -> list[str]:
    """What the text names of this kind, in either language's way."""
    patterns = report_wording().languages(f"asked.{what}").values()
    return [found for pattern in patterns for found in re.findall(pattern, text, re.IGNORECASE)]


def _scores(call: Call, grade: Grade) -> set[int]:
    """Every number of points that the report shows."""
    found = {score for score in (grade.score, *(item.score for item in grade.rubrics)) if score is not None}
    found |= {edge for item in grade.rubrics if item.band for edge in item.band}
    found |= {hit.cap for hit in grade.gates} | {item.penalties for item in grade.rubrics}
    for rubric in call.exercise.rubrics:
        found |= {
            rubric.pass_mark,
            *(check.penalty for check in rubric.checks),
            *(check.weight for check in rubric.checks),
        }
    return found
