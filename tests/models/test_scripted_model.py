"""The fake that everybody else tests with."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from coach.errors import ModelCutOff, ModelTimeout
from coach.models.scripted import Broken, ScriptedModel, ScriptRanOut
from coach.models.seam import Message, ask

CALL = (Message("user", "您好"),)


class Mood(BaseModel):
    heat: int


async def test_it_says_its_lines_in_order_and_keeps_what_was_asked() -> None:
    model = ScriptedModel(["喂？", Mood(heat=3), {"heat": 1}])
    assert [piece async for piece in model.stream(CALL, temperature=0.8, max_tokens=60)] == ["喂？"]
    assert (await ask(model, CALL, Mood))[0].heat == 3
    assert (await ask(model, CALL, Mood))[0].heat == 1
    assert [asked.kind for asked in model.requests] == ["stream", "complete", "complete"]
    assert model.requests[1].schema is Mood
    assert model.left == 0


async def test_it_complains_when_more_is_asked_than_was_written() -> None:
    model = ScriptedModel([])
    with pytest.raises(ScriptRanOut, match="0 条"):
        await ask(model, CALL, Mood)


async def test_it_can_fail_at_once_or_half_way() -> None:
    model = ScriptedModel([ModelTimeout("慢"), Broken("说到一半", ModelCutOff("断了"))])
    with pytest.raises(ModelTimeout):
        await model.complete(CALL, temperature=0, max_tokens=5)
    pieces: list[str] = []

    async def listen() -> None:
        async for piece in model.stream(CALL, temperature=0, max_tokens=5):
            pieces.append(piece)

    with pytest.raises(ModelCutOff):
        await listen()
    assert pieces == ["说到一半"]


async def test_it_can_answer_by_a_function_of_the_request() -> None:
    model = ScriptedModel(lambda asked: f"听到：{asked.messages[-1].content}")
    assert (await model.complete(CALL, temperature=0, max_tokens=5)).text == "听到：您好"
