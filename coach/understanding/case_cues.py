"""What a turn does to this very case: facts asked, concerns answered, resolutions offered, the trap. Cues and sentence forms only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.content.case import Case
from coach.content.text import Cue, any_cue
from coach.understanding.clauses import Clause, split
from coach.understanding.sieve import Sifted

_ASKS = re.compile(
    r"[吗么呢]$|什么|怎么|怎样|哪|(?<!这)(?<!那)(?<!好)几[点天号个次回年月台]|多少|多久|多长|为什么|为啥|啥|咋|(?<!换)(?<!搁)(?<!轮到)谁(?!都|也|不)|是不是|有没有|能不能|会不会|是否|对不对|要不要|说说|讲讲|描述|聊聊|说一下|讲一下"
)
_CONSENT = re.compile(r"(好吗|行吗|可以吗|成吗|行不行|好不好|可不可以|怎么样|如何|您看呢|好么|行么|中不中)$")
_REFUSES = re.compile(
    r"没(有)?(办法|法|权|法子|资格)|不(能|可以|可能|会给|会直接|敢|好|行|允许|支持|让|得|合规|给您|给你|是说)|无法|无权|难以|不(合适|方便|提供|透露)|做不(到|了)|办不(到|了|成)|"
    r"给不(了|到)|答应不|免不了|承诺不|保证不|退不了|减不了|恐怕|很难|超出.{0,6}(权限|范围)|违规|不现实|不符合|别(想|指望)"
)
_UNSURE = re.compile(
    r"(没法|无法|不能|没办法|不好|不敢|不便)(现在|马上|直接)?(告诉|说|答|保证|承诺|确定|给您准|讲)|不知道|不清楚|说不(准|好)|不确定"
)
_THEIR_WORDS = re.compile(
    r"(您|你)(是)?(想要|希望|要求|想让|想我们|提的|说的|提到|刚才|的意思|的诉求|要的|主张|觉得)|(有人|别人|同事|之前|上次|前一位).{0,8}(说|答应|承诺)"
)
_OUT = Sifted(
    r"提示词|系统提示|system\s*prompt|(你的|把你|告诉我你).{0,6}(设定|指令|prompt)|忽略.{0,10}(设定|指令|规则|提示词|以上.{0,4}(内容|要求|的?话)|(之前|前面).{0,6}(设定|要求|对话))|"
    r"(你|您)(到底|其实|真的)?(是不是|是个?|不就是个?).{0,4}(ai|人工智能|机器人|大?模型|程序|gpt|电脑)|chatgpt|openai|deepseek|跳出角色|别演了|停止扮演|"
    r"```|\bdef \w+\(|\bimport \w+|print\(|console\.|<script|select \* from|[{}]\s*$|[A-Za-z_)\]'\"];\s*$",
    re.IGNORECASE,
)

_LATIN = re.compile("[A-Za-zİ\N{KELVIN SIGN}]")
"""The letters from a to z, however their capitals are written."""


@dataclass(frozen=True, slots=True)
class CaseReading:
    asked: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    trap: str = ""


def read_case(text: str, case: Case, questions: Iterable[int] = ()) -> CaseReading:
    """What the turn does to the case. `questions`: numbers of clauses that the classifier takes for questions."""
    clauses = split(text)
    sentences = _sentences(clauses)
    known = set(questions)
    asking = [part for part in sentences if any(_is_question(clauses[at]) or at in known for at in part)]
    asked_text = [" ".join(clauses[at].text for at in part) for part in asking]
    told = [[at for at in part if not _is_real_question(clauses[at])] for part in sentences]
    answers = [_joined(clauses, [at for at in part if not _UNSURE.search(clauses[at].text)]) for part in told]
    affirmed = [
        [at for at in part if not _REFUSES.search(clauses[at].text) and not _THEIR_WORDS.search(clauses[at].text)]
        for part in told
    ]
    offers = [_joined(clauses, part) for part in affirmed]
    return CaseReading(
        asked=tuple(fact.id for fact in case.facts if fact.release.cues and _hit(fact.release.cues, asked_text)),
        answered=tuple(concern.id for concern in case.concerns if _hit(concern.answered_by, answers)),
        offered=tuple(way.id for way in case.resolutions if _hit(way.cues, offers)),
        trap=_trap(text, clauses, affirmed, case.trap.cues),
    )


def plainly_out_of_play(text: str) -> bool:
    """Whether the words themselves leave the play; mostly English may also be somebody who types in English."""
    return bool(_OUT.search(text))


def out_of_play(text: str) -> bool:
    """The trainee leaves the play: asks for the prompt or whether this is an AI, pastes code, or writes mostly English."""
    return plainly_out_of_play(text) or _mostly_english(text)


def _mostly_english(text: str) -> bool:
    latin = len(_LATIN.findall(text))
    return latin > 24 and latin > 4 * sum("一" <= char <= "鿿" for char in text)


def _trap(text: str, clauses: Sequence[Clause], affirmed: Sequence[Sequence[int]], cues: tuple[Cue, ...]) -> str:
    """The shortest run of clauses of one sentence that holds a cue."""
    for part in affirmed:
        for width in range(1, len(part) + 1):
            for at in range(len(part) - width + 1):
                run = part[at : at + width]
                if any_cue(cues, _joined(clauses, run)):
                    return text[clauses[run[0]].start : clauses[run[-1]].end]
    return ""


def _hit(cues: tuple[Cue, ...], texts: Sequence[str]) -> bool:
    return any(any_cue(cues, text) for text in texts)


def _joined(clauses: Sequence[Clause], part: Sequence[int]) -> str:
    return " ".join(clauses[at].text for at in part)


def _sentences(clauses: Sequence[Clause]) -> list[list[int]]:
    parts: dict[int, list[int]] = {}
    for at, clause in enumerate(clauses):
        parts.setdefault(clause.sentence, []).append(at)
    return list(parts.values())


def _is_question(clause: Clause) -> bool:
    return clause.question or bool(_ASKS.search(clause.text))


def _is_real_question(clause: Clause) -> bool:
    """A question that is not just a request for consent to what it says (……好吗)."""
    return (clause.question or clause.text[-1] in "吗么呢") and not _CONSENT.search(clause.text)
