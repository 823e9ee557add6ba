"""Finds the phrases of the lexicon in what the trainee said, with the words as they were spoken.

A phrase is passed over where the trainee only repeats the customer: in quotation marks, or after words that lead in a quotation
within the same clause; and where the sentence holds one of the words that make it fine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from coach.content.lexicon import Filler, Forbidden, Lexicon
from coach.content.moves import MoveId
from coach.records.call import Appraisal, FoundMove
from coach.understanding.sieve import Sifted

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_QUOTED = re.compile(r"[“「『\"][^”」』\"]*[”」』\"]")
_PAUSE = "，,、"
_DROPPED = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: its entry's id, the words, and their place in the turn. `quoted`: the customer's words, or fine here."""

    id: str
    words: str
    at: int
    excused: bool = False


def find_forbidden(text: str, lexicon: Lexicon) -> list[Hit]:
    """The forbidden phrases of one turn in their order, with those that are excused; of two that overlap the longer."""
    return _found(text, lexicon.forbidden, lexicon.quoting)


def find_fillers(text: str, lexicon: Lexicon) -> list[Hit]:
    """The fillers of one turn in their order; none that are excused."""
    return [hit for hit in _found(text, lexicon.fillers, lexicon.quoting) if not hit.excused]


def with_lexicon(text: str, appraisal: Appraisal, lexicon: Lexicon) -> Appraisal:
    """The appraisal with the forbidden phrases that were found.

    An embedded reader's `forbidden` is dropped where all it rests on is a phrase that is excused.
    """
    hits = find_forbidden(text, lexicon)
    if not hits:
        return appraisal
    moves = tuple(
        item
        for item in appraisal.moves
        if item.move is not MoveId.FORBIDDEN or appraisal.source == "model" or not _only_excused(item.quote, hits)
    )
    known = [item.quote for item in moves if item.move is MoveId.FORBIDDEN]
    added = tuple(
        FoundMove(move=MoveId.FORBIDDEN, quote=hit.words)
        for hit in hits
        if not hit.excused and not any(hit.words in quote for quote in known)
    )
    return appraisal.model_copy(update={"moves": (*moves, *added)})


def _only_excused(quote: str, hits: Sequence[Hit]) -> bool:
    inside = [hit for hit in hits if hit.words in quote]
    return bool(inside) and all(hit.excused for hit in inside)


def _found(text: str, entries: Sequence[Forbidden | Filler], quoting: Sequence[str]) -> list[Hit]:
    plain = _plain(text)
    if not _any_of(entries).search(_DROPPED.sub("", plain)):
        return []
    hits = [
        Hit(entry.id, text[match.start() : match.end()], match.start(), _excused(plain, match, entry.unless, quoting))
        for entry in entries
        for words in entry.words
        for match in _pattern(words).finditer(plain)
    ]
    hits.sort(key=lambda hit: (-len(hit.words), hit.at))
    kept: list[Hit] = []
    for hit in hits:
        if not any(hit.at < other.at + len(other.words) and other.at < hit.at + len(hit.words) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.at)


def _excused(text: str, match: re.Match[str], unless: Sequence[str], quoting: Sequence[str]) -> bool:
    if any(start <= match.start() and match.end() <= end for start, end in _spans(_QUOTED, text)):
        return True
    first, last = next(((a, b) for a, b in _spans(_SENTENCE, text) if a <= match.start() < b), (0, len(text)))
    sentence = text[first:last]
    clause = re.split(f"[{_PAUSE}]", text[first : match.start()])[-1]
    return any(_plain(word) in sentence for word in unless) or any(_plain(word) in clause for word in quoting)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


_UNIONS: dict[int, tuple[Sequence[Forbidden | Filler], Sifted]] = {}


def _any_of(entries: Sequence[Forbidden | Filler]) -> Sifted:
    """Whether a text without spaces may hold any phrase at all, which most turns don't. Known by the list itself: comparing lists takes
    longer."""
    known = _UNIONS.get(id(entries))
    if known is None or known[0] is not entries:
        every = [_signs(_plain(words).lstrip(_PAUSE)) for entry in entries for words in entry.words]
        known = entries, Sifted("|".join(map("".join, every)) if every else r"(?!)")
        if len(_UNIONS) > 64:
            _UNIONS.clear()
        _UNIONS[id(entries)] = known
    return known[1]


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """The words with any spaces between; a comma is any pause, one in front the start of a clause."""
    words = _plain(words)
    if words[0] in _PAUSE:
        return re.compile(rf"(?:^|(?<=[{_PAUSE}。！？!?；;\s])){_pattern(words[1:]).pattern}")
    return re.compile(r"\s*".join(_signs(words)))


def _signs(words: str) -> list[str]:
    return [f"[{_PAUSE}]" if sign in _PAUSE else re.escape(sign) for sign in _DROPPED.sub("", words)]


@lru_cache(maxsize=2048)
def _plain(text: str) -> str:
    """One sign for each sign: half width, lower case, so that places stay. Kept: phrases and fillers are looked for in the same turn."""
    return text if _AS_IT_STANDS.fullmatch(text) else text.translate(_SIGNS)


_AS_IT_STANDS = re.compile(r"[一-鿿a-z0-9，。！？；、\n]*")


class _Signs(dict[int, str]):
    """The plain form of each sign, found once a sign."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        plain = unicodedata.normalize("NFKC", sign).lower()
        self[code] = plain if len(plain) == 1 and sign not in "，！？；" else sign
        return self[code]


_SIGNS = _Signs()
