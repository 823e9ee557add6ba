"""Reads and fills prompt files.

A prompt file starts with `id:` and `version:` lines; then `---system---` and `---user---` each open a part. The parts are
Jinja templates without tolerance: a name that is not given is an error, never an empty string.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

_PART = re.compile(r"^---([a-z]+)---[ \t]*$", re.MULTILINE)
_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Prompt:
    """One prompt as it stands in its file. `hash` (SHA-256 of the file's text) is stored with every call it served."""

    id: str
    version: int
    hash: str
    _parts: Mapping[str, Template] = field(repr=False)

    def render(self, values: Mapping[str, object]) -> dict[str, str]:
        """The filled parts by name, such as system and user. Raises jinja2.UndefinedError for a value that is missing."""
        return {name: self.part(name, values) for name in self._parts}

    def part(self, name: str, values: Mapping[str, object]) -> str:
        """One filled part. Raises KeyError for a part that isn't there, jinja2.UndefinedError for a value that is missing."""
        return self._parts[name].render(values).strip()


def read_prompt(text: str) -> Prompt:
    """A prompt from the text of its file. Raises ValueError when header or parts are missing."""
    pieces = _PART.split(text)
    header = dict(re.findall(r"^(id|version):[ \t]*(\S+)[ \t]*$", pieces[0], re.MULTILINE))
    if "id" not in header or not header.get("version", "").isdigit():
        raise ValueError("a prompt file starts with 'id: name' and 'version: number'")
    names = pieces[1::2]
    if not names or len(set(names)) != len(names):
        raise ValueError("a prompt file has parts such as ---system--- and ---user---, each once")
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)
    parts = {name: environment.from_string(body.strip("\n")) for name, body in zip(names, pieces[2::2], strict=True)}
    return Prompt(header["id"], int(header["version"]), hashlib.sha256(text.encode()).hexdigest(), parts)


@lru_cache(maxsize=32)
def load_prompt(name: str) -> Prompt:
    """The prompt of coach/prompts/{name}.md."""
    prompt = read_prompt((_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    if prompt.id != name:
        raise ValueError(f"{name}.md says id: {prompt.id}")
    return prompt


_MARKS = re.compile(r"[<>＜＞]|-{3,}|={3,}|`{3,}")


def untrusted(text: str) -> str:
    """Words of a transcript made harmless for a prompt: nothing in them can close or open a delimiter, or start a line."""
    plain = _MARKS.sub(lambda mark: {"<": "〈", "＜": "〈", ">": "〉", "＞": "〉"}.get(mark.group(), "—"), text)
    return " ".join(plain.split())
