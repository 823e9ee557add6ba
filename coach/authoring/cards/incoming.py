"""A card -> a persona draft of ours. A foreign card fills what it says into a starting point; our own comes back as it went out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from coach.authoring.cards.character_text import (
    without_orders,
)
from coach.authoring.cards.filling import Filling, cut, embedded
from coach.authoring.cards.outgoing import KEPT, OWN, card_data, fields_to_persona
from coach.authoring.cards.reading import LISTS, TEXTS, Card, read_card
from coach.authoring.drafted import Drafted
from coach.authoring.edits import data_of
from coach.authoring.kinds import good_id
from coach.authoring.shelf import Shelf
from coach.authoring.starting import starting_text, templates
from coach.authoring.yaml_text import to_yaml
from coach.content.mistakes import Said
from coach.content.persona import Persona
from coach.errors import InputError

MOST_KEPT = 2**20
"""Bytes of what is kept for other programs; it lives in the persona's file, which people read and edit."""
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
                f"{edit.field} 在别的程序里改过（{how[0]}）：{cut(edit.theirs)}",
                f"{edit.field} was changed elsewhere ({how[1]}): {cut(edit.theirs)}",
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
        todo.append(Said(f"像是写给模型的话，请删改：{cut(order)}", f"speaks to a model, please change: {cut(order)}"))
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
    filling = Filling(card, base, start)
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
        data["assets"] = [item for item in card.data["assets"] if not embedded(item)]
    if isinstance(data.get("extensions"), dict):
        data["extensions"] = {key: value for key, value in data["extensions"].items() if key != OWN}
    kept: dict[str, Any] = {"version": card.version, "data": data}
    return {KEPT: kept | ({"outside": dict(card.outside)} if card.outside else {})}


def _refuse_large(extensions: Mapping[str, Any]) -> None:
    size = len(json.dumps(extensions, ensure_ascii=False).encode())
    if size > MOST_KEPT:
        raise InputError(
            f"卡里要原样保留的内容有 {size / 2**20:.1f} MB，最多 {MOST_KEPT // 2**20} MB（多半是设定集太大）。请在原来的程序里删减后再导出。",
            f"What has to be kept of the card is {size / 2**20:.1f} MB, at most {MOST_KEPT // 2**20} (mostly its lorebook). Shorten it in its program and export again.",
        )
