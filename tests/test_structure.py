"""The layout as documented: imports go downward only, and each outside library has its folder."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from builders import ROOT

LAYERS = [
    "errors",
    "settings",
    "content",
    "records",
    "prompts",
    "models",
    "understanding",
    "customer",
    "grading",
    "storage",
    "reports",
    "batch",
    "practice",
    "correcting",
    "trial",
    "authoring",
    "wiring",
    "ui",
    "cli",
]
SIDEWAYS = {("cli", "ui")}
"""`coach run` starts the page."""


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.split(".")[1] for name in names if name.startswith("coach.")}


FILES = sorted((ROOT / "coach").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downward_only(path: Path) -> None:
    layer = path.relative_to(ROOT / "coach").parts[0].removesuffix(".py")
    if layer == "__init__":
        return
    own = LAYERS.index(layer)
    upward = {
        name for name in _imports(path) if name in LAYERS and LAYERS.index(name) > own and (layer, name) not in SIDEWAYS
    }
    assert not upward, f"{layer} imports upward: {upward}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_persona_case_or_rubric_is_named_in_code(path: Path) -> None:
    ids = {file.stem for folder in ("personas", "cases", "rubrics") for file in (ROOT / folder).glob("*.yaml")}
    common_words = {
        "empathy",
        "questioning",
        "reframing",
        "red_lines",
        "listening",
        "etiquette",
        "complaint",
        "vip",
        "harassment",
        "sales",
    }
    literals = {
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not literals & (ids - common_words)


def test_files_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long
