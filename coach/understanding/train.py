"""Trains the embedded classifier from the labelled calls. Needs scipy (it comes with the dev extra); not used at run time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coach.content.moves import FAULTS, FEELING, MoveId
from coach.records.call import Speaker
from coach.understanding.clauses import Clause, split
from coach.understanding.corpus import LabelledCall, Span, corpus_hash, read_folder, trainee_turns
from coach.understanding.features import Extractor, Layout, customer_before, grams
from coach.understanding.linear import MOVES, Scores, Weights
from coach.understanding.reading import Context, read

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """One size of unit that is scored. What a move is often shows in the sentence or the turn more than in the clause."""

    name: str
    weight: float
    """Its share in the sum of scores."""
    strength: float
    """Ridge penalty."""
    scales: dict[str, float]
    """How freely the features of a block may take weight; blocks that are not named take none."""


# Chosen by grouped cross-validation on the training calls (benchmarks/appraisal.py says what else was tried).
LEVELS = (
    Level("clause", 1.0, 8.0, {
        "own": 1, "previous": 0.3, "following": 0.3, "patterns": 1, "patterns_previous": 0.5, "patterns_following": 0.5,
        "patterns_sentence": 0.5, "patterns_turn": 0.5, "patterns_earlier": 0.5, "flags": 1,
    }),
    Level("sentence", 1.0, 4.0, {
        "own": 1, "previous": 0.3, "following": 0.3, "patterns": 0.7, "patterns_turn": 0.5, "patterns_earlier": 0.5, "flags": 0.7,
    }),
    Level("turn", 0.4, 4.0, {"own": 1, "patterns": 0.7, "patterns_earlier": 0.5, "flags": 0.7}),
)  # fmt: skip
ROUNDS = 25
FOLDS = 3
BLUR = 0.2
"""Width of the blur on scores when thresholds are chosen."""
NEVER = 9.0
"""Threshold of a move that no call was labelled with."""


@dataclass(frozen=True)
class Material:
    """The corpus as numbers: a line a clause (`rows`, `labels`), and which turn each belongs to."""

    rows: Any  # scipy.sparse.csr_matrix
    labels: Scores
    turn_of: Ints
    sentence_of: Ints
    gold: Bools
    """A line a turn: the moves it was labelled with."""
    call_of: Ints
    """For each turn, the number of its call."""
    contexts: tuple[Context, ...]

    def units(self, level: Level) -> Ints:
        """For each clause, the number of the unit that it belongs to at a level."""
        if level.name == "clause":
            return np.arange(len(self.turn_of))
        return self.sentence_of if level.name == "sentence" else self.turn_of


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
    sentence_of: list[int] = []
    gold: list[npt.NDArray[np.bool_]] = []
    call_of: list[int] = []
    contexts: list[Context] = []
    for number, call in enumerate(calls):
        for _, turn, before in trainee_turns(call):
            clauses, found = extractor.turn(turn.text, before)
            rows += found
            labels += [_label(clause, turn.spans) for clause in clauses]
            turn_of += [len(gold)] * len(clauses)
            first = sentence_of[-1] + 1 if sentence_of else 0
            sentence_of += [first + clause.sentence for clause in clauses]
            gold.append(np.array([move in turn.moves for move in MOVES]))
            call_of.append(number)
            contexts.append(Context(turn.text, tuple(clauses), customer_before(before), tuple(before)))
    flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in rows])
    starts = np.cumsum([0, *(len(row) for row in rows)])
    sparse = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, starts), shape=(len(rows), extractor.layout.size))
    return Material(
        sparse,
        np.array(labels),
        np.array(turn_of),
        np.array(sentence_of),
        np.array(gold),
        np.array(call_of),
        tuple(contexts),
    )


def _label(clause: Clause, spans: Sequence[Span]) -> npt.NDArray[np.float32]:
    """A clause makes the moves of every span that it shares two characters with (or all of the shorter one)."""
    moves: set[MoveId] = set()
    for span in spans:
        shared = min(span.end, clause.end) - max(span.start, clause.start)
        if shared > 0 and shared >= min(2, clause.end - clause.start, span.end - span.start):
            moves.update(span.moves)
    return np.array([move in moves for move in MOVES], dtype=np.float32)


def scales(layout: Layout, level: Level) -> npt.NDArray[np.float32]:
    """The scale of every feature at a level, by its block."""
    scale = np.zeros(layout.size, dtype=np.float32)
    for name, (start, end) in layout.blocks.items():
        scale[start:end] = level.scales.get(name, 0.0)
    return scale


def grouped(rows: Any, labels: Scores, unit_of: Ints) -> tuple[Any, Scores]:
    """Rows and labels of larger units: what any of their clauses shows."""
    from scipy.sparse import csr_matrix

    numbers, at = np.unique(unit_of, return_inverse=True)
    ones = np.ones(len(at), dtype=np.float32)
    gather = csr_matrix((ones, (at, np.arange(len(at)))), shape=(len(numbers), len(at)))
    merged = (gather @ rows).tocsr()
    merged.data[:] = 1
    return merged, (gather @ labels > 0).astype(np.float32)


def fit(rows: Any, labels: Scores, scale: npt.NDArray[np.float32], strength: float) -> tuple[Scores, Scores]:
    """Ridge regression of all moves at once with squared hinge loss. Returns matrix and bias. Deterministic."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]
    from scipy.sparse import diags

    used = np.flatnonzero((scale > 0) & (np.asarray(rows.sum(axis=0)).ravel() > 0))
    scaled = (rows[:, used] @ diags(scale[used])).tocsr().astype(np.float32)
    turned = scaled.T.tocsr()
    features, moves = scaled.shape[1], labels.shape[1]
    cut = features * moves
    sign = 2 * labels - 1

    def loss(point: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        matrix = point[:cut].reshape(features, moves).astype(np.float32)
        short = np.maximum(0, 1 - sign * (scaled @ matrix + point[cut:].astype(np.float32)))
        value = float((short * short).sum() + 0.5 * strength * (matrix * matrix).sum())
        slope = -2 * sign * short
        return value, np.concatenate([(turned @ slope + strength * matrix).ravel(), slope.sum(axis=0)]).astype(
            np.float64
        )

    start = np.zeros(cut + moves)
    start[cut:] = -1
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 6}).x
    matrix = np.zeros((rows.shape[1], moves), dtype=np.float32)
    matrix[used] = best[:cut].reshape(features, moves).astype(np.float32) * scale[used, None]
    return matrix, best[cut:].astype(np.float32)


