"""Finds quoted words letter for letter in the trainee's own turns, or refuses them.

Width, case, punctuation, signs and spaces don't count; every other letter does. What is returned are the original words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from coach.records.grade import Evidence, Transcript

SHORTEST = 2
"""Letters (punctuation aside) below which a quote proves nothing."""


class _Letters(dict[int, str]):
    """What counts of each sign, found once a sign."""

    def __missing__(self, code: int) -> str:
        spelled = unicodedata.normalize("NFKC", chr(code)).lower()
        self[code] = "".join(letter for letter in spelled if unicodedata.category(letter)[0] not in "PZCS")
        return self[code]


_LETTERS = _Letters()
_MARKS = re.compile(r"[，。！？、；：…—～“”‘’「」（）,.!?;: \n]+")
_AS_IT_STANDS = re.compile(r"[一-鿿a-z0-9]*")


@lru_cache(maxsize=4096)
def letters_of(text: str) -> str:
    """The letters that count. Kept: several readers ask about the same sentence of a call."""
    plain = _MARKS.sub("", text)
    # what most is made of counts as it stands; only the rest is looked up sign by sign
    return plain if _AS_IT_STANDS.fullmatch(plain) else plain.translate(_LETTERS)


def normalised(text: str) -> tuple[str, list[int]]:
    """The letters that count, and for each its place in `text`."""
    places = [place for place, sign in enumerate(text) for _ in _LETTERS[ord(sign)]]
    return text.translate(_LETTERS), places


def find_in(quote: str, text: str) -> str:
    """The words of `text` that are `quote`; empty when they aren't there or are too short to prove anything."""
    wanted = letters_of(quote)
    if len(wanted) < SHORTEST:
        return ""
    start = letters_of(text).find(wanted)
    if start < 0:
        return ""
    _, places = normalised(text)
    return text[places[start] : places[start + len(wanted) - 1] + 1]


def find_quote(quote: str, transcript: Transcript, turn: int | None = None) -> Evidence | None:
    """Where the trainee said this: in the named turn, else in the nearest other trainee turn. Never in the customer's."""
    order = [index for index, line in enumerate(transcript.turns) if line.role == "agent"]
    if turn is not None:
        order.sort(key=lambda index: (abs(index - turn), index))
    for index in order:
        words = find_in(quote, transcript.turns[index].text)
        if words:
            return Evidence(turn=index, quote=words)
    return None


def found_quotes(quotes: Iterable[tuple[int | None, str]], transcript: Transcript) -> tuple[Evidence, ...]:
    """Those quotes that stand; the same words once."""
    found = (find_quote(quote, transcript, turn) for turn, quote in quotes)
    return tuple(dict.fromkeys(item for item in found if item is not None))


def overlap(one: str, other: str, text: str) -> bool:
    """Whether two quotes of the same text share letters of it. Words that aren't in it share none."""
    start, begin = text.find(one), text.find(other)
    return min(start, begin) >= 0 and start < begin + len(other) and begin < start + len(one)
