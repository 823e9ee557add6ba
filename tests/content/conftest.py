"""A small content folder without a mistake, to be spoilt by the tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

GOOD = Path(__file__).parent / "good"
MOVES = Path(__file__).parents[2] / "moves" / "moves.yaml"

Spoil = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good folder."""
    place = tmp_path / "content"
    shutil.copytree(GOOD, place)
    (place / "moves").mkdir()
    shutil.copy(MOVES, place / "moves" / "moves.yaml")
    return place


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """Replace words that stand once in a file."""

    def replace(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return replace
