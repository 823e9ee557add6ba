"""Trains the embedded classifier from the labelled calls. Needs scipy (it comes with the dev extra); not used at run time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.content.moves import MoveId
from coach.records.call import Speaker
from coach.understanding.clauses import Clause, split
from coach.understanding.corpus import LabelledCall, Span, corpus_hash, read_folder, trainee_turns
from coach.understanding.features import Extractor, Layout, customer_before, grams
from coach.understanding.linear import MOVES, Scores, Weights
from coach.understanding.patterns import PATTERN_NAMES
from coach.understanding.reading import Context, read

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

STRENGTH = 2.0
"""Ridge penalty."""
BLOCK_SCALES = {"own": 1.0, "neighbours": 0.3, "customer": 0.0, "patterns": 1.0, "patterns_around": 0.5, "flags": 1.0}
"""How freely a block's features may take weight; chosen by grouped cross-validation on the training calls."""
ROUNDS = 60
FOLDS = 3


@dataclass(frozen=True)
class Material:
    """The corpus as numbers: a line a clause (`rows`, `labels`), and which turn each belongs to."""

    rows: Any  # scipy.sparse.csr_matrix
    labels: Scores
    turn_of: Ints
    gold: Bools
    """A line a turn: the moves it was labelled with."""
    call_of: Ints
    """For each turn, the number of its call."""
    contexts: tuple[Context, ...]

    def part(self, keep: Bools) -> tuple[Any, Scores]:
        return self.rows[keep], self.labels[keep]


def vocabulary(calls: Sequence[LabelledCall], at_least: int = 2) -> tuple[dict[str, int], int]:
    """The n-grams that occur in at least so many clauses, short ones first, and how many short ones there are."""
    counts: Counter[str] = Counter()
    for call in calls:
        for turn in call.turns:
            if turn.speaker is Speaker.TRAINEE:
                for clause in split(turn.text):
                    counts.update(grams(clause.text))
    kept = sorted((gram for gram, count in counts.items() if count >= at_least), key=lambda gram: (len(gram) > 2, gram))
    return {gram: number for number, gram in enumerate(kept)}, sum(len(gram) <= 2 for gram in kept)


def material(calls: Sequence[LabelledCall], extractor: Extractor) -> Material:
    """Reads every trainee turn of the calls into numbers."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    rows: list[list[int]] = []
    labels: list[npt.NDArray[np.float32]] = []
    turn_of: list[int] = []
    gold: list[npt.NDArray[np.bool_]] = []
    call_of: list[int] = []
    contexts: list[Context] = []
    for number, call in enumerate(calls):
        for _, turn, before in trainee_turns(call):
            clauses, found = extractor.turn(turn.text, before)
            rows += found
            labels += [_label(clause, turn.spans) for clause in clauses]
            turn_of += [len(gold)] * len(clauses)
            gold.append(np.array([move in turn.moves for move in MOVES]))
            call_of.append(number)
            contexts.append(Context(tuple(clauses), customer_before(before), tuple(before)))
    flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows])
    starts = np.cumsum([0, *(len(row) for row in rows)])
    sparse = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, starts), shape=(len(rows), extractor.layout.size))
    return Material(sparse, np.array(labels), np.array(turn_of), np.array(gold), np.array(call_of), tuple(contexts))


def _label(clause: Clause, spans: Sequence[Span]) -> npt.NDArray[np.float32]:
    """A clause makes the moves of every span that it shares two characters with (or all of the shorter one)."""
    moves: set[MoveId] = set()
    for span in spans:
        shared = min(span.end, clause.end) - max(span.start, clause.start)
        if shared > 0 and shared >= min(2, clause.end - clause.start, span.end - span.start):
            moves.update(span.moves)
    return np.array([move in moves for move in MOVES], dtype=np.float32)


def scales(layout: Layout) -> npt.NDArray[np.float32]:
    """The scale of every feature, by its block."""
    scale = np.empty(layout.size, dtype=np.float32)
    scale[: layout.previous] = BLOCK_SCALES["own"]
    scale[layout.previous : layout.customer] = BLOCK_SCALES["neighbours"]
    scale[layout.customer : layout.patterns] = BLOCK_SCALES["customer"]
    scale[layout.patterns : layout.patterns + len(PATTERN_NAMES)] = BLOCK_SCALES["patterns"]
    scale[layout.patterns + len(PATTERN_NAMES) : layout.flags] = BLOCK_SCALES["patterns_around"]
    scale[layout.flags :] = BLOCK_SCALES["flags"]
    return scale


def fit(rows: Any, labels: Scores, scale: npt.NDArray[np.float32]) -> tuple[Scores, Scores]:
    """Ridge logistic regression of all moves at once. Returns matrix and bias. Deterministic."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]
    from scipy.sparse import diags

    used = np.flatnonzero((scale > 0) & (np.asarray(rows.sum(axis=0)).ravel() > 0))
    scaled = (rows[:, used] @ diags(scale[used])).tocsr().astype(np.float32)
    turned = scaled.T.tocsr()
    features, moves = scaled.shape[1], labels.shape[1]
    cut = features * moves

    def loss(point: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        matrix = point[:cut].reshape(features, moves).astype(np.float32)
        score = scaled @ matrix + point[cut:].astype(np.float32)
        miss = 1 / (1 + np.exp(-np.clip(score, -30, 30))) - labels
        value = float((np.logaddexp(0, score) - labels * score).sum() + 0.5 * STRENGTH * (matrix * matrix).sum())
        return value, np.concatenate([(turned @ miss + STRENGTH * matrix).ravel(), miss.sum(axis=0)]).astype(np.float64)

    start = np.zeros(cut + moves)
    share = labels.mean(axis=0)
    start[cut:] = np.log((share + 1e-4) / (1 - share + 1e-4))
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 6}).x
    matrix = np.zeros((rows.shape[1], moves), dtype=np.float32)
    matrix[used] = best[:cut].reshape(features, moves).astype(np.float32) * scale[used, None]
    return matrix, best[cut:].astype(np.float32)


