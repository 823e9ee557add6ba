"""Deterministic facts, and what shows them."""

from __future__ import annotations

import pytest
from grading_helpers import ASKS, UPSET, agent, customer, heard

from coach.grading.facts import facts, shown_by
from coach.records.grade import Line

WARN = agent("再这样我就结束通话了", "warn")
END = agent("现在按规定结束通话，再见", "end_by_rule")
RUDE = customer("你算什么东西，陪我聊聊")


def test_counts_of_a_small_call() -> None:
    call = heard(
        ASKS,
        agent("您哪天办的？是本人吗？", ("ask_info", "您哪天办的"), ("ask_closed", "是本人吗")),
        customer("上周"),
        agent("39元40GB，对不起", ("inform", "39元40GB"), ("apologise", "对不起")),
    )
    found = facts(call)
    assert found["agent_turns"] == 2
    assert found["customer_turns"] == 2
    assert found["layers_reached"] == 1
    assert found["apologies"] == 1
    assert found["digits_per_turn_max"] == 2
    assert found["longest_turn_chars"] == 11
    assert found["agent_char_share"] == pytest.approx(22 / 32, abs=0.01)


def test_a_response_between_breaks_a_run_of_closed_questions() -> None:
    closed = agent("重启了吗", "ask_closed")
    warm = agent("辛苦您了，灯红吗", ("empathise", "辛苦您了"), ("ask_closed", "灯红吗"))
    assert facts(heard(closed, ASKS, closed, ASKS, closed))["closed_run_max"] == 3
    assert facts(heard(closed, ASKS, closed, ASKS, warm, ASKS, closed))["closed_run_max"] == 2


def test_several_closed_questions_in_one_turn_count_each() -> None:
    assert facts(heard(agent("灯红吗？重启了吗？换线了吗？", "ask_closed")))["closed_run_max"] == 3


@pytest.mark.parametrize(
    ("turns", "endings"),
    [
        ((RUDE, WARN, RUDE, END), 0),
        ((RUDE, agent("请讲业务", "set_boundary"), RUDE, agent("请讲业务", "set_boundary"), RUDE, END), 0),
        ((UPSET, END), 1),
        ((UPSET, agent("跟你说不清，挂了", "brush_off")), 1),
        ((customer("没别的了，谢谢"), agent("那我挂了啊", "farewell")), 0),
        ((customer("好，再见"), END), 0),
        ((UPSET, agent("您先别挂断电话")), 0),
    ],
)
def test_ending_without_a_warning_is_counted(turns: tuple[Line, ...], endings: int) -> None:
    assert facts(heard(*turns))["unwarned_endings"] == endings


def test_hanging_up_without_a_goodbye_counts_when_it_is_known_who_hung_up() -> None:
    turns = (UPSET, agent("就这样吧"))
    assert facts(heard(*turns, ended_by="trainee"))["unwarned_endings"] == 1
    assert facts(heard(*turns, ended_by="customer"))["unwarned_endings"] == 0
    assert facts(heard(UPSET, agent("再见", "farewell"), ended_by="trainee"))["unwarned_endings"] == 0


def test_a_measure_is_shown_by_the_trainees_own_words() -> None:
    call = heard(UPSET, agent("短"), ASKS, agent("这是最长的一轮话，里面有很多字。"))
    assert [(item.turn, item.quote) for item in shown_by("longest_turn_chars", call)] == [
        (3, "这是最长的一轮话，里面有很多字。")
    ]


def test_a_call_without_the_trainee_has_facts_and_no_words() -> None:
    call = heard(ASKS)
    assert facts(call)["agent_turns"] == 0
    assert shown_by("longest_turn_chars", call) == []


def test_the_order_of_first_words_waits_and_figures_in_a_sentence_are_counted() -> None:
    call = heard(
        agent("您好", "greet"),
        UPSET,
        agent("套餐39元含40GB和100分钟。您稍等。", "inform"),
        UPSET,
        agent("换谁都着急，哪天开始的？", ("empathise", "换谁都着急"), ("ask_open", "哪天开始的")),
    )
    found = facts(call)
    assert (found["first_upset_line"], found["first_matter_line"]) == (2, 3)
    assert (found["first_feeling_line"], found["first_question_line"]) == (5, 5)
    assert (found["waits"], found["digits_per_sentence_max"]) == (1, 3)
    nothing = facts(heard(ASKS, agent("嗯")))
    assert [nothing[name] for name in ("first_upset_line", "first_feeling_line", "first_matter_line")] == [0, 0, 0]


def test_how_the_customer_left_is_a_fact_and_no_check() -> None:
    from attack_helpers import rubrics

    assert facts(heard(ASKS, agent("嗯"), UPSET))["end_upset"] == 3
    assert facts(heard(UPSET, agent("嗯"), customer("好的谢谢。")))["end_upset"] == 0
    assert facts(heard(agent("喂")))["end_upset"] == 0
    used = {check.rule.measure.metric for rubric in rubrics() for check in rubric.checks if check.rule.measure}
    assert "end_upset" not in used


def test_what_was_tried_in_vain_is_a_report_and_no_refusal() -> None:
    assert not heard(customer("重启过了，没用。"), agent("嗯")).lines("objection")
    assert heard(customer("你说这些没用，我不要。"), agent("嗯")).lines("objection")
