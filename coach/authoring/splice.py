"""Where the parts of a YAML text stand, and the text with one of them changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

Path = tuple[str | int, ...]
Order = Callable[[Path], list[str]]
"""The keys that a mapping may have, in the order in which they are written."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHORT = 100
"""Characters up to which a list of texts is written in one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # dashes stand under their key, two further in, as in our files

    def choose_scalar_style(self) -> Any:
        chosen = super().choose_scalar_style()
        asked: Any = self.event
        return '"' if chosen == "'" and asked.style != "'" else chosen  # quotes as in our files


class Spliced:
    """A text that ends with a line break, and holds a mapping without anchors and tags. `style` forces quotes on new texts."""

    def __init__(self, text: str, order: Order, style: str | None = None) -> None:
        self._text, self._order, self._style = text, order, style
        self._root: Any = yaml.compose(text, Loader=_Loader)

    def set(self, path: Path, value: Any) -> str:
        node, depth, flow = self._walk(path)
        if depth == len(path):
            return self._replace(node, value, path, flow)
        rest = path[depth:]
        if isinstance(node, yaml.ScalarNode):
            if _is_null(node) or rest[0] not in ("zh", "en"):
                return self._replace(node, _nested(rest, value), path[:depth], flow)
            both = value if rest[0] == "zh" else {"zh": node.value, "en": value}
            return self._replace(node, both, path[:depth], flow)
        if isinstance(node, yaml.SequenceNode):
            return self.add(path[:depth], _nested(rest[1:], value))
        return self._insert(node, str(rest[0]), _nested(rest[1:], value), path[:depth], flow)

    def add(self, path: Path, value: Any) -> str:
        node, depth, flow = self._walk(path)
        if depth < len(path) or not isinstance(node, yaml.SequenceNode):
            return self.set(path, [value])
        if not node.value and not flow and not isinstance(value, str):
            return self._replace(node, [value], path, flow)
        if node.flow_style:
            last = node.value[-1] if node.value else None
            place = _end(self._text, last) if last is not None else node.start_mark.index + 1
            return self._put(place, place, (", " if last is not None else "") + self._flow(value))
        last = node.value[-1]
        place = self._line_end(_end(self._text, last))
        indent = self._column(self._dash(last))
        return self._put(place, place, self._block([value], indent))

    def remove(self, path: Path) -> str:
        node, depth, flow = self._walk(path[:-1])
        if depth < len(path) - 1:
            raise LookupError(path)
        spans = self._spans(node)
        place = _place(node, path[-1])
        start, end = spans[place]
        if flow or node.flow_style:
            if place + 1 < len(spans):
                return self._put(start, spans[place + 1][0], "")
            return self._put(spans[place - 1][1] if place else start, end, "")
        if len(spans) == 1:
            return self._emptied(path[:-1], node)
        if self._text[self._line_start(start) : start].strip():  # the first key of an item stands beside its dash
            return self._put(start, spans[place + 1][0], "")
        return self._put(self._line_start(start), self._line_end(end), "")

    def swap(self, path: Path, by: int) -> str:
        node, depth, flow = self._walk(path[:-1])
        if depth < len(path) - 1 or not isinstance(node, yaml.SequenceNode):
            raise LookupError(path)
        spans = self._spans(node)
        first, second = sorted((int(path[-1]), int(path[-1]) + by))
        (a, b), (c, d) = spans[first], spans[second]
        if not (flow or node.flow_style):
            a, b, c, d = self._line_start(a), self._line_end(b), self._line_start(c), self._line_end(d)
        text = self._text
        return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]

    def _walk(self, path: Path) -> tuple[Any, int, bool]:
        """The node as far along the path as there is one, how many steps that is, and whether it stands inside [ ] or { }."""
        node, flow = self._root, False
        for depth, step in enumerate(path):
            inner = _child(node, step)
            if inner is None:
                return node, depth, flow
            flow = flow or bool(node.flow_style)
            node = inner
        return node, len(path), flow

    def _replace(self, node: Any, value: Any, path: Path, flow: bool) -> str:
        start, end = node.start_mark.index, _end(self._text, node)
        gap = " " if start == end else ""  # nothing stood after the colon or dash
        if flow or (getattr(node, "flow_style", False) and node.value):
            return self._put(start, end, gap + self._flow(value))
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and isinstance(value, str) and value.strip():
            lines = self._text[start:end].splitlines()
            indent = len(lines[1]) - len(lines[1].lstrip()) if len(lines) > 1 else 2
            sign = "|-" if "\n" in value else f"{node.style}-"
            return self._put(start, end, sign + "".join(f"\n{' ' * indent}{line}" for line in value.split("\n")))
        if isinstance(value, dict | list) and value:
            if isinstance(path[-1], int):
                return self._put(start, end, gap + self._flow(value))
            key_node = self._key(path)
            colon = self._text.index(":", key_node.end_mark.index) + 1
            written = self._pair(str(path[-1]), value, self._column(key_node.start_mark.index))
            return self._put(colon, end, written.split(":", 1)[1].rstrip("\n"))
        return self._put(start, end, gap + self._scalar(value, node))

    def _insert(self, node: Any, key: str, value: Any, path: Path, flow: bool) -> str:
        """A key that is not there yet, after those that come before it in the model."""
        order = self._order(path)
        rank = {name: place for place, name in enumerate(order)}
        mine = rank.get(key, len(order))
        before = [i for i, (name, _) in enumerate(node.value) if rank.get(name.value, len(order)) <= mine]
        spans = self._spans(node)
        if flow or node.flow_style:
            pair = f"{key}: {self._flow(value)}"
            if before:
                return self._put(spans[before[-1]][1], spans[before[-1]][1], f", {pair}")
            place = node.start_mark.index + 1
            return self._put(place, place, pair + (", " if spans else ""))
        first = spans[0][0]
        indent = self._column(first)
        written = self._pair(key, value, indent)
        if before:
            place = self._line_end(spans[before[-1]][1])
            return self._put(place, place, written)
        return self._put(first, first, written.lstrip() + " " * indent)

    def _emptied(self, path: Path, node: Any) -> str:
        """The list or mapping whose only part goes: [] or {} beside its key."""
        nothing = "[]" if isinstance(node, yaml.SequenceNode) else "{}"
        start, end = self._spans(node)[0]
        if isinstance(path[-1], int):
            return self._put(node.start_mark.index, end, nothing)
        colon = self._text.index(":", self._key(path).end_mark.index) + 1
        lines = self._line_start(start), self._line_end(end)
        return f"{self._text[:colon]} {nothing}{self._text[colon : lines[0]]}{self._text[lines[1] :]}"

    def _key(self, path: Path) -> Any:
        node, _, _ = self._walk(path[:-1])
        return next(key for key, _ in node.value if key.value == path[-1])

    def _spans(self, node: Any) -> list[tuple[int, int]]:
        """From where to where each part of a list or mapping stands (a list's with its dash)."""
        if isinstance(node, yaml.SequenceNode):
            starts = [item.start_mark.index if node.flow_style else self._dash(item) for item in node.value]
            return list(zip(starts, (_end(self._text, item) for item in node.value), strict=True))
        return [(key.start_mark.index, _pair_end(self._text, key, value)) for key, value in node.value]

    def _dash(self, item: Any) -> int:
        return self._text.rindex("-", 0, item.start_mark.index)

    def _column(self, index: int) -> int:
        return index - self._line_start(index)

    def _line_start(self, index: int) -> int:
        return self._text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        return self._text.index("\n", index) + 1

    def _put(self, start: int, end: int, new: str) -> str:
        return self._text[:start] + new + self._text[end:]

    def _flow(self, value: Any) -> str:
        return _dump([value], flow=True, style=self._style if isinstance(value, str) else None).strip()[1:-1]

    def _scalar(self, value: Any, old: Any) -> str:
        style = self._style
        if isinstance(value, str) and style is None and getattr(old, "style", None) in ('"', "'"):
            style = old.style
        if isinstance(value, dict | list):
            return "{}" if isinstance(value, dict) else "[]"
        return _dump(value, flow=False, style=style if isinstance(value, str) else None).removesuffix("...\n").strip()

    def _pair(self, key: str, value: Any, indent: int) -> str:
        if not isinstance(value, dict | list):
            return f"{' ' * indent}{key}: {self._scalar(value, None)}\n"
        return _indented(_dump({key: value}, flow=_in_a_line(value)), indent)

    def _block(self, value: list[Any], indent: int) -> str:
        if isinstance(value[0], str):
            return f"{' ' * indent}- {self._scalar(value[0], None)}\n"
        return _indented(_dump(value, flow=None), indent)


def _dump(value: Any, *, flow: bool | None, style: str | None = None) -> str:
    return str(
        yaml.dump(
            value,
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            width=10**9,
            default_flow_style=flow,
            default_style=style,
        )
    )


def _in_a_line(value: Any) -> bool | None:
    """A long list of texts gets a line for each; everything else as PyYAML does it: what holds no lists in one line."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return None if sum(map(len, value)) <= _SHORT else False
    return None


def _indented(text: str, indent: int) -> str:
    return "".join(f"{' ' * indent}{line}" for line in text.splitlines(keepends=True))


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step]
    return None


def _place(node: Any, step: str | int) -> int:
    if isinstance(step, int):
        return step
    return next(place for place, (key, _) in enumerate(node.value) if key.value == step)


def _nested(path: Path, value: Any) -> Any:
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _is_null(node: Any) -> bool:
    return not node.style and node.value in ("", "~", "null", "Null", "NULL")


def _end(text: str, node: Any) -> int:
    """Where the content of the part ends: before the comments and blank lines that follow it."""
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        return start + len(text[start:end].rstrip())
    if isinstance(node, yaml.SequenceNode):
        return _end(text, node.value[-1])
    return _pair_end(text, *node.value[-1])


def _pair_end(text: str, key: Any, value: Any) -> int:
    """An empty value ends at its colon."""
    return max(text.index(":", key.end_mark.index) + 1, _end(text, value))
