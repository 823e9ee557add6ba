"""Feedback read as the trainee: fits the moment, keeps to what was told and to the card, quotes no good sentence as bad."""

from __future__ import annotations

import asyncio
import re
from functools import cache

import pytest
from grading_helpers import ROOT

from coach.content.amounts import amounts
from coach.content.card import on_card
from coach.content.library import Library
from coach.content.moves import MoveId
from coach.customer.moment import apology
from coach.grading.evidence import overlap
from coach.records.call import GOOD_OUTCOMES, Call, Speaker
from coach.records.grade import Grade
from coach.settings import Settings
from coach.trial.play import play
from coach.wiring import build_offline

LONGEST = 60
"""Characters of one sentence that can still be said in one breath."""
EXERCISES = [
    ("furious_complainer", "repair_three_weeks"),
    ("anxious_elder", "shortcode_sms"),
    ("hair_splitter", "plan_unchanged"),
    ("no_need_yet", "upgrade_plan_outbound"),
    ("service_vip", "roaming_failed_abroad"),
    ("silent_waiter", "credit_limit"),
    ("thrifty_worker", "port_out_retention"),
    ("manager_demander", "fire_the_agent"),
    ("pestering_caller", "private_contact"),
    ("abusive_caller", "furious_no_signal"),
    ("trendy_student", "student_cheaper_plan"),
]
POLITE = (
    "您好，青桥通信，很高兴为您服务，请问有什么可以帮您？",
    "好的，您别着急，我理解您的心情。您的号码是多少？",
    "我帮您查了一下，系统显示是正常的。",
    "这个按规定是要等的，您再耐心等一等好吧。",
    "那我给您记录一下，让同事联系您。",
)
LIBRARY = Library.load(ROOT)


async def _spoken(pair: tuple[str, str], lines: tuple[str, ...]) -> tuple[Call, Grade]:
    coach = build_offline(Settings.load())
    call = coach.start(coach.exercise(*pair), seed=3)
    for line in lines:
        async for _ in coach.say(call.id, line, waited_s=5):
            pass
        if coach.store.call(call.id).outcome:
            break
    call = coach.hang_up(call.id)
    return call, await coach.grade(call.id)


@cache
def played(pair: tuple[str, str], trainee: str) -> tuple[Call, Grade]:
    if trainee == "polite":
        return asyncio.run(_spoken(pair, POLITE))
    coach = build_offline(Settings.load())
    trial = asyncio.run(play(coach, coach.exercise(*pair), trainee, 1))
    return trial.call, trial.grade


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[。！？；]", text) if part]


ALL = [(pair, trainee) for pair in EXERCISES for trainee in ("skilled", "polite", "cold", "rude", "overpromise")]


@pytest.mark.parametrize(("pair", "trainee"), ALL, ids=lambda value: value if isinstance(value, str) else value[1])
def test_feedback_on_a_played_call_fits_the_moment_and_promises_nothing_beyond_the_card(
    pair: tuple[str, str], trainee: str
) -> None:
    call, grade = played(pair, trainee)
    case, operator = call.exercise.case, call.exercise.operator
    assert len(grade.feedback) <= 3
    for item in grade.feedback:
        turn = call.turns[item.turn]
        before = call.turns[item.turn - 1]
        assert before.step is not None
        assert turn.speaker is Speaker.TRAINEE
        assert item.quote
        assert item.quote in turn.text
        assert item.after == before.text
        untold = [fact for fact in case.facts if fact.id not in before.step.state.released]
        assert not [word for fact in untold for word in fact.telltale if word in item.say]
        assert on_card(item.say, case, operator)
        assert all(len(part) <= LONGEST for part in sentences(item.say))
        assert not item.say or all(item.say not in other.text for other in call.turns)
    for what in ("say", "check", "turn", "quote"):
        told = [getattr(item, what) for item in grade.feedback if getattr(item, what) != ""]
        assert len(set(told)) == len(told), what


