"""Reads transcripts of any supported form: JSON Lines and JSON, CSV, TSV, xlsx, plain text, WebVTT, SRT.

From files, folders, patterns or standard input. A record that can't be read is told with file, line and reason, and never stops
the others. Memory doesn't grow with the number of records but for a pair of numbers each, by which repeated ids are known.
"""

from __future__ import annotations

import csv
import glob
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from coach.batch.encodings import SAMPLE, encoding_of, read_text
from coach.batch.mapping import InputMap, find_columns
from coach.batch.outputs import LOCK, REJECTED
from coach.batch.records import Record, Rejected, UnknownSpeaker, Wrong
from coach.batch.spoken import read_plain, read_subtitles
from coach.batch.structured import read_json
from coach.batch.tables import csv_rows, read_table, xlsx_rows
from coach.errors import InputError

ENDINGS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xlsx", ".txt", ".vtt", ".srt")
_NOT_UTF8 = ("不是 UTF-8 或 GB18030 编码，请另存为 UTF-8", "neither UTF-8 nor GB18030; save it as UTF-8")

__all__ = ["Preview", "Record", "Rejected", "files_of", "preview", "read_records"]


def read_records(inputs: Iterable[str | Path], mapping: InputMap | None = None) -> Iterator[Record | Rejected]:
    """Every record of the inputs in order. An id that comes again with other words is rejected; with the same words it is skipped.

    Raises:
        InputError: an input names no file at all.
    """
    seen: dict[int, int] = {}
    for place in files_of(inputs):
        for record in _read_file(place, mapping or InputMap()):
            if isinstance(record, Rejected):
                yield record
                continue
            key, words = _number(record.transcript.id), int(record.content[:16], 16)
            earlier = seen.get(key)
            if earlier is None:
                seen[key] = words
                yield record
            elif earlier != words:
                yield Rejected(
                    record.file,
                    record.line,
                    f"编号 {record.id} 前面出现过，内容不同",
                    f"the id {record.id} came before with other words",
                )


def _number(text: str) -> int:
    """64 bits of a hash: two of them a record are what memory holds of it."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def files_of(inputs: Iterable[str | Path]) -> list[Path | None]:
    """The files that the inputs name, each once; None stands for standard input."""
    found: dict[Path | None, None] = {}
    for given in map(str, inputs):
        places = [None] if given == "-" else _paths(given)
        if not places:
            kinds = " ".join(ENDINGS)
            raise InputError(
                f"没有找到通话文件：{given}（可以给 {kinds} 文件、文件夹、带 * 的路径，或 - 表示标准输入）",
                f"No transcripts at {given} (a file that ends in one of {kinds}, a folder, a pattern, or - for standard input)",
            )
        found.update(dict.fromkeys(places))
    return list(found)


def _paths(given: str) -> list[Path | None]:
    if Path(given).is_dir():
        return [
            path
            for path in sorted(Path(given).rglob("*"))
            if path.suffix.lower() in ENDINGS and path.is_file() and not path.name.startswith(("~$", "."))
            if not _is_output(path.parent)
        ]
    if Path(given).is_file():
        return [Path(given)]
    found = [Path(match) for match in sorted(glob.glob(given, recursive=True))]
    return [path for path in found if path.is_file() and not _is_output(path.parent)]


def _is_output(folder: Path) -> bool:
    """Whether a batch writes its results here: they are no transcripts, also where the folder lies among these."""
    return (folder / LOCK).exists() and (folder / REJECTED).exists()


def _read_file(place: Path | None, mapping: InputMap) -> Iterator[Record | Rejected]:
    name = "-" if place is None else str(place)
    stem = "-" if place is None else place.stem
    reader = _READERS.get(place.suffix.lower() if place else "", _json_lines)
    try:
        for found in reader(place, name, stem, mapping):
            yield found if isinstance(found, Record) else found[1].rejected(name, found[0])
    except OSError as error:
        yield Rejected(name, 0, f"打不开：{error.strerror or error}", f"can't be opened: {error.strerror or error}")
    except UnicodeDecodeError:
        yield Rejected(name, 0, *_NOT_UTF8)
    except csv.Error as error:
        yield Rejected(name, 0, f"表格读不下去：{error}", f"the table can't be read: {error}")
    except Wrong as wrong:
        yield wrong.rejected(name, 0)
    except InputError as error:
        yield Rejected(name, 1, error.zh, error.en)


Found = Record | tuple[int, Wrong]


def _json_lines(place: Path | None, name: str, stem: str, mapping: InputMap) -> Iterator[Found]:
    with _opened(place) as stream:
        encoding = encoding_of(_head(stream, place))
        if encoding == "utf-16":
            yield from _pieces(stream.read().decode(encoding).splitlines(), name, stem, mapping)
            return
        for number, raw in enumerate(stream, 1):
            try:
                text = raw.decode("utf-8-sig" if encoding.startswith("utf-8") else encoding).strip()
            except UnicodeDecodeError:
                yield number, Wrong(*_NOT_UTF8)
                continue
            yield from _pieces([text], name, stem, mapping, number)


def _pieces(lines: Iterable[str], name: str, stem: str, mapping: InputMap, start: int = 1) -> Iterator[Found]:
    for number, text in enumerate(lines, start):
        if not text.strip():
            continue
        try:
            yield read_json(json.loads(text), name, number, stem, mapping)
        except Wrong as wrong:
            yield number, wrong
        except (ValueError, RecursionError):
            yield number, Wrong("不是完整的 JSON", "not complete JSON")


def _json_whole(place: Path | None, name: str, stem: str, mapping: InputMap) -> Iterator[Found]:
    """A .json file: one record, a list of them, or JSON Lines under that name."""
    with _opened(place) as stream:
        text = read_text(stream.read())
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        yield from _pieces(text.splitlines(), name, stem, mapping)
        return
    for number, item in enumerate(data if isinstance(data, list) else [data], 1):
        try:
            yield read_json(item, name, number, stem, mapping)
        except Wrong as wrong:
            yield number, wrong


def _csv(place: Path | None, name: str, stem: str, mapping: InputMap) -> Iterator[Found]:
    with _opened(place) as probe:
        head = _head(probe, place)

    def rows() -> Iterator[tuple[int, list[str]]]:
        with _opened(place) as stream:
            yield from csv_rows(stream, head)

    yield from read_table(rows, name, stem, mapping)


def _xlsx(place: Path | None, name: str, stem: str, mapping: InputMap) -> Iterator[Found]:
    assert place is not None
    yield from read_table(lambda: xlsx_rows(place), name, stem, mapping)


def _text(place: Path | None, name: str, stem: str, mapping: InputMap) -> Iterator[Found]:
    with _opened(place) as stream:
        text = read_text(stream.read())
    if name.lower().endswith((".vtt", ".srt")):
        yield read_subtitles(text, name, stem, mapping)
    else:
        yield from read_plain(text, name, stem, mapping)


_READERS: dict[str, Callable[[Path | None, str, str, InputMap], Iterator[Found]]] = {
    ".json": _json_whole,
    ".csv": _csv,
    ".tsv": _csv,
    ".xlsx": _xlsx,
    ".txt": _text,
    ".vtt": _text,
    ".srt": _text,
}


@contextmanager
def _opened(place: Path | None) -> Iterator[BinaryIO]:
    """Standard input stays open: it isn't ours."""
    if place is None:
        yield sys.stdin.buffer
        return
    with place.open("rb") as stream:
        yield stream


