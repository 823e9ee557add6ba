"""The shipped classifier: one linear scorer a move, read from weights.npz. Needs numpy only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coach.content.moves import MoveId
from coach.errors import StoreError
from coach.understanding.features import FLAGS, Extractor
from coach.understanding.patterns import CLAUSE_PATTERNS

Scores = npt.NDArray[np.float32]
MOVES = tuple(MoveId)
WEIGHTS = Path(__file__).resolve().parent / "weights.npz"
RETRAIN = "coach classifier train"


@dataclass(frozen=True)
class Weights:
    """What training leaves: scores are `rows @ matrix + bias`; a move is found where its score is above 0."""

    vocabulary: dict[str, int]
    short: int
    matrix: Scores
    bias: Scores
    corpus: str
    """Hash of the labelled calls that it was trained on."""

    def extractor(self) -> Extractor:
        return Extractor(self.vocabulary, self.short)

    def scores(self, rows: Sequence[Sequence[int]]) -> Scores:
        """One line a clause, one column a move (in the order of MOVES)."""
        flat = np.concatenate([np.asarray(row, dtype=np.int32) for row in rows])
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        summed: Scores = np.add.reduceat(self.matrix[flat], starts, axis=0)
        return summed + self.bias

    def save(self, path: Path) -> None:
        """Eight bits a weight, one scale a move."""
        scale = np.maximum(np.abs(self.matrix).max(axis=0), 1e-6) / 127
        np.savez_compressed(
            path,
            grams=np.frombuffer("\0".join(self.vocabulary).encode(), dtype=np.uint8),
            short=np.array(self.short),
            matrix=np.rint(self.matrix / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            bias=self.bias.astype(np.float32),
            corpus=np.array(self.corpus),
            shape_of_features=np.array(features_hash()),
        )


def features_hash() -> str:
    """Changes when patterns, flags or moves change, so that weights made for others are refused."""
    told = [*CLAUSE_PATTERNS.items(), *FLAGS, *(move.value for move in MOVES)]
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
            matrix = stored["matrix"].astype(np.float32) * stored["scale"]
            return Weights(
                {gram: number for number, gram in enumerate(known)},
                int(stored["short"]),
                matrix,
                stored["bias"],
                str(stored["corpus"]),
            )
    except (OSError, KeyError, ValueError) as error:
        raise StoreError(
            f"读不了离线分类器的权重（{path.name}），请重新训练：{RETRAIN}",
            f"Can't read the embedded classifier's weights ({path.name}); retrain them: {RETRAIN}",
        ) from error
