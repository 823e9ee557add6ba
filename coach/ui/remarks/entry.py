"""The way into the remarks of a call, for any part of the page that shows one."""

from __future__ import annotations

from coach.ui.remarks.wording import render
from coach.ui.viewer import Viewer


def remarks_button(call_id: str, viewer: Viewer, language: str) -> str:
    """A button for trainers; nothing for trainees."""
    return render("entry", language, call=call_id) if viewer.trains else ""
