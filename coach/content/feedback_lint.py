"""Sentences that feedback and hints put into a trainee's mouth: sayable in one breath, and without an amount, date or share that the
card doesn't have.

Lengths are checked here and not in the types: a stored call holds the content of its time and must stay readable.
"""

from __future__ import annotations

from collections.abc import Iterator

from coach.content.amounts import found
from coach.content.card import LONGEST, off_card
from coach.content.case import Case
from coach.content.document import Document
from coach.content.mistakes import Mistake, Said
from coach.content.operator import Operator
from coach.content.rubric import Rubric

Sayings = Iterator[tuple[tuple[str | int, ...], str]]
"""Sentences with the path that leads to them."""


def right_sentences(case: Case) -> Sayings:
    """Everything the case itself tells a trainee to say."""
    for place, fact in enumerate(case.facts):
        yield ("facts", place, "ask"), fact.ask
    for place, concern in enumerate(case.concerns):
        yield ("concerns", place, "answer"), concern.answer
    for place, resolution in enumerate(case.resolutions):
        yield ("resolutions", place, "say"), resolution.say
    coaching = case.coaching
    yield from ((("coaching", "empathise", index), text) for index, text in enumerate(coaching.empathise))
    for name in ("restate", "explain", "narrate", "reframe", "close"):
        yield ("coaching", name), getattr(coaching, name)


def lint_sentences(document: Document, case: Case, operator: Operator | None) -> list[Mistake]:
    """What the case tells a trainee to say, and why its trap is forbidden: the report shows both. `operator` may be missing."""
    wrong: list[Mistake] = []
    for path, sentence in [*right_sentences(case), (("trap", "why"), case.trap.why.zh)]:
        wrong += _too_long(document, path, sentence)
        for words in off_card(sentence, case, operator) if operator is not None else ():
            said = Said(
                f"「{words}」，知识卡和它的规定里没有",
                f"{words!r}, which is neither on the knowledge card nor in its rules",
            )
            allowed = Said(
                "知识卡上有的数字；规定加进 knowledge.rules，查到的记录写进 knowledge.record",
                "figures of the card; rules go into knowledge.rules, what was looked up into knowledge.record",
            )
            wrong.append(document.mistake(path, said, allowed))
    return wrong


def lint_say_instead(document: Document, rubric: Rubric) -> Iterator[Mistake]:
    """A rubric judges many cases: a figure in its sentence would be wrong in most of them."""
    for place, criterion in enumerate(rubric.criteria):
        for index, check in enumerate(criterion.checks):
            path = ("criteria", place, "checks", index, "say_instead")
            yield from _too_long(document, path, check.say_instead)
            for _, words in found(check.say_instead):
                said = Said(
                    f"「{words}」，评分表的话哪个案例都会用到", f"{words!r}, in a sentence that serves every case"
                )
                allowed = Said("不带金额、日期、比例的话", "a sentence without amounts, dates or shares")
                yield document.mistake(path, said, allowed)


def _too_long(document: Document, path: tuple[str | int, ...], sentence: str) -> Iterator[Mistake]:
    if len(sentence) > LONGEST:
        said = Said(
            f"{len(sentence)} 个字的话「{sentence[:12]}……」", f"{len(sentence)} characters ({sentence[:12]!r}...)"
        )
        allowed = Said(f"最多 {LONGEST} 个字，一口气说得完", f"at most {LONGEST} characters: one breath")
        yield document.mistake(path, said, allowed)
