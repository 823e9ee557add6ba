"""What words did to the customer: of a practised call from the logged changes of state, of a bare transcript from the next line."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Protocol

from coach.content.moves import QUESTIONS, MoveId, Vocabulary
from coach.content.persona import Act
from coach.customer.words import trigger_name
from coach.grading.heard import Heard, excerpt
from coach.grading.wording import effect_words, scale_words
from coach.records.call import GOOD_OUTCOMES, Call, Change, Speaker, Step
from coach.records.grade import Evidence
from coach.understanding.feeling import feeling

LEFT = 30.0
"""Harm of the turn after which the customer left."""
REBUFFED = 8.0
_REBUFFS = frozenset({Act.STUNG, Act.PRESS, Act.REJECT_OFFER, Act.TIRED_OF_SORRY, Act.THREATEN, Act.DEMAND_SUPERVISOR})
NOTICED = {"heat": 3, "trust": 3, "patience": 4}
"""Points of change worth telling; every turn costs a little patience."""
STILL_HOT = 45
"""Heat from which a turn that changed nothing has left the feeling standing."""
_MOVES = frozenset(move.value for move in MoveId)


class Effects(Protocol):
    """What a trainee turn did. `nth` lets the wordings take turns."""

    def harm(self, turn: int) -> float:
        """How much worse the customer was afterwards (points of state); below 0 when better."""
        ...

    def helped(self, turn: int) -> bool:
        """Whether this turn visibly did good: what is not measured is believed."""
        ...

    def caused(self, turn: int, moves: Collection[MoveId]) -> bool:
        """Whether one of these moves was a reason for the good it did."""
        ...

    def cause(self, turn: int) -> Evidence | None:
        """The words that did the most good in this turn, where that is known."""
        ...

    def said(
        self, turn: int, *, good: bool, nth: int, missed: str = "", moves: Collection[MoveId] = frozenset()
    ) -> str:
        """What it did, in a sentence or two.

        `missed`: what was not done, told where the turn itself did no harm. `moves`: what the words quoted are about; named as
        the reason where they are one.
        """
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

    def helped(self, turn: int) -> bool:
        step = self._step(turn)
        return step is not None and bool(self._fact(step) or _noticed(step, good=True))

    def caused(self, turn: int, moves: Collection[MoveId]) -> bool:
        step = self._step(turn)
        if step is None:
            return False
        shown = _noticed(step, good=True)
        named = shown is not None and any(
            change.trigger in moves and change.what == shown[0] and _towards(change, shown[1][1] > shown[1][0])
            for change in step.changes
        )
        return named or bool(self._fact(step) and QUESTIONS.intersection(moves))

    def cause(self, turn: int) -> Evidence | None:
        step = self._step(turn)
        shown = _noticed(step, good=True) if step is not None else None
        if step is None or shown is None:
            return None
        what, (before, after) = shown
        own = [c for c in step.changes if c.what == what and c.quote and _towards(c, after > before)]
        best = max(
            (c for c in own if c.trigger in _MOVES), key=lambda c: abs(int(c.after) - int(c.before)), default=None
        )
        return None if best is None else Evidence(turn=turn, quote=best.quote, move=MoveId(best.trigger))

    def said(
        self, turn: int, *, good: bool, nth: int, missed: str = "", moves: Collection[MoveId] = frozenset()
    ) -> str:
        step = self._step(turn)
        if step is None:
            return effect_words("over", nth, self._language)
        appraised = self._call.turns[turn].appraisal
        if not good and appraised is not None and appraised.trap:
            what = self._call.exercise.case.trap.why.say(self._language)
            return effect_words("trapped", nth, self._language, what=what) + self._figures("bought", step, turn)
        moved = self._moved(step, nth, good, moves)
        fact = self._fact(step) if good else ""
        if fact:
            told = effect_words("told" if moved else "told_only", nth, self._language, what=fact)
            return moved + told + ("" if moved else self._figures("figures", step, turn))
        if moved:
            return moved
        return self._unmoved(step, turn, nth, missed)

    def _step(self, turn: int) -> Step | None:
        after = self._call.turns[turn + 1 : turn + 2]
        return after[0].step if after and after[0].speaker is Speaker.CUSTOMER else None

    def _before(self, turn: int) -> Step | None:
        return self._call.turns[turn - 1].step if turn else None

    def _fact(self, step: Step) -> str:
        """What the customer told for the first time, or an empty string."""
        new = next((change for change in step.changes if change.what == "released"), None)
        facts = self._call.exercise.case.facts
        return next((fact.what for fact in facts if new and fact.id in new.after and fact.id not in new.before), "")

    def _moved(self, step: Step, nth: int, good: bool, moves: Collection[MoveId]) -> str:
        """The scale that moved most tellingly, before and after, and what set it off."""
        shown = _noticed(step, good)
        if shown is None:
            return ""
        what, (before, after) = shown
        own = [change for change in step.changes if change.what == what and _towards(change, after > before)]
        named = [change for change in own if change.trigger in moves]
        cause = max(named or own, key=lambda change: abs(int(change.after) - int(change.before)))
        # a note in brackets within a name would stand in brackets twice
        why = re.split("[（(]", trigger_name(cause.trigger, self._language, self._vocabulary))[0].strip()
        why = why[:1].lower() + why[1:]  # within a sentence
        if cause.trigger not in moves and cause.trigger in _MOVES:
            why = effect_words("beside", 0, self._language, why=why)
        kind = f"{what}_{'up' if after > before else 'down'}"
        return effect_words(kind, nth, self._language, before=before, after=after, why=why)

    def _unmoved(self, step: Step, turn: int, nth: int, missed: str) -> str:
        """A turn that did no harm worth telling: what it did all the same, and what was missing."""
        eased = _noticed(step, good=True)
        if eased is not None:
            what, (was, now) = eased
            scale = scale_words(what, self._language)
            kind = "eased" if missed else "eased_fault"
            words = effect_words(kind, nth, self._language, scale=scale, before=was, after=now)
        else:
            before = self._before(turn)
            heat = before.state.heat if before is not None else step.state.heat
            same, hot = step.state.heat == heat, step.state.heat >= STILL_HOT
            kind = ("stuck" if same else "still_hot") if hot else "unmoved" if same else "steady"
            words = effect_words(kind, nth, self._language, before=heat, heat=step.state.heat)
        return words + (effect_words("missed", nth, self._language, what=missed) if missed else "")

    def _figures(self, kind: str, step: Step, turn: int) -> str:
        before = self._before(turn)
        if before is None or before.state.heat == step.state.heat:
            return ""
        return effect_words(kind, 0, self._language, before=before.state.heat, after=step.state.heat)


def _noticed(step: Step, good: bool) -> tuple[str, tuple[int, int]] | None:
    """The first scale that moved enough in this direction."""
    signs = {"heat": -1, "trust": 1, "patience": 1} if good else {"heat": 1, "patience": -1, "trust": -1}
    for what, sign in signs.items():
        net = _net(step.changes, what)
        if net and (net[1] - net[0]) * sign >= NOTICED[what]:
            return what, net
    return None


def _towards(change: Change, up: bool) -> bool:
    return (int(change.after) > int(change.before)) is up


def _net(changes: Sequence[Change], what: str) -> tuple[int, int] | None:
    """The scale's value before the first and after the last of its changes."""
    own = [change for change in changes if change.what == what]
    return (int(own[0].before), int(own[-1].after)) if own else None


