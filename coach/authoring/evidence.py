"""Holds what a model drafted against its source: claims without their words there are withdrawn, house facts are taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from coach.authoring.documents import Paragraph, Source
from coach.content.amounts import found as amounts_in
from coach.content.mistakes import Said
from coach.content.operator import Operator
from coach.content.references import BLANK
from coach.grading.evidence import find_in

_OPERATORS = re.compile(r"中国(移动|联通|电信|广电)(公司|集团|通信)?|(移动|联通|电信)(公司|集团|客服)")
_HOUSE_UNITS = {"元", "%", "倍", "GB", "MB", "工作日"}
_NUMBERS = re.compile(r"(?<![\d.])(?:\d[\d-]{4,}\d|1\d{4})(?![\d.])")
_MASKED = re.compile(r"‹([^‹›\d]+)\d*›")
_ROW = re.compile(r"[A-I]\d{1,2}")


@dataclass
class Checking:
    """One draft being checked: the source, and what had to be withdrawn or left blank."""

    source: Source
    operator: Operator
    role: str = ""
    """Only turns of this speaker prove anything; empty for documents."""
    withdrawn: list[Said] = field(default_factory=list)
    blanks: set[str] = field(default_factory=set)
    proved: int = 0

    def proof(self, paragraphs: Iterable[int], quote: str, *, any_role: bool = False) -> list[str]:
        """Comment lines that cite the source; empty when the words stand in no paragraph, whatever numbers were given."""
        named = list(dict.fromkeys(paragraphs))
        order = sorted(self.source.paragraphs, key=lambda one: (one.number not in named, one.number))
        for one in order:
            if self.role and not any_role and one.role != self.role:
                continue
            words = find_in(quote, one.text)
            if words:
                self.proved += 1
                return [f"依据 {cite(one)}：「{words}」"]
        return []

    def claim(
        self, item: Any, what: str, *, staff: bool = False, any_role: bool = False
    ) -> tuple[str | None, list[str]]:
        """The text of a claim with its comment; (None, ...) when it was withdrawn."""
        text = str(getattr(item, "text", "") or getattr(item, "what", "") or getattr(item, "ask", "")).strip()
        if not text:
            return None, []
        proof = self.proof(item.paragraphs, item.quote, any_role=any_role)
        if not proof:
            text = self.words(text, staff=True)
            self.withdrawn.append(
                Said(
                    f"{what}「{cut(text)}」：引用的话在材料里找不到，撤下了",
                    f"{what} {cut(text)!r}: its quote is not in the source; withdrawn",
                )
            )
            return None, [f"待填：模型写过「{cut(text)}」，材料里找不到依据，撤下了"]
        return self.words(text, staff=staff), proof

    def words(self, text: str, *, staff: bool = False) -> str:
        """A text without house facts: sums, shares, volumes, numbers of channels; with `staff` also time limits and dates."""
        plain = _OPERATORS.sub(self.operator.name.zh, " ".join(text.split()))
        for (unit, _), words in amounts_in(plain):
            if staff or unit in _HOUSE_UNITS:
                plain = plain.replace(words, self._blank("时限或数字" if unit not in _HOUSE_UNITS else "数字"), 1)
        plain = _NUMBERS.sub(lambda _: self._blank("号码"), plain)
        return _MASKED.sub(lambda match: self._blank(match[1]), plain)

    def lines(self, texts: Iterable[str], most: int = 120) -> list[str]:
        """Spoken lines: without placeholders of a persona's, within what a line may be."""
        clean = [self.words(text).replace("{", "").replace("}", "") for text in texts]
        return [text for text in dict.fromkeys(clean) if text and len(text) <= most]

    def rows(self, rows: Iterable[str]) -> list[str] | None:
        found = [row for row in dict.fromkeys(rows) if _ROW.fullmatch(row)]
        return found[:8] or None

    def _blank(self, what: str) -> str:
        self.blanks.add(what)
        return f"{BLANK}：{what}〕"


def cite(paragraph: Paragraph) -> str:
    unit = "轮" if paragraph.role else "段"
    return f"第{paragraph.number}{unit}{f'（{paragraph.place}）' if paragraph.place else ''}"


def cut(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[:most] + "……"


def slug(wanted: str, taken: set[str], fallback: str) -> str:
    """An id for an item of a list, unlike those before it."""
    base = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:40].strip("_")
    if len(base) < 2 or not base[0].isalpha():
        base = fallback
    name = next(name for n in range(1, 1000) if (name := base if n == 1 else f"{base}_{n}") not in taken)
    taken.add(name)
    return name
