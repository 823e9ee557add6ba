"""The files that people open, written from the store when a batch ends: results.jsonl, results.xlsx, report.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from coach.batch.outputs import REPORT, RESULTS, SHEETS, Folder
from coach.batch.prices import read_prices
from coach.content.rubric import Rubric

if TYPE_CHECKING:
    from coach.batch.run import Batch
    from coach.batch.tally import Tally


def write_outputs(batch: Batch, folder: Folder, *, by_batch: bool) -> None:
    """All files. Memory doesn't grow with the batch: the other two are made from the lines of the first."""
    from coach.batch.tally import Tally

    folder.whole(batch.store.bodies(batch.run))
    lines = folder.path / RESULTS
    tally = Tally(batch.job.rubrics)
    with folder.replacing(SHEETS) as place:
        elsewhere = batch.pool.write_book(lines, place) if batch.pool is not None else None
        if elsewhere is None:
            write_book(lines, place, batch.job.rubrics, tally)
        else:
            for row in _rows(lines):
                tally.add(row)
            try:
                elsewhere.result()
            except BrokenProcessPool:
                batch.lose_pool()
                write_book(lines, place, batch.job.rubrics)
    page = _page(batch, folder, tally, by_batch=by_batch)
    with folder.replacing(REPORT) as place:
        place.write_text(page, "utf-8")


def write_book(lines: Path, place: Path, rubrics: Sequence[Rubric], tally: Tally | None = None) -> None:
    """results.xlsx from the lines of results.jsonl, counted by `tally` on the way."""
    from coach.batch.sheets import Workbook

    book = Workbook(place, rubrics)
    for row in _rows(lines):
        book.add(row)
        if tally is not None:
            tally.add(row)
    book.close()


def _rows(lines: Path) -> Iterator[dict[str, Any]]:
    with lines.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def _page(batch: Batch, folder: Folder, tally: Tally, *, by_batch: bool) -> str:
    from coach.batch.report import html_report

    job, summary = batch.job, batch.summary
    how = (
        "离线：按话术动作和规则 · offline, by rules"
        if job.judge is None
        else f"评判的模型 · judged by {job.judge.model}"
    )
    price = None if job.judge is None else read_prices(batch.settings.content).of(job.judge.model)
    cost = (
        None
        if price is None
        else price.cost(*(tally.usage[name] for name in ("prompt_tokens", "completion_tokens", "cached_tokens")))
    )
    if price is not None and cost is not None and by_batch:
        cost *= price.batch
    return html_report(
        tally,
        title=f"批量评分 · Batch report：{folder.path.resolve().name}",
        how=f"{how}；{', '.join(rubric.name.zh for rubric in job.rubrics)}",
        rejected=summary.rejected,
        stopped=f"{summary.stopped} {summary.stopped_en}".strip(),
        cost=cost,
        currency=price.currency if price else "",
    )
