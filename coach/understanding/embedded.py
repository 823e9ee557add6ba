"""The embedded appraiser: no key, no network, the same answer every time."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from coach.content.case import Case
from coach.content.moves import QUESTIONS, MoveId
from coach.content.text import any_cue
from coach.records.call import Appraisal, FoundMove, Speaker
from coach.understanding.case_cues import out_of_play, read_case
from coach.understanding.clauses import Clause
from coach.understanding.features import customer_before, look_at
from coach.understanding.linear import MOVES, Scores, Weights, load_weights
from coach.understanding.reading import Context, read_all
from coach.understanding.together import Places, scores_of

Found = tuple[tuple[FoundMove, ...], list[int]]
_ASKING = [MOVES.index(move) for move in QUESTIONS]
_TRAPPED_AWAY = frozenset({MoveId.COMMIT, MoveId.OFFER, MoveId.CHOICE})
_SWORN = re.compile(r"保证|一定|肯定|绝对|打包票|百分之?百|全免|免(一|两|三|半|几|单)")
_JOINS = -0.8
"""A clause beside a found one joins its quote from this score on,"""
_FALLS = 1.6
"""unless it scores so much less than the clause that shows the move best."""


class EmbeddedAppraiser:
    """Appraises by the shipped linear classifier, the reading rules, and the cues of the case."""

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or load_weights()
        self._extractor = self._weights.extractor()
        self._grams = self._weights.gram_table

    def appraise(self, text: str, *, before: Sequence[tuple[Speaker, str]] = (), case: Case | None = None) -> Appraisal:
        """The moves of one trainee turn; with a case, also what it does to that case. `before` is everything said so far."""
        ((moves, questions),) = self._moves([(text, before)])
        if case is None:
            return Appraisal(moves=moves, out_of_play=out_of_play(text))
        found = read_case(text, case, questions)
        return Appraisal(
            moves=with_trap(_within_rules(moves, case), found.trap, text),
            asked=found.asked,
            answered=found.answered,
            offered=found.offered,
            trap=found.trap,
            out_of_play=out_of_play(text),
        )

    def appraise_all(self, turns: Sequence[tuple[str, Sequence[tuple[Speaker, str]]]]) -> list[Appraisal]:
        """The same, without a case, for several turns with what was said before each: a fraction of the time a turn."""
        return [
            Appraisal(moves=moves, out_of_play=out_of_play(text))
            for (text, _), (moves, _) in zip(turns, self._moves(turns), strict=True)
        ]

    def _moves(self, turns: Sequence[tuple[str, Sequence[tuple[Speaker, str]]]]) -> list[Found]:
        """The moves of each turn, and the numbers of its clauses that ask."""
        look_at(text for text, _ in turns)
        looked = [self._extractor.looked(text, before) for text, before in turns]
        spoken = [at for at, turn in enumerate(looked) if turn.clauses]
        found: list[Found] = [((), [])] * len(turns)
        if not spoken:
            return found
        said = [looked[at] for at in spoken]
        places = Places(said)
        contexts = [
            Context(turns[at][0], looked[at].clauses, customer_before(turns[at][1]), tuple(turns[at][1]))
            for at in spoken
        ]
        scores = read_all(scores_of(self._weights, self._grams, said, places), contexts)
        asks = (scores[:, _ASKING].max(axis=1) > 0).tolist()
        quotes = _quoted([turns[at][0] for at in spoken], [turn.clauses for turn in said], scores, places)
        for at, start, moves in zip(spoken, places.first.tolist(), quotes, strict=True):
            count = len(looked[at].clauses)
            found[at] = moves, [number for number, asking in enumerate(asks[start : start + count]) if asking]
        return found


def _quoted(
    texts: Sequence[str], clauses: Sequence[tuple[Clause, ...]], scores: Scores, places: Places
) -> list[tuple[FoundMove, ...]]:
    """Of each turn every found move once, with the run of clauses that shows it best."""
    most = np.maximum.reduceat(scores, places.first)
    turns, columns = np.nonzero(most > 0)
    falls = np.maximum(np.float32(_JOINS), most[turns, columns] - np.float32(_FALLS))
    by_move = scores.T.tolist()
    starts = places.first.tolist()
    found: list[list[tuple[int, int, FoundMove]]] = [[] for _ in texts]
    for turn, column, least in zip(turns.tolist(), columns.tolist(), falls.tolist(), strict=True):
        said = clauses[turn]
        shown = by_move[column][starts[turn] : starts[turn] + len(said)]
        first, last = _run(said, shown, least)
        start = said[first].start
        quote = texts[turn][start : said[last].end]
        found[turn].append((start, column, FoundMove(move=MOVES[column], quote=quote)))
    return [tuple(one for _, _, one in sorted(moves, key=lambda item: item[:2])) for moves in found]


def _run(clauses: tuple[Clause, ...], shown: Sequence[float], least: float) -> tuple[int, int]:
    """First and last clause of the run around the best one that scores more than `least`, within its sentence."""
    first = last = shown.index(max(shown))
    sentence = clauses[first].sentence
    while first > 0 and shown[first - 1] > least and clauses[first - 1].sentence == sentence:
        first -= 1
    while last + 1 < len(clauses) and shown[last + 1] > least and clauses[last + 1].sentence == sentence:
        last += 1
    return first, last


def _within_rules(moves: tuple[FoundMove, ...], case: Case) -> tuple[FoundMove, ...]:
    """What the case names as a right way out is an offer, however generous it sounds, unless it is sworn to."""
    cues = tuple(cue for way in case.resolutions for cue in way.cues)
    offered = any(found.move is MoveId.OFFER for found in moves)
    kept: list[FoundMove] = []
    for found in moves:
        if found.move is not MoveId.FALSE_PROMISE or _SWORN.search(found.quote) or not any_cue(cues, found.quote):
            kept.append(found)
        elif not offered:
            kept.append(FoundMove(move=MoveId.OFFER, quote=found.quote))
    return tuple(kept)


def with_trap(moves: tuple[FoundMove, ...], trap: str, text: str) -> tuple[FoundMove, ...]:
    """Words that fell into the trap are a false promise, and not also a commitment or an offer."""
    if not trap:
        return moves
    start = text.find(trap)
    kept = [
        found
        for found in moves
        if found.move not in _TRAPPED_AWAY or not _overlap(text.find(found.quote), len(found.quote), start, len(trap))
    ]
    if not any(found.move is MoveId.FALSE_PROMISE for found in kept):
        kept.append(FoundMove(move=MoveId.FALSE_PROMISE, quote=trap))
    return tuple(sorted(kept, key=lambda found: text.find(found.quote)))


def _overlap(start: int, size: int, other: int, other_size: int) -> bool:
    return start < other + other_size and other < start + size
