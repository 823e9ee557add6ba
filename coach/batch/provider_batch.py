"""The engine that hands everything to the provider's Batch API: half the price, within a day.

Passes over the records: whatever has an answer goes on, whatever has none is put into the next batch. A killed process finds its
batches again, and nothing is handed over twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from coach.batch.control import BatchStopped
from coach.batch.records import Record
from coach.batch.work import Asker, Worker
from coach.errors import CoachError, InputError
from coach.models import failures, wire
from coach.models.batch_api import BatchApi, JobState
from coach.models.endpoint import Endpoint
from coach.models.habits import Habits
from coach.models.plain_completion import Refused, read_completion
from coach.models.seam import Completion, Message
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.batch.run import Batch

MOST_REQUESTS, MOST_BYTES = 20_000, 100_000_000
"""What goes into one batch; OpenAI takes 50,000 and 200 MB."""
_CHUNK = 32
_GLANCE_S = 0.5
_GOOD = '{"status": 200,'
"""How a kept answer begins that is one."""


class Pending(CoachError):
    """The answer isn't there yet. Not a ModelError, so that no grade takes it for one."""

    code = "pending"


class _Mailbox:
    """A ChatModel that answers from what batches brought, and puts everything else into an outbox."""

    def __init__(self, settings: Settings, name: str, batch: Batch) -> None:
        endpoint = Endpoint.of(settings)
        self._name = name
        self._batch = batch
        self._habits = Habits.of(endpoint.preset, settings.json_means)
        self._place = endpoint.place(name)
        self._asked: Counter[str] = Counter()
        self.outbox: dict[str, dict[str, Any]] = {}
        self.size = 0
        self._counted: set[str] = set()

    @property
    def name(self) -> str:
        return self._name

    def start_over(self) -> None:
        """A new pass: the same questions get the same ids again."""
        self._asked.clear()

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float,
        max_tokens: int,
    ) -> Completion:
        body = wire.request(self._habits, self._name, messages, schema, temperature, max_tokens)
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        same = hashlib.sha256(text.encode()).hexdigest()[:48]
        # the same question put several times (votes, another try) wants an answer each
        name = f"{same}-{self._asked[same]}"
        self._asked[same] += 1
        known = self._batch.store.answers(self._batch.run, [name]).get(name)
        if known is None and name not in self.outbox:
            self.outbox[name] = body
            self.size += len(text)
        if known is None or not known[1]:
            raise Pending("还没有回答。", "No answer yet.")
        return self._read(name, json.loads(known[1]), schema)

    def _read(self, name: str, kept: dict[str, Any], schema: type[BaseModel] | None) -> Completion:
        try:
            if kept["status"] != 200:
                raise Refused(kept["status"], kept["body"])
            said = read_completion(kept["body"], self._name, self._habits, schema, self._place)
        except Refused as error:
            raise failures.explain(error, self._place) from None
        if name not in self._counted:
            self._counted.add(name)
            progress = self._batch.control.progress
            progress.requests += 1
            progress.prompt_tokens += said.usage.prompt
            progress.completion_tokens += said.usage.completion
            progress.cached_tokens += said.usage.cached
        return said

    def stream(self, messages: Sequence[Message], *, temperature: float, max_tokens: int) -> AsyncIterator[str]:
        raise NotImplementedError("grading asks for whole answers")

    def take(self) -> dict[str, dict[str, Any]]:
        taken, self.outbox, self.size = self.outbox, {}, 0
        return taken


