"""Passes over expressions that can't match a text, for many texts at a time.

A text is looked up once in a table of all needles (coach/understanding/needles.py), not once for each expression; many texts are
looked up together, which costs hardly more than one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.understanding.needles import Needles, grams_of, needles_of

Bits = npt.NDArray[np.uint8]
"""A line a text, a bit an expression."""


class Table:
    """Which needles, single characters and pairs, belong to which expressions."""

    def __init__(self, needles: Sequence[Needles | None]) -> None:
        known = sorted(set().union(*(one for one in needles if one is not None)))
        line_of = {needle: line for line, needle in enumerate(known)}
        owned = np.zeros((len(known), len(needles)), dtype=bool)
        for number, one in enumerate(needles):
            owned[[line_of[needle] for needle in one or ()], number] = True
        self._bits: Bits = np.packbits(owned, axis=1, bitorder="little")
        """A line a needle."""
        self._always: Bits = np.packbits([one is None for one in needles], bitorder="little")
        signs = sorted({ord(sign) for needle in known for sign in needle})
        self._base = len(signs) + 1
        self._small = np.zeros((signs[-1] if signs else 0) + 2, dtype=np.int64)
        self._small[signs] = np.arange(1, len(signs) + 1)
        # a pair is the number of its two characters, a single one that of itself: pairs begin at `_base`
        keys = [self._key(needle) for needle in known]
        self._order = np.argsort(np.array(keys, dtype=np.int64))
        self._keys = np.array(keys, dtype=np.int64)[self._order]

    def _key(self, needle: str) -> int:
        first, *rest = (int(self._small[ord(sign)]) for sign in needle)
        return first * self._base + rest[0] if rest else first

    def may_match(self, texts: Sequence[str]) -> Bits:
        """The bits of the expressions that may match somewhere in each text."""
        found = np.repeat(self._always[None, :], len(texts), axis=0)
        signs = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        if not len(signs) or not len(self._keys):
            return found
        codes = self._small[np.minimum(signs, len(self._small) - 1)]
        of_text = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        single = np.flatnonzero(codes)
        pair = single[:-1][(np.diff(single) == 1) & (of_text[single[:-1]] == of_text[single[1:]])]
        keys = np.concatenate((codes[single], codes[pair] * self._base + codes[pair + 1]))
        places = np.concatenate((of_text[single], of_text[pair]))
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        hit = self._keys[at] == keys
        at, places = at[hit], places[hit]
        if len(places):
            order = np.argsort(places, kind="stable")
            at, places = at[order], places[order]
            starts = np.concatenate(([0], np.flatnonzero(places[1:] != places[:-1]) + 1))
            found[places[starts]] |= np.bitwise_or.reduceat(self._bits[self._order[at]], starts, axis=0)
        return found


class Sieve:
    """Picks from many expressions those that may match."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._table = Table([needles_of(pattern.pattern, pattern.flags & re.IGNORECASE) for pattern in patterns])

    def may_match(self, texts: Sequence[str]) -> tuple[list[int], list[int]]:
        """Pairs of the text's place in `texts` and the number of an expression that may match somewhere in it, sorted."""
        bits = np.unpackbits(self._table.may_match(texts), axis=1, bitorder="little")
        places, numbers = np.nonzero(bits)
        return places.tolist(), numbers.tolist()


class Sifted:
    """A compiled expression that looks for its needles first. Equal ones share a place in the table."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        needles = needles_of(pattern, flags)
        with _numbering:  # a trainer's new lexicon makes one in any thread; two of a number would rule each other out
            number, self._needles = _numbered.setdefault((pattern, flags), (len(_numbered), needles))
        self._bit = 1 << number
        self._search: Callable[[str], re.Match[str] | None] = self.pattern.search

    def may_match(self, text: str) -> bool:
        """False when there is nothing of it in `text`; ask it for a text of which parts are going to be searched."""
        ruled_out = _ruled_out.get(text)
        if ruled_out is not None:
            return not ruled_out & self._bit
        return self._needles is None or not self._needles.isdisjoint(grams_of(text))

    def search(self, text: str) -> re.Match[str] | None:
        return self._search(text) if self.may_match(text) else None

    def findall(self, text: str) -> list[Any]:
        return self.pattern.findall(text) if self.may_match(text) else []


_numbering = Lock()
_numbered: dict[tuple[str, int], tuple[int, Needles | None]] = {}
_ruled_out: dict[str, int] = {}
"""Texts that were looked up together, with the bits of those expressions that can't match. One that is made later has no bit there
yet, and runs."""
_KEPT = 8192
_table: tuple[int, Table] | None = None


def expect(texts: Iterable[str]) -> None:
    """Looks up together the texts that many expressions will be asked about."""
    global _table
    new = [text for text in dict.fromkeys(texts) if text not in _ruled_out]
    if not new:
        return
    if len(_ruled_out) + len(new) > _KEPT:
        _ruled_out.clear()
    if _table is None or _table[0] != len(_numbered):
        known = [needles for _, needles in list(_numbered.values())]
        _table = len(known), Table(known)
    count, table = _table
    every = (1 << count) - 1
    may = table.may_match(new)
    for text, bits in zip(new, may, strict=True):
        _ruled_out[text] = every & ~int.from_bytes(bits.tobytes(), "little")
