"""Splits a turn into clauses and sentences, keeping their places, so that every quote is verbatim."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_BREAK = re.compile(
    r"[。！？!?；;…，,~～\n]+|(?<=[一-鿿])\.+(?![0-9A-Za-z])|(?<![0-9A-Za-z\s])\s+(?![0-9A-Za-z])|(?<=[0-9A-Za-z])\s+(?=[一-鿿])|(?<=[一-鿿])\s+(?=[0-9A-Za-z])"
)
_MARKS = re.compile(r"[。！？!?；;…，,~～]+")
_SPACED = re.compile(r"[\s.]")
_FULL = re.compile(r"[。！？!?；;…~～\n.]")
_LONG = 34
_HINGE = re.compile(
    r"(?<=.{8})(?:然后|那个|就是说|呃|所以|但是|不过|因为|如果|另外|您看|我给您|我帮您|我先|麻烦您|请您|请问|谢谢|祝您|再见|还有)"
)
_NUMERALS = str.maketrans("零一二两三四五六七八九十百千幺〇0123456789", "0" * 26)
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class Clause(NamedTuple):
    """`text[start:end]` of a turn; `sentence` counts sentences from 0; `question` when the mark after it says so."""

    start: int
    end: int
    text: str
    sentence: int
    question: bool


@lru_cache(maxsize=2048)
def split(text: str) -> tuple[Clause, ...]:
    """The clauses of a turn, in order. Spaces split too (speech recognition writes them for pauses), but not beside Latin words inside a
    clause. Kept: several readers ask about the same turn."""
    clauses: list[Clause] = []
    sentence, at = 0, 0
    # most turns hold neither spaces nor full stops of Latin script, whose surroundings decide
    marks = _BREAK if _SPACED.search(text) else _MARKS
    for mark in [*marks.finditer(text), None]:
        end = mark.start() if mark else len(text)
        sign = mark.group() if mark else ""
        for start, stop in _pieces(text, at, end):
            clauses.append(
                Clause(start, stop, text[start:stop], sentence, stop == end and ("？" in sign or "?" in sign))
            )
        if _FULL.search(sign) and clauses:
            sentence = clauses[-1].sentence + 1
        at = mark.end() if mark else end
    return tuple(clauses)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A stretch without punctuation; an over-long one (unpunctuated speech) is cut before words that open a new thought."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return []
    if end - start <= _LONG:
        return [(start, end)]
    cuts = [start]
    for hinge in _HINGE.finditer(text, start, end):
        if hinge.start() - cuts[-1] >= 8 and end - hinge.start() >= 5:
            cuts.append(hinge.start())
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def normalise(text: str) -> str:
    """Full-width to half-width, lower case, every digit and numeral to 0: 三十 and 50 look alike to the n-grams."""
    return text.translate(_WIDTH).lower().translate(_NUMERALS)
