"""What is well-formed in a rubric and would still let two trainers answer differently, or count one thing twice.

All of it is said as warnings: a rubric with one of these can be used, and its grades are worth less. Only what feedback must not
say is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coach.content.alike import alike
from coach.content.document import Document
from coach.content.feedback_lint import lint_say_instead
from coach.content.mistakes import Mistake, Said
from coach.content.rubric import Check, Rubric

Path = tuple[str | int, ...]

_VAGUE = re.compile(
    r"专业|得体|恰当|(?<!不)合适(?!吗|的话)|适当|(?<!不)妥当|良好|热情|礼貌|真诚|诚恳|耐心|友好|积极|充分|有效|清晰|流畅|到位|及时|亲切|自然|充足|周到|优质|规范(?!升级|用语)|足够|态度好|不错|很好"
)
"""Adjectives that two people fill with two meanings."""
_SPELT_OUT = re.compile(r"[：“「]|即|也就是|比如|算")
"""What follows such a sign says what is meant."""
_TWO = re.compile(
    r"[，、]?(并且|而且|以及|同时还|并(?=有|说|给|问)|，同时|，还(?=有没有|有|说|给|问)|，也(?=有没有|给|问))"
)
_NEVER_NA = re.compile(r"每通|都看|没有不适用")
_EMPTY_NA = re.compile(r"^(无|没有|不适用|暂无|略|-+)[。.]?$")
ALIKE = 0.7
"""Share of letter pairs from which two questions ask the same."""
LOPSIDED = 0.6
"""Share of a rubric's weight above which one criterion decides alone."""


def lint_rubric(document: Document, rubric: Rubric) -> list[Mistake]:
    """The questions, the not-applicable rules and the weights of one rubric."""
    wrong = []
    for path, check in _checks(rubric):
        wrong += [
            *_vague(document, path, check),
            *_two_questions(document, path, check),
            *_no_na(document, path, check),
        ]
    return [*wrong, *_weights(document, rubric), *lint_say_instead(document, rubric)]


def lint_overlaps(rubrics: Sequence[tuple[Document, Rubric]], only: Document | None = None) -> list[Mistake]:
    """Checks that decide the same, within a rubric or between rubrics of one kind: they would count one thing twice.

    Said at the later of the two. `only`: of this document's checks alone (it must be the last).
    """
    every = [(document, rubric, path, check) for document, rubric in rubrics for path, check in _checks(rubric)]
    wrong = []
    for place, (document, rubric, path, check) in enumerate(every):
        if only is not None and document is not only:
            continue
        for _, other_rubric, _, other in every[:place]:
            same = rubric.kind == other_rubric.kind and check.kind == other.kind
            if same and (_decides(check) == _decides(other) or alike(check.ask.zh, other.ask.zh) >= ALIKE):
                name = f"{other_rubric.id}.{other.id}"
                found = Said(f"和 {name} 查的是同一件事", f"a check of the same thing as {name}")
                allowed = Said(
                    "一件事只在一处记分；改问法和 rule，或删掉一处",
                    "one thing, one check: change ask and rule, or drop one",
                )
                wrong.append(document.mistake((*path, "ask"), found, allowed, level="warning"))
                break
    return wrong


def _checks(rubric: Rubric) -> Iterator[tuple[Path, Check]]:
    for place, criterion in enumerate(rubric.criteria):
        for index, check in enumerate(criterion.checks):
            yield ("criteria", place, "checks", index), check


def _vague(document: Document, path: Path, check: Check) -> Iterator[Mistake]:
    """A vague word counts as defined when the same text spells it out; one in the question also when yes_when does without it."""
    for name in ("yes_when", "no_when", "ask"):
        text = getattr(check, name).zh
        word = _VAGUE.search(text)
        if word is None or _SPELT_OUT.search(text, word.end()):
            continue
        if name == "ask" and not _VAGUE.search(check.yes_when.zh):
            continue
        found = Said(f"「{word.group()}」，没有说明怎样才算", f"{word.group()!r}, without what counts as such")
        allowed = Said(
            "听得出、数得出的事：哪句话、哪一轮、几次",
            "what can be heard and counted: which words, which turn, how often",
        )
        yield document.mistake((*path, name), found, allowed, level="warning")