def _head(stream: BinaryIO, place: Path | None) -> bytes:
    if place is None:
        peek = getattr(stream, "peek", None)
        return bytes(peek(65536)) if peek else b""
    head = stream.read(SAMPLE)
    stream.seek(0)
    return head


@dataclass
class Preview:
    """How a file is read, for showing before a run."""

    file: str
    columns: dict[str, str] = field(default_factory=dict)
    """Field to column header, for tables."""
    header: list[str] = field(default_factory=list)
    shape: str = ""
    encoding: str = ""
    """As recognised; empty for workbooks."""
    unknown: dict[str, str] = field(default_factory=dict)
    """Speakers whose side can't be told, each with a line where it speaks; set them with the mapping."""
    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


_MOST_ASKED = 20


def preview(place: str | Path, mapping: InputMap | None = None, most: int = 3) -> Preview:
    """Reads the first records of one file: columns as guessed, speakers to be asked about. Standard input isn't touched."""
    mapping = mapping or InputMap()
    found = _preview(place, mapping, most)
    # a call is left at the first speaker nobody explained: taking each for an agent shows the others
    names: dict[str, str] = dict(found.unknown)
    asked = len(names)
    while asked > 0 and len(names) < _MOST_ASKED:
        assumed = InputMap(mapping.columns, {**mapping.speakers, **dict.fromkeys(names, "agent")})
        more = _preview(place, assumed, most).unknown
        asked = len(more)
        names |= more
    found.unknown = names
    return found


def _preview(place: str | Path, mapping: InputMap, most: int) -> Preview:
    path = Path(place)
    found = Preview(str(place))
    if path.suffix.lower() != ".xlsx":
        with suppress(OSError), path.open("rb") as stream:
            found.encoding = encoding_of(stream.read(SAMPLE))
    if path.suffix.lower() in (".csv", ".tsv", ".xlsx"):
        _preview_table(path, mapping, found)
    reader = _READERS.get(path.suffix.lower(), _json_lines)
    try:
        for item in reader(path, str(place), path.stem, mapping):
            if isinstance(item, Record):
                found.records.append(item)
            else:
                found.rejected.append(item[1].rejected(str(place), item[0]))
                if isinstance(item[1], UnknownSpeaker):
                    found.unknown.setdefault(item[1].name, item[1].zh)
            if len(found.records) >= most or len(found.rejected) >= 20:
                break
    except UnknownSpeaker as wrong:
        found.unknown[wrong.name] = wrong.zh
        found.rejected.append(wrong.rejected(str(place), 1))
    except Wrong as wrong:
        found.rejected.append(wrong.rejected(str(place), 0))
    except InputError as error:
        found.rejected.append(Rejected(str(place), 1, error.zh, error.en))
    except UnicodeDecodeError:
        found.rejected.append(Rejected(str(place), 0, *_NOT_UTF8))
    except (OSError, csv.Error) as error:
        found.rejected.append(Rejected(str(place), 0, str(error), str(error)))
    return found


def _preview_table(path: Path, mapping: InputMap, found: Preview) -> None:
    try:
        if path.suffix.lower() == ".xlsx":
            first = next(xlsx_rows(path), None)
        else:
            with path.open("rb") as stream:
                head = _head(stream, path)
                first = next(csv_rows(stream, head), None)
        found.header = [cell.strip() for cell in first[1]] if first else []
        columns = find_columns(found.header, mapping)
    except (OSError, UnicodeDecodeError, csv.Error, Wrong, InputError):
        return  # the reading itself tells
    found.columns, found.shape = columns.named(found.header), columns.shape
