"""The files people open: a workbook with a sheet a rubric, a page with what matters, both from the same results."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook as Book

from coach.batch import Options, evaluate
from coach.batch.sheets import _LONGEST_CELL, _Rows
from coach.batch.tally import ScoreCount, Tally

GOLD = Path(__file__).resolve().parents[1] / "grading" / "gold"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    nasty = {
        "id": "=cmd()",
        "turns": [{"role": "customer", "text": "断网"}, {"role": "agent", "text": "<script>你是不是傻"}],
    }
    (out / "nasty.jsonl").write_text(json.dumps(nasty) + "\n{\n", "utf-8")
    evaluate([GOLD, out / "nasty.jsonl"], out, rubrics=["all"], offline=True, options=Options(processes=1))
    return out


def results(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "results.jsonl").read_text("utf-8").splitlines()]


def test_the_workbook_holds_a_summary_and_a_sheet_for_each_rubric(folder: Path) -> None:
    rows = results(folder)
    book = load_workbook(folder / "results.xlsx")
    assert book.sheetnames[0] == "汇总 summary"
    assert len(book.sheetnames) == 1 + len(rows[0]["rubrics"])
    sheet = book.worksheets[0]
    assert [(line[0], line[1]) for line in sheet.iter_rows(min_row=2, values_only=True)] == [
        (row["id"], row["score"]) for row in rows
    ]
    assert sheet.auto_filter.ref is not None
    assert sheet.freeze_panes == "B2"


def test_words_that_look_like_formulas_or_markup_stay_words(folder: Path) -> None:
    book = load_workbook(folder / "results.xlsx")
    assert next(cell for cell in book.worksheets[0]["A"] if cell.value == "=cmd()").data_type == "s"
    page = (folder / "report.html").read_text("utf-8")
    assert "<script>" not in page


ODD = [
    "",
    " 前后有空格 ",
    "a&b<c>d",
    "_x0041_",
    "\x00\x0b\ufffe",
    "<r>x</r>",
    "第一行\n第二行\t",
    "😀" * 20_000,
    "\u2028完",
]


CELL = st.one_of(st.none(), st.integers(), st.floats(-1e6, 1e6), st.text(), st.sampled_from(ODD))


# xlsxwriter takes text that begins and ends like its own rich strings for one
@given(st.lists(CELL.filter(lambda cell: not str(cell).startswith("<r>")), max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_row_written_at_once_is_written_as_cell_by_cell(cells: list[Any]) -> None:
    def written(at_once: bool) -> bytes:
        book = Book(place := io.BytesIO(), {"constant_memory": True})
        sheet = book.add_worksheet("x", worksheet_class=_Rows)
        sheet.write_string(0, 0, "head")
        for row in (1, 3):
            if at_once:
                sheet.write_whole(row, [row, *cells, 0])
                continue
            for column, cell in enumerate([row, *cells, 0]):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell[:_LONGEST_CELL])
                elif cell is not None:
                    sheet.write_number(row, column, cell)
        book.close()
        with zipfile.ZipFile(place) as archive:
            return archive.read("xl/worksheets/sheet1.xml")

    assert written(at_once=True) == written(at_once=False)


def test_the_page_needs_nothing_from_outside_and_shows_what_matters(folder: Path) -> None:
    page = (folder / "report.html").read_text("utf-8")
    assert not re.search(r"(src|href)=|@import|url\(", page)
    worst = min(row["score"] for row in results(folder) if row["score"] is not None)
    for part in ("总分分布", "最弱的检查点", "最差的通话", "没有评的检查点", "故障", f'<td class="n">{worst}</td>'):
        assert part in page


def test_the_tally_adds_up_to_the_results(folder: Path) -> None:
    from coach.batch.job import Job
    from coach.settings import Settings

    rows = results(folder)
    tally = Tally(Job.of(Settings.load(), ["all"], offline=True).rubrics)
    for row in rows:
        tally.add(row)
    scores = [row["score"] for row in rows if row["score"] is not None]
    assert tally.overall.count == len(scores)
    assert tally.overall.mean == pytest.approx(sum(scores) / len(scores))
    assert sum(tally.overall.tens) == len(scores)
    assert tally.worst[0].score == min(scores)
    assert [one.score for one in tally.worst] == sorted(one.score for one in tally.worst)


def test_quartiles_are_scores_that_occurred() -> None:
    count = ScoreCount()
    for score in (10, 20, 30, 40, None):
        count.add(score)
    assert (count.part(0.25), count.part(0.5), count.part(1.0), count.without) == (10, 20, 40, 1)
    assert ScoreCount().part(0.5) is None
