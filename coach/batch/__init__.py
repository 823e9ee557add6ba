"""Many grades: transcripts from files through the same grading as practised calls, into files that can be resumed.

from coach.batch import evaluate
"""

from coach.batch.reading import Record, Rejected, read_records
from coach.batch.run import Summary, evaluate

__all__ = ["Record", "Rejected", "Summary", "evaluate", "read_records"]
