"""Steps in order (先…再…): the longest chain of them that a call holds, and the step that is missing."""

from __future__ import annotations

from collections.abc import Iterable

from coach.content.moves import MoveId
from coach.content.rubric import Sequence
from coach.grading.heard import Said
from coach.records.grade import Evidence

Place = tuple[tuple[int, int], Evidence]


def longest_chain(rule: Sequence, spoken: Iterable[Said]) -> list[Evidence]:
    """The words of as many steps in order as there are; of chains of a length the one that ends earliest."""
    turns = list(spoken)
    chains: list[list[Place]] = [[]]
    """By length: the chain of that many steps that ends earliest."""
    for step in rule.steps:
        places = [(said.place(found), said.evidence(found)) for said in turns for found in said.shows(step)]
        for length in range(len(chains), 0, -1):
            before = chains[length - 1]
            after = [place for place in places if not before or place[0] >= before[-1][0]]
            if not after:
                continue
            longer = [*before, min(after, key=lambda place: place[0])]
            if length == len(chains):
                chains.append(longer)
            elif longer[-1][0] < chains[length][-1][0]:
                chains[length] = longer
    return [evidence for _, evidence in chains[-1]]


def missing_step(rule: Sequence, chain: Iterable[Evidence]) -> tuple[MoveId, ...]:
    """The moves of the first step that the chain leaves out; of the last step when all are in it."""
    shown = {item.move for item in chain}
    return next((step for step in rule.steps if shown.isdisjoint(step)), rule.steps[-1])
