"""Ask the coach about one call: by the model where there is one, by the texts themselves where there is none or it fails, and it says which."""

from __future__ import annotations

from coach.content.moves import Vocabulary
from coach.errors import ModelError
from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.advice import Advisor
from coach.reports.replies.answers import answer, nothing
from coach.reports.replies.asked import Asked
from coach.reports.replies.passages import Answer, Passage
from coach.reports.wording import report_wording

MOST_CHARS = 200
"""Longest question in characters."""


async def asked(
    question: str, call: Call, grade: Grade, vocabulary: Vocabulary, language: str, advisor: Advisor | None
) -> Answer:
    """The answer to a question about this call. A model that fails costs nothing but its answer."""
    question = question.strip()[:MOST_CHARS]
    offline = answer(question, call, grade, vocabulary, language)
    if advisor is None or not question:
        return offline
    say = report_wording().bound(language)
    try:
        advice = await advisor.answer(question, call, grade, language)
    except ModelError as error:
        return offline.model_copy(update={"note": say("asked.failed", reason=error.say(language))})
    if not advice.covered:
        return Answer(parts=nothing(Asked(question, call, grade, vocabulary, language)), found=False, by=advisor.name)
    if not advice.parts:
        return offline.model_copy(update={"note": say("asked.refused")})
    left = (Passage(text=say("asked.left_out")),) if advice.refused else ()
    return Answer(parts=(*advice.parts, *left), found=True, by=advisor.name)
