"""What is wrong with a principle that is well-formed: it can't be decided on one line, it says two things, it is there already.

The same findings are told by `coach check`, on the page before a principle is accepted, and to the model that drafted it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from coach.content.alike import alike
from coach.content.case import Case
from coach.content.document import Document
from coach.content.mistakes import Mistake, Said, show
from coach.content.persona import Persona
from coach.content.principle import Principle

MOST = 12
"""Active principles of one persona: with more, the voice forgets some and the check becomes slow."""
ALIKE = 0.6
"""Share of letter pairs from which two rules say the same."""

_VAGUE = re.compile(
    r"自然|真实|真人|像个人|生动|逼真|到位|合适|恰当|得体|适当|合理|更好|有感染力|有代入感|人性化|接地气|情绪饱满|情绪化|符合人设|符合角色|符合性格|有个性|口语化|难缠一点|更(?:凶|狠|难缠|生气|强硬|激动)"
)
_SPELT_OUT = re.compile(r"[：“「]|即|也就是|比如|例如")
_TWO = re.compile(r"并且|而且|以及|同时(?!间)|另外|此外|[；;]|、?或者|，(?:也|还)(?:不|要|得|别)")
_MORE_THAN_A_LINE = re.compile(
    r"整通|全程|整个通话|逐渐|逐步|慢慢|越来越|一开始|前后|始终|一直|自始至终|第[一二三四五六七八九十\d]+(?:轮|句|次)|每隔|轮流|之后才|多次"
)
_PLACEHOLDER = re.compile(r"\{[a-z]+\}")
_ENDS = re.compile(r"[。！？!?](?=.)")


class Finding(NamedTuple):
    """One thing about a principle. An error keeps it from being used; a warning informs."""

    field: str
    found: Said
    allowed: Said
    level: Literal["error", "warning"]


def findings(principle: Principle, others: Sequence[Principle] = (), cases: Iterable[Case] = ()) -> list[Finding]:
    """All about one principle: its words, what it shares with `others` of the persona, what it gives away of `cases`."""
    return [*_wording(principle), *_examples(principle), *_there_already(principle, others), *_facts(principle, cases)]


def lint_principles(document: Document, persona: Persona, cases: Iterable[Case]) -> list[Mistake]:
    """`findings` of a whole persona, and what only the whole shows: too many, authored lines that break one.

    `cases` are those offered with the persona."""
    wrong, cases = [], list(cases)
    for place, principle in enumerate(persona.principles):
        for item in findings(principle, persona.principles[:place], cases):
            path = ("principles", place, item.field)
            wrong.append(document.mistake(path, item.found, item.allowed, level=item.level))
    active = sum(principle.active for principle in persona.principles)
    if active > MOST:
        found = Said(f"{active} 条规矩都开着", f"{active} active principles")
        allowed = Said(f"最多 {MOST} 条，旧的关掉（active: false）", f"at most {MOST}; switch old ones off")
        wrong.append(document.mistake(("principles",), found, allowed, level="warning"))
    return wrong + list(_own_lines(document, persona))


def _wording(principle: Principle) -> Iterator[Finding]:
    text = principle.text
    if _ENDS.search(text):
        found = Said(f"{show(text).zh}，不止一句", f"{show(text).en}, more than one sentence")
        yield Finding("text", found, Said("一句话，说一件事", "one sentence about one thing"), "error")
    vague = _VAGUE.search(text)
    if vague and not _SPELT_OUT.search(text, vague.end()):
        found = Said(f"「{vague.group()}」，没有说明怎样才算", f"{vague.group()!r}, without what counts as such")
        allowed = Said("一句话里听得出的事：说没说哪样的话", "what can be heard in one line")
        yield Finding("text", found, allowed, "warning")
    two = _TWO.search(text)
    if two:
        found = Said(f"一条里说了两件事（{two.group().strip('，、')}）", f"two rules in one ({two.group()})")
        yield Finding("text", found, Said("一条一件事；另一件另写一条", "one rule each"), "warning")
    more = _MORE_THAN_A_LINE.search(text)
    if more:
        found = Said(f"「{more.group()}」，光看一句话判断不了", f"{more.group()!r}, which one line can't show")
        allowed = Said("只看这一句和对方上一句就能答的事", "what this line and the one before it decide")
        yield Finding("text", found, allowed, "warning")


def _examples(principle: Principle) -> Iterator[Finding]:
    if principle.good and principle.good == principle.bad:
        found = Said("和 good 一样的一句", "the same line as good")
        yield Finding("bad", found, Said("没守住这一条的一句", "a line that breaks it"), "error")
    if not principle.by_code:
        return
    wrong = principle.broken_by(principle.good)
    if wrong:
        found = Said(
            f"{show(principle.good).zh}，自己就没守住（{wrong}）", f"{show(principle.good).en} breaks it itself"
        )
        yield Finding("good", found, Said("守住了这一条的一句", "a line that keeps it"), "error")
    if principle.bad and not principle.broken_by(principle.bad):
        found = Said(
            f"{show(principle.bad).zh}，没有不许出现的词，也不算长",
            f"{show(principle.bad).en} has none of the forbidden words and is not too long",
        )
        yield Finding("bad", found, Said("没守住这一条的一句，或者空着", "a line that breaks it, or nothing"), "error")


def _there_already(principle: Principle, others: Sequence[Principle]) -> Iterator[Finding]:
    for other in others:
        if other.id != principle.id and alike(other.text, principle.text) >= ALIKE:
            found = Said(
                f"和「{other.text}」（{other.id}）说的是一回事", f"much the same as {other.text!r} ({other.id})"
            )
            allowed = Said("一件事一条；改那一条，或去掉一条", "one thing, one rule: change that one or drop one")
            yield Finding("text", found, allowed, "warning")
            return


def _facts(principle: Principle, cases: Iterable[Case]) -> Iterator[Finding]:
    """A persona meets many cases: what belongs to one of them would be told in all."""
    for case in cases:
        for field in ("text", "good", "bad"):
            words = getattr(principle, field)
            told = next((word for fact in case.facts for word in fact.telltale if word in words), "")
            if told:
                found = Said(f"「{told}」，那是案例 {case.id} 里的事", f"{told!r}, which belongs to the case {case.id}")
                allowed = Said("只写怎么说话，不写业务和经过", "how they speak, nothing of the matter")
                yield Finding(field, found, allowed, "error" if field == "text" else "warning")


def _own_lines(document: Document, persona: Persona) -> Iterator[Mistake]:
    """Authored lines are spoken as they are, so those that code can find fault with are told here."""
    lines: list[tuple[tuple[str | int, ...], str]] = []
    for act, some in persona.lines.items():
        lines += [(("lines", act.value, at), line) for at, line in enumerate(some)]
    for place, tactic in enumerate(persona.tactics):
        lines += [(("tactics", place, "lines", at), line) for at, line in enumerate(tactic.lines)]
    for principle in persona.principles:
        if not (principle.active and principle.by_code and principle.when == "always"):
            continue
        for path, line in lines:
            wrong = principle.broken_by(_PLACEHOLDER.sub("", line))
            if not wrong:
                continue
            found = Said(
                f"{show(line).zh}，没守住规矩「{principle.text}」", f"{show(line).en}, which breaks {principle.id}"
            )
            word = wrong in principle.never
            allowed = (
                Said(f"不用「{wrong}」的一句", f"a line without {wrong!r}")
                if word
                else Said("短一些的一句", "a shorter line")
            )
            yield document.mistake(path, found, allowed, level="warning")
