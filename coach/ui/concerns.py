"""What the customer still needs answered, without giving away what they have not said yet."""

from __future__ import annotations

from dataclasses import dataclass

from coach.content.case import Concern
from coach.content.persona import Act
from coach.records.call import Call, Speaker


@dataclass(frozen=True)
class Concerns:
    left: int
    """How many are open, named or not."""
    open: tuple[str, ...]
    """Those that the customer has voiced and nobody has answered."""
    settled: tuple[str, ...]
    unsaid: int
    """Open ones that the customer has not voiced."""


def concerns_of(call: Call, language: str) -> Concerns:
    """The concerns of the call as far as the trainee may know them."""
    still_open = call.state.open_concerns
    answered = {name for turn in call.turns if turn.appraisal for name in turn.appraisal.answered}
    named: dict[bool, list[str]] = {True: [], False: []}
    for concern in call.exercise.case.concerns:
        if concern.id in answered or _voiced(concern, call):
            named[concern.id in still_open].append(concern.what.say(language))
    left = len(still_open)
    return Concerns(left=left, open=tuple(named[True]), settled=tuple(named[False]), unsaid=left - len(named[True]))


def _voiced(concern: Concern, call: Call) -> bool:
    for turn in call.turns:
        asked = turn.step is not None and turn.step.act is Act.ASK_CONCERN and turn.step.about == concern.id
        if asked or (turn.speaker is Speaker.CUSTOMER and any(line in turn.text for line in concern.say)):
            return True
    return False
