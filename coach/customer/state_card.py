"""What the model voice is told: who it plays (once, first) and, after the history, a short card of its state for this very line."""

from __future__ import annotations

from coach.content.persona import Act
from coach.customer.words import act_direction
from coach.records.call import Call, Step

LEVELS = ((20, "几乎没有"), (40, "不多"), (60, "一般"), (80, "高"), (101, "很高"))
SAMPLED = (Act.VENT, Act.DOUBT, Act.STUNG, Act.SOFTEN, Act.ANSWER)
"""Acts whose first authored line shows the voice how this person sounds (style from lines, not from adjectives)."""
TEMPERAMENT = {
    "power": "力量型：要结果，要掌控，讨厌绕弯子",
    "lively": "活泼型：话多，情绪写在脸上，容易被带跑",
    "perfect": "完美型：抠细节，认数字和依据，记得住每句话",
    "peaceful": "和平型：不爱吵，吞吞吐吐，心里有数不直说",
}


def level(value: int) -> str:
    """A scale of 0 to 100 in words, which models follow better than figures."""
    return next(word for bound, word in LEVELS if value < bound)


def identity(call: Call) -> dict[str, object]:
    """Variables of the prompt's stable part. Facts of the case are not among them: an untold fact is not in the prompt at all."""
    persona, case = call.exercise.persona, call.exercise.case
    return {
        "operator": call.exercise.operator.name.zh,
        "background": persona.background.strip(),
        "temperament": TEMPERAMENT[persona.temperament],
        "habits": persona.speech.habits,
        "fillers": persona.speech.fillers,
        "region": persona.speech.region,
        "samples": [line for act in SAMPLED for line in persona.lines[act][:1] if "{" not in line],
        "request": case.request.zh,
        "demand": case.demand.what.zh,
        "max_chars": persona.speech.max_chars,
    }


def card(call: Call, step: Step, said: str, refused: str = "") -> dict[str, object]:
    """Variables of the prompt's last part."""
    state = step.state
    known = [fact.what for fact in call.exercise.case.facts if fact.id in state.released and fact.id != step.about]
    return {
        "said": said,
        "heat": level(state.heat),
        "trust": level(state.trust),
        "patience": level(state.patience),
        "direction": act_direction(step.act),
        "about": _about(call, step),
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
