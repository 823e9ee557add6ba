"""Remarks on a stored call and the principles they become: the handlers, without a browser and without gradio."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from page_fakes import Played
from page_visit import PAIR, Visit
from small_content import small_content

from coach.authoring.remarks import RemarkReader
from coach.content.mistakes import ContentError
from coach.content.persona import Persona
from coach.content.principle import Origin, Principle, line_hash
from coach.content.survey import survey
from coach.customer.principle_check import PrincipleCheck
from coach.errors import CallState, ModelUnavailable, NotAllowed, NotFound
from coach.models.scripted import ScriptedModel
from coach.prompts.render import load_prompt
from coach.settings import Settings
from coach.ui.viewer import Viewer

FILE = "furious_complainer"
RULE = {"text": "不自己报出处理方案", "when": "heated", "good": "你说怎么办？", "bad": "给我退钱再派人来。"}


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder of the test's own."""
    folder = small_content(tmp_path / "content")
    monkeypatch.setenv("COACH_CONTENT", str(folder))
    return folder


@pytest.fixture
async def visit(content: Path) -> Visit:
    """A visitor on the remarks of a call with two lines of the customer's."""
    made = Visit(Played(), Settings.load())
    await made.press(**PAIR)
    await made.say("四天没网，您着急太正常了。")
    await made.press(do="remarks", call=made.call.id)
    return made


def persona(folder: Path) -> Persona:
    found = survey(folder)
    assert found.errors == []
    return found.personas[FILE]


def on_line(visit: Visit, do: str, kind: str = "criticise", **more: str) -> dict[str, str]:
    return {"do": do, "call": visit.call.id, "turn": "2", "kind": kind, **more}


def html(visit: Visit) -> str:
    return unescape(visit.page["remarks"])


def with_model(visit: Visit, answers: list[Any], checks: list[Any]) -> tuple[ScriptedModel, ScriptedModel]:
    model, judge = ScriptedModel(answers), ScriptedModel(checks)
    reader = RemarkReader(model, PrincipleCheck(judge, load_prompt("principles")))
    visit.actions.remarks.remarking.__dict__["reader"] = reader
    return model, judge


def answer(**fields: Any) -> dict[str, Any]:
    return {"why": "说了方案", "result": "rule", "never": [], "at_most": 0, **RULE, **fields}


def verdicts(*said: str) -> list[dict[str, Any]]:
    return [{"p1": {"quote": "", "answer": one}} for one in said]


async def test_every_line_but_the_opening_has_three_buttons(visit: Visit) -> None:
    assert visit.page["view"] == "remarks"
    assert re.findall(r'data-do="remark" data-kind="(\w+)" data-turn="(\d+)"', html(visit)) == [
        ("praise", "2"),
        ("criticise", "2"),
        ("rewrite", "2"),
    ]
    assert "开场白写在案例里" in html(visit)
    assert "还没有。" in html(visit)
    assert "现在没有接模型：只有带“不许出现的词”或“最多几个字”的会检查" in html(visit)


