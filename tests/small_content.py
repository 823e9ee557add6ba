"""A content folder of a test's own: as shipped, or with all customers and rubrics and one case, so that reading it is quick."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASE = "broadband_no_show"


def small_content(folder: Path) -> Path:
    """Copies it into `folder`, which must not be there yet."""
    folder.mkdir()
    for name in ("personas", "rubrics", "moves"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "cases").mkdir()
    shutil.copy(ROOT / "cases" / f"{CASE}.yaml", folder / "cases")
    for name in ("operator.yaml", "lexicon.yaml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def whole_content(folder: Path) -> Path:
    """Copies everything that is shipped into `folder`, which must not be there yet."""
    for name in ("personas", "cases", "rubrics", "moves"):
        shutil.copytree(ROOT / name, folder / name)
    for path in ROOT.glob("*.yaml"):
        shutil.copy(path, folder)
    return folder
