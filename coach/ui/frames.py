"""A page that does no work for the parts that stay as they are."""

from __future__ import annotations

import copy
from typing import Any

import gradio as gr
from gradio.blocks import Block


class Page(gr.Blocks):
    """Gradio builds every output of an event anew for each frame, also those a frame says nothing about: with some forty of them a
    frame of a streamed answer cost fifty milliseconds. Here it costs what its own parts cost."""

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """What the browser is sent for a frame; a frame names its parts as a dict."""
        if not isinstance(predictions, dict) or not all(isinstance(part, Block) for part in predictions):
            done: list[Any] = await super().postprocess_data(block_fn, predictions, state)
            return done
        said = {part._id: value for part, value in predictions.items()}
        narrow = copy.copy(block_fn)
        narrow.outputs = [part for part in block_fn.outputs if part._id in said]
        values = [said[part._id] for part in narrow.outputs]
        if values:
            values = await super().postprocess_data(narrow, values if len(values) > 1 else values[0], state)
        sent = dict(zip((part._id for part in narrow.outputs), values, strict=True))
        return [sent.get(part._id, gr.skip()) for part in block_fn.outputs]
