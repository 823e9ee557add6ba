"""Steps in order, words, and habits that code counts; which line asks for a superior, refuses, or begins to want."""

from __future__ import annotations

from typing import Any

import pytest
from grading_helpers import ASKS, UPSET, agent, check, customer, heard

from coach.content.rubric import Check
from coach.grading.facts import facts
from coach.grading.rules import decide
from coach.grading.suggestions import wanted
from coach.records.grade import Line

STEPS = {"sequence": {"steps": [["set_boundary"], ["warn"], ["end_by_rule"]]}}


def answer(rule: dict[str, Any], *turns: Line, **fields: Any) -> str:
    return decide(check(rule, **fields), heard(*turns)).answer


def said(*moves: str) -> list[Line]:
    """One turn a move, with a customer line after each."""
    return [line for move in moves for line in (agent(move, move), ASKS)]


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], "offer"),
        (["greet"], "offer"),
        (["offer"], "apologise"),
        (["apologise", "offer"], "apologise"),
        (["apologise"], "offer"),
    ],
)
def test_of_steps_in_order_the_missing_one_is_wanted(moves: list[str], expected: str) -> None:
    """Who offered a way out and never said sorry again is not told to offer it."""
    rule = {"sequence": {"steps": [["offer", "choice"], ["apologise", "own_fault"]]}}
    assert wanted(check(rule), heard(*said(*moves)).said) == expected


@pytest.mark.parametrize(
    ("moves", "at_least", "expected"),
    [
        (["set_boundary", "warn", "end_by_rule"], None, "yes"),
        (["set_boundary", "greet", "warn", "set_boundary", "end_by_rule"], None, "yes"),
        (["warn", "set_boundary", "end_by_rule"], None, "no"),
        (["warn", "set_boundary", "end_by_rule"], 2, "yes"),
        (["end_by_rule", "warn", "set_boundary"], 2, "no"),
        (["set_boundary", "set_boundary"], 2, "no"),
        (["greet"], 2, "no"),
    ],
)
def test_steps_count_in_their_order_only(moves: list[str], at_least: int | None, expected: str) -> None:
    rule = {"sequence": {**STEPS["sequence"], **({"at_least": at_least} if at_least else {})}}
    assert answer(rule, *said(*moves)) == expected


def test_steps_in_one_turn_go_by_the_place_of_their_words() -> None:
    right = agent(
        "请停一停，再这样就结束，现在结束。",
        ("set_boundary", "请停一停"),
        ("warn", "再这样就结束"),
        ("end_by_rule", "现在结束"),
    )
    wrong = agent(
        "现在结束，再这样就结束，请停一停。",
        ("set_boundary", "请停一停"),
        ("warn", "再这样就结束"),
        ("end_by_rule", "现在结束"),
    )
    assert answer(STEPS, ASKS, right) == "yes"
    assert answer(STEPS, ASKS, wrong) == "no"
    assert [item.quote for item in decide(check(STEPS), heard(ASKS, right)).evidence] == [
        "请停一停",
        "再这样就结束",
        "现在结束",
    ]


def test_a_chain_is_not_spoilt_by_a_step_that_comes_late_as_well() -> None:
    rule = {"sequence": {"steps": [["explain"], ["offer"], ["thank"]], "at_least": 3}}
    assert answer(rule, *said("explain", "offer", "explain", "thank")) == "yes"


def test_more_steps_than_there_are_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at_least 4 of 3"):
        check({"sequence": {**STEPS["sequence"], "at_least": 4}})


def test_a_violation_cannot_be_a_sequence() -> None:
    with pytest.raises(ValueError, match="order or sequence"):
        check(STEPS, kind="violation", penalty=5)


def test_spoken_finds_the_sentence_with_the_words() -> None:
    rule = {"spoken": {"cues": ["业务+再打|随时"], "within": "last_two"}}
    last = agent("现在结束通话。业务上的事随时打来。")
    assert answer(rule, ASKS, last) == "yes"
    assert decide(check(rule), heard(ASKS, last)).evidence[0].quote == "业务上的事随时打来。"
    assert answer(rule, last, ASKS, agent("嗯"), ASKS, agent("好")) == "no"
    assert answer(rule, ASKS, agent("挂了"), kind="violation", penalty=5) == "no"


def test_reply_without_leaves_out_turns_that_also_hold_something_else() -> None:
    rule = {"reply": {"to": "upset", "moves": ["verify"], "without": ["empathise"]}}
    cold, warm = agent("号码？", "verify"), agent("换谁都急。号码？", ("empathise", "换谁都急"), ("verify", "号码？"))
    fields: dict[str, Any] = {"kind": "violation", "penalty": 5}
    assert answer(rule, UPSET, cold, **fields) == "yes"
    assert answer(rule, UPSET, warm, **fields) == "no"


