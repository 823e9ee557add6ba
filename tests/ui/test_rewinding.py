"""Back to one's own sentence: the branch, its mark, and both calls side by side."""

from __future__ import annotations

import pytest
from page_fakes import Played
from page_visit import PAIR, Visit, written

from coach.errors import CallState
from coach.settings import Settings
from coach.ui.branches import compare


@pytest.fixture
def visit(settings: Settings) -> Visit:
    return Visit(Played(), settings)


async def _two_exchanges(visit: Visit, mode: str = "practice") -> str:
    await visit.press(**PAIR, mode=mode)
    await visit.say("您先别急。")
    await visit.say("我帮您看看。")
    return visit.call.id


async def test_from_the_report_one_goes_back_to_a_sentence_and_says_it_differently(visit: Visit) -> None:
    first = await _two_exchanges(visit)
    await visit.to_report()
    assert 'data-do="rewind" data-turn="3"' in visit.page["report"]
    await visit.press(do="rewind", turn="3")
    assert visit.page["view"] == "call"
    assert visit.call.parent == first
    assert "回到第 4 句重说" in visit.page["head"]
    assert "上次说的是「我帮您看看。」" in visit.page["head"]
    assert visit.page["box"]["placeholder"] == "换个说法…"
    await visit.say("四天没网，确实急人。")
    assert visit.page["box"]["placeholder"] == "您对客户说…（回车发送）"


async def test_the_report_of_a_branch_says_so_and_shows_both(visit: Visit) -> None:
    first = await _two_exchanges(visit)
    await visit.to_report()
    await visit.press(do="rewind", turn="3")
    await visit.say("四天没网，确实急人。")
    await visit.press(do="hang_up")
    report = visit.page["report"]
    assert "这一次是回到第 4 句重说的" in report
    assert "我帮您看看。" in report
    assert report.index("我帮您看看。") < report.index("四天没网，确实急人。")
    assert "相差" in report
    await visit.press(do="open", call=first)
    assert "这一通后来重说过" in visit.page["report"]
    await visit.press(do="mine")
    assert "回到第 4 句重说" in visit.page["mine"]


async def test_the_exported_file_names_the_branch_and_has_no_buttons(visit: Visit) -> None:
    await _two_exchanges(visit)
    await visit.press(do="rewind", turn="1")
    await visit.say("您好。")
    await visit.press(do="hang_up")
    saved = written(visit.page["files"]["html"])
    assert "回到第 2 句重说" in saved
    assert "data-do" not in saved


async def test_in_practice_mode_every_own_sentence_leads_back_during_the_call(visit: Visit) -> None:
    first = await _two_exchanges(visit)
    assert 'data-turn="1"' in visit.page["head"]
    assert 'data-turn="3"' in visit.page["head"]
    await visit.press(do="rewind", turn="1")
    assert len(visit.call.turns) == 1
    assert visit.call.parent == first
    assert visit.played.store.call(first).outcome is None


async def test_an_exam_leads_back_only_after_it_ended(visit: Visit) -> None:
    await _two_exchanges(visit, "exam")
    assert "rewind" not in visit.page["head"]
    with pytest.raises(CallState, match="考核还没结束"):
        await visit.press(do="rewind", turn="1")
    await visit.to_report()
    await visit.press(do="rewind", turn="1")
    assert visit.page["view"] == "call"
    assert visit.call.exercise.mode == "practice"


@pytest.mark.parametrize("turn", ["0", "99"])
async def test_only_own_sentences_lead_back(visit: Visit, turn: str) -> None:
    await _two_exchanges(visit)
    with pytest.raises(CallState, match="自己说过"):
        await visit.press(do="rewind", turn=turn)


async def test_the_comparison_goes_exchange_by_exchange_with_states_and_differences(visit: Visit) -> None:
    first = await _two_exchanges(visit)
    await visit.press(do="rewind", turn="1")
    for text in ("您好。", "您别急。", "我查一下。"):
        await visit.say(text)
    before, now = visit.played.store.call(first), visit.call
    old = await visit.played.grader.grade_call(before)
    new = old.model_copy(update={"score": (old.score or 0) - 5})
    both = compare(before, now, (old, new), "zh")
    assert both.number == 2
    assert [old_one.said if old_one else None for old_one, _ in both.rows] == ["您先别急。", "我帮您看看。", None]
    assert [new_one.said for _, new_one in both.rows if new_one] == ["您好。", "您别急。", "我查一下。"]
    assert both.rows[0][1] is not None
    assert both.rows[0][1].state == now.turns[2].step.state  # type: ignore[union-attr]
    assert both.total.difference == -5
    assert both.comparable
    assert not compare(before, now, (old, new.model_copy(update={"offline": False})), "zh").comparable
    assert compare(before, now, (None, new), "zh").total.difference is None
