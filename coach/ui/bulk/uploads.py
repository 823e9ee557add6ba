"""Which uploaded files are taken in, and the sentence for each that isn't."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coach.batch.reading import ENDINGS
from coach.errors import CoachError, InputError
from coach.ui.bulk.folders import RunFolder
from coach.ui.bulk.render import bulk_wording

FILE_MB, TOTAL_MB, MOST_FILES = 50, 200, 50
_MB = 1 << 20
KINDS = " ".join(ending.removeprefix(".") for ending in ENDINGS)


def sift(given: Sequence[Path], before: RunFolder | None) -> tuple[list[Path], list[CoachError]]:
    """The files to take into a run (`before`: what it has already), and what is wrong with the others."""
    there = before.files if before else []
    total = sum(path.stat().st_size for path in there if path.exists())
    taken, faults = list[Path](), list[CoachError]()
    for path in given:
        fault = _fault(path)
        if fault is None and len(there) + len(taken) >= MOST_FILES:
            fault = _said("fault.many", most=MOST_FILES)
        if fault is None and total + path.stat().st_size > TOTAL_MB * _MB:
            fault = _said("fault.total", most=TOTAL_MB)
        if fault is None:
            taken.append(path)
            total += path.stat().st_size
        elif str(fault) not in map(str, faults):
            faults.append(fault)
    return taken, faults


def _fault(path: Path) -> CoachError | None:
    size = path.stat().st_size
    if path.suffix.lower() not in ENDINGS:
        return _said("fault.kind", name=path.name, kinds=KINDS)
    if size > FILE_MB * _MB:
        return _said("fault.size", name=path.name, found=-(-size // _MB), most=FILE_MB)
    return _said("fault.empty", name=path.name) if size == 0 else None


def _said(key: str, **values: object) -> InputError:
    return InputError(*(bulk_wording().say(key, lang, **values) for lang in ("zh", "en")))
