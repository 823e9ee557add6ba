"""The shipped classifier: one linear scorer a move, read from weights.npz. Needs numpy only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from coach.content.moves import MoveId
from coach.errors import StoreError
from coach.understanding.clauses import Clause
from coach.understanding.features import FLAGS, Extractor, Layout
from coach.understanding.patterns import CLAUSE_PATTERNS

Scores = npt.NDArray[np.float32]
MOVES = tuple(MoveId)
WEIGHTS = Path(__file__).resolve().parent / "weights.npz"
RETRAIN = "coach classifier train"


@dataclass(frozen=True)
class Weights:
    """What training leaves. Three linear scorers (of the clause, its sentence, its turn) are summed; a move is found above 0."""

    vocabulary: dict[str, int]
    short: int
    matrices: npt.NDArray[np.int8]
    """Levels x features x moves, eight bits a weight."""
    scale: Scores
    """Levels x moves: what one step of a weight is worth."""
    bias: Scores
    corpus: str
    """Hash of the labelled calls that it was trained on."""

    @classmethod
    def packed(cls, vocabulary: dict[str, int], short: int, matrices: Scores, bias: Scores, corpus: str) -> Self:
        """From weights as training finds them."""
        scale = np.maximum(np.abs(matrices).max(axis=1), 1e-6) / 127
        steps = np.rint(matrices / scale[:, None, :]).astype(np.int8)
        return cls(vocabulary, short, steps, scale.astype(np.float32), bias.astype(np.float32), corpus)

    def extractor(self) -> Extractor:
        return Extractor(self.vocabulary, self.short)

    def scores(self, clauses: Sequence[Clause], rows: Sequence[Sequence[int]]) -> Scores:
        """Of one turn: a line a clause, a column a move (in the order of MOVES)."""
        sentences: dict[int, set[int]] = {}
        for clause, row in zip(clauses, rows, strict=True):
            sentences.setdefault(clause.sentence, set()).update(row)
        merged = list(sentences.values())
        places = {number: at for at, number in enumerate(sentences)}
        of_sentences = self._level(1, merged)
        whole = self._level(2, [set().union(*merged)])[0]
        shared: Scores = of_sentences[[places[clause.sentence] for clause in clauses]]
        total: Scores = self._level(0, rows) + shared + whole + self.bias
        return total

    def _level(self, level: int, rows: Sequence[Collection[int]]) -> Scores:
        flat = np.fromiter(chain.from_iterable(rows), dtype=np.intp, count=sum(map(len, rows)))
        starts = list(accumulate((len(row) for row in rows[:-1]), initial=0))
        summed = np.add.reduceat(self.matrices[level].take(flat, axis=0), starts, axis=0, dtype=np.int32)
        scored: Scores = summed * self.scale[level]
        return scored

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            grams=np.frombuffer("\0".join(self.vocabulary).encode(), dtype=np.uint8),
            short=np.array(self.short),
            matrices=self.matrices,
            scale=self.scale,
            bias=self.bias,
            corpus=np.array(self.corpus),
            shape_of_features=np.array(features_hash()),
        )


def features_hash() -> str:
    """Changes when blocks, patterns, flags or moves change, so that weights made for others are refused."""
    told = [*Layout(0, 0).blocks, *CLAUSE_PATTERNS.items(), *FLAGS, *(move.value for move in MOVES)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@lru_cache(maxsize=2)
def load_weights(path: Path = WEIGHTS) -> Weights:
    """The weights as shipped. Raises StoreError when the file is missing or was made for other features."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["shape_of_features"]) != features_hash():
                raise StoreError(
                    f"离线分类器的权重和现在的代码对不上，请重新训练：{RETRAIN}",
                    f"The embedded classifier's weights don't fit this code; retrain them: {RETRAIN}",
                )
            known = bytes(stored["grams"]).decode().split("\0")
            numbers = {gram: number for number, gram in enumerate(known)}
            return Weights(
                numbers,
                int(stored["short"]),
                stored["matrices"],
                stored["scale"],
                stored["bias"],
                str(stored["corpus"]),
            )
    except (OSError, KeyError, ValueError) as error:
        raise StoreError(
            f"读不了离线分类器的权重（{path.name}），请重新训练：{RETRAIN}",
            f"Can't read the embedded classifier's weights ({path.name}); retrain them: {RETRAIN}",
        ) from error
