"""What if: a call as it was before one of the trainee's turns, to be said differently."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from coach.errors import CallState
from coach.records.call import Call, Speaker, Turn


def branch_of(call: Call, turn: int) -> Call:
    """A new call that is this one up to (not including) the trainee's turn `turn`, in exactly that state.

    Raises:
        CallState: not a turn of the trainee's; an exam that is still running.
    """
    if not (0 <= turn < len(call.turns)) or call.turns[turn].speaker is not Speaker.TRAINEE:
        raise CallState("只能回到自己说过的某一句。", "One can only go back to a turn of one's own.")
    if call.exercise.mode == "exam" and call.outcome is None:
        raise CallState("考核还没结束，挂机以后再回去重说。", "The exam is still running; go back after hanging up.")
    return call.model_copy(
        update={
            "id": uuid.uuid4().hex,
            "created": datetime.now(UTC),
            "turns": _as_heard_now(call.turns[:turn]),
            "ended": None,
            "outcome": None,
            "parent": call.id,
            "branched_at": turn,
            "exercise": call.exercise.model_copy(update={"mode": "practice"}),
        }
    )


def _as_heard_now(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns with the last line heard just now, so that no waiting is charged for the time in between."""
    return (*turns[:-1], turns[-1].model_copy(update={"at": datetime.now(UTC)}))
