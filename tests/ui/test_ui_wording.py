"""All wording of page and reports stands in one place each, whole in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from call_samples import ROOT
from pydantic import BaseModel

from coach.authoring.kinds import KINDS, MODELS, Kind
from coach.reports.replies.asked import reply_wording
from coach.reports.wording import Wording, read_wording, report_wording
from coach.ui.wording import language_of, page_wording

AREAS = sorted(path.parent.name for path in (ROOT / "coach/ui").glob("*/wording.yaml"))
"""Parts of the page that are packages with wording of their own."""
BOTH = {
    "page": page_wording(),
    "reports": report_wording(),
    "replies": reply_wording(),
    **{area: read_wording(f"coach.ui.{area}") for area in AREAS},
}


@pytest.mark.parametrize("wording", BOTH.values(), ids=BOTH)
def test_every_sentence_stands_in_both_languages_with_the_same_places(wording: Wording) -> None:
    for key in wording.keys:
        said = wording.languages(key)
        assert set(said) == {"zh", "en"}, key
        assert all(isinstance(text, str) and text.strip() for text in said.values()), key
        places = [sorted(set(re.findall(r"{(\w+)}", text))) for text in said.values()]
        assert places[0] == places[1], key


SOURCES = sorted([*(ROOT / "coach/ui").rglob("*.py"), *(ROOT / "coach/reports").glob("*.py")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_chinese_is_written_into_the_code_of_the_page(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(statement.value)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    spoken = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    # punctuation that joins a list is no wording
    assert [text for text in spoken if re.search(r"[\u4e00-\u9fff]", text)] == []


def test_every_key_written_out_in_code_and_templates_exists() -> None:
    replies = (ROOT / "coach/reports/replies").glob("*.py")
    for path in [*(ROOT / "coach/ui").rglob("*.j2"), *(ROOT / "coach/reports").rglob("*.j2"), *SOURCES, *replies]:
        for key in re.findall(r"(?:\bt|say)\(['\"]([a-z_]+(?:\.[a-z_]+)*)['\"][,)]", path.read_text("utf-8")):
            assert key in _known(path), f"{path.name}: {key}"


def _known(path: Path) -> frozenset[str]:
    """What may be said in a file: each part of the page has a wording of its own."""
    area = next((area for area in (*AREAS, "replies") if area in path.parts[len(ROOT.parts) :]), "page")
    return BOTH[area].keys | report_wording().keys


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.5,zh-TW;q=0.9", "zh"),
        ("fr-FR,en;q=0.4", "en"),
        ("fr", "zh"),
        ("", "zh"),
        ("en;q=oops", "zh"),
    ],
)
def test_the_first_language_the_page_speaks_decides(header: str, language: str) -> None:
    assert language_of(header) == language


def _defined(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    schema = model.model_json_schema()
    return {model.__name__: schema, **schema["$defs"]}


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_has_words_for_every_field_and_every_choice(kind: Kind) -> None:
    """Whoever adds a field, or a choice, adds its words to coach/authoring/fields.yaml."""
    words = yaml.safe_load((ROOT / "coach/authoring/fields.yaml").read_text("utf-8"))
    root = MODELS[kind].__name__
    placed = [name for section in words["sections"][kind].values() for name in section["fields"]]
    assert len(placed) == len(set(placed))
    for owner, schema in _defined(MODELS[kind]).items():
        for name, field in schema.get("properties", {}).items():
            if owner in words["hidden"] or f"{owner}.{name}" in words["hidden"]:
                continue
            assert owner != root or name in placed, name
            told = words["fields"][owner][name]
            assert len(told) == 4, (owner, name)
            assert all(isinstance(text, str) for text in told), (owner, name)
            assert told[0], (owner, name)
            assert told[1], (owner, name)
            for option in (field, field.get("items", {}), *field.get("anyOf", [])):
                for choice in option.get("enum", []):
                    assert len(words["choices"][f"{owner}.{name}"][choice]) == 2
        if owner not in ("Act", "MoveId", *words["hidden"]):  # named in acts.yaml and moves.yaml
            assert set(schema.get("enum", [])) <= set(words["choices"].get(owner, {}))