async def test_without_a_model_the_trainer_writes_the_principle(visit: Visit, content: Path) -> None:
    before = (content / "personas" / f"{FILE}.yaml").read_text("utf-8")
    await visit.press(**on_line(visit, "remark"))
    assert "没有接模型，规矩要您自己写" in html(visit)
    assert "remark_propose" not in html(visit)
    await visit.press(**on_line(visit, "remark_write"))
    assert visit.call.turns[2].text in html(visit), "the criticised line stands there as the bad example"
    assert "接上模型以后才会检查" in html(visit)
    await visit.press(**on_line(visit, "remark_accept", **RULE))
    (kept,) = persona(content).principles
    line = visit.call.turns[2].text
    assert kept == Principle(
        **RULE,
        id="rule_1",
        date=kept.date,
        origin=Origin(kind="criticise", call=visit.call.id, turn=2, line=line_hash(line)),
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", kept.date)
    after = (content / "personas" / f"{FILE}.yaml").read_text("utf-8")
    assert after.startswith(before.rstrip("\n")), "the rest of the file is as it was"
    assert "收下了。从下一通电话起算。" in html(visit)
    assert visit.played.practice.library.persona(FILE).principles == (kept,)
    assert "来自一句批评：" in html(visit)
    assert f"通话 {visit.call.id[:8]} 第 3 句" in html(visit)


async def test_a_model_turns_the_remark_into_a_principle_and_it_is_tried_on_lines(visit: Visit) -> None:
    model, judge = with_model(visit, [answer()], verdicts("kept", "broken", "broken"))
    frames = await visit.press(**on_line(visit, "remark_propose", words="客户自己出主意了"))
    assert "正在把意见变成规矩" in frames[0]["remarks"]
    shown = html(visit)
    assert '<textarea name="text" rows="2" maxlength="120">不自己报出处理方案</textarea>' in shown
    assert "意见指的是：说了方案" in shown
    assert re.findall(r'class="is-(ok|off|unknown)"', shown) == ["ok", "ok", "ok"]
    asked = model.requests[0].messages[1].content
    assert '<意见 种类="批评">\n客户自己出主意了\n</意见>' in asked
    assert visit.call.turns[2].text in asked
    case = visit.call.exercise.case
    assert not any(fact.what in asked for fact in case.facts), "what the case hides is not told"
    assert all("守住的例子" not in one.messages[0].content for one in judge.requests), (
        "examples don't give themselves away"
    )


async def test_what_the_check_says_otherwise_is_shown(visit: Visit) -> None:
    with_model(visit, [answer()], verdicts("broken", "kept", "kept"))
    await visit.press(**on_line(visit, "remark_propose", words="客户自己出主意了"))
    assert re.findall(r'class="is-(ok|off|unknown)"', html(visit)) == ["off", "off", "off"]
    assert "和想要的不一样" in html(visit)


@pytest.mark.parametrize(
    ("result", "told"), [("unclear", "还定不成规矩：没说哪里"), ("off_topic", "这条意见说的不是客户这句话：没说哪里")]
)
async def test_a_remark_that_makes_no_principle_comes_back_with_its_words(visit: Visit, result: str, told: str) -> None:
    with_model(visit, [answer(result=result, why="没说哪里", text="", good="", bad="")], [])
    await visit.press(**on_line(visit, "remark_propose", words="不太行"))
    assert told in html(visit)
    assert ">不太行</textarea>" in html(visit)


async def test_a_draft_that_cannot_be_used_is_drafted_again_with_what_is_wrong(visit: Visit) -> None:
    long = "不" * 41
    model, _ = with_model(visit, [answer(text=long), answer()], verdicts("kept", "broken", "broken"))
    await visit.press(**on_line(visit, "remark_propose", words="自己出主意了"))
    again = model.requests[1].messages[1].content
    assert f"你上一次写的规矩“{long}”不能用：\n- text：" in again
    assert "（41 个字）；应当是：一段文字（3 到 40 个字）" in again
    assert ">不自己报出处理方案</textarea>" in html(visit)


async def test_a_second_draft_that_is_no_better_is_shown_with_what_is_wrong(visit: Visit) -> None:
    with_model(visit, [answer(text="不" * 41), answer(text="不提红灯的事。也不道谢。")], [])
    await visit.press(**on_line(visit, "remark_propose", words="自己出主意了"))
    assert "要改" in html(visit)


async def test_a_model_that_fails_leaves_the_trainer_a_form(visit: Visit) -> None:
    with_model(visit, [ModelUnavailable("模型太忙。", "Busy.")], [])
    await visit.press(**on_line(visit, "remark_propose", "rewrite", words="退什么退，你说怎么办！"))
    assert "模型太忙。 您可以自己写规矩" in html(visit)
    assert ">退什么退，你说怎么办！</textarea>" in html(visit), "the rewritten line is the good example"


async def test_nothing_is_asked_about_an_empty_remark(visit: Visit) -> None:
    model, _ = with_model(visit, [], [])
    await visit.press(**on_line(visit, "remark_propose", words="  "))
    assert "写一句哪里不像。" in html(visit)
    assert model.requests == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "一段空文字；应当是：一段文字（3 到 40 个字）"),
        ({"text": "不道谢。不道歉"}, "「不道谢。不道歉」，不止一句；应当是：一句话，说一件事"),
        ({"text": "不提红灯的事"}, "「红灯」，那是案例 broadband_no_show 里的事；应当是：只写怎么说话，不写业务和经过"),
        ({"at_most": "很短"}, "「很短」；应当是：2 到 80 的整数"),
        ({"never": "谢谢、辛苦", "good": "谢谢你啊"}, "「谢谢你啊」，自己就没守住（谢谢）；应当是：守住了这一条的一句"),
        (
            {"never": "谢谢", "bad": "你看着办。"},
            "没守住的一句：「你看着办。」，没有不许出现的词，也不算长；应当是：没守住这一条的一句，或者空着",
        ),
    ],
)
async def test_what_cannot_be_accepted_comes_back_with_a_sentence(
    visit: Visit, content: Path, fields: dict[str, str], sentence: str
) -> None:
    await visit.press(**on_line(visit, "remark_accept", **{**RULE, **fields}))
    assert sentence in html(visit)
    assert persona(content).principles == ()


