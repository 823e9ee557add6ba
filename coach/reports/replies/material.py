"""What in the material is about a question: rare neighbouring letters that both share count more than common ones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import log

from coach.content.operator import Rule
from coach.reports.replies.asked import Asked, Passages
from coach.reports.replies.passages import Passage

SHARED = 0.4
"""Share of the question's weight that a text must hold to be about it."""
RULES = 0.25
"""The same for a rule of the card, where the question is known to be about the card."""
MOST = 2
_FILLING = re.compile(
    r"我|您|你|他|她|客户|坐席|这通|这一通|电话|什么|怎么|为什么|为啥|是不是|有没有|能不能|可不可以|可以|应该|一下|这个|那个|这样|那样|的话|"
    r"到底|请问|呢|吗|啊|呀|吧|了|的|得|地|在|是|有|要|会|都|也|就|还|说|问|该|直接|几|个|多少|多久|多长|时间|时候|意思|回事|规定|里"
)

_FILLING_EN = frozenset(
    [
        "what",
        "about",
        "when",
        "where",
        "which",
        "does",
        "this",
        "that",
        "have",
        "with",
        "would",
        "could",
        "should",
        "there",
        "they",
        "them",
        "their",
        "your",
        "customer",
        "call",
        "line",
        "said",
        "from",
        "were",
        "been",
        "will",
        "than",
        "then",
        "into",
        "more",
        "most",
        "some",
        "such",
        "only",
        "also",
        "just",
    ]
)
UNSEEN = 0.6
"""Weight of a pair that stands nowhere in the material, against one that stands there once: half of them only join two words."""


@dataclass(frozen=True)
class _Text:
    words: frozenset[str]
    passage: Passage
    rule: Rule | None = None


def letter_pairs(text: str) -> frozenset[str]:
    """Neighbouring letters without filling words; in English, whole words."""
    words = set(re.findall(r"[a-z]{4,}", text.lower())) - _FILLING_EN
    letters = re.sub(r"[^\u4e00-\u9fff]", " ", _FILLING.sub(" ", text))
    return frozenset(words) | {letters[i : i + 2] for i in range(len(letters) - 1) if " " not in letters[i : i + 2]}


def about(asked: Asked) -> list[Passage]:
    """The passages of card, case and rubrics that are most about the question; none where nothing is."""
    texts = [*_of_card(asked), *_of_case(asked), *_of_rubrics(asked)]
    return [text.passage for text in _ranked(asked.question, texts, SHARED)[:MOST]]


def rules_about(asked: Asked, word: str = "") -> Passages:
    """The card's rules that the question is about; with a word, those that hold it."""
    texts = [text for text in _of_card(asked) if text.rule is not None]
    if word and (holding := [text for text in texts if text.rule and word in text.rule.topic.zh + text.rule.text.zh]):
        return (text.passage for text in holding[:MOST])
    return (text.passage for text in _ranked(asked.question, texts, RULES)[:MOST])


def _ranked(question: str, texts: list[_Text], least: float) -> list[_Text]:
    wanted = letter_pairs(question)
    seen = Counter(pair for text in texts for pair in text.words)
    weight = {pair: log(1 + len(texts) / (1 + seen[pair])) * (1 if seen[pair] else UNSEEN) for pair in wanted}
    whole = sum(weight.values())
    if not whole:
        return []
    scored = [(sum(weight[pair] for pair in wanted & text.words) / whole, text) for text in texts]
    return [text for score, text in sorted(scored, key=lambda item: -item[0]) if score >= least]


def _of_card(asked: Asked) -> list[_Text]:
    exercise = asked.call.exercise
    card, knowledge = asked.say("card"), exercise.case.knowledge
    found = []
    for rule in exercise.operator.rules:
        if rule.id in knowledge.rules:
            passage = Passage(text=f"{asked.text(rule.topic)}: {asked.text(rule.text)}", source=card)
            if asked.language != "en":
                passage = Passage(text=f"{rule.topic.zh}：{rule.text.zh}", source=card)
            found.append(_Text(letter_pairs(rule.topic.zh + "。" + rule.text.zh + rule.text.en), passage, rule))
    for item in (*knowledge.record, *knowledge.must_not):
        found.append(_Text(letter_pairs(item.zh + item.en), Passage(text=asked.text(item), source=card)))
    for entry in knowledge.customer:
        words = letter_pairs(f"{entry.label.zh}。{entry.value.zh}{entry.label.en} {entry.value.en}")
        found.append(_Text(words, Passage(text=f"{asked.text(entry.label)} {asked.text(entry.value)}", source=card)))
    return found


def _of_case(asked: Asked) -> list[_Text]:
    case, source = asked.call.exercise.case, asked.say("case_card")
    found = []
    for concern in case.concerns:
        told = asked.say("material.answer", what=asked.text(concern.what), say=concern.answer)
        words = letter_pairs("。".join([concern.what.zh, concern.what.en, *concern.say]))
        found.append(_Text(words, Passage(text=told, source=source)))
    for fact in case.facts:
        if fact.id in asked.call.state.released:  # what was never told stays for the next time
            told = asked.say("material.told", what=fact.what)
            found.append(_Text(letter_pairs(fact.what), Passage(text=told, source=source)))
    for way in case.resolutions:
        told = asked.say("material.way", what=asked.text(way.what), say=way.say)
        found.append(_Text(letter_pairs(f"{way.what.zh}。{way.what.en}"), Passage(text=told, source=source)))
    return found


def _of_rubrics(asked: Asked) -> list[_Text]:
    return [
        _Text(
            letter_pairs("。".join([check.ask.zh, check.ask.en, check.yes_when.zh])),
            asked.explained(rubric, check, verdict),
        )
        for rubric, check, verdict in asked.verdicts()
        if verdict.answer != "na"
    ]
