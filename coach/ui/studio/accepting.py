"""The acceptance test of a draft: seven scripted trainees in a thread of their own, with progress, until it ends or is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from coach.authoring.trying import judged_by, library_with, pair_of
from coach.authoring.unsaved import Draft
from coach.content.text import Strict
from coach.errors import CallState
from coach.records.call import Exercise
from coach.trial.acceptance import Acceptance, accept
from coach.trial.trainees import TRAINEES
from coach.ui.studio.bench import Bench
from coach.ui.studio.wording import studio_wording
from coach.wiring import build_offline

LOOK_S = 0.25
"""Seconds between two looks at how far it is."""


@dataclass
class Running:
    """One test that is going on."""

    done: list[str] = field(default_factory=list)
    """Trainees whose call has begun."""
    stopped: bool = False

    @property
    def total(self) -> int:
        return len(TRAINEES)

    def before(self, trainee: str) -> None:
        if self.stopped:
            both = studio_wording().languages("accept.was_stopped")
            raise CallState(both["zh"], both["en"])
        self.done.append(trainee)


@dataclass(frozen=True)
class Result:
    """What came out, and of which text."""

    text: str
    partner: str
    acceptance: Acceptance
    exercise: Exercise


class Accepting:
    """One test at a time for each draft; the last result is remembered while the program runs."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._running: dict[str, Running] = {}
        self._results: dict[str, Result] = {}

    def result(self, draft: Draft) -> Result | None:
        return self._results.get(draft.id)

    def stop(self, draft: Draft) -> None:
        """The test ends before its next call."""
        running = self._running.get(draft.id)
        if running is not None:
            running.stopped = True

    async def run(self, draft: Draft, item: Strict, partner: str) -> AsyncGenerator[Running, None]:
        """How far it is, again and again until it has ended; then `result` has it. Leaving stops the test.

        Raises:
            CallState: it was stopped, or is running already.
            NotFound: no such partner.
        """
        if draft.id in self._running:
            both = studio_wording().languages("accept.runs_already")
            raise CallState(both["zh"], both["en"])
        running = self._running[draft.id] = Running()
        task = asyncio.create_task(asyncio.to_thread(self._test, draft, item, partner, running))
        try:
            while not task.done():
                yield running
                await asyncio.wait({task}, timeout=LOOK_S)
            self._results[draft.id] = Result(draft.text, partner, *await task)
        finally:
            running.stopped = True
            if not task.done():
                await asyncio.shield(asyncio.wait({task}))
            self._running.pop(draft.id, None)

    def _test(self, draft: Draft, item: Strict, partner: str, running: Running) -> tuple[Acceptance, Exercise]:
        pair = pair_of(draft.kind, item, partner)
        library = judged_by(library_with(self._bench.shelf, item), item, pair)
        practice = build_offline(self._bench.settings, library)
        exercise = practice.exercise(*pair)
        return asyncio.run(accept(practice, exercise, before=running.before)), exercise
