"""What is wrong in the content files, told so that a trainer can mend it: place, field, what was found, what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as place
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple

from coach.errors import CoachError

LONG = 24
"""Texts above this many characters are shown cut, with their length."""


class Said(NamedTuple):
    """A phrase in both languages."""

    zh: str
    en: str


NOTHING = Said("", "")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend.

    `line` counts from 1. `field` leads to the place: list items by their id, else by number from 1.
    `allowed` and `hint` may be empty. An error keeps the content from being used; a warning does not. `at` is `field` for
    machines: keys, and positions counted from 0 (it may lead past what the file holds, to what is missing there).
    """

    file: str
    line: int
    field: str
    found: Said
    allowed: Said = NOTHING
    hint: Said = NOTHING
    level: Literal["error", "warning"] = "error"
    at: tuple[str | int, ...] = place(default=(), compare=False)

    def say(self, language: str) -> str:
        """The mistake in one line, with file and line in front."""
        zh = language != "en"
        found, allowed, hint = (text.zh if zh else text.en for text in (self.found, self.allowed, self.hint))
        place = f"{self.file}:{self.line}"
        if zh:
            told = [f"找到：{found}", f"可以写：{allowed}" if allowed else "", hint]
            kind = "提醒 " if self.level == "warning" else ""
            field = f"字段 {self.field}：" if self.field else ""
            return f"{place} {kind}{field}{'；'.join(part for part in told if part)}"
        told = [f"found: {found}", f"allowed: {allowed}" if allowed else "", hint]
        kind = "warning, " if self.level == "warning" else ""
        field = f"field {self.field}: " if self.field else ""
        return f"{place} {kind}{field}{'; '.join(part for part in told if part)}"

    def to_json(self) -> dict[str, Any]:
        """For machines: texts as {zh, en}."""
        texts = {name: getattr(self, name)._asdict() for name in ("found", "allowed", "hint")}
        return {"file": self.file, "line": self.line, "level": self.level, "field": self.field, **texts}


class ContentError(CoachError):
    """The content files can't be used; `mistakes` holds everything there is to mend, over all files."""

    code = "content"

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        errors = [mistake for mistake in self.mistakes if mistake.level == "error"]
        zh = "\n".join([f"内容文件里有 {len(errors)} 处要改：", *(mistake.say("zh") for mistake in errors)])
        en = "\n".join([f"{len(errors)} places in the content files to mend:", *(item.say("en") for item in errors)])
        super().__init__(zh, en)


def nearest(word: str, allowed: Iterable[str], count: int = 1) -> list[str]:
    """The spellings most like `word`, best first; often none."""
    return get_close_matches(word.strip().lower(), list(allowed), n=count, cutoff=0.65)


def did_you_mean(words: Sequence[str]) -> Said:
    """Nothing when there is nothing to propose."""
    if not words:
        return NOTHING
    return Said(f"是不是想写 {'、'.join(words)}？", f"did you mean {', '.join(words)}?")


def show(value: Any) -> Said:
    """A value as found in a file."""
    if value is None:
        return Said("空着", "nothing")
    if isinstance(value, bool):
        return Said(f"{str(value).lower()}（真假值）", f"{str(value).lower()} (a truth value)")
    if isinstance(value, int | float):
        return Said(f"数字 {value}", f"the number {value}")
    if isinstance(value, str):
        if not value.strip():
            return Said("一段空文字", "an empty text")
        cut = value if len(value) <= LONG else value[:LONG] + "……"
        size = Said("", "") if len(value) <= LONG else Said(f"（{len(value)} 个字）", f" ({len(value)} characters)")
        return Said(f"「{cut}」{size.zh}", f"{cut!r}{size.en}")
    if isinstance(value, dict):
        keys = [str(key) for key in value][:6]
        return Said(f"一组键值（{'、'.join(keys) or '空的'}）", f"a mapping ({', '.join(keys) or 'empty'})")
    return Said(f"一个列表（{len(value)} 项）", f"a list ({len(value)} items)")
