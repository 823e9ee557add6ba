"""`coach import CARD`: a character card of another program, or one of ours, as a persona draft."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def import_card(
    file: Annotated[Path, typer.Argument(help="角色卡 .json 或 .png · a character card")],
    name: Annotated[str, typer.Option("--as", metavar="ID", help="画像编号；不写就按名字取 · persona id")] = "",
    like: Annotated[str, typer.Option(metavar="NAME", help="没写的部分从哪个模板或画像取 · starting point")] = "",
    take_edits: Annotated[
        bool, typer.Option("--take-edits", help="采用别的程序在我们的卡上改过的地方 · take edits made elsewhere")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="写到哪里，默认 drafts/编号.yaml · where to write")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的草稿 · write over a draft")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """把角色卡（V1、V2、V3）变成客户画像草稿 · A character card as a persona draft."""
    from coach.authoring.cards import import_card as read
    from coach.authoring.draft_file import read_bytes, write_draft
    from coach.authoring.shelf import Shelf
    from coach.cli.drafting_show import show_drafted
    from coach.settings import Settings

    folder = Settings.load().content
    incoming = read(read_bytes(file), file.name, Shelf(folder), wanted=name, like=like, take_edits=take_edits)
    path = write_draft(incoming.drafted, folder, out, over=force)
    show_drafted(incoming.drafted, path, as_json=as_json)
