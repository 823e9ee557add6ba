"""What doing something on the page means: a plain async function, free of gradio, that gives changes of the page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

from coach.ui.desk import Shown
from coach.ui.visitor import Visitor

Doing = AsyncGenerator[Shown, None]
Handler = Callable[[Visitor, dict[str, str]], Doing]
"""Who pressed, and what the button sent along."""
