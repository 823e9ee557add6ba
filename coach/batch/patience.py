"""A model that is asked at the pace a provider allows, again when a fault may pass, and no more when everything fails."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from coach.batch.control import BatchStopped, Control
from coach.errors import ModelAuthError, ModelError, ModelNotFound
from coach.models.patience import asked_wait, most_tries, pause_before
from coach.models.seam import ChatModel, Completion, Message

HOPELESS = (ModelAuthError, ModelNotFound)
GIVE_UP_HOPELESS, GIVE_UP = 3, 8
"""So many requests in a row that failed for good, and no success between, end the batch."""
_TOKENS_A_CHAR = 0.75
"""A guess for reserving tokens; the provider's own count corrects it."""
_GLANCE_S = 0.5


@dataclass(frozen=True)
class Limits:
    """`concurrency`: requests under way at a time; `rpm`, `tpm`: requests and tokens a minute (None: as fast as answers come)."""

    concurrency: int = 8
    rpm: float | None = None
    tpm: float | None = None


class _Pace:
    """Lets so much through a minute, evenly; a second's worth may come at once."""

    def __init__(self, per_minute: float) -> None:
        self._interval = 60.0 / per_minute
        self._free_at = 0.0

    def reserve(self, amount: float, now: float) -> float:
        """Seconds to wait before going ahead."""
        start = max(self._free_at, now - 1.0)
        self._free_at = start + amount * self._interval
        return max(0.0, start - now)

    def correct(self, amount: float) -> None:
        """More (or less) was used than reserved."""
        self._free_at += amount * self._interval


class PatientModel:
    """A ChatModel around another one."""

    def __init__(self, model: ChatModel, limits: Limits, control: Control, seed: int | None = None) -> None:
        self._model = model
        self._control = control
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._requests = _Pace(limits.rpm) if limits.rpm else None
        self._tokens = _Pace(limits.tpm) if limits.tpm else None
        self._quiet_until = 0.0
        self._lost_in_a_row = 0
        self._random = random.Random(seed)

    @property
    def name(self) -> str:
        return self._model.name

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float,
        max_tokens: int,
    ) -> Completion:
        guess = _TOKENS_A_CHAR * sum(len(message.content) for message in messages) + 400 if self._tokens else 0.0
        tries = 0
        while True:
            async with self._slots:
                await self._wait_for_turn(guess)
                self._control.progress.requests += 1
                try:
                    said = await self._model.complete(
                        messages, schema=schema, temperature=temperature, max_tokens=max_tokens
                    )
                except ModelError as error:
                    tries += 1
                    pause = self._after(error, tries)
                else:
                    self._took(said, guess)
                    return said
            self._control.progress.retries += 1
            await self._sleep(pause)

    def stream(self, messages: Sequence[Message], *, temperature: float, max_tokens: int) -> AsyncIterator[str]:
        return self._model.stream(messages, temperature=temperature, max_tokens=max_tokens)

    def _took(self, said: Completion, guess: float) -> None:
        self._lost_in_a_row = 0
        progress = self._control.progress
        progress.prompt_tokens += said.usage.prompt
        progress.completion_tokens += said.usage.completion
        progress.cached_tokens += said.usage.cached
        if self._tokens and said.usage.prompt:
            self._tokens.correct(said.usage.prompt + said.usage.completion - guess)

    def _after(self, error: ModelError, tries: int) -> float:
        """Seconds until the next try. Raises the error when there is none, and BatchStopped when all is lost."""
        asked = asked_wait(error)
        if asked is not None:
            # the provider means everybody, not just this request
            self._quiet_until = max(self._quiet_until, time.monotonic() + asked)
        if tries < most_tries(error):
            jitter = pause_before(tries, self._random)
            return jitter if asked is None else asked + 0.1 * jitter
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= (GIVE_UP_HOPELESS if isinstance(error, HOPELESS) else GIVE_UP):
            stopped = BatchStopped(
                f"接连 {self._lost_in_a_row} 次都失败，先停下来，不再白花请求。原因：{error.zh} 改好以后运行同一条命令，从这里接着评。",
                f"Stopped after {self._lost_in_a_row} failures in a row, so as not to burn the list. Cause: {error.en} "
                "Then run the same command; it goes on from here.",
            )
            self._control.fail(stopped)
            raise stopped
        raise error

    async def _wait_for_turn(self, tokens: float) -> None:
        if self._control.reason is not None:
            raise self._control.reason
        now = time.monotonic()
        pause = max(0.0, self._quiet_until - now)
        if self._requests:
            pause = max(pause, self._requests.reserve(1, now))
        if self._tokens:
            pause = max(pause, self._tokens.reserve(tokens, now))
        while pause > 0:
            await self._sleep(pause)
            pause = self._quiet_until - time.monotonic()

    async def _sleep(self, seconds: float) -> None:
        """Waits; a stop ends a long wait, since what waits so long isn't under way."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._control.stopping and left > 2 * _GLANCE_S:
                raise self._control.reason or _abandoned()
            await asyncio.sleep(min(left, _GLANCE_S))


def _abandoned() -> BatchStopped:
    return BatchStopped("已停止。", "Stopped.")
