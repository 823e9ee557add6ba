"""Which column is what, and which speaker is on which side: guessed where that is certain, set by `--map` otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coach.batch.records import Role, UnknownSpeaker
from coach.errors import InputError

_AGENT = "agent assistant trainee operator representative rep csr advisor staff seat 坐席 座席 客服 客服代表 客服人员 客服专员 话务员 接线员 服务人员 工作人员 热线 专员 员工 学员 业务员 客户经理"
_CUSTOMER = "customer user caller client consumer 客户 用户 顾客 来电人 来电者 消费者 机主 客人"
ROLES: dict[str, Role] = {
    **{word: "agent" for word in _AGENT.split()},
    **{word: "customer" for word in _CUSTOMER.split()},
}
NO_TURNS = frozenset({"system", "developer", "tool", "function", "系统", "系统提示", "ivr", "语音播报"})
FIELDS: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "call_id", "callid", "session_id", "sessionid", "conversation_id", "record_id", "流水号", "通话编号", "编号", "会话id", "会话编号", "录音编号", "工单号", "通话id", "录音id",
    ),
    "role": ("role", "speaker", "from", "channel", "说话人", "角色", "发言人", "身份", "说话方", "讲话人"),
    "text": ("text", "content", "utterance", "sentence", "value", "message", "内容", "文本", "话术", "说话内容", "语句", "转写", "转写文本", "转写结果", "识别结果", "发言"),
    "order": ("turn", "turn_id", "seq", "index", "order", "序号", "轮次", "句序", "顺序", "start", "start_time", "begin", "开始时间", "时间", "起始时间", "begin_time"),
    "dialogue": ("transcript", "dialogue", "dialog", "conversation", "turns", "messages", "对话", "通话内容", "通话记录", "对话内容", "录音转写", "全文", "通话文本"),
    "direction": ("direction", "呼叫方向", "方向"),
    "vip": ("vip", "是否vip"),
    "ended_by": ("ended_by", "挂机方"),
}  # fmt: skip
"""What a column can be, and the headers by which it is recognised (lower case, spaces left out)."""
NONE = "-"
"""Set for a field that no column holds, where the guess is wrong."""
_NUMBERED = re.compile(r"^(.*?)[\s_\-#]*(\d+)$")


@dataclass(frozen=True)
class InputMap:
    """What the user has set: columns by field, and sides by speaker."""

    columns: Mapping[str, str] = field(default_factory=dict)
    speakers: Mapping[str, Role] = field(default_factory=dict)

    def side(self, speaker: str, at: int) -> Role | None:
        """The side of a speaker; None for what is no turn (system messages).

        Raises:
            UnknownSpeaker: it can't be told.
        """
        name = speaker.strip()
        known = self.speakers.get(name)
        if known is not None:
            return known
        plain = re.sub(r"[\s_\-]*[0-9一二三四五六七八九]*$", "", name.lower()).strip("[]【】()（）<> ")
        if plain in NO_TURNS:
            return None
        if plain in ROLES:
            return ROLES[plain]
        raise UnknownSpeaker(name, at)


def parse_map(parts: Iterable[str]) -> InputMap:
    """From `--map id=流水号,text=内容,A=agent,B=customer`.

    Raises:
        InputError: a part without =, or a field that doesn't exist.
    """
    columns: dict[str, str] = {}
    speakers: dict[str, Role] = {}
    for part in (piece.strip() for given in parts for piece in given.split(",")):
        if not part:
            continue
        name, sign, value = (side.strip() for side in part.partition("="))
        side = ROLES.get(value.lower())
        if sign and name in FIELDS and value:
            columns[name] = value
        elif sign and name and side:
            speakers[name] = side
        else:
            allowed = ", ".join(FIELDS)
            raise InputError(
                f"--map 里的 {part!r} 看不懂：写 字段=列名（字段是 {allowed} 之一），或 说话人=agent、说话人=customer。",
                f"{part!r} in --map: write FIELD=COLUMN (fields: {allowed}), or SPEAKER=agent, SPEAKER=customer.",
            )
    return InputMap(columns, speakers)


@dataclass(frozen=True)
class Columns:
    """A table's columns by what they hold; numbers count from 0. `shape`: long, one row a turn; wide, one row a call."""

    shape: str
    fields: Mapping[str, int]
    said: tuple[tuple[int, Role], ...] = ()
    """Wide tables with a column a turn: the column and whose it is, in their order."""

    def named(self, header: Sequence[str]) -> dict[str, str]:
        """For showing: field to header."""
        told = {name: header[at] for name, at in self.fields.items()}
        return told | ({"turns": "、".join(header[at] for at, _ in self.said)} if self.said else {})


def find_columns(header: Sequence[str], mapping: InputMap) -> Columns:
    """Which column of a table is what.

    Raises:
        InputError: the table has no words to grade, or a column named in --map isn't there; names the headers.
    """
    fields: dict[str, int] = {}
    for name, words in FIELDS.items():
        wanted = mapping.columns.get(name)
        if wanted == NONE and NONE not in header:
            continue
        if wanted is not None:
            if wanted not in header:
                raise _no_column(wanted, header)
            fields[name] = header.index(wanted)
            continue
        plain = [re.sub(r"[\s\ufeff]", "", title.lower()) for title in header]
        hit = next((plain.index(word) for word in words if word in plain), None)
        if hit is not None and hit not in fields.values():
            fields[name] = hit
    if "dialogue" in mapping.columns or ("dialogue" in fields and not {"role", "text"} <= set(fields)):
        return Columns("wide", fields)
    if {"role", "text"} <= set(fields):
        return Columns("long", fields)
    said = tuple(_turn_columns(header, mapping, set(fields.values())))
    if said:
        return Columns("wide", fields, said)
    if "text" in fields:
        return Columns("wide", {**fields, "dialogue": fields["text"]})
    raise _no_words(header)


def _turn_columns(header: Sequence[str], mapping: InputMap, taken: set[int]) -> Iterable[tuple[int, Role]]:
    """Columns such as 客服1, 客户1, 客服2 …: a turn each, in their order."""
    for at, title in enumerate(header):
        numbered = _NUMBERED.match(title.strip())
        name = numbered.group(1).strip() if numbered else title.strip()
        side = mapping.speakers.get(title.strip()) or mapping.speakers.get(name) or ROLES.get(name.lower())
        if side and at not in taken:
            yield at, side


def _no_column(wanted: str, header: Sequence[str]) -> InputError:
    return InputError(
        f"--map 里的列「{wanted}」表里没有。表里的列：{'、'.join(header)}。",
        f"The table has no column {wanted!r} (named in --map). Its columns: {', '.join(header)}.",
    )


def _no_words(header: Sequence[str]) -> InputError:
    return InputError(
        f"认不出哪一列是说话人、哪一列是内容。表里的列：{'、'.join(header)}。用 --map 写明，例如 --map id=通话,role=谁说的,text=说的话；"
        "一行一通的表写 --map dialogue=列名。",
        f"Can't tell which columns hold speaker and words. The columns: {', '.join(header)}. Say so with --map, as in "
        "--map id=CALL,role=WHO,text=WORDS; for one row a call --map dialogue=COLUMN.",
    )
