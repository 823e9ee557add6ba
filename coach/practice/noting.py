"""Notes: what is written beside a call. Nothing of a call changes by them, and none is ever changed itself."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from coach.records.notes import (
    Correction,
    Dispute,
    Hint,
    Learning,
    Note,
    NoteKind,
    Recovery,
    SelfRating,
    WorkOrder,
)
from coach.storage.store import Store

Body = Hint | WorkOrder | Recovery | SelfRating | Learning | Dispute | Correction
KINDS: dict[type[Body], NoteKind] = {
    Hint: "hint",
    WorkOrder: "work_order",
    Recovery: "recovery",
    SelfRating: "self_rating",
    Learning: "learning",
    Dispute: "dispute",
    Correction: "correction",
}
"""The kind of a note, which is also the name of its field."""


def write_note(store: Store, call_id: str, body: Body) -> Note:
    """Adds a note to a call; an unknown call raises NotFound."""
    store.call(call_id)
    kind = KINDS[type(body)]
    note = Note.model_validate(
        {"id": uuid.uuid4().hex, "call": call_id, "kind": kind, "created": datetime.now(UTC), kind: body}
    )
    store.add_note(note)
    return note