def _two_questions(document: Document, path: Path, check: Check) -> Iterator[Mistake]:
    ask = check.ask.zh
    joined = _TWO.search(ask)
    if ask.count("？") + ask.count("?") > 1 or joined:
        words = joined.group().strip("，、") if joined else "？…？"
        found = Said(f"一个检查点问了两件事（{words}）", f"two questions in one check ({words})")
        allowed = Said(
            "一个检查点一个问题；另一件事另写一个检查点", "one question a check; a check of its own for the other"
        )
        yield document.mistake((*path, "ask"), found, allowed, level="warning")


def _no_na(document: Document, path: Path, check: Check) -> Iterator[Mistake]:
    """When the check says nothing about a call must be said, and be the same for the judge and for code."""
    text, rule = check.na_when.zh, check.rule
    field = (*path, "na_when")
    if _EMPTY_NA.match(text):
        found = Said(f"「{text}」，没说什么时候不适用", f"{text!r}, which doesn't say when it is not applicable")
        allowed = Said("一种情形，或“每通电话都看”", "a situation, or that every call is looked at")
        yield document.mistake(field, found, allowed, level="warning")
        return
    applies = check.applies
    code_can = (
        applies.to != "always"
        or bool(applies.moves or applies.min_turns)
        or rule.order is not None
        or rule.reply is not None
        or check.decided_by == "judge"
    )
    never = bool(_NEVER_NA.search(text))
    if not code_can and not never:
        found = Said("写了不适用的情形，applies 却对每通电话都判", "a not-applicable rule that applies never follows")
        allowed = Said(
            "在 applies 里写同样的条件，或者写“每通电话都看”",
            "the same condition in applies, or that every call is looked at",
        )
        yield document.mistake(field, found, allowed, level="warning")
    if never and (applies.to != "always" or applies.moves):
        found = Said("写着每通电话都看，applies 却带条件", "every call is looked at, though applies has a condition")
        allowed = Said("把 applies 的条件写成一句话", "the condition of applies in words")
        yield document.mistake(field, found, allowed, level="warning")


def _weights(document: Document, rubric: Rubric) -> Iterator[Mistake]:
    """Weights and penalties must be able to do what they are there for."""
    merits = [check for check in rubric.checks if check.kind == "merit"]
    if rubric.kind != "score" or len(merits) < 4:
        return
    whole = sum(check.weight for check in merits)
    for place, criterion in enumerate(rubric.criteria):
        share = sum(check.weight for check in criterion.checks if check.kind == "merit") / whole
        if share > LOPSIDED:
            found = Said(f"这一项占了 {share:.0%} 的分", f"{share:.0%} of the weight in one criterion")
            yield document.mistake(
                ("criteria", place, "checks"), found, Said("不超过六成", "at most six tenths"), level="warning"
            )
    for path, check in _checks(rubric):
        if check.kind == "merit" and 100 * check.weight >= rubric.pass_mark * whole:
            found = Said("做到这一条就过及格线", "this one check reaches the pass mark")
            allowed = Said(
                f"权重低于总和 {whole} 的 {rubric.pass_mark}%", f"less than {rubric.pass_mark} % of the sum {whole}"
            )
            yield document.mistake((*path, "weight"), found, allowed, level="warning")
    faults = [check for check in rubric.checks if check.kind == "violation"]
    penalties = sum(check.penalty for check in faults)
    if faults and not any(check.gate for check in faults) and penalties < 100 - rubric.pass_mark:
        found = Said(
            f"违规全犯也只扣 {penalties} 分，照样能及格", f"all violations together cost {penalties}: still a pass"
        )
        allowed = Said(f"合起来至少 {100 - rubric.pass_mark} 分", f"at least {100 - rubric.pass_mark} together")
        yield document.mistake(("criteria",), found, allowed, level="warning")


def _decides(check: Check) -> str:
    """What code decides by, so that equal checks are equal."""
    return check.rule.model_dump_json() + check.applies.model_dump_json()
