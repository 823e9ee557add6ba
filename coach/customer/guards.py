"""What a spoken line must not be: the agent's phrases, control tokens, another script, a repetition, a fact told too early.

A model voice is checked sentence by sentence while it streams; what was refused is noted in the turn.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from coach.records.call import Call, Speaker, Step

AGENT_PHRASES = re.compile(
    r"(请问|还)有什么(可以|能|需要)?帮|(可以|能)帮(到)?您|很高兴为您服务|为您服务|感谢您的来电|感谢您的耐心|给您带来(了)?不便|您的心情我(们)?(非常)?理解|请您(稍等|谅解|放心)"
    r"|我(马上|这就|立即)?(帮|为)您(查|处理|反馈|登记|办理)|请问您(的)?(姓名|手机号|还有)|祝您(生活|工作|愉快)|作为(一名|一个)?(客服|AI|人工智能|语言模型)"
    r"|我是(一个)?(AI|人工智能|语言模型|助手)|如果您还有(其他|任何)问题"
)
CONTROL = re.compile(
    r"###|<\|?[a-z_/]+\|?>|\[(?:END|STOP|DONE|挂断|结束)[^\]]*\]|```|^\s*[\{\[]|(?:客户|客服|坐席|Customer|Agent)\s*[:：]|（[^）]{0,24}）|\([^)]{0,24}\)|\*[^*]+\*",
    re.M,
)
NOT_CHINESE = re.compile(r"[A-Za-z]{4,}(?:[ ,.'][A-Za-z]+){2,}")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SENTENCE_END = re.compile(r"(?<=[。！？!?…；])")
REPEATED_FROM = 0.86
"""Similarity (difflib ratio) from which a sentence of 8 or more characters counts as said before."""


def sentences(text: str) -> list[str]:
    return [part for part in SENTENCE_END.split(text) if part.strip()]


def refusals(sentence: str, call: Call, step: Step) -> list[str]:
    """Ids of the guards that refuse this sentence; empty when it may be spoken."""
    found = []
    if AGENT_PHRASES.search(sentence):
        found.append("agent_phrase")
    if CONTROL.search(sentence):
        found.append("control")
    if NOT_CHINESE.search(sentence):
        found.append("not_chinese")
    if _repeats(sentence, call):
        found.append("repeats")
    if _tells_early(sentence, call, step):
        found.append("told_early")
    if _invents_number(sentence, call):
        found.append("invented_number")
    return found


def _repeats(text: str, call: Call) -> bool:
    said = [part for turn in call.turns if turn.speaker is Speaker.CUSTOMER for part in sentences(turn.text)]
    # short words like 你说啊 are repeated by everybody
    new = [part for part in sentences(text) if len(part.strip()) >= 8]
    return any(SequenceMatcher(None, one, other).ratio() >= REPEATED_FROM for one in new for other in said)


def _tells_early(sentence: str, call: Call, step: Step) -> bool:
    told = set(step.state.released)
    known = "".join(turn.text for turn in call.turns)
    return any(
        word in sentence and word not in known
        for fact in call.exercise.case.facts
        if fact.id not in told
        for word in fact.telltale
    )


def _invents_number(sentence: str, call: Call) -> bool:
    """Numbers that stand neither in the case, the persona, the house rules nor in what was said so far."""
    numbers = NUMBER.findall(sentence)
    if not numbers:
        return False
    exercise = call.exercise
    known = (
        exercise.case.model_dump_json() + exercise.persona.model_dump_json() + "".join(turn.text for turn in call.turns)
    )
    return any(number not in known for number in numbers)


def capped(text: str, max_chars: int) -> str:
    """The line cut after the last whole sentence within `max_chars`; a single over-long sentence is cut at a comma."""
    if len(text) <= max_chars:
        return text
    kept = ""
    for part in sentences(text):
        if len(kept) + len(part) > max_chars:
            break
        kept += part
    if kept:
        return kept
    head = text[:max_chars]
    cut = max(head.rfind(mark) for mark in "，,、 ")
    return (head[:cut] if cut >= max_chars // 2 else head).rstrip("，,、 ") + "。"
