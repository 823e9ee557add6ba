"""The components of the page, by view, and how a `Shown` changes them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, get_args

import gradio as gr

from coach.reports.files import FORMS
from coach.reports.wording import Say
from coach.ui.bulk.render import bulk_words
from coach.ui.desk import Box, Shown, View
from coach.ui.render import render
from coach.ui.saying import make_saying
from coach.ui.studio.parts import StudioParts, make_studio
from coach.ui.wording import words

_PRESS = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-do]');
  if (!button || !element.contains(button)) return;
  if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
  const form = button.closest('form') || element.querySelector('form');
  trigger('click', {...(form ? Object.fromEntries(new FormData(form)) : {}), ...button.dataset});
});"""
"""Every button with data-do tells the server what it is for; its other data- attributes go along."""


_PLAIN = (
    *("top", "choose", "head", "mood", "brief", "status", "report", "below", "mine", "order", "recovery", "chat"),
    *("bulk_top", "bulk", "remarks", "roster"),
)
"""Parts whose value is what `Shown` says."""


@dataclass(frozen=True)
class Parts:
    top: gr.HTML
    choose: gr.HTML
    head: gr.HTML
    chat: gr.Chatbot
    status: gr.HTML
    box: gr.Textbox
    send: gr.Button
    mood: gr.HTML
    brief: gr.HTML
    report: gr.HTML
    below: gr.HTML
    saving: gr.HTML
    files: tuple[gr.DownloadButton, ...]
    """One for each of FORMS."""
    mine: gr.HTML
    order: gr.HTML
    recovery: gr.HTML
    studio: StudioParts
    bulk_top: gr.HTML
    bulk_upload: gr.File
    bulk: gr.HTML
    bulk_tick: gr.Timer
    remarks: gr.HTML
    roster: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """Everything that an action may change: all parts, so that none can be left out."""
        made: list[Any] = []
        for name in (field.name for field in fields(self)):
            part = getattr(self, name)
            made += part.outputs if isinstance(part, StudioParts) else part if isinstance(part, tuple) else [part]
        return made

    def updates(self, part: Shown) -> dict[Any, Any]:
        """What gradio is told for a change of the page."""
        told: dict[Any, Any] = {getattr(self, name): value for name, value in part.items() if name in _PLAIN}
        if "box" in part:
            told |= self._box(part["box"])
        if "studio" in part:
            told |= self.studio.updates(part["studio"])
        if "files" in part:
            told |= self._saving(part["files"], part.get("files_language", "zh"))
        if "bulk_upload" in part:
            name = part["bulk_upload"]
            told[self.bulk_upload] = gr.update(value=None, visible=bool(name), label=name or None)
        if "bulk_tick" in part:
            told[self.bulk_tick] = gr.Timer(active=part["bulk_tick"])
        return told

    def _saving(self, files: dict[str, str], language: str) -> dict[Any, Any]:
        """The buttons that save the report; all gone while there is none."""
        say = words(language)
        told: dict[Any, Any] = {self.saving: render("saving", language) if files else ""}
        for form, button in zip(FORMS, self.files, strict=True):
            path = files.get(form)
            told[button] = gr.update(value=path, visible=path is not None, label=say(f"report.save_{form}"))
        return told

    def _box(self, box: Box) -> dict[Any, Any]:
        text: dict[str, Any] = {"value": box["text"]} if "text" in box else {}
        return {
            self.box: gr.update(interactive=box["open"], placeholder=box["placeholder"], **text),
            self.send: gr.update(interactive=box["open"], value=box["send"]),
        }


def _html(name: str, **more: Any) -> gr.HTML:
    return gr.HTML("", elem_id=name, js_on_load=_PRESS, apply_default_css=False, **more)


def make_parts() -> Parts:
    """All components. Must be called inside a gr.Blocks.

    Every view is in the document all the time; the top bar says which one is open and the style sheet shows it.
    """
    say = words("zh")
    made: dict[str, Any] = {"top": _html("top")}
    for name in get_args(View):
        with gr.Column(elem_id=f"view-{name}", elem_classes="view", min_width=0):
            made |= _within(name, say)
    return Parts(**made)


def _call_parts(say: Say) -> dict[str, Any]:
    head = _html("head")
    with gr.Row(elem_id="desk", equal_height=False):
        with gr.Column(elem_id="talk", min_width=0):
            chat = gr.Chatbot(
                elem_id="chat",
                show_label=False,
                container=False,
                buttons=[],
                render_markdown=False,
                feedback_options=None,
                group_consecutive_messages=False,
                layout="bubble",
                height=None,
                label=say("call.chat"),
                allow_tags=True,
                reasoning_tags=[],
            )
            status = _html("status")
            box, send = make_saying("say", say("call.box"), "send", say("call.send"))
        with gr.Column(elem_id="side", min_width=0):
            mood, brief = _html("mood"), _html("brief")
    return {"head": head, "chat": chat, "status": status, "box": box, "send": send, "mood": mood, "brief": brief}


def _report_parts(say: Say) -> dict[str, Any]:
    with gr.Row(elem_id="exports"):
        saving = _html("saving")
        files = tuple(
            gr.DownloadButton(say(f"report.save_{form}"), elem_id=f"save-{form}", visible=False, size="sm", scale=0)
            for form in FORMS
        )
    return {"saving": saving, "files": files, "report": _html("report"), "below": _html("below")}


def _bulk_parts() -> dict[str, Any]:
    return {
        "bulk_top": _html("bulk-top"),
        "bulk_upload": gr.File(
            elem_id="bulk-upload",
            file_count="multiple",
            height=140,
            visible=False,
            label=bulk_words("zh")("home.upload"),
        ),
        "bulk": _html("bulk"),
        "bulk_tick": gr.Timer(1, active=False),
    }


def _within(view: View, say: Say) -> dict[str, Any]:
    if view == "call":
        return _call_parts(say)
    if view == "studio":
        return {"studio": make_studio()}
    if view == "bulk":
        return _bulk_parts()
    return _report_parts(say) if view == "report" else {view: _html(view)}
