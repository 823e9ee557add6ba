"""A card -> a persona draft of ours. A foreign card fills what it says into a starting point; our own comes back as it went out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from coach.authoring.cards.character_text import (
    harmless,
    is_chinese,
    own_lines,
    phrases,
    resolved,
    spoken,
    without_orders,
)
from coach.authoring.cards.outgoing import KEPT, OWN, card_data, fields_to_persona
from coach.authoring.cards.reading import LISTS, TEXTS, Card, read_card
from coach.authoring.drafted import Drafted
from coach.authoring.edits import data_of
from coach.authoring.kinds import good_id
from coach.authoring.shelf import Shelf
from coach.authoring.starting import starting_text, templates
from coach.authoring.yaml_text import to_yaml
from coach.content.mistakes import Said
from coach.content.persona import Act, Persona
from coach.errors import InputError
from coach.understanding.feeling import feeling

MOST_KEPT = 2**20
"""Bytes of what is kept for other programs; it lives in the persona's file, which people read and edit."""
_BACKGROUND, _SUMMARY = 600, 60
_SCHEMA = "yaml-language-server: $schema=../schemas/persona.schema.json"
_NOT_COMPARED = {"extensions", "creation_date", "modification_date", "group_only_greetings", "assets"}


@dataclass(frozen=True)
class CardEdit:
    """A field that another program changed in a card of ours."""

    field: str
    ours: str
    theirs: str
    fits: bool
    """Whether it can be taken into the persona as it is."""


@dataclass(frozen=True)
class Incoming:
    """A card as it came in. `edits`: of a card of ours, what other programs changed in it."""

    drafted: Drafted
    ours: bool = False
    edits: tuple[CardEdit, ...] = ()


def import_card(
    raw: bytes, file: str, shelf: Shelf, *, wanted: str = "", like: str = "", take_edits: bool = False
) -> Incoming:
    """A persona draft from a card's bytes.

    `wanted` is the id, else one is made of the name; `like` names the starting point (a template or a persona); `take_edits`
    puts what another program changed in a card of ours into the persona, as far as it has a place there.

    Raises:
        InputError: the file can't be read or holds no card.
        NotFound: no such starting point.
    """
    card = read_card(raw, file)
    own = card.extensions.get(OWN)
    if isinstance(own, dict):
        persona, fault = _own_persona(own)
        if persona is not None:
            return _returned(persona, card, wanted, take_edits)
        return _foreign(card, file, shelf, wanted, like, extra=(fault,))
    return _foreign(card, file, shelf, wanted, like)


def _own_persona(own: Mapping[str, Any]) -> tuple[Persona | None, Said]:
    try:
        return Persona.model_validate_json(json.dumps(own.get("persona"), ensure_ascii=False), strict=True), Said(
            "", ""
        )
    except (ValidationError, ValueError):
        return None, Said(
            "卡里我们自己的那一份被改坏了，按别的程序的卡读",
            "our own part of the card no longer fits; the card is read as any other",
        )


def _returned(persona: Persona, card: Card, wanted: str, take: bool) -> Incoming:
    name = good_id(wanted) if wanted else persona.id
    edits = _edits(persona, card)
    data = persona.model_dump(mode="json")
    if take:
        data |= fields_to_persona(persona, {edit.field: edit.theirs for edit in edits if edit.fits})
    data["id"] = name
    _merge_foreign(data, persona, card)
    _refuse_large(data.get("extensions", {}))
    head, left = [], []
    for edit in edits:
        done = take and edit.fits
        how = ("已采用", "taken") if done else ("没有采用", "not taken")
        left.append(
            Said(
                f"{edit.field} 在别的程序里改过（{how[0]}）：{_cut(edit.theirs)}",
                f"{edit.field} was changed elsewhere ({how[1]}): {_cut(edit.theirs)}",
            )
        )
        head.append(f"{left[-1].zh}")
    todo: tuple[Said, ...] = (
        (Said("别的程序改过的几处，要用就采用（--take-edits）", "take the changes made elsewhere if you want them"),)
        if edits and not take
        else ()
    )
    todo += _to_be_read(persona)
    took = (Said("自己的卡，完整读回", "a card of ours, read back whole"),)
    text = to_yaml(data, head=[_SCHEMA, *head])
    return Incoming(Drafted("persona", name, text, took, tuple(left), todo, card.remarks), True, edits)


def _to_be_read(persona: Persona) -> tuple[Said, ...]:
    """A card that says it is ours may come from anybody: rules for the voice, and words that speak to a model, are read first."""
    todo = []
    if persona.principles:
        count = len(persona.principles)
        todo.append(
            Said(f"卡里带着 {count} 条规矩，先看过再用", f"the card brings {count} principles: read them first")
        )
    texts = [persona.background, *persona.speech.habits, *(item.text for item in persona.principles)]
    texts += [line for lines in persona.lines.values() for line in lines]
    for order in [part for text in texts for part in without_orders(text)[1]][:5]:
        todo.append(
            Said(f"像是写给模型的话，请删改：{_cut(order)}", f"speaks to a model, please change: {_cut(order)}")
        )
    return tuple(todo)


