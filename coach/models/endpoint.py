"""One endpoint of one process: its address and key, one pool of connections, and the LangChain clients on top."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import coach.models
from coach.errors import ModelError, SettingsError
from coach.models.failures import Place
from coach.models.patience import Deadlines
from coach.models.presets import Preset, preset_for
from coach.settings import Settings, is_loopback

if TYPE_CHECKING:
    from langchain_openai.chat_models.base import BaseChatOpenAI
    from openai import DefaultAsyncHttpxClient, Timeout


@dataclass
class Endpoint:
    """Shared by the models of all roles. Connections belong to an event loop, so each loop has its own clients."""

    settings: Settings
    preset: Preset
    _pools: dict[asyncio.AbstractEventLoop, DefaultAsyncHttpxClient] = field(default_factory=dict, repr=False)
    _clients: dict[tuple[asyncio.AbstractEventLoop, str], BaseChatOpenAI] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Endpoint:
        return cls(settings, preset_for(settings))

    @property
    def base_url(self) -> str:
        return self.settings.base_url or ""

    def place(self, model: str) -> Place:
        """Names for the sentences of errors."""
        host = urlsplit(self.base_url).netloc.rpartition("@")[2]
        return Place(model, host, self.settings.key_env, self.settings.timeout_s)

    def check_allowed(self) -> None:
        """Refuse to leave this machine while `coach.models.ALLOW_REQUESTS` is off."""
        if not coach.models.ALLOW_REQUESTS and not is_loopback(self.base_url):
            host = urlsplit(self.base_url).hostname
            raise ModelError(
                f"现在不许向外发请求（{host}）。测试里请用 ScriptedModel 或本机的脚本服务器。",
                f"Requests to {host} are switched off. In tests use ScriptedModel or the scripted server.",
            )

    def client(self, model: str) -> BaseChatOpenAI:
        """The LangChain client for a model on the running event loop, made at first use."""
        loop = asyncio.get_running_loop()
        for old in [key for key in self._clients if key[0].is_closed()]:
            del self._clients[old]
        for gone in [key for key in self._pools if key.is_closed()]:
            del self._pools[gone]
        if (loop, model) not in self._clients:
            self._clients[loop, model] = self._new_client(model, loop)
        return self._clients[loop, model]

    async def aclose(self) -> None:
        """Close the running loop's connections (a page lives as long as its process and needs no call of this)."""
        loop = asyncio.get_running_loop()
        for key in [key for key in self._clients if key[0] is loop]:
            del self._clients[key]
        if pool := self._pools.pop(loop, None):
            await pool.aclose()

    def _pool(self, loop: asyncio.AbstractEventLoop) -> DefaultAsyncHttpxClient:
        from openai import DefaultAsyncHttpxClient

        if loop not in self._pools:
            try:
                self._pools[loop] = DefaultAsyncHttpxClient(
                    timeout=_timeout(self.settings),
                    # A proxy for the outside world must not swallow requests to a model on this machine.
                    trust_env=not is_loopback(self.base_url),
                )
            except (ImportError, ValueError):  # a SOCKS proxy without its package, a proxy address that can't be read
                raise SettingsError(
                    "代理设置不能用：检查 HTTPS_PROXY、ALL_PROXY，用 http:// 开头的代理地址。",
                    "The proxy can't be used: check HTTPS_PROXY and ALL_PROXY; use a proxy address that starts with http://.",
                ) from None
        return self._pools[loop]

    def _new_client(self, model: str, loop: asyncio.AbstractEventLoop) -> BaseChatOpenAI:
        from langchain_openai import AzureChatOpenAI, ChatOpenAI

        settings = self.settings
        secret = settings.key.get_secret_value() if settings.key else "none"
        shared: dict[str, Any] = {
            "model": model,
            "http_async_client": self._pool(loop),
            "timeout": _timeout(settings),
            "stream_chunk_timeout": settings.timeout_s,
            "max_retries": 0,  # langchain_model.py decides: the client would wait a minute in silence when asked to
            # The Responses API is not what compatible endpoints speak.
            "use_responses_api": False,
            "stream_usage": False,
        }
        if self.preset.id == "azure" and "/openai" not in urlsplit(self.base_url).path:
            return AzureChatOpenAI(
                azure_endpoint=self.base_url,
                azure_deployment=model,
                api_version=settings.azure_api_version,
                api_key=settings.key,
                **shared,
            )

        async def key() -> str:
            return secret

        # Given as a coroutine, so that LangChain builds no second, synchronous client that nobody uses.
        return ChatOpenAI(base_url=self.base_url, api_key=key, **shared)


def _timeout(settings: Settings) -> Timeout:
    from openai import Timeout

    deadlines = Deadlines.of(settings)
    return Timeout(deadlines.answer, connect=deadlines.connect)
