"""Agreement between two sets of answers, with intervals, in own code: a check has few gold answers, and few is said plainly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964
Pair = tuple[str, str]
"""What is expected, and what was answered."""


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a share. Unlike the textbook interval it does not shrink to a point at 0 or 1.

    Raises:
        ValueError: nothing was counted.
    """
    if of < 1 or not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")
    share = hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class Agreement:
    """Cohen's kappa and what it is made of. `kappa` is None when both sides always gave one and the same answer: chance alone
    would agree as well, and the share of agreement is all there is to say.

    `low` and `high` (95 %) carry the Wilson interval of the share over to kappa, chance agreement taken as it was found.
    """

    n: int
    agree: int
    kappa: float | None
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        return self.agree / self.n if self.n else None


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """Agreement of the pairs in which both sides decided."""
    known: Sequence[Pair] = list(pairs)
    n = len(known)
    agree = sum(expected == found for expected, found in known)
    if not n:
        return Agreement(0, 0, None, None, None)
    expected, found = Counter(pair[0] for pair in known), Counter(pair[1] for pair in known)
    by_chance = sum(expected[answer] * found[answer] for answer in expected) / (n * n)
    if by_chance == 1:
        return Agreement(n, agree, None, None, None)
    low, high = wilson(agree, n)

    def over_chance(share: float) -> float:
        return (share - by_chance) / (1 - by_chance)

    return Agreement(n, agree, over_chance(agree / n), over_chance(low), over_chance(high))


def ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in order[start : end + 1]:
            found[at] = (start + end) / 2 + 1
        start = end + 1
    return found


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Rank correlation; None when one side has only one value or there are fewer than three."""
    if len(one) != len(other):
        raise ValueError("two lists of one length are needed")
    if len(one) < 3:
        return None
    first, second = ranks(one), ranks(other)
    middle = (len(one) + 1) / 2
    spread = sqrt(sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second))
    return sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True)) / spread if spread else None
