"""`coach draft FILE`: a persona, case or rubric drafted from a training document, or a case from a real call."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer


def draft(
    file: Annotated[
        Path | None,
        typer.Argument(help="培训材料：docx、pptx、pdf、txt、md · a training document", show_default=False),
    ] = None,
    kind: Annotated[Literal["persona", "case", "rubric"], typer.Option(help="起草什么 · what to draft")] = "case",
    from_call: Annotated[
        Path | None,
        typer.Option("--from-call", metavar="FILE", help="从一通真实通话起草案例 · a case from a real call"),
    ] = None,
    number: Annotated[int, typer.Option("--record", min=1, help="文件里的第几通 · which call of the file")] = 1,
    name: Annotated[str, typer.Option("--as", metavar="ID", help="编号 · id")] = "",
    like: Annotated[str, typer.Option(metavar="NAME", help="从哪个模板或现有的开始 · starting point")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="不用大模型 · no model")] = False,
    out: Annotated[Path | None, typer.Option(help="写到哪里，默认 drafts/编号.yaml · where to write")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的草稿 · write over a draft")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """照材料或真实通话起草；出处写在注释里，公司的规定留给培训师 · Draft from a document or a call; house facts are left to you."""
    from coach.authoring.documents import read_source
    from coach.authoring.draft_file import read_bytes, write_draft
    from coach.authoring.drafting import Wanted
    from coach.authoring.from_call import read_call
    from coach.authoring.making import make_draft
    from coach.authoring.shelf import Shelf
    from coach.cli.drafting_show import show_drafted
    from coach.errors import InputError
    from coach.models.build import build_models
    from coach.settings import Settings

    settings = Settings.load()
    given = from_call or file
    if given is None or (file is not None and from_call is not None):
        raise InputError(
            "给一份材料，或者用 --from-call 给一通电话，二选一。",
            "Give a document, or a call with --from-call: one of them.",
        )
    raw = read_bytes(given)
    source = read_call(raw, given.name, number) if from_call else read_source(raw, given.name)
    wanted = Wanted("case" if from_call else kind, name, like)
    models = None if offline else build_models(settings)
    if models is not None:
        said = f"正在请 {models.judge.name} 起草（姓名和号码已隐去） · drafting with {models.judge.name}, masked"
        print(said, file=sys.stderr)
    drafted = asyncio.run(make_draft(source, wanted, Shelf(settings.content), models.judge if models else None))
    path = write_draft(drafted, settings.content, out, over=force)
    show_drafted(drafted, path, as_json=as_json)
