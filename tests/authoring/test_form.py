"""The form is generated from the models; what it shows and sends back is what the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import ROOT

from coach.authoring.edits import data_of, edited
from coach.authoring.form import Field, edit_of, form_of
from coach.authoring.kinds import FOLDERS, KINDS, MODELS, Kind
from coach.authoring.starting import templates

SHIPPED = [(kind, path) for kind in KINDS for path in sorted((ROOT / FOLDERS[kind]).glob("*.yaml"))]


def boxes(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Every field into which something is typed."""
    for field in fields:
        yield from boxes(field.parts) if field.widget in ("list", "group", "table") else (field,)


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


@pytest.mark.parametrize(("kind", "path"), SHIPPED, ids=lambda one: one.stem if isinstance(one, Path) else one)
def test_every_value_of_every_shipped_file_comes_back_from_the_form_as_it_is(kind: Kind, path: Path) -> None:
    data = data_of(path.read_text("utf-8"))
    shown = 0
    for section in form_of(kind, data, {}):
        for field in boxes(section.fields):
            assert field.widget != "odd", field.path
            both = field.widget == "both"
            typed = [("/zh", field.value), ("/en", field.en)] if both else [("", field.value)]
            for end, value in typed:
                edit = edit_of(kind, {"op": "set", "path": field.path + end, "value": value}, data)
                assert edit is not None
                if edit.op == "remove" or (both and isinstance(at(data, edit.path[:-1]), str)):
                    continue  # left empty, or a text in Chinese only
                try:
                    held = at(data, edit.path)
                except KeyError:  # a default that the file leaves out
                    assert value == ""
                    continue
                assert held == edit.value, field.path
                shown += 1
    assert shown > 20


def test_emptying_an_optional_field_takes_it_out_and_a_number_in_words_stays_a_text() -> None:
    text = templates("persona")[0].text
    data = data_of(text)

    def typed(path: str, value: str) -> dict[str, Any]:
        edit = edit_of("persona", {"op": "set", "path": path, "value": value}, data)
        assert edit is not None
        return data_of(edited(text, edit, MODELS["persona"]))

    assert "lands_below" not in typed("temper/lands_below", "")["temper"]
    assert typed("temper/heat", "八十")["temper"]["heat"] == "八十"
    assert typed("temper/heat", " 80 ")["temper"]["heat"] == 80
    assert typed("temper/anger", "1.25")["temper"]["anger"] == 1.25
    assert typed("name/en", "")["name"] == {"zh": "等急了的客户"}
    assert typed("name/zh", "")["name"]["zh"] == ""


def test_a_new_part_begins_with_what_is_needed() -> None:
    data = data_of(templates("case")[0].text)
    edit = edit_of("case", {"op": "add", "path": "facts"}, data)
    assert edit is not None
    assert edit.value == {
        "id": "new_1",
        "what": "",
        "say": [""],
        "release": {"when": "asked"},
        "layer": "info",
        "ask": "",
        "telltale": [""],
    }
    put = edit_of("persona", {"op": "put", "path": "temper/stung_by/argue"}, {})
    assert put is not None
    assert put.value == 0.0 or put.value == 1.0


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"op": "set"},
        {"op": "burn", "path": "id"},
        {"op": "set", "path": "/".join("a" * 20)},
        {"op": "set", "path": ""},
    ],
)
def test_nonsense_is_no_change(sent: dict[str, Any]) -> None:
    assert edit_of("persona", sent, {}) is None


def test_what_does_not_belong_there_is_shown_and_not_hidden() -> None:
    sections = form_of("persona", {"temper": "热", "category": "complain", "tactics": ["一句"]}, {})
    fields = {field.path: field for section in sections for field in section.fields}
    assert (fields["temper"].widget, fields["temper"].value) == ("odd", "热")
    assert fields["category"].choices[0].value == "complain"
    assert fields["tactics"].parts[0].widget == "odd"
