"""Checks decided by code: each kind of rule, when it applies, and whose words it quotes."""

from __future__ import annotations

from typing import Any

import pytest
from grading_helpers import ASKS, UPSET, agent, check, customer, heard

from coach.grading.rules import decide
from coach.records.grade import Line

FOUND = {"found": {"moves": ["empathise"]}}
ORDER = {"order": {"first": ["empathise"], "then": ["offer"]}}
HARASS = customer("小姐姐加个微信呗，下班陪我吃饭")


def answer(rule: dict[str, Any], *turns: Line, harasses: bool | None = None, **fields: Any) -> str:
    return decide(check(rule, **fields), heard(*turns, harasses=harasses)).answer


def quotes(rule: dict[str, Any], *turns: Line, **fields: Any) -> list[tuple[int, str]]:
    return [(item.turn, item.quote) for item in decide(check(rule, **fields), heard(*turns)).evidence]


def test_a_merit_that_is_there_quotes_the_words_that_show_it() -> None:
    turn = agent("您好，换谁都着急，我来查。", ("greet", "您好"), ("empathise", "换谁都着急"))
    assert answer(FOUND, UPSET, turn) == "yes"
    assert quotes(FOUND, UPSET, turn) == [(1, "换谁都着急")]


def test_a_missing_merit_quotes_what_was_said_where_it_was_due() -> None:
    turns = (
        agent("您好", "greet"),
        UPSET,
        agent("请报一下您的号码。", "verify"),
        customer("13"),
        agent("套餐三十九", "inform"),
    )
    assert answer(FOUND, *turns) == "no"
    assert quotes(FOUND, *turns) == [(2, "请报一下您的号码。")]


def test_a_violation_quotes_itself_and_its_absence_quotes_nothing() -> None:
    fields = {"kind": "violation", "penalty": 5}
    rule = {"found": {"moves": ["argue"]}}
    assert quotes(rule, UPSET, agent("您讲点道理", "argue"), **fields) == [(1, "您讲点道理")]
    assert quotes(rule, UPSET, agent("好的"), **fields) == []
    assert answer(rule, UPSET, agent("好的"), **fields) == "no"


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([("empathise", "您着急")], "na"),
        ([("offer", "给您退")], "no"),
        ([("empathise", "您着急"), ("offer", "给您退")], "yes"),
    ],
)
def test_order_within_one_turn_counts_by_the_place_of_the_words(moves: list[tuple[str, str]], expected: str) -> None:
    assert answer(ORDER, UPSET, agent("您着急，我给您退。", *moves)) == expected


def test_the_feeling_after_the_solution_comes_too_late() -> None:
    assert answer(ORDER, UPSET, agent("给您退，您着急。", ("offer", "给您退"), ("empathise", "您着急"))) == "no"
    late = (agent("给您退。", "offer"), UPSET, agent("您着急。", "empathise"))
    assert answer(ORDER, UPSET, *late) == "no"
    assert quotes(ORDER, UPSET, *late) == [(1, "给您退。")]


def test_reply_first_looks_only_at_the_turn_after_the_first_upset_line() -> None:
    rule = {"reply": {"to": "upset", "moves": ["apologise"]}}
    calm = customer("嗯。")
    assert answer(rule, UPSET, agent("对不起", "apologise"), calm, agent("好")) == "yes"
    assert answer(rule, UPSET, agent("号码？"), calm, agent("对不起", "apologise")) == "no"
    assert answer(rule, ASKS, agent("三十九")) == "na"


@pytest.mark.parametrize(("soothed", "expected"), [(0, "no"), (1, "yes"), (2, "yes")])
def test_reply_share_counts_all_replies(soothed: int, expected: str) -> None:
    rule = {"reply": {"to": "upset", "moves": ["apologise"], "which": "share", "share": 0.5}}
    turns = [item for nth in range(2) for item in (UPSET, agent("对不起", *(["apologise"] if nth < soothed else [])))]
    assert answer(rule, *turns) == expected


def test_several_customer_lines_in_a_row_have_one_reply() -> None:
    rule = {"reply": {"to": "upset", "moves": ["apologise"]}}
    assert answer(rule, UPSET, customer("喂？"), agent("对不起", "apologise")) == "yes"


