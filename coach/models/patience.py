"""How long a request may take and how often it is sent again: one place for every way to a model.

`Deadlines` are the limits in seconds that clients are given. Somebody who waits at the page gets a few quick tries (`Tries`);
a batch has time, and `TRIES` and `pause_before` say how often and after which pause it asks again.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from coach.errors import (
    CoachError,
    ModelAnswerInvalid,
    ModelCutOff,
    ModelError,
    ModelRateLimited,
    ModelTimeout,
    ModelUnavailable,
)
from coach.settings import Settings

_CONNECT_S = 10.0
_GRACE_S = 1.0
"""So much longer than a client's own limit, which counts from byte to byte: this ends an answer that trickles for ever."""
_ASKED_S = 5.0
"""The longest wait a provider may ask for that is spent at the page; longer ones are the caller's to decide."""
TRIES: dict[type[ModelError], int] = {
    ModelRateLimited: 10,
    ModelUnavailable: 6,
    ModelTimeout: 3,
    ModelCutOff: 2,
    ModelAnswerInvalid: 2,
}
"""How often a batch sends a request in all, by what went wrong; anything else is final at once."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60.0


@dataclass(frozen=True)
class Deadlines:
    """Seconds: between two bytes of an answer, for connecting, and for the whole answer."""

    answer: float
    connect: float
    whole: float

    @classmethod
    def of(cls, settings: Settings) -> Deadlines:
        seconds = settings.timeout_s
        return cls(seconds, min(_CONNECT_S, seconds), seconds + _GRACE_S)


def asked_wait(error: CoachError) -> float | None:
    """The seconds that the provider asked for (Retry-After); None when it asked for none."""
    return error.retry_after_s if isinstance(error, ModelRateLimited) else None


def most_tries(error: ModelError) -> int:
    """How often a batch sends a request that failed like this, in all."""
    return next((count for kind, count in TRIES.items() if isinstance(error, kind)), 1)


def pause_before(tries: int, chance: random.Random) -> float:
    """Seconds before a batch asks again after so many tries: twice as long each time, with jitter."""
    ceiling: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (tries - 1))
    return chance.uniform(0.5, 1.0) * ceiling


@dataclass
class Tries:
    """Second chances at the page for faults that pass by themselves: a busy server, a lost connection, a short wait asked for."""

    left: int
    pause_s: float = 0.4

    async def again(self, error: CoachError) -> bool:
        """True, after a pause, when the request is worth repeating. A timeout isn't: it has cost its patience."""
        if self.left == 0 or not isinstance(error, ModelUnavailable | ModelRateLimited):
            return False
        asked = asked_wait(error)
        if asked is not None and asked > _ASKED_S:
            return False
        await asyncio.sleep(asked if asked is not None else self.pause_s)
        self.left, self.pause_s = self.left - 1, self.pause_s * 2
        return True
