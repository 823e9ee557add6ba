"""The reading rules: where definitions of moves leave room, one reading for all.

They work on a turn's scores (a line a clause, a column a move, found = above 0). The classifier learns most of this by
itself; the rules hold what must never be otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.content.moves import MoveId
from coach.records.call import Speaker
from coach.understanding.clauses import Clause
from coach.understanding.feeling import feeling
from coach.understanding.linear import MOVES, Scores
from coach.understanding.plain_words import (
    Heated,
    asks_plainly,
    back_to_the_matter,
    denies,
    heated,
    may_ask_plainly,
    may_promise,
    names_oneself,
    promises,
)

M = MoveId
Bools = npt.NDArray[np.bool_]
_NOT = float(np.float32(-1e-3))
"""Just below found: the clause may still lend its words to a neighbour's quote."""
_NEAR = float(np.float32(-1.2))
"""A form or layer that is missing beside its partner is added from this score on."""


@dataclass(frozen=True, slots=True)
class Context:
    """A turn, its clauses, the customer line before it, and everything said before."""

    text: str
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
_COMMAND, _BOUNDARY, _ARGUE, _INSULT = _columns(M.COMMAND, M.SET_BOUNDARY, M.ARGUE, M.INSULT)
_BOUNDARIES = _columns(M.SET_BOUNDARY, M.WARN, M.END_BY_RULE)
_NO_QUARREL = [_ARGUE, _INSULT, _COMMAND]
_ENDINGS = _columns(M.WARN, M.END_BY_RULE)
_NO_BUSINESS = [*_FORMS, *_LAYERS, _IGNORE, _BOUNDARY]
_BESIDE_NO_INSULT = [*_BOUNDARIES, *_FORMS, *_LAYERS, _IGNORE, *_columns(M.INFORM)]
_GREET, _IDENTIFY, _DENY = _columns(M.GREET, M.IDENTIFY, M.DENY)
_GREETING = re.compile(
    r"(喂|嗯|哎)?[，,、 ]?([您你]好(?![好像不])|早上好|上午好|中午好|下午好|晚上好|新年好|(尊敬|亲爱)的.{0,6}您?好|亲.{0,2}您好|hello)",
    re.IGNORECASE,
)


def read(scores: Scores, context: Context) -> Scores:
    """Scores of one turn after the rules."""
    return read_all(scores, [context])


def read_all(scores: Scores, contexts: Sequence[Context]) -> Scores:
    """Scores of several turns after the rules, each turn with at least one clause, one turn after the other."""
    sizes = [len(context.clauses) for context in contexts]
    turn_of = np.repeat(np.arange(len(contexts)), sizes)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    said = ["，".join(clause.text for clause in context.clauses) for context in contexts]
    opens = np.array([not any(speaker is Speaker.TRAINEE for speaker, _ in context.before) for context in contexts])
    scores = np.array(scores)
    # promises and names are said in words: company and number may stand in two clauses, an oath beside what is sworn
    sworn = [may_promise(context.text) and promises(words) for context, words in zip(contexts, said, strict=True)]
    _drop(scores, ~np.array(sworn)[turn_of], [_FALSE])
    _drop(scores, ~np.array([names_oneself(words) for words in said])[turn_of], [_IDENTIFY])
    _drop(scores, ~np.array([denies(words) for context in contexts for words in _sentences(context)]), [_DENY])
    for at, context in zip(starts.tolist(), contexts, strict=True):
        asks = heated(context.text)
        if asks is not None:
            _calming_and_bounding(scores[at : at + len(context.clauses)], context, asks)
    plain = np.array([asked for context in contexts for asked in _asking_plainly(context)])
    _drop(scores, plain & (scores[:, _LAYERS] > 0).any(axis=1), _NO_QUARREL)
    # 「喂，什么事」 opens a call; nothing can be asked again yet
    _drop(scores, opens[turn_of], _ASK_AGAIN)
    _questions(scores)
    for shown, columns in ((_FALSE, _NOT_IN_FALSE), (_COLD, _NOT_IN_COLD), (_EMPATHISE, _ACKNOWLEDGE)):
        _drop(scores, scores[:, shown] > 0, columns)
    scores = scores.astype(np.float32)

    def anywhere(columns: list[int]) -> Bools:
        """For each clause, whether its turn shows one of these moves."""
        found: Bools = np.logical_or.reduceat((scores[:, columns] > 0).any(axis=1), starts)[turn_of]
        return found

    _drop(scores, anywhere([_JARGON]), _NOT_BESIDE_JARGON)
    calm = np.array([not feeling(context.customer).upset for context in contexts])
    _drop(scores, anywhere(_SOOTHING) | calm[turn_of], [_IGNORE])
    for at, context, first in zip(starts, contexts, opens, strict=True):
        # a courteous word at the very beginning of what the trainee says first is a greeting, whatever follows
        if first and _GREETING.match(context.clauses[0].text):
            scores[at, _GREET] = max(scores[at, _GREET], -_NOT)
    return scores


