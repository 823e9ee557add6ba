"""The work order after a call: asked for once, skippable, judged for completeness, changed once."""

from __future__ import annotations

import pytest
from page_fakes import Played
from page_visit import PAIR, Visit, written

from coach.errors import CallState
from coach.settings import Settings

WHOLE = {
    "name": "梁先生",
    "contact": "晚上七点后",
    "product": "家里的宽带",
    "problem": "断了四天",
    "demand": "今天修好",
    "earlier": "报过两次",
    "promised": "明早九点上门",
}


@pytest.fixture
async def visit(settings: Settings) -> Visit:
    made = Visit(Played(), settings)
    await made.press(**PAIR)
    await made.say("您好。")
    return made


async def test_the_form_comes_between_the_call_and_the_report_and_over_a_reload(visit: Visit) -> None:
    await visit.press(do="hang_up")
    assert visit.page["view"] == "order"
    assert visit.page["order"].count("<label") == 7
    await visit.arrive()
    assert visit.page["view"] == "order"
    assert visit.played.grader.asked == 0
    await visit.press(do="report", skip="yes")
    assert visit.page["view"] == "report"
    assert "没有写。现在补上也行" in visit.page["report"]
    await visit.arrive()
    assert visit.page["view"] == "report"


async def test_a_call_without_a_word_needs_no_work_order(settings: Settings) -> None:
    visit = Visit(Played(), settings)
    await visit.press(**PAIR)
    await visit.press(do="hang_up")
    assert visit.page["view"] == "report"


async def test_each_field_is_told_what_it_lacks_and_the_score_is_left_alone(visit: Visit) -> None:
    await visit.press(do="hang_up")
    await visit.press(do="order_save", **WHOLE | {"contact": "", "problem": "<b>断了"})
    report = visit.page["report"]
    assert "写全 6 项，还差 1 项" in report
    assert "&lt;b&gt;断了" in report
    assert "<b>断了" not in report
    [grade] = visit.played.store.grades(visit.call.id)
    assert f"<b>{grade.score}</b>" in report
    assert "工单" not in written(visit.page["files"]["html"])


async def test_it_can_be_changed_once(visit: Visit) -> None:
    await visit.press(do="hang_up")
    await visit.press(do="order_save", name="梁先生")
    assert "可以再改一次" in visit.page["report"]
    await visit.press(do="order_save", **WHOLE)
    assert "七项都写全了" in visit.page["report"]
    assert "不能再改了" in visit.page["report"]
    with pytest.raises(CallState, match="只能改一次"):
        await visit.press(do="order_save", **WHOLE)


async def test_an_empty_form_counts_as_not_written(visit: Visit) -> None:
    await visit.press(do="hang_up")
    await visit.press(do="order_save", name="  ")
    assert visit.page["view"] == "report"
    assert visit.played.store.notes(visit.call.id, "work_order") == []
