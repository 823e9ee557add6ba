"""Hides who is speaking before a transcript leaves the machine, and puts it back where a quote is shown.

The same value gets the same placeholder throughout a transcript, so that the judge can still follow who and what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from coach.records.grade import Transcript

_GAP = r"[ \-—·]?"
_DIGIT = "[0-9零〇一二两三四五六七八九幺]"
_PLACE = "(?:(?![是在住到的为您我你叫说去寄址])[一-鿿])"
"""A letter of a place name; words that only lead to one are left outside."""
_EDGE_BEFORE, _EDGE_AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
    "闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("邮箱", r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"),
    ("证件", rf"{_EDGE_BEFORE}[1-9](?:{_GAP}\d){{16}}{_GAP}[0-9Xx]{_EDGE_AFTER}"),
    ("卡号", rf"{_EDGE_BEFORE}\d(?:{_GAP}\d){{14,18}}{_EDGE_AFTER}"),
    ("手机号", rf"{_EDGE_BEFORE}(?:\+?86{_GAP})?1[3-9](?:{_GAP}\d){{9}}{_EDGE_AFTER}"),
    ("手机号", rf"(?<!{_DIGIT})[1一幺](?:{_GAP}[3-9三四五六七八九])(?:{_GAP}{_DIGIT}){{9}}(?!{_DIGIT})"),
    ("座机", rf"{_EDGE_BEFORE}0\d{{2,3}}{_GAP}[2-9]\d{{6,7}}{_EDGE_AFTER}"),
    (
        "地址",
        rf"(?:{_PLACE}{{2,7}}?(?:省|自治区|市|区|县|镇|乡))*{_PLACE}{{1,8}}?(?:路|街|大道|巷|胡同|小区|花园|公寓|家园|苑|村)"
        rf"(?:{_PLACE}{{0,6}}?[0-9一二三四五六七八九十百]+(?:号楼|号院|号|栋|幢|座|单元|层|楼|室|弄|组))+(?:[0-9]{{3,4}}(?![0-9]))?",
    ),
    (
        "工号",
        r"(?<=工号)(?:是|为)?[0-9零一二三四五六七八九幺]{3,8}|[0-9零一二三四五六七八九幺]{3,8}(?=号?(?:为您|很高兴|在线|接听))|(?<=我是)[0-9零一二三四五六七八九幺]{3,8}(?=号)",
    ),
    ("称呼", rf"[{_SURNAMES}](?:先生|女士|小姐|阿姨|大爷|叔叔|师傅|老师|总(?![是之共要得会不])|经理)"),
)
_NEEDS = (r"@", r"\d", r"\d", r"\d", f"{_DIGIT}(?:{_GAP}{_DIGIT}){{3}}", r"\d", r"[路街道巷同区园寓苑村]", r"工号|我是|[0-9零一二三四五六七八九幺]{3}", r"先生|女士|小姐|阿姨|大爷|叔叔|师傅|老师|总|经理")  # fmt: skip
"""What every match of the pattern in the same place holds: looked for first, since most turns have none of it."""
_RULES = tuple(
    (kind, re.compile(pattern), re.compile(need)) for (kind, pattern), need in zip(_PATTERNS, _NEEDS, strict=True)
)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if at % 2 else 1) for at, d in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _is_chinese_id(digits: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], weights, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


_PROVES: dict[str, Callable[[str], bool]] = {"证件": _is_chinese_id, "卡号": _luhn}
"""Long runs of digits are also ticket numbers: only those whose check digit fits are hidden."""


class Mask:
    """Masks one transcript. `names`: besides the patterns."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
        self._given: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}

    def mask(self, text: str) -> str:
        """The text with placeholders such as ‹手机号1›. Marks of that shape in the text itself are defused first."""
        plain = text.replace("‹", "(").replace("›", ")")
        for name in self._names:
            plain = plain.replace(name, self._placeholder("姓名", name))
        for kind, pattern, need in _RULES:
            if need.search(plain):
                plain = self._outside(plain, kind, pattern)
        return plain

    def unmask(self, text: str) -> str:
        """The original words; an unknown placeholder stays as it is."""
        for placeholder, value in self._values.items():
            text = text.replace(placeholder, value)
        return text

    def _outside(self, text: str, kind: str, pattern: re.Pattern[str]) -> str:
        """Replaces outside placeholders only, so that nothing is masked twice."""
        pieces = re.split(r"(‹[^‹›]*›)", text)
        return "".join(
            piece if piece.startswith("‹") else pattern.sub(lambda hit: self._hide(kind, hit.group()), piece)
            for piece in pieces
        )

    def _hide(self, kind: str, value: str) -> str:
        proves = _PROVES.get(kind)
        if proves is not None and not proves(re.sub(r"[^0-9Xx]", "", value)):
            return value
        return self._placeholder(kind, value)

    def _placeholder(self, kind: str, value: str) -> str:
        # the same number with and without dashes is the same person
        key = kind, re.sub(r"[ \-—·]", "", value)
        if key not in self._given:
            number = sum(1 for known, _ in self._given if known == kind) + 1
            self._given[key] = f"‹{kind}{number}›"
            self._values[self._given[key]] = value
        return self._given[key]


def masked_turns(transcript: Transcript) -> tuple[Mask, list[str]]:
    """The mask and every turn's text through it."""
    mask = Mask(transcript.names)
    return mask, [mask.mask(turn.text) for turn in transcript.turns]
