"""A change from the form changes its own words and nothing else: comments, order and line breaks stay."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import ROOT

from coach.authoring.edits import Edit, data_of, edited
from coach.authoring.kinds import FOLDERS, KINDS, MODELS, Kind
from coach.authoring.starting import every_template
from coach.content.persona import Persona
from coach.errors import InputError

SHIPPED = [(kind, path) for kind in KINDS for path in sorted((ROOT / FOLDERS[kind]).glob("*.yaml"))]
COMMENTED = """\
id: someone
# about the fillers
fillers: [喂, "哎: 说"]  # in a line
habits:
  - 短句
  # about the second
  - 爱打断
# about the tactics
tactics:
  - id: first
    what: {zh: 甲, en: A}  # beside it
  - id: second
    what: 乙
"""


def parts(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(data, dict | list):
        yield path, data
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from parts(value, (*path, key))
    else:
        yield path, data


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


@pytest.mark.parametrize(("kind", "path"), SHIPPED, ids=lambda one: one.stem if isinstance(one, Path) else one)
def test_changes_of_every_shipped_file_touch_their_own_words_only(kind: Kind, path: Path) -> None:
    text = path.read_text("utf-8")
    found = [(where, value) for where, value in parts(data_of(text)) if where]
    for where, value in random.Random(path.stem).sample(found, 6):
        if isinstance(value, list) and value:
            added = edited(text, Edit("add", where, value[0]), MODELS[kind])
            assert data_of(edited(added, Edit("remove", (*where, len(value))), MODELS[kind])) == data_of(text)
            assert comments(added) == comments(text)
        elif not isinstance(value, dict | list):
            changed = edited(
                text, Edit("set", where, f"{value}，「改: 过」" if isinstance(value, str) else 7), MODELS[kind]
            )
            before, after = text.splitlines(), changed.splitlines()
            assert comments(changed) == comments(text)
            if len(before) == len(after):
                assert sum(one != other for one, other in zip(before, after, strict=True)) <= 1


@pytest.mark.parametrize("template", every_template(), ids=lambda one: f"{one.kind}-{one.name}")
def test_appending_to_a_list_leaves_the_comment_below_it_below_it(template: Any) -> None:
    text = template.text
    for where, value in parts(template.data):
        if isinstance(value, list) and value:
            added = edited(text, Edit("add", where, value[-1]), MODELS[template.kind])
            assert comments(added) == comments(text)
            assert added.splitlines()[0] == text.splitlines()[0]


def change(op: Any, path: tuple[str | int, ...], value: Any = None) -> list[str]:
    """The lines that are new or other than before."""
    before = COMMENTED.splitlines()
    return [line for line in edited(COMMENTED, Edit(op, path, value), Persona).splitlines() if line not in before]


def test_each_kind_of_change_writes_what_a_person_would() -> None:
    assert change("set", ("id",), "other") == ["id: other"]
    assert change("set", ("fillers", 1), "喂: 你") == ['fillers: [喂, "喂: 你"]  # in a line']
    assert change("add", ("fillers",), "咦") == ['fillers: [喂, "哎: 说", 咦]  # in a line']
    assert change("add", ("habits",), "慢") == ["  - 慢"]
    assert change("set", ("tactics", 1, "what", "en"), "B") == ["    what: {zh: 乙, en: B}"]
    assert change("set", ("tactics", 1, "when"), "heated") == ["    when: heated"]
    assert change("set", ("type",), "excited") == ["type: excited"]
    assert change("set", ("temper", "soothed_by", "apologise"), 1.2) == ["temper:", "  soothed_by: {apologise: 1.2}"]


def test_a_comment_goes_with_nobody_elses_part() -> None:
    removed = edited(COMMENTED, Edit("remove", ("habits", 0)), Persona)
    assert "  # about the second\n  - 爱打断" in removed
    swapped = edited(COMMENTED, Edit("up", ("tactics", 1)), Persona)
    assert swapped.index("id: second") < swapped.index("id: first")
    assert "{zh: 甲, en: A}  # beside it" in swapped
    emptied = edited(edited(COMMENTED, Edit("remove", ("habits", 0)), Persona), Edit("remove", ("habits", 0)), Persona)
    assert data_of(emptied)["habits"] == []
    assert comments(emptied) == comments(COMMENTED)


@pytest.mark.parametrize(
    "words",
    [
        "是",
        "yes",
        "12",
        "0.5",
        "null",
        "~",
        "- 破折号",
        "a: b",
        "#号",
        "'引号'",
        '"引"',
        "第一行\n第二行",
        " 空格 ",
        "",
        "@我",
        "&x",
        "[一]",
        "true",
    ],
)
def test_whatever_is_typed_comes_back_as_it_was(words: str) -> None:
    for where in (("id",), ("fillers", 0), ("habits", 1), ("tactics", 0, "what", "zh")):
        text = edited(COMMENTED, Edit("set", where, words), Persona)
        here: Any = data_of(text)
        for step in where:
            here = here[step]
        assert here == words


def test_a_text_that_cannot_be_read_is_left_alone_and_said() -> None:
    with pytest.raises(InputError, match="YAML 现在读不出来，表单改不进去"):
        edited("id: [", Edit("set", ("id",), "x"), Persona)
    with pytest.raises(InputError, match="这一处从表单改不进去，请直接在 YAML 里改"):
        edited(COMMENTED, Edit("down", ("id", "x")), Persona)
