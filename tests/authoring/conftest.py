"""A content folder of the test's own, as shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from builders import ROOT

from coach.authoring.shelf import Shelf


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    for name in ("personas", "cases", "rubrics", "moves"):
        shutil.copytree(ROOT / name, folder / name)
    for path in ROOT.glob("*.yaml"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def shelf(content: Path) -> Shelf:
    return Shelf(content)