@pytest.mark.parametrize(("pair", "trainee"), ALL, ids=lambda value: value if isinstance(value, str) else value[1])
def test_what_to_keep_moved_the_customer_and_what_to_change_was_not_good(pair: tuple[str, str], trainee: str) -> None:
    call, grade = played(pair, trainee)
    praised = {
        (item.turn, item.quote)
        for rubric in call.exercise.rubrics
        for graded in grade.rubrics
        if graded.rubric == rubric.id
        for check, verdict in zip(rubric.checks, graded.verdicts, strict=True)
        if check.kind == "merit" and verdict.answer == "yes"
        for item in verdict.evidence
    }
    for item in grade.feedback:
        after = call.turns[item.turn + 1].step if item.turn + 1 < len(call.turns) else None
        before = call.turns[item.turn - 1].step
        assert before is not None
        if item.kind == "keep":
            assert after is not None
            gains = (
                before.state.heat - after.state.heat,
                after.state.trust - before.state.trust,
                after.state.patience - before.state.patience,
            )
            told = set(after.state.released) - set(before.state.released)
            assert max(gains) >= 3 or told
            assert told or re.search(r"\d+(→|升到|降到)\d+", item.effect)
        elif item.how == "add":
            assert (item.turn, item.quote) not in praised


OWNED = (
    "您好，青桥热线，工号六零二七，您请讲。",
    "哎呀，前天改的套餐没生效还多扣了钱，这搁谁都窝火，真对不住。您跟我说说，当时我们同事是怎么跟您讲的？",
    "嗯，当天生效这句话是我们讲错了，这个我替公司认。后来出了什么状况，影响到您什么事没有？",
    "几百个客人看着黑屏，这个脸丢得太冤了。我给您提加急核查，调那通录音，二十四小时内给您回电，值班主管两小时内打您这个号。",
    "您最在意的是不是要有个管事的出来认这个错？",
    "好的，那我复述一下：录音核查二十四小时内答复，主管两小时内回电，对吗？",
    "那您还有别的事要我一起看的吗？谢谢您跟我说得这么清楚，再见。",
)


def test_a_call_in_which_nothing_was_said_badly_but_something_is_missing_has_a_sentence_to_add() -> None:
    call, grade = asyncio.run(_spoken(("manager_demander", "fire_the_agent"), OWNED))
    assert call.state.heat < 40
    assert not grade.passed
    (change,) = [item for item in grade.feedback if item.kind == "change"]
    assert change.how == "add"
    assert change.say
    short = {graded.rubric for graded in grade.rubrics if graded.score is not None and graded.score < 60}
    assert change.rubric in short


def test_a_call_that_left_the_customer_without_help_has_something_to_change_whatever_its_score() -> None:
    lines = (
        "您好，青桥通信，我是8021号，请问有什么可以帮您？",
        "等了三个多星期，换谁都要急，这事是我们没做好。您具体说说，当时是怎么送修的？",
        "我给您对一下：三周前送的修，一直没人回您，对吗？",
        "原因是单子转出去以后没有跟住，所以没人回您。",
        "好，那就这样，再见。",
    )
    call, grade = asyncio.run(_spoken(("furious_complainer", "repair_three_weeks"), lines))
    assert call.outcome not in GOOD_OUTCOMES
    assert any(item.kind == "change" and item.say for item in grade.feedback)


def test_who_hangs_up_after_a_good_sentence_is_told_that_hanging_up_was_wrong_and_not_the_sentence() -> None:
    said = ("您好，青桥热线，工号六零二七，您请讲。", "约了两次都让您白等，请了假人还没来，换谁都得火，这火我听得懂。")
    _, grade = asyncio.run(_spoken(("furious_complainer", "broadband_no_show"), said))
    red = next(item for item in grade.feedback if item.rubric == "red_lines")
    assert red.quote == said[1]
    assert "不是这句话错了，是挂早了" in red.effect


@pytest.mark.parametrize(("pair", "trainee"), ALL, ids=lambda value: value if isinstance(value, str) else value[1])
def test_who_did_not_pass_is_told_what_to_change(pair: tuple[str, str], trainee: str) -> None:
    _, grade = played(pair, trainee)
    assert grade.passed or any(item.kind == "change" for item in grade.feedback)


def test_nobody_is_told_to_close_warmly_while_the_customer_is_leaving_in_anger() -> None:
    for pair in EXERCISES:
        _, grade = played(pair, "cold")
        assert not [item for item in grade.feedback if "还有别的需要" in item.say or "祝您" in item.say]


