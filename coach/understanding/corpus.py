"""Reader of the labelled calls (moves/calls/*.txt): the training material of the embedded classifier.

One file holds many calls. `== id title` starts one, `客：` is a customer line, `坐：` an agent line. In agent lines
`[move1,move2:words]` marks the words that make these moves; marks don't nest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.content.moves import MoveId
from coach.errors import InputError
from coach.records.call import Speaker

_MARK = re.compile(r"\[([^\[\]:]*):([^\[\]]*)\]")
_IDS = {move.value: move for move in MoveId}


@dataclass(frozen=True, slots=True)
class Span:
    """Words `text[start:end]` of a turn that make these moves."""

    start: int
    end: int
    moves: tuple[MoveId, ...]


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    speaker: Speaker
    text: str
    spans: tuple[Span, ...] = ()

    @property
    def moves(self) -> frozenset[MoveId]:
        return frozenset(move for span in self.spans for move in span.moves)


@dataclass(frozen=True, slots=True)
class LabelledCall:
    id: str
    turns: tuple[LabelledTurn, ...]


class _Trouble(Exception):
    """What is wrong with one line: Chinese and English."""


def read_calls(path: Path) -> list[LabelledCall]:
    """All calls of one file. Raises InputError naming every bad line with its number."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"读不了标注文件 {path.name}：{error}", f"Can't read the labelled calls {path.name}: {error}"
        ) from error
    calls: list[tuple[str, list[LabelledTurn]]] = []
    troubles: list[tuple[int, _Trouble]] = []
    for number, line in enumerate(lines, 1):
        try:
            _take_line(line.strip(), calls)
        except _Trouble as trouble:
            troubles.append((number, trouble))
    if troubles:
        raise InputError(
            "\n".join(f"{path.name}:{number}: {trouble.args[0]}" for number, trouble in troubles),
            "\n".join(f"{path.name}:{number}: {trouble.args[1]}" for number, trouble in troubles),
        )
    return [LabelledCall(call_id, tuple(turns)) for call_id, turns in calls]


def read_folder(folder: Path) -> list[LabelledCall]:
    """The calls of every .txt file in a folder, in the order of the file names. Raises InputError when there are none."""
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise InputError(
            f"文件夹 {folder.name} 里没有标注好的通话（*.txt）", f"No labelled calls (*.txt) in {folder.name}"
        )
    return [call for path in files for call in read_calls(path)]


def corpus_hash(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents of the files: weights carry it, so that stale weights are noticed."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def trainee_turns(call: LabelledCall) -> Iterable[tuple[int, LabelledTurn, Sequence[tuple[Speaker, str]]]]:
    """Index, turn and everything said before it, for each turn of the trainee."""
    said: list[tuple[Speaker, str]] = []
    for index, turn in enumerate(call.turns):
        if turn.speaker is Speaker.TRAINEE:
            yield index, turn, tuple(said)
        said.append((turn.speaker, turn.text))


def _take_line(line: str, calls: list[tuple[str, list[LabelledTurn]]]) -> None:
    if not line or line.startswith("#"):
        return
    if line.startswith("=="):
        words = line[2:].split()
        if not words:
            raise _Trouble("「==」后面要写通话编号", "an id is due after '=='")
        if any(words[0] == call_id for call_id, _ in calls):
            raise _Trouble(f"通话编号 {words[0]} 重复", f"the call id {words[0]} stands here twice")
        calls.append((words[0], []))
        return
    if not calls:
        raise _Trouble("第一行要写「== 编号 标题」", "the first line must be '== id title'")
    if line.startswith("客："):
        if _MARK.search(line):
            raise _Trouble("客户的话不做标注", "customer lines carry no marks")
        calls[-1][1].append(LabelledTurn(Speaker.CUSTOMER, line[2:].strip()))
    elif line.startswith("坐："):
        calls[-1][1].append(_labelled(line[2:].strip()))
    else:
        raise _Trouble("一行要以「==」「客：」或「坐：」开头", "a line starts with '==', '客：' or '坐：'")


def _labelled(line: str) -> LabelledTurn:
    text, spans, done = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[done : mark.start()]
        ids = [word.strip() for word in mark.group(1).split(",")]
        unknown = [word for word in ids if word not in _IDS]
        if unknown:
            raise _Trouble(f"没有这个话术动作：{', '.join(unknown)}", f"no such move: {', '.join(unknown)}")
        if not mark.group(2).strip():
            raise _Trouble("标注里没有话", "a mark without words")
        spans.append(Span(len(text), len(text) + len(mark.group(2)), tuple(dict.fromkeys(_IDS[word] for word in ids))))
        text += mark.group(2)
        done = mark.end()
    text += line[done:]
    if "[" in text or "]" in text:
        raise _Trouble("方括号没有配对，或者嵌套了", "brackets are unbalanced or nested")
    return LabelledTurn(Speaker.TRAINEE, text, tuple(spans))
