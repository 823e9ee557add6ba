"""Scores of many turns at a time: their clauses' features as arrays, and the classifier's sums over them in one go.

A turn alone costs some fifty small steps of numpy; the turns of a whole call cost hardly more together. What is computed is what
`Extractor.turn` lists for training, feature by feature (a test holds both against each other).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coach.understanding.clauses import normalise
from coach.understanding.features import Layout, Looked, form_of
from coach.understanding.patterns import PATTERN_NAMES

if TYPE_CHECKING:
    from coach.understanding.linear import Scores, Weights

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_P = len(PATTERN_NAMES)


class GramTable:
    """The known character 1- to 4-grams, looked up for all places of a text at once.

    Relies on training's way of counting: with a gram its beginnings and ends are known too, since they stand wherever it stands.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        spelled = np.array(list(vocabulary) or [""], dtype="<U4").view(np.uint32).reshape(-1, 4)
        signs = np.unique(spelled[spelled > 0])
        self._base = len(signs) + 1
        self._small = np.zeros((int(signs[-1]) if len(signs) else 0) + 2, dtype=np.int64)
        self._small[signs] = np.arange(1, len(signs) + 1)
        keys = np.zeros(len(spelled), dtype=np.int64)
        for column in self._small[spelled].T:
            keys = np.where(column > 0, keys * self._base + column, keys)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._numbers = np.fromiter(vocabulary.values() or [0], dtype=np.int64)[order]

    def find(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Pairs of the text's place in `texts` and the number of a gram in it; each pair once, sorted."""
        marked = "^" + normalise("\n".join(texts)).replace("\n", "$\n^") + "$"
        signs = np.frombuffer(marked.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        codes = self._small[np.minimum(signs, len(self._small) - 1)]
        of_text = np.cumsum(signs == 10)
        keys, at = codes, np.flatnonzero(codes)
        found, places = [], []
        for width in (1, 2, 3, 4):
            known, numbers = self._look_up(keys[at])
            at, numbers = at[known], numbers[known]
            found.append(numbers)
            places.append(of_text[at])
            if width == 4:
                break
            # longer ones only where this one is known, and the next sign is
            at = at[at + width < len(codes)]
            at = at[codes[at + width] > 0]
            following = np.zeros(len(codes), dtype=np.int64)
            following[at] = keys[at] * self._base + codes[at + width]
            keys = following
        top = len(self._keys)
        pairs = _different(np.concatenate(places) * top + np.concatenate(found))
        return pairs // top, pairs % top

    def _look_up(self, keys: Ints) -> tuple[npt.NDArray[np.bool_], Ints]:
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return self._keys[at] == keys, self._numbers[at]


class Places:
    """Which sentence and turn each clause belongs to, numbered over all turns."""

    def __init__(self, turns: Sequence[Looked]) -> None:
        self.turn_of = np.repeat(np.arange(len(turns)), [len(turn.clauses) for turn in turns])
        self.first = np.concatenate(([0], np.cumsum([len(turn.clauses) for turn in turns])[:-1]))
        """Each turn's first clause."""
        sentences = np.fromiter((clause.sentence for turn in turns for clause in turn.clauses), dtype=np.int64)
        new = np.ones(len(sentences), dtype=bool)
        new[1:] = (sentences[1:] != sentences[:-1]) | (self.turn_of[1:] != self.turn_of[:-1])
        self.sentence_of = np.cumsum(new) - 1
        self.turn_of_sentence = self.turn_of[new]
        self._starts = np.flatnonzero(new)
        self._sizes = np.diff(self._starts, append=len(sentences))

    def lends(self, clauses: Ints) -> tuple[Bools, Bools]:
        """For each of these clauses whether the next one, and the one before, belong to the same turn."""
        turn_of = np.append(self.turn_of, -1)
        mine = turn_of[clauses]
        return turn_of[clauses + 1] == mine, turn_of[clauses - 1] == mine

    def in_sentences(self, clauses: Ints, numbers: Ints) -> tuple[Ints, Ints]:
        """What the clauses of a sentence show between them, for each of its clauses: each pair once."""
        pairs = _different(self.sentence_of[clauses] * _P + numbers)
        sentence, number = pairs // _P, pairs % _P
        sizes = self._sizes[sentence]
        steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(self._starts[sentence], sizes) + steps, np.repeat(number, sizes)


def scores_of(weights: Weights, table: GramTable, turns: Sequence[Looked], places: Places) -> Scores:
    """A line a clause of all the turns (each has one at least), a column a move."""
    layout = Layout(len(weights.vocabulary), weights.short)
    size = layout.size
    clause, feature = _of_clauses(layout, table, turns, places)
    shared = np.fromiter((turn * size + n for turn, looked in enumerate(turns) for n in looked.whole), dtype=np.int64)
    levels = (
        np.sort(clause * size + feature),
        _different(places.sentence_of[clause] * size + feature),
        _different(places.turn_of[clause] * size + feature),
    )
    sums = []
    for level, keys in enumerate(levels):
        own, of_turn = weights.sums(level, keys, size), weights.sums(level, shared, size)
        owner = (places.turn_of, places.turn_of_sentence, slice(None))[level]
        sums.append((own + of_turn[owner]) * weights.scale[level])
    total: Scores = sums[0] + sums[1][places.sentence_of] + sums[2][places.turn_of] + weights.bias
    return total


def _of_clauses(layout: Layout, table: GramTable, turns: Sequence[Looked], places: Places) -> tuple[Ints, Ints]:
    """Pairs of clause and feature, without those that a turn's clauses share: each pair once."""
    own, gram = table.find([clause.text for turn in turns for clause in turn.clauses])
    brief = gram < layout.short
    near, short = own[brief], gram[brief]
    shows, pattern = _flat([numbers for turn in turns for numbers in turn.shown])
    formed, flag = _flat(
        [form_of(clause, at, len(turn.clauses)) for turn in turns for at, clause in enumerate(turn.clauses)]
    )
    # a clause lends its short grams and its patterns to the one before and the one after it, within the turn
    gram_on, gram_back = places.lends(near)
    shown_on, shown_back = places.lends(shows)
    told, of_sentence = places.in_sentences(shows, pattern)
    first = layout.patterns
    pairs = (
        (own, gram),
        (near[gram_on] + 1, short[gram_on] + layout.previous),
        (near[gram_back] - 1, short[gram_back] + layout.following),
        (shows, pattern + first),
        (shows[shown_on] + 1, pattern[shown_on] + first + _P),
        (shows[shown_back] - 1, pattern[shown_back] + first + 2 * _P),
        (told, of_sentence + first + 3 * _P),
        (formed, flag + layout.flags),
    )
    return np.concatenate([clauses for clauses, _ in pairs]), np.concatenate([numbers for _, numbers in pairs])


def _flat(told: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Lists of numbers as pairs of a list's place and a number in it."""
    counts = [len(numbers) for numbers in told]
    return (
        np.repeat(np.arange(len(told)), counts),
        np.fromiter(chain.from_iterable(told), dtype=np.int64, count=sum(counts)),
    )


def _different(keys: Ints) -> Ints:
    """The keys sorted, each once. (np.unique hashes first, which takes three times as long here.)"""
    keys.sort()
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
