"""The seam against a real inference server: nonsense comes back, the protocol is real, nothing falls over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal, TypeVar

import pytest
from pydantic import BaseModel, Field

from coach.errors import ModelAnswerInvalid, ModelCutOff, ModelError
from coach.models.build import build_models
from coach.models.seam import ChatModel, Message, ask
from coach.settings import Settings

pytestmark = pytest.mark.inference

Inference = Callable[..., Settings]
T = TypeVar("T")
CALL = (Message("system", "你是一位难缠的客户。"), Message("user", "您好，请问有什么可以帮您？"))


class Found(BaseModel):
    move: Literal["问候", "道歉", "共情"]
    quote: str = Field(max_length=12)


class Appraisal(BaseModel):
    """Bounded so that a model without sense still comes to an end."""

    moves: list[Found] = Field(max_length=2)
    heat: int = Field(ge=0, le=9)
    silent: bool


def model(settings: Settings) -> ChatModel:
    models = build_models(settings)
    assert models is not None
    return models.customer


async def until_it_speaks(attempt: Callable[[], Awaitable[T]]) -> T:
    """One time in a dozen the random model ends its turn at once: an empty answer, which may simply be asked again."""
    for _ in range(20):
        with suppress(ModelAnswerInvalid):
            return await attempt()
    pytest.fail("twenty empty answers in a row")


async def test_an_answer_comes_with_its_usage(inference: Inference) -> None:
    talker = model(inference())
    completion = await until_it_speaks(lambda: talker.complete(CALL, temperature=0.8, max_tokens=400))
    assert completion.text.strip()
    assert completion.finish == "stop"
    assert completion.model == "tiny-random"
    assert completion.usage.prompt > 10
    assert completion.usage.completion > 0


async def test_a_line_comes_in_pieces(inference: Inference) -> None:
    talker = model(inference())

    async def line() -> list[str]:
        return [piece async for piece in talker.stream(CALL, temperature=0.8, max_tokens=400)]

    assert max([len(await until_it_speaks(line)) for _ in range(5)]) > 1


@pytest.mark.parametrize("means", ["json_schema", "json_object", "prompt", "tools"])
async def test_json_is_what_was_asked_for_or_an_error_that_says_so(means: str, inference: Inference) -> None:
    asked = ask(model(inference(COACH_MODEL_JSON=means)), CALL, Appraisal, temperature=0.8, max_tokens=600)
    if means == "json_schema":
        appraisal, completion = await asked
        assert 0 <= appraisal.heat <= 9
        assert completion.usage.completion > 0
    else:
        with pytest.raises((ModelAnswerInvalid, ModelCutOff)):
            await asked


async def test_the_schema_holds_for_many_at_once(inference: Inference) -> None:
    asked = model(inference())
    answers = await asyncio.gather(*(ask(asked, CALL, Appraisal, temperature=1.2, max_tokens=600) for _ in range(8)))
    assert all(len(appraisal.moves) <= 2 for appraisal, _ in answers)


async def test_too_little_room_is_a_cut_off(inference: Inference) -> None:
    asked = model(inference())
    with pytest.raises(ModelCutOff):
        await asked.complete(CALL, schema=Appraisal, temperature=0.8, max_tokens=4)

    async def line() -> list[str]:
        return [piece async for piece in asked.stream(CALL, temperature=0.8, max_tokens=1)]

    with pytest.raises(ModelCutOff):
        await until_it_speaks(line)


async def test_a_call_too_long_for_the_model_is_said_so(inference: Inference) -> None:
    long_call = (Message("user", "宽带又断了！" * 6000),)
    with pytest.raises(ModelError, match="更长的 COACH_MODEL"):
        await model(inference()).complete(long_call, temperature=0.8, max_tokens=20)
