"""What a spoken line must not be: the agent's phrases, out of character, kind while angry, control tokens, another script, a repetition,
a fact told too early.

A model voice is checked sentence by sentence while it streams; what was refused is noted in the turn.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from coach.content.amounts import amounts
from coach.content.amounts import found as found_amounts
from coach.content.persona import Act, Persona
from coach.records.call import Call, Speaker, Step

AGENT_PHRASES = re.compile(
    r"(请问|我还?|您还)有什么(可以|能|需要)?(帮|为您)|有什么(可以|能)帮(到)?您|(可以|能)(帮|为)(到)?您|很高兴为您服务|为您服务|感谢您的(来电|耐心|理解|配合|支持)|给您带来(了)?(不便|困扰)"
    r"|(您的心情|您的感受)我|我(们)?(非常|完全|很|十分)?(能)?理解您(的)?(心情|感受|处境)|请您?(稍等|谅解|放心|提供)|让您久等|请问您(的)?(姓名|手机号|号码|还有)"
    r"|我(们)?(这边)?(先|马上|这就|现在|立即|来|会|可以)*(帮|为|给)[您你](这边)?(查|核实|处理|反馈|登记|办理|开通|加急|跟进|安排|升级)|我们会?(尽快|马上|立即)(给|为|帮|联系|处理|安排)"
    r"|祝您(生活|工作|愉快)|如果您还有(其他|任何)问题"
)
OUT_OF_CHARACTER = re.compile(
    r"作为(一名|一个|一位|你的)?(客服|AI|人工智能|大?模型|语言模型|助手)|我(是|只是|其实是|就是)(一个|一名|个)?(AI|人工智能|大?模型|语言模型|智能助手|虚拟|助手|机器人|程序)"
    r"|(我的|系统)(系统)?(提示词|设定)(是|如下|写)|(我|正)在?(扮演|角色扮演)|我?(无法|不能)(透露|提供|执行|满足)(这|该|您|你|我的|系统|代码|请求)|根据(我的)?(设定|场记|提示)|场记|输出结果",
    re.IGNORECASE,
)
"""The customer admits to being a model or speaks of the prompt. Asking back 什么语言模型？ is what a person would do."""
CONTROL = re.compile(
    r"###|<\|?[a-z_/]+\|?>|\[(?:END|STOP|DONE|挂断|结束)[^\]]*\]|```|^\s*[\{\[]|[【】]|(?:客户|客服|坐席|Customer|Agent)\s*[:：]|（[^）]{0,24}）|\([^)]{0,24}\)|\*[^*]+\*",
    re.M,
)
NOT_CHINESE = re.compile(r"[A-Za-z'’]+(?:[ ,.]+[A-Za-z'’]+){2,}")
GOODWILL = re.compile(
    r"(?<!我)(?<!我可)(?<!我真)(谢谢(你|您)|多谢|非常感谢|感谢)|(?<!不)麻烦(你|您)了|辛苦(你|您)(了|啦)|我(也)?(能|很|完全)?理解(你|您)|(你|您)说得(对|有道理)|那就按?照?(你|您)说的|我相信(你|您)"
)
"""Thanks, understanding and agreement. 我谢谢你 is meant the other way round."""
ASIDE = re.compile(r"^\s*(?:客户|顾客|我)\s*[:：]|（[^）]{0,24}）|\([^)]{0,24}\)|\*[^*]{1,24}\*")
QUOTED = re.compile(r"[“「\"]([^”」\"]*)[”」\"]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SENTENCE_END = re.compile(r"(?<=[。！？!?…；])")
REPEATED_FROM = 0.86
"""Similarity (difflib ratio) from which a sentence of 8 or more characters counts as said before."""
SMALL = 2.0
"""Amounts up to this are figures of speech (说两分钟, 一块钱)."""
MOCKING = frozenset({Act.HARASS, Act.TEST_BOUNDARY, Act.BACK_DOWN, Act.TACTIC})
"""Acts in which throwing the agent's own words back is the point."""
HOT = frozenset(
    {Act.VENT, Act.REJECT_OFFER, Act.TIRED_OF_SORRY, Act.PRESS, Act.STUNG, Act.DEMAND_SUPERVISOR, Act.THREATEN}
    | {Act.LEAVE_SUPERVISOR, Act.LEAVE_COMPLAINT, Act.LEAVE_HANG_UP, Act.HARASS, Act.TEST_BOUNDARY}
)
"""Acts without a kind word: this is where a language model turns polite."""
ANSWERS_ANGER = HOT | MOCKING | {Act.DOUBT}