def cross_scores(data: Material, scale: npt.NDArray[np.float32], folds: int = FOLDS) -> tuple[Scores, Ints]:
    """Scores of every clause from a model that never saw its call, and the fold of every turn."""
    order = np.random.RandomState(0).permutation(int(data.call_of.max()) + 1)
    fold_of: Ints = (order % folds)[data.call_of]
    scores = np.zeros_like(data.labels)
    for fold in range(folds):
        held = (fold_of == fold)[data.turn_of]
        matrix, bias = fit(*data.part(~held), scale)
        scores[held] = data.rows[held] @ matrix + bias
    return scores, fold_of


def by_turn(scores: Scores, turn_of: Ints, turns: int) -> Scores:
    """The best score of each move in each turn."""
    best = np.full((turns, scores.shape[1]), -30, dtype=np.float32)
    np.maximum.at(best, turn_of, scores)
    return best


def thresholds(best: Scores, gold: Bools) -> Scores:
    """For each move the score above which F1 over the turns is best (the middle of all that are as good, kept in bounds)."""
    cuts = np.zeros(best.shape[1], dtype=np.float32)
    for column in range(best.shape[1]):
        order = np.argsort(-best[:, column], kind="stable")
        score, hits = best[order, column], np.cumsum(gold[order, column])
        f1 = 2 * hits / (np.arange(1, len(order) + 1) + max(1, gold[:, column].sum()))
        good = np.flatnonzero(f1 >= f1.max() - 0.01)
        cuts[column] = np.clip((score[good].min() + score[good].max()) / 2, -3, 2)
    return cuts


def decided(scores: Scores, data: Material) -> Bools:
    """The moves found in each turn after the reading rules, from scores whose threshold is 0."""
    found = np.zeros_like(data.gold)
    starts = np.searchsorted(data.turn_of, np.arange(len(data.gold) + 1))
    for turn, context in enumerate(data.contexts):
        if context.clauses:
            found[turn] = (read(scores[starts[turn] : starts[turn + 1]], context) > 0).any(axis=0)
    return found


def cross_validated(calls: Sequence[LabelledCall]) -> tuple[Bools, Bools]:
    """Found and labelled moves of every turn, by models and thresholds that never saw its call."""
    data, scale = _prepared(calls)
    scores, fold_of = cross_scores(data, scale)
    best = by_turn(scores, data.turn_of, len(data.gold))
    for fold in range(FOLDS):
        scores[(fold_of == fold)[data.turn_of]] -= thresholds(best[fold_of != fold], data.gold[fold_of != fold])
    return decided(scores, data), data.gold


def train(folder: Path) -> Weights:
    """The weights for all calls of a folder, thresholds by cross-validation. Raises InputError for faults in the files."""
    calls = read_folder(folder)
    data, scale = _prepared(calls)
    scores, _ = cross_scores(data, scale)
    matrix, bias = fit(data.rows, data.labels, scale)
    cuts = thresholds(by_turn(scores, data.turn_of, len(data.gold)), data.gold)
    known, short = vocabulary(calls)
    return Weights(known, short, matrix, bias - cuts, corpus_hash(folder.glob("*.txt")))


def _prepared(calls: Sequence[LabelledCall]) -> tuple[Material, npt.NDArray[np.float32]]:
    extractor = Extractor(*vocabulary(calls))
    return material(calls, extractor), scales(extractor.layout)
