"""What goes over the wire, what is learned from refusals, and the second chance of `ask`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, Field
from scripted_server import Fault, Said, ScriptedServer, made_up, refuses_form

import coach.models
from coach.errors import ModelAnswerInvalid, ModelError
from coach.models.build import Models, build_models
from coach.models.presets import presets
from coach.models.seam import Message, Usage, ask
from coach.settings import Settings

Online = Callable[..., Settings]
CALL = (Message("system", "你评估客服的话。"), Message("user", "您好"))


class Finding(BaseModel):
    move: str = Field(max_length=20)
    score: int = Field(ge=0, le=2)


GOOD = {"move": "问候", "score": 2}


def built(settings: Settings) -> Models:
    models = build_models(settings)
    assert models is not None
    return models


def bodies(server: ScriptedServer) -> list[dict[str, Any]]:
    return [request.body for request in server.requests]


def form(body: dict[str, Any]) -> str:
    if "tools" in body:
        return "tools"
    return str(body["response_format"]["type"]) if "response_format" in body else "prompt"


async def test_an_unknown_endpoint_gets_the_schema_and_plain_parameters(
    online: Online, model_server: ScriptedServer
) -> None:
    model_server.say(GOOD)
    finding, completion = await ask(built(online()).appraisal, CALL, Finding, temperature=0.3, max_tokens=77)
    assert finding == Finding(move="问候", score=2)
    assert completion.usage == Usage(100, 20, 40)
    assert completion.model == "scripted-model"
    body = model_server.requests[0].body
    assert {key: body[key] for key in ("model", "temperature", "max_tokens")} == {
        "model": "scripted-model",
        "temperature": 0.3,
        "max_tokens": 77,
    }
    assert body["messages"] == [
        {"role": "system", "content": "你评估客服的话。"},
        {"role": "user", "content": "您好"},
    ]
    assert body["response_format"]["json_schema"]["schema"]["required"] == ["move", "score"]


async def test_a_refused_form_falls_back_to_json_object_then_to_words_and_is_remembered(
    online: Online, model_server: ScriptedServer
) -> None:
    model_server.say(refuses_form(), Fault(422, "json_object: unknown variant"), GOOD, GOOD)
    model = built(online()).judge
    await ask(model, CALL, Finding)
    await ask(model, CALL, Finding)
    assert [form(body) for body in bodies(model_server)] == ["json_schema", "json_object", "prompt", "prompt"]
    first, second, *_ = bodies(model_server)
    assert "JSON Schema" not in first["messages"][0]["content"]
    assert '"required":["move","score"]' in second["messages"][0]["content"]
    assert second["messages"][1]["content"] == "您好"


async def test_an_endpoint_that_ignores_the_form_is_told_in_words_from_then_on(
    online: Online, model_server: ScriptedServer
) -> None:
    model_server.say("当然，我觉得挺好。", GOOD, GOOD)
    model = built(online()).judge
    assert (await ask(model, CALL, Finding))[0].score == 2
    await ask(model, CALL, Finding)
    assert [form(body) for body in bodies(model_server)] == ["json_schema", "json_object", "json_object"]


async def test_a_forced_form_is_kept(online: Online, model_server: ScriptedServer) -> None:
    model_server.say(refuses_form())
    with pytest.raises(ModelError):
        await ask(built(online(COACH_MODEL_JSON="json_object")).judge, CALL, Finding)
    assert [form(body) for body in bodies(model_server)] == ["json_object"]


async def test_tool_calls_give_their_arguments(online: Online, model_server: ScriptedServer) -> None:
    model_server.answer_with(made_up)
    finding, _ = await ask(built(online(COACH_MODEL_JSON="tools")).judge, CALL, Finding)
    assert finding.score == 0
    assert model_server.requests[0].body["tool_choice"]["function"]["name"] == "Finding"


@pytest.mark.parametrize(
    ("message", "gone", "instead"),
    [
        ("invalid temperature: only 1 is allowed for this model", "temperature", None),
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_tokens",
            "max_completion_tokens",
        ),
    ],
)
async def test_a_refused_parameter_is_left_out_from_then_on(
    message: str, gone: str, instead: str | None, online: Online, model_server: ScriptedServer
) -> None:
    model_server.say(Fault(400, message), "喂。", "喂。")
    model = built(online()).customer
    pieces = [piece async for piece in model.stream(CALL, temperature=0.9, max_tokens=30)]
    await model.complete(CALL, temperature=0.9, max_tokens=30)
    assert "".join(pieces) == "喂。"
    assert [gone in body for body in bodies(model_server)] == [True, False, False]
    assert instead is None or bodies(model_server)[1][instead] == 30


async def test_a_preset_sends_what_its_provider_wants(online: Online, model_server: ScriptedServer) -> None:
    model_server.say(GOOD, Fault(400, "invalid thinking: only type=enabled is allowed for this model"), GOOD)
    model = built(online(COACH_PROVIDER="moonshot")).judge
    await ask(model, CALL, Finding)
    await ask(model, CALL, Finding)
    first, _, third = bodies(model_server)
    assert first["thinking"] == {"type": "disabled"}
    assert "temperature" not in first
    assert form(first) == "json_object"
    assert "thinking" not in third


async def test_openai_gets_its_own_dialect(online: Online, model_server: ScriptedServer) -> None:
    model_server.say(GOOD)
    await ask(built(online(COACH_PROVIDER="openai")).judge, CALL, Finding, max_tokens=50)
    body = model_server.requests[0].body
    assert body["max_completion_tokens"] == 50
    assert "max_tokens" not in body
    assert body["response_format"]["json_schema"]["strict"] is True


async def test_azure_is_asked_by_deployment_and_version(online: Online, model_server: ScriptedServer) -> None:
    model_server.say("喂。")
    settings = online(
        COACH_PROVIDER="azure",
        AZURE_OPENAI_ENDPOINT=model_server.url.removesuffix("/v1"),
        AZURE_OPENAI_API_KEY="az-key",
        OPENAI_BASE_URL="",
        OPENAI_API_VERSION="2025-01-01",
    )
    await built(settings).customer.complete(CALL, temperature=0.5, max_tokens=30)
    request = model_server.requests[0]
    assert request.path == "/openai/deployments/scripted-model/chat/completions?api-version=2025-01-01"
    assert request.headers["api-key"] == "az-key"


async def test_an_invalid_answer_goes_back_once_with_what_is_wrong(
    online: Online, model_server: ScriptedServer
) -> None:
    model_server.say({"move": "问候", "score": 9}, GOOD)
    finding, completion = await ask(built(online()).judge, CALL, Finding)
    assert finding.score == 2
    assert completion.usage == Usage(200, 40, 80)
    *_, wrong, complaint = model_server.requests[1].body["messages"]
    assert wrong == {"role": "assistant", "content": '{"move": "问候", "score": 9}'}
    assert "score" in complaint["content"]


async def test_two_invalid_answers_are_an_error_that_leaves_the_model_usable(
    online: Online, model_server: ScriptedServer
) -> None:
    model_server.say({"score": 9}, {"score": 8}, GOOD)
    model = built(online()).judge
    with pytest.raises(ModelAnswerInvalid, match="COACH_MODEL"):
        await ask(model, CALL, Finding)
    assert (await ask(model, CALL, Finding))[0].score == 2


async def test_a_cut_off_answer_is_asked_for_again_with_twice_the_room(
    online: Online, model_server: ScriptedServer
) -> None:
    model_server.say(Said('{"move": "问', finish="length"), GOOD)
    assert (await ask(built(online()).judge, CALL, Finding, max_tokens=100))[0].score == 2
    assert [body["max_tokens"] for body in bodies(model_server)] == [100, 200]


async def test_a_streamed_line_hides_the_thinking(online: Online, model_server: ScriptedServer) -> None:
    model_server.say("<think>他很生气</think>\n\n你们什么态度！")
    stream = built(online()).customer.stream(CALL, temperature=0.9, max_tokens=30)
    assert "".join([piece async for piece in stream]) == "你们什么态度！"


def test_one_model_serves_several_event_loops(online: Online, model_server: ScriptedServer) -> None:
    model = built(online()).customer
    model_server.say("一", "二")

    async def once() -> str:
        return (await model.complete(CALL, temperature=0, max_tokens=5)).text

    assert [asyncio.run(once()), asyncio.run(once())] == ["一", "二"]


async def test_twenty_requests_at_once_are_all_answered(online: Online, model_server: ScriptedServer) -> None:
    model_server.answer_with(lambda _: GOOD)
    model = built(online()).judge
    answers = await asyncio.gather(*(ask(model, CALL, Finding) for _ in range(20)))
    assert [finding.score for finding, _ in answers] == [2] * 20


async def test_a_proxy_does_not_swallow_a_model_on_this_machine(
    online: Online, model_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    model_server.say("在。")
    assert (await built(online()).customer.complete(CALL, temperature=0, max_tokens=5)).text == "在。"


async def test_tests_cannot_reach_a_real_model(online: Online) -> None:
    assert coach.models.ALLOW_REQUESTS is False
    model = built(online(OPENAI_BASE_URL="https://api.example.com/v1")).customer
    with pytest.raises(ModelError, match=r"api\.example\.com"):
        await model.complete(CALL, temperature=0, max_tokens=5)
    with pytest.raises(ModelError, match=r"api\.example\.com"):
        await anext(model.stream(CALL, temperature=0, max_tokens=5))


def test_roles_with_one_model_name_share_what_was_learned(online: Online) -> None:
    models = built(online(COACH_JUDGE_MODEL="big"))
    assert models.customer is models.appraisal
    assert (models.customer.name, models.judge.name) == ("scripted-model", "big")


def test_without_settings_there_is_no_model(settings: Settings) -> None:
    assert build_models(settings) is None


def test_every_preset_is_complete_and_speaks_both_languages() -> None:
    known = presets()
    assert {"openai", "azure", "deepseek", "qwen", "glm", "moonshot", "doubao", "ollama", "vllm", "custom"} == set(
        known
    )
    for preset in known.values():
        assert preset.structured[-1] == "prompt"
        assert preset.note("zh") != preset.note("en")
        assert preset.base_url or preset.id in ("azure", "custom")