def sentences(text: str) -> list[str]:
    return [part for part in SENTENCE_END.split(text) if part.strip()]


def tidied(text: str) -> str:
    """The sentence without stage directions, its own name in front and quotation marks around it: models add them to good lines."""
    text = " ".join(ASIDE.sub("", text).split())
    whole = QUOTED.fullmatch(text)
    if whole:
        return whole[1]
    inside = QUOTED.sub("", text)  # what is left of a quotation that runs over several sentences
    if text[:1] in "“「" and text[:1] == inside[:1]:
        text = text[1:]
    return text[:-1] if text[-1:] in "”」" and text[-1:] == inside[-1:] else text


def refusals(sentence: str, call: Call, step: Step) -> list[str]:
    """Ids of the guards that refuse this sentence; empty when it may be spoken."""
    found = []
    if _agent_phrase(sentence, call, step):
        found.append("agent_phrase")
    if OUT_OF_CHARACTER.search(sentence):
        found.append("out_of_character")
    if step.act in HOT and GOODWILL.search(sentence):
        found.append("too_kind")
    if CONTROL.search(sentence):
        found.append("control")
    if NOT_CHINESE.search(sentence):
        found.append("not_chinese")
    if _repeats(sentence, call, step):
        found.append("repeats")
    if _tells_early(sentence, call, step):
        found.append("told_early")
    if _invents_number(sentence, call):
        found.append("invented_number")
    return found


def _agent_phrase(sentence: str, call: Call, step: Step) -> bool:
    """An agent's phrase, unless an angry customer throws back what the trainee just said."""
    found = AGENT_PHRASES.search(sentence)
    return found is not None and not (step.act in ANSWERS_ANGER and found[0] in _heard(call))


def _heard(call: Call) -> str:
    return call.turns[-1].text if call.turns and call.turns[-1].speaker is Speaker.TRAINEE else ""


def _repeats(text: str, call: Call, step: Step) -> bool:
    """Said before by the customer, or parroted from the trainee's last turn."""
    said = [part for turn in call.turns if turn.speaker is Speaker.CUSTOMER for part in sentences(turn.text)]
    if step.act not in MOCKING:
        said += sentences(_heard(call))
    # short words like 你说啊 are repeated by everybody
    new = [part for part in sentences(text) if len(part.strip()) >= 8]
    return any(SequenceMatcher(None, one, other).ratio() >= REPEATED_FROM for one in new for other in said)


def _tells_early(sentence: str, call: Call, step: Step) -> bool:
    told = set(step.state.released)
    case, persona = call.exercise.case, call.exercise.persona
    known = "".join([case.request.zh, case.demand.what.zh, _manner(persona), *(turn.text for turn in call.turns)])
    return any(
        word in sentence and word not in known for fact in case.facts if fact.id not in told for word in fact.telltale
    )


def _manner(persona: Persona) -> str:
    """What the customer may take from the persona. A principle's example lines are of another call: nothing in them is known here."""
    return persona.model_dump_json(exclude={"principles"})


def _invents_number(sentence: str, call: Call) -> bool:
    """Numbers that stand neither in the case, the persona, the house rules nor in what was said so far."""
    numbers = NUMBER.findall(sentence)
    spoken = {amount[1] for amount, words in found_amounts(sentence) if amount[1] > SMALL and words[0] not in "半几"}
    if not numbers and not spoken:
        return False
    exercise = call.exercise
    known = exercise.case.model_dump_json() + _manner(exercise.persona) + "".join(turn.text for turn in call.turns)
    values = {value for _, value in amounts(known)}
    return any(number not in known for number in numbers) or bool(spoken - values)


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
