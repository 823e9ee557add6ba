"""The reading rules: where definitions of moves leave room, one reading for all. They work on scores (found = above 0)."""

from __future__ import annotations

from dataclasses import dataclass

from coach.records.call import Speaker
from coach.understanding.clauses import Clause
from coach.understanding.linear import Scores


@dataclass(frozen=True, slots=True)
class Context:
    """A turn's clauses, the customer line before it, and everything said before."""

    clauses: tuple[Clause, ...]
    customer: str
    before: tuple[tuple[Speaker, str], ...]


def read(scores: Scores, context: Context) -> Scores:
    """Scores after the rules."""
    return scores
