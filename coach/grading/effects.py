"""What words did to the customer: of a practised call from the logged changes of state, of a bare transcript from the next line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coach.content.moves import Vocabulary
from coach.content.persona import Act
from coach.customer.words import act_name, trigger_name
from coach.grading.heard import Heard, excerpt
from coach.grading.wording import effect_words
from coach.records.call import GOOD_OUTCOMES, Call, Change, Speaker, Step
from coach.understanding.feeling import feeling

LEFT = 30.0
"""Harm of the turn after which the customer left."""
REBUFFED = 8.0
_REBUFFS = frozenset({Act.STUNG, Act.PRESS, Act.REJECT_OFFER, Act.TIRED_OF_SORRY, Act.THREATEN, Act.DEMAND_SUPERVISOR})
NOTICED = {"heat": 2, "trust": 2, "patience": 4}
"""Points of change worth telling; every turn costs a little patience."""
STILL_HOT = 45
"""Heat from which a turn that changed nothing has left the feeling standing."""


class Effects(Protocol):
    """What a trainee turn did. `nth` lets the wordings take turns."""

    def harm(self, turn: int) -> float:
        """How much worse the customer was afterwards (points of state); below 0 when better."""
        ...

    def said(self, turn: int, *, good: bool, nth: int, missed: str = "") -> str:
        """One sentence about it. `missed`: what was not done, told where the turn itself did no harm."""
        ...


class OfCall:
    """From the steps of a practised call."""

    def __init__(self, call: Call, vocabulary: Vocabulary, language: str) -> None:
        self._call = call
        self._vocabulary = vocabulary
        self._language = language

    def harm(self, turn: int) -> float:
        step = self._step(turn)
        if step is None:
            return 0.0
        worse = {"heat": 1.0, "trust": -0.5, "patience": -0.7}
        left = step.state.outcome is not None and step.state.outcome not in GOOD_OUTCOMES
        moved = sum(worse[what] * (net[1] - net[0]) for what in worse if (net := _net(step.changes, what)))
        return moved + (LEFT if left else REBUFFED if step.act in _REBUFFS else 0.0)

    def said(self, turn: int, *, good: bool, nth: int, missed: str = "") -> str:
        step = self._step(turn)
        if step is None:
            return effect_words("over", nth, self._language)
        told = self._told(step, turn, nth, good) or self._changed(step, nth, good)
        return told or self._reacted(step, nth, good, missed)

    def _step(self, turn: int) -> Step | None:
        after = self._call.turns[turn + 1 : turn + 2]
        return after[0].step if after and after[0].speaker is Speaker.CUSTOMER else None

    def _told(self, step: Step, turn: int, nth: int, good: bool) -> str:
        case = self._call.exercise.case
        trapped = self._call.turns[turn].appraisal
        if not good and trapped is not None and trapped.trap:
            return effect_words("trapped", nth, self._language, what=case.trap.why.say(self._language))
        new = next((change for change in step.changes if change.what == "released"), None)
        fact = next((fact for fact in case.facts if new and fact.id in new.after and fact.id not in new.before), None)
        return effect_words("told", nth, self._language, what=fact.what) if good and fact else ""

    def _changed(self, step: Step, nth: int, good: bool) -> str:
        signs = {"heat": -1, "trust": 1, "patience": 1} if good else {"heat": 1, "patience": -1, "trust": -1}
        for what, sign in signs.items():
            net = _net(step.changes, what)
            if net and (net[1] - net[0]) * sign >= NOTICED[what]:
                cause = max(
                    (change for change in step.changes if change.what == what),
                    key=lambda change: (int(change.after) - int(change.before)) * sign,
                )
                why = trigger_name(cause.trigger, self._language, self._vocabulary)
                kind = f"{what}_{'up' if net[1] > net[0] else 'down'}"
                return effect_words(kind, nth, self._language, before=net[0], after=net[1], why=why)
        return ""

    def _reacted(self, step: Step, nth: int, good: bool, missed: str) -> str:
        if not good and step.state.heat >= STILL_HOT:
            return effect_words("still_hot", nth, self._language, heat=step.state.heat)
        if missed:
            return effect_words("missed", nth, self._language, what=missed)
        return effect_words("reacted", nth, self._language, act=act_name(step.act, self._language))


def _net(changes: Sequence[Change], what: str) -> tuple[int, int] | None:
    """The scale's value before the first and after the last of its changes."""
    own = [change for change in changes if change.what == what]
    return (int(own[0].before), int(own[-1].after)) if own else None


class OfTranscript:
    """From the customer's lines around a turn, worded cautiously: a line is a sign of feeling, not a measure of it."""

    def __init__(self, heard: Heard, language: str) -> None:
        self._heard = heard
        self._language = language

    def harm(self, turn: int) -> float:
        before, after = self._around(turn)
        return 0.0 if after is None or before is None else 6.0 * (feeling(after).upset - feeling(before).upset)

    def said(self, turn: int, *, good: bool, nth: int, missed: str = "") -> str:
        before, after = self._around(turn)
        if after is None:
            return effect_words("over", nth, self._language)
        now = feeling(after).upset
        # before the customer's first line nothing was set off yet
        was = feeling(before).upset if before else now
        if before is None:
            kind = "line_plain"
        elif now > was and now >= 2:
            kind = "line_plain" if good else "line_worse"
        elif now < was and was >= 2:
            kind = "line_better" if good else "line_plain"
        else:
            kind = "line_still" if now >= 2 and not good else "line_plain"
        if missed and kind == "line_plain":
            return effect_words("missed", nth, self._language, what=missed)
        return effect_words(kind, nth, self._language, words=excerpt(after))

    def _around(self, turn: int) -> tuple[str | None, str | None]:
        """The customer's line before this turn and the one after it."""
        turns = self._heard.transcript.turns
        before = next((turns[index].text for index in range(turn - 1, -1, -1) if turns[index].role == "customer"), None)
        after = next((line.text for line in turns[turn + 1 :] if line.role == "customer" and line.text.strip()), None)
        return before, after
