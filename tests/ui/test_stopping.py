"""Stopping the practice, hanging up in the middle of an answer, and what nobody foresaw."""

from __future__ import annotations

import pytest
from page_fakes import LINE, Played
from page_visit import PAIR, Visit

from coach.practice import Answered
from coach.records.call import Outcome
from coach.settings import Settings


@pytest.fixture
def visit(settings: Settings) -> Visit:
    return Visit(Played(), settings)


@pytest.mark.parametrize("mode", ["practice", "exam"])
async def test_stopping_is_calm_and_nothing_is_graded(visit: Visit, mode: str) -> None:
    await visit.press(**PAIR, mode=mode)
    await visit.say("您好。")
    await visit.press(do="stop")
    assert visit.call.outcome is Outcome.STOPPED
    assert visit.page["view"] == "report"
    assert "不评分，也不算没做好" in visit.page["report"]
    assert visit.played.grader.asked == 0
    await visit.press(do="report")
    assert "不评分，也不算没做好" in visit.page["report"]
    await visit.press(do="mine")
    assert "停止了练习" in visit.page["mine"]
    assert "不评分" in visit.page["mine"]
    assert "看报告" not in visit.page["mine"]


async def test_the_stop_word_leads_to_the_same_calm_page(visit: Visit) -> None:
    await visit.press(**PAIR)
    await visit.say("停止练习")
    assert visit.page["view"] == "report"
    assert "不评分，也不算没做好" in visit.page["report"]


async def test_the_welcome_names_the_way_out(visit: Visit) -> None:
    await visit.arrive()
    assert "停止练习" in visit.page["choose"]
    assert "分数会低" not in visit.page["choose"]


async def test_stopping_an_ended_call_changes_nothing(visit: Visit) -> None:
    await visit.press(**PAIR)
    await visit.press(do="hang_up")
    await visit.press(do="stop")
    assert visit.call.outcome is Outcome.TRAINEE_ENDED


@pytest.mark.parametrize("ending", ["hang_up", "stop"])
async def test_an_answer_that_comes_after_the_end_is_not_kept(ending: str) -> None:
    played = Played()
    call = played.practice.start(played.practice.exercise("furious_complainer", "broadband_no_show"), seed=1)
    events = played.practice.say(call.id, "您好。")
    await anext(events)
    await anext(events)
    getattr(played.practice, ending)(call.id)
    rest = [event async for event in events]
    assert isinstance(rest[-1], Answered)
    assert [turn.text for turn in played.store.call(call.id).turns[1:]] == ["您好。"]
    expected = Outcome.STOPPED if ending == "stop" else Outcome.TRAINEE_ENDED
    assert played.store.call(call.id).outcome is expected


async def test_what_nobody_foresaw_does_not_leave_the_box_closed(visit: Visit) -> None:
    await visit.press(**PAIR)
    visit.played.voice.failures = [ZeroDivisionError("a bug")]
    with pytest.raises(ZeroDivisionError):
        await visit.say("您好。")
    assert "刚才这一步没有走完" in visit.page["status"]
    assert 'data-do="retry"' in visit.page["status"]
    await visit.press(do="retry")
    assert visit.page["chat"][-1]["content"] == LINE
    assert visit.page["box"]["open"]
