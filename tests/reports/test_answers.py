"""Asking the coach without a model: questions as trainees type them, answered from this call's own material or not at all."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from typing import Literal

import pytest
from builders import ROOT
from call_samples import good_call, good_grade, vocabulary
from test_golden import spoken

from coach.content.amounts import amounts
from coach.content.card import card_text
from coach.content.library import Library
from coach.records.call import Call
from coach.records.grade import Grade
from coach.reports.replies.answers import answer
from coach.reports.replies.passages import Answer
from coach.settings import Settings
from coach.trial.play import play
from coach.wiring import build_offline

Kind = Literal["good", "medium", "bad"]
VOCABULARY = Library.load(ROOT).vocabulary


@cache
def called(kind: str) -> tuple[Call, Grade]:
    return asyncio.run(spoken(kind))


@cache
def played(persona: str, case: str, trainee: str) -> tuple[Call, Grade]:
    coach = build_offline(Settings.load())
    trial = asyncio.run(play(coach, coach.exercise(persona, case), trainee, 1))
    return trial.call, trial.grade


def ask(question: str, call: Call, grade: Grade, language: str = "zh") -> Answer:
    return answer(question, call, grade, VOCABULARY, language)


def told(question: str, kind: str, language: str = "zh") -> str:
    return "\n".join(part.text for part in ask(question, *called(kind), language).parts)


ANSWERED = {
    "下次怎么开头": ("下次可以这样开头：「您好，青桥通信8021号为您服务，请讲。」", "您开头说的是第 2 句"),
    "为什么这样算合格": ("合格看两条", "线 60"),
    "怎么才能合格": ("合格看两条",),
    "我是不是该直接给他打折": ("「打折」这一项知识卡上没有", "不能答应免月租", "加急报修"),
    "能不能给他免月租": ("不能答应免月租", "退费与减免权限"),
    "规定里补偿怎么算": ("月费的三倍",),
    "我哪句话最伤人": ("句「",),
    "我说错什么了": ("句「",),
    "他为什么突然发火": ("他打进来的时候火气就有 78",),
    "我第二句怎么说更好": ("您的第 2 句，就是通话里的第 4 句",),
    "第4句哪里不好": ("第 4 句：「",),
    "什么叫复述": ("复述确认：", "放到这通电话里：「"),
    "什么是情感线": ("一通电话有两条线",),
    "怎么才能到100分": ("总分是各张表的平均",),
    "我哪里做得好": ("评分表里",),
    "同理心为什么扣分": ("「亲和力与同理心」",),
    "哪里扣的分": ("丢分最多的",),
    "他到底想要什么": ("他嘴上要的：今天就派人上门修好",),
    "我还该问他什么": ("他嘴上要的",),
    "怎么安抚他": ("同理：", "约了两次都让您白等"),
    "怎么拒绝他": ("婉拒：", "不能答应免月租"),
    "他要投诉我怎么办": ("规范升级：",),
    "他问再没人来怎么办我怎么答": ("工单编号我现在就报给您",),
    "这种客户怎么对付": ("火气在 58 以上",),
    "我话是不是太多了": ("占全部字数",),
    "最后应该怎么收尾": ("谈妥以后，可以这样收",),
    "这分打得不公平": ("觉得哪条判得不对",),
    "下一通我该练什么": ("明天", "第"),
    "加急要几个小时": ("加急单4小时内联系客户约时间",),
    "红线碰了吗": ("红线一共",),
}


@pytest.mark.parametrize("kind", ["good", "medium", "bad"])
@pytest.mark.parametrize("question", ANSWERED)
def test_what_trainees_ask_is_answered_from_this_call_and_its_material(question: str, kind: Kind) -> None:
    call, grade = called(kind)
    found = ask(question, call, grade)
    text = "\n".join(part.text for part in found.parts)
    assert found.found, text
    for words in ANSWERED[question]:
        if (kind, words) not in {("good", "句「"), ("good", "丢分最多的"), ("bad", "评分表里")}:
            assert words in text
    assert "{" not in text
    spoken_lines = [turn.text for turn in call.turns]
    quoted = re.findall(r"第 \d+ 句「([^」]+)」", text)
    assert all(any(words in line for line in spoken_lines) for words in quoted)
    card = card_text(call.exercise.case, call.exercise.operator)
    known = amounts(
        card + "。".join(spoken_lines) + "。".join(item.zh for item in call.exercise.case.knowledge.must_not)
    )
    own = "".join(re.findall(r"可以这样说：「([^」]+)」", text))
    assert amounts(own) <= known


@pytest.mark.parametrize("kind", ["good", "medium", "bad"])
@pytest.mark.parametrize("question", ["明天天气怎么样", "写首诗", "你是谁", "股票会涨吗", "What about the weather?"])
def test_what_nothing_is_about_is_not_answered_and_says_what_can_be_asked(question: str, kind: Kind) -> None:
    found = ask(question, *called(kind))
    text = "\n".join(part.text for part in found.parts)
    assert not found.found
    assert "没有材料能回答" in text
    assert "下次怎么开头" in text


def test_a_number_that_is_no_line_is_said_to_be_none() -> None:
    assert "没有这一句" in told("第 99 句呢", "bad")
    assert "没有这一句" in told("我第三十句呢", "bad")
    assert "评分不评客户" in told("第 1 句", "bad")


def test_the_worst_line_is_the_one_that_crossed_a_red_line_although_it_pleased() -> None:
    text = told("我哪句话最伤人", "bad")
    assert text.startswith("分量最重的是第 8 句「行行行，我保证今天一定给您修好")
    assert "就越过了这条线" in told("我能答应他免三个月吗", "bad")
    assert "没有哪句话明显伤到客户" in told("我哪句话最伤人", "good")


def test_a_line_that_worked_is_not_bettered() -> None:
    text = told("第 2 句怎么说更好", "good")
    assert "不用改" in text
    assert "最管用的一句" not in text


def test_points_to_reach_a_score_can_be_added_up() -> None:
    call, grade = called("medium")
    text = told("怎么才能到60分", "medium")
    found = re.search(r"从 (\d+) 分到 (\d+) 分", text)
    assert found
    assert int(found[1]) == grade.score
    assert int(found[2]) > int(found[1])
    assert "已经到 60 分" in told("怎么到60分", "good")
    assert "先要不碰红线" in told("怎么才能到80分", "bad")
    assert call.outcome


def test_a_harasser_is_answered_with_a_boundary_and_a_proper_customer_is_not() -> None:
    harassed = played("pestering_caller", "private_contact", "rude")
    text = "".join(part.text for part in ask("他骂人我怎么办", *harassed).parts)
    assert "三步走" in text
    assert "不用安抚" in ask("怎么安抚他", *harassed).parts[0].text
    assert "不是骚扰" in told("他骂人我怎么办", "bad")
    assert "不给微信" in "".join(part.text for part in ask("我能给他微信吗", *harassed).parts)


def test_what_the_customer_never_told_is_asked_for_and_not_told() -> None:
    call, grade = called("bad")
    untold = [fact for fact in call.exercise.case.facts if fact.id not in call.state.released]
    assert untold
    for question in ANSWERED:
        text = "\n".join(part.text for part in ask(question, call, grade).parts)
        assert not [fact.what for fact in untold if fact.what in text]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How should I open next time?", "Next time you could open"),
        ("Why did I fail?", "Two things make a pass"),
        ("Which line hurt most?", "What weighs most is line 8"),
        ("What is restating?", "Says back the facts"),
        ("May I give him a discount?", "must not be promised"),
        ("What was wrong in line 4?", "Line 4:"),
        ("Why did empathy lose points?", "Warmth and empathy"),
    ],
)
def test_english_is_understood_too(question: str, words: str) -> None:
    assert words in told(question, "bad", "en")


def test_a_hand_made_call_without_what_was_counted_can_be_asked_everything() -> None:
    for question in ANSWERED:
        assert answer(question, good_call(), good_grade(), vocabulary(), "zh").parts


@pytest.mark.parametrize("question", ["最后应该怎么收尾", "怎么安抚他", "什么叫个性化关怀"])
def test_no_sentence_takes_for_known_what_the_customer_never_told(question: str) -> None:
    call, _ = called("bad")
    untold = [fact for fact in call.exercise.case.facts if fact.id not in call.state.released]
    assert not [word for fact in untold for word in fact.telltale if word in told(question, "bad")]
