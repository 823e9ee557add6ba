"""One browser of a test of the handlers: what it remembers, and what its page shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from page_fakes import Played

from coach.records.call import Call
from coach.settings import Settings
from coach.ui.actions import Actions
from coach.ui.desk import Desk, Shown
from coach.ui.memory import Memory
from coach.ui.viewer import Viewer
from coach.ui.visitor import Visitor

PAIR = {"do": "start", "persona": "furious_complainer", "case": "broadband_no_show"}


class Visit:
    """One browser: what it remembers, and what its page shows."""

    def __init__(self, played: Played, settings: Settings, viewer: Viewer | None = None) -> None:
        self.played = played
        self.viewer = viewer or Viewer()
        self.actions = Actions(Desk(played.practice, settings))
        self.memory = Memory()
        self.page: Shown = {}
        self.language = "zh"

    async def _follow(self, frames: AsyncIterator[Shown]) -> list[Shown]:
        seen = []
        async for frame in frames:
            seen.append(frame)
            self.page = {**self.page, **frame}
            if "memory" in frame:
                self.memory = Memory.read(frame["memory"])
        return seen

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.memory, self.memory.language or self.language, self.viewer)

    async def arrive(self) -> list[Shown]:
        return await self._follow(self.actions.arrive(self.visitor))

    async def press(self, **sent: str) -> list[Shown]:
        return await self._follow(self.actions.do(self.visitor, sent))

    async def say(self, text: str) -> list[Shown]:
        return await self._follow(self.actions.calling.say(self.visitor, text))

    async def to_report(self) -> list[Shown]:
        """Hangs up and goes past the work order."""
        await self.press(do="hang_up")
        return await self.press(do="report", skip="yes")

    @property
    def call(self) -> Call:
        return self.played.store.call(self.memory.call)


def written(path: str) -> str:
    """The file that the page offers."""
    return Path(path).read_text("utf-8")
