"""A trainer remarks on a line of a stored call and in the try-out, accepts the principle, and the next call is checked by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Answer, Request, ScriptedServer
from small_content import small_content
from windows import PHONE, Window, say, to_report

from coach.settings import Settings
from coach.wiring import build_practice

BAD, GOOD = "你先给我退钱，再派个人来。", "你倒是说怎么办？"
RULE = "不自己报出处理方案"


@pytest.fixture
def settings(online: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("COACH_CONTENT", str(small_content(tmp_path / "content")))
    return online(COACH_TIMEOUT_S="60")


def answer(request: Request) -> Answer:
    """Lines that name a way out until they are told not to; a remark becomes the rule; the check finds that way out."""
    messages = request.body["messages"]
    if request.body.get("stream"):
        return GOOD if "没守住规矩" in messages[-1]["content"] else BAD
    if "几条说话的规矩" in messages[0]["content"]:
        found = "退钱" in messages[-1]["content"].split("<台词>")[1]
        return {"p1": {"quote": "退钱" if found else "", "answer": "broken" if found else "kept"}}
    if "教练听了他说的一句台词" in messages[0]["content"]:
        rule = {"why": "客户自己出了主意", "result": "rule", "text": RULE, "when": "always", "never": [], "at_most": 0}
        return rule | {"good": GOOD, "bad": BAD}
    if "violations" in str(request.body.get("response_format")):
        return {"violations": [], "merits": []}
    return {"parts": [], "asked": [], "answered": [], "offered": [], "trap": "", "out_of_play": False}


def begin(page: Any) -> None:
    page.click("#choose [data-do=start][data-persona=furious_complainer]")


def test_a_remark_becomes_a_principle_that_the_next_call_keeps(
    settings: Settings,
    serve: Callable[..., Any],
    window: Callable[..., Window],
    model_server: ScriptedServer,
) -> None:
    model_server.answer_with(answer)
    practice = build_practice(settings)
    url, _ = serve(practice)
    page = window().page
    page.goto(url)
    begin(page)
    say(page, "您好，您希望怎么处理？", 1)
    assert BAD in page.inner_text("#chat")
    to_report(page)
    page.click("#report [data-do=remarks]")
    page.click("#remarks [data-kind=criticise][data-turn='2']")
    page.fill("#remarks textarea[name=words]", "客户不会自己替客服出主意")
    page.click("#remarks [data-do=remark_propose]")
    page.wait_for_selector("#remarks .remark-box[data-state=draft]")
    assert page.input_value("#remarks textarea[name=text]") == RULE
    assert page.locator("#remarks .remark-proofs .is-ok").count() == 2
    page.click("#remarks [data-do=remark_accept]")
    page.wait_for_selector("#remarks [data-principle=rule_1]")
    assert RULE in (settings.content / "personas" / "furious_complainer.yaml").read_text("utf-8")
    page.click("#remarks [data-do=remark_again]")
    page.wait_for_selector(f"#remarks .remark-box q:has-text('{GOOD}')")

    page.click("#top [data-do=choose]")
    begin(page)
    say(page, "您好，您希望怎么处理？", 1)
    assert GOOD in page.inner_text("#chat")
    assert BAD not in page.inner_text("#chat")


def test_a_remark_in_the_try_out_goes_into_the_draft(
    settings: Settings,
    serve: Callable[..., Any],
    window: Callable[..., Window],
    model_server: ScriptedServer,
) -> None:
    model_server.answer_with(answer)
    url, _ = serve(build_practice(settings))
    page = window(PHONE).page
    page.goto(url)
    page.click("#top [data-do=studio]")
    page.click("#studio-head [data-do=studio_open][data-name=furious_complainer]")
    page.click("#studio-head [data-do=studio_tab][data-tab=try]")
    page.click("#studio-panel [data-do=studio_try]")
    page.fill("#studio-say textarea", "您好，您希望怎么处理？")
    page.press("#studio-say textarea", "Enter")
    page.wait_for_selector("#studio-chat [data-answers='2'][data-speaking=no]")
    page.click("#studio-chat [data-kind=rewrite]")
    page.fill("#studio-chat textarea[name=words]", GOOD)
    page.click("#studio-chat [data-do=studio_remark_propose]")
    page.wait_for_selector("#studio-chat .remark-box[data-state=draft]")
    page.click("#studio-chat [data-do=studio_remark_accept]")
    page.wait_for_selector("#studio-chat .remark-box[data-state=saved]")
    file = settings.content / "personas" / "furious_complainer.yaml"
    assert RULE not in file.read_text("utf-8"), "only the draft has it"
    page.click("#studio-head [data-do=studio_save]")
    page.wait_for_selector("#studio-head .bench-told")
    assert RULE in file.read_text("utf-8")
