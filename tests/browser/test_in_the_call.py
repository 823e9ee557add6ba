"""In a real browser: stopping, going back to a sentence, the work order, the recovery card."""

from __future__ import annotations

from typing import Any

import pytest
from page_fakes import Played
from windows import PHONE, WIDE, Open, Serve, ready, say, to_report

from coach.records.call import Outcome

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


def opened(serve: Serve, window: Open, size: dict[str, int], difficulty: str = "standard") -> tuple[Any, Played]:
    """A call that has just begun, in a window of this size."""
    played = Played()
    url, _ = serve(played.practice)
    page = window(size).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    page.check(f'#choose input[value="{difficulty}"]', force=True)
    page.click("#choose [data-do=start]")
    page.wait_for_selector('#chat [data-testid="bot"]')
    ready(page)
    return page, played


def fits(page: Any) -> bool:
    """Nothing sticks out sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_back_leads_to_the_exercises_where_the_open_call_is_offered(serve: Serve, window: Open) -> None:
    page, _ = opened(serve, window, PHONE)
    say(page, "您好。", 1)
    page.click("#top [data-do=mine]")
    page.wait_for_selector("#mine h2:visible")
    page.go_back()  # from the list to the call, which has no tab
    page.wait_for_selector("#choose .open-call:visible")
    page.click("#choose .open-call [data-do=open]")
    ready(page)
    assert page.locator("#chat [data-testid=bot]").count() == 2
    page.go_back()
    page.wait_for_selector("#choose .open-call:visible")
    assert page.locator("#view-call").is_hidden()


@SIZES
def test_stopping_asks_once_and_ends_calmly(serve: Serve, window: Open, size: dict[str, int]) -> None:
    page, played = opened(serve, window, size)
    say(page, "您好。", 1)
    page.click("#head details.stop summary")
    page.wait_for_selector("#head [data-do=stop]")
    box = page.locator(".stop-sure").bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= size["width"]
    page.click("#head [data-do=stop]")
    page.wait_for_selector("#report .stopped")
    assert "不评分" in page.locator("#report .stopped").inner_text()
    assert page.locator("#exports button:visible").count() == 0
    assert played.store.call(played.store.recent_calls()[0]).outcome is Outcome.STOPPED


def test_stopping_while_the_customer_speaks_stops_the_answer(serve: Serve, window: Open) -> None:
    page, played = opened(serve, window, WIDE)
    played.voice.pause_s = 3
    page.fill("#say textarea", "您好。")
    page.press("#say textarea", "Enter")
    page.wait_for_function("document.querySelectorAll('#chat [data-testid=bot]').length == 2")
    page.click("#head details.stop summary")
    page.click("#head [data-do=stop]")
    page.wait_for_selector("#report .stopped")
    page.wait_for_timeout(3300)
    assert page.locator("#view-report").is_visible()
    assert len(played.store.call(played.store.recent_calls()[0]).turns) == 2


@SIZES
def test_a_sentence_is_said_again_and_both_calls_stand_together(
    serve: Serve, window: Open, size: dict[str, int]
) -> None:
    page, played = opened(serve, window, size)
    say(page, "您先别急。", 1)
    say(page, "我帮您看看。", 2)
    to_report(page)
    page.click("#report .r-transcript summary")
    page.locator('#report .back[data-turn="3"]').click()
    page.wait_for_selector("#head .branch-mark")
    assert "回到第 4 句重说" in page.locator("#head .branch-mark").inner_text()
    assert fits(page)
    say(page, "四天没网，确实急人。", 2)
    assert page.locator("#chat .user-row .back").count() == 2
    page.click("#head [data-do=hang_up]")
    page.wait_for_selector("#report .sides")
    first, second = (page.locator(f".side-{kind}").first.bounding_box() for kind in ("before", "now"))
    assert (first["y"] == second["y"]) == (size == WIDE)
    assert "四天没网，确实急人。" in page.locator(".side-now").first.inner_text()
    assert fits(page)
    page.click("#report .branch-of [data-do=open]")
    page.wait_for_selector("#report .later")
    assert len(played.store.recent_calls()) == 2


def test_a_bubble_leads_back_during_the_call(serve: Serve, window: Open) -> None:
    page, played = opened(serve, window, WIDE)
    say(page, "您先别急。", 1)
    page.locator("#chat .user-row .back").click()
    page.wait_for_selector("#head .branch-mark")
    page.wait_for_function("document.querySelectorAll('#chat .user-row').length == 0")
    assert page.get_attribute("#say textarea", "placeholder") == "换个说法…"
    box = page.locator("#say textarea").bounding_box()
    assert box["y"] + box["height"] <= WIDE["height"]
    assert len(played.store.recent_calls()) == 2


@SIZES
def test_the_work_order_is_written_judged_and_changed_once(serve: Serve, window: Open, size: dict[str, int]) -> None:
    page, _ = opened(serve, window, size)
    say(page, "您好。", 1)
    page.click("#head [data-do=hang_up]")
    page.click("#order .order-first > summary")
    page.fill("#order [name=name]", "梁先生")
    page.fill("#order [name=problem]", "宽带断了四天")
    assert fits(page)
    page.click("#order .order-first [data-do=order_save]")
    page.wait_for_selector("#report .order-line")
    assert "还差 5 项" in page.locator("#report .order-line summary").inner_text()
    page.click("#report .order-line summary")
    page.fill("#report .order-line [name=demand]", "今天修好")
    page.click("#report .order-line [data-do=order_save]")
    page.wait_for_selector("text=还差 4 项")
    page.click("#report .order-line summary")
    assert page.locator("#report .order-line form").count() == 0


@SIZES
def test_the_recovery_card_is_for_this_browser_alone(serve: Serve, window: Open, size: dict[str, int]) -> None:
    page, _ = opened(serve, window, size, "hard")
    page.click("#head [data-do=hang_up]")
    page.wait_for_selector("#report .r-verdict")
    page.click("#report [data-do=recovery]")
    page.wait_for_selector("#recovery form")
    for number in range(4):
        page.locator(f"#recovery input[name=answer{number}]").nth(1).check(force=True)
    page.fill("#recovery [name=belief]", "我觉得自己没用")
    assert fits(page)
    page.click("#recovery [data-do=recovery_save]")
    page.wait_for_selector("#recovery .result")
    assert "有点影响" in page.locator("#recovery .result").inner_text()
    page.reload()
    page.wait_for_selector("#report .r-verdict")
    assert "我觉得自己没用" not in page.content()
    page.click("#report [data-do=recovery]")
    page.wait_for_function("document.querySelector('#recovery [name=belief]')?.value == '我觉得自己没用'")
    other = window(size).page
    other.goto(page.url)
    other.wait_for_selector("#choose .card")
    assert "我觉得自己没用" not in other.content()
