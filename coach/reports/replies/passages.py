"""What an answer is made of."""

from __future__ import annotations

from coach.records.call import Record


class Passage(Record):
    """A paragraph of an answer. `source`: what it rests on, where that isn't in its words."""

    text: str
    source: str = ""


class Answer(Record):
    """`parts`: in the order to read them."""

    parts: tuple[Passage, ...]
    found: bool
    """Whether anything in the material was about the question."""
    by: str = ""
    """The model that answered; empty: the texts themselves."""
    note: str = ""
    """Why it was not the model, where there is one."""
