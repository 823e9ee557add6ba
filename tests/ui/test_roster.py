"""Trainers see everybody's calls, open reports and correct verdicts; trainees see and do none of it; nobody a recovery card."""

from __future__ import annotations

import pytest
from page_fakes import Played
from page_visit import PAIR, Visit

from coach.errors import CallState, NotAllowed
from coach.records.notes import Dispute, Learning, Recovery, WorkOrder
from coach.settings import Settings
from coach.ui.memory import Memory
from coach.ui.roster.listing import A_PAGE, waiting
from coach.ui.viewer import Viewer

TRAINER = Viewer("林老师", "trainer")
SECRET = "只给自己看的话"


@pytest.fixture
async def trainee(settings: Settings) -> Visit:
    """小红's call, ended and graded, with a dispute and a recovery card."""
    visit = Visit(Played(), settings, Viewer("小红", "trainee"))
    await visit.press(**PAIR, difficulty="hard")
    await visit.say("约了两次都白等，换谁都得火。")
    await visit.to_report()
    practice = visit.played.practice
    practice.write_note(visit.call.id, Recovery(owner=visit.memory.with_key().owner, belief=SECRET))
    return visit


@pytest.fixture
def trainer(trainee: Visit, settings: Settings) -> Visit:
    return Visit(trainee.played, settings, TRAINER)


def _check(visit: Visit) -> tuple[str, str]:
    """A check of the sample grade that was answered yes."""
    for graded in visit.played.store.grades(visit.call.id)[-1].rubrics:
        for verdict in graded.verdicts:
            if verdict.answer == "yes":
                return graded.rubric, verdict.check
    raise AssertionError


async def test_the_list_names_everybody_and_can_be_filtered(trainee: Visit, trainer: Visit) -> None:
    await trainer.press(**PAIR)
    await trainer.press(do="roster")
    assert trainer.page["view"] == "roster"
    assert "<b>小红</b>" in trainer.page["roster"]
    assert "<b>林老师</b>" in trainer.page["roster"]
    await trainer.press(do="roster", trainee="小红")
    assert "<b>林老师</b>" not in trainer.page["roster"]
    assert f'data-call="{trainee.call.id}"' in trainer.page["roster"]
    await trainer.press(do="roster", exercise="nobody:nothing")
    assert "没有这样的通话" in trainer.page["roster"]
    await trainer.press(do="roster", exercise="furious_complainer:broadband_no_show")
    assert "<b>小红</b>" in trainer.page["roster"]


async def test_many_calls_come_in_pages(trainer: Visit, trainee: Visit) -> None:
    call = trainee.call
    for number in range(A_PAGE):
        trainee.played.store.add_call(call.model_copy(update={"id": f"{number:032x}", "ended": None, "outcome": None}))
    await trainer.press(do="roster")
    assert "第 1 页，共 2 页" in trainer.page["roster"]
    assert trainer.page["roster"].count("<li>") == A_PAGE
    await trainer.press(do="roster", page="2")
    assert trainer.page["roster"].count("<li>") == 1
    for odd in ("99", "-1", "x", "²"):
        await trainer.press(do="roster", page=odd)
        assert "<li>" in trainer.page["roster"]


async def test_a_trainer_reads_the_report_and_never_the_recovery_card(trainee: Visit, trainer: Visit) -> None:
    await trainer.press(do="roster_open", call=trainee.call.id)
    assert trainer.page["view"] == "report"
    assert "哪些值得学习" in trainer.page["report"]
    assert set(trainer.page["files"]) == {"html", "xlsx", "json"}
    assert "recovery" not in trainer.page["report"]
    trainer.memory = Memory(call=trainee.call.id, calls=(trainee.call.id,), key=trainee.memory.with_key().key)
    for action in ("recovery", "recovery_save", "report", "rewind", "hang_up"):
        await trainer.press(do=action, turn="1", belief="x")
        assert SECRET not in str(trainer.page)
    assert len(trainee.played.store.notes(trainee.call.id, "recovery")) == 1
    assert trainee.played.store.branches(trainee.call.id) == []


