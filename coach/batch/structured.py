"""Transcripts as JSON: ours, or in the form of chat messages.

Ours: {"id", "turns": [{"role": "agent|customer", "text"}]}. Chat form: {"messages": [{"role", "content"}]} where `assistant` is the agent
and `user` the customer; system and tool messages are no turns.
"""

from __future__ import annotations

from typing import Any

from coach.batch.mapping import InputMap
from coach.batch.records import Record, Role, Wrong, make_record

TURNS = ("turns", "messages", "dialogue", "conversation", "conversations", "utterances", "对话")
SPEAKER = ("role", "speaker", "from", "说话人", "角色")
WORDS = ("text", "content", "value", "utterance", "内容", "文本")


def read_json(data: Any, name: str, line: int, stem: str, mapping: InputMap) -> Record:
    """One record.

    Raises:
        Wrong: what is missing, or a speaker whose side can't be told.
    """
    if not isinstance(data, dict):
        raise Wrong("一条记录要是一个 JSON 对象", "a record is one JSON object")
    call_id = data.get(mapping.columns.get("id", "id"), f"{stem}-{line}")
    return make_record(name, line, call_id, turns_from(record_from(data, mapping), mapping), data)


def record_from(data: dict[str, Any], mapping: InputMap | None = None) -> Any:
    """The list of turns inside a record."""
    own = mapping.columns.get("dialogue") if mapping else None
    return next((data[key] for key in ([own] if own else TURNS) if key in data), None)


def turns_from(given: Any, mapping: InputMap) -> list[tuple[Role, str]]:
    if not isinstance(given, list):
        raise Wrong("要有 turns（或 messages）列表", "turns (or messages), a list, is due")
    turns: list[tuple[Role, str]] = []
    for at, item in enumerate(given):
        turn = _turn(item, at, mapping)
        if turn is not None:
            turns.append(turn)
    return turns


def _turn(item: Any, at: int, mapping: InputMap) -> tuple[Role, str] | None:
    """One turn; None for a message that is no turn."""
    speaker = _field(item, "role", SPEAKER, mapping) if isinstance(item, dict) else None
    if isinstance(speaker, int) and not isinstance(speaker, bool):
        speaker = str(speaker)
    if not isinstance(speaker, str) or not speaker.strip():
        raise Wrong(f"第 {at} 句的 role 要是 agent 或 customer", f"turn {at}: role is agent or customer")
    side = mapping.side(speaker, at)
    if side is None:
        return None
    text = _field(item, "text", WORDS, mapping)
    if isinstance(text, list):
        text = "".join(part["text"] for part in text if isinstance(part, dict) and isinstance(part.get("text"), str))
    if not isinstance(text, str):
        raise Wrong(f"第 {at} 句缺少文字 text", f"turn {at} has no text")
    return side, text


def _field(item: dict[str, Any], name: str, usual: tuple[str, ...], mapping: InputMap) -> Any:
    own = mapping.columns.get(name)
    return item.get(own) if own else next((item[key] for key in usual if key in item), None)
