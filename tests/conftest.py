"""For every test: a clean environment, a data folder of its own, and no way to reach a real model by accident."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coach.ui.gradio_settings import GRADIO

os.environ |= GRADIO  # read when gradio is first imported

from scripted_server import ScriptedServer

import coach.models
from coach.settings import Settings

_CLEARED = ("OPENAI_", "COACH_", "AZURE_", "LANGCHAIN_", "LANGSMITH_")
_PROVIDER_KEYS = ("DEEPSEEK_API_KEY", "DASHSCOPE_API_KEY", "ZHIPUAI_API_KEY", "MOONSHOT_API_KEY", "ARK_API_KEY")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(_CLEARED) or name in _PROVIDER_KEYS or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("COACH_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(coach.models, "ALLOW_REQUESTS", False)


@pytest.fixture
def settings() -> Settings:
    """Offline settings with a data folder of the test's own."""
    return Settings.load()


@pytest.fixture
def model_server() -> Iterator[ScriptedServer]:
    """A chat-completions server on this machine that says what the test scripts."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def online(model_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Settings that point at `model_server`. The environment says the same, so processes of the test see it too.

    Keyword arguments are environment variables: `online(COACH_MODEL_JSON="prompt")`.
    """

    def make(**variables: Any) -> Settings:
        said = {
            "OPENAI_BASE_URL": model_server.url,
            "OPENAI_API_KEY": "sk-secret-password",
            "COACH_MODEL": "scripted-model",
            "COACH_RETRIES": "0",
            "COACH_TIMEOUT_S": "30",
            **variables,
        }
        for name, value in said.items():
            monkeypatch.setenv(name, str(value))
        return Settings.load()

    return make
