"""Gradio's log-in against the users table, slow enough that passwords can't be guessed."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from coach.storage.users import Users, name_key

FREE = 5
"""Wrong passwords in a row before one has to wait."""
FIRST_WAIT_S, LONGEST_WAIT_S = 60.0, 900.0
"""The wait after them; it doubles with every further one."""
FORGOTTEN_S = 3600.0
REFUSAL_S = 0.5
"""A refusal takes at least this long, whatever it was refused for."""
AT_A_TIME = 2
"""Passwords checked at a time: each takes 64 MiB."""
NAMES_KEPT = 10000


@dataclass
class _Tries:
    wrong: int = 0
    last: float = 0.0
    closed_until: float = 0.0


class Login:
    """Checks names and passwords. An unknown name, a wrong password and a closed name get the same answer."""

    def __init__(self, users: Users, clock: Callable[[], float] = time.monotonic, refusal_s: float = REFUSAL_S) -> None:
        self._users = users
        self._clock = clock
        self._refusal_s = refusal_s
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._checking = asyncio.Semaphore(AT_A_TIME)

    async def check(self, name: str, password: str) -> bool:
        """Whether this person may come in."""
        begun = time.monotonic()
        key = name_key(name)
        if self._may_try(key):
            async with self._checking:
                user = await asyncio.to_thread(self._users.verify, name, password)
            if user is not None:
                self._tries.pop(key, None)
                return True
        await asyncio.sleep(max(0.0, self._refusal_s - (time.monotonic() - begun)))
        return False

    def _may_try(self, key: str) -> bool:
        """Counts the try before it is made, so that many at once gain nothing."""
        now = self._clock()
        tries = self._tries.setdefault(key, _Tries())
        self._tries.move_to_end(key)
        while len(self._tries) > NAMES_KEPT:
            self._tries.popitem(last=False)
        if now < tries.closed_until:
            return False
        if now - tries.last > FORGOTTEN_S:
            tries.wrong = 0
        tries.wrong, tries.last = tries.wrong + 1, now
        if tries.wrong >= FREE:
            tries.closed_until = now + min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (tries.wrong - FREE))
        return True
