"""What the handlers of the trainers' part say about the page. No gradio."""

from __future__ import annotations

from typing import TypedDict


class SayBox(TypedDict):
    """The line in which the trainer plays the trainee."""

    open: bool
    placeholder: str
    clear: bool


class Studio(TypedDict, total=False):
    """What changes on the trainers' part; what is not named stays as it is."""

    language: str
    """Of what stands above the list and is no HTML."""
    head: str
    """The list, or what stands above an open draft."""
    form: str
    marks: str
    """What there is to mend; the script puts each sentence beside its field as well."""
    code: str
    panel: str
    chat: str
    say: SayBox
