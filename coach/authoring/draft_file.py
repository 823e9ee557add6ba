"""Drafts as files: written beside the content, never over anything, and checked before they are moved in."""

from __future__ import annotations

from pathlib import Path

from coach.authoring.drafted import Drafted
from coach.authoring.edits import data_of
from coach.authoring.kinds import FOLDERS, Kind
from coach.errors import InputError, StoreError

FOLDER = "drafts"
"""Inside the content folder; nothing in it is content."""
_KEYS: tuple[tuple[str, Kind], ...] = (
    ("criteria", "rubric"),
    ("tactics", "persona"),
    ("speech", "persona"),
    ("temper", "persona"),
    ("facts", "case"),
    ("openings", "case"),
    ("request", "case"),
)
"""Keys that only one kind of file has."""


def kind_of_file(path: Path, text: str) -> Kind:
    """What a content file describes: told by its folder, else by its keys. Raises InputError when neither tells."""
    for kind, folder in FOLDERS.items():
        if path.parent.name == folder:
            return kind
    data = data_of(text)
    for key, kind in _KEYS:
        if key in data:
            return kind
    raise InputError(
        f"{path} 看不出是客户画像、案例还是评分表：画像有 speech，案例有 openings，评分表有 criteria。",
        f"{path} can't be told for a persona, case or rubric: they have speech, openings, criteria.",
    )


def write_draft(drafted: Drafted, folder: Path, out: Path | None = None, *, over: bool = False) -> Path:
    """Writes the draft to `out`, else drafts/ID.yaml in the content folder, and gives the path.

    Raises:
        InputError: the file is there already and `over` is not set.
        StoreError: it can't be written.
    """
    path = out or folder / FOLDER / f"{drafted.name}.yaml"
    if path.exists() and not over:
        raise InputError(
            f"{path} 已经在了，没有覆盖。换个编号（--as）或路径（--out），或者加 --force。",
            f"{path} is there already and was left alone. Choose another id (--as) or path (--out), or add --force.",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drafted.text, encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"写不进 {path}（{error.strerror}）。用 --out 换个地方。",
            f"{path} can't be written ({error.strerror}). Choose another place with --out.",
        ) from error
    return path


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises InputError with the reason."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"打不开 {path}（{error.strerror}）。", f"{path} can't be opened ({error.strerror})."
        ) from error
