"""The components by which trainers bring something in."""

from __future__ import annotations

from typing import Any

import gradio as gr

from coach.reports.wording import Say
from coach.ui.exchange.taking import WAYS, exchange_wording


def make_bringing() -> tuple[gr.Dropdown, gr.UploadButton]:
    """Bringing in cards, documents and calls; shown above the list."""
    say = exchange_wording().bound("zh")
    with gr.Row(elem_id="studio-bring"):
        way = gr.Dropdown(
            _choices(say),
            value=WAYS[0],
            label=say("bring_what"),
            show_label=False,
            container=False,
            filterable=False,
            elem_id="studio-way",
            scale=1,
        )
        bring = gr.UploadButton(say("bring"), elem_id="studio-upload", file_count="single", scale=0, min_width=140)
    return way, bring


def said_in(language: str, way: gr.Dropdown, bring: gr.UploadButton) -> dict[Any, Any]:
    """The words of both in one language; what is chosen stays chosen."""
    say = exchange_wording().bound(language)
    return {way: gr.update(choices=_choices(say), label=say("bring_what")), bring: gr.update(label=say("bring"))}


def _choices(say: Say) -> list[tuple[str, str]]:
    return [(say(f"way.{name}"), name) for name in WAYS]
