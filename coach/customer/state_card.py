"""What the model voice is told: who it plays (once, first) and, after the history, a short card of its state for this very line."""

from __future__ import annotations

import re

from coach.content.persona import Act, Persona
from coach.customer.principles import told
from coach.customer.words import act_direction, shared_lines
from coach.prompts.render import untrusted
from coach.records.call import Call, Step

HEAT = {
    "excited": ("没什么火气", "有点不痛快", "憋着火", "火气大", "气炸了"),
    "confused": ("心里还算稳", "有点不踏实", "心里发慌", "慌得厉害", "慌得没了主意"),
    "demanding": ("没什么不满", "有点不快", "不满意", "很不满意，话更短更硬", "忍到头了，一句客气也没有"),
}
"""How strong the feeling is, by the persona's type (B1): a frightened old woman told to be 火气大 would shout."""
FEELING = {"excited": "火气", "confused": "慌", "demanding": "不满"}
LEVELS = {
    "trust": ("一点不信他", "不太信他", "半信半疑", "比较信他", "很信他"),
    "patience": ("快耗光了", "不多了", "还有一些", "还够", "很足"),
}
"""Each scale of 0 to 100 in five words, which models follow better than figures."""
SAMPLED = (Act.VENT, Act.DOUBT, Act.STUNG, Act.SOFTEN, Act.ANSWER)
HARASSING_SAMPLED = (Act.HARASS, Act.TEST_BOUNDARY, Act.PRESS, Act.STUNG, Act.ANSWER)
"""Acts whose first authored line shows the voice how this person sounds (style from lines, not from adjectives)."""
SHOWN = 2
"""Authored lines of the present act that the card shows: nothing else keeps a model as curt as the person is."""
TEMPERAMENT = {
    "power": "力量型：要结果，要掌控，讨厌绕弯子",
    "lively": "活泼型：话多，情绪写在脸上，容易被带跑",
    "perfect": "完美型：抠细节，认数字和依据，记得住每句话",
    "peaceful": "和平型：不爱吵，吞吞吐吐，心里有数不直说",
}


def level(scale: str, value: int) -> str:
    """Where a scale stands, in words."""
    return LEVELS[scale][min(value // 20, 4)]


def heat_level(persona: Persona, value: int) -> str:
    """How strong this person's feeling is, in words for their type."""
    return HEAT[persona.type][min(value // 20, 4)]


def direction(call: Call, step: Step) -> str:
    """What the customer is told to do in this turn."""
    return act_direction(step.act).format(feeling=FEELING[call.exercise.persona.type])


def about_person(text: str) -> str:
    """What a persona says about itself, on one line: personas come from other programs too, and nothing in one may look like a
    heading of the prompt or open a part of its own."""
    return untrusted(text).replace("【", "〔").replace("】", "〕")


def _folded(text: str) -> str:
    """Line breaks of a YAML block out; Chinese needs no space between lines, other scripts do."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", " ".join(text.split()))


def identity(call: Call) -> dict[str, object]:
    """Variables of the prompt's stable part. Facts of the case are not among them: an untold fact is not in the prompt at all."""
    persona, case = call.exercise.persona, call.exercise.case
    sampled = HARASSING_SAMPLED if persona.harassing else SAMPLED
    return {
        "operator": call.exercise.operator.name.zh,
        "background": about_person(_folded(persona.background)),
        "temperament": TEMPERAMENT[persona.temperament],
        "habits": [about_person(habit) for habit in persona.speech.habits],
        "fillers": [about_person(filler) for filler in persona.speech.fillers],
        "region": about_person(persona.speech.region),
        "samples": [
            about_person(line) for act in sampled for line in persona.lines.get(act, ())[:1] if "{" not in line
        ],
        "rules": [about_person(rule) for rule in told(persona)],
        "called": case.direction == "outbound",
        "request": case.request.zh,
        "demand": case.demand.what.zh,
        "max_chars": persona.speech.max_chars,
        "mild": call.exercise.intensity == "mild",
    }


def card(call: Call, step: Step, said: str, refused: str = "") -> dict[str, object]:
    """Variables of the prompt's last part."""
    state = step.state
    known = [
        fact.what.rstrip("。")
        for fact in call.exercise.case.facts
        if fact.id in state.released and fact.id != step.about
    ]
    return {
        "said": said,
        "heat": heat_level(call.exercise.persona, state.heat),
        "trust": level("trust", state.trust),
        "patience": level("patience", state.patience),
        "direction": direction(call, step),
        "about": _about(call, step),
        "lines": [about_person(line) for line in _lines(call, step)],
        "known": known,
        "refused": refused,
    }


def _about(call: Call, step: Step) -> str:
    case, persona = call.exercise.case, call.exercise.persona
    if step.act is Act.RELEASE:
        return next(fact.what for fact in case.facts if fact.id == step.about)
    if step.act is Act.ASK_CONCERN:
        return next(concern.what.zh for concern in case.concerns if concern.id == step.about)
    if step.act is Act.TACTIC:
        return next(tactic.what.zh for tactic in persona.tactics if tactic.id == step.about)
    if step.act is Act.REPEAT_DEMAND:
        return case.demand.what.zh
    return ""


def _lines(call: Call, step: Step) -> list[str]:
    """Authored lines of this act that were not said yet, taking turns over the call."""
    persona = call.exercise.persona
    if step.act is Act.TACTIC:
        lines = next(tactic.lines for tactic in persona.tactics if tactic.id == step.about)
    else:
        lines = tuple(persona.lines.get(step.act) or shared_lines(step.act))
    said = {turn.text for turn in call.turns}
    fresh = [line for line in lines if "{" not in line and line not in said]
    start = step.state.turns % len(fresh) if fresh else 0
    return [*fresh[start:], *fresh[:start]][:SHOWN]
