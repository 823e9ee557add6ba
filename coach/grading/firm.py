"""What fails a call must be plain: false promises and insults that the classifier found count only with words that bear it out.

A classifier's slip elsewhere costs a few points; here it would fail somebody for 「可以的，我给您退订」. An insult is also borne out
by the company it keeps: an agent who over and over blamed, denied or argued was
not being courteous.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.content.moves import FAULTS
from coach.content.moves import MoveId as M
from coach.records.call import Appraisal, FoundMove
from coach.understanding.patterns import PATTERNS

_PROMISES = (
    PATTERNS["guarantee"],
    PATTERNS["giveaway"],
    PATTERNS["secretly"],
    re.compile(
        r"绝对|算数|我(说|讲)(的|了|退|给|能)|一句话的事|哥们|熟人|我做主|赔[您你]|降到|想用多少|多少送多少|不花[您你]|"
        r"(今天|今晚|半夜|马上|立刻|当场).{0,8}(到账|到[您你]|看到退|修好|搞定)|[退赔送][您你给一二两三四五六七八九十百千万0-9]+[块元百千万]"
    ),
)
_NO_PROMISE = PATTERNS["no_promise"]
_INSULTS = (PATTERNS["scold"], PATTERNS["sarcasm"])
_OTHER_FAULTS = FAULTS - {M.INSULT, M.FALSE_PROMISE, M.IGNORE_FEELING, M.INTERROGATE, M.ASK_AGAIN, M.JARGON_DUMP}
_PLAIN_INSULT = re.compile(
    r"(?<![说骂叫喊])([您你](这个?人)?(是不是|真是|就是|简直|才)?(个)?(神经病|有病|脑残|白痴|废物|傻[子瓜]?|蠢|不要脸|无赖))|给我滚|滚(蛋|开|远点)|(?<![翻打])滚[。！!]?$|他妈|妈的|不要脸"
)
"""Words that need no classifier. Not those the agent repeats (您骂我有病)."""
HOSTILE_FROM = 3
"""Turns with other faults from which an insult is believed without a word for it."""


def firm(turns: Iterable[tuple[str, Appraisal]]) -> list[Appraisal]:
    """The appraisals of a call's trainee turns (with their words) without such slips, and with the insults that are plain.

    What a model or a case's trap says stands.
    """
    every = [_with_plain_insult(text, appraisal) for text, appraisal in turns]
    hostile = sum(1 for appraisal in every if appraisal.kinds & _OTHER_FAULTS) >= HOSTILE_FROM
    return [
        appraisal
        if appraisal.source == "model"
        else appraisal.model_copy(
            update={"moves": tuple(found for found in appraisal.moves if _stands(found, appraisal, hostile))}
        )
        for appraisal in every
    ]


def _with_plain_insult(text: str, appraisal: Appraisal) -> Appraisal:
    plain = _PLAIN_INSULT.search(text)
    if plain is None or M.INSULT in appraisal.kinds or appraisal.source == "model":
        return appraisal
    return appraisal.model_copy(update={"moves": (*appraisal.moves, FoundMove(move=M.INSULT, quote=plain.group()))})


def _stands(found: FoundMove, appraisal: Appraisal, hostile: bool) -> bool:
    if found.move is M.INSULT:
        return hostile or any(pattern.search(found.quote) for pattern in (*_INSULTS, _PLAIN_INSULT))
    if found.move is M.FALSE_PROMISE:
        promised = any(pattern.search(found.quote) for pattern in _PROMISES) and not _NO_PROMISE.search(found.quote)
        return promised or found.quote == appraisal.trap
    return True
