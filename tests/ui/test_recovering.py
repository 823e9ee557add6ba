"""The recovery card: after hard calls, never forced, and for the trainee's own browser alone."""

from __future__ import annotations

import pytest
from page_fakes import Played
from page_visit import PAIR, Visit, written

from coach.records.call import Call
from coach.settings import Settings
from coach.ui.memory import Memory
from coach.ui.recovering import card_for

CLEAR = {f"answer{number}": "2" for number in range(4)}
SECRET = "我觉得自己没用"


@pytest.fixture
def visit(settings: Settings) -> Visit:
    return Visit(Played(), settings)


def _heated(call: Call, heat: int) -> Call:
    first = call.turns[0]
    assert first.step is not None
    step = first.step.model_copy(update={"state": first.step.state.model_copy(update={"heat": heat})})
    return call.model_copy(update={"turns": (first.model_copy(update={"step": step}), *call.turns[1:])})


async def _hard_call(visit: Visit) -> None:
    await visit.press(**PAIR, difficulty="hard")
    await visit.to_report()


async def test_it_is_offered_after_a_heated_call_and_not_after_a_calm_one(visit: Visit) -> None:
    await _hard_call(visit)
    practice = visit.played.practice
    assert card_for(practice, _heated(visit.call, 80)) is not None
    assert card_for(practice, _heated(visit.call, 79)) is None
    assert card_for(practice, _heated(visit.call, 95).model_copy(update={"outcome": None})) is None
    assert 'data-do="recovery"' in visit.page["report"]
    assert visit.page["view"] == "report"


async def test_a_stopped_heated_call_offers_it_as_well(visit: Visit) -> None:
    await visit.press(**PAIR, difficulty="hard")
    await visit.press(do="stop")
    assert 'data-do="recovery"' in visit.page["report"]


async def test_the_self_test_has_a_result_and_what_was_written_comes_back(visit: Visit) -> None:
    await _hard_call(visit)
    await visit.press(do="recovery")
    assert visit.page["view"] == "recovery"
    await visit.press(do="recovery_save", **CLEAR, belief=SECRET)
    assert "找班长说一声" in visit.page["recovery"]
    await visit.press(do="report")
    await visit.press(do="recovery")
    assert SECRET in visit.page["recovery"]
    assert "找班长说一声" in visit.page["recovery"]


async def test_an_unfinished_self_test_gives_no_result_and_keeps_the_rest(visit: Visit) -> None:
    await _hard_call(visit)
    await visit.press(do="recovery_save", answer0="3", event="挨骂了")
    assert "每一题都选了" in visit.page["recovery"]
    assert 'class="result"' not in visit.page["recovery"]
    [note] = visit.played.store.notes(visit.call.id, "recovery")
    assert note.recovery is not None
    assert (note.recovery.answers, note.recovery.event) == ((), "挨骂了")


async def test_an_empty_card_is_not_kept(visit: Visit) -> None:
    await _hard_call(visit)
    await visit.press(do="recovery_save")
    assert visit.played.store.notes(visit.call.id, "recovery") == []


async def test_it_stands_in_no_report_and_no_file(visit: Visit) -> None:
    await _hard_call(visit)
    await visit.press(do="recovery_save", **CLEAR, belief=SECRET)
    await visit.press(do="report")
    assert SECRET not in visit.page["report"]
    assert SECRET not in written(visit.page["files"]["html"])


@pytest.mark.parametrize("calls", ["theirs", "forged"])
async def test_another_browser_never_sees_what_was_written(visit: Visit, calls: str) -> None:
    await _hard_call(visit)
    await visit.press(do="recovery_save", **CLEAR, belief=SECRET)
    other = Visit(visit.played, visit.actions.desk.settings)
    known = (visit.call.id,) if calls == "forged" else ()
    other.memory = Memory(call=visit.call.id, calls=known, key="0" * 32)
    await other.press(do="recovery")
    assert SECRET not in str(other.page)
    assert (other.page["view"] == "recovery") == (calls == "forged")
