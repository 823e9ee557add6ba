"""What makes one wince when it is wrong: cut-off tabs, squeezed names, strange borders, an English heading on a Chinese page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from page_fakes import Played
from windows import PHONE, WIDE, Open, Serve, ready

from coach.practice import MAX_CHARS
from coach.settings import Settings
from coach.storage.users import Users
from coach.wiring import build_practice


def at(page: Any, selector: str) -> dict[str, float]:
    box: dict[str, float] = page.locator(selector).first.bounding_box()
    return box


def style(page: Any, selector: str, name: str) -> str:
    return str(page.evaluate("([s, n]) => getComputedStyle(document.querySelector(s))[n]", [selector, name]))


def begun(serve: Serve, window: Open, locale: str = "zh-CN") -> Any:
    """A call on a phone."""
    url, _ = serve(Played().practice)
    page = window(PHONE, locale).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    page.click("#choose [data-do=start]")
    ready(page)
    return page


def test_all_tabs_are_seen_on_a_phone_and_where_they_are_not_the_edge_says_so(serve: Serve, window: Open) -> None:
    page = begun(serve, window)
    page.wait_for_selector(".top nav[data-more=right]")
    assert "gradient" in style(page, ".top nav", "maskImage")
    page.evaluate("document.querySelector('.top nav').scrollLeft = 1000")
    page.wait_for_selector(".top nav[data-more=left]")
    page.click("#top [data-do=bulk]")
    page.wait_for_selector("#top [data-do=bulk][aria-current]")
    last = at(page, "#top [data-do=bulk]")
    assert last["x"] + last["width"] <= PHONE["width"]
    assert page.locator(".top nav[data-more=right], .top nav[data-more=both]").count() == 0


def test_the_open_tab_is_in_sight_in_english_too(serve: Serve, window: Open) -> None:
    page = begun(serve, window, "en-GB")
    page.click("#top [data-do=bulk]")
    page.wait_for_selector("#top [data-do=bulk][aria-current]")
    page.wait_for_selector(".top nav[data-more=left]")
    last = at(page, "#top [data-do=bulk]")
    assert last["x"] + last["width"] <= PHONE["width"]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_on_a_phone_the_customers_name_has_room_and_the_box_keeps_off_the_edge(
    locale: str, serve: Serve, window: Open
) -> None:
    page = begun(serve, window, locale)
    assert at(page, ".call-head h2")["width"] >= 100
    assert at(page, ".call-head")["height"] <= 120
    box = at(page, "#say-row")
    assert box["y"] + box["height"] <= PHONE["height"] - 8


def test_a_text_that_is_too_long_is_not_cut_off_unseen(serve: Serve, window: Open) -> None:
    page = begun(serve, window)
    typed = "您" * (MAX_CHARS + 1)
    page.fill("#say textarea", typed)
    page.press("#say textarea", "Enter")
    page.wait_for_selector(f"#status :text('现在{MAX_CHARS + 1}个')")
    assert page.input_value("#say textarea") == typed


def test_the_studio_on_a_phone_begins_with_its_heading_and_its_boxes_look_like_the_others(
    serve: Serve, window: Open, settings: Settings, tmp_path: Path
) -> None:
    url, _ = serve(build_practice(settings))
    page = window(PHONE).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    page.click("#top [data-do=studio]")
    page.wait_for_selector(".shelf-search")
    assert at(page, ".shelf > h2")["y"] < at(page, "#studio-bring")["y"] < at(page, ".shelf-kinds")["y"]
    line = style(page, ".shelf-kinds", "borderBottomColor")
    assert style(page, ".shelf-search", "borderTopColor") == line
    page.click(".shelf-templates [data-kind=persona][data-name=complaint]")
    page.wait_for_selector("#studio-form [data-set='id']")
    assert style(page, "#studio-form [data-set='id']", "borderTopColor") == line
    head, around = at(page, ".bench"), at(page, "#studio-head")
    assert head["width"] <= around["width"]  # a long line under the name is cut short instead of sticking out
    # a failure is told under a heading in the page's language
    page.click("#studio-head [data-do=studio]")
    page.wait_for_selector(".shelf-search")
    broken = tmp_path / "card.json"
    broken.write_text("{", "utf-8")
    page.set_input_files("#view-studio input[type=file]", str(broken))
    page.wait_for_selector(".toast-body :text('不是完整的 JSON')")
    assert "没有办成" in page.inner_text(".toast-body")
    assert "Error" not in page.inner_text(".toast-body")


def test_the_box_of_a_try_out_is_the_box_of_a_call(serve: Serve, window: Open, settings: Settings) -> None:
    url, _ = serve(build_practice(settings))
    page = window(WIDE).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    for name in ("borderTopColor", "borderTopWidth", "borderTopLeftRadius", "fontSize", "minHeight"):
        assert style(page, "#studio-say textarea", name) == style(page, "#say textarea", name), name
    assert style(page, "#studio-send", "backgroundColor") == style(page, "#send", "backgroundColor")


def test_the_log_in_screen_wears_the_colours_of_the_page(serve: Serve, window: Open) -> None:
    played = Played()
    Users(played.store).add("林老师", "trainer", "梅子黄时雨123")
    url, _ = serve(played.practice)
    page = window(PHONE).page
    page.goto(url)
    page.wait_for_selector(".auth")
    assert page.evaluate("getComputedStyle([...document.querySelectorAll('button')].at(-1)).backgroundColor") == (
        "rgb(15, 118, 110)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    frames = """[...document.querySelectorAll('.wrap:has(.auth), .wrap:has(.auth) .column')]
        .filter(part => getComputedStyle(part).borderTopWidth !== '0px').length"""
    assert page.evaluate(frames) == 1


def test_an_exam_shows_its_card_level_with_the_call(serve: Serve, window: Open) -> None:
    url, _ = serve(Played().practice)
    page = window(WIDE).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    page.check('#choose input[value="exam"]', force=True)
    page.click("#choose [data-do=start]")
    ready(page)
    assert abs(at(page, "#brief .panel")["y"] - at(page, "#chat")["y"]) < 2
