"""A whole call in a real browser: choose, talk, hang up, read the report, on a desk and on a phone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from page_fakes import LINE, Played
from windows import PHONE, WIDE, Open, Serve, ready, say, shot, to_report

from coach.errors import ModelTimeout
from coach.settings import Settings
from coach.wiring import build_practice

EMPATHY = "约了两次都让您白等，请了假人还没来，换谁都得火，这火我听得懂。"


def begin(page: Any, mode: str = "practice") -> None:
    if mode == "exam":
        page.check('#choose input[value="exam"]', force=True)
    page.click("#choose [data-do=start]")
    page.wait_for_selector('#chat [data-testid="bot"]')
    ready(page)


def inside(page: Any, selector: str) -> bool:
    """Whether the element lies within the window without scrolling."""
    box = page.locator(selector).bounding_box()
    size = page.viewport_size
    return bool(
        box
        and box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= size["width"]
        and box["y"] + box["height"] <= size["height"]
    )


@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("phone", PHONE)])
def test_a_whole_call_from_card_to_saved_report(
    name: str, size: dict[str, int], serve: Serve, window: Open, settings: Settings
) -> None:
    url, _ = serve(build_practice(settings))
    page = window(size).page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    assert page.title() == "热线情景陪练"
    assert page.locator("#source").inner_text().startswith("离线模式")
    shot(page, f"{name}-choose")

    more = page.locator("#choose .more")
    if more.is_visible():
        more.click()
    page.click('[data-persona="furious_complainer"][data-case="broadband_no_show"]')
    page.wait_for_selector('#chat [data-testid="bot"]')
    page.wait_for_function("document.activeElement.matches('#say textarea')")
    for part in ("#say textarea", "#send", "#head [data-do=hang_up]", "#head .timer"):
        assert inside(page, part), part
    page.wait_for_function("document.querySelector('.timer').textContent > '00:00'")
    shot(page, f"{name}-call")

    say(page, EMPATHY, 1)
    page.wait_for_function("document.activeElement.matches('#say textarea')")
    if name == "phone":
        page.click("#mood .mood summary")
    moved = re.search("「(.+?)」：情绪 78→", page.locator("#mood .changes").inner_text())
    assert moved
    assert moved.group(1) in EMPATHY
    shot(page, f"{name}-mood")
    if name == "phone":
        page.click("#mood .mood summary")
    page.click("#mood [data-do=hint]")
    page.wait_for_selector("#mood .hint-text q")
    shot(page, f"{name}-hint")
    say(page, page.locator("#mood .hint-text q").inner_text().strip("「」"), 2)

    to_report(page)
    page.wait_for_selector("#report .r-verdict")
    assert page.locator("#report .r-three").inner_text().startswith("哪些值得学习")
    assert page.locator("#report mark").count() >= 1
    page.click("#report .r-rubrics > summary")
    page.locator("#report .r-rubric summary").first.click()
    assert page.locator("#report .r-evidence q").first.is_visible()
    shot(page, f"{name}-report")
    saved = {form: saved_as(page, form) for form in ("html", "xlsx", "json")}
    page_text = saved["html"].decode()
    assert page_text.startswith("<!doctype html>")
    assert EMPATHY in re.sub("<[^>]+>", "", page_text)
    assert saved["xlsx"].startswith(b"PK")
    score = json.loads(saved["json"])["report"]["score"]
    assert page.locator("#report .r-verdict").inner_text().startswith(f"{score}分")


def saved_as(page: Any, form: str) -> bytes:
    """Presses a save button; the file has a name that says what it is."""
    with page.expect_download() as download:
        page.click(f"#save-{form}")
    name = download.value.suggested_filename
    assert re.fullmatch(rf"通话报告-.+-\d{{8}}-\d{{4}}-[0-9a-f]{{8}}\.{form}", name), name
    return Path(download.value.path()).read_bytes()


def test_an_answer_is_seen_growing(serve: Serve, window: Open) -> None:
    played = Played()
    played.voice.line = LINE * 3
    url, _ = serve(played.practice)
    page = window().page
    page.goto(url)
    begin(page)
    page.evaluate(
        """() => { window.seen = new Set();
        new MutationObserver(() => { const all = document.querySelectorAll('#chat [data-testid=bot]');
          if (all.length > 1) window.seen.add(all[1].innerText.trim().length) })
        .observe(document.querySelector('#chat'), {childList: true, subtree: true, characterData: true}) }"""
    )
    say(page, "您好。", 1)
    assert page.evaluate("window.seen.size") >= 5


def test_hanging_up_while_the_customer_speaks_stops_the_answer(serve: Serve, window: Open) -> None:
    played = Played()
    played.voice.pause_s = 4
    url, _ = serve(played.practice)
    page = window().page
    page.goto(url)
    begin(page)
    page.fill("#say textarea", "您好。")
    page.press("#say textarea", "Enter")
    page.wait_for_function("document.querySelectorAll('#chat [data-testid=bot]').length == 2")
    to_report(page)
    page.wait_for_selector("#report .r-verdict")
    page.wait_for_timeout(4500)
    call = played.store.call(played.store.recent_calls()[0])
    assert [turn.text for turn in call.turns[1:]] == ["您好。"]
    assert page.locator("#view-report").is_visible()


def test_markup_typed_by_a_trainee_is_text(serve: Serve, window: Open) -> None:
    url, _ = serve(Played().practice)
    page = window().page
    page.goto(url)
    begin(page)
    typed = "a<b 且 c>d <script>window.bad=1</script><img src=x onerror='window.bad=1'> {{1+1}} ${2} *星*"
    say(page, typed, 1)
    assert page.locator('#chat [data-testid="user"]').inner_text().strip() == typed
    to_report(page)
    page.wait_for_selector("#report .r-transcript")
    page.click("#report .r-transcript > summary")
    assert typed in page.locator("#report .r-transcript").inner_text()
    assert page.evaluate("window.bad") is None


def test_exam_mode_shows_no_mood_and_no_hint(serve: Serve, window: Open) -> None:
    url, _ = serve(Played().practice)
    page = window().page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    begin(page, "exam")
    say(page, "您好。", 1)
    assert page.locator("#mood .mood").count() == 0
    assert page.locator("[data-do=hint]").count() == 0
    assert page.locator("#brief .brief").is_visible()


def test_reload_and_restart_bring_the_open_call_back(serve: Serve, window: Open, settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    database = f"sqlite:///{settings.data / 'calls.sqlite3'}"
    url, stop = serve(Played(database).practice)
    page = window().page
    page.goto(url)
    begin(page)
    say(page, "四天没网，您着急太正常了。", 1)
    page.reload()
    page.wait_for_function("document.querySelectorAll('#chat [data-testid=bot]').length == 2")
    stop()
    again = Played(database)
    serve(again.practice, int(url.rsplit(":", 1)[1]))
    page.goto(url)
    page.wait_for_function("document.querySelectorAll('#chat [data-testid=bot]').length == 2")
    say(page, "我现在就给您查。", 2)


def test_a_failure_of_the_model_is_a_sentence_with_a_retry(serve: Serve, window: Open) -> None:
    played = Played()
    played.voice.failures = [ModelTimeout("模型没有回答，请点重试。", "The model did not answer.")]
    url, _ = serve(played.practice)
    page = window().page
    page.goto(url)
    begin(page)
    page.fill("#say textarea", "您好。")
    page.press("#say textarea", "Enter")
    page.wait_for_selector("#status .failed")
    assert "模型没有回答" in page.locator("#status").inner_text()
    assert page.locator("#say textarea").is_disabled()
    shot(page, "wide-failure")
    page.reload()
    page.wait_for_selector("#status [data-do=retry]")
    page.click("#status [data-do=retry]")
    page.wait_for_function("document.querySelectorAll('#chat [data-testid=bot]').length == 2")
    ready(page)


def test_the_browsers_language_decides_and_the_switch_overrides(serve: Serve, window: Open) -> None:
    url, _ = serve(Played().practice)
    page = window(WIDE, "en-GB").page
    page.goto(url)
    page.wait_for_selector("text=Choose a customer")
    page.click("#top [data-do=language]")
    page.wait_for_selector("text=选一位客户")
    page.reload()
    page.wait_for_selector("text=选一位客户")
    begin(page)
    assert "客户资料和规定" in page.locator("#brief").inner_text()


def test_shift_enter_writes_a_new_line_and_an_input_method_can_use_enter(serve: Serve, window: Open) -> None:
    url, _ = serve(Played().practice)
    page = window().page
    page.goto(url)
    begin(page)
    page.fill("#say textarea", "您好")
    page.press("#say textarea", "Shift+Enter")
    assert page.input_value("#say textarea") == "您好\n"
    page.fill("#say textarea", "")
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "nin", "selectionStart": 3, "selectionEnd": 3})
    typing.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    typing.send("Input.insertText", {"text": "您"})
    page.wait_for_timeout(300)
    assert page.input_value("#say textarea") == "您"
    assert page.locator('#chat [data-testid="user"]').count() == 0


def test_the_cards_show_every_customer_once_before_their_other_matters(
    serve: Serve, window: Open, settings: Settings
) -> None:
    practice = build_practice(settings)
    url, _ = serve(practice)
    page = window().page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    names = page.locator("#choose .card:visible h3").all_inner_texts()
    assert len(names) == len(set(names)) == len({persona.id for persona, _ in practice.library.exercises()})
    page.click("#choose .more")
    assert page.locator("#choose .card:visible").count() == len(practice.library.exercises())


def test_cards_are_filtered_by_the_kind_of_customer(serve: Serve, window: Open, settings: Settings) -> None:
    url, _ = serve(build_practice(settings))
    page = window().page
    page.goto(url)
    page.wait_for_selector("#choose .card")
    page.check('#choose input[value="harassment"]', force=True)
    shown = page.locator("#choose .card:visible")
    assert page.locator("#choose .more").is_hidden()
    assert shown.count() >= 1
    assert set(shown.evaluate_all("all => all.map(card => card.dataset.category)")) == {"harassment"}