@pytest.mark.parametrize(
    ("bound", "expected"), [({"at_most": 20}, "yes"), ({"at_most": 5}, "no"), ({"at_least": 8}, "yes")]
)
def test_measures_compare_facts(bound: dict[str, float], expected: str) -> None:
    rule = {"measure": {"metric": "longest_turn_chars", **bound}}
    assert answer(rule, ASKS, agent("一共是十个字的话啊")) == expected


def test_found_within_looks_only_there() -> None:
    rule = {"found": {"moves": ["thank"], "within": "last_two"}}
    assert answer(rule, agent("谢谢", "thank"), ASKS, agent("嗯"), ASKS, agent("好")) == "no"
    assert answer(rule, agent("嗯"), ASKS, agent("好"), ASKS, agent("谢谢", "thank")) == "yes"


def test_distinct_counts_different_moves() -> None:
    rule = {"found": {"moves": ["ask_info", "ask_impact"], "at_least": 2, "distinct": True}}
    twice = agent("哪天？", "ask_info"), ASKS, agent("哪里？", "ask_info")
    assert answer(rule, *twice) == "no"
    assert answer(rule, *twice, agent("耽误什么？", "ask_impact")) == "yes"


@pytest.mark.parametrize(
    ("applies", "turns"),
    [
        ({"to": "upset"}, (ASKS, agent("好"))),
        ({"to": "objection"}, (customer("您好"), agent("好"))),
        ({"to": "vip"}, (ASKS, agent("好"))),
        ({"to": "outbound"}, (ASKS, agent("好"))),
        ({"min_turns": 2}, (ASKS, agent("好"))),
        ({"moves": ["offer"]}, (ASKS, agent("好"))),
        ({}, (ASKS,)),
    ],
)
def test_a_check_that_does_not_apply_is_na_and_quotes_nothing(applies: dict[str, Any], turns: tuple[Line, ...]) -> None:
    verdict = decide(check(FOUND, applies=applies), heard(*turns))
    assert (verdict.answer, verdict.evidence, verdict.reason) == ("na", (), "不适用的时候")


def test_nobody_owes_a_harasser_warmth_but_a_boundary_is_due() -> None:
    turns = (HARASS, agent("请您讲业务"), customer("美女别走啊，陪我聊聊"), agent("请讲业务"))
    assert answer(FOUND, *turns) == "na"
    assert answer({"found": {"moves": ["set_boundary"]}}, *turns, applies={"to": "harassed"}) == "no"
    assert answer({"found": {"moves": ["insult"]}}, *turns, kind="violation", penalty=5) == "no"


def test_a_furious_customer_with_rough_words_and_a_real_matter_is_no_harasser() -> None:
    rough = customer("他妈的断网三天了你们管不管！")
    call = heard(rough, agent("对不起"), customer("网还是没好，气死我了"), agent("我查一下"))
    assert not call.harassing
    assert call.lines("upset") == [0, 2]


def test_courtesy_around_a_boundary_is_not_pleading() -> None:
    rule = {"reply": {"to": "harassed", "moves": ["apologise"], "which": "share", "share": 0.4}}
    fields: dict[str, Any] = {"kind": "violation", "gate": {"cap": 59}}
    firm = agent("对不起，请您讲业务。", ("apologise", "对不起"), ("set_boundary", "请您讲业务"))
    soft = agent("对不起对不起。", "apologise")
    assert answer(rule, HARASS, firm, HARASS, firm, harasses=True, **fields) == "no"
    assert answer(rule, HARASS, soft, HARASS, soft, harasses=True, **fields) == "yes"


def test_a_check_for_the_judge_alone_is_unscored_offline() -> None:
    verdict = decide(check(FOUND, decided_by="judge"), heard(UPSET, agent("好")))
    assert (verdict.answer, verdict.cause) == ("unscored", "not_decidable_offline")


def test_every_quote_is_verbatim_in_a_trainee_turn() -> None:
    from grading_helpers import shipped

    turns = (
        UPSET,
        agent("  号码 报一下！  不然 查不了。", "command"),
        customer("凭什么"),
        agent("规定。", "cold_policy"),
    )
    call = heard(*turns)
    for name in ("empathy", "questioning", "reframing", "red_lines"):
        for one in shipped(name).checks:
            for item in decide(one, call).evidence:
                assert item.quote in turns[item.turn].text
                assert turns[item.turn].role == "agent"
