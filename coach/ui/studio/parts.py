"""The components of the trainers' part, and how a `Studio` changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from coach.ui.exchange.parts import make_bringing, said_in
from coach.ui.saying import make_saying
from coach.ui.studio.shown import Studio
from coach.ui.studio.wording import words

_LISTEN = "window.studioListen && window.studioListen(element, trigger)"
"""studio.js gathers what is typed and pressed and tells the server."""


HTML_PARTS = ("head", "form", "marks", "panel", "chat")


@dataclass(frozen=True)
class StudioParts:
    head: gr.HTML
    form: gr.HTML
    marks: gr.HTML
    panel: gr.HTML
    chat: gr.HTML
    code: gr.Code
    box: gr.Textbox
    send: gr.Button
    way: gr.Dropdown
    bring: gr.UploadButton

    @property
    def outputs(self) -> list[Any]:
        return [
            self.head,
            self.form,
            self.marks,
            self.panel,
            self.chat,
            self.code,
            self.box,
            self.send,
            self.way,
            self.bring,
        ]

    @property
    def pressed(self) -> list[gr.HTML]:
        """The parts that hold buttons."""
        return [self.head, self.form, self.marks, self.panel, self.chat]

    def updates(self, part: Studio) -> dict[Any, Any]:
        told: dict[Any, Any] = {}
        for name in HTML_PARTS:
            if name in part:
                told[getattr(self, name)] = part[name]  # type: ignore[literal-required]
        if "language" in part:
            told |= said_in(part["language"], self.way, self.bring)
        if "code" in part:
            told[self.code] = part["code"]
        if "say" in part:
            box = part["say"]
            text: dict[str, Any] = {"value": ""} if box["clear"] else {}
            told[self.box] = gr.update(interactive=box["open"], placeholder=box["placeholder"], **text)
            told[self.send] = gr.update(interactive=box["open"])
        return told


def _html(name: str) -> gr.HTML:
    return gr.HTML("", elem_id=f"studio-{name}", js_on_load=_LISTEN, apply_default_css=False)


def make_studio() -> StudioParts:
    """All components of the trainers' part. Must be called inside a gr.Blocks."""
    say = words("zh")
    way, bring = make_bringing()
    head = _html("head")
    with gr.Row(elem_id="studio-work", equal_height=False):
        with gr.Column(elem_id="studio-left", min_width=0):
            form, panel, chat = _html("form"), _html("panel"), _html("chat")
            box, send = make_saying("studio-say", say("try.box"), "studio-send", say("try.send"))
        with gr.Column(elem_id="studio-right", min_width=0):
            marks = _html("marks")
            code = gr.Code(
                elem_id="studio-code",
                language="yaml",
                label="YAML",
                show_label=False,
                container=False,
                wrap_lines=True,
                buttons=[],
                interactive=True,
            )
    return StudioParts(head, form, marks, panel, chat, code, box, send, way, bring)
