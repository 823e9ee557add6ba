"""In front of every address of a page with users: strangers see the log-in, trainees reach what their page needs.

Gradio guards only some of its routes, and gives any file of its store to whoever knows the path. Here everything is
shut unless it is named, and each request's user is looked up in the table: a removed one is logged out at once.
Which handler may do what for whom is decided in the handlers; this is the fence around them.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from coach.errors import NotAllowed
from coach.storage.store import Store
from coach.storage.users import Users
from coach.ui.viewer import Viewer, viewer_of

_ASSETS = r"/(static|assets|svelte|pwa_icon)(/.*)?|/(gradio_api/)?theme\.css|/(favicon\.ico|manifest\.json|robots\.txt)"
_STRANGERS = re.compile(rf"/|/login/?|/logout|/gradio_api/startup-events|{_ASSETS}")
"""The log-in screen and what it is drawn with. Gradio itself asks for startup-events while it starts."""
_TRAINEES = re.compile(
    rf"{_STRANGERS.pattern}|/config/?|/gradio_api/("
    r"(run|api|call|call/v2)/[^/]+/?|call/[^/]+/[^/]+|queue/(join|data|status)/?|cancel|reset/?|heartbeat/[^/]+"
    r"|info/?|user/?|token/?|app_id/?|login_check/?)"
)
"""What talking and reading need. Not: uploading, streams, the proxy, component servers, monitoring."""
_FILE = re.compile(r"/gradio_api/file[=/](?P<path>.+)")
_REPORT = re.compile(r".*-(?P<call>[0-9a-f]{8})\.[a-z]+")
"""The end of a report's file name (coach/reports/files.py): the beginning of its call's id."""


class Gate:
    """ASGI middleware for launch(app_kwargs={"middleware": [...]})."""

    def __init__(self, app: ASGIApp, users: Users, store: Store) -> None:
        self._app = app
        self._users = users
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):  # the server starts and stops
            await self._app(scope, receive, send)
            return
        status = 404 if scope["type"] == "websocket" else await asyncio.to_thread(self._refusal, Request(scope))
        if status:
            await JSONResponse({"detail": _SAID[status]}, status_code=status)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, request: Request) -> int:
        """The status with which it is refused; 0 when it may pass."""
        path = str(request.scope["path"])
        if path != "/" and _STRANGERS.fullmatch(path):
            return 0
        viewer = self._viewer(request)
        if viewer is None:
            return 0 if path == "/" else 401
        file = _FILE.fullmatch(path)
        if file:
            return 0 if self._may_have(file["path"], viewer) else 403
        return 0 if viewer.trains or _TRAINEES.fullmatch(path) else 403

    def _viewer(self, request: Request) -> Viewer | None:
        """Who is logged in. Gradio keeps its sessions in `app.tokens`; those of a removed user are ended."""
        gradio = request.scope["app"]
        for token, username in sessions(gradio, request):
            try:
                return viewer_of(self._users, username)
            except NotAllowed:
                gradio.tokens.pop(token, None)
        return None

    def _may_have(self, path: str, viewer: Viewer) -> bool:
        """Files are for trainers, except the reports of one's own calls. Nothing is fetched from elsewhere for anybody."""
        if re.match(r"https?:", path) or ".." in path:
            return False
        if viewer.trains:
            return True
        found = _REPORT.fullmatch(re.split(r"[/\\]", path)[-1])
        owners = self._store.trainees_of(found["call"]) if found else set()
        return owners == {viewer.name}


def sessions(gradio: Any, request: Request) -> list[tuple[str, str]]:
    """(token, user name) of the request's cookies that gradio knows: with https there are two."""
    cookies = (f"access-token-{gradio.cookie_id}", f"access-token-unsecure-{gradio.cookie_id}")
    tokens = [token for name in cookies if (token := request.cookies.get(name)) in gradio.tokens]
    return [(token, gradio.tokens[token]) for token in tokens if token]


_SAID = {401: "Not authenticated", 403: "Not allowed", 404: "Not found"}