def _fit_level(task: tuple[Any, Scores, Ints, npt.NDArray[np.float32], Level]) -> tuple[Scores, Scores]:
    rows, labels, unit_of, scale, level = task
    merged, merged_labels = grouped(rows, labels, unit_of)
    matrix, bias = fit(merged, merged_labels, scale, level.strength)
    return matrix * level.weight, bias * level.weight


@dataclass(frozen=True)
class Trained:
    """The weights by level, and scores of every clause by models that never saw its call."""

    matrices: Scores
    bias: Scores
    held_scores: Scores
    fold_of: Ints


def trained(data: Material, layout: Layout, *, final: bool = True) -> Trained:
    """Fits every level on every fold, and (`final`) on everything. Two processes share the work."""
    order = np.random.RandomState(0).permutation(int(data.call_of.max()) + 1)
    fold_of: Ints = (order % FOLDS)[data.call_of]
    clause_fold = fold_of[data.turn_of]
    parts = [clause_fold != fold for fold in range(FOLDS)] + ([np.ones(len(clause_fold), dtype=bool)] if final else [])
    tasks = [
        (data.rows[part], data.labels[part], data.units(level)[part], scales(layout, level), level)
        for part in parts
        for level in LEVELS
    ]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        fitted = list(pool.map(_fit_level, tasks))
    held = np.zeros_like(data.labels)
    for number, (matrix, bias) in enumerate(fitted[: FOLDS * len(LEVELS)]):
        fold, level = divmod(number, len(LEVELS))
        away = clause_fold == fold
        _, at = np.unique(data.units(LEVELS[level])[away], return_inverse=True)
        rows, _ = grouped(data.rows[away], data.labels[away], data.units(LEVELS[level])[away])
        held[away] += (rows @ matrix + bias)[at]
    last = fitted[FOLDS * len(LEVELS) :]
    nothing = np.zeros((0, 0, 0), dtype=np.float32)
    matrices = np.stack([matrix for matrix, _ in last]) if final else nothing
    return Trained(matrices, sum((bias for _, bias in last), np.zeros(len(MOVES), dtype=np.float32)), held, fold_of)


def by_turn(scores: Scores, turn_of: Ints, turns: int) -> Scores:
    """The best score of each move in each turn."""
    best = np.full((turns, scores.shape[1]), -30, dtype=np.float32)
    np.maximum.at(best, turn_of, scores)
    return best


def thresholds(best: Scores, gold: Bools) -> Scores:
    """For each move the score above which it counts as found: best F over the turns, recall a little dearer for faults and feeling.

    Counts are blurred and thresholds drawn half-way to their median, for a rare move's own optimum is mostly chance.
    """
    grid = np.linspace(-2.5, 1.5, 81, dtype=np.float32)
    cuts = np.zeros(best.shape[1], dtype=np.float32)
    for column, move in enumerate(MOVES):
        dear = 1.25 if move in FAULTS | FEELING else 1.0
        near = best[:, column] > -5
        found = 1 / (1 + np.exp(-np.clip((best[near, column][None, :] - grid[:, None]) / BLUR, -30, 30)))
        hits = found[:, gold[near, column]].sum(axis=1)
        f = (1 + dear) * hits / (found.sum(axis=1) + dear * max(1, gold[:, column].sum()))
        cuts[column] = grid[int(f.argmax())]
    blended: Scores = ((cuts + np.median(cuts)) / 2).astype(np.float32)
    blended[~gold.any(axis=0)] = NEVER
    return blended


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
    data, layout = _prepared(calls)
    result = trained(data, layout, final=False)
    scores, fold_of = result.held_scores.copy(), result.fold_of
    best = by_turn(scores, data.turn_of, len(data.gold))
    for fold in range(FOLDS):
        scores[(fold_of == fold)[data.turn_of]] -= thresholds(best[fold_of != fold], data.gold[fold_of != fold])
    return decided(scores, data), data.gold


def train(folder: Path) -> Weights:
    """The weights for all calls of a folder, thresholds by cross-validation. Raises InputError for faults in the files."""
    calls = read_folder(folder)
    data, layout = _prepared(calls)
    result = trained(data, layout)
    cuts = thresholds(by_turn(result.held_scores, data.turn_of, len(data.gold)), data.gold)
    known, short = vocabulary(calls)
    return Weights.packed(known, short, result.matrices, result.bias - cuts, corpus_hash(folder.glob("*.txt")))


def _prepared(calls: Sequence[LabelledCall]) -> tuple[Material, Layout]:
    extractor = Extractor(*vocabulary(calls))
    return material(calls, extractor), extractor.layout
