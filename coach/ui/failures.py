"""A failure with a name, as the page tells it: its sentence in the visitor's language. The heading over it is set by page.js."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import gradio as gr

from coach.errors import CoachError
from coach.ui.desk import Shown


def toast(error: CoachError, language: str) -> gr.Error:
    """The sentence of the failure, to be raised; gradio puts it in the corner."""
    return gr.Error(error.say(language), print_exception=False)


async def told(doing: AsyncGenerator[Shown, None], language: str) -> AsyncGenerator[Shown, None]:
    """What an action shows, with its failure as a toast. Raises gr.Error."""
    try:
        async with aclosing(doing) as parts:
            async for part in parts:
                yield part
    except CoachError as error:
        raise toast(error, language) from error
