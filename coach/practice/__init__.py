"""THE PIPELINE: start a call, say something, hear the customer, hang up, be graded (pipeline.py, on one page).

Beside it: what the trainee's words must be and do (hearing.py), going back to a sentence (branching.py), notes (noting.py).
"""

from coach.practice.hearing import MAX_CHARS, Appraiser
from coach.practice.noting import write_note
from coach.practice.pipeline import Answered, Event, Heard, Practice

__all__ = ["MAX_CHARS", "Answered", "Appraiser", "Event", "Heard", "Practice", "write_note"]
