"""Strict YAML with a line for everything: what a file holds as plain data, and where each part of it stands.

Stricter than YAML itself, because its conveniences surprise people: only true/false are truth values (yes, no, on, off stay
text), dates and numbers with leading zeros stay text, a key may come once, and there are no anchors, aliases and tags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from coach.content.mistakes import NOTHING, Mistake, Said
from coach.content.syntax import explain

Path = Sequence[str | int]
"""From the root of a file to a part of it: keys, and positions counted from 0."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_NULL = {"", "~", "null", "Null", "NULL"}
EXACT = ("extensions",)
"""The part that other programs write: numbers there stay numbers however long."""
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(slots=True)
class Part:
    """Where a piece of data stands (line from 1) and where the pieces inside it do."""

    line: int
    inside: dict[str | int, Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One content file as read: `data` is a mapping."""

    file: str
    data: dict[str, Any]
    root: Part

    def line_of(self, path: Path) -> int:
        """The line of the part, or of the nearest one around it that exists."""
        part = self.root
        for step in path:
            if step not in part.inside:
                break
            part = part.inside[step]
        return part.line

    def field_of(self, path: Path) -> str:
        """The path in words: `facts[leave_lost].release.when`; items without an id by number from 1."""
        words, here = "", self.data
        for step in path:
            here = _step(here, step)
            if isinstance(step, int):
                name = here.get("id") if isinstance(here, dict) else None
                words += f"[{name if isinstance(name, str) else step + 1}]"
            else:
                words += f".{step}" if words else step
        return words

    def mistake(
        self,
        path: Path,
        found: Said,
        allowed: Said = NOTHING,
        hint: Said = NOTHING,
        level: Literal["error", "warning"] = "error",
    ) -> Mistake:
        """A mistake at this part of the file."""
        return Mistake(self.file, self.line_of(path), self.field_of(path), found, allowed, hint, level, tuple(path))


def _step(here: Any, step: str | int) -> Any:
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None


def parse(file: str, raw: bytes) -> tuple[Document | None, list[Mistake]]:
    """The file's data, if it has a usable shape, and every mistake of form. Never raises for what a file may hold."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = Said("不是 UTF-8 编码的文字", "text that is not encoded in UTF-8")
        hint = Said("用编辑器“另存为”选 UTF-8 再保存", "save it again with the encoding UTF-8")
        return None, [Mistake(file, raw[: error.start].count(b"\n") + 1, "", found, hint=hint)]
    wrong = _tabs(file, text)
    if wrong:
        return None, wrong
    try:
        wrong = _extras(file, text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return None, [explain(file, text, error)]
    allowed = Said("一组键值，从 id: 开始，一行一个", "a mapping, one key a line, beginning with id:")
    if node is None:
        return None, [Mistake(file, 1, "", Said("一个空文件", "an empty file"), allowed)]
    if wrong:
        return None, wrong  # an alias makes the tree a web
    data, root = _build(node, file, (), wrong)
    if not isinstance(data, dict):
        kind = Said("一个列表", "a list") if isinstance(data, list) else Said("一段文字", "plain text")
        found = Said(f"文件一开头就是{kind.zh}", f"{kind.en} where the file begins")
        hint = (
            Said("冒号要用英文的 : ，后面空一格", "a key ends with : and a space") if kind.zh == "一段文字" else NOTHING
        )
        return None, [Mistake(file, root.line, "", found, allowed, hint)]
    return Document(file, data, root), wrong


def _tabs(file: str, text: str) -> list[Mistake]:
    found = Said("行首的制表符（Tab 键）", "a tab at the beginning of the line")
    allowed = Said("空格，每层两个", "spaces, two for each level")
    lines = text.splitlines()
    return [
        Mistake(file, number, "", found, allowed)
        for number, line in enumerate(lines, 1)
        if "\t" in line[: len(line) - len(line.lstrip())] and line.strip()
    ]


def _extras(file: str, text: str) -> list[Mistake]:
    """Anchors, aliases and tags."""
    wrong = []
    for event in yaml.parse(text, Loader=_Loader):
        mark = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if mark:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&" if getattr(event, "anchor", None) else ""
            found = Said(f"YAML 的记号 {sign}{mark}", f"the YAML mark {sign}{mark}")
            hint = Said(
                "把内容直接写出来；句子以 & * ! 开头时，整句加英文双引号",
                "write the content out; quote a sentence that begins with & * or !",
            )
            wrong.append(Mistake(file, (event.start_mark.line if event.start_mark else 0) + 1, "", found, hint=hint))
    return wrong


def _build(node: yaml.Node, file: str, path: tuple[str | int, ...], wrong: list[Mistake]) -> tuple[Any, Part]:
    part = Part(node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, exact=path[:1] == EXACT), part
    if isinstance(node, yaml.SequenceNode):
        items = []
        for index, child in enumerate(node.value):
            item, part.inside[index] = _build(child, file, (*path, index), wrong)
            items.append(item)
        return items, part
    data: dict[str, Any] = {}
    for key_node, child in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        line = key_node.start_mark.line + 1
        if key in data:
            first = part.inside[key].line
            found = Said(f"{key} 写了两次（第 {first} 行和第 {line} 行）", f"{key} twice (lines {first} and {line})")
            allowed = Said("每个键只写一次", "each key once")
            wrong.append(Mistake(file, line, _dotted((*path, key)), found, allowed))
            continue
        data[key], inner = _build(child, file, (*path, key), wrong)
        part.inside[key] = Part(line, inner.inside)
    return data, part


def _dotted(path: Path) -> str:
    words = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".")


def _scalar(node: yaml.ScalarNode, *, exact: bool = False) -> Any:
    text = str(node.value)
    if node.style:  # quoted or a block: text by wish
        return text
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _INTEGER.fullmatch(text):
        return int(text) if exact or len(text) < 16 else text  # longer ones are card or ticket numbers
    return float(text) if _FLOAT.fullmatch(text) else text
