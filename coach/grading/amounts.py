"""Amounts, times and percentages in a sentence, so that feedback never says one that the knowledge card doesn't have."""

from __future__ import annotations

import re

from coach.content.case import Case
from coach.content.operator import Operator

_NUMERAL = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = "个工作日|工作日|小时|钟头|分钟|个月|天|元|块|倍|折|%|号|日|点钟|月|年|[gG][bB]?|兆|[mM](?![a-zA-Z])"
_AMOUNT = re.compile(rf"(\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)\s*个?({_UNITS})")
_SAME_UNIT = {"钟头": "小时", "块": "元", "个工作日": "工作日", "个月": "月", "日": "号", "点钟": "点", "gb": "g"}


_IDIOM = re.compile(
    r"一个?(?:分钟|天|月|年|块|兆|元)|[这那前后]两天|\d{3,}号|[一二两三四五六七八九十]个号|一年级|[一二三四五六]个?年级"
)
"""「大概一分钟」「一天下来」, 8021号: said without a limit or a sum that somebody could be held to."""


def amounts(text: str) -> frozenset[tuple[str, str]]:
    """Each amount or date as (number, unit): 四小时 and 4个小时 are the same."""
    return frozenset(
        (_plain(number), _SAME_UNIT.get(unit.lower(), unit.lower()))
        for number, unit in _AMOUNT.findall(_IDIOM.sub(" ", text))
    )


def _plain(number: str) -> str:
    if number[0].isdigit():
        return number
    total, current = 0, 0
    for sign in number:
        if sign in "十百千":
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            current = 0
        else:
            current = _NUMERAL[sign]
    return str(total + current)


def card_text(case: Case, operator: Operator) -> str:
    """All that the trainee can look up, and what the customer can tell."""
    rules = [rule.text.zh for rule in operator.rules if rule.id in case.knowledge.rules]
    entries = [entry.value.zh for entry in case.knowledge.customer]
    record = [item.zh for item in case.knowledge.record]
    told = [fact.what + "".join(fact.say) for fact in case.facts]
    return "\n".join([*rules, *entries, *record, *told, case.request.zh, *case.openings])


def on_card(sentence: str, case: Case, operator: Operator) -> bool:
    """Whether every amount of the sentence stands on the card."""
    return amounts(sentence) <= amounts(card_text(case, operator))
