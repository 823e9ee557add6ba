"""Every fault over real HTTP: which error, which sentence, and that the same call can be made again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from scripted_server import (
    Answer,
    Cut,
    Fault,
    Hang,
    Raw,
    Said,
    ScriptedServer,
    StreamError,
    dashscope_filter,
    rate_limited,
    unauthorized,
)

from coach.errors import (
    ModelAnswerInvalid,
    ModelAuthError,
    ModelCutOff,
    ModelError,
    ModelFiltered,
    ModelNotFound,
    ModelRateLimited,
    ModelTimeout,
    ModelUnavailable,
)
from coach.models.build import build_models
from coach.models.seam import ChatModel, Message
from coach.settings import Settings

Online = Callable[..., Settings]
CALL = (Message("system", "你是一位客户。"), Message("user", "您好，请问有什么可以帮您？"))


def customer(settings: Settings) -> ChatModel:
    models = build_models(settings)
    assert models is not None
    return models.customer


async def whole(model: ChatModel) -> str:
    return (await model.complete(CALL, temperature=0.5, max_tokens=50)).text


async def heard(model: ChatModel) -> list[str]:
    return [piece async for piece in model.stream(CALL, temperature=0.5, max_tokens=50)]


FAULTS = [
    pytest.param(unauthorized(), ModelAuthError, "OPENAI_API_KEY", id="401"),
    pytest.param(Fault(401, "身份验证失败", "1000"), ModelAuthError, "OPENAI_API_KEY", id="401 GLM"),
    pytest.param(Fault(403, "denied", "AccessDenied"), ModelAuthError, "scripted-model", id="403"),
    pytest.param(Fault(404, "no such model", "model_not_found"), ModelNotFound, "COACH_MODEL", id="404"),
    pytest.param(
        Fault(400, "Model Not Exist", "invalid_request_error"), ModelNotFound, "COACH_MODEL", id="400 DeepSeek model"
    ),
    pytest.param(Fault(400, "模型不存在，请检查模型代码", "1211"), ModelNotFound, "COACH_MODEL", id="400 GLM model"),
    pytest.param(rate_limited(7), ModelRateLimited, "7 秒", id="429 with Retry-After"),
    pytest.param(rate_limited(), ModelRateLimited, "片刻", id="429"),
    pytest.param(Fault(429, "您的账户已欠费", "1113"), ModelRateLimited, "充值", id="429 GLM no credit"),
    pytest.param(Fault(402, "Insufficient Balance"), ModelRateLimited, "充值", id="402 DeepSeek"),
    pytest.param(Fault(400, "Access denied", "Arrearage"), ModelRateLimited, "充值", id="400 DashScope no credit"),
    pytest.param(
        Fault(403, "overdue balance", "AccountOverdueError"), ModelRateLimited, "充值", id="403 Ark no credit"
    ),
    pytest.param(Fault(500, "boom"), ModelUnavailable, "等一会儿再试", id="500"),
    pytest.param(Fault(503, "overloaded"), ModelUnavailable, "等一会儿再试", id="503"),
    pytest.param(dashscope_filter(), ModelFiltered, "换个说法", id="400 DashScope filter"),
    pytest.param(
        Fault(400, "Content Exists Risk", "invalid_request_error"), ModelFiltered, "换个说法", id="400 DeepSeek filter"
    ),
    pytest.param(
        Fault(400, "considered high risk", "content_filter"), ModelFiltered, "换个说法", id="400 Moonshot filter"
    ),
    pytest.param(Fault(400, "内容可能不安全", "1301"), ModelFiltered, "换个说法", id="400 GLM filter"),
    pytest.param(Fault(400, "x", "InputTextSensitiveContentDetected"), ModelFiltered, "换个说法", id="400 Ark filter"),
    pytest.param(Fault(400, "too many", "context_length_exceeded"), ModelError, "更长", id="400 too long"),
    pytest.param(Fault(409, "odd"), ModelError, "HTTP 409", id="409"),
    pytest.param(Raw(b"<html>welcome</html>", "text/html"), ModelAnswerInvalid, "/v1", id="a web page"),
    pytest.param(Raw(b'{"id": "1", "choi'), ModelAnswerInvalid, "/v1", id="half a JSON"),
    pytest.param(
        Raw(b'{"error": {"code": "1301", "message": "x"}}'), ModelFiltered, "换个说法", id="filter inside a 200"
    ),
]


@pytest.mark.parametrize(("fault", "error", "words"), FAULTS)
async def test_a_fault_is_a_typed_error_that_says_what_to_do_and_can_be_retried(
    fault: Answer, error: type[ModelError], words: str, online: Online, model_server: ScriptedServer
) -> None:
    model = customer(online())
    model_server.say(fault, "我在听。")

    with pytest.raises(ModelError) as caught:
        await whole(model)

    assert type(caught.value) is error
    assert words in caught.value.zh
    assert re.search(r"[a-z]", caught.value.en)
    assert not re.search(r"[\u4e00-\u9fff]", caught.value.en)
    assert await whole(model) == "我在听。"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param(unauthorized(), ModelAuthError, id="401"),
        pytest.param(rate_limited(7), ModelRateLimited, id="429"),
        pytest.param(Fault(503), ModelUnavailable, id="503"),
        pytest.param(dashscope_filter(), ModelFiltered, id="filter before the first word"),
        pytest.param(Cut("我跟你"), ModelCutOff, id="connection lost"),
        pytest.param(Cut("我跟你", politely=True), ModelCutOff, id="ended without a reason"),
        pytest.param(
            StreamError("我跟你", "data_inspection_failed", "Output data"), ModelFiltered, id="filtered on the way"
        ),
        pytest.param(StreamError("我跟你", "internal", "boom"), ModelCutOff, id="an error event"),
        pytest.param(Said("我跟你", finish="length"), ModelCutOff, id="length"),
        pytest.param(Said("我跟你", finish="content_filter"), ModelFiltered, id="content_filter"),
        pytest.param(Said("我跟你", finish="sensitive"), ModelFiltered, id="GLM's sensitive"),
        pytest.param(
            Said("我跟你", finish="insufficient_system_resource"), ModelCutOff, id="DeepSeek out of resources"
        ),
        pytest.param(Said(""), ModelAnswerInvalid, id="nothing said"),
    ],
)
async def test_a_stream_that_fails_is_typed_and_can_be_retried(
    fault: Answer, error: type[ModelError], online: Online, model_server: ScriptedServer
) -> None:
    model = customer(online())
    model_server.say(fault, "我跟你说，这钱我不认。")
    pieces: list[str] = []

    async def listen() -> None:
        async for piece in model.stream(CALL, temperature=0.5, max_tokens=50):
            pieces.append(piece)

    with pytest.raises(ModelError) as caught:
        await listen()

    assert type(caught.value) is error
    assert "".join(pieces) == getattr(fault, "text", "")
    assert "".join(await heard(model)) == "我跟你说，这钱我不认。"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Said("半句", finish="length"), ModelCutOff),
        (Said("", finish="content_filter"), ModelFiltered),
        (Said("", refusal="I can't help with that."), ModelFiltered),
        (Said("  "), ModelAnswerInvalid),
    ],
)
async def test_an_answer_that_ended_badly_is_typed(
    said: Said, error: type[ModelError], online: Online, model_server: ScriptedServer
) -> None:
    model_server.say(said)
    with pytest.raises(error):
        await whole(customer(online()))


@pytest.mark.parametrize("act", [whole, heard])
async def test_a_model_that_hangs_is_a_timeout(
    act: Callable[[ChatModel], object], online: Online, model_server: ScriptedServer
) -> None:
    model = customer(online(COACH_TIMEOUT_S="0.3"))
    model_server.say(Hang(5), "来了。")
    with pytest.raises(ModelTimeout, match=r"0\.3 秒.*COACH_TIMEOUT_S"):
        await act(model)  # type: ignore[misc]
    assert await whole(model) == "来了。"


async def test_a_server_that_is_not_there_is_said_plainly(online: Online) -> None:
    model = customer(online(OPENAI_BASE_URL="http://127.0.0.1:9/v1"))
    with pytest.raises(ModelUnavailable, match="OPENAI_BASE_URL"):
        await whole(model)


async def test_a_passing_fault_is_retried_by_itself(online: Online, model_server: ScriptedServer) -> None:
    model_server.say(Fault(503), "还是我。")
    assert await whole(customer(online(COACH_RETRIES="1"))) == "还是我。"
    assert len(model_server.requests) == 2


@pytest.mark.parametrize("fault", [rate_limited(0.1), Fault(502)])
async def test_a_line_is_asked_for_again_too_while_nothing_was_heard(
    fault: Fault, online: Online, model_server: ScriptedServer
) -> None:
    model_server.say(fault, "还是我。")
    assert "".join(await heard(customer(online(COACH_RETRIES="1")))) == "还是我。"


async def test_a_long_wait_is_left_to_the_caller(online: Online, model_server: ScriptedServer) -> None:
    model_server.say(rate_limited(40))
    with pytest.raises(ModelRateLimited, match="40 秒"):
        await heard(customer(online(COACH_RETRIES="3")))
    assert len(model_server.requests) == 1


async def test_the_wait_a_provider_asks_for_is_kept(online: Online, model_server: ScriptedServer) -> None:
    model_server.say(rate_limited(12.5))
    with pytest.raises(ModelRateLimited) as caught:
        await whole(customer(online()))
    assert caught.value.retry_after_s == 12.5


async def test_no_sentence_repeats_the_key_or_the_providers_words(online: Online, model_server: ScriptedServer) -> None:
    settings = online()
    model_server.say(unauthorized())
    with pytest.raises(ModelAuthError) as caught:
        await whole(customer(settings))
    shown = f"{caught.value.zh} {caught.value.en} {settings!r} {settings.snapshot()} {caught.value.__cause__}"
    assert "sk-sec" not in shown
    assert "Incorrect" not in shown
    assert model_server.requests[0].headers["authorization"] == "Bearer sk-secret-password"


async def test_leaving_a_stream_closes_the_connection(online: Online, model_server: ScriptedServer) -> None:
    model_server.piece_delay_s = 0.02
    model_server.say("很长的一段话。" * 100, "好。")
    model = customer(online())
    pieces = model.stream(CALL, temperature=0.5, max_tokens=50)
    assert await anext(pieces)
    await pieces.aclose()  # type: ignore[attr-defined]
    assert await asyncio.to_thread(model_server.left_early.wait, 3)
    assert await whole(model) == "好。"
