"""A whole call against a real inference server with a tiny random model: nonsense answers, real protocol, the product stays upright."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from coach.errors import ModelError
from coach.practice import Practice
from coach.records.call import Speaker
from coach.settings import Settings
from coach.wiring import build_practice

pytestmark = pytest.mark.inference

SAID = ("您好，两次都让您白等，换谁都着急。", "您家的网是哪天断的？", "我给您提加急，师傅4小时内联系您。")


async def said_and_answered(practice: Practice, call_id: str, text: str) -> int:
    """Says it and retries until the customer answers; the number of failures on the way."""
    failures = 0
    try:
        async for _ in practice.say(call_id, text, waited_s=2):
            pass
    except ModelError:
        failures += 1
    while practice.store.call(call_id).awaiting_customer and failures < 20:
        try:
            async for _ in practice.answer(call_id):
                pass
        except ModelError:
            failures += 1
    return failures


async def test_a_call_on_a_model_that_talks_nonsense_is_played_ended_and_graded(
    inference: Callable[..., Settings],
) -> None:
    practice = build_practice(inference(COACH_TIMEOUT_S="20"))
    call = practice.start(practice.exercise("furious_complainer", "broadband_no_show"), seed=1)
    for text in SAID:
        failures = await said_and_answered(practice, call.id, text)
        assert failures < 20
        if practice.store.call(call.id).outcome:
            break
    played = practice.store.call(call.id)
    assert not played.awaiting_customer
    for turn in played.turns:
        if turn.speaker is Speaker.CUSTOMER:
            assert 0 < len(turn.text) <= 60, "lines are capped in code"
            assert not any(word in turn.text for fact in played.exercise.case.facts for word in fact.telltale)
    practice.hang_up(call.id)
    grade = await practice.grade(call.id)
    assert not grade.offline
    trainee = "".join(turn.text for turn in played.turns if turn.speaker is Speaker.TRAINEE)
    quotes = [evidence.quote for item in grade.rubrics for verdict in item.verdicts for evidence in verdict.evidence]
    assert all(quote in trainee for quote in quotes), "no verdict quotes what was not said"
