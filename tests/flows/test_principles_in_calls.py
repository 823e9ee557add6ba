"""Calls with principles active, over real HTTP: the line is held, checked, written anew; the check never blocks a call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from scripted_server import Answer, Fault, Hang, Request, ScriptedServer, rate_limited

from coach.content.principle import Principle
from coach.customer import principled_voice
from coach.customer.voice import Piece
from coach.errors import ModelUnavailable
from coach.practice import Heard, Practice
from coach.records.call import Call, Turn
from coach.settings import Settings
from coach.wiring import build_practice

NO_PLAN = Principle(id="no_plan", text="不自己报出处理方案")
BAD, GOOD = "给我退钱再派个人来。", "你倒是说怎么办？"


class Endpoint:
    """Answers lines, appraisals and checks, each by its own rule, and keeps what was asked in order."""

    def __init__(self, server: ScriptedServer, lines: list[Answer], checks: list[Answer]) -> None:
        self.lines, self.checks = list(lines), list(checks)
        self.asked: list[str] = []
        server.answer_with(self.answer)

    def answer(self, request: Request) -> Answer:
        if request.body.get("stream"):
            self.asked.append("line")
            return self.lines.pop(0)
        if "几条说话的规矩" in request.body["messages"][0]["content"]:
            self.asked.append("check")
            return self.checks.pop(0)
        self.asked.append("appraisal")
        return {"parts": [], "asked": [], "answered": [], "offered": [], "trap": "", "out_of_play": False}


def verdict(answer: str, quote: str = "") -> dict[str, Any]:
    return {"p1": {"quote": quote, "answer": answer}}


@pytest.fixture
def practice(online: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> Practice:
    """Patient, so that a busy machine changes nothing; a test that is about waiting says so."""
    made = build_practice(online(COACH_TIMEOUT_S="60"))
    monkeypatch.setattr(made._voice, "_patience_s", 60)
    return made


def start(practice: Practice, *rules: Principle) -> Call:
    made = practice.exercise("furious_complainer", "broadband_no_show")
    persona = made.persona.model_copy(update={"principles": rules})
    return practice.start(made.model_copy(update={"persona": persona}), seed=1)


async def answered(practice: Practice, call: Call) -> tuple[Turn, list[str]]:
    """The customer's stored turn, and the words in the order the page heard them."""
    heard = []
    async for event in practice.say(call.id, "对不起，让您久等了。", waited_s=3):
        if isinstance(event, Piece):
            heard.append(event.text)
    return practice.store.call(call.id).turns[-1], heard


async def test_a_broken_principle_costs_one_rewrite_and_nobody_hears_the_first_line(
    practice: Practice, model_server: ScriptedServer
) -> None:
    endpoint = Endpoint(model_server, [BAD, GOOD], [verdict("broken", "退钱再派个人"), verdict("kept")])
    turn, heard = await answered(practice, call := start(practice, NO_PLAN))
    assert endpoint.asked == ["appraisal", "line", "check", "line", "check"]
    assert (turn.text, turn.voice, heard) == (GOOD, "model", [GOOD])
    assert turn.notes == ("principle:no_plan", f"first_line:{BAD}")
    assert "principles" in practice.store.call(call.id).provenance.prompts
    check = model_server.requests[2].body
    assert check["response_format"]["type"] == "json_schema"
    assert check["response_format"]["json_schema"]["schema"]["required"] == ["p1"]


@pytest.mark.parametrize("fault", [Fault(500), rate_limited(30), "不是JSON", {"p1": {"quote": "", "answer": "maybe"}}])
async def test_a_check_that_fails_never_blocks_the_call(
    practice: Practice, model_server: ScriptedServer, fault: Answer
) -> None:
    Endpoint(model_server, [BAD], [fault] * 4)
    turn, _ = await answered(practice, start(practice, NO_PLAN))
    assert (turn.text, turn.notes) == (BAD, ("principle_unchecked",))


async def test_a_check_that_takes_too_long_is_not_waited_for(
    practice: Practice, model_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice._voice, "_patience_s", 0.3)
    Endpoint(model_server, [BAD], [Hang(4)])
    began = time.monotonic()
    turn, _ = await answered(practice, start(practice, NO_PLAN))
    assert (turn.text, turn.notes) == (BAD, ("principle_unchecked",))
    assert time.monotonic() - began < 3


async def test_the_second_line_failing_leaves_an_authored_one(practice: Practice, model_server: ScriptedServer) -> None:
    Endpoint(model_server, [BAD, Fault(503)], [verdict("broken", "退钱")])
    turn, _ = await answered(practice, call := start(practice, NO_PLAN))
    assert (turn.voice, turn.notes[-1]) == ("authored_after_principle", "rewrite_failed")
    assert turn.text
    assert practice.store.call(call.id).outcome is None


async def test_the_first_line_failing_can_be_tried_again_as_ever(
    practice: Practice, model_server: ScriptedServer
) -> None:
    Endpoint(model_server, [Fault(503), GOOD], [verdict("kept")])
    call = start(practice, NO_PLAN)
    with pytest.raises(ModelUnavailable):
        await answered(practice, call)
    async for _ in practice.answer(call.id):
        pass
    assert practice.store.call(call.id).turns[-1].text == GOOD


async def test_without_principles_no_line_is_held_and_nothing_is_asked(
    practice: Practice, model_server: ScriptedServer
) -> None:
    endpoint = Endpoint(model_server, ["又是你们。烦不烦啊！"], [])
    _, heard = await answered(practice, start(practice))
    assert (endpoint.asked, heard) == (["appraisal", "line"], ["又是你们。", "烦不烦啊！"])


async def test_a_stored_call_keeps_the_principles_it_was_played_with(
    practice: Practice, model_server: ScriptedServer
) -> None:
    Endpoint(model_server, [GOOD], [verdict("kept")])
    call = start(practice, NO_PLAN)
    events = [event async for event in practice.say(call.id, "您好。", waited_s=3)]
    assert isinstance(events[0], Heard)
    kept = practice.store.call(call.id)
    assert kept.exercise.persona.principles == (NO_PLAN,)
    assert "no_plan" in json.dumps(kept.model_dump(mode="json"))


def test_the_patience_is_short_enough_for_a_call() -> None:
    assert principled_voice.PATIENCE_S <= 5
