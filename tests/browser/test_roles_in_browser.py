"""Logging in as trainee and as trainer in a real browser: what each sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from page_fakes import Played
from windows import PHONE, WIDE, Window, ready, say, shot, to_report

from coach.storage.users import Users

PASSWORD = "梅子黄时雨123"
SAID = "四天没网，您着急太正常了。"


def log_in(page: Any, url: str, name: str, password: str = PASSWORD) -> None:
    page.goto(url)
    page.wait_for_selector(".auth")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


@pytest.mark.parametrize(("name", "size"), [("wide", WIDE), ("phone", PHONE)])
def test_a_trainee_and_a_trainer_each_see_what_is_theirs(
    name: str, size: dict[str, int], serve: Callable[..., Any], window: Callable[..., Window]
) -> None:
    played = Played()
    users = Users(played.store)
    users.add("王小明", "trainee", PASSWORD)
    users.add("林老师", "trainer", PASSWORD)
    url, _ = serve(played.practice)

    page = window(size).page
    log_in(page, url, "王小明", "不对的密码")
    page.wait_for_selector(".creds")
    shot(page, f"{name}-login")
    log_in(page, url, "王小明")
    page.wait_for_selector("#choose .card")
    assert page.locator(".who-name").inner_text() == "王小明"
    assert page.locator(".top nav button").all_inner_texts() == ["选练习", "我的通话"]
    page.click("#choose [data-do=start]")
    page.wait_for_selector('#chat [data-testid="bot"]')
    ready(page)
    say(page, SAID, 1)
    to_report(page)
    page.wait_for_selector("#report .r-verdict")
    page.click("#dispute summary")
    page.fill("#dispute textarea", "这一条我说了")
    page.click("#dispute [data-do=dispute]")
    page.wait_for_function("document.querySelector('#dispute summary').innerText.includes('1')")
    page.click(".who a")
    page.wait_for_selector(".auth")

    again = window(size).page  # another browser: the calls are there
    log_in(again, url, "王小明")
    again.wait_for_selector("#choose .card")
    again.click("[data-do=mine]")
    again.wait_for_selector("#mine [data-do=open]")
    assert again.locator("#mine [data-do=open]").count() == 1

    log_in(page, url, "林老师")
    page.wait_for_selector("#choose .card")
    shot(page, f"{name}-trainer")
    page.click("[data-do=mine]")
    page.wait_for_selector("#mine .mine")
    assert page.locator("#mine [data-do=open]").count() == 0
    page.click(".top [data-do=roster]")
    page.wait_for_selector("#roster .roster-disputed [data-do=roster_open]")
    shot(page, f"{name}-roster")
    page.locator("#roster [data-do=roster_open]").first.click()
    page.wait_for_selector("#roster-correct")
    assert "这一条我说了" in page.locator("#roster-disputes").inner_text()
    assert page.locator("[data-do=recovery]:visible").count() == 0
    page.select_option("#roster-correct select[name=answer]", "na")
    page.fill("#roster-correct textarea", "这通用不上")
    page.locator("#roster-correct").scroll_into_view_if_needed()
    shot(page, f"{name}-correct")
    page.click("[data-do=roster_correct]")
    page.wait_for_selector("#report .corrections")
    assert "林老师 改的，理由：这通用不上" in page.locator("#report .corrections").inner_text()
    shot(page, f"{name}-corrected")
