"""What can be played and would teach little: said as reminders, which keep nobody from saving.

Where trainers of other systems get stuck: one opening that is learnt by heart, facts that come unasked, an answer that tempts nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from coach.content.case import Case
from coach.content.document import Document
from coach.content.mistakes import Mistake, Said
from coach.content.persona import Persona

IMPATIENT = 25
"""Patience at the start below which a call is over after two or three turns."""
_GIVES = re.compile(
    r"保证|担保|包您|一定|肯定|绝对|放心|免|送|退|补|赔|打折|特批|破例|例外|私下|直接|不用|现在就|马上|给您|帮您|替您|陪您|答应|依您|听您"
)
"""Words of a promise or a gift."""


def lint_teaching(document: Document, item: Persona | Case) -> Iterator[Mistake]:
    """Reminders about one persona or case."""
    return _persona(document, item) if isinstance(item, Persona) else _case(document, item)


def _case(document: Document, case: Case) -> Iterator[Mistake]:
    if len(case.openings) == 1:
        yield _remind(
            document,
            ("openings",),
            Said("只有一种第一句话，学员打两遍就背下来了", "one first line, which is soon known by heart"),
            Said("两种以上", "two or more"),
        )
    releases = [fact.release for fact in case.facts]
    if all(release.when == "volunteered" for release in releases):
        yield _remind(
            document,
            ("facts",),
            Said("每件事客户都会自己说，学员不用提问", "facts that all come unasked: no question is needed"),
            Said("至少一件 release.when 写 asked 或 asked_openly", "asked or asked_openly for one of them at least"),
        )
    elif not any(release.when == "asked_openly" for release in releases):
        yield _remind(
            document,
            ("facts",),
            Said("没有一件事要用开放式提问，一问一答就问完了", "no fact that needs an open question"),
            Said("至少一件 release.when 写 asked_openly", "asked_openly for one of them at least"),
        )
    layers = {fact.layer for fact in case.facts}
    if len(layers) == 1:
        only = layers.pop()
        yield _remind(
            document,
            ("facts",),
            Said(f"每件事都在同一层（{only}），练不到四层提问", f"all facts on one layer ({only})"),
            Said("info、problem、impact、solution 里至少两层", "two or more of info, problem, impact, solution"),
        )
    if not _GIVES.search(case.trap.say):
        yield _remind(
            document,
            ("trap", "say"),
            Said("陷阱没有给客户什么好处，学员不会动心", "a trap that gives the customer nothing: it tempts nobody"),
            Said("一句好听的许诺，如「我给您全免了」「我保证今天修好」", "a pleasant promise or gift"),
        )


def _persona(document: Document, persona: Persona) -> Iterator[Mistake]:
    temper = persona.temper
    if persona.category == "complaint" and temper.heat < temper.lands_below:
        yield _remind(
            document,
            ("temper", "heat"),
            Said(
                f"火气 {temper.heat} 一开始就低于 lands_below {temper.lands_below}，不用先安抚就听得进办法",
                f"heat {temper.heat} is under lands_below {temper.lands_below} from the start: nothing to calm",
            ),
            Said("投诉的客户火气高于 lands_below", "more heat than lands_below for a complaint"),
        )
    if temper.patience < IMPATIENT:
        yield _remind(
            document,
            ("temper", "patience"),
            Said(
                f"耐心 {temper.patience}，两三轮就走人，来不及练", f"patience {temper.patience}: gone after a few turns"
            ),
            Said(f"{IMPATIENT} 以上", f"{IMPATIENT} or more"),
        )


def lint_unused(
    document: Document, kind: str, cases: Iterable[Document], known: Mapping[str, Iterable[str]]
) -> Iterator[Mistake]:
    """A persona that no case is offered with, a rubric that no case is judged by: no trainee meets it. On the raw data.

    Nothing is said while a case names one that doesn't exist: that is probably this one, misspelt.
    """
    if kind not in ("personas", "rubrics") or document.data.get("kind") == "red_lines":
        return
    name, used = document.data.get("id"), {one for case in cases for one in _names(case.data.get(kind))}
    if not isinstance(name, str) or not name or name in used or used - {*known[kind]}:
        return
    found = (
        Said("还没有案例用到这位客户，学员练不到", "a customer that no case is offered with: no trainee meets them")
        if kind == "personas"
        else Said("还没有案例用到这张评分表", "a rubric by which no case is judged")
    )
    hint = Said(f"在案例的 {kind} 里添上 {name}", f"add {name} to {kind} of a case")
    yield document.mistake(("id",), found, hint=hint, level="warning")


def _names(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _remind(document: Document, path: tuple[str | int, ...], found: Said, allowed: Said) -> Mistake:
    return document.mistake(path, found, allowed, level="warning")
