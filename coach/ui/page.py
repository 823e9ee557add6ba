"""The page as a table of contents: what is on it, and which action each part sets off. Wording, HTML and handlers live elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import gradio as gr

from coach.errors import CoachError
from coach.practice import Practice
from coach.settings import Settings
from coach.ui.actions import FIELDS, Actions
from coach.ui.desk import Desk, Shown
from coach.ui.failures import toast, told
from coach.ui.frames import Page
from coach.ui.memory import STORAGE_KEY, Memory, browser_secret
from coach.ui.parts import Parts, make_parts
from coach.ui.studio.wiring import studio_assets, wire_studio
from coach.ui.viewer import viewer_of
from coach.ui.visitor import Visitor
from coach.ui.wording import language_of, words

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
"""Nothing is offered as an API; the page shows itself what it is doing; many people may talk at once."""


def build_page(practice: Practice, settings: Settings) -> gr.Blocks:
    """The whole page over a practice."""
    actions = Actions(Desk(practice, settings))
    with Page(title=words("zh")("app"), fill_width=True, delete_cache=(3600, 86400), analytics_enabled=False) as page:
        memory = gr.BrowserState(Memory().kept(), storage_key=STORAGE_KEY, secret=browser_secret(settings.data))
        parts = make_parts()
        _wire(page, memory, parts, actions)
    page.queue(max_size=None, api_open=False, default_concurrency_limit=None)
    return cast(gr.Blocks, page)


def _wire(page: gr.Blocks, memory: gr.BrowserState, parts: Parts, actions: Actions) -> None:
    outputs = [memory, *parts.outputs]

    def shown(part: Shown) -> dict[Any, Any]:
        kept = {memory: part["memory"]} if "memory" in part else {}
        return kept | parts.updates(part)

    async def arrive(kept: Any, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        visitor = visitor_of(kept, request, actions)
        async for part in actions.arrive(visitor):
            yield shown(part)

    async def press(kept: Any, event: gr.EventData, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        visitor = visitor_of(kept, request, actions)
        sent = {name: str(event._data[name]) for name in FIELDS if name in (event._data or {})}
        async for part in told(actions.do(visitor, sent), visitor.language):
            yield shown(part)

    async def say(text: str, kept: Any, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        visitor = visitor_of(kept, request, actions)
        async for part in actions.calling.say(visitor, text):
            yield shown(part)

    page.load(arrive, [memory], outputs, **QUIET).then(None, js=_FOCUS, **QUIET)
    talk = [
        gr.on([parts.box.submit, parts.send.click], say, [parts.box, memory], outputs, trigger_mode="once", **QUIET),
        parts.status.click(press, [memory], outputs, trigger_mode="once", **QUIET),
    ]
    for event in talk:
        event.then(None, js=_FOCUS, **QUIET)
    _wire_bulk(memory, parts, actions, shown)
    plain = (parts.top, parts.choose, parts.mood, parts.report, parts.below, parts.mine, parts.order, parts.recovery)
    for part in (*plain, parts.bulk_top, parts.bulk, parts.remarks, parts.roster):
        part.click(press, [memory], outputs, trigger_mode="once", **QUIET).then(None, js=_FOCUS, **QUIET)
    # hanging up stops the answer that may still be coming
    parts.head.click(press, [memory], outputs, trigger_mode="once", cancels=talk, **QUIET).then(
        None, js=_FOCUS, **QUIET
    )

    def who(kept: Any, request: gr.Request) -> Visitor:
        return visitor_of(kept, request, actions)

    wire_studio(memory, parts.top, parts.studio, actions.studio, who, shown, QUIET)


def _wire_bulk(memory: gr.BrowserState, parts: Parts, actions: Actions, shown: Callable[[Shown], Any]) -> None:
    """Grading in bulk: files that were chosen, and the seconds of a run."""

    async def upload(paths: list[str] | None, kept: Any, request: gr.Request) -> AsyncIterator[Any]:
        visitor = visitor_of(kept, request, actions)
        async for part in told(actions.bulk.upload(visitor, [Path(path) for path in paths or []]), visitor.language):
            yield shown(part)

    async def tick(kept: Any, request: gr.Request) -> AsyncIterator[Any]:
        visitor = visitor_of(kept, request, actions)
        async for part in told(actions.bulk.tick(visitor), visitor.language):
            yield shown(part)

    outputs = [memory, *parts.outputs]
    parts.bulk_upload.upload(upload, [parts.bulk_upload, memory], outputs, trigger_mode="once", **QUIET)
    parts.bulk_tick.tick(tick, [memory], outputs, trigger_mode="once", **QUIET)


_FOCUS = "() => window.coachFocus && window.coachFocus()"


def visitor_of(kept: Any, request: gr.Request, actions: Actions) -> Visitor:
    """Who sent this request, looked up in the users table each time.

    Raises:
        gr.Error: the user was removed, or there are users now and the page was started without any.
    """
    memory = Memory.read(kept)
    language = memory.language or language_of(request.headers.get("accept-language", ""))
    try:
        return Visitor(memory, language, viewer_of(actions.users, request.username))
    except CoachError as error:
        raise toast(error, language) from error


def page_assets() -> dict[str, str]:
    """`head` for launch: the page's own sheets and script, from the package, never from a network.

    Not launch(css=...): gradio puts its own prefix before every selector there and breaks those inside @media.
    """
    folder = files("coach.ui")
    report = files("coach.reports").joinpath("templates/report.css").read_text("utf-8")
    own = [folder.joinpath(name).read_text("utf-8") for name in ("style.css", "bulk/bulk.css", "remarks/remarks.css")]
    css = "".join(own) + report
    script = folder.joinpath("page.js").read_text("utf-8")
    studio_css, studio_js = studio_assets()
    return {"head": f"<style>{css}{studio_css}</style><script>{script}</script><script>{studio_js}</script>"}
