"""Words of a card made into words about a person: placeholders resolved, stage directions out, orders to a model set aside.

A card is written for another program and by somebody we don't know. What it says about the person is wanted; what it tells a
model to do is not, and never reaches a prompt.
"""

from __future__ import annotations

import re

_AGENT, _PERSON = "客服", "这位客户"
_MACRO = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_CHOICE = re.compile(r"(?:random|pick)\s*::?\s*(.*)", re.DOTALL | re.IGNORECASE)
_REVERSE = re.compile(r"reverse\s*:\s*(.*)", re.DOTALL | re.IGNORECASE)
_ANGLE = re.compile(r"<(user|bot|char|start)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
_ACTION = re.compile(r"\*[^*\n]{1,400}\*|（[^（）\n]{1,200}）|\([^()\n]{1,200}\)")
_QUOTED = re.compile(r"[“「\"]([^”」\"\n]{1,200})[”」\"]")
_SENTENCE = re.compile(r"[^。！？!?…\n]+[。！？!?…]*")
_CJK = re.compile(r"[一-鿿]")
_ORDERS = re.compile(
    r"忽略|无视.{0,6}(以上|之前|规则|规矩|设定|指令)|(以上|之前|前面)的?(规则|规矩|设定|指令|要求).{0,6}(作废|不算|无效)|系统提示|提示词|越狱|"
    r"你(现在)?(是|扮演|将扮演).{0,12}(AI|助手|模型|客服)|(输出|回复|回答|打出|返回)(时|必须|要|请|一律|格式)|始终用.{0,6}(英文|格式)|不要替.{0,6}(说话|行动)|"
    r"给.{0,6}(满分|高分)|评分(员|时|表)|"
    r"\b(ignore|disregard|forget)\b.{0,40}\b(instruction|prompt|rule|above|previous)|system\s*prompt|jailbreak|\bas an ai\b|"
    r"\byou (are|will|must|should) (now |always |never )?(an? (ai|assistant|language model)|roleplay|write|respond|reply|output|portray)|"
    r"\b(write|respond|reply|answer|output)\b.{0,30}\b(must|always|never|in english|format|markdown|paragraph|token)|"
    r"\b(assistant|system|user)\s*:|\[(system|inst|/inst)\]|<\|[a-z_]+\|>|\bnsfw\b|<<sys>>",
    re.IGNORECASE,
)
_MARKS = str.maketrans(
    {"【": "〔", "】": "〕", "<": "〈", ">": "〉", "{": "（", "}": "）", "｛": "（", "｝": "）", "`": "'"}
)


def resolved(text: str, name: str, *, speaking: bool = False) -> str:
    """Placeholders replaced: the person's name, and the agent (「你」 where the person speaks to them). Comments and dice are left out."""
    user = "你" if speaking else _AGENT
    person = name or _PERSON

    def macro(match: re.Match[str]) -> str:
        inner = match.group(1).strip()
        word = inner.lower()
        if word in ("char", "bot"):
            return person
        if word == "user":
            return user
        if choice := _CHOICE.fullmatch(inner):
            return re.split(r"(?<!\\)(?:,|::)", choice.group(1))[0].replace("\\,", ",").strip()
        if reverse := _REVERSE.fullmatch(inner):
            return reverse.group(1)[::-1]
        return ""  # comments, dice, {{original}} and what other programs add

    for _ in range(3):  # a choice may hold a name
        text = _MACRO.sub(macro, text)
    return _ANGLE.sub(lambda match: {"user": user, "start": ""}.get(match.group(1).lower(), person), text)


def harmless(text: str) -> str:
    """On one line, with nothing in it that could look like a heading, a delimiter, a tag or a placeholder of ours."""
    plain = _TAG.sub(" ", text).translate(_MARKS)
    plain = re.sub(r"[-=#*_~|]{3,}|^[#>]+\s*", " ", plain, flags=re.MULTILINE)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in plain).split())


def without_orders(text: str) -> tuple[str, list[str]]:
    """The text about the person, and the sentences that speak to a model instead."""
    kept: list[str] = []
    orders: list[str] = []
    for sentence in _SENTENCE.findall(text):
        (orders if _ORDERS.search(sentence) else kept).append(sentence.strip())
    return " ".join(part for part in kept if part), [part for part in orders if part]


def spoken(text: str, name: str) -> list[str]:
    """The sentences that the person says aloud: without actions; only what stands in quotation marks when there are any."""
    text = _TAG.sub(" ", resolved(text, name, speaking=True))
    quoted = _QUOTED.findall(text)
    aloud = "\n".join(quoted) if quoted else _ACTION.sub("\n", text)
    said = [harmless(part).strip("*_ ") for part in _SENTENCE.findall(aloud)]
    return list(dict.fromkeys(part for part in said if len(part) > 1))


def is_chinese(text: str) -> bool:
    """Whether it can be spoken on a Chinese line: mostly Chinese signs."""
    return len(_CJK.findall(text)) * 2 >= len(re.sub(r"[\W\d_]", "", text)) > 0


def own_lines(example: str, name: str) -> list[str]:
    """What the person says in the card's example dialogues."""
    said: list[str] = []
    mine = False
    marks = (f"{name}:", f"{name}：", "{{char}}:", "{{char}}：", "<BOT>:", "<bot>:")
    for line in example.splitlines():
        start = line.strip()
        mark = next((mark for mark in marks if start.startswith(mark)), None)
        if mark:
            mine = True
            said += spoken(start[len(mark) :], name)
        elif re.match(r"^(<START>|\{\{user\}\}|<USER>|[^:：\s]{1,20}[:：])", start, re.IGNORECASE):
            mine = False
        elif mine:
            said += spoken(start, name)
    return list(dict.fromkeys(said))


def phrases(personality: str) -> list[str]:
    """A personality in phrases: prose, lists, and the bracketed notation some programs use."""
    plain = re.sub(r"[\[\]()（）\"“”+]|\b(personality|mind|traits?)\b\s*[:=(]", " ", personality, flags=re.IGNORECASE)
    parts = [harmless(part).strip(" .。-*•·") for part in re.split(r"[,，、;；。\n/|]+|\.\s", plain)]
    return list(dict.fromkeys(part for part in parts if 1 < len(part) <= 40))
