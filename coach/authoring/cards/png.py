"""Text chunks of PNG files, read and written without decoding the picture: nothing in a file can make us unpack pixels."""

from __future__ import annotations

import binascii
import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coach.errors import InputError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 20_000


class Chunk(NamedTuple):
    kind: bytes
    body: bytes
    sound: bool
    """Whether its check sum fits."""


def is_png(raw: bytes) -> bool:
    return raw.startswith(SIGNATURE)


def chunks(raw: bytes) -> Iterator[Chunk]:
    """The chunks in order; ends quietly where the file is cut off inside one, for what stood before it may be all that is wanted."""
    place = len(SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        if place + 12 > len(raw):
            return
        length, kind = struct.unpack(">I4s", raw[place : place + 8])
        body = raw[place + 8 : place + 8 + length]
        tail = raw[place + 8 + length : place + 12 + length]
        if len(body) < length or len(tail) < 4:
            return
        yield Chunk(kind, body, struct.unpack(">I", tail)[0] == binascii.crc32(kind + body))
        if kind == b"IEND":
            return
        place += 12 + length


def is_whole(raw: bytes) -> bool:
    """Whether the file reaches its own end."""
    return any(chunk.kind == b"IEND" for chunk in chunks(raw))


def texts(raw: bytes) -> dict[str, tuple[bytes, bool]]:
    """The tEXt chunks by keyword (lower case): their bytes and whether the check sum fits. Of several with one keyword the last."""
    found: dict[str, tuple[bytes, bool]] = {}
    for chunk in chunks(raw):
        if chunk.kind == b"tEXt":
            keyword, _, text = chunk.body.partition(b"\0")
            found[keyword.decode("latin-1").strip().lower()] = (text, chunk.sound)
    return found


def with_texts(raw: bytes, entries: Mapping[str, bytes]) -> bytes:
    """The same picture with these tEXt chunks before its end; older ones of the same keyword are left out.

    Raises InputError when the picture is not a whole PNG.
    """
    if not is_png(raw) or not is_whole(raw):
        raise InputError(
            "这张图片不是完整的 PNG，装不进角色卡。换一张图，或者用看图软件另存为 PNG 再试。",
            "The picture is not a whole PNG and can't carry a card. Take another one, or save it as PNG again.",
        )
    out = [SIGNATURE]
    for chunk in chunks(raw):
        keyword = chunk.body.partition(b"\0")[0].decode("latin-1").lower() if chunk.kind == b"tEXt" else ""
        if keyword in entries:
            continue
        if chunk.kind == b"IEND":
            out += [_packed(b"tEXt", name.encode("latin-1") + b"\0" + text) for name, text in entries.items()]
        out.append(_packed(chunk.kind, chunk.body))
    return b"".join(out)


def _packed(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", binascii.crc32(kind + body))
