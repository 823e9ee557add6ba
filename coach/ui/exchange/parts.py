"""The components by which trainers bring something in."""

from __future__ import annotations

import gradio as gr

from coach.ui.exchange.taking import WAYS, exchange_wording


def make_bringing() -> tuple[gr.Dropdown, gr.UploadButton]:
    """Bringing in cards, documents and calls; shown above the list."""
    say = exchange_wording().languages
    with gr.Row(elem_id="studio-bring"):
        way = gr.Dropdown(
            [(" · ".join(say(f"way.{name}").values()), name) for name in WAYS],
            value=WAYS[0],
            label=" · ".join(say("bring_what").values()),
            show_label=False,
            container=False,
            filterable=False,
            elem_id="studio-way",
            scale=1,
        )
        bring = gr.UploadButton(
            " · ".join(say("bring").values()), elem_id="studio-upload", file_count="single", scale=0, min_width=140
        )
    return way, bring
