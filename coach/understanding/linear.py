"""The shipped classifier: one linear scorer a move, read from weights.npz. Needs numpy only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from coach.content.moves import MoveId
from coach.errors import StoreError
from coach.understanding.features import FLAGS, Extractor, Layout
from coach.understanding.lanes import WORTH_PACKING, Lanes, plain_sums
from coach.understanding.patterns import CLAUSE_PATTERNS
from coach.understanding.together import GramTable

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

    @cached_property
    def gram_table(self) -> GramTable:
        return GramTable(self.vocabulary)

    @cached_property
    def lanes(self) -> tuple[Lanes, ...]:
        """The matrix of each level for sums over many lines; takes twice the memory."""
        return tuple(Lanes(matrix) for matrix in self.matrices)

    def sums(self, level: int, keys: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int32]:
        """Sums of the lines of a level, a group a line. Keys are sorted: group times `size` plus the line; no group is empty."""
        group = keys // size
        starts = np.concatenate(([0], np.flatnonzero(group[1:] != group[:-1]) + 1))
        lines, sizes = keys - group * size, np.diff(starts, append=len(keys))
        if len(keys) >= WORTH_PACKING or "lanes" in vars(self):  # once they are there they serve small sums too
            return self.lanes[level].sums(lines, sizes)
        return plain_sums(self.matrices[level], lines, sizes)

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
