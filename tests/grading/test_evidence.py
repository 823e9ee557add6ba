"""Quotes stand only when the trainee said them."""

from __future__ import annotations

import random

import pytest
from grading_helpers import agent, customer, transcript

from coach.grading.evidence import find_quote, found_quotes

SAID = transcript(
    customer("你们给我免三个月，我马上去投诉！"),
    agent("您好，流量  ４０ＧＢ，“够用”的。"),
    customer("真的？"),
    agent("真的，App里能看，您放心。"),
)


@pytest.mark.parametrize(
    ("quote", "turn", "words"),
    [
        ("流量40gb够用", 1, "流量  ４０ＧＢ，“够用"),
        ("流量 40GB，够用的。", 1, "流量  ４０ＧＢ，“够用”的"),
        ("APP里能看", 3, "App里能看"),
        ("您好", 1, "您好"),
        ("真的，app", 3, "真的，App"),
    ],
)
def test_width_case_spaces_and_punctuation_do_not_count(quote: str, turn: int, words: str) -> None:
    found = find_quote(quote, SAID)
    assert found is not None
    assert (found.turn, found.quote) == (turn, words)
    assert found.quote in SAID.turns[turn].text


@pytest.mark.parametrize(
    "quote", ["免三个月", "我马上去投诉", "真的？", "够", "。，！", "", "流量四十GB", "流量40TB", "您放心吧", "看您好"]
)
def test_what_the_trainee_did_not_say_is_not_found(quote: str) -> None:
    found = find_quote(quote, SAID)
    assert found is None or (quote == "真的？" and found.turn == 3)


def test_the_named_turn_is_preferred_and_a_wrong_one_is_mended() -> None:
    twice = transcript(agent("好的请说"), customer("嗯"), agent("好的请说"))
    assert [item.turn for item in (find_quote("好的请说", twice, 2), find_quote("好的请说", twice, 0)) if item] == [
        2,
        0,
    ]
    assert find_quote("App里能看", SAID, 1) == find_quote("App里能看", SAID, 3)
    assert find_quote("够用", SAID, 99) is not None


def test_letters_changed_added_or_dropped_are_never_found() -> None:
    chance = random.Random(7)
    words = "流量够用的真的里能看您放心"
    for _ in range(300):
        fake = list(words[: chance.randint(4, len(words))])
        fake[chance.randrange(len(fake))] = chance.choice("龘靐齉爩")
        assert find_quote("".join(fake), SAID, chance.randrange(5)) is None


def test_the_same_words_count_once() -> None:
    assert len(found_quotes([(3, "您放心"), (3, "您放心。"), (3, "没说过的")], SAID)) == 1
