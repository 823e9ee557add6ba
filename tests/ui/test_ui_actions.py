"""The handlers of the page, without a browser and without gradio."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from page_fakes import LINE, Played
from page_visit import PAIR, Visit, written

from coach.errors import ModelTimeout
from coach.practice import MAX_CHARS
from coach.settings import Settings
from coach.ui.memory import Memory

TIMEOUT = ModelTimeout("模型没有回答，请点重试。", "The model did not answer; press Retry.")


@pytest.fixture
def visit(settings: Settings) -> Visit:
    return Visit(Played(), settings)


async def test_a_first_visit_shows_how_it_works_and_the_cards(visit: Visit) -> None:
    await visit.arrive()
    assert visit.page["view"] == "choose"
    assert '<details class="how" open>' in visit.page["choose"]
    assert 'data-persona="furious_complainer" data-case="broadband_no_show"' in visit.page["choose"]
    assert "离线模式" in visit.page["top"]


async def test_starting_a_call_lets_the_customer_speak_first_and_shows_the_record(visit: Visit) -> None:
    await visit.press(**PAIR)
    assert visit.page["view"] == "call"
    assert [bubble["role"] for bubble in visit.page["chat"]] == ["assistant"]
    assert "梁先生" in visit.page["brief"]
    assert visit.page["box"]["open"]
    assert visit.memory.calls == (visit.call.id,)


async def test_an_answer_comes_in_growing_pieces_while_the_box_is_closed(visit: Visit) -> None:
    await visit.press(**PAIR)
    frames = await visit.say("四天没网，您着急太正常了。")
    assert frames[0]["chat"][-1] == {"role": "user", "content": "四天没网，您着急太正常了。"}
    assert frames[0]["box"] == {"open": False, "placeholder": "客户正要开口…", "send": "说", "text": ""}
    spoken = [frame["chat"][-1]["content"] for frame in frames[1:]]
    assert len(spoken) > 3
    assert all(LINE.startswith(text) for text in spoken)
    assert spoken[-1] == LINE
    assert visit.page["box"]["open"]


async def test_the_mood_tells_what_moved_it_and_the_words_that_did(visit: Visit) -> None:
    await visit.press(**PAIR)
    await visit.say("四天没网，您着急太正常了。")
    assert "动作empathise「四天没网」：情绪 78→" in visit.page["mood"]


async def test_a_model_failure_keeps_the_words_says_what_to_do_and_can_be_retried(visit: Visit) -> None:
    visit.played.voice.failures = [TIMEOUT]
    await visit.press(**PAIR)
    await visit.say("您好，我来帮您看。")
    assert visit.call.turns[-1].text == "您好，我来帮您看。"
    assert "模型没有回答，请点重试。" in visit.page["status"]
    assert 'data-do="retry"' in visit.page["status"]
    assert not visit.page["box"]["open"]
    await visit.press(do="retry")
    assert visit.page["chat"][-1]["content"] == LINE
    assert visit.page["box"]["open"]
    assert "fault" not in visit.page["status"]


async def test_a_failure_speaks_the_language_of_the_page(visit: Visit) -> None:
    visit.language = "en"
    visit.played.voice.failures = [TIMEOUT]
    await visit.press(**PAIR)
    await visit.say("您好。")
    assert "The model did not answer; press Retry." in visit.page["status"]


async def test_a_reload_with_the_answer_missing_offers_to_hear_it(visit: Visit) -> None:
    visit.played.voice.failures = [TIMEOUT]
    await visit.press(**PAIR)
    await visit.say("您好。")
    again = Visit(visit.played, visit.actions.desk.settings)
    again.memory = Memory.read(visit.memory.kept())
    await again.arrive()
    assert again.page["view"] == "call"
    assert 'data-do="retry"' in again.page["status"]
    assert len(again.page["chat"]) == 2


@pytest.mark.parametrize("text", ["   ", "字" * (MAX_CHARS + 1)])
async def test_words_that_cannot_be_said_stay_in_the_box(visit: Visit, text: str) -> None:
    await visit.press(**PAIR)
    await visit.say(text)
    assert 'class="fault"' in visit.page["status"]
    assert "text" not in visit.page["box"]
    assert len(visit.call.turns) == 1


async def test_markup_is_shown_letter_for_letter(visit: Visit) -> None:
    visit.played.voice.line = "a<b 且 c>d <script>x</script>"
    await visit.press(**PAIR)
    await visit.say("<img src=x onerror=alert(1)>您好")
    assert visit.page["chat"][1]["content"] == "&lt;img src=x onerror=alert(1)&gt;您好"
    assert visit.page["chat"][2]["content"] == "a&lt;b 且 c&gt;d &lt;script&gt;x&lt;/script&gt;"
    assert "<img" not in visit.page["mood"]


async def test_exam_mode_shows_neither_mood_nor_hints(visit: Visit) -> None:
    await visit.press(**PAIR, mode="exam")
    assert visit.page["mood"] == ""
    await visit.press(do="hint")
    assert visit.page["mood"] == ""
    assert "考核模式没有提示" in visit.page["status"]


async def test_hints_are_three_a_call_and_one_a_turn(visit: Visit) -> None:
    await visit.press(**PAIR)
    for left in (2, 1, 0):
        await visit.press(do="hint")
        assert 'class="panel hint-text"' in visit.page["mood"]
        await visit.press(do="hint")
        assert "已经有提示了" in visit.page["status"]
        await visit.say("四天没网，您着急太正常了。")
        assert (f"还剩 {left} 次" in visit.page["mood"]) == (left > 0)
    await visit.press(do="hint")
    assert "三次提示都用完了" in visit.page["status"]


async def test_hanging_up_grades_once_and_shows_the_report_with_a_file(visit: Visit) -> None:
    await visit.press(**PAIR)
    await visit.say("约了两次都白等，换谁都得火。")
    frames = await visit.to_report()
    assert [frame["view"] for frame in frames] == ["report", "report"]
    assert "正在评分" in frames[0]["report"]
    assert "哪些值得学习" in frames[1]["report"]
    assert written(visit.page["files"]["html"]).startswith("<!doctype html>")
    await visit.arrive()
    assert "哪些值得学习" in visit.page["report"]
    assert visit.played.grader.asked == 1


async def test_a_grading_that_fails_can_be_repeated(visit: Visit) -> None:
    visit.played.grader.failures = [TIMEOUT]
    await visit.press(**PAIR)
    await visit.press(do="hang_up")
    assert "模型没有回答，请点重试。" in visit.page["report"]
    assert visit.page["files"] == {}
    await visit.press(do="report")
    assert "哪些值得学习" in visit.page["report"]


async def test_the_same_exercise_can_be_taken_again(visit: Visit) -> None:
    await visit.press(**PAIR, difficulty="gentle")
    first = visit.call
    await visit.press(do="hang_up")
    await visit.press(do="again")
    assert visit.page["view"] == "call"
    assert visit.call.id != first.id
    assert visit.call.exercise == first.exercise
    await visit.press(do="mine")
    assert visit.page["mine"].count("<li>") == 2
    assert "还没打完" in visit.page["mine"]
    await visit.press(do="open", call=first.id)
    assert visit.page["view"] == "report"


@pytest.mark.parametrize("kept", [{"call": "nobody"}, {"call": 7}, "rubbish", None, {"language": "xx"}])
async def test_whatever_the_browser_claims_it_gets_a_usable_page(visit: Visit, kept: Any) -> None:
    visit.memory = Memory.read(kept)
    await visit.arrive()
    assert visit.page["view"] == "choose"
    for action in ("retry", "hang_up", "hint", "report", "again", "unheard_of"):
        await visit.press(do=action)
        assert visit.page["view"] == "choose"


async def test_the_switch_changes_the_language_and_keeps_the_place(visit: Visit) -> None:
    await visit.press(**PAIR)
    await visit.press(do="language", view="call")
    assert visit.page["view"] == "call"
    assert "Record and rules" in visit.page["brief"]
    assert visit.memory.language == "en"
    await visit.press(do="language", view="call")
    assert "客户资料和规定" in visit.page["brief"]
    for view in ("choose", "mine"):
        await visit.press(do=view)
        await visit.press(do="language", view=view)
        assert visit.page["view"] == view


async def test_an_open_call_is_offered_again_among_the_cards(visit: Visit) -> None:
    await visit.press(**PAIR)
    await visit.press(do="choose")
    assert "有一通电话还没打完" in visit.page["choose"]
    await visit.press(do="open", call=visit.call.id)
    assert visit.page["view"] == "call"


def test_the_handlers_need_no_gradio() -> None:
    import subprocess

    code = "import sys, coach.ui.actions; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
