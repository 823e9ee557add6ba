"""A real Chromium on a real server. Where there is no Chromium, these tests skip and say so."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from windows import WIDE, Window

from coach.practice import Practice
from coach.settings import Settings

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")  # not longer: its event loop would stand in the way of other modules' async tests
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (apt-get install chromium fonts-wqy-microhei)")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (pip install -e '.[dev]')"
    )
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[..., Window]]:
    """Opens windows; at the end of the test none may have left this machine or failed in its script."""
    opened: list[tuple[Any, Window]] = []

    def open_window(size: dict[str, int] = WIDE, locale: str = "zh-CN") -> Window:
        context = chromium.new_context(locale=locale, viewport=size, accept_downloads=True)
        made = Window(context.new_page(), [], [])
        made.page.set_default_timeout(15000)
        made.page.on("request", lambda request: made.asked.append(request.url))
        made.page.on("pageerror", lambda error: made.faults.append(str(error)))
        opened.append((context, made))
        return made

    yield open_window
    for context, made in opened:
        context.close()
        outside = [url for url in made.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
        assert outside == []
        assert made.faults == []


@pytest.fixture
def serve(settings: Settings) -> Iterator[Callable[..., tuple[str, Callable[[], None]]]]:
    """Starts the page over a practice; gives its address and a way to stop it."""
    from coach.ui.launch import open_page

    running: list[Any] = []

    def start(practice: Practice, port: int = 0) -> tuple[str, Callable[[], None]]:
        port = port or _free_port()
        page = open_page(practice, settings, "127.0.0.1", port)
        running.append(page)
        return f"http://127.0.0.1:{port}", lambda: page.close(verbose=False)

    yield start
    for page in running:
        page.close(verbose=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
