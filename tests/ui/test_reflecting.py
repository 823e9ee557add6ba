"""Judging oneself first, the note, the dispute, the correction, and asking about the call."""

from __future__ import annotations

import pytest
from call_samples import good_call, good_grade, rubrics, vocabulary
from page_fakes import Played
from page_visit import PAIR, Visit
from typer.testing import CliRunner

from coach.cli.main import build_app
from coach.errors import ModelTimeout
from coach.grading.corrections import corrected
from coach.models.scripted import ScriptedModel
from coach.records.call import Outcome
from coach.records.notes import Correction
from coach.reports.advice import Advisor
from coach.reports.replies.answers import answer
from coach.settings import Settings
from coach.wiring import open_store


@pytest.fixture
def visit(settings: Settings) -> Visit:
    return Visit(Played(), settings)


async def graded(visit: Visit, **sent: str) -> None:
    await visit.press(**PAIR)
    await visit.say("约了两次都白等，换谁都得火。")
    await visit.press(do="hang_up")
    await visit.press(do="order_save", **sent)


async def test_the_guess_comes_before_the_report_and_stands_beside_the_grade(visit: Visit) -> None:
    await visit.press(**PAIR)
    await visit.say("约了两次都白等，换谁都得火。")
    await visit.press(do="hang_up")
    assert 'name="rate0"' in visit.page["order"]
    await visit.press(do="order_save", rate0="60")
    assert "您估的和评出来的" in visit.page["report"]
    assert "60 到 79" in visit.page["report"]
    assert "您比自己想的做得好" in visit.page["report"]


async def test_a_guess_can_be_skipped_and_never_comes_after_the_grade(visit: Visit) -> None:
    await graded(visit)
    assert "您估的和评出来的" not in visit.page["report"]
    await visit.press(do="order_save", rate0="80")
    assert visit.played.store.latest_note(visit.call.id, "self_rating") is None


async def test_a_learning_note_comes_back_and_markup_in_it_is_text(visit: Visit) -> None:
    await graded(visit)
    await visit.press(do="learn", note="先接住<b>火气</b>")
    await visit.arrive()
    assert "先接住&lt;b&gt;火气&lt;/b&gt;" in visit.page["below"]


async def test_a_dispute_needs_a_reason_and_a_check_of_this_call(visit: Visit) -> None:
    await graded(visit)
    await visit.press(do="dispute", check="empathy.names_feeling", reason="")
    await visit.press(do="dispute", check="empathy.made_up", reason="不对")
    assert visit.played.store.notes(visit.call.id, "dispute") == []
    await visit.press(do="dispute", check="empathy.names_feeling", reason="我说了换谁都得火")
    assert "我说了换谁都得火" in visit.page["below"]
    assert visit.played.store.grades(visit.call.id)[-1].score == 100


async def test_a_question_about_a_line_is_answered_from_the_call(visit: Visit) -> None:
    await graded(visit)
    await visit.press(do="ask", question="第 2 句怎么样？")
    assert "换谁都得火" in visit.page["below"]
    assert "说出了客户的感受吗？" in visit.page["below"]


async def test_with_a_model_the_page_says_that_it_looks_and_then_who_answered(visit: Visit) -> None:
    await graded(visit)
    reply = {"lines": [2], "checks": [], "rules": [], "quote": "换谁都得火", "text": "<b>接住了</b>他的火气。"}
    model = ScriptedModel([{"covered": True, "points": [reply], "say": ""}, ModelTimeout("等太久了。", "Too long.")])
    visit.played.practice._advisor = Advisor(model)
    frames = await visit.press(do="ask", question="第 2 句怎么样？")
    assert [list(frame) for frame in frames] == [["below"], ["below"]], "the report itself stays as it is folded"
    assert "正在翻这通电话的记录" in frames[0]["below"]
    assert "&lt;b&gt;接住了&lt;/b&gt;他的火气。" in frames[1]["below"]
    assert "由大模型 scripted 回答" in frames[1]["below"]
    await visit.press(do="ask", question="第 2 句怎么样？")
    assert "大模型这次没有答上来：等太久了。" in visit.page["below"]
    assert "离线回答：没有用大模型" in visit.page["below"]


def test_the_coach_says_when_nothing_is_about_the_question() -> None:
    def asked(question: str) -> str:
        return " ".join(part.text for part in answer(question, good_call(), good_grade(), vocabulary(), "zh").parts)

    assert "没有材料能回答" in asked("明天天气怎么样")
    assert "没有这一句" in asked("第99句呢")
    assert "评分不评客户" in asked("第1句")
    assert "「同理心」100 分" in asked("同理心怎么评的")


def test_a_correction_keeps_both_numbers() -> None:
    grade = good_grade()
    wrong = Correction(
        grade=grade.id, rubric="empathy", check="argues", before="no", answer="yes", author="王", reason="第 2 句",
        score_before=100, score_after=None,
    )  # fmt: skip
    numbers = corrected(grade, rubrics()[:1], [wrong])
    assert (grade.score, numbers.score) == (100, 90)
    assert corrected(grade, rubrics()[:1], [wrong.model_copy(update={"grade": "other"})]).score == 100


def test_the_command_corrects_a_verdict_and_the_grade_stays(settings: Settings) -> None:
    store = open_store(settings)
    store.add_call(good_call())
    store.end_call("c1", good_call().ended or good_call().created, Outcome.SATISFIED)
    store.add_grade(good_grade())
    done = CliRunner().invoke(
        build_app(), ["correct", "c1", "empathy.argues", "yes", "--author", "王", "--reason", "顶了一句"]
    )
    assert done.exit_code == 0, done.output
    assert "100 → 90" in done.output
    note = store.notes("c1", "correction")[-1].correction
    assert note is not None
    assert (note.author, note.reason, note.score_before, note.score_after) == ("王", "顶了一句", 100, 90)
    assert store.grades("c1")[-1].score == 100
    store.close()