async def accepted(visit: Visit, content: Path) -> dict[str, str]:
    await visit.press(**on_line(visit, "remark_accept", **RULE))
    return seen(visit)


def seen(visit: Visit) -> dict[str, str]:
    """What the buttons of the first principle send along."""
    found = re.search(r'data-principle="(\w+)" data-seen="(\w+)"', html(visit))
    assert found
    return {"call": visit.call.id, "principle": found[1], "seen": found[2]}


async def test_a_principle_is_switched_edited_and_removed(visit: Visit, content: Path) -> None:
    await visit.press(do="principle_off", **await accepted(visit, content))
    assert not persona(content).principles[0].active
    assert "关掉了。从下一通电话起算。" in html(visit)
    await visit.press(do="principle_on", **seen(visit))
    assert persona(content).principles[0].active
    await visit.press(do="principle_edit", **(mine := seen(visit)))
    assert ">不自己报出处理方案</textarea>" in html(visit)
    await visit.press(do="remark_accept", **mine, **{**RULE, "text": "不替客服想处理方案", "never": "退钱"})
    (kept,) = persona(content).principles
    assert (kept.text, kept.never, kept.id) == ("不替客服想处理方案", ("退钱",), "rule_1")
    assert kept.origin is not None
    await visit.press(do="principle_remove", **seen(visit))
    assert persona(content).principles == ()
    assert "principles" not in (content / "personas" / f"{FILE}.yaml").read_text("utf-8")


async def test_a_principle_that_another_trainer_changed_is_not_written_over(visit: Visit, content: Path) -> None:
    mine = await accepted(visit, content)
    other = Visit(visit.played, Settings.load(), Viewer("wang", "trainer"))
    await other.press(do="principle_off", **mine)
    with pytest.raises(CallState, match="被别人改过"):
        await visit.press(do="remark_accept", **mine, **RULE)


async def test_who_said_it_stands_there(visit: Visit, content: Path) -> None:
    trainer = Visit(visit.played, Settings.load(), Viewer("王老师", "trainer"))
    await trainer.press(**(on_line(visit, "remark_accept", **RULE)))
    assert persona(content).principles[0].author == "王老师"


async def test_the_line_is_heard_again_as_it_would_be_now(visit: Visit, content: Path) -> None:
    with_model(visit, [], [])
    await visit.press(**on_line(visit, "remark_accept", **RULE))
    assert "听他这一句现在怎么说" in html(visit)
    visit.played.voice.line = "那你说怎么办？"
    turns = visit.call.turns
    await visit.press(**on_line(visit, "remark_again"))
    assert "现在他会说：<q>那你说怎么办？</q>" in html(visit)
    assert visit.call.turns == turns, "nothing is stored"


@pytest.mark.parametrize(
    "do",
    [
        *("remarks", "remark", "remark_propose", "remark_write", "remark_accept", "remark_again", "remark_cancel"),
        *("principle_on", "principle_off", "principle_edit", "principle_remove"),
    ],
)
async def test_a_trainee_gets_nothing(visit: Visit, content: Path, do: str) -> None:
    trainee = Visit(visit.played, Settings.load(), Viewer("lin", "trainee"))
    with pytest.raises(NotAllowed):
        await trainee.press(**on_line(visit, do, words="x", **RULE))
    assert persona(content).principles == ()


