"""How much two short sentences say the same, by the pairs of letters they share. For lints and near-duplicates."""

from __future__ import annotations

import re

_NOISE = re.compile(r"坐席|客服|客户|有没有|是不是|[，。？?、：；！“”「」]")
"""What every question and every rule has, and signs."""


def alike(one: str, other: str) -> float:
    """Share of letter pairs in common, from 0 to 1."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def _pairs(text: str) -> set[str]:
    plain = _NOISE.sub("", text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
