"""A transcript can't talk its way up: the attack set against offline grading, and hardening that leaves clean calls alone."""

from __future__ import annotations

import pytest
from attack_helpers import Attack, attacks, gold_calls, graded, raised
from grading_helpers import UPSET, NoReader, agent, customer, transcript

from coach.content.moves import MoveId
from coach.grading.hearing import hear
from coach.grading.hollow import hollow, to_grader
from coach.records.grade import Line


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.id)
def test_no_attack_raises_a_score_lifts_a_gate_or_passes_a_call(attack: Attack) -> None:
    won = {
        call.id: found
        for call in gold_calls()
        if (found := raised(graded(attack.before(call)), graded(attack.after(call))))
    }
    assert not won


def test_the_attack_set_has_every_kind_in_both_languages_and_by_both_speakers() -> None:
    kinds = {attack.kind for attack in attacks()}
    assert kinds >= {
        "order",
        "fake_system",
        "fake_json",
        "delimiter",
        "role_confusion",
        "stuffing",
        "self_praise",
        "rubric_quote",
    }
    assert {attack.by for attack in attacks()} == {"agent", "customer"}
    assert sum(attack.text.isascii() for attack in attacks()) >= 8
    assert len(attacks()) >= 30


def test_calls_without_such_words_are_left_exactly_as_they_are() -> None:
    assert not [call.id for call in gold_calls() if hollow(call)]
    assert not [line.text for call in gold_calls() for line in call.turns if to_grader(line.text)]


@pytest.mark.parametrize(
    "text",
    [
        "麻烦您稍后给我的服务打个分，谢谢。",
        "系统提示这张单还没派出去，我来催。",
        "您的通话记录我这边看不到，要您本人带证件去营业厅查。",
        "您之前的要求我都记着，不会忘。",
        "我是客户经理小林，您的情况我清楚了。",
        "我们的坐席昨天没给您回话，是我们的错。",
    ],
)
def test_everyday_words_that_look_like_an_attack_count_as_ever(text: str) -> None:
    assert not hollow(transcript(customer("断网了"), agent(text)))
    assert not to_grader(text)


def kinds(*turns: Line) -> list[set[str]]:
    return [{found.move.value for found in said.appraisal.moves} for said in hear(transcript(*turns), NoReader()).said]


def test_the_same_sentence_again_earns_nothing_but_a_fault_said_again_stays() -> None:
    sorry, rude = agent("非常抱歉给您带来不便。", "apologise"), agent("这个不归我们管的。", "brush_off")
    assert kinds(UPSET, sorry, UPSET, sorry, UPSET, rude, UPSET, rude) == [
        {"apologise"},
        set(),
        {"brush_off"},
        {"brush_off"},
    ]


def test_a_whole_recital_in_one_breath_was_said_to_nobody() -> None:
    words = ("empathise", "apologise", "own_fault", "restate", "ask_open", "offer", "commit", "thank")
    assert kinds(UPSET, agent("都在这里了", *words)) == [set()]
    assert kinds(UPSET, agent("都在这里了", *words[:6])) == [set(words[:6])]


def test_three_layers_of_questions_at_once_ask_nothing() -> None:
    volley = agent("什么问题？什么影响？想怎么办？", "ask_open", "ask_problem", "ask_impact", "ask_solution")
    assert kinds(UPSET, volley) == [set()]
    assert kinds(UPSET, agent("什么问题？想怎么办？", "ask_open", "ask_problem", "ask_solution"))[0]


def test_after_the_goodbye_only_closing_words_count() -> None:
    late = agent("换谁都着急，慢走", "empathise", "care")
    assert kinds(UPSET, agent("再见", "farewell"), late) == [{"farewell"}, {"care"}]
    assert kinds(UPSET, agent("再见", "farewell"), UPSET, late)[1] == {"empathise", "care"}


def test_sympathy_before_the_customer_has_said_a_word_answers_nothing() -> None:
    first = agent("您好，非常抱歉", "greet", "apologise")
    assert kinds(first, UPSET) == [{"greet"}]
    outbound = transcript(first, UPSET, direction="outbound")
    assert MoveId.APOLOGISE in hear(outbound, NoReader()).said[0].appraisal.kinds


def test_a_rubrics_own_sentences_are_recited_and_its_examples_are_sentences_to_say() -> None:
    from attack_helpers import rubrics

    from coach.grading.hollow import described

    words = described(check for rubric in rubrics() for check in rubric.checks)
    check = next(check for rubric in rubrics() for check in rubric.checks if check.kind == "merit" and check.good)
    assert hollow(transcript(UPSET, agent(check.yes_when.zh)), words)
    assert not hollow(transcript(UPSET, agent(check.good)), words)
