"""A persona as a character card, over an address of its own: made when asked for, for trainers only, nothing kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from coach.authoring.cards import card_json, card_png
from coach.authoring.shelf import Shelf
from coach.content.persona import Persona
from coach.errors import CoachError, NotAllowed
from coach.settings import Settings
from coach.ui.exchange.taking import exchange_wording
from coach.ui.viewer import Viewer, trainers_only

PATH = "/persona-cards/{name}.{form:str}"
_TYPES = {"json": "application/json", "png": "image/png"}


def add_cards(app: Any, settings: Settings, viewer_of: Callable[[Request], Viewer]) -> None:
    """Puts the address in front of gradio's own."""
    shelf = Shelf(settings.content)

    async def send(request: Request) -> Response:
        try:
            trainers_only(viewer_of(request))
        except NotAllowed as error:
            return PlainTextResponse(f"{error.zh}\n{error.en}", 403)
        form = request.path_params["form"]
        raw = await asyncio.to_thread(_card, shelf, request.path_params["name"], form) if form in _TYPES else None
        if raw is None:
            both = exchange_wording().languages("fault.gone_persona")
            return PlainTextResponse(f"{both['zh']}\n{both['en']}", 404)
        headers = {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'attachment; filename="{request.path_params["name"]}.{form}"',
        }
        return Response(raw, media_type=_TYPES[form], headers=headers)

    app.router.routes.insert(0, Route(PATH, send, methods=["GET"]))


def _card(shelf: Shelf, name: str, form: str) -> bytes | None:
    """The card of the persona's file; None when there is none that can be read."""
    try:
        persona = shelf.check("persona", shelf.text("persona", name), name).item
    except CoachError:
        return None
    if not isinstance(persona, Persona):
        return None
    return card_png(persona) if form == "png" else card_json(persona).encode("utf-8")
