"""Whole calls with a model, over real HTTP: appraisal, lines and judge by the endpoint, faults on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from scripted_server import Cut, Fault, Hang, Request, ScriptedServer, dashscope_filter, rate_limited, unauthorized

from coach.errors import ModelAuthError, ModelCutOff, ModelError, ModelRateLimited, ModelTimeout, ModelUnavailable
from coach.practice import Practice
from coach.records.call import Outcome, Speaker
from coach.settings import Settings
from coach.wiring import build_practice

Answer = Callable[[Request], Any]


def appraising(**fields: Any) -> dict[str, Any]:
    nothing = {"parts": [], "asked": [], "answered": [], "offered": [], "trap": "", "out_of_play": False}
    return nothing | fields


def is_line(request: Request) -> bool:
    return bool(request.body.get("stream"))


@pytest.fixture
def played(online: Callable[..., Settings], model_server: ScriptedServer) -> Practice:
    return build_practice(online())


async def say(practice: Practice, call_id: str, text: str) -> None:
    async for _ in practice.say(call_id, text, waited_s=3):
        pass


async def test_a_call_is_spoken_and_graded_by_the_model(played: Practice, model_server: ScriptedServer) -> None:
    words = "约了两次都让您白等，换谁都得火。"

    def answer(request: Request) -> Any:
        if is_line(request):
            return "你还知道白等了我两回啊。"
        prompt = json.dumps(request.body["messages"], ensure_ascii=False)
        if "<这一句>" in prompt:
            return appraising(parts=[{"quote": "换谁都得火", "moves": ["empathise"]}])
        return {"violations": [], "merits": []}

    model_server.answer_with(answer)
    call = played.start(played.exercise("furious_complainer", "broadband_no_show"), seed=1)
    await say(played, call.id, words)
    spoken = played.store.call(call.id)
    assert spoken.turns[1].appraisal is not None
    assert spoken.turns[1].appraisal.source == "model"
    assert (spoken.turns[2].text, spoken.turns[2].voice) == ("你还知道白等了我两回啊。", "model")
    assert spoken.state.heat < spoken.turns[0].step.state.heat  # type: ignore[union-attr]
    assert spoken.provenance.models["customer"] == "scripted-model"
    played.hang_up(call.id)
    grade = await played.grade(call.id)
    assert not grade.offline
    assert all(item.score is None for item in grade.rubrics), "a judge that answers nothing leaves everything unscored"
    assert grade.score is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (unauthorized(), ModelAuthError),
        (rate_limited(30), ModelRateLimited),
        (Fault(503), ModelUnavailable),
        (Cut("你们这"), ModelCutOff),
        (Hang(3), ModelTimeout),
    ],
)
async def test_a_failure_while_the_customer_speaks_keeps_the_call_and_can_be_retried(
    online: Callable[..., Settings], model_server: ScriptedServer, fault: Any, error: type[ModelError]
) -> None:
    played = build_practice(online(COACH_TIMEOUT_S="1"))
    failing = [True]

    def answer(request: Request) -> Any:
        if not is_line(request):
            return appraising(parts=[{"quote": "对不起", "moves": ["apologise"]}])
        return fault if failing[0] else "行了行了，你说。"

    model_server.answer_with(answer)
    call = played.start(played.exercise("furious_complainer", "broadband_no_show"), seed=1)
    with pytest.raises(error) as raised:
        await say(played, call.id, "对不起，让您久等了。")
    assert raised.value.zh != raised.value.en
    assert "secret" not in str(raised.value)
    kept = played.store.call(call.id)
    assert kept.turns[-1].text == "对不起，让您久等了。"
    failing[0] = False
    async for _ in played.answer(call.id):
        pass
    assert played.store.call(call.id).turns[-1].text == "行了行了，你说。"


async def test_a_content_filter_on_the_history_does_not_brick_the_call(
    played: Practice, model_server: ScriptedServer
) -> None:
    lines = iter(["你说什么我没听清。", "喂，信号不好是吧。"])

    def answer(request: Request) -> Any:
        if not is_line(request):
            return appraising()
        history = json.dumps(request.body["messages"], ensure_ascii=False)
        return dashscope_filter() if "换了三个人" in history else next(lines)

    model_server.answer_with(answer)
    call = played.start(played.exercise("furious_complainer", "broadband_no_show"), seed=1)
    await say(played, call.id, "这事换了三个人都没办好，是我们不对。")
    await say(played, call.id, "您家是哪天断的网？")
    spoken = played.store.call(call.id)
    assert [turn.voice for turn in spoken.turns if turn.speaker is Speaker.CUSTOMER][1:] == ["model", "model"]
    assert "filtered" in spoken.turns[-1].notes


async def test_an_appraisal_that_fails_falls_back_to_the_embedded_classifier(
    played: Practice, model_server: ScriptedServer
) -> None:
    model_server.answer_with(lambda request: "你倒是快点啊。" if is_line(request) else Fault(500))
    call = played.start(played.exercise("furious_complainer", "broadband_no_show"), seed=1)
    await say(played, call.id, "真对不起，两次都让您白等了。")
    found = played.store.call(call.id).turns[1].appraisal
    assert found is not None
    assert found.source == "embedded"
    assert found.kinds


async def test_a_model_that_is_too_nice_cannot_end_the_call_or_calm_the_customer(
    played: Practice, model_server: ScriptedServer
) -> None:
    model_server.answer_with(
        lambda request: (
            "没事没事，您也辛苦了，就这样吧，再见。"
            if is_line(request)
            else appraising(parts=[{"quote": "不归我管", "moves": ["brush_off"]}])
        )
    )
    call = played.start(played.exercise("furious_complainer", "broadband_no_show"), seed=1)
    for _ in range(8):
        if played.store.call(call.id).outcome:
            break
        await say(played, call.id, "这个不归我管。")
    ended = played.store.call(call.id)
    assert ended.outcome is Outcome.COMPLAINT
    assert ended.state.heat > 80


async def test_a_question_about_the_call_is_answered_over_the_wire_and_by_the_texts_when_that_fails(
    played: Practice, model_server: ScriptedServer
) -> None:
    answers: list[Any] = [
        {
            "covered": True,
            "points": [{"lines": [2], "checks": [], "rules": [], "quote": "我来查", "text": "只说了查，没接他的火。"}],
            "say": "",
        },
        unauthorized(),
    ]

    def answer(request: Request) -> Any:
        prompt = json.dumps(request.body["messages"], ensure_ascii=False)
        if "<学员的问题>" in prompt:
            return answers.pop(0)
        if is_line(request):
            return "你倒是说啊。"
        return appraising() if "<这一句>" in prompt else {"violations": [], "merits": []}

    model_server.answer_with(answer)
    call = played.start(played.exercise("furious_complainer", "broadband_no_show"), seed=1)
    await say(played, call.id, "您好，我来查。")
    played.hang_up(call.id)
    await played.grade(call.id)
    first = await played.ask(call.id, "第 2 句怎么样？", "zh")
    assert (first.by, first.parts[0].text) == ("scripted-model", "只说了查，没接他的火。")
    second = await played.ask(call.id, "第 2 句怎么样？", "zh")
    assert second.by == ""
    assert second.note.startswith("大模型这次没有答上来")
    assert "我来查" in second.parts[0].text
