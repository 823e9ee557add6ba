"""YAML's own complaints in the words of somebody who writes a persona, not a program."""

from __future__ import annotations

import re

import yaml

from coach.content.mistakes import NOTHING, Mistake, Said

_QUOTE = Said(
    "句子里有英文冒号或 { } 这类符号时，整句加英文双引号", "put quotes round a sentence that holds : { } or the like"
)
_UNCLOSED = Said("没有收尾的引号", "a quotation mark that is never closed")
_PAIRS = Said("检查这一行往后的英文引号是否成对", "check that the quotation marks come in pairs from here on")
_OPEN_QUOTE = re.compile(r"""(?:^|[:\-,\[{])\s*(?:"[^"]*|'[^']*)$""")
_CAUSES: tuple[tuple[tuple[str, ...], Said, Said], ...] = (
    # Parts of the message (of the C or the Python parser), what it means, what to do.
    (
        ("mapping values are not allowed",),
        Said("一行里第二个英文冒号，或者多缩进了的键", "a second colon in the line, or a key indented too far"),
        _QUOTE,
    ),
    (
        ("unexpected end of stream", "found unexpected end", "unexpected document"),
        _UNCLOSED,
        _PAIRS,
    ),
    (
        ("expected ',' or ']'", "expected ',' or '}'"),
        Said(
            "没有收尾的方括号或花括号，或者项与项之间少了英文逗号", "a bracket that is never closed, or a missing comma"
        ),
        Said("[ ] 和 { } 要成对，项与项之间用英文逗号", "brackets come in pairs, items are separated by commas"),
    ),
    (
        ("could not find expected ':'", "could not found expected ':'"),
        Said("一个没有英文冒号的键", "a key without a colon"),
        Said("键后面写英文冒号 : ，再空一格", "end a key with : and a space"),
    ),
    (
        ("cannot start any token",),
        Said("不能用来开头的符号（如 @ ` % 或 Tab）", "a sign that can't begin a text (@ ` % or a tab)"),
        Said("整句加英文双引号", "put quotes round the sentence"),
    ),
    (
        ("unknown escape",),
        Said("双引号里不认识的反斜杠 \\", "an unknown \\ inside double quotes"),
        Said("写成 \\\\ ，或者改用单引号", "write \\\\ or use single quotes"),
    ),
    (
        (
            "expected key",
            "expected <block end>",
            "expected the node content",
            "expected '-' indicator",
            "block sequence",
        ),
        Said("缩进对不齐，或者引号后面还有字", "uneven indentation, or text after a closing quote"),
        Said("同一层的键和 - 对齐，每层空两格", "align the keys and dashes of one level, two spaces a level"),
    ),
    (
        ("expected a single document", "another document"),
        Said("第二个 --- ，一个文件里写了两份内容", "a second --- : two contents in one file"),
        Said("分成两个文件", "make two files of it"),
    ),
    (
        ("undefined alias", "alphabetic or numeric character", "while scanning an alias", "while scanning an anchor"),
        Said("以 * 或 & 开头的文字", "a text that begins with * or &"),
        Said("整句加英文双引号", "put quotes round the sentence"),
    ),
    (
        ("tag",),
        Said("以 ! 开头的文字", "a text that begins with !"),
        Said("整句加英文双引号", "put quotes round the sentence"),
    ),
    (
        ("special characters", "control characters"),
        Said("看不见的控制字符", "an invisible control character"),
        Said("删掉后重新输入这一行", "delete the line and type it again"),
    ),
)
_ANY = Said("不合 YAML 写法的地方", "something that is not YAML")
_COLON = Said(
    "这一行有中文冒号「：」；键后面要用英文冒号 : ，再空一格",
    "there is a Chinese colon in this line; a key ends with : and a space",
)


def explain(file: str, text: str, error: yaml.YAMLError) -> Mistake:
    """The place and meaning of a syntax error."""
    problem = (
        f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''} {getattr(error, 'reason', '')}"
    )
    line = _line(text, error)
    found, hint = next((rest for parts, *rest in _CAUSES if any(part in problem for part in parts)), [_ANY, NOTHING])
    lines = text.splitlines()
    open_quote = next((number for number, one in enumerate(lines[:line], 1) if _OPEN_QUOTE.search(one)), 0)
    if open_quote:
        return Mistake(file, open_quote, "", _UNCLOSED, hint=_PAIRS)
    # the reader stumbles a line late, and comments may stand between
    told = [(number, one) for number, one in enumerate(lines[:line], 1) if one.strip() and one.strip()[0] != "#"]
    near = told[-2:]
    if "没有英文冒号" in found.zh or found is _ANY or "缩进" in found.zh:
        wide = [number for number, one in near if _is_wide_key(one)]
        if wide:
            line, hint = wide[0], _COLON
    return Mistake(file, line, "", found, hint=hint)


def _is_wide_key(line: str) -> bool:
    """A key written with the Chinese colon: `heat：50`."""
    head = line.strip().removeprefix("- ").split("：", 1)
    return len(head) == 2 and head[0].isascii() and head[0].replace("_", "").isalpha()


def _line(text: str, error: yaml.YAMLError) -> int:
    """The line (from 1) to look at: where an open quote or bracket began, else where the reader stumbled."""
    if isinstance(error, yaml.reader.ReaderError):
        control = yaml.reader.Reader.NON_PRINTABLE.search(text)
        return text[: control.start()].count("\n") + 1 if control else 1
    context, mark = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    began = str(getattr(error, "context", "") or "")
    if context is not None and ("quoted scalar" in began or "flow" in began or "simple key" in began):
        return int(context.line) + 1
    last = max(1, len(text.splitlines()))
    return min(int(mark.line) + 1, last) if mark is not None else 1
