"""A file -> the card in it, whatever program wrote it: V3, V2 or the flat V1, as JSON or inside a PNG. Or a sentence why not."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coach.authoring.cards.png import is_png, is_whole, texts
from coach.batch.encodings import read_text
from coach.content.mistakes import Said
from coach.errors import InputError

MOST_FILE = 20 * 2**20
"""Bytes of a file: pictures with a card are seldom above 5 MB."""
MOST_CARD = 8 * 2**20
"""Bytes of the card's JSON."""
_DEEPEST = 60
_V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
TEXTS = (
    *_V1,
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
    "creator",
    "character_version",
    "nickname",
)
LISTS = ("alternate_greetings", "tags", "group_only_greetings")


@dataclass(frozen=True)
class Card:
    """What a card says. `fields` has every known text and list in its right type; `data` is everything as it stood."""

    version: str
    """v1, v2 or v3."""
    fields: Mapping[str, Any]
    data: Mapping[str, Any]
    outside: Mapping[str, Any] = field(default_factory=dict)
    """What stood beside `data` in the file."""
    remarks: tuple[Said, ...] = ()
    """What was odd about the file and read all the same."""

    @property
    def extensions(self) -> dict[str, Any]:
        kept = self.data.get("extensions")
        return dict(kept) if isinstance(kept, dict) else {}


def read_card(raw: bytes, file: str) -> Card:
    """The card in a file's bytes.

    Raises:
        InputError: too large, cut off, no card in it, or not what it claims to be; says which and what to do.
    """
    if len(raw) > MOST_FILE:
        raise _too_large(file, len(raw), MOST_FILE)
    if not raw.strip():
        raise InputError(f"{file} 是空的。重新导出一次再试。", f"{file} is empty. Export it again.")
    remarks: list[Said] = []
    text = _from_png(raw, file, remarks) if is_png(raw) else _from_text(raw, file)
    if len(text.encode("utf-8", "replace")) > MOST_CARD:
        raise _too_large(file, len(text.encode("utf-8", "replace")), MOST_CARD)
    return _card(_tidy(_parsed(text, file), remarks), file, remarks)


def _too_large(file: str, size: int, most: int) -> InputError:
    return InputError(
        f"{file} 太大：{size / 2**20:.1f} MB，最多 {most // 2**20} MB。把设定集、内嵌图片删一些再导出。",
        f"{file} is too large: {size / 2**20:.1f} MB of at most {most // 2**20}. Leave out lore or embedded pictures.",
    )


def _from_png(raw: bytes, file: str, remarks: list[Said]) -> str:
    """V3 before V2, as the specification wants; the older one when the newer can't be read."""
    found = texts(raw)
    if not is_whole(raw):
        remarks.append(Said("图片没有传完整，卡的内容是齐的", "the picture is cut off; the card in it is whole"))
    broken = None
    for keyword in ("ccv3", "chara"):
        if keyword not in found:
            continue
        body, sound = found[keyword]
        text = _decoded(body)
        if text is None:
            broken = keyword
            continue
        if not sound:
            remarks.append(
                Said(
                    f"{keyword} 块的校验和不对，内容读得出来", f"the check sum of {keyword} is wrong, its text is fine"
                )
            )
        if broken:
            remarks.append(
                Said(f"{broken} 块坏了，用了 {keyword} 块", f"{broken} is damaged, {keyword} was read instead")
            )
        assets = sum(name.startswith("chara-ext-asset_") for name in found)
        if assets:
            remarks.append(Said(f"图片里另有 {assets} 个内嵌素材，没有保留", f"{assets} embedded assets were not kept"))
        return text
    if broken:
        raise InputError(
            f"{file} 里的角色卡坏了（{broken} 块不是完整的 base64 和 JSON）。请在原来的程序里重新导出。",
            f"The card in {file} is damaged ({broken} is not whole base64 and JSON). Export it again from its program.",
        )
    if not is_whole(raw):
        raise InputError(
            f"{file} 没有传完整，角色卡读不到。请重新下载或导出。",
            f"{file} is cut off before its card. Download or export it again.",
        )
    raise InputError(
        f"{file} 是普通图片，里面没有角色卡（没有 chara 或 ccv3 块）。截图和压缩过的图会丢掉它，请用原文件。",
        f"{file} is a picture without a card (no chara or ccv3 chunk). Screenshots and compressed copies lose it: use the original file.",
    )


def _decoded(body: bytes) -> str | None:
    """Base64 of UTF-8, as programs write it: with line breaks, url-safe, without padding; or JSON that was not encoded at all."""
    plain = body.strip(b"\0 \r\n\t")
    if plain.startswith(b"{"):
        packed = plain
    else:
        squeezed = re.sub(rb"\s+", b"", plain).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
        try:
            packed = base64.b64decode(squeezed + b"=" * (-len(squeezed) % 4), validate=True)
        except (binascii.Error, ValueError):
            return None
    try:
        text = packed.decode("utf-8-sig")
        return text if isinstance(json.loads(text), dict) else None
    except (UnicodeDecodeError, ValueError, RecursionError):
        return None


