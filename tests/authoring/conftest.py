"""A content folder of the test's own, as shipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_content import whole_content

from coach.authoring.shelf import Shelf


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return whole_content(tmp_path / "content")


@pytest.fixture
def shelf(content: Path) -> Shelf:
    return Shelf(content)
