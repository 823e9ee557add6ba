"""MANY GRADES: transcripts from files through the same grading as practised calls, into files that can be resumed.

from coach.batch import evaluate
"""

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
