"""What every worker process needs, imported and read once by the process that they are forked from (coach/batch/pool.py)."""

from __future__ import annotations

from coach.batch import sheets, work
from coach.grading import grader
from coach.understanding import embedded
from coach.understanding.linear import load_weights

__all__ = ["embedded", "grader", "sheets", "work"]

_ = load_weights().gram_table, load_weights().lanes  # kept with the weights, which stay in memory