async def test_a_dispute_waits_first_in_the_list_until_it_is_answered(trainee: Visit, trainer: Visit) -> None:
    rubric, check = _check(trainee)
    await trainee.press(do="dispute", check=f"{rubric}.{check}", reason="我说了呀")
    await trainer.press(do="roster")
    assert "等您答复的异议（1）" in trainer.page["roster"]
    await trainer.press(do="roster_open", call=trainee.call.id)
    assert "我说了呀" in trainer.page["below"]
    assert "等答复" in trainer.page["below"]
    with pytest.raises(CallState, match="请写一下理由"):
        await trainer.press(do="roster_correct", call=trainee.call.id, check=f"{rubric}.{check}", answer="no")
    before = trainee.played.store.grades(trainee.call.id)
    await trainer.press(
        do="roster_correct", call=trainee.call.id, check=f"{rubric}.{check}", answer="no", reason="没有 <这样> 说"
    )
    assert "林老师 改的，理由：没有 &lt;这样&gt; 说" in trainer.page["report"]
    assert "已答复" in trainer.page["below"]
    assert trainee.played.store.grades(trainee.call.id) == before
    [note] = trainee.played.store.notes(trainee.call.id, "correction")
    assert note.correction is not None
    assert (note.correction.before, note.correction.answer, note.correction.author) == ("yes", "no", "林老师")
    assert note.correction.score_before != note.correction.score_after
    assert waiting(trainee.played.store) == []
    await trainer.press(do="roster")
    assert "等您答复的异议" not in trainer.page["roster"]
    await trainee.press(do="report", skip="yes")
    assert "林老师 改的" in trainee.page["report"]


async def test_upholding_a_verdict_answers_a_dispute_too(trainee: Visit, trainer: Visit) -> None:
    rubric, check = _check(trainee)
    trainee.played.practice.write_note(trainee.call.id, Dispute(rubric=rubric, check=check, reason="不服"))
    await trainer.press(
        do="roster_correct", call=trainee.call.id, check=f"{rubric}.{check}", answer="yes", reason="维持原判"
    )
    assert waiting(trainee.played.store) == []


async def test_open_and_stopped_calls_are_listed_only(trainee: Visit, trainer: Visit) -> None:
    await trainee.press(**PAIR)
    for end in ("", "stop"):
        if end:
            await trainee.press(do=end)
        await trainer.press(do="roster_open", call=trainee.call.id)
        assert trainer.page["view"] == "roster"
        assert f'data-call="{trainee.call.id}"' not in trainer.page["roster"]


async def test_a_reload_and_the_other_language_keep_the_place(trainee: Visit, trainer: Visit) -> None:
    await trainer.press(do="roster_open", call=trainee.call.id)
    await trainer.arrive()
    assert trainer.page["view"] == "report"
    await trainer.press(do="language", view="report")
    assert "Back to all calls" in trainer.page["report"]
    await trainer.press(do="choose")
    await trainer.arrive()
    assert trainer.page["view"] == "choose"


async def test_a_trainee_gets_none_of_it(trainee: Visit, settings: Settings) -> None:
    other = Visit(trainee.played, settings, Viewer("小刚", "trainee"))
    for action in ("roster", "roster_open", "roster_correct"):
        with pytest.raises(NotAllowed, match="只给培训师用"):
            await other.press(do=action, call=trainee.call.id, check="empathy.x", answer="no", reason="x")
    other.memory = Memory(roster=trainee.call.id, call=trainee.call.id)
    await other.arrive()
    assert other.page["view"] == "choose"
    assert 'data-do="roster"' not in other.page["top"]
    await other.press(do="open", call=trainee.call.id)
    assert other.page["view"] == "choose"


async def test_work_order_and_learning_note_stand_there_to_read_only(trainee: Visit, trainer: Visit) -> None:
    practice, call = trainee.played.practice, trainee.call.id
    await trainer.press(do="roster_open", call=call)
    assert "roster-order" not in trainer.page["report"]
    assert "roster-learning" not in trainer.page["below"]
    practice.write_note(call, WorkOrder(problem="四天没网 <急>"))
    practice.write_note(call, Learning(text="先 <道歉>"))
    await trainer.press(do="roster_open", call=call)
    assert "四天没网 &lt;急&gt;" in trainer.page["report"]
    assert "没写" in trainer.page["report"], "what is empty is said"
    assert "<p>先 &lt;道歉&gt;</p>" in trainer.page["below"]
    for button in ("order_save", "learn"):
        assert f'data-do="{button}"' not in trainer.page["report"] + trainer.page["below"]
        await trainer.press(do=button, call=call, problem="改了", note="改了")
    assert "改了" not in str([trainee.played.store.notes(call, kind) for kind in ("work_order", "learning")])


async def test_grading_in_bulk_after_the_list_is_where_a_reload_leads(trainer: Visit, trainee: Visit) -> None:
    await trainer.press(do="roster")
    await trainer.press(do="bulk")
    assert trainer.memory.roster == ""
    await trainer.arrive()
    assert trainer.page["view"] == "bulk"
