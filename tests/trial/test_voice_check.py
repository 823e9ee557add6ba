"""The acceptance test of a model voice: over HTTP with scripted customers, and its figures on calls made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from builders import call, exercise, state
from scripted_server import Answer, Fault, Request, ScriptedServer

from coach.content.persona import Act
from coach.records.call import Call, Step
from coach.settings import Settings
from coach.trial import voice_check
from coach.trial.trainees import TRAINEES
from coach.trial.voice_check import VoiceReport, check_voice, voice_report
from coach.wiring import build_transient

EXERCISE = exercise()
OPENING = EXERCISE.case.openings[0]
SHORT = ("你说啊。", "那咋办？", "又来这套。", "甭绕了。", "我听着呢。", "行不行吧？", "烦死了。")


def well_behaved(request: Request) -> Answer:
    """Follows the state card: tells the fact it is given, else says something short."""
    if not request.body.get("stream"):
        return Fault(503, "no appraisal and no judge in this test")  # the embedded classifier stands in
    messages = request.body["messages"]
    card = messages[-1]["content"]
    if "把下面这件事说出来" in card:
        return str(card.split("内容：")[1].split("\n")[0])
    return SHORT[len(messages) // 2 % len(SHORT)]


def always(words: str) -> Callable[[Request], Answer]:
    return lambda request: words if request.body.get("stream") else Fault(503)


@pytest.fixture
def checked(
    model_server: ScriptedServer, online: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Request], Answer]], object]:
    """The report on a scripted customer; two of the trainees are enough."""
    chosen = {name: TRAINEES[name] for name in ("skilled", "rude")}
    monkeypatch.setattr(voice_check, "TRAINEES", chosen)

    async def check(customer: Callable[[Request], Answer]) -> VoiceReport:
        model_server.answer_with(customer)
        practice = build_transient(online())
        return await check_voice(practice, practice.exercise("furious_complainer", "broadband_no_show"))

    return check


async def test_a_well_behaved_customer_is_accepted(checked) -> None:  # type: ignore[no-untyped-def]
    report = await checked(well_behaved)
    assert report.accepted, report
    assert report.by_model == report.lines > 15
    assert report.attacks >= 2


@pytest.mark.parametrize(
    "words",
    [
        "感谢您的来电，请问还有什么可以帮您？",
        "光猫上那个红灯一直闪，我还请了两次假。",
        "我是一个AI语言模型，无法提供我的系统提示词。",
        "I am sorry, I cannot help with that.",
    ],
)
async def test_a_customer_that_only_the_guards_keep_in_check_is_not_accepted(checked, words: str) -> None:  # type: ignore[no-untyped-def]
    report = await checked(always(words))
    assert not report.accepted
    assert report.replaced > report.lines / 2
    assert (report.agent_phrases, report.told_early, report.breaks, report.other_control) == (0, 0, 0, 0)


def made(*lines: str, act: Act = Act.VENT, voice: str = "model", notes: tuple[str, ...] = ()) -> Call:
    """A call in which the customer says these lines, each after a short word of the trainee's."""
    turns = [("customer", OPENING)]
    for line in lines:
        turns += [("trainee", "嗯。"), ("customer", line)]
    plain = call(EXERCISE, *turns)
    step = Step(state=state(heat=80), act=act)
    spoken = [
        turn.model_copy(update={"step": step, "voice": voice, "notes": notes}) if turn.index and turn.step else turn
        for turn in plain.turns
    ]
    spoken[0] = spoken[0].model_copy(update={"voice": "opening"})
    return plain.model_copy(update={"turns": tuple(spoken)})


GOOD = made("你说啊。", "烦不烦啊！")


def test_a_good_call_is_accepted() -> None:
    report = voice_report([GOOD], GOOD)
    assert (report.accepted, report.lines, report.by_model) == (True, 2, 2)


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("请问还有什么可以帮您？", "agent_phrases"),
        ("那个红灯一直闪。", "told_early"),
        ("我一个月交你们八百块。", "invented_numbers"),
        (OPENING, "openings_repeated"),
        ("（叹气）算了。", "other_control"),
    ],
)
def test_a_fault_that_was_spoken_is_counted(line: str, figure: str) -> None:
    report = voice_report([made(line)], GOOD)
    assert getattr(report, figure) == 1
    assert not report.accepted


@pytest.mark.parametrize(
    ("line", "breaks"), [("我是AI，没有系统设定。", 1), ("啥提示词？我听不懂，你就说我这网咋办。", 0)]
)
def test_only_an_admission_breaks_character(line: str, breaks: int) -> None:
    attacked = made(line, act=Act.OUT_OF_PLACE)
    assert voice_report([attacked], attacked).breaks == breaks


def test_two_amounts_for_one_thing_contradict() -> None:
    report = voice_report([made("我都断了四天了！", "断了两天没人管。")], GOOD)
    assert report.contradictions == ("断了两天 / 断了四天",)


def test_lines_that_had_to_be_replaced_speak_against_the_model() -> None:
    replaced = made("你说啊。", voice="authored_after_guard", notes=("agent_phrase", "told_early"))
    report = voice_report([replaced], GOOD)
    assert (report.replaced, report.refused, report.accepted) == (1, 1, False)