class ProviderBatchEngine:
    """Grades by the provider's Batch API. `poll_s`: seconds between two looks."""

    by_batch = True

    def __init__(self, poll_s: float = 30.0) -> None:
        self._poll_s = poll_s

    def run(self, due: Iterator[Record], batch: Batch) -> None:
        if batch.job.judge is None:
            raise InputError(
                "openai-batch 是请大模型评的，不能和 --offline 一起用；先设好模型。",
                "openai-batch asks a model: set one, and leave --offline out.",
            )
        asyncio.run(self._run(due, batch, batch.job.judge.model))

    async def _run(self, due: Iterator[Record], batch: Batch, model: str) -> None:
        api = BatchApi(batch.settings, model)
        mailbox = _Mailbox(batch.settings, model, batch)
        asker, worker = Asker(batch.job, mailbox), Worker(batch.job)
        try:
            await self._recover(api, batch)
            waiting = await self._pass(due, api, mailbox, asker, worker, batch)
            while waiting and not batch.control.stopping:
                await self._collect(api, batch)
                if not batch.control.stopping:
                    mailbox.start_over()
                    waiting = await self._pass(batch.due_again(), api, mailbox, asker, worker, batch)
        except BatchStopped as stopped:
            batch.control.fail(stopped)
        except CoachError as error:
            batch.control.fail(BatchStopped(error.zh, error.en))
        finally:
            await api.aclose()

    async def _recover(self, api: BatchApi, batch: Batch) -> None:
        """Batches that were being handed over when a process died: found at the provider, or forgotten. Refusals are forgotten too."""
        batch.store.forget_answers(batch.run, but=_GOOD)
        for job in batch.store.jobs(batch.run):
            if job.startswith("new:"):
                found = await api.find(job.removeprefix("new:"))
                if found is None:
                    batch.store.answer(batch.run, job, {})
                else:
                    batch.store.rename_job(batch.run, job, found)

    async def _pass(
        self, due: Iterator[Record], api: BatchApi, mailbox: _Mailbox, asker: Asker, worker: Worker, batch: Batch
    ) -> bool:
        """Grades what has all its answers; hands over what was newly asked. Whether anything still waits."""
        waiting = False
        while chunk := list(islice(due, _CHUNK)):
            finished = []
            for record in chunk:
                try:
                    finished += worker.finish([(record, await asker.judged(record))])
                except Pending:
                    waiting = True
            batch.keep(finished)
            if len(mailbox.outbox) >= MOST_REQUESTS or mailbox.size >= MOST_BYTES:
                await self._hand_over(api, mailbox, batch)
        if mailbox.outbox:
            await self._hand_over(api, mailbox, batch)
        return waiting

    async def _hand_over(self, api: BatchApi, mailbox: _Mailbox, batch: Batch) -> None:
        requests = mailbox.take()
        token = hashlib.sha256("".join(sorted(requests)).encode()).hexdigest()[:32]
        batch.store.hand_over(batch.run, f"new:{token}", requests)
        job = await api.submit(requests.items(), token)
        batch.store.rename_job(batch.run, f"new:{token}", job)

    async def _collect(self, api: BatchApi, batch: Batch) -> None:
        """Waits until a batch has ended and keeps its answers."""
        batch.control.progress.phase = "waiting"
        while not batch.control.stopping:
            states = [await api.state(job) for job in batch.store.jobs(batch.run)]
            ended = [state for state in states if state.ended]
            for state in ended:
                await self._keep(api, state, batch)
            batch.control.tell()
            if ended or not states:
                batch.control.progress.phase = "grading"
                return
            for _ in range(max(1, round(self._poll_s / _GLANCE_S))):
                if batch.control.stopping:
                    return
                await asyncio.sleep(min(_GLANCE_S, self._poll_s))

    async def _keep(self, api: BatchApi, state: JobState, batch: Batch) -> None:
        answers = {
            name: json.dumps({"status": status, "body": body}, ensure_ascii=False)
            async for name, status, body in api.answers(state)
        }
        batch.store.answer(batch.run, state.id, answers)
        if not answers:
            raise BatchStopped(
                f"服务商的批次 {state.id} 没有做成（{state.status}）：{state.problem or '没有说原因'}。改好以后运行同一条命令。",
                f"The provider's batch {state.id} came to nothing ({state.status}): {state.problem or 'no reason given'}. "
                "Mend it and run the same command.",
            )
