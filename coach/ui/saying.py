"""The row in which somebody says something: the line to type in and its button, in a call and in a try-out."""

from __future__ import annotations

import gradio as gr


def make_saying(name: str, label: str, button_name: str, send: str) -> tuple[gr.Textbox, gr.Button]:
    """The box `name` and the button `button_name` that sends what is in it, in a row. Must be called inside a gr.Blocks.

    The box takes any length: what is too long is answered with a sentence and stays there, instead of being cut off unseen.
    """
    with gr.Row(elem_id=f"{name}-row"):
        box = gr.Textbox(
            elem_id=name,
            label=label,
            show_label=False,
            container=False,
            lines=1,
            max_lines=5,
            scale=5,
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
        )
        button = gr.Button(send, elem_id=button_name, variant="primary", scale=0, min_width=88)
    return box, button
