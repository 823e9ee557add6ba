"""Ask the coach, without a model: answers about one call from its own lines, the verdicts, the rubric's texts and the case's sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coach.content.moves import Vocabulary
from coach.content.rubric import Check, Rubric
from coach.customer.moment import best_move
from coach.records.call import Call, Record, Speaker
from coach.records.grade import Grade, Verdict
from coach.reports.rubric_blocks import tone_of
from coach.reports.wording import Say, report_wording

MOST_CHECKS = 4
CLOSE = 2
"""Neighbouring letters that a question must share with a text to be about it."""


class Passage(Record):
    """A paragraph of an answer. `source`: what it rests on, where that isn't in its words."""

    text: str
    source: str = ""


class Answer(Record):
    """`parts`: in the order to read them."""

    parts: tuple[Passage, ...]
    found: bool
    """Whether anything in the material was about the question."""
    by: str = ""
    """The model that answered; empty: the texts themselves."""
    note: str = ""
    """Why it was not the model, where there is one."""


def answer(question: str, call: Call, grade: Grade, vocabulary: Vocabulary, language: str) -> Answer:
    """The answer to a question about this call. What nothing here is about is said to be so."""
    say = report_wording().bound(language)
    patterns = report_wording().languages("asked.pattern").values()
    asked = next((found for pattern in patterns if (found := re.search(pattern, question, re.IGNORECASE))), None)
    if asked:
        number = int(asked[1])
        if 1 <= number <= len(call.turns):
            return _answer(_about_line(number, call, grade, say, language))
        return _answer([say("asked.no_line", n=len(call.turns))], found=False)
    rubric = _named(question, call.exercise.rubrics, language)
    if rubric is not None:
        return _answer(_about_rubric(rubric, grade, say, language))
    parts = tuple(_about_checks(question, call, grade, say, language))
    return _answer(parts or [say("asked.nothing")], found=bool(parts))


def _answer(texts: Iterable[str], found: bool = True) -> Answer:
    return Answer(parts=tuple(Passage(text=text) for text in texts), found=found)


def _about_line(number: int, call: Call, grade: Grade, say: Say, language: str) -> Iterator[str]:
    turn = call.turns[number - 1]
    yield say("asked.line", n=number, text=turn.text)
    if turn.speaker is not Speaker.TRAINEE:
        yield say("asked.customers")
        return
    before, after = call.turns[number - 2].step, call.turns[number].step if number < len(call.turns) else None
    if before is not None and after is not None:
        yield say(
            "asked.state",
            before=before.state.heat,
            after=after.state.heat,
            trust0=before.state.trust,
            trust=after.state.trust,
        )
    quoted = [
        f"{check.ask.say(language)} {_answered(check, verdict, say)}"
        for check, verdict in _verdicts(call, grade)
        if any(item.turn == number - 1 for item in verdict.evidence) and tone_of(check, verdict) in ("good", "bad")
    ]
    yield from quoted[:MOST_CHECKS] or [say("asked.not_quoted")]
    item = next((item for item in grade.feedback if item.turn == number - 1 and item.say), None)
    if item is not None:
        yield say("asked.say", say=item.say)
    elif before is not None and before.state.outcome is None:
        said = "\n".join(turn.text for turn in call.turns if turn.speaker is Speaker.TRAINEE)
        yield say("asked.moment", say=best_move(before.state, call.exercise, said).say)


def _about_rubric(rubric: Rubric, grade: Grade, say: Say, language: str) -> Iterator[str]:
    graded = next((item for item in grade.rubrics if item.rubric == rubric.id), None)
    if graded is None or graded.score is None:
        yield say("asked.no_score", name=rubric.name.say(language))
        return
    yield say("asked.score", name=rubric.name.say(language), score=graded.score, mark=rubric.pass_mark)
    verdicts = {verdict.check: verdict for verdict in graded.verdicts}
    lost = [check for check in rubric.checks if tone_of(check, verdicts[check.id]) == "bad"]
    if not lost:
        yield say("asked.all_done")
    for check in sorted(lost, key=lambda check: -max(check.weight * 5, check.penalty))[:MOST_CHECKS]:
        yield _explained(check, verdicts[check.id], say, language)


def _about_checks(question: str, call: Call, grade: Grade, say: Say, language: str) -> Iterator[str]:
    wanted = _pairs(question)
    ranked = sorted(
        (
            (len(wanted & _pairs(f"{check.ask.say(language)}{check.yes_when.say(language)}")), check, verdict)
            for check, verdict in _verdicts(call, grade)
        ),
        key=lambda item: -item[0],
    )
    for shared, check, verdict in ranked[:2]:
        if shared >= CLOSE:
            yield _explained(check, verdict, say, language)


def _explained(check: Check, verdict: Verdict, say: Say, language: str) -> str:
    quotes = "".join(say("asked.quote", n=item.turn + 1, quote=item.quote) for item in verdict.evidence[:2])
    reason = verdict.reason or (check.yes_when if verdict.answer == "yes" else check.no_when).say(language)
    text = f"{check.ask.say(language)} {_answered(check, verdict, say)} {quotes}{reason}"
    if check.say_instead and tone_of(check, verdict) == "bad":
        text += " " + say("asked.say", say=check.say_instead)
    return text


def _answered(check: Check, verdict: Verdict, say: Say) -> str:
    known = verdict.answer in ("yes", "no")
    answer = say(f"answer.{check.kind}_{verdict.answer}" if known else f"answer.{verdict.answer}")
    return "—— " + answer + say("asked.stop")


def _verdicts(call: Call, grade: Grade) -> Iterator[tuple[Check, Verdict]]:
    checks = {(rubric.id, check.id): check for rubric in call.exercise.rubrics for check in rubric.checks}
    for graded in grade.rubrics:
        for verdict in graded.verdicts:
            if (graded.rubric, verdict.check) in checks:
                yield checks[graded.rubric, verdict.check], verdict


def _named(question: str, rubrics: tuple[Rubric, ...], language: str) -> Rubric | None:
    """The rubric whose name shares the most with the question."""
    scored = [rubric for rubric in rubrics if rubric.kind == "score"]
    shared = [(len(_pairs(question) & _pairs(rubric.name.say(language))), rubric) for rubric in scored]
    best = max(shared, key=lambda item: item[0], default=None)
    return best[1] if best and best[0] >= 1 else None


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring letters; in English, whole words."""
    words = re.findall(r"[a-z]{4,}", text.lower())
    letters = re.sub(r"[^\u4e00-\u9fff]", " ", text)
    return frozenset(words) | {letters[i : i + 2] for i in range(len(letters) - 1) if " " not in letters[i : i + 2]}