def _asking_plainly(context: Context) -> list[bool]:
    if not may_ask_plainly(context.text):
        return [False] * len(context.clauses)
    return [asks_plainly(clause.text) for clause in context.clauses]


def _sentences(context: Context) -> list[str]:
    """For each clause the words of its sentence."""
    words: dict[int, str] = {}
    for clause in context.clauses:
        words[clause.sentence] = words.get(clause.sentence, "") + clause.text
    return [words[clause.sentence] for clause in context.clauses]


def _calming_and_bounding(scores: Scores, context: Context, asks: Heated) -> None:
    """「您别骂人，有什么事好好说」 is a boundary and no quarrel; 「您冷静一下」 to somebody who abused nobody orders them about, and
    is neither a boundary nor a question nor business. `scores`: a turn's clauses, changed in place.
    """
    named = ordered = False
    for clause, said in zip(scores, context.clauses, strict=True):
        if asks.abuses(said.text):
            clause[_INSULT] = max(clause[_INSULT], -_NOT)
            clause[_BESIDE_NO_INSULT] = np.minimum(clause[_BESIDE_NO_INSULT], _NOT)
            continue
        names = asks.names_abuse(said.text)
        bounded = bool((clause[_BOUNDARIES] > 0).any())
        if names and not bounded:
            clause[_BOUNDARY] = -_NOT
        named = named or names
        if names or (named and back_to_the_matter(said.text)):
            clause[_NO_QUARREL] = np.minimum(clause[_NO_QUARREL], _NOT)
        elif (asks.tells_to_calm_down(said.text) or asks.reproves_manners(said.text)) and not (
            (clause[_ENDINGS] > 0).any() or (bounded and _abused(context))
        ):
            clause[_COMMAND] = max(clause[_COMMAND], -_NOT)
            clause[_NO_BUSINESS] = np.minimum(clause[_NO_BUSINESS], _NOT)
            ordered = True
    if ordered and not named and not _abused(context):  # 「请您冷静下来，有业务您请讲」: nothing there to set bounds to
        _drop(scores, np.ones(len(scores), bool), [_BOUNDARY])


def _abused(context: Context) -> bool:
    """Whether the customer has been out of bounds so far."""
    return any(speaker is Speaker.CUSTOMER and feeling(text).has("harassed") for speaker, text in context.before)


def _questions(scores: Scores) -> None:
    """Form and layer go together, one of each; a question with a purpose of its own has neither."""
    presses = scores[:, _INTERROGATE] > 0
    scores[presses, _CLOSED] = np.maximum(scores[presses, _CLOSED], -_NOT)
    purpose = scores[:, _OWN_PURPOSE].max(axis=1)
    own = purpose > 0
    for column in (*_FORMS, *_LAYERS):
        _drop(scores, own & (scores[:, column] < purpose), [column])
    _keep_best(scores, ~own & ~presses, _LAYERS)
    _keep_best(scores, ~own, _FORMS)
    rows = np.arange(len(scores))
    for known, missing in ((_FORMS, _LAYERS), (_LAYERS, _FORMS)):
        best = np.array(missing)[scores[:, missing].argmax(axis=1)]
        near = scores[rows, best]
        lacks = ~own & (scores[:, known].max(axis=1) > 0) & (near > _NEAR) & (near <= 0)
        scores[rows[lacks], best[lacks]] = -_NOT


def _keep_best(scores: Scores, where: Bools, columns: list[int]) -> None:
    best = np.array(columns)[scores[:, columns].argmax(axis=1)]
    for column in columns:
        _drop(scores, where & (best != column), [column])


def _drop(scores: Scores, where: Bools, columns: list[int]) -> None:
    """Not found any more, in these clauses."""
    for column in columns:
        scores[where, column] = np.minimum(scores[where, column], _NOT)
