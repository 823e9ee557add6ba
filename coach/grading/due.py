"""The moment of one trainee turn, and what was due there: so that a proposed sentence fits what the customer had just said and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coach.content.moves import BOUNDARY, FEELING, QUESTIONS, RESOLVING
from coach.content.moves import MoveId as M
from coach.content.persona import Act
from coach.records.call import Call, Exercise, Speaker, State

CLOSING = frozenset({M.CARE, M.THANK, M.FAREWELL, M.CHECK_OPEN, M.PRAISE, M.RAPPORT})
VIEWS = frozenset({M.REFRAME, M.BENEFIT, M.YARDSTICK})
_OBJECTS = frozenset({Act.DOUBT, Act.REJECT_OFFER, Act.ASK_CONCERN, Act.REPEAT_DEMAND, Act.PRESS})
_HARASSES = frozenset({Act.HARASS, Act.TEST_BOUNDARY, Act.TACTIC})
_SUBSTANCE = RESOLVING | {M.EXPLAIN}
_HEARD_HOT = frozenset({M.RESTATE, M.NARRATE})
"""What still reaches somebody who is too upset for reasons, questions and ways out."""
UPSET = 40
"""Heat from which a word for the feeling is due."""


@dataclass(frozen=True)
class Moment:
    """What the trainee had before them when it was their turn."""

    turn: int
    """Index of the trainee's turn."""
    nth: int
    """Counted from 0 over the trainee's turns."""
    exercise: Exercise
    state: State
    act: Act
    about: str
    customer: str
    """The customer's last line."""
    substance: bool
    """The trainee had given a reason or a way out before."""

    @property
    def harassed(self) -> bool:
        return self.exercise.persona.harassing and self.act in _HARASSES

    @property
    def hot(self) -> bool:
        """Too upset for reasons and ways out to land."""
        temper = self.exercise.persona.temper
        return not self.exercise.persona.harassing and self.state.heat >= temper.lands_below

    def told(self, sentence: str) -> bool:
        """Whether the sentence gives away nothing that the customer had not told yet."""
        untold = (fact for fact in self.exercise.case.facts if fact.id not in self.state.released)
        return not any(word in sentence for fact in untold for word in fact.telltale)

    def due(self, move: M) -> bool:
        """Whether this move had its place here."""
        state = self.state
        if move in BOUNDARY:
            return self.harassed and (move is M.SET_BOUNDARY or state.boundary > 0)
        if self.exercise.persona.harassing:
            return False
        if move in CLOSING:
            return state.agreed
        if state.agreed:
            return False
        if move in FEELING:
            return state.heat >= UPSET
        if move in (M.GREET, M.IDENTIFY):
            return self.nth == 0
        if self.hot and move not in _HEARD_HOT:
            return False  # not heard anyway: the feeling comes first
        if move is M.RESTATE:
            return len(state.released) >= 2
        if move in QUESTIONS or move is M.CLARIFY:
            return bool(self.untold_layers()) and not self.substance
        if move in VIEWS:
            return self.substance and self.act in _OBJECTS
        if move in RESOLVING or move is M.DECLINE:
            return self.nth >= 1 and self.act in _OBJECTS | {Act.SOFTEN, Act.ANSWER, Act.RELEASE, Act.CONFIRM}
        return self.nth >= 1

    def untold_layers(self) -> frozenset[str]:
        return frozenset(fact.layer for fact in self.exercise.case.facts if fact.id not in self.state.released)


def moments(call: Call) -> Iterator[Moment]:
    """One for each trainee turn, in order."""
    substance, nth = False, 0
    for turn in call.turns:
        before = call.turns[turn.index - 1] if turn.index else None
        if turn.speaker is not Speaker.TRAINEE:
            continue
        if before is not None and before.step is not None:
            yield Moment(
                turn=turn.index,
                nth=nth,
                exercise=call.exercise,
                state=before.step.state,
                act=before.step.act,
                about=before.step.about,
                customer=before.text,
                substance=substance,
            )
        nth += 1
        substance = substance or bool(turn.appraisal and turn.appraisal.kinds & _SUBSTANCE)
