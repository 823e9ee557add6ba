"""What a foreign card says, put into the data of a starting point."""

from __future__ import annotations

import re
from typing import Any

from coach.authoring.cards.character_text import (
    harmless,
    is_chinese,
    own_lines,
    phrases,
    resolved,
    spoken,
    without_orders,
)
from coach.authoring.cards.outgoing import OWN
from coach.authoring.cards.reading import LISTS, TEXTS, Card
from coach.content.mistakes import Said
from coach.content.persona import Act
from coach.understanding.feeling import feeling

_BACKGROUND, _SUMMARY = 600, 60


class Filling:
    """Puts what a foreign card says into the data of a starting point, and remembers what went where."""

    def __init__(self, card: Card, base: dict[str, Any], start: str) -> None:
        self.card, self.base, self.start = card, base, start
        self.name = harmless(resolved(card.fields["nickname"] or card.fields["name"], ""))[:30]
        self.notes: dict[tuple[str | int, ...], list[str]] = {}
        self.took: list[Said] = []
        self.left: list[Said] = []
        self.todo: list[Said] = []

    def fill(self) -> None:
        """All fields of the card, in the order of a persona's file."""
        self._name_and_summary()
        self._background()
        self._habits()
        self._lines()
        self._orders()
        self._rest()
        start = self.start
        self._ask(("teaches",), f"来自起点「{start}」：改成这个人教的目录行")
        self._ask(("category",), "来自起点：类别、类型、性格、表象系统都要按这个人改")
        self._ask(("tactics",), "来自起点：换成这个人自己的招数，写行为，别写形容词")
        self._ask(("temper",), "来自起点：火气、信任、耐心要按这个人定，定完用 coach accept 试")
        self.todo += [
            Said("类别、类型、性格和教的目录行", "category, type, temperament and the catalogue rows it teaches"),
            Said("招数和脾气（现在是起点的）", "tactics and temper (still those of the starting point)"),
            Said("没有来源的台词（现在是起点的）", "lines without a source (still those of the starting point)"),
        ]

    def _ask(self, path: tuple[str | int, ...], text: str) -> None:
        self.notes.setdefault(path, []).append(f"待改：{text}")

    def _name_and_summary(self) -> None:
        if self.name:
            self.base["name"] = {"zh": self.name}
            self.took.append(Said("name → 名字", "name → name"))
        about = self._about(self.card.fields["personality"]) or self._about(self.card.fields["description"])
        if about:
            cut = about if len(about) <= _SUMMARY else about[:_SUMMARY].rstrip("，,、 ") + "……"
            self.base["summary"] = {"zh": cut}
            self._ask(("summary",), "从卡的描述截取：改成学员看的一句话，别露底")
            self.took.append(Said("personality/description → 一句话简介", "personality/description → summary"))

    def _about(self, text: str) -> str:
        return without_orders(harmless(resolved(text, self.name)))[0]

    def _background(self) -> None:
        parts = []
        for field in ("description", "personality", "scenario"):
            text, orders = without_orders(harmless(resolved(self.card.fields[field], self.name)))
            self._set_aside(field, orders)
            if text and field != "scenario":
                parts.append(text)
            elif text:
                self.left.append(
                    Said("scenario（情景写在案例里）", "scenario (why somebody calls belongs into a case)")
                )
        text = " ".join(parts)
        if len(text) < 10:
            self._ask(("background",), "卡里没有可用的描述，这段来自起点")
            self.todo.append(Said("背景（卡里没写）", "background (the card has none)"))
            return
        if len(text) > _BACKGROUND:
            self._ask(
                ("background",), f"卡里的描述有 {len(text)} 个字，这里取了前 {_BACKGROUND} 个，全文在 extensions 里"
            )
            self.left.append(Said(f"描述第 {_BACKGROUND} 个字以后", f"the description after {_BACKGROUND} characters"))
            text = text[:_BACKGROUND].rsplit("。", 1)[0][:_BACKGROUND] + "。"
        self.base["background"] = text
        self.took.append(Said("description、personality → 背景", "description, personality → background"))
        if not is_chinese(text):
            self._ask(("background",), "不是中文：改写成中文，客户才像在讲电话")
            self.todo.append(Said("把背景改写成中文", "put the background into Chinese"))

    def _habits(self) -> None:
        found = [phrase for phrase in phrases(self.card.fields["personality"]) if not without_orders(phrase)[1]][:6]
        found = [harmless(resolved(phrase, self.name)) for phrase in found]
        if len(found) >= 2:
            self.base.setdefault("speech", {})["habits"] = found
            self._ask(("speech", "habits"), "来自卡的 personality：改成他怎么说话，别写形容词")
            self.took.append(Said("personality → 说话习惯", "personality → speech habits"))

    def _lines(self) -> None:
        fields, cap = self.card.fields, self.base["speech"].get("max_chars", 40)
        sources = [fields["first_mes"], *fields["alternate_greetings"], *fields["group_only_greetings"]]
        said = [line for text in sources for line in spoken(text, self.name)]
        said += own_lines(fields["mes_example"], self.name)
        said = [line for line in dict.fromkeys(said) if not without_orders(line)[1]]
        good = [line for line in said if is_chinese(line) and len(line) <= cap]
        placed: dict[str, list[str]] = {}
        for line in good[:40]:
            placed.setdefault(_act_of(line), []).append(line)
        for act, lines in placed.items():
            lines = lines[:5]
            self.base["lines"][act] = [*lines, *(self.base["lines"].get(act) or [])][:6]
            self._ask(("lines", act), f"前 {len(lines)} 句来自卡的开场白和示例对话，按字面放到这里：看看放得对不对")
        if good:
            self.took.append(
                Said(f"开场白、示例对话 → 台词 {len(good)} 句", f"greetings and example dialogues → {len(good)} lines")
            )
        if len(said) > len(good):
            rest = len(said) - len(good)
            self.left.append(
                Said(
                    f"{rest} 句台词（不是中文，或者超过 {cap} 个字）",
                    f"{rest} lines (not Chinese, or over {cap} characters)",
                )
            )

    def _orders(self) -> None:
        for field in ("system_prompt", "post_history_instructions"):
            text = harmless(resolved(self.card.fields[field], self.name))
            if text:
                self.notes.setdefault(("speech",), []).append(
                    f"卡的 {field}（写给模型的，没有用；里面的说话习惯可以自己抄下来）：{cut(text)}"
                )
                self.left.append(Said(f"{field}（写给模型的指令，不用）", f"{field} (orders to a model, never used)"))

    def _set_aside(self, field: str, orders: list[str]) -> None:
        if orders:
            self.notes.setdefault(("background",), []).append(f"没有用（像是写给模型的话）：{cut(' '.join(orders))}")
            self.left.append(
                Said(
                    f"{field} 里 {len(orders)} 句像是写给模型的话",
                    f"{len(orders)} sentences of {field} that speak to a model",
                )
            )

    def _rest(self) -> None:
        """What has no place here: said by name, kept in `extensions`."""
        data = self.card.data
        book = data.get("character_book")
        entries = book.get("entries") if isinstance(book, dict) else None
        if isinstance(entries, list | dict) and entries:
            self.left.append(Said(f"设定集 {len(entries)} 条（原样保留）", f"{len(entries)} lore entries (kept)"))
        if tags := self.card.fields["tags"]:
            self.left.append(Said(f"标签：{'、'.join(tags[:8])}（原样保留）", f"tags: {', '.join(tags[:8])} (kept)"))
        others = sorted(key for key in self.card.extensions if key != OWN)
        if others:
            self.left.append(
                Said(
                    f"别的程序的扩展：{'、'.join(others[:8])}（原样保留）",
                    f"extensions of other programs: {', '.join(others[:8])} (kept)",
                )
            )
        known = {*TEXTS, *LISTS, "extensions", "character_book", "assets", "creation_date", "modification_date"}
        unknown = sorted(str(key) for key in data if key not in {*known, "source", "creator_notes_multilingual"})
        if unknown:
            self.left.append(
                Said(
                    f"不认识的字段：{'、'.join(unknown[:8])}（原样保留）",
                    f"unknown fields: {', '.join(unknown[:8])} (kept)",
                )
            )
        if isinstance(data.get("assets"), list) and any(embedded(item) for item in data["assets"]):
            self.left.append(Said("内嵌在文字里的图片（没有保留）", "pictures inside the card's text (not kept)"))


def _act_of(line: str) -> str:
    """Where a line of the card belongs, by its words; a trainer looks it over."""
    felt = feeling(line)
    if re.search(r"主管|领导|经理", line):
        return Act.DEMAND_SUPERVISOR.value
    if re.search(r"投诉|曝光|12315|工信部|消协", line):
        return Act.THREATEN.value
    if re.search(r"谢谢|麻烦你了|再见|就这样", line):
        return Act.FAREWELL.value
    if felt.strong:
        return Act.VENT.value
    if felt.objection or re.search(r"真的假的|当真|骗", line):
        return Act.DOUBT.value
    return Act.PRESS.value if felt.question else Act.ANSWER.value


def cut(text: str, most: int = 120) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most] + "……"


def embedded(asset: Any) -> bool:
    """A picture inside the card's text."""
    uri = asset.get("uri") if isinstance(asset, dict) else None
    return isinstance(uri, str) and uri.startswith("data:") and len(uri) > 4096
