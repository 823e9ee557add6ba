"""A transcript as it comes out of a file, and what is told of one that can't be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

from coach.records.grade import Line, Transcript

Role = Literal["agent", "customer"]


@dataclass(frozen=True)
class Record:
    """One transcript and where it stood. `id` is the id as written (a text or a number)."""

    file: str
    line: int
    id: str | int
    transcript: Transcript

    @cached_property
    def content(self) -> str:
        """Hash of all that is graded; the id isn't part of it."""
        found = self.transcript
        head = (found.direction, found.ended_by, str(found.vip), *found.names)
        words = "\x1f".join([*head, *(f"{turn.role}:{turn.text}" for turn in found.turns)])
        return blake2b(words.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Rejected:
    """A record that can't be graded. `line` counts from 1 (rows of a sheet likewise); 0 when the whole file can't be read."""

    file: str
    line: int
    reason: str
    reason_en: str
    speaker: str = ""
    """Whose side can't be told, where that is the reason."""


class Wrong(Exception):
    """What is wrong with one record: Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def rejected(self, file: str, line: int) -> Rejected:
        return Rejected(file, line, self.zh, self.en)


class UnknownSpeaker(Wrong):
    """Nobody has said which side this speaker is on. `name` is the speaker as written."""

    def __init__(self, name: str, at: int) -> None:
        super().__init__(
            f"第 {at} 句的说话人（role）「{name}」不知道是坐席还是客户，请写明，例如 --map {name}=agent（或 customer）",
            f"turn {at}: is the speaker {name!r} the agent or the customer? Say so, as in --map {name}=agent (or customer)",
        )
        self.name = name

    def rejected(self, file: str, line: int) -> Rejected:
        return Rejected(file, line, self.zh, self.en, self.name)


def make_record(
    file: str, line: int, call_id: Any, turns: Sequence[tuple[Role, str]], extra: Mapping[str, Any] | None = None
) -> Record:
    """Checks what every format must fulfil.

    Raises:
        Wrong: no id, or no agent turn with words.
    """
    more = extra or {}
    if not any(role == "agent" and text.strip() for role, text in turns):
        raise Wrong("没有坐席说的话，没有可以评的", "the agent says nothing, so there is nothing to grade")
    if isinstance(call_id, bool) or not isinstance(call_id, str | int) or call_id == "":
        raise Wrong("id 要是文字或整数", "id is a text or a whole number")
    names = more.get("names") or []
    if not isinstance(names, list | tuple) or not all(isinstance(item, str) for item in names):
        raise Wrong("names 要是文字的列表", "names is a list of texts")
    shown = clean(call_id) if isinstance(call_id, str) else call_id
    transcript = Transcript(
        id=str(shown),
        turns=tuple(Line(role=role, text=clean(text)) for role, text in turns),
        names=tuple(names),
        direction="outbound" if more.get("direction") == "outbound" else "inbound",
        vip=more.get("vip") is True,
        ended_by=more["ended_by"] if more.get("ended_by") in ("trainee", "customer") else "",
    )
    return Record(file, line, shown, transcript)


def clean(text: str) -> str:
    """Half characters that JSON escapes can make, and no file can hold, become a replacement mark; every place stays."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return text