class OfTranscript:
    """From the customer's lines around a turn, worded cautiously: a line is a sign of feeling, not a measure of it."""

    def __init__(self, heard: Heard, language: str) -> None:
        self._heard = heard
        self._language = language
        self._known: dict[int, tuple[str | None, str | None]] = {}
        self._harm: dict[int, float] = {}

    def harm(self, turn: int) -> float:
        if turn not in self._harm:  # every verdict asks about the turns that it quotes
            before, after = self._around(turn)
            calm = after is None or before is None
            self._harm[turn] = 0.0 if calm else 6.0 * (feeling(after or "").upset - feeling(before or "").upset)
        return self._harm[turn]

    def helped(self, turn: int) -> bool:
        return True

    def caused(self, turn: int, moves: Collection[MoveId]) -> bool:
        return True

    def cause(self, turn: int) -> Evidence | None:
        return None

    def said(
        self, turn: int, *, good: bool, nth: int, missed: str = "", moves: Collection[MoveId] = frozenset()
    ) -> str:
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
            said = effect_words(kind, nth, self._language, words=excerpt(after))
            return said + effect_words("missed", nth, self._language, what=missed)
        return effect_words(kind, nth, self._language, words=excerpt(after))

    def _around(self, turn: int) -> tuple[str | None, str | None]:
        """The customer's line before this turn and the one after it."""
        if turn in self._known:
            return self._known[turn]
        turns = self._heard.transcript.turns
        before = next((turns[index].text for index in range(turn - 1, -1, -1) if turns[index].role == "customer"), None)
        after = next((line.text for line in turns[turn + 1 :] if line.role == "customer" and line.text.strip()), None)
        self._known[turn] = before, after
        return before, after
