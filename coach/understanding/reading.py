"""The reading rules: where definitions of moves leave room, one reading for all.

They work on a turn's scores (a line a clause, a column a move, found = above 0). The classifier learns most of this by
itself; the rules hold what must never be otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from coach.content.moves import MoveId
from coach.records.call import Speaker
from coach.understanding.clauses import Clause
from coach.understanding.feeling import feeling
from coach.understanding.linear import MOVES, Scores
from coach.understanding.plain_words import names_oneself, promises

M = MoveId
Row = list[float]
"""Scores of one clause: plain numbers are quicker to look at one by one."""
_NOT = float(np.float32(-1e-3))
"""Just below found: the clause may still lend its words to a neighbour's quote."""
_NEAR = float(np.float32(-1.2))
"""A form or layer that is missing beside its partner is added from this score on."""


@dataclass(frozen=True, slots=True)
class Context:
    """A turn's clauses, the customer line before it, and everything said before."""

    clauses: tuple[Clause, ...]
    customer: str
    before: tuple[tuple[Speaker, str], ...]


def _columns(*moves: MoveId) -> list[int]:
    return [MOVES.index(move) for move in moves]


_FORMS = _columns(M.ASK_OPEN, M.ASK_CLOSED)
_LAYERS = _columns(M.ASK_INFO, M.ASK_PROBLEM, M.ASK_IMPACT, M.ASK_SOLUTION)
_CLOSED = MOVES.index(M.ASK_CLOSED)
_INTERROGATE, _IGNORE, _JARGON = _columns(M.INTERROGATE, M.IGNORE_FEELING, M.JARGON_DUMP)
_FALSE, _COLD, _EMPATHISE = _columns(M.FALSE_PROMISE, M.COLD_POLICY, M.EMPATHISE)
_OWN_PURPOSE = _columns(M.VERIFY, M.CHECK_OPEN, M.ASK_AGAIN, M.CHOICE, M.RESTATE)
_SOOTHING = _columns(M.APOLOGISE, M.EMPATHISE, M.OWN_FAULT)
_NOT_IN_FALSE = _columns(M.COMMIT, M.OFFER, M.CHOICE)
_NOT_IN_COLD = _columns(M.DECLINE, M.APOLOGISE)
_NOT_BESIDE_JARGON = _columns(M.INFORM, M.EXPLAIN)
_ACKNOWLEDGE = _columns(M.ACKNOWLEDGE)
_ASK_AGAIN = _columns(M.ASK_AGAIN)
_GREET, _IDENTIFY = _columns(M.GREET, M.IDENTIFY)
_GREETING = re.compile(
    r"(喂|嗯|哎)?[，,、 ]?(您好|你好|早上好|上午好|中午好|下午好|晚上好|新年好|(尊敬|亲爱)的.{0,6}您?好|亲.{0,2}您好|hello)",
    re.IGNORECASE,
)


def read(scores: Scores, context: Context) -> Scores:
    """Scores after the rules."""
    clauses: list[Row] = scores.tolist()
    first = not _spoke_before(context)
    _without_words(clauses, context)
    for clause in clauses:
        if first:
            # 「喂，什么事」 opens a call; nothing can be asked again yet
            _drop(clause, _ASK_AGAIN)
        _questions(clause)
        if clause[_FALSE] > 0:
            _drop(clause, _NOT_IN_FALSE)
        if clause[_COLD] > 0:
            _drop(clause, _NOT_IN_COLD)
        if clause[_EMPATHISE] > 0:
            _drop(clause, _ACKNOWLEDGE)
    scores = np.array(clauses, dtype=np.float32)
    if (scores[:, _JARGON] > 0).any():
        scores[:, _NOT_BESIDE_JARGON] = np.minimum(scores[:, _NOT_BESIDE_JARGON], _NOT)
    if (scores[:, _SOOTHING] > 0).any() or not feeling(context.customer).upset:
        scores[:, _IGNORE] = np.minimum(scores[:, _IGNORE], _NOT)
    _opens(scores, context)
    return scores


def _without_words(clauses: list[Row], context: Context) -> None:
    """Promises and names are said in words: company and number may stand in two clauses, an oath beside what is sworn."""
    whole = "，".join(clause.text for clause in context.clauses)
    for column, said in ((_FALSE, promises(whole)), (_IDENTIFY, names_oneself(whole))):
        if not said:
            for clause in clauses:
                _drop(clause, (column,))


def _spoke_before(context: Context) -> bool:
    return any(speaker is Speaker.TRAINEE for speaker, _ in context.before)


def _opens(scores: Scores, context: Context) -> None:
    """A courteous word at the very beginning of what the trainee says first is a greeting, whatever follows."""
    if not _spoke_before(context) and _GREETING.match(context.clauses[0].text):
        scores[0, _GREET] = max(scores[0, _GREET], -_NOT)


def _questions(clause: Row) -> None:
    """Form and layer go together, one of each; a question with a purpose of its own has neither."""
    if clause[_INTERROGATE] > 0:
        clause[_CLOSED] = max(clause[_CLOSED], -_NOT)
    purpose = max(clause[column] for column in _OWN_PURPOSE)
    if purpose > 0:
        _drop(clause, [column for column in (*_FORMS, *_LAYERS) if clause[column] < purpose])
        return
    if clause[_INTERROGATE] <= 0:
        _keep_best(clause, _LAYERS)
    _keep_best(clause, _FORMS)
    for known, missing in ((_FORMS, _LAYERS), (_LAYERS, _FORMS)):
        best = max(missing, key=lambda column: clause[column])
        if max(clause[column] for column in known) > 0 and _NEAR < clause[best] <= 0:
            clause[best] = -_NOT


def _keep_best(clause: Row, columns: list[int]) -> None:
    best = max(columns, key=lambda column: clause[column])
    _drop(clause, [column for column in columns if column != best])


def _drop(clause: Row, columns: Iterable[int]) -> None:
    for column in columns:
        clause[column] = min(clause[column], _NOT)
