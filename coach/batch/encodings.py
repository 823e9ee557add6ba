"""Recognises how a file's text is encoded: UTF-8 with and without BOM, UTF-16 with BOM, GB18030."""

from __future__ import annotations

import codecs

SAMPLE = 1 << 20
"""Bytes looked at."""


def encoding_of(head: bytes) -> str:
    """The encoding of a file that starts with `head`.

    Where lines disagree the majority of those with more than ASCII decides, so that one broken line doesn't turn a whole UTF-8 file
    into other characters; that line fails alone.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    lines = [line for line in head[:SAMPLE].split(b"\n") if not line.isascii()]
    if len(head) >= SAMPLE and len(lines) > 1:
        lines.pop()  # cut in the middle, maybe of a character
    good = sum(_decodes(line, "utf-8") for line in lines)
    if 2 * good >= len(lines):
        return "utf-8"
    return "gb18030" if any(_decodes(line, "gb18030") for line in lines) else "utf-8"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def read_text(raw: bytes) -> str:
    """A whole file's text. Raises UnicodeDecodeError when it is in none of the encodings."""
    return raw.decode(encoding_of(raw)).removeprefix("\ufeff")
