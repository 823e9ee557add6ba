"""What `coach import` and `coach draft` print: what was taken, what was left, what a trainer still has to do."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from coach.authoring.drafted import Drafted
    from coach.content.mistakes import Said

_PARTS = (
    ("remarks", "读的时候", "on reading"),
    ("took", "取到的", "taken"),
    ("left", "没有用的", "left out"),
    ("todo", "还要您来写的", "to do"),
)


def show_drafted(drafted: Drafted, path: Path, *, as_json: bool = False) -> None:
    """Both languages, a part after the other; JSON for machines."""
    if as_json:
        told = {name: [said._asdict() for said in getattr(drafted, name)] for name, _, _ in _PARTS}
        typer.echo(
            json.dumps(
                {"kind": drafted.kind, "id": drafted.name, "file": str(path), **told}, ensure_ascii=False, indent=1
            )
        )
        return
    typer.echo(f"草稿写在 {path}，还没有发布。\nThe draft is in {path}; nothing is published.")
    for name, zh, en in _PARTS:
        _list(f"{zh} · {en}", getattr(drafted, name))
    command = f"coach check {shlex.quote(str(path))}"
    typer.echo(
        f"\n看还缺什么：{command}；改好后移到内容文件夹。\nSee what is missing: {command}; move it into its folder when it is done."
    )


def _list(title: str, said: Sequence[Said]) -> None:
    if said:
        typer.echo(f"\n{title}")
    for one in said:
        typer.echo(f"  - {one.zh}\n    {one.en}")