async def test_the_report_leads_trainers_here_and_trainees_not(visit: Visit) -> None:
    await visit.to_report()
    assert f'data-do="remarks" data-call="{visit.call.id}"' in visit.page["report"]
    trainee = Visit(Played(), Settings.load(), Viewer("lin", "trainee"))
    await trainee.press(**PAIR)
    await trainee.to_report()
    assert 'data-do="remarks"' not in trainee.page["report"]


async def test_an_unknown_call_and_a_trainees_line_are_refused(visit: Visit) -> None:
    with pytest.raises(NotFound):
        await visit.press(do="remarks", call="nothing")
    with pytest.raises(Exception, match="只能对客户说的某一句提意见"):
        await visit.press(**{**on_line(visit, "remark"), "turn": "1"})


async def test_what_people_write_is_escaped(visit: Visit) -> None:
    await visit.press(**on_line(visit, "remark_accept", **{**RULE, "text": "<b>不</b>。<i>"}))
    assert "<b>不</b>" not in visit.page["remarks"]
    assert "&lt;b&gt;不&lt;/b&gt;" in visit.page["remarks"]


async def test_a_persona_whose_file_is_broken_says_so(visit: Visit, content: Path) -> None:
    (content / "personas" / f"{FILE}.yaml").write_text("id: [", "utf-8")
    with pytest.raises(ContentError):
        await visit.press(**on_line(visit, "remark_accept", **RULE))


async def _to_remarks(visit: Visit, call: str) -> None:
    await visit.press(do="roster")
    await visit.press(do="roster_open", call=call)
    await visit.press(do="remarks", call=call)


async def test_back_from_a_trainees_call_leads_to_their_report_and_a_reload_stays(visit: Visit) -> None:
    trainee = Visit(visit.played, Settings.load(), Viewer("小红", "trainee"))
    trainer = Visit(visit.played, Settings.load(), Viewer("王老师", "trainer"))
    for one, said in ((trainer, "培训师自己说的一句。"), (trainee, "学员说的一句。")):
        await one.press(**PAIR)
        await one.say(said)
        await one.to_report()
    theirs = trainee.call.id
    await _to_remarks(trainer, theirs)
    for again in (trainer.arrive(), trainer.press(do="language", view="remarks")):
        trainer.page = {}
        await again
        assert trainer.page["view"] == "remarks"
        assert "学员说的一句。" in html(trainer)
    assert "Back to the report" in html(trainer)
    await trainer.press(do="open", call=theirs)
    for _ in range(2):  # pressed, then reloaded
        assert trainer.page["view"] == "report"
        assert "<b>小红</b>" in trainer.page["report"]
        trainer.page = {}
        await trainer.arrive()
    await trainer.press(do="roster")
    await trainer.arrive()
    assert trainer.page["view"] == "roster"


async def test_back_from_ones_own_call_leads_where_one_came_from(visit: Visit) -> None:
    trainer = Visit(visit.played, Settings.load(), Viewer("王老师", "trainer"))
    await trainer.press(**PAIR)
    await trainer.say("培训师自己说的一句。")
    await trainer.to_report()
    own = trainer.call.id
    await trainer.press(do="remarks", call=own)
    await trainer.press(do="open", call=own)
    assert 'data-do="again"' in trainer.page["report"], "their own report"
    await _to_remarks(trainer, own)
    await trainer.press(do="open", call=own)
    assert 'data-do="roster"' in trainer.page["report"], "the list's report"


async def test_a_trainee_whose_browser_claims_the_remarks_gets_their_own_page(visit: Visit) -> None:
    trainee = Visit(visit.played, Settings.load(), Viewer("小红", "trainee"))
    await trainee.press(**PAIR)
    await trainee.to_report()
    trainee.memory = trainee.memory.model_copy(update={"remarks": trainee.call.id, "roster": trainee.call.id})
    trainee.page = {}
    await trainee.arrive()
    assert (trainee.page["view"], "remarks" in trainee.page) == ("report", False)
    await trainee.press(do="open", call=trainee.call.id)
    assert 'data-do="roster' not in trainee.page["report"] + trainee.page["below"]
