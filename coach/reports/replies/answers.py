"""Ask the coach, without a model: answers about one call from its own lines, the verdicts, the rubrics' texts, card and case.

What the question is about is found by its words; each topic has its answer. What nothing here is about is said to be so, with what can
be asked.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.content.moves import Vocabulary
from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.replies import about_lines, about_matter, about_score
from coach.reports.replies.asked import Asked, Passages
from coach.reports.replies.material import about
from coach.reports.replies.passages import Answer, Passage
from coach.reports.replies.topics import topics

_REPLIES: dict[str, Callable[[Asked], Passages | None]] = {
    "unfair": about_matter.unfair,
    "promise": about_matter.promise,
    "gates": about_score.red_lines,
    "target": about_score.target,
    "passing": about_score.passing,
    "how": about_matter.how,
    "opening": about_lines.opening,
    "closing": about_lines.closing,
    "worst": about_lines.worst,
    "best": about_lines.best,
    "anger": about_lines.anger,
    "outcome": about_lines.outcome,
    "term": about_matter.term,
    "wish": about_matter.wish,
    "persona": about_matter.persona,
    "talk": about_matter.talk,
    "score": about_score.score,
    "next": about_matter.next_time,
}
_BROAD = frozenset({"worst", "best", "score", "passing"})
"""Topics that a rubric named in the question narrows down to that rubric."""


def answer(question: str, call: Call, grade: Grade, vocabulary: Vocabulary, language: str) -> Answer:
    """The answer to a question about this call."""
    asked = Asked(question, call, grade, vocabulary, language)
    found = about_lines.numbered_line(asked)
    if found is not None:
        parts = tuple(found)
        return Answer(parts=parts, found=len(parts) > 1)
    parts = _by_topic(asked) or tuple(about(asked))
    return Answer(parts=parts, found=True) if parts else Answer(parts=nothing(asked), found=False)


def nothing(asked: Asked) -> tuple[Passage, ...]:
    """That nothing here answers it, and what can be asked."""
    n = asked.own[0].index + 1 if asked.own else 1
    return Passage(text=asked.say("nothing.plain")), Passage(text=asked.say("nothing.ask", n=n))


def _by_topic(asked: Asked) -> tuple[Passage, ...]:
    rubric = about_score.rubric_named(asked)
    found_topics = list(topics(asked.question))
    if rubric is not None and _BROAD.intersection(found_topics) and "unfair" not in found_topics:
        return tuple(about_score.of_rubric(asked, rubric))
    for topic in found_topics:
        found = tuple(_REPLIES[topic](asked) or ())
        if found:
            return found
    return tuple(about_score.of_rubric(asked, rubric)) if rubric is not None else ()
