"""`coach report CALL_ID`: the report of a stored call as one file: HTML, xlsx or JSON."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer


def report(
    call_id: Annotated[str, typer.Argument(help="通话编号 · call id")],
    out: Annotated[
        Path | None, typer.Option(help="写到这个文件，默认 report-编号.html、.xlsx 或 .json · file to write")
    ] = None,
    form: Annotated[
        Literal["html", "xlsx", "json"],
        typer.Option("--format", help="网页、Excel，或给别的程序用的 JSON · a page, a workbook, or JSON for programs"),
    ] = "html",
    lang: Annotated[Literal["zh", "en"], typer.Option(help="报告的语言 · language of the report")] = "zh",
) -> None:
    """把一通已结束的通话写成网页、Excel 或 JSON 报告，没有评过分的先评分 · Write the report of a stored call, grading it when needed."""
    from coach.content.library import Library
    from coach.errors import StoreError
    from coach.reports.files import report_bytes
    from coach.reports.summary import summarise
    from coach.settings import Settings
    from coach.wiring import build_practice, open_store

    settings = Settings.load()
    store = open_store(settings)
    call, grades = store.call(call_id), store.grades(call_id)
    # what grading needs (classifier, models) is only set up when there is no grade yet
    grade = grades[-1] if grades else asyncio.run(build_practice(settings).grade(call_id))
    vocabulary = Library.load(settings.content).vocabulary
    place = out or Path(f"report-{call.id[:8]}.{form}")
    summary = summarise(call, grade, vocabulary, lang, store.corrections(call_id))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(report_bytes(form, summary, grade))
    except OSError as error:
        raise StoreError(
            f"报告写不进 {place}（{error.strerror}）。请用 --out 换一个能写的地方。",
            f"The report can't be written to {place} ({error.strerror}). Choose another place with --out.",
        ) from error
    print(place)
