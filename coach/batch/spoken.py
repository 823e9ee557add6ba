"""Transcripts as plain text with a speaker before each turn, and subtitles (WebVTT, SRT) that name their speakers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from coach.batch.mapping import ROLES, InputMap
from coach.batch.records import Record, Role, UnknownSpeaker, Wrong, make_record

_SPOKEN = re.compile(
    r"^\s*(?:[\[【(（]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\]】)）]?\s*)?[\[【<(（]?([^:：\[\]【】()（）<>，。！？,!?]{1,16}?)[\]】>)）]?\s*[:：]\s*(.*)$"
)
_BRACKETED = re.compile(r"^\s*[\[【<(（]([^\[\]【】()（）<>，。:：]{1,16})[\]】>)）]\s*(.+)$")
_RULE = re.compile(r"^\s*(?:[=\-*#]{3,})\s*(.*?)\s*(?:[=\-*#]{3,})?\s*$")
_TIMES = re.compile(r"^\s*[\d:.,]+\s*-->\s*[\d:.,]+")
_VOICE = re.compile(r"<v(?:\.[^ >]+)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<[\d:.]+>")


def read_plain(text: str, name: str, stem: str, mapping: InputMap) -> Iterator[Record | tuple[int, Wrong]]:
    """One call a file, or several with a line of === (and a name, if wanted) between them; faults come with their line."""
    parts: list[tuple[int, str, list[tuple[int, str]]]] = [(1, "", [])]
    for number, line in enumerate(text.splitlines(), 1):
        rule = _RULE.match(line)
        if rule and not _SPOKEN.match(line):
            parts.append((number, rule.group(1), []))
        else:
            parts[-1][2].append((number, line))
    filled = [(at, title, lines) for at, title, lines in parts if any(line.strip() for _, line in lines)]
    for nth, (at, title, lines) in enumerate(filled, 1):
        call_id = title or (stem if len(filled) == 1 else f"{stem}-{nth}")
        try:
            yield make_record(name, at, call_id, dialogue_turns([line for _, line in lines], mapping))
        except Wrong as wrong:
            yield at, wrong


def dialogue_turns(lines: list[str], mapping: InputMap) -> list[tuple[Role, str]]:
    """Turns of lines such as 「客服：您好」. A line without a speaker goes on with the turn before it.

    Raises:
        Wrong: no line has a speaker. UnknownSpeaker: a speaker's side can't be told.
    """
    said: list[tuple[str, str]] = []
    for line in lines:
        if not line.strip():
            continue
        speaker, words = _speaker(line, mapping, {name for name, _ in said})
        if speaker:
            said.append((speaker, words))
        elif said:
            said[-1] = (said[-1][0], f"{said[-1][1]} {line.strip()}".strip())
        else:
            raise Wrong(
                f"「{line.strip()[:20]}」前面没有说话人，例如 客服：……",
                f"no speaker stands before {line.strip()[:20]!r}, as in agent: …",
            )
    return _sided(said, mapping)


def _speaker(line: str, mapping: InputMap, known: set[str]) -> tuple[str, str]:
    """The speaker and the words; no speaker for a line that only holds a colon somewhere."""
    for pattern in (_SPOKEN, _BRACKETED):
        found = pattern.match(line)
        if not found:
            continue
        name, words = found.group(1).strip(), found.group(2).strip()
        bare = name.lower().rstrip("0123456789 _-")
        if name in mapping.speakers or name in known or bare in ROLES or len(name) <= 8:
            return name, words
    return "", line


def _sided(said: list[tuple[str, str]], mapping: InputMap) -> list[tuple[Role, str]]:
    turns: list[tuple[Role, str]] = []
    for at, (speaker, words) in enumerate(said):
        try:
            side = mapping.side(speaker, at)
        except UnknownSpeaker:
            # 「注意：」 in the middle of a turn looks like a speaker; one who is named only once beside known ones is none
            names = [name for name, _ in said]
            if (
                turns
                and names.count(speaker) == 1
                and len({*names}) > 2
                and all(_known(n, mapping) for n in {*names} - {speaker})
            ):
                turns[-1] = (turns[-1][0], f"{turns[-1][1]} {speaker}：{words}".strip())
                continue
            raise
        if side is not None:
            turns.append((side, words))
    return turns


def _known(name: str, mapping: InputMap) -> bool:
    try:
        mapping.side(name, 0)
    except UnknownSpeaker:
        return False
    return True


def read_subtitles(text: str, name: str, stem: str, mapping: InputMap) -> Record:
    """One call of cues; cues of the same speaker that follow each other are one turn.

    Raises:
        Wrong: a cue before any speaker is named, or a side that can't be told.
    """
    said: list[tuple[str, str]] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        rows = block.strip().split("\n")
        start = next((at + 1 for at, row in enumerate(rows) if _TIMES.match(row)), None)
        if start is None:
            continue  # the head, notes, styles
        for row in rows[start:]:
            voice = _VOICE.search(row)
            words = html.unescape(_TAG.sub("", _VOICE.sub("", row))).strip()
            speaker, rest = (voice.group(1).strip(), words) if voice else _speaker(words, mapping, {n for n, _ in said})
            if not speaker and not said:
                raise Wrong(
                    "字幕里没有写说话人（<v 客服> 或 客服：）", "the cues name no speaker (<v agent> or agent:)"
                )
            if speaker and (not said or said[-1][0] != speaker):
                said.append((speaker, rest))
            elif rest:
                said[-1] = (said[-1][0], f"{said[-1][1]} {rest}".strip())
    return make_record(name, 1, stem, _sided(said, mapping))
