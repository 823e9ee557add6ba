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
from coach.understanding.plain_words import promises
from coach.understanding.sieve import Sifted

_GIVES = re.compile(r"给[您你]|保证|我(做主|说了算|包)|[免退赔送]|修好|办[成好]")
_INSULTS = re.compile(
    r"有病|脑[子袋]|傻|蠢|笨|神经|闲[的得着出]|废话|听不懂|人话|文盲|没(文化|素质|教养|见识|常识|脑)|什么(东西|人|素质|玩意|水平)|滚|闭嘴|可笑|[您你]以为|"
    r"耳朵|穷|买不起|活该|呵|不识字|上过学|智商|小学|幼儿园|三岁|教你|乡下|矫情|丢人|大爷|祖宗|伺候|不配|贪|占便宜|讹|碰瓷|有本事|了不起|吓唬|"
    r"怕[您你]|泼|疯|无理取闹|胡搅|可怜|吃饱|较真|就[您你]|哎[哟呦]|[您你]可?真(行|能|厉害|会)|高见|好厉害|随您高兴|不然呢"
)
_OTHER_FAULTS = FAULTS - {M.INSULT, M.FALSE_PROMISE, M.IGNORE_FEELING, M.INTERROGATE, M.ASK_AGAIN, M.JARGON_DUMP}
_PLAIN_INSULT = Sifted(
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
    return [appraisal if appraisal.source == "model" else _standing(appraisal, hostile) for appraisal in every]


def _standing(appraisal: Appraisal, hostile: bool) -> Appraisal:
    moves = tuple(found for found in appraisal.moves if _stands(found, appraisal, hostile))
    return appraisal if len(moves) == len(appraisal.moves) else appraisal.model_copy(update={"moves": moves})


def _with_plain_insult(text: str, appraisal: Appraisal) -> Appraisal:
    plain = _PLAIN_INSULT.search(text)
    if plain is None or M.INSULT in appraisal.kinds or appraisal.source == "model":
        return appraisal
    return appraisal.model_copy(update={"moves": (*appraisal.moves, FoundMove(move=M.INSULT, quote=plain.group()))})


def _stands(found: FoundMove, appraisal: Appraisal, hostile: bool) -> bool:
    if found.move is M.INSULT:
        return hostile or bool(_INSULTS.search(found.quote) or _PLAIN_INSULT.search(found.quote))
    if found.move is M.FALSE_PROMISE:
        promised = promises(found.quote)
        # 「肯定是您手机的问题，别人都没问题」 puts something off and gives nothing
        shifts = appraisal.kinds & {M.BLAME_CUSTOMER, M.DENY} and not _GIVES.search(found.quote)
        return (promised and not shifts) or found.quote == appraisal.trap
    return True
