"""A provider's Batch API: many chat completions handed over in a file, answered within a day at a lower price."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from coach.errors import CoachError
from coach.models import failures
from coach.models.endpoint import Endpoint
from coach.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
_TOKEN = "coach_batch"
_PATH: Literal["/v1/chat/completions"] = "/v1/chat/completions"


@dataclass(frozen=True)
class JobState:
    """Where a provider's batch stands. `problem`: the provider's words when it failed as a whole."""

    id: str
    status: str
    done: int
    total: int
    files: tuple[str, ...]
    problem: str = ""

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class BatchApi:
    """Submit, look, collect. Every failure is a CoachError with a sentence; nothing is tried again here."""

    def __init__(self, settings: Settings, model: str) -> None:
        self._endpoint = Endpoint.of(settings)
        self._model = model
        self._opened: AsyncOpenAI | None = None

    async def submit(self, requests: Iterable[tuple[str, dict[str, Any]]], token: str) -> str:
        """Hands over requests, each with an id of ours; `token` finds the batch again if this process dies before it knows its id."""
        lines = [
            json.dumps({"custom_id": name, "method": "POST", "url": _PATH, "body": body}, ensure_ascii=False)
            for name, body in requests
        ]
        content = io.BytesIO("\n".join(lines).encode())

        async def send(client: AsyncOpenAI) -> str:
            file = await client.files.create(file=(f"{token}.jsonl", content), purpose="batch")
            made = await client.batches.create(
                input_file_id=file.id, endpoint=_PATH, completion_window="24h", metadata={_TOKEN: token}
            )
            return made.id

        return str(await self._explained(send))

    async def find(self, token: str) -> str | None:
        """The id of the batch that was submitted with this token, among the provider's latest hundred."""

        async def look(client: AsyncOpenAI) -> str | None:
            page = await client.batches.list(limit=100)
            return next((made.id for made in page.data if (made.metadata or {}).get(_TOKEN) == token), None)

        found: str | None = await self._explained(look)
        return found

    async def state(self, job: str) -> JobState:
        async def look(client: AsyncOpenAI) -> JobState:
            made = await client.batches.retrieve(job)
            counts = made.request_counts
            said = "; ".join(item.message or "" for item in (made.errors.data or [])) if made.errors else ""
            return JobState(
                job,
                made.status,
                (counts.completed + counts.failed) if counts else 0,
                counts.total if counts else 0,
                tuple(name for name in (made.output_file_id, made.error_file_id) if name),
                said[:300],
            )

        found: JobState = await self._explained(look)
        return found

    async def answers(self, state: JobState) -> AsyncIterator[tuple[str, int, Any]]:
        """Of an ended batch: our id, the HTTP status, and the body of every answer."""
        for name in state.files:

            async def read(client: AsyncOpenAI, name: str = name) -> str:
                return (await client.files.content(name)).text

            text: str = await self._explained(read)
            for line in text.splitlines():
                row = json.loads(line) if line.strip() else {}
                response = row.get("response") or {}
                if "custom_id" in row:
                    yield row["custom_id"], response.get("status_code") or 500, response.get("body") or row.get("error")

    async def aclose(self) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def _explained(self, action: Any) -> Any:
        from openai import AsyncOpenAI, OpenAIError

        self._endpoint.check_allowed()
        settings = self._endpoint.settings
        if self._opened is None:
            secret = settings.key.get_secret_value() if settings.key else "none"
            self._opened = AsyncOpenAI(base_url=settings.base_url, api_key=secret, timeout=settings.timeout_s)
        try:
            return await action(self._opened)
        except OpenAIError as error:
            explained: CoachError = failures.explain(error, self._endpoint.place(self._model))
            raise explained from None
