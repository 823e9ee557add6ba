"""The files of a run, over an address of their own: straight from the run's folder, for its owner only, nothing kept elsewhere.

Not gradio's own download: it would copy results into its temporary folder, where they outlive the run's deletion and are open to
whoever knows the address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from coach.errors import NotAllowed
from coach.settings import Settings
from coach.ui.bulk.folders import Shelf
from coach.ui.bulk.render import bulk_wording
from coach.ui.bulk.show import DOWNLOADS
from coach.ui.viewer import Viewer, trainers_only

PATH = "/bulk-files/{run}/{name}"


def add_downloads(app: Any, settings: Settings, viewer_of: Callable[[Request], Viewer]) -> None:
    """Puts the address in front of gradio's own."""
    shelf = Shelf(settings.data)

    async def send(request: Request) -> Response:
        try:
            viewer = viewer_of(request)
            trainers_only(viewer)
        except NotAllowed as error:
            return PlainTextResponse(f"{error.zh}\n{error.en}", 403)
        run, name = shelf.find(viewer.name, request.path_params["run"]), request.path_params["name"]
        if run is None or name not in DOWNLOADS.values() or not (run.out / name).is_file():
            both = bulk_wording().languages("fault.gone")
            return PlainTextResponse(f"{both['zh']}\n{both['en']}", 404)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return FileResponse(run.out / name, filename=name, headers=headers)

    app.router.routes.insert(0, Route(PATH, send, methods=["GET"]))
