"""`coach run`: starts the page."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    host: Annotated[str | None, typer.Option(help="地址，默认 COACH_HOST 或 127.0.0.1 · address")] = None,
    port: Annotated[int | None, typer.Option(help="端口，默认 COACH_PORT 或 7860 · port")] = None,
) -> None:
    """打开陪练页面 · Start the page."""
    from coach.settings import Settings
    from coach.ui.launch import launch

    settings = Settings.load()
    launch(settings, host=host or settings.host, port=port or settings.port)
