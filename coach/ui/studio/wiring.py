"""Which part of the trainers' part sets off which action."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr

from coach.ui.desk import Shown
from coach.ui.failures import told
from coach.ui.studio.actions import FIELDS, StudioActions
from coach.ui.studio.parts import StudioParts
from coach.ui.visitor import Visitor

VisitorOf = Callable[[Any, gr.Request], Visitor]
Update = Callable[[Shown], dict[Any, Any]]


def wire_studio(
    memory: gr.BrowserState,
    top: gr.HTML,
    parts: StudioParts,
    actions: StudioActions,
    visitor_of: VisitorOf,
    shown: Update,
    quiet: dict[str, Any],
) -> None:
    """The handlers of the trainers' part. `shown`: what gradio is told for a change of the page; `quiet`: how its events are set."""
    outputs = [memory, top, *parts.outputs]

    async def press(kept: Any, event: gr.EventData, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        sent = {name: str(event._data[name]) for name in FIELDS if name in (event._data or {})}
        visitor = visitor_of(kept, request)
        async with aclosing(told(actions.do(visitor, sent), visitor.language)) as changes:
            async for part in changes:
                yield shown(part)

    async def write(text: str, kept: Any, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        visitor = visitor_of(kept, request)
        async with aclosing(told(actions.write(visitor, text or ""), visitor.language)) as changes:
            async for part in changes:
                yield shown(part)

    async def say(text: str, kept: Any, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        visitor = visitor_of(kept, request)
        async with aclosing(told(actions.say(visitor, text or ""), visitor.language)) as changes:
            async for part in changes:
                yield shown(part)

    async def bring(path: str | None, way: str, kept: Any, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        visitor = visitor_of(kept, request)
        async for part in told(actions.bring(visitor, way, Path(path or "")), visitor.language):
            yield shown(part)

    parts.bring.upload(bring, [parts.bring, parts.way, memory], outputs, trigger_mode="once", **quiet)
    gr.on([parts.box.submit, parts.send.click], say, [parts.box, memory], outputs, trigger_mode="once", **quiet)
    for part in parts.pressed:
        part.click(press, [memory], outputs, trigger_mode="multiple", **quiet)
    # while one change is looked at, of those that follow only the last counts
    parts.code.input(write, [parts.code, memory], outputs, trigger_mode="always_last", **quiet)


def studio_assets() -> tuple[str, str]:
    """The sheet and the script."""
    folder = files("coach.ui.studio")
    return folder.joinpath("studio.css").read_text("utf-8"), folder.joinpath("studio.js").read_text("utf-8")
