"""A chat model without LangChain and openai's client in between, for grading in bulk: one POST, a fraction of their CPU.

It speaks the same habits, schemas and failures as LangChainModel; it doesn't try again by itself (coach/batch/patience.py does).
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel

from coach.models import failures, wire
from coach.models.endpoint import Endpoint
from coach.models.habits import Habits
from coach.models.patience import Deadlines
from coach.models.plain_completion import Refused, read_completion
from coach.models.seam import Completion, Message
from coach.settings import Settings, is_loopback

if TYPE_CHECKING:
    from aiohttp import ClientSession

log = logging.getLogger(__name__)

_MOST_LESSONS = 8


class DirectModel:
    """A ChatModel on one endpoint. Close it on the loop it was used on."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._endpoint = Endpoint.of(settings)
        self._name = name
        self._habits = Habits.of(self._endpoint.preset, settings.json_means)
        self._session: ClientSession | None = None
        self._url, self._headers = address(settings, name)

    @property
    def name(self) -> str:
        return self._name

    @property
    def habits(self) -> Habits:
        """How the endpoint is spoken to."""
        return self._habits

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float,
        max_tokens: int,
    ) -> Completion:
        self._endpoint.check_allowed()
        for _ in range(_MOST_LESSONS):
            body = wire.request(self._habits, self._name, messages, schema, temperature, max_tokens)
            try:
                data = await self._post(body)
                return read_completion(data, self._name, self._habits, schema, self._place())
            except Refused as error:
                if not self._habits.learn(failures.facts_of(error), body):
                    raise failures.explain(error, self._place()) from None
                log.info("model %s: a parameter was refused; asking with json=%s", self._name, self._habits.means)
        raise failures.unreadable(self._place())

    def stream(self, messages: Sequence[Message], *, temperature: float, max_tokens: int) -> AsyncIterator[str]:
        raise NotImplementedError("grading asks for whole answers")

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _place(self) -> failures.Place:
        return self._endpoint.place(self._name)

    async def _post(self, body: dict[str, Any]) -> Any:
        from aiohttp import ClientConnectionError, ClientError

        payload = orjson.dumps(body)
        try:
            async with self._opened().post(self._url, data=payload, headers=self._headers) as response:
                raw = await response.read()
        except TimeoutError:
            raise failures.timed_out(self._place()) from None
        except ClientConnectionError as error:
            log.info("connection: %s", type(error).__name__)
            raise failures.unreachable(self._place()) from None
        except ClientError as error:
            log.info("transfer: %s", type(error).__name__)
            raise failures.cut_off() from None
        try:
            data = json.loads(raw)
        except ValueError:
            data = None
        if response.status != 200:
            raise Refused(response.status, data if data is not None else raw.decode(errors="replace"), response.headers)
        return data

    def _opened(self) -> ClientSession:
        if self._session is None:
            from aiohttp import ClientSession, ClientTimeout, TCPConnector

            deadlines = Deadlines.of(self._endpoint.settings)
            self._session = ClientSession(
                # the batch decides how many requests are under way
                connector=TCPConnector(limit=0, keepalive_timeout=30, ttl_dns_cache=300),
                timeout=ClientTimeout(total=deadlines.whole, sock_connect=deadlines.connect),
                trust_env=not is_loopback(self._endpoint.base_url),
                auto_decompress=True,
            )
        return self._session


def address(settings: Settings, model: str, path: str = "/chat/completions") -> tuple[str, dict[str, str]]:
    """The URL and headers of a request."""
    base = (settings.base_url or "").rstrip("/")
    secret = settings.key.get_secret_value() if settings.key else "none"
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
    if settings.provider_id != "azure":
        return base + path, headers
    headers["api-key"] = secret
    if "/openai" in urlsplit(base).path:
        return base + path, headers
    return f"{base}/openai/deployments/{model}{path}?api-version={settings.azure_api_version}", headers
