"""A persona -> a card that other programs read: their fields filled as well as they can be, our whole persona in `extensions`."""

from __future__ import annotations

import base64
import io
import json
import warnings
from collections.abc import Mapping
from typing import Any, Literal

from PIL import Image, UnidentifiedImageError

from coach.authoring.cards.png import is_png, with_texts
from coach.authoring.cards.reading import MOST_FILE
from coach.content.persona import Act, Persona
from coach.errors import InputError

OWN = "hotline_coach"
"""Our key among the extensions of a card."""
KEPT = "character_card"
"""The key among a persona's extensions that holds the foreign card it came from."""
Version = Literal["v2", "v3"]
MOST_SIDE = 4096
"""Pixels of a picture's longer side."""
_GREETS = (Act.VENT,)
_SHOWN = (Act.ANSWER, Act.DOUBT, Act.PRESS, Act.STUNG, Act.SOFTEN, Act.ACCEPT)
_BACKFILL = (
    "This character card is Character Card V3, but it is loaded as a Character Card V2. "
    "Please use a Character Card V3 compatible application to use this character card properly.\n"
)


def card_data(persona: Persona) -> dict[str, Any]:
    """The card's `data`: what a foreign card held, under what we say now."""
    kept = persona.extensions.get(KEPT)
    foreign = kept.get("data") if isinstance(kept, dict) else None
    data: dict[str, Any] = dict(foreign) if isinstance(foreign, dict) else {}
    defaults = {
        "scenario": "{{char}}给通信公司的热线打电话，{{user}}是接电话的客服。",
        "system_prompt": "",
        "post_history_instructions": "",
        "creator_notes": "热线客服情景陪练的客户画像。完整画像在 extensions.hotline_coach 里，别的程序改不到它。",
        "creator": "hotline-coach",
        "character_version": "1",
    }
    for key, value in defaults.items():
        if not isinstance(data.get(key), str):
            data[key] = value
    greetings = [line for act in _GREETS for line in persona.lines.get(act, ()) if "{" not in line]
    data |= {
        "name": persona.name.zh,
        "description": persona.background,
        "personality": "\n".join([persona.summary.zh, *(f"- {habit}" for habit in persona.speech.habits)]),
        "first_mes": greetings[0] if greetings else "",
        "alternate_greetings": greetings[1:],
        "mes_example": _examples(persona),
        "tags": [persona.category, persona.type, persona.temperament.value],
    }
    beside = data.get("extensions")
    body = persona.model_dump(mode="json")
    data["extensions"] = (dict(beside) if isinstance(beside, dict) else {}) | {OWN: {"version": 1, "persona": body}}
    return data


def _examples(persona: Persona) -> str:
    lines = [f"{{{{char}}}}: {line}" for act in _SHOWN for line in persona.lines.get(act, ())[:1] if "{" not in line]
    return "<START>\n" + "\n".join(lines)


def fields_to_persona(persona: Persona, fields: Mapping[str, str]) -> dict[str, Any]:
    """The other way: parts of a persona's data for those card fields that have one place each. Others give nothing."""
    changed: dict[str, Any] = {}
    if name := fields.get("name", "").strip():
        changed["name"] = persona.name.model_dump() | {"zh": name}
    if len(background := fields.get("description", "").strip()) >= 10:
        changed["background"] = background
    if personality := fields.get("personality", "").strip():
        lines = [line.strip() for line in personality.splitlines() if line.strip()]
        habits = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
        summary = [line for line in lines if not line.startswith("- ")]
        if summary:
            changed["summary"] = persona.summary.model_dump() | {"zh": " ".join(summary)}
        if len(habits) > 1:
            changed["speech"] = persona.speech.model_dump(mode="json") | {"habits": habits}
    return changed


def card_json(persona: Persona, version: Version = "v3") -> str:
    """The card as the text of a .json file."""
    data = card_data(persona)
    if version == "v3":
        data.setdefault("group_only_greetings", [])
    spec, number = ("chara_card_v3", "3.0") if version == "v3" else ("chara_card_v2", "2.0")
    kept = persona.extensions.get(KEPT)
    outside = kept.get("outside") if isinstance(kept, dict) else None
    root = dict(outside) if isinstance(outside, dict) else {}
    return json.dumps({"spec": spec, "spec_version": number, "data": data, **root}, ensure_ascii=False, indent=1) + "\n"


def card_png(persona: Persona, picture: bytes | None = None, version: Version = "v3") -> bytes:
    """The card inside a PNG. `picture` may be any picture file; without one a plain sheet is drawn.

    A V3 card carries a V2 one beside it for older programs, as its specification allows.

    Raises:
        InputError: the picture can't be read, or is too large.
    """
    entries = {"chara": _packed(card_json(persona, "v2"))}
    if version == "v3":
        older = json.loads(card_json(persona, "v2"))
        older["data"]["creator_notes"] = _BACKFILL + older["data"]["creator_notes"]
        entries = {"chara": _packed(json.dumps(older, ensure_ascii=False)), "ccv3": _packed(card_json(persona, "v3"))}
    return with_texts(_as_png(picture), entries)


def _packed(text: str) -> bytes:
    return base64.b64encode(text.encode("utf-8"))


def _as_png(picture: bytes | None) -> bytes:
    """A PNG stays as it is, bit by bit; other pictures are converted. Nothing is unpacked before its size was looked at."""
    if picture is None:
        return _saved(Image.new("RGB", (400, 600), (226, 234, 232)))
    if len(picture) > MOST_FILE:
        raise _unusable(f"{len(picture) / 2**20:.0f} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture)) as opened:
                if max(opened.size) > MOST_SIDE:
                    raise _unusable("×".join(map(str, opened.size)))
                return picture if is_png(picture) else _saved(opened.convert("RGBA"))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        raise InputError(
            "这个文件不是能打开的图片。请用 PNG、JPEG 或 WebP。",
            "This is no picture that can be opened. Use PNG, JPEG or WebP.",
        ) from None


def _saved(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _unusable(found: str) -> InputError:
    return InputError(
        f"图片太大（{found}）：最多 {MOST_FILE // 2**20} MB，边长不超过 {MOST_SIDE} 像素。缩小后再试。",
        f"The picture is too large ({found}): at most {MOST_FILE // 2**20} MB and {MOST_SIDE} pixels a side.",
    )
