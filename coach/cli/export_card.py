"""`coach export PERSONA`: a persona as a character card that other programs read, and that comes back unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export_card(
    persona: Annotated[str, typer.Argument(help="客户画像编号 · persona id")],
    v2: Annotated[bool, typer.Option("--v2", help="写成 V2 · write Character Card V2")] = False,
    v3: Annotated[bool, typer.Option("--v3", help="写成 V3（默认）· write Character Card V3 (as a rule)")] = False,
    png: Annotated[Path | None, typer.Option(metavar="PICTURE", help="装进这张图片 · put it into this picture")] = None,
    out: Annotated[Path | None, typer.Option(help="写到哪里，默认 编号.json 或 .png · where to write")] = None,
) -> None:
    """把客户画像写成角色卡（JSON，或装进 PNG）· A persona as a character card."""
    from coach.authoring.cards import card_json, card_png
    from coach.authoring.draft_file import read_bytes
    from coach.content.library import Library
    from coach.errors import InputError, StoreError
    from coach.settings import Settings

    if v2 and v3:
        raise InputError("--v2 和 --v3 只能写一个。", "Give --v2 or --v3, not both.")
    found = Library.load(Settings.load().content).persona(persona)
    version = "v2" if v2 else "v3"
    if png is not None:
        raw = card_png(found, read_bytes(png), "v2" if v2 else "v3")
    else:
        raw = card_json(found, "v2" if v2 else "v3").encode("utf-8")
    path = out or Path(f"{persona}.{'png' if png else 'json'}")
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise StoreError(
            f"写不进 {path}（{error.strerror}）。", f"{path} can't be written ({error.strerror})."
        ) from error
    typer.echo(f"已写 {path}（Character Card {version.upper()}）· written")
