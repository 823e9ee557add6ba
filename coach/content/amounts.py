"""Amounts, shares, dates and time limits in a sentence, so that what is said can be held against the knowledge card and the house rules.

>>> sorted(amounts("4小时内联系，最多退三十块"))
[('元', 30.0), ('小时', 4.0)]
"""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HALF = {"半": 0.5}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_UNITS = (
    r"个?工作日|个?小时|个?钟头|个月|分钟|元|块|倍|%|折|天|日|年|月(?![租费底])|号(?![楼院线店卡])|点钟|点(?=[前半]|之前|以前)|"
    r"[gG][bB]?|[mM][bB]?(?![a-zA-Z])|兆"
)
_NUMBER = r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+|半"
_AMOUNT = re.compile(rf"(?:百分之(?P<share>{_NUMBER}))|(?<![\d.第每])(?P<number>{_NUMBER})\s*(?P<unit>个?(?:{_UNITS}))")
_IDIOM = re.compile(
    r"一个?(?:天|日|月|年|分钟)(?!之?以?内|后)|一个?(?:块|兆|元)|半(?:分钟|天)|[这那前后]两天|\d{3,}号|[一二两三四五六七八九十]个号|[一二三四五六]个?年级"
)
"""「25元一天」, 「大概半分钟」, 「哪一块」, 8021号: no limit, sum or date that somebody could be held to."""
_SAME = {
    "块": ("元", 1.0),
    "G": ("GB", 1.0),
    "M": ("MB", 1.0),
    "兆": ("MB", 1.0),
    "钟头": ("小时", 1.0),
    "天": ("小时", 24.0),
    "年": ("个月", 12.0),
    "折": ("%", 10.0),
    "日": ("号", 1.0),
    "点钟": ("点", 1.0),
}
_WITHIN = re.compile(r"之?以?内|后")
Amount = tuple[str, float]
"""(unit, number), units brought to one: days to hours, years to months, 块 to 元, 八折 to 80 %. 月 is a date, 个月 a length."""


def amounts(text: str) -> set[Amount]:
    """All amounts with a unit in the text."""
    return {amount for amount, _ in found(text)}


def found(text: str) -> list[tuple[Amount, str]]:
    """Each amount with the words that say it."""
    idioms = [match.span() for match in _IDIOM.finditer(text)]
    return [
        (_amount(match, text), match.group())
        for match in _AMOUNT.finditer(text)
        if not any(start <= match.start() < end for start, end in idioms)
    ]


def _amount(match: re.Match[str], text: str) -> Amount:
    if match["share"]:
        return "%", number(match["share"])
    unit = match["unit"] if match["unit"] == "个月" else match["unit"].removeprefix("个")
    if unit[0] in "gGmM":
        unit = unit[0].upper()
    if unit == "日" and _WITHIN.match(text, match.end()):  # 3日内 is a length, 3日 a date
        unit = "天"
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
            digit = _HALF.get(sign) or _DIGITS[sign]
    return whole + digit
