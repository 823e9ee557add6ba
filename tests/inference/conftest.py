"""`inference_url`: a real llama.cpp server on this machine, once a session. `inference`: settings that point at it."""

from __future__ import annotations

import importlib.util
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coach.settings import Settings

PATIENCE_S = 60


@pytest.fixture(scope="session")
def inference_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL. Skips, saying why, where the packages are missing or the server doesn't start."""
    missing = [name for name in ("xllamacpp", "gguf", "numpy") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"no inference server: {', '.join(missing)} not installed")
    folder = tmp_path_factory.mktemp("tiny-model")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(__file__).with_name("tiny_model.py")
    command = [sys.executable, str(program), str(folder), "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            url = _first_address(process)
            if url is None:
                reason = (folder / "server.log").read_text(errors="replace")[-300:]
                pytest.skip(f"llama.cpp's server did not start here: {reason}")
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _first_address(process: subprocess.Popen[str]) -> str | None:
    """The address the server prints when it is ready; None when it ends or takes too long."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("http"):
                lines.put(line.strip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        return lines.get(timeout=PATIENCE_S)
    except queue.Empty:
        return None


@pytest.fixture
def inference(inference_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Makes settings for the real server; keyword arguments are environment variables."""

    def make(**variables: Any) -> Settings:
        said = {"OPENAI_BASE_URL": inference_url, "COACH_MODEL": "tiny-random", "COACH_RETRIES": "0", **variables}
        for name, value in said.items():
            monkeypatch.setenv(name, str(value))
        return Settings.load()

    return make