@pytest.mark.parametrize(
    ("metric", "turns", "count"),
    [
        ("bare_waits", [agent("请稍等。")], 1),
        ("bare_waits", [agent("您稍等，我查一下账单，半分钟。")], 0),
        ("plain_you", [agent("你把号码报一下，你们家的也行，你好")], 1),
        ("plain_you", [agent("他说“你等着”，您别往心里去")], 0),
        ("repeated_turns", [agent("系统显示您的业务一切正常。"), ASKS, agent("我说了，系统显示您的业务一切正常。")], 0),
        ("repeated_turns", [agent("系统显示您的业务一切正常。"), ASKS, agent("系统显示您的业务一切正常。")], 1),
        ("repeated_turns", [agent("好的。"), ASKS, agent("好的。")], 0),
        ("taken_up", [customer("北站地铁口一出来就断"), agent("北站地铁口那儿断，我记下了。")], 1),
        ("taken_up", [customer("北站地铁口一出来就断"), agent("好的，请稍等。")], 0),
        ("taken_up", [agent("青桥通信为您服务"), customer("青桥通信是吧"), agent("青桥通信，对。")], 0),
        ("hard_requests", [agent("身份证后四位。", "verify")], 1),
        ("hard_requests", [agent("麻烦您报一下后四位，好吗？", "verify")], 0),
        ("hard_requests", [agent("让您受累了。后四位多少？", ("apologise", "让您受累了"), ("verify", "后四位多少"))], 0),
    ],
)  # fmt: skip
def test_habits_are_counted(metric: str, turns: list[Line], count: int) -> None:
    call = heard(*turns)
    assert facts(call)[metric] == count
    verdict = decide(check({"measure": {"metric": metric, "at_least": 1}}), call)
    assert verdict.answer == ("yes" if count else "no")
    assert all(item.quote in turns[item.turn].text for item in verdict.evidence)


@pytest.mark.parametrize(
    ("to", "line", "yes"),
    [
        ("escalation", "叫你们经理来！", True),
        ("escalation", "把你们主管叫来听电话", True),
        ("escalation", "我要去消协告你们", True),
        ("escalation", "我找找发票", False),
    ],
)
def test_a_demand_for_a_superior_is_heard(to: str, line: str, yes: bool) -> None:
    one: Check = check({"reply": {"to": to, "moves": ["escalate"]}})
    assert decide(one, heard(customer(line), agent("我登记", "escalate"))).answer == ("yes" if yes else "na")


@pytest.mark.parametrize(
    ("to", "line", "yes"),
    [
        ("refusal", "不需要，谢谢。", True),
        ("refusal", "又推销？我没空。", True),
        ("refusal", "谁来弄？我没空。", False),
        ("buying", "那下个月能开始用吗，多少钱？", True),
        ("buying", "卡坏了怎么办？", False),
    ],
)
def test_refusals_and_buying_signals_count_in_calls_about_a_product(to: str, line: str, yes: bool) -> None:
    rule = {"reply": {"to": to, "moves": ["inform"]}}
    reply = agent("好的", "inform")
    assert decide(check(rule), heard(customer(line), reply, direction="outbound")).answer == ("yes" if yes else "na")
    assert decide(check(rule), heard(customer(line), reply)).answer == "na"


@pytest.mark.parametrize(
    ("to", "turns", "expected"),
    [
        ("outbound", [agent("您好，给您打这个电话占您两分钟。"), ASKS], "no"),
        ("outbound", [agent("您好，请讲。"), ASKS], "na"),
        ("vip", [customer("我是你们的钻石客户"), agent("您好")], "no"),
        ("vip", [ASKS, agent("您好")], "na"),
        ("sale", [customer("隔壁比你们便宜，我想转网"), agent("您的套餐多少钱？")], "no"),
        ("sale", [customer("断网三天了，你们乱扣钱"), agent("我给您查套餐")], "na"),
    ],
)
def test_what_kind_of_call_it_is_can_be_read_from_the_words(to: str, turns: list[Line], expected: str) -> None:
    assert answer({"found": {"moves": ["empathise"]}}, *turns, applies={"to": to}) == expected


def test_whom_we_called_may_be_cross_without_a_problem() -> None:
    cross = customer("烦死了，受够你们了！")
    opening = agent("您好，给您打这个电话占您两分钟。")
    assert heard(opening, cross).lines("problem") == []
    assert heard(agent("您好"), cross).lines("problem") == [1]
    assert heard(agent("您好"), customer("绑着卡自动扣的，您慢慢弄")).lines("problem") == []
