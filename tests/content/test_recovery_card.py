"""The recovery card's file: read strictly, its sentences cover every sum."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coach.content.library import Library
from coach.content.mistakes import ContentError

SHIPPED = Path(__file__).parents[2] / "recovery.yaml"


@pytest.fixture
def with_card(folder: Path) -> Path:
    shutil.copy(SHIPPED, folder / "recovery.yaml")
    return folder


def test_a_folder_without_a_card_is_complete(folder: Path) -> None:
    assert Library.load(folder).recovery is None


def test_every_sum_has_a_sentence(with_card: Path) -> None:
    card = Library.load(with_card).recovery
    assert card is not None
    said = [card.result((high, low, high, low), "zh") for high in range(4) for low in range(4)]
    assert all(said)
    assert len(set(said)) == 3
    assert card.result((1, 2), "zh") == ""
    assert card.result((1, 2, 0, 9), "zh") == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("up_to: 12", "up_to: 11", "12"), ("up_to: 7", "up_to: 2", "bands"), ("after_work:", "after_wrk:", "after_work")],
)
def test_what_is_wrong_with_a_card_is_named(with_card: Path, old: str, new: str, told: str) -> None:
    text = (with_card / "recovery.yaml").read_text("utf-8")
    assert text.count(old) == 1
    (with_card / "recovery.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ContentError) as refused:
        Library.load(with_card)
    assert "recovery.yaml" in str(refused.value)
    assert told in str(refused.value)
