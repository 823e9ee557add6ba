"""Reads transcripts: JSON Lines or JSON, ours or in the form of chat messages, from files, folders, patterns or standard input.

Ours: {"id", "turns": [{"role": "agent|customer", "text"}]}. Chat form: {"messages": [{"role", "content"}]} where `assistant` is the agent
and `user` the customer; system and tool messages are no turns. A record that can't be read is told with file, line and
reason, and never stops the others.
"""

from __future__ import annotations

import glob
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from coach.errors import InputError
from coach.records.grade import Line, Transcript

ENDINGS = (".jsonl", ".ndjson", ".json")
Role = Literal["agent", "customer"]
_AGENT: Role = "agent"
_CUSTOMER: Role = "customer"
ROLES: dict[str, Role] = {
    **dict.fromkeys(("agent", "assistant", "trainee", "坐席", "客服"), _AGENT),
    **dict.fromkeys(("customer", "user", "caller", "客户", "用户"), _CUSTOMER),
}
NO_TURNS = frozenset({"system", "developer", "tool", "function"})


@dataclass(frozen=True)
class Record:
    """One transcript and where it stood. `id` is the id as written (a text or a number)."""

    file: str
    line: int
    id: str | int
    transcript: Transcript


@dataclass(frozen=True)
class Rejected:
    """A record that can't be graded. `line` counts from 1; 0 when the whole file can't be read."""

    file: str
    line: int
    reason: str
    reason_en: str


class _Wrong(Exception):
    """What is wrong with one record: Chinese and English."""


def read_records(inputs: Iterable[str | Path]) -> Iterator[Record | Rejected]:
    """Every record of the inputs in order. An id that comes again with other words is rejected; with the same words it is skipped.

    Raises:
        InputError: an input names no file at all.
    """
    seen: dict[str, Transcript] = {}
    for place in files_of(inputs):
        for record in _read_file(place):
            if isinstance(record, Rejected):
                yield record
                continue
            earlier = seen.setdefault(str(record.id), record.transcript)
            if earlier is record.transcript:
                yield record
            elif earlier != record.transcript:
                yield Rejected(
                    record.file,
                    record.line,
                    f"编号 {record.id} 前面出现过，内容不同",
                    f"the id {record.id} came before with other words",
                )


def files_of(inputs: Iterable[str | Path]) -> list[Path | None]:
    """The files that the inputs name, each once; None stands for standard input."""
    found: list[Path | None] = []
    for given in map(str, inputs):
        places = [None] if given == "-" else _paths(given)
        if not places:
            raise InputError(
                f"没有找到通话文件：{given}（可以给 .jsonl/.json 文件、文件夹、带 * 的路径，或 - 表示标准输入）",
                f"No transcripts at {given} (a .jsonl/.json file, a folder, a pattern, or - for standard input)",
            )
        found += [place for place in places if place not in found]
    return found


def _paths(given: str) -> list[Path | None]:
    if Path(given).is_dir():
        return [path for path in sorted(Path(given).rglob("*")) if path.suffix.lower() in ENDINGS and path.is_file()]
    matches = [given] if Path(given).exists() else sorted(glob.glob(given, recursive=True))
    return [Path(match) for match in matches if Path(match).is_file()]


def _read_file(place: Path | None) -> Iterator[Record | Rejected]:
    name = "-" if place is None else str(place)
    try:
        stream: BinaryIO = sys.stdin.buffer if place is None else place.open("rb")
    except OSError as error:
        yield Rejected(name, 0, f"打不开：{error.strerror}", f"can't be opened: {error.strerror}")
        return
    with stream:
        whole = place is not None and place.suffix.lower() == ".json"
        lines = [(1, stream.read())] if whole else enumerate(stream, 1)
        for number, raw in lines:
            yield from _read_piece(name, number, raw, whole)


def _read_piece(name: str, number: int, raw: bytes, whole: bool) -> Iterator[Record | Rejected]:
    """One line, or a whole .json file, which may hold a list of records."""
    try:
        text = raw.decode("utf-8-sig").strip()
        if not text:
            return
        data = json.loads(text)
    except UnicodeDecodeError:
        yield Rejected(name, number, "不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8")
        return
    except (ValueError, RecursionError):
        yield Rejected(name, number, "不是完整的 JSON", "not complete JSON")
        return
    many = data if whole and isinstance(data, list) else [data]
    for nth, item in enumerate(many, number):
        try:
            yield _record(item, name, nth)
        except _Wrong as wrong:
            yield Rejected(name, nth, wrong.args[0], wrong.args[1])


def _record(data: Any, name: str, number: int) -> Record:
    if not isinstance(data, dict):
        raise _Wrong("一条记录要是一个 JSON 对象", "a record is one JSON object")
    given = data.get("turns", data.get("messages"))
    if not isinstance(given, list):
        raise _Wrong("要有 turns（或 messages）列表", "turns (or messages), a list, is due")
    lines = [line for at, item in enumerate(given) if (line := _line(item, at)) is not None]
    if not any(line.role == "agent" and line.text.strip() for line in lines):
        raise _Wrong("没有坐席说的话，没有可以评的", "the agent says nothing, so there is nothing to grade")
    call_id = data.get("id", f"{Path(name).stem}-{number}")
    if isinstance(call_id, bool) or not isinstance(call_id, str | int) or call_id == "":
        raise _Wrong("id 要是文字或整数", "id is a text or a whole number")
    names = data.get("names", [])
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise _Wrong("names 要是文字的列表", "names is a list of texts")
    call_id = _clean(call_id) if isinstance(call_id, str) else call_id
    transcript = Transcript(
        id=str(call_id),
        turns=tuple(lines),
        names=tuple(names),
        direction="outbound" if data.get("direction") == "outbound" else "inbound",
        vip=data.get("vip") is True,
        ended_by=data["ended_by"] if data.get("ended_by") in ("trainee", "customer") else "",
    )
    return Record(name, number, call_id, transcript)


def _line(item: Any, at: int) -> Line | None:
    """One turn; None for a message that is no turn."""
    role = item.get("role", item.get("speaker")) if isinstance(item, dict) else None
    if role in NO_TURNS:
        return None
    if not isinstance(role, str) or role not in ROLES:
        raise _Wrong(f"第 {at} 句的 role 要是 agent 或 customer", f"turn {at}: role is agent or customer")
    text = item.get("text", item.get("content"))
    if isinstance(text, list):
        text = "".join(part["text"] for part in text if isinstance(part, dict) and isinstance(part.get("text"), str))
    if not isinstance(text, str):
        raise _Wrong(f"第 {at} 句缺少文字 text", f"turn {at} has no text")
    return Line(role=ROLES[role], text=_clean(text))


def _clean(text: str) -> str:
    """Half characters that JSON escapes can make, and no file can hold, become a replacement mark; every place stays."""
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
