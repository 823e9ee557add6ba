"""The YAML reader has no surprises in it, and stands upright whatever a file holds."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.content.document import parse
from coach.content.survey import survey

JARGON = re.compile(r"Input should|pydantic|valid (string|integer|tuple)|Traceback|None\b|dict|NoneType|字段 \.")
WRONG: tuple[Any, ...] = (None, True, 7, -3.5, "", "乱写", [], [1], {}, {"zh": 3}, {"不": "认识"})


def data(text: str) -> Any:
    document, wrong = parse("x.yaml", text.encode())
    assert wrong == []
    assert document is not None
    return document.data


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("2026-11-22", "2026-11-22"),
        ("12:30", "12:30"),
        ("0777", "0777"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("6222021234567890123", "6222021234567890123"),
        ("-4", -4),
        ("1.25", 1.25),
        ("~", None),
        ('"5"', "5"),
        (".inf", ".inf"),
    ],
)
def test_a_plain_value_is_what_it_looks_like(written: str, value: Any) -> None:
    assert data(f"key: {written}\n")["key"] == value


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    document, wrong = parse("x.yaml", "\ufeffid: a\r\nname: 甲\r\n".encode())
    assert wrong == []
    assert document is not None
    assert document.data == {"id": "a", "name": "甲"}
    assert document.line_of(("name",)) == 2


def test_lines_and_names_of_nested_parts_are_found() -> None:
    document, _ = parse("x.yaml", "facts:\n  - id: one\n    say:\n      - 甲\n      - 乙\n".encode())
    assert document is not None
    path = ("facts", 0, "say", 1)
    assert (document.line_of(path), document.field_of(path)) == (5, "facts[one].say[2]")
    assert document.line_of(("facts", 0, "nothing", 3)) == 2


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths to every part of some data."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inside:
        yield (*path, step)
        yield from places(item, (*path, step))


@pytest.mark.parametrize(
    "file", ["personas/grumbler.yaml", "cases/no_show.yaml", "rubrics/warmth.yaml", "operator.yaml"]
)
def test_whatever_stands_anywhere_is_told_without_jargon(folder: Path, file: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    draw = random.Random(file)
    for path in draw.sample(list(places(yaml.safe_load(text))), 20):
        spoilt = yaml.safe_load(text)
        inner = spoilt
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = draw.choice(WRONG)
        (folder / file).write_text(yaml.safe_dump(spoilt, allow_unicode=True, sort_keys=False), encoding="utf-8")
        for mistake in survey(folder).mistakes:
            shown = mistake.say("zh") + mistake.say("en")
            assert not JARGON.search(shown), shown
            assert mistake.line >= 1
            assert mistake.found.zh
            assert mistake.found.en


def test_a_file_cut_at_any_place_never_breaks_the_reader(folder: Path) -> None:
    raw = (folder / "personas" / "grumbler.yaml").read_bytes()
    for length in range(0, len(raw), 37):
        document, wrong = parse("x.yaml", raw[:length])
        assert document is not None or wrong
