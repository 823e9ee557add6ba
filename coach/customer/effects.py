"""How much each move changes a customer, as one table that a trainer can read and argue with.

Figures are points on scales from 0 to 100 for heat 情绪, trust 信任, patience 耐心, before the persona's own factors.
They are design decisions of ours, not measurements; the persona acceptance test (scripted trainees) holds them together.
"""

from __future__ import annotations

from typing import NamedTuple

from coach.content.moves import MoveId as M


class Effect(NamedTuple):
    heat: float
    trust: float
    patience: float


FEELING: dict[M, Effect] = {
    M.APOLOGISE: Effect(-7, 3, 0),
    M.EMPATHISE: Effect(-13, 6, 3),
    M.ACKNOWLEDGE: Effect(-2, 1, 0),
    M.PRAISE: Effect(-3, 2, 0),
    M.RAPPORT: Effect(-3, 3, 1),
    M.CARE: Effect(-3, 4, 2),
    M.OWN_FAULT: Effect(-8, 7, 2),
    M.RESTATE: Effect(-5, 6, 3),
    M.TAKE_NOTE: Effect(-2, 3, 2),
    M.THANK: Effect(-1, 1, 0),
}
"""Work at any heat, and wear off with use (C2, C4, D2)."""

PLAIN: dict[M, Effect] = {
    M.GREET: Effect(0, 1, 0),
    M.IDENTIFY: Effect(0, 3, 0),
    M.VERIFY: Effect(0, 0, -1),
    M.CLARIFY: Effect(0, 2, 0),
    M.ASK_OPEN: Effect(0, 3, 1),
    M.ASK_CLOSED: Effect(0, 1, 0),
    M.ASK_IMPACT: Effect(-2, 2, 1),
    M.ASK_SOLUTION: Effect(-1, 2, 2),
    M.NARRATE: Effect(-2, 3, 6),
    M.INFORM: Effect(0, 1, 0),
    M.YARDSTICK: Effect(-1, 4, 1),
    M.ESCALATE: Effect(-2, 2, 2),
    M.DECLINE: Effect(3, -1, -2),
    M.SET_BOUNDARY: Effect(6, -5, -5),
    M.WARN: Effect(14, -12, -10),
}
"""Work the same at any heat. A boundary set to a proper customer is an affront."""

LANDED: dict[M, Effect] = {
    M.EXPLAIN: Effect(-2, 5, 1),
    M.REFRAME: Effect(-4, 5, 2),
    M.BENEFIT: Effect(0, 2, 0),
    M.OFFER: Effect(-4, 6, 3),
    M.CHOICE: Effect(-3, 4, 3),
    M.COMMIT: Effect(-4, 6, 4),
    M.GUIDE: Effect(0, 1, 0),
}
"""When heat is below what this customer can hear at."""

TOO_EARLY: dict[M, Effect] = {
    M.EXPLAIN: Effect(2, 0, -3),
    M.REFRAME: Effect(4, -2, -3),
    M.BENEFIT: Effect(3, -2, -3),
    M.OFFER: Effect(4, -1, -7),
    M.CHOICE: Effect(2, 0, -3),
    M.COMMIT: Effect(0, 1, -2),
    M.GUIDE: Effect(4, -2, -5),
}
"""The same moves while the feeling stands unanswered (C4 先处理心情, 再处理事情)."""

FAULT: dict[M, Effect] = {
    M.BLAME_CUSTOMER: Effect(12, -12, -9),
    M.DENY: Effect(10, -12, -9),
    M.ARGUE: Effect(10, -9, -9),
    M.COLD_POLICY: Effect(8, -8, -8),
    M.COMMAND: Effect(7, -6, -7),
    M.IGNORE_FEELING: Effect(6, -4, -7),
    M.JARGON_DUMP: Effect(2, -3, -9),
    M.FORBIDDEN: Effect(9, -8, -9),
    M.ASK_AGAIN: Effect(5, -3, -9),
    M.INTERROGATE: Effect(5, -4, -7),
    M.BRUSH_OFF: Effect(8, -9, -11),
    M.INSULT: Effect(22, -20, -18),
    M.FALSE_PROMISE: Effect(-10, 6, 5),
}
"""False promises please for now: that is what makes them tempting (I4)."""

WEAR = (1.0, 0.6, 0.3, 0.0)
"""Share of a feeling move's effect at its first, second, third, later use in a call."""

TIRED_OF_SORRY_AFTER = 2
"""From the third apology on, an apology with nothing behind it costs patience."""

TURN_COSTS_PATIENCE = 2
DODGE = Effect(4, -4, -10)
"""A turn without anything usable: one word, a filler, silence."""
WAIT_FREE_S = 60.0
WAIT_FREE_ANNOUNCED_S = 150.0
"""Seconds a customer waits without cost; longer when the wait was announced (G5, G6)."""
WAIT_COST_PER_10_S = 2.0
WAIT_COST_MAX = 16.0
ASKED_TWICE = Effect(2, -2, -6)
TIRED = Effect(3, -3, -9)
ANSWERED = Effect(-3, 5, 5)
OUT_OF_PLAY = Effect(2, -4, -6)
TRAP = Effect(-22, 16, 12)
FED = Effect(8, 0, 4)
"""A harassing caller who is pleaded with."""

DIFFICULTY: dict[str, tuple[int, int, float, float]] = {
    "gentle": (-12, 15, 0.8, 1.15),
    "standard": (0, 0, 1.0, 1.0),
    "hard": (8, -12, 1.2, 0.85),
}
"""Heat and patience added at the start; factors on rises and falls of heat."""