@pytest.mark.parametrize("case", LIBRARY.cases.values(), ids=lambda case: case.id)
def test_every_sentence_a_case_offers_is_short_and_keeps_to_its_card(case: object) -> None:
    from coach.content.case import Case

    assert isinstance(case, Case)
    coaching = case.coaching
    offered = [
        *coaching.empathise, coaching.restate, coaching.explain, coaching.narrate, coaching.reframe, coaching.close,
        *(fact.ask for fact in case.facts), *(concern.answer for concern in case.concerns),
        *(resolution.say for resolution in case.resolutions),
    ]  # fmt: skip
    for line in offered:
        assert all(len(part) <= LONGEST for part in sentences(line)), line
    assert all(len(part) <= LONGEST for part in sentences(case.trap.why.zh))


@pytest.mark.parametrize("rubric", LIBRARY.rubrics.values(), ids=lambda rubric: rubric.id)
def test_the_sentence_of_every_check_can_be_said_anywhere(rubric: object) -> None:
    from coach.content.rubric import Rubric

    assert isinstance(rubric, Rubric)
    for check in rubric.checks:
        assert check.say_instead, check.id
        assert not amounts(check.say_instead), check.id
        assert all(len(part) <= LONGEST for part in sentences(check.say_instead)), check.id


@pytest.mark.parametrize(("pair", "trainee"), ALL, ids=lambda value: value if isinstance(value, str) else value[1])
def test_what_crossed_a_red_line_comes_first_and_nothing_is_added_to_words_that_hurt(
    pair: tuple[str, str], trainee: str
) -> None:
    call, grade = played(pair, trainee)
    changes = [item for item in grade.feedback if item.kind == "change"]
    crossed = {item.turn for hit in grade.gates for item in hit.evidence}
    first = [item.turn in crossed for item in changes]
    assert first == sorted(first, reverse=True)
    for item in changes:
        before, after = call.turns[item.turn - 1].step, call.turns[item.turn + 1].step
        assert before is not None
        assert after is not None
        if item.how == "add":
            assert after.state.heat - before.state.heat <= 3
        if after.state.heat - before.state.heat <= -3:
            assert "没动" not in item.effect
            assert "没能降下来" not in item.effect
    effects = [item.effect.split("，")[0] for item in grade.feedback]
    assert len(set(effects)) == len(effects), "the same frame twice reads like a form"


def test_what_to_take_along_from_a_good_call_names_its_line() -> None:
    call, grade = played(("furious_complainer", "repair_three_weeks"), "skilled")
    assert not [item for item in grade.feedback if item.kind == "change"]
    named = re.match(r"第 (\d+) 句今天管用", grade.next_time)
    assert named
    assert call.turns[int(named[1]) - 1].speaker is Speaker.TRAINEE


@pytest.mark.parametrize(("pair", "trainee"), ALL, ids=lambda value: value if isinstance(value, str) else value[1])
def test_an_effect_tells_no_change_that_was_none_and_names_as_cause_only_what_the_quoted_words_do(
    pair: tuple[str, str], trainee: str
) -> None:
    call, grade = played(pair, trainee)
    names = {LIBRARY.vocabulary.name(move, "zh").split("（")[0]: move for move in MoveId}
    for item in grade.feedback:
        assert not re.search(r"(?<!\d)(\d+)(→|降到|升到|到)\1(?!\d)", item.effect)
        cause = re.search(r"（([^（）]+)）。", item.effect)
        appraisal, text = call.turns[item.turn].appraisal, call.turns[item.turn].text
        if cause and appraisal and cause[1] in names:
            shown = [found.quote for found in appraisal.moves if found.move is names[cause[1]]]
            assert any(overlap(words, item.quote, text) for words in shown), item.effect


def test_whose_fault_it_was_not_is_told_no_fault_of_ours() -> None:
    coach = build_offline(Settings.load())
    price, fault = ("thrifty_worker", "port_out_retention"), ("furious_complainer", "broadband_no_show")
    assert "是我们没做好" not in apology(coach.exercise(*price))
    assert "是我们没做好" in apology(coach.exercise(*fault))
