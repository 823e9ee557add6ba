"""MANY GRADES: transcripts from files through the same grading as practised calls, into files that can be resumed.

from coach.batch import evaluate
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coach.batch.api import evaluate
    from coach.batch.control import Control, Progress
    from coach.batch.mapping import InputMap, parse_map
    from coach.batch.patience import Limits
    from coach.batch.reading import Preview, preview, read_records
    from coach.batch.records import Record, Rejected
    from coach.batch.run import Options, Summary

__all__ = [
    "Control",
    "InputMap",
    "Limits",
    "Options",
    "Preview",
    "Progress",
    "Record",
    "Rejected",
    "Summary",
    "evaluate",
    "parse_map",
    "preview",
    "read_records",
]
_MODULES = {
    "api": ("evaluate",),
    "control": ("Control", "Progress"),
    "mapping": ("InputMap", "parse_map"),
    "patience": ("Limits",),
    "reading": ("Preview", "preview", "read_records"),
    "records": ("Record", "Rejected"),
    "run": ("Options", "Summary"),
}
_PLACES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Loaded when asked for: a look at files needs nothing of grading, which takes most of a second to load."""
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"coach.batch.{_PLACES[name]}"), name)
