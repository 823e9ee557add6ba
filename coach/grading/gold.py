"""Gold transcripts: calls with the verdicts that people expect, one JSON object a line.

    {"id": "fault-good", "turns": [{"role": "agent", "text": "…"}, …],
     "expected": {"RUBRIC": {"CHECK": "yes" | "no" | "na", …}, …}}

`expected` may name some checks only; the others are not compared. `direction`, `vip`, `ended_by` and `names` are as in a
transcript; any other key is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import ValidationError

from coach.errors import InputError
from coach.records.grade import Transcript

Answer = Literal["yes", "no", "na"]
Place = tuple[str, str]
"""Rubric and check."""

ANSWERS: tuple[Answer, ...] = ("yes", "no", "na")
_OF_TRANSCRIPT = ("id", "turns", "direction", "vip", "ended_by", "names")


@dataclass(frozen=True)
class GoldCall:
    """A transcript and what is expected of some checks."""

    transcript: Transcript
    expected: Mapping[Place, Answer]

    @property
    def id(self) -> str:
        return self.transcript.id

    @property
    def mark(self) -> str:
        """Changes when the words change: 12 hex digits."""
        words = [(line.role, line.text) for line in self.transcript.turns]
        return sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:12]


def read_gold(path: Path) -> list[GoldCall]:
    """The calls of a file, or of all .jsonl files of a folder (in the order of their names).

    Raises:
        InputError: nothing there, or a line that is no gold transcript, named with its file and number.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    calls: list[GoldCall] = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"读不了 {file}：{error}", f"{file} can't be read: {error}") from error
        calls += [_call(file, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not calls:
        raise InputError(
            f"{path} 里没有样例通话（一行一通的 .jsonl）。", f"No gold transcripts in {path} (.jsonl, one a line)."
        )
    ids = [call.id for call in calls]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise InputError(f"样例通话的编号「{twice}」用了两次。", f"Two gold transcripts have the id {twice!r}.")
    return calls


def _call(file: Path, number: int, line: str) -> GoldCall:
    try:
        record: dict[str, Any] = json.loads(line)
        transcript = Transcript.model_validate({key: record[key] for key in _OF_TRANSCRIPT if key in record})
        return GoldCall(transcript, dict(_expected(record.get("expected", {}))))
    except (ValueError, TypeError, AttributeError, ValidationError) as error:
        said = str(error).splitlines()[0]
        raise InputError(
            f"{file} 第 {number} 行不是样例通话：{said}", f"{file}, line {number}, is no gold transcript: {said}"
        ) from error


def _expected(given: Mapping[str, Any]) -> list[tuple[Place, Answer]]:
    found: list[tuple[Place, Answer]] = []
    for rubric, checks in given.items():
        for check, answer in checks.items():
            if answer not in ANSWERS:
                raise ValueError(f"{rubric}.{check}: {answer!r} (yes, no, na)")
            found.append(((rubric, check), cast(Answer, answer)))
    return found
