"""Judging oneself first, asking, the note and the progress in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from page_fakes import Played
from test_whole_call import begin, shot
from windows import PHONE, WIDE, say


@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("phone", PHONE)])
def test_a_guess_a_question_a_note_and_ones_progress(
    name: str, size: dict[str, int], serve: Callable[..., Any], window: Callable[..., Any]
) -> None:
    url, _ = serve(Played().practice)
    page = window(size).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    begin(page)
    say(page, "约了两次都白等，换谁都得火。", 1)
    page.click("#head [data-do=hang_up]")
    page.select_option("#order select[name=rate0]", "60")
    shot(page, f"{name}-rating")
    page.click("#order .fields-end >> nth=0 >> [data-do=order_save]")
    page.wait_for_selector("#report .both-sides")
    assert "60 到 79" in page.locator("#report .both-sides").inner_text()
    page.fill("#below #ask-coach input", "第 2 句怎么样？")
    page.click("#below [data-do=ask]")
    page.wait_for_selector("#below .answer")
    assert "说出了客户的感受吗？" in page.locator("#below .answer").inner_text()
    page.fill("#below #learning textarea", "先接住火气，再谈事情。")
    page.click("#below [data-do=learn]")
    page.wait_for_selector("#learning [role=status]")
    page.locator("#learning").scroll_into_view_if_needed()
    shot(page, f"{name}-reflection")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click("#top [data-do=mine]")
    page.wait_for_selector("#growth")
    shot(page, f"{name}-growth")
    assert "100" in page.locator("#growth table").inner_text()