def _from_text(raw: bytes, file: str) -> str:
    kinds = {
        b"PK\x03\x04": ("CHARX 压缩包", "a CHARX archive"),
        b"\xff\xd8\xff": ("JPEG 图片", "a JPEG picture"),
        b"RIFF": ("WebP 图片", "a WebP picture"),
        b"GIF8": ("GIF 图片", "a GIF picture"),
    }
    for start, (zh, en) in kinds.items():
        if raw.startswith(start):
            raise InputError(
                f"{file} 是{zh}，读不了。请在原来的程序里导出成 PNG 或 JSON。",
                f"{file} is {en}, which is not read. Export it as PNG or JSON.",
            )
    try:
        return read_text(raw)
    except UnicodeDecodeError:
        raise InputError(
            f"{file} 不是 PNG，也不是 UTF-8 文字。角色卡是 .png 或 .json 文件。",
            f"{file} is neither a PNG nor UTF-8 text. Cards are .png or .json files.",
        ) from None


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_constant=str)
    except RecursionError:
        raise _too_deep(file) from None
    except ValueError as error:
        if file.lower().endswith(".png"):
            raise InputError(
                f"{file} 名字是 .png，里面不是 PNG 图片，也不是角色卡的 JSON。请在原来的程序里重新导出，别改扩展名。",
                f"{file} is called .png and holds neither a PNG nor a card's JSON. Export it again and keep its name.",
            ) from None
        line = getattr(error, "lineno", 1)
        raise InputError(
            f"{file} 不是完整的 JSON（第 {line} 行读不下去）。请重新导出。",
            f"{file} is not whole JSON (it breaks in line {line}). Export it again.",
        ) from None
    if not isinstance(data, dict):
        raise InputError(
            f"{file} 不是角色卡：最外面应当是一组键值。",
            f"{file} is no card: a card is one mapping of keys and values.",
        )
    if _depth(data) > _DEEPEST:
        raise _too_deep(file)
    return data


def _too_deep(file: str) -> InputError:
    return InputError(
        f"{file} 一层套一层超过 {_DEEPEST} 层，不像角色卡，没有读。",
        f"{file} is nested more than {_DEEPEST} levels deep, unlike any card; it was not read.",
    )


def _depth(data: Any, level: int = 1) -> int:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    if level > _DEEPEST:
        return level
    return max((_depth(item, level + 1) for item in inner), default=level)


def _tidy(data: Any, remarks: list[Said]) -> Any:
    """The same without halves of characters, which no file can hold."""
    if isinstance(data, str):
        try:
            data.encode("utf-8")
        except UnicodeEncodeError:
            return data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return data
    if isinstance(data, list):
        return [_tidy(item, remarks) for item in data]
    if isinstance(data, dict):
        return {_tidy(key, remarks): _tidy(value, remarks) for key, value in data.items()}
    return data


def _card(root: dict[str, Any], file: str, remarks: list[Said]) -> Card:
    spec, data = root.get("spec"), root.get("data")
    if isinstance(data, dict):
        version = "v3" if spec == "chara_card_v3" else "v2"
        if spec not in ("chara_card_v2", "chara_card_v3"):
            remarks.append(Said("没写 spec，按 V2 读", "no spec is given; read as V2"))
        newest = _number(root.get("spec_version"))
        if newest > 3.0:
            said = f"{newest:g}"
            remarks.append(
                Said(
                    f"卡是更新的版本 {said}，新字段照样保留",
                    f"the card is of version {said}; what is new in it is kept",
                )
            )
        outside = {key: value for key, value in root.items() if key not in ("spec", "spec_version", "data")}
    elif sum(isinstance(root.get(key), str) for key in _V1) >= 2:
        version, data, outside = "v1", root, {}
    elif spec == "lorebook_v3" or "entries" in root:
        raise InputError(
            f"{file} 是一份设定集（lorebook），里面没有人物。请导出角色卡本身。",
            f"{file} is a lorebook without a person. Export the character card itself.",
        )
    else:
        raise InputError(
            f"{file} 里找不到角色卡的字段（name、description、first_mes 等）。请确认导出的是角色卡。",
            f"{file} has none of a card's fields (name, description, first_mes ...). Make sure that it is a character card.",
        )
    fields = {key: _text(data, key, remarks) for key in TEXTS} | {key: _list(data, key, remarks) for key in LISTS}
    if not any(fields[key] for key in ("name", "description", "personality", "first_mes")):
        raise InputError(
            f"{file} 的角色卡是空的：没有名字、描述，也没有开场白。",
            f"The card in {file} is empty: no name, description or greeting.",
        )
    return Card(version, fields, data, outside, tuple(remarks))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _text(data: Mapping[str, Any], key: str, remarks: list[Said]) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value).strip()
    remarks.append(Said(f"{key} 不是文字，没有用，原样保留", f"{key} is no text; not used, kept as it is"))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(data: Mapping[str, Any], key: str, remarks: list[Said]) -> list[str]:
    value = data.get(key)
    if isinstance(value, str):
        # one program writes a single text, or a time stamp, where a list belongs
        return [item for item in re.split(r"[,，]", value) if item.strip()] if key == "tags" else _one_greeting(value)
    if isinstance(value, list):
        return [item.strip() for item in value if isinstance(item, str) and item.strip()]
    if value is not None:
        remarks.append(Said(f"{key} 不是列表，没有用，原样保留", f"{key} is no list; not used, kept as it is"))
    return []


def _one_greeting(value: str) -> list[str]:
    return [] if not value.strip() or value.strip().isdigit() else [value.strip()]
