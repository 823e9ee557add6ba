"""results.xlsx: a summary and a sheet for each rubric, written row by row, so that memory doesn't grow with the batch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook as Book
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from coach.content.rubric import Rubric

ANSWERS = {"yes": "是", "no": "否", "na": "不适用", "unscored": "未评"}
_MOST_ROWS = 1_048_575
"""What a sheet can hold below its headings."""
_LONGEST_CELL = 16_000
"""Characters; some count twice towards the 32,767 that a cell can hold."""
_PASSED = {True: "通过", False: "未通过", None: "未定"}


class _Rows(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """Writes whole rows. xlsxwriter spends some fifteen steps on a cell, which for a batch is a second in every 2,000 calls; what is
    written is the same to the byte (tests/batch/test_outputs.py holds it against `write_string` and `write_number`)."""

    def write_whole(self, row: int, cells: Sequence[Any]) -> None:
        """A row below all that was written before, in a book of constant memory. None leaves a cell empty."""
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(cells) - 1)
        self._write_single_row(row)  # what was written of the row before
        parts = [f'<row r="{row + 1}">']
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                parts.append(f'<c r="{_column(column)}{row + 1}" t="inlineStr"><is>{self._text(cell)}</is></c>')
            elif cell is not None:
                parts.append(f'<c r="{_column(column)}{row + 1}"><v>{cell:.16G}</v></c>')
        parts.append("</row>")
        self.fh.write("".join(parts))

    def _text(self, text: str) -> str:
        text = text[:_LONGEST_CELL]
        if not _NEEDS_CARE.search(text):
            return f"<t>{text}</t>"
        text = self._escape_control_characters(text)
        space = ' xml:space="preserve"' if _EDGE.search(text) else ""
        return f"<t{space}>{self._escape_data(text)}</t>"


_NEEDS_CARE = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x|^\s|\s$")
_EDGE = re.compile(r"^\s|\s$")
_column = cache(xl_col_to_name)


class Workbook:
    """Add results one after the other; `close` finishes the file. What is more than a sheet can hold stands in results.jsonl only."""

    def __init__(self, path: Path, rubrics: Sequence[Rubric]) -> None:
        self._book = Book(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._head = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4"})
        self._rubrics = tuple(rubrics)
        self._row = 0
        scored = [rubric for rubric in rubrics if rubric.kind == "score"]
        self._summary = _Sheet(
            self._book, self._head, "汇总 summary",
            [("编号 id", 22), ("总分 score", 9), ("通过 passed", 10), ("红线 red lines", 22), ("违规次数 violations", 10)]
            + [(f"{rubric.name.zh} {rubric.id}", 11) for rubric in scored]
            + [("未评 unscored", 9), ("下次 next time", 40), ("文件 file", 24), ("行 line", 7)],
        )  # fmt: skip
        self._sheets = {rubric.id: self._sheet_of(rubric) for rubric in rubrics}

    def _sheet_of(self, rubric: Rubric) -> _Sheet:
        heads = [("编号 id", 22), ("分 score", 8), ("最低 lowest", 8), ("最高 highest", 8)]
        heads += [(f"{check.ask.zh} ({check.id})", 14) for check in rubric.checks]
        heads.append(("失分处的原话 words where it was lost", 60))
        return _Sheet(self._book, self._head, f"{rubric.name.zh} {rubric.id}", heads)

    def add(self, row: dict[str, Any]) -> None:
        if self._row >= _MOST_ROWS:
            return
        self._row += 1
        scores = [row["rubrics"].get(rubric.id, {}).get("score") for rubric in self._rubrics if rubric.kind == "score"]
        self._summary.write(
            self._row,
            [
                row["id"], row["score"], _PASSED[row["passed"]], "、".join(hit["check"] for hit in row["gates"]),
                len(row["violations"]), *scores, sum(part["unscored"] for part in row["rubrics"].values()),
                row["next_time"], row["provenance"].get("file"), row["provenance"].get("line"),
            ],
        )  # fmt: skip
        for rubric in self._rubrics:
            part = row["rubrics"].get(rubric.id)
            if part is not None:
                self._sheets[rubric.id].write(self._row, _rubric_row(row["id"], rubric, part))

    def close(self) -> None:
        for sheet in (self._summary, *self._sheets.values()):
            sheet.finish(self._row)
        self._book.close()


class _Sheet:
    def __init__(self, book: Any, head: Any, title: str, heads: Sequence[tuple[str, int]]) -> None:
        kept = "".join("_" if sign in "[]:*?/\\'" else sign for sign in title)[:31]
        self._sheet = book.add_worksheet(kept, worksheet_class=_Rows)
        self._width = len(heads)
        for column, (name, width) in enumerate(heads):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, name, head)
        self._sheet.freeze_panes(1, 1)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)  # printed: all columns on a page, the headings on every one
        self._sheet.repeat_rows(0)

    def write(self, row: int, cells: Sequence[Any]) -> None:
        self._sheet.write_whole(row, cells)

    def finish(self, rows: int) -> None:
        self._sheet.autofilter(0, 0, max(1, rows), self._width - 1)


def _rubric_row(call_id: Any, rubric: Rubric, part: dict[str, Any]) -> list[Any]:
    answers = {verdict["check"]: verdict for verdict in part["checks"]}
    low, high = part["band"] or (None, None)
    cells: list[Any] = [call_id, part["score"], low, high]
    words: list[str] = []
    for check in rubric.checks:
        verdict = answers.get(check.id)
        cells.append(ANSWERS[verdict["answer"]] if verdict else None)
        if verdict and verdict["answer"] == ("yes" if check.kind == "violation" else "no"):
            words += [f"[{item['turn']}] {item['quote']}" for item in verdict["evidence"][:1]]
    cells.append("\n".join(dict.fromkeys(words)))
    return cells
