"""Amounts, shares and time limits in a sentence, so that what a case says can be held against the house rules.

>>> sorted(amounts("4小时内联系，最多退三十块"))
[('元', 30.0), ('小时', 4.0)]
"""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "半": 0.5}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_UNITS = r"个?工作日|个?小时|个?月|分钟|元|块|%|折|天|日|年|GB|G|MB|M|兆"
_NUMBER = r"\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]+|半"
_AMOUNT = re.compile(rf"(?:百分之(?P<share>{_NUMBER}))|(?<![\d第每])(?P<number>{_NUMBER})(?P<unit>{_UNITS})")
_RATE = re.compile(r"一(?:天|日|个?月|年|分钟)(?!之?以?内|后)")
"""「25元一天」, 「一分钟就好」: not a limit that somebody could be held to."""
_SAME = {
    "块": ("元", 1.0),
    "G": ("GB", 1.0),
    "M": ("MB", 1.0),
    "兆": ("MB", 1.0),
    "天": ("小时", 24.0),
    "日": ("小时", 24.0),
    "年": ("月", 12.0),
    "折": ("%", 10.0),
}
Amount = tuple[str, float]
"""(unit, number), units brought to one: days to hours, years to months, 块 to 元, 八折 to 80 %."""


def amounts(text: str) -> set[Amount]:
    """All amounts with a unit in the text."""
    return {amount for amount, _ in found(text)}


def found(text: str) -> list[tuple[Amount, str]]:
    """Each amount with the words that say it."""
    return [(_amount(match), match.group()) for match in _AMOUNT.finditer(text) if not _RATE.match(text, match.start())]


def _amount(match: re.Match[str]) -> Amount:
    if match["share"]:
        return "%", number(match["share"])
    unit = match["unit"].removeprefix("个")
    same, factor = _SAME.get(unit, (unit, 1.0))
    return same, number(match["number"]) * factor


def number(words: str) -> float:
    """Digits or Chinese numerals up to 万."""
    if words[0].isdigit():
        return float(words)
    whole, digit = 0.0, 0.0
    for sign in words:
        if sign in _PLACES:
            whole += (digit or 1) * _PLACES[sign]
            digit = 0.0
        else:
            digit = _DIGITS[sign]
    return whole + digit
