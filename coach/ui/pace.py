"""The pace of a customer's line on the page: like speech, and never more frames than a browser should get."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from coach.customer.voice import Piece
from coach.practice import Event

FRAME_S = 0.06
"""Shortest time between two frames in seconds (each costs the server about half a millisecond)."""
CHARS = 3
"""Characters a frame adds when words come faster than speech (authored lines come whole): about 50 a second."""


async def paced(events: AsyncIterator[Event]) -> AsyncGenerator[Event, None]:
    """The same events; a Piece now holds the whole line so far, at most one a frame."""
    said, waiting = "", ""
    loop = asyncio.get_running_loop()
    due = 0.0
    async with aclosing(events) as source:  # type: ignore[type-var]
        async for event in source:
            if not isinstance(event, Piece):
                yield event
                continue
            waiting += event.text
            while len(waiting) > CHARS or (waiting and loop.time() >= due):
                await asyncio.sleep(max(0.0, due - loop.time()))
                said, waiting = said + waiting[:CHARS], waiting[CHARS:]
                due = loop.time() + FRAME_S
                yield Piece(said)
