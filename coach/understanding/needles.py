"""Which of many regular expressions can match a text at all, told by the characters and pairs of characters it holds.

Reading one turn asks some 200 expressions about it, and most have nothing in it to match: running them was a third of the
time of grading (benchmarks/README.md). Each expression therefore states, once, a set of needles (a character, or two in a
row) of which every match must hold at least one; a text without any of them is passed over. What is found stays exactly the same:
an expression of which no needles can be told always runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from operator import add
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Needles = frozenset[str]
_MOST_STRINGS = 64
"""Spellings of one stretch that are kept apart; a stretch with more is cut there."""
_RARE_PAIR = 24
"""How much likelier a text holds a given single character than a given pair."""


@lru_cache(maxsize=512)
def grams_of(text: str) -> Needles:
    """The characters of a text and its pairs of neighbours. Kept: several readers ask about the same line."""
    return frozenset(chain(text, map(add, text, text[1:])))


def needles_of(pattern: str, flags: int = 0) -> Needles | None:
    """Characters and pairs of which every match of `pattern` holds at least one; None when that can't be told."""
    tree = parser.parse(pattern, flags)
    return _required(list(tree), bool(tree.state.flags & re.IGNORECASE))


def _required(items: Sequence[Any], folds: bool) -> Needles | None:
    """The rarest needles that some stretch of this sequence must hold."""
    best: Needles | None = None
    strings: frozenset[str] | None = frozenset([""])
    for item in [*items, None]:
        spelled = None if item is None else _spellings(item, folds)
        joined = None if spelled is None or strings is None else _joined(strings, spelled)
        if joined is not None:
            strings = joined
            continue
        best = _rarer(best, _needles_in(strings))
        if item is not None and spelled is None:
            best = _rarer(best, _inner(item, folds))
        strings = spelled if spelled is not None else frozenset([""])
    return best


def _joined(before: frozenset[str], after: frozenset[str]) -> frozenset[str] | None:
    if len(before) * len(after) > _MOST_STRINGS:
        return None
    return frozenset(one + other for one in before for other in after)


def _needles_in(strings: frozenset[str] | None) -> Needles | None:
    """One needle out of each string; None when one of them is empty."""
    if not strings or "" in strings:
        return None
    return frozenset(text[:2] for text in strings)


def _rarer(one: Needles | None, other: Needles | None) -> Needles | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other, key=lambda needles: sum(1 if len(needle) == 2 else _RARE_PAIR for needle in needles))


def _spellings(item: Any, folds: bool) -> frozenset[str] | None:
    """All that this part of an expression can match, when these are few; zero-width parts match the empty string."""
    kind, what = item
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return frozenset([""])
    if kind is op.LITERAL:
        return _cases(chr(what)) if folds else frozenset([chr(what)])
    if kind is op.IN:
        return _members(what, folds)
    if kind is op.SUBPATTERN:
        return None if what[1] or what[2] else _spelled(what[3], folds)
    if kind is op.BRANCH:
        found = [_spelled(branch, folds) for branch in what[1]]
        return None if None in found else _few(frozenset(chain.from_iterable(one for one in found if one is not None)))
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and what[1] <= 2:
        least, most, inner = what
        once = _spelled(inner, folds)
        if once is None:
            return None
        times: list[frozenset[str] | None] = [frozenset([""])]
        for _ in range(most):
            last = times[-1]
            times.append(None if last is None else _joined(last, once))
        kept = times[least:]
        return None if None in kept else _few(frozenset(chain.from_iterable(one for one in kept if one is not None)))
    return None


def _spelled(items: Iterable[Any], folds: bool) -> frozenset[str] | None:
    strings: frozenset[str] | None = frozenset([""])
    for item in items:
        spelled = _spellings(item, folds)
        strings = None if spelled is None or strings is None else _joined(strings, spelled)
    return strings


def _few(strings: frozenset[str]) -> frozenset[str] | None:
    return strings if len(strings) <= _MOST_STRINGS else None


def _members(what: Sequence[Any], folds: bool) -> frozenset[str] | None:
    found: set[str] = set()
    for kind, value in what:
        if kind is op.LITERAL:
            codes: Iterable[int] = (value,)
        elif kind is op.RANGE and value[1] - value[0] < _MOST_STRINGS:
            codes = range(value[0], value[1] + 1)
        else:
            return None
        for code in codes:
            cases = _cases(chr(code)) if folds else frozenset([chr(code)])
            if cases is None:
                return None
            found |= cases
    return _few(frozenset(found))


def _cases(sign: str) -> frozenset[str] | None:
    """A letter in both cases; None for those that have more spellings when case is ignored (k is also the kelvin sign)."""
    if sign.lower() in "iksµåßθω" or len(sign.lower()) != 1 or len(sign.upper()) != 1:
        return None
    if not sign.isascii() and sign.lower() != sign.upper():
        return None
    return frozenset([sign.lower(), sign.upper()])


def _inner(item: Any, folds: bool) -> Needles | None:
    """Needles of a part that can match too many strings to list: of what it must repeat, of every branch."""
    kind, what = item
    if kind is op.SUBPATTERN:
        return None if what[1] or what[2] else _required(list(what[3]), folds)
    if kind is op.BRANCH:
        found = [_required(list(branch), folds) for branch in what[1]]
        return None if None in found else frozenset(chain.from_iterable(one for one in found if one is not None))
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and what[0] >= 1:
        return _required(list(what[2]), folds)
    return None
