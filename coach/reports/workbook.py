"""One report as an Excel workbook: the same sentences and numbers, to sort, to filter, to put beside others."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from coach.reports.model import FeedbackItem, Picture, Quote, Summary
from coach.reports.wording import Say, report_wording

Cell = str | int | None
_LONGEST_CELL = 32_000
"""Excel refuses more than 32 767 characters."""
_FORBIDDEN = str.maketrans("[]:*?/\\'", "________")
"""What the name of a sheet can't hold."""


def report_xlsx(summary: Summary) -> bytes:
    """The file. Four sheets and one for each table beside a picture; words of people are text, never formulas."""
    from xlsxwriter import Workbook  # slow to import, and only an export needs it

    say = report_wording().bound(summary.language)
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8F0EE"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def sheet(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]) -> None:
        made = book.add_worksheet(title.translate(_FORBIDDEN)[:31])
        for at, (name, width) in enumerate(columns):
            made.set_column(at, at, width)
            made.write_string(0, at, name, head)
        made.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                _write(made, number, at, cell, wrap)

    sheet(say("title"), [(say("sheet.what"), 22), (say("sheet.says"), 100)], _overview(summary, say))
    sheet(say("rubrics.heading"), _item_columns(say), _items(summary))
    sheet(say("transcript.heading"), _line_columns(say), _lines(summary, say))
    sheet(
        say("mood.heading"), _mood_columns(say), ((p.number, p.heat, p.trust, p.patience, p.why) for p in summary.moods)
    )
    for picture in summary.pictures:
        sheet(picture.title, [(name, 24) for name in picture.head], _table(picture))
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if isinstance(cell, int):
        sheet.write_number(row, column, cell, style)
    elif cell:
        sheet.write_string(row, column, cell[:_LONGEST_CELL], style)


def _overview(r: Summary, say: Say) -> Iterable[tuple[str, Cell]]:
    yield say("sheet.exercise"), f"{r.persona} × {r.case}"
    yield say("sheet.call"), " · ".join(r.meta)
    yield say("sheet.ending"), r.ending
    yield say("radar.score"), r.score  # an empty cell where there is none: no score is not 0
    yield say("sheet.verdict"), r.verdict
    if r.score_note:
        yield say("sheet.note"), r.score_note
    for line in r.red_lines:
        yield say("red.heading"), f"{line.ask} {line.effect} {_quoted(line.quotes, say)}".strip()
    if r.corrections:
        yield say("correct.heading"), r.corrections.total
        for one in r.corrections.items:
            yield "", f"{one.ask} {one.before} → {one.after}{one.score}\n{one.by}"
    for heading, items in (("three.keep", r.keep), ("three.change", r.change)):
        for item in items:
            yield say(heading), _item(item, say)
    if r.next_time:
        yield say("three.use"), r.next_time
    yield say("foot.heading"), r.source_note
    yield from r.foot


def _item(item: FeedbackItem, say: Say) -> str:
    told = [f"{say('feedback.after')}: {item.after}"] if item.after else []
    told.append(f"{say('feedback.said')} ({item.turn}): {item.quote}")
    told.append(f"{say('feedback.effect')}: {item.effect}")
    if item.say:
        told.append(f"{say('feedback.add' if item.add else 'feedback.could')}: {item.say}")
    return "\n".join(told)


def _item_columns(say: Say) -> list[tuple[str, int]]:
    return [
        (say("radar.rubric"), 16), (say("radar.score"), 8), (say("sheet.criterion"), 16), (say("sheet.check"), 44),
        (say("sheet.answer"), 12), (say("sheet.words"), 44), (say("sheet.why"), 44),
    ]  # fmt: skip


def _items(r: Summary) -> Iterable[Sequence[Cell]]:
    say = report_wording().bound(r.language)
    for rubric in r.rubrics:
        for criterion in rubric.criteria:
            for check in criterion.checks:
                words = _quoted(check.quotes, say)
                yield rubric.name, rubric.score, criterion.name, check.ask, check.answer, words, check.note


def _line_columns(say: Say) -> list[tuple[str, int]]:
    return [(say("mood.line"), 8), (say("sheet.who"), 10), (say("sheet.said"), 90), (say("sheet.marked"), 60)]


def _lines(r: Summary, say: Say) -> Iterable[Sequence[Cell]]:
    for line in r.lines:
        marked = [
            f"{say(f'transcript.{segment.mark}')}「{segment.text}」{segment.tip}"
            for segment in line.segments
            if segment.mark
        ]
        yield line.number, line.who, "".join(segment.text for segment in line.segments), "\n".join(marked)


def _mood_columns(say: Say) -> list[tuple[str, int]]:
    widths = (("line", 8), ("heat", 8), ("trust", 8), ("patience", 8), ("why", 40))
    return [(say(f"mood.{name}"), width) for name, width in widths]


def _table(picture: Picture) -> Iterable[Sequence[Cell]]:
    for row in picture.rows:
        yield [int(cell) if cell.isascii() and cell.isdigit() else cell for cell in row]


def _quoted(quotes: Sequence[Quote], say: Say) -> str:
    return "\n".join(f"「{quote.text}」({say('turn', n=quote.number)})" for quote in quotes)