def _edits(persona: Persona, card: Card) -> tuple[CardEdit, ...]:
    """Fields that differ from those we write. What other programs add beside them is not an edit."""
    sent = card_data(persona)
    found = []
    for field in (*TEXTS, *LISTS):
        if field in _NOT_COMPARED or (field not in sent and not card.fields[field]):
            continue
        ours, theirs = sent.get(field, ""), card.fields[field]
        ours = [item.strip() for item in ours] if isinstance(ours, list) else str(ours).strip()
        if (ours or "") != (theirs or "") and not _backfilled(field, ours, theirs):
            shown = "\n".join(theirs) if isinstance(theirs, list) else theirs
            fits = bool(fields_to_persona(persona, {field: shown}))
            found.append(CardEdit(field, "\n".join(ours) if isinstance(ours, list) else ours, shown, fits))
    return tuple(found)


def _backfilled(field: str, ours: Any, theirs: Any) -> bool:
    """The V2 card that goes along with a V3 one says so in its notes."""
    return field == "creator_notes" and isinstance(theirs, str) and theirs.endswith(str(ours))


def _merge_foreign(data: dict[str, Any], persona: Persona, card: Card) -> None:
    """What other programs added to a card of ours is kept as well."""
    sent = card_data(persona)
    sent_extensions = sent["extensions"]
    added: dict[str, Any] = {
        key: value
        for key, value in card.data.items()
        if key not in (*TEXTS, *LISTS, *_NOT_COMPARED) and sent.get(key) != value
    }
    extensions = {
        key: value for key, value in card.extensions.items() if key != OWN and sent_extensions.get(key) != value
    }
    if not added and not extensions:
        return
    kept = dict(data.get("extensions", {}).get(KEPT, {}))
    body = dict(kept.get("data", {})) | added
    if extensions:
        body["extensions"] = dict(body.get("extensions") or {}) | extensions
    data["extensions"] = dict(data.get("extensions", {})) | {KEPT: kept | {"data": body}}


def _foreign(card: Card, file: str, shelf: Shelf, wanted: str, like: str, extra: tuple[Said, ...] = ()) -> Incoming:
    name = good_id(wanted) if wanted else _free_id(shelf, card, file)
    start = like or templates("persona")[0].name
    base = data_of(starting_text(shelf, "persona", start, name))
    filling = _Filling(card, base, start)
    filling.fill()
    data = base | {"id": name, "extensions": _kept(card)}
    _refuse_large(data["extensions"])
    head = [
        _SCHEMA,
        f"从角色卡导入的草稿（{file}），还没有发布。没有标注来源的地方都来自起点「{start}」，请逐处改成这个人。",
    ]
    text = to_yaml(data, filling.notes, head=head)
    drafted = Drafted(
        "persona", name, text, tuple(filling.took), tuple(filling.left), tuple(filling.todo), (*extra, *card.remarks)
    )
    return Incoming(drafted)


def _free_id(shelf: Shelf, card: Card, file: str) -> str:
    taken = shelf.names("persona")
    for wanted in (card.fields["nickname"], card.fields["name"], file.rsplit(".", 1)[0], "imported_person"):
        base = re.sub(r"[^a-z0-9]+", "_", str(wanted).lower()).strip("_")[:40].strip("_")
        if len(base) > 1 and base[0].isalpha():
            break
    return next(free for n in range(1, 10**4) if (free := base if n == 1 else f"{base}_{n}") not in taken)


def _kept(card: Card) -> dict[str, Any]:
    data = {key: value for key, value in card.data.items() if key != "assets"}
    if isinstance(card.data.get("assets"), list):
        data["assets"] = [item for item in card.data["assets"] if not _embedded(item)]
    if isinstance(data.get("extensions"), dict):
        data["extensions"] = {key: value for key, value in data["extensions"].items() if key != OWN}
    kept: dict[str, Any] = {"version": card.version, "data": data}
    return {KEPT: kept | ({"outside": dict(card.outside)} if card.outside else {})}


def _embedded(asset: Any) -> bool:
    """A picture inside the card's text."""
    uri = asset.get("uri") if isinstance(asset, dict) else None
    return isinstance(uri, str) and uri.startswith("data:") and len(uri) > 4096


def _refuse_large(extensions: Mapping[str, Any]) -> None:
    size = len(json.dumps(extensions, ensure_ascii=False).encode())
    if size > MOST_KEPT:
        raise InputError(
            f"卡里要原样保留的内容有 {size / 2**20:.1f} MB，最多 {MOST_KEPT // 2**20} MB（多半是设定集太大）。请在原来的程序里删减后再导出。",
            f"What has to be kept of the card is {size / 2**20:.1f} MB, at most {MOST_KEPT // 2**20} (mostly its lorebook). Shorten it in its program and export again.",
        )


class _Filling:
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
                    f"卡的 {field}（写给模型的，没有用；里面的说话习惯可以自己抄下来）：{_cut(text)}"
                )
                self.left.append(Said(f"{field}（写给模型的指令，不用）", f"{field} (orders to a model, never used)"))

    def _set_aside(self, field: str, orders: list[str]) -> None:
        if orders:
            self.notes.setdefault(("background",), []).append(f"没有用（像是写给模型的话）：{_cut(' '.join(orders))}")
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
        if isinstance(data.get("assets"), list) and any(_embedded(item) for item in data["assets"]):
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


def _cut(text: str, most: int = 120) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most] + "……"
