"""Transcripts in tables (CSV, TSV, xlsx): long, one row a turn, or wide, one row a call."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from coach.batch.encodings import SAMPLE, encoding_of
from coach.batch.mapping import Columns, InputMap, find_columns
from coach.batch.records import Record, Role, Wrong, make_record
from coach.batch.spoken import dialogue_turns
from coach.batch.structured import record_from, turns_from

Row = tuple[int, list[str]]
Found = Record | tuple[int, Wrong]
csv.field_size_limit(1 << 27)  # a whole call in one cell


def csv_rows(stream: BinaryIO, head: bytes) -> Iterator[Row]:
    """Rows with the line they start at. Raises UnicodeDecodeError or csv.Error where the file is broken."""
    encoding = encoding_of(head)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    first = head[:SAMPLE].decode(encoding, errors="replace").split("\n", 1)[0]
    separator = max(",\t;|", key=first.count)
    reader = csv.reader(text, delimiter=separator)
    start = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield start, row
        start = reader.line_num + 1


def xlsx_rows(path: Path) -> Iterator[Row]:
    """Rows of the first sheet. Raises Wrong when the file is no workbook."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Wrong("不是完整的 xlsx 工作簿", "not a complete xlsx workbook") from error
    try:
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            cells = [_shown(cell) for cell in row]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def read_table(rows: Callable[[], Iterator[Row]], name: str, stem: str, mapping: InputMap) -> Iterator[Found]:
    """The records of a table. `rows` can be called twice: turns of calls that interleave ask for a look ahead.

    Raises:
        InputError: the columns can't be told.
    """
    first = next(rows(), None)
    if first is None:
        return
    columns = find_columns([cell.strip() for cell in first[1]], mapping)

    def body() -> Iterator[Row]:
        return islice(rows(), 1, None)

    if columns.shape == "wide":
        for number, row in body():
            yield _wide(number, row, columns, name, stem, mapping)
        return
    groups = _in_runs(body(), columns, stem) if _apart(body(), columns, stem) else _gathered(body(), columns, stem)
    for call_id, turns in groups:
        yield _long(call_id, turns, columns, name, mapping)


def _cell(row: Sequence[str], columns: Columns, field: str) -> str:
    at = columns.fields.get(field)
    return row[at].strip() if at is not None and at < len(row) else ""


def _extra(row: Sequence[str], columns: Columns) -> dict[str, Any]:
    told = {field: _cell(row, columns, field).lower() for field in ("direction", "vip", "ended_by")}
    return {
        "direction": {"呼出": "outbound", "外呼": "outbound"}.get(told["direction"], told["direction"]),
        "vip": told["vip"] in ("1", "true", "yes", "是", "vip"),
        "ended_by": {"坐席": "trainee", "客服": "trainee", "agent": "trainee", "客户": "customer"}.get(
            told["ended_by"], told["ended_by"]
        ),
    }


def _wide(number: int, row: list[str], columns: Columns, name: str, stem: str, mapping: InputMap) -> Found:
    call_id = _cell(row, columns, "id") or f"{stem}-{number}"
    try:
        if columns.said:
            turns: list[tuple[Role, str]] = [
                (side, row[at].strip()) for at, side in columns.said if at < len(row) and row[at].strip()
            ]
        else:
            turns = _cell_turns(_cell(row, columns, "dialogue"), mapping)
        return make_record(name, number, call_id, turns, _extra(row, columns))
    except Wrong as wrong:
        return number, wrong


def _cell_turns(text: str, mapping: InputMap) -> list[tuple[Role, str]]:
    """A whole call in a cell: JSON, or lines with speakers."""
    if text[:1] in "[{" and text[-1:] in "]}":
        try:
            data = json.loads(text)
        except ValueError:
            return dialogue_turns(text.splitlines(), mapping)
        if isinstance(data, dict):
            return turns_from(record_from(data), mapping)
        return turns_from(data, mapping)
    return dialogue_turns(text.replace("\\n", "\n").splitlines(), mapping)


def _key(row: Sequence[str], columns: Columns, stem: str) -> str:
    return _cell(row, columns, "id") or stem


def _apart(rows: Iterable[Row], columns: Columns, stem: str) -> bool:
    """Whether every call's rows stand together; keeps a number a call."""
    seen: set[int] = set()
    last = None
    for _, row in rows:
        key = hash(_key(row, columns, stem))
        if key != last:
            if key in seen:
                return False
            seen.add(key)
            last = key
    return True


def _in_runs(rows: Iterable[Row], columns: Columns, stem: str) -> Iterator[tuple[str, list[Row]]]:
    key, turns = None, list[Row]()
    for number, row in chain(rows, [(0, list[str]())]):
        own = _key(row, columns, stem) if number else None
        if own != key:
            if key is not None:
                yield key, turns
            key, turns = own, []
        turns.append((number, row))


def _gathered(rows: Iterable[Row], columns: Columns, stem: str) -> Iterator[tuple[str, list[Row]]]:
    """Calls whose rows are mixed with those of others: the table is held in memory."""
    calls: dict[str, list[Row]] = {}
    for number, row in rows:
        calls.setdefault(_key(row, columns, stem), []).append((number, row))
    yield from calls.items()


def _long(call_id: str, rows: list[Row], columns: Columns, name: str, mapping: InputMap) -> Found:
    start = rows[0][0]
    if "order" in columns.fields:
        rows = _ordered(rows, columns)
    turns: list[tuple[Role, str]] = []
    try:
        for at, (_, row) in enumerate(rows):
            speaker = _cell(row, columns, "role")
            if not speaker:
                raise Wrong(f"第 {at} 句没有写说话人", f"turn {at} has no speaker")
            side = mapping.side(speaker, at)
            if side is not None:
                turns.append((side, _cell(row, columns, "text")))
        return make_record(name, start, call_id, turns, _extra(rows[0][1], columns))
    except Wrong as wrong:
        return start, wrong


def _ordered(rows: list[Row], columns: Columns) -> list[Row]:
    """By the order column when all of its cells are numbers, or texts of one length (times); else as they stand."""
    cells = [_cell(row, columns, "order") for _, row in rows]
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError:
        if len({len(cell) for cell in cells}) != 1:
            return rows
        return [row for _, row in sorted(zip(cells, rows, strict=True), key=lambda pair: pair[0])]
    return [row for _, row in sorted(zip(numbers, rows, strict=True), key=lambda pair: pair[0])]
