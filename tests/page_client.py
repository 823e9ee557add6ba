"""A page with users on a real server, and people who talk to it over plain HTTP, as gradio's own front end does or not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from coach.practice import Practice
from coach.settings import Settings

PASSWORD = "梅子黄时雨123"


@contextmanager
def served(practice: Practice, settings: Settings) -> Iterator[str]:
    """The page as `coach run` serves it; its address."""
    from coach.ui.launch import open_page

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = open_page(practice, settings, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        page.close(verbose=False)


class Person:
    """Somebody with a cookie jar. `name` empty: a stranger."""

    def __init__(self, url: str, name: str = "", password: str = PASSWORD) -> None:
        self.web = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.asked = 0
        if name:
            self.log_in(name, password)

    def log_in(self, name: str, password: str = PASSWORD) -> int:
        return self.web.post("/login", data={"username": name, "password": password}).status_code

    def config(self) -> dict[str, Any]:
        found: dict[str, Any] = self.web.get("/config").json()
        return found

    def press(self, dependency: dict[str, Any], memory: dict[str, Any], sent: dict[str, str], **values: Any) -> str:
        """Sets off one event of the page as its front end would; everything that came back, letter for letter."""
        self.asked += 1
        session = f"session{self.asked}"
        joined = self.web.post(
            "/gradio_api/queue/join",
            json={
                "fn_index": dependency["id"],
                "data": self.inputs(dependency, memory, **values),
                "event_data": sent,
                "session_hash": session,
                "trigger_id": dependency["targets"][0][0],
            },
        )
        if joined.status_code != 200:
            return joined.text
        return self._until_done(f"/gradio_api/queue/data?session_hash={session}")

    def call(self, dependency: dict[str, Any], memory: dict[str, Any], **values: Any) -> str:
        """The same through the route that gradio gives to programs."""
        place = f"/gradio_api/call/{dependency['api_name']}"
        begun = self.web.post(place, json={"data": self.inputs(dependency, memory, **values)})
        if begun.status_code != 200:
            return begun.text
        return self._until_done(f"{place}/{begun.json()['event_id']}")

    def run(self, dependency: dict[str, Any], memory: dict[str, Any], **values: Any) -> str:
        """The same through the route without a queue."""
        place = f"/gradio_api/run/{dependency['api_name']}"
        return self.web.post(place, json={"data": self.inputs(dependency, memory, **values)}).text

    def inputs(self, dependency: dict[str, Any], memory: dict[str, Any], **values: Any) -> list[Any]:
        kinds = {item["id"]: item["type"] for item in self._components}
        return [memory if kinds[one] == "browserstate" else values.get(kinds[one]) for one in dependency["inputs"]]

    @property
    def _components(self) -> list[dict[str, Any]]:
        if not hasattr(self, "_kept"):
            self._kept: list[dict[str, Any]] = self.config()["components"]
        return self._kept

    def _until_done(self, place: str) -> str:
        heard = []
        with self.web.stream("GET", place) as stream:
            for line in stream.iter_lines():
                heard.append(line)
                if '"process_completed"' in line or '"close_stream"' in line or line.startswith("event: complete"):
                    break
                if line.startswith("event: error"):
                    break
        return "\n".join(_readable(line) for line in heard)


def handlers(config: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of the page that the server answers, as /config names them."""
    return [item for item in config["dependencies"] if item["backend_fn"]]


def _readable(line: str) -> str:
    """A line of the stream with its Chinese characters as such."""
    if not line.startswith("data: "):
        return line
    try:
        return json.dumps(json.loads(line[6:]), ensure_ascii=False)
    except ValueError:
        return line
