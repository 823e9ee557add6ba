"""The one way from a source to a draft, for the command line and the page."""

from __future__ import annotations

from coach.authoring.documents import Source
from coach.authoring.drafted import Drafted
from coach.authoring.drafting import Wanted, draft, draft_offline
from coach.authoring.from_call import draft_call_offline
from coach.authoring.shelf import Shelf
from coach.models.seam import ChatModel


async def make_draft(source: Source, wanted: Wanted, shelf: Shelf, model: ChatModel | None) -> Drafted:
    """By the model, else what can be done without one.

    Raises:
        ModelError: the model could not be used; nothing is kept of it.
        InputError, NotFound: the id is taken or can't be one; no such starting point.
    """
    if model is not None:
        return await draft(source, wanted, shelf, model)
    if any(one.role for one in source.paragraphs):
        return draft_call_offline(source, wanted, shelf)
    return draft_offline(source, wanted, shelf)
