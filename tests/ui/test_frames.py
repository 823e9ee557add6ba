"""A frame of the page costs what its own parts cost: gradio would build every part anew, also those that stay as they are."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from page_fakes import Played

from coach.settings import Settings
from coach.ui.frames import Page
from coach.ui.page import build_page


def framed(page: gr.Blocks, name: str) -> Any:
    """The event of this name, as gradio keeps it."""
    return next(fn for fn in page.fns.values() if fn.api_name == name)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that are built from now on."""
    made: list[str] = []
    for part in (gr.HTML, gr.Chatbot, gr.Textbox, gr.Button, gr.DownloadButton, gr.Code):
        whole = part.__init__

        def counted(self: Any, *values: Any, _whole: Any = whole, **more: Any) -> None:
            made.append(type(self).__name__)
            _whole(self, *values, **more)

        monkeypatch.setattr(part, "__init__", counted)
    return made


async def test_a_frame_of_a_streamed_answer_touches_the_chat_alone(settings: Settings, built: list[str]) -> None:
    page = build_page(Played().practice, settings)
    say = framed(page, "say")
    chat = next(part for part in say.outputs if isinstance(part, gr.Chatbot))
    built.clear()
    sent = await page.postprocess_data(say, {chat: [{"role": "assistant", "content": "喂？"}]}, None)
    assert len(sent) == len(say.outputs) > 30
    assert [place for place, value in enumerate(sent) if value != gr.skip()] == [say.outputs.index(chat)]
    assert "喂？" in str(sent[say.outputs.index(chat)])
    assert built == []


async def test_changes_of_several_parts_arrive_each_at_its_own(built: list[str]) -> None:
    with Page() as page:
        first, second, third = gr.HTML("1"), gr.Textbox("2"), gr.HTML("3")
        gr.Button("x").click(lambda: {}, None, [first, second, third], api_name="press")
    press = framed(page, "press")
    built.clear()
    sent = await page.postprocess_data(press, {third: "drei", second: gr.update(value="zwei", interactive=False)}, None)
    assert sent[0] == gr.skip()
    assert (sent[1]["value"], sent[1]["interactive"]) == ("zwei", False)
    assert sent[2] == "drei"
    assert built == ["Textbox"]
    assert await page.postprocess_data(press, {}, None) == [gr.skip()] * 3
    assert await page.postprocess_data(press, ["1", "2", "3"], None) == ["1", "2", "3"]
