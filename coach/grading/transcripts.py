"""From a practised call to the transcript that is graded."""

from __future__ import annotations

from coach.content.persona import Act
from coach.records.call import Call, Outcome, Speaker, Turn
from coach.records.grade import Line, Transcript

_NAMED = ("机主", "姓名", "联系人")
_LONGEST_NAME = 5


_HARASSING = frozenset({Act.HARASS, Act.TEST_BOUNDARY, Act.TACTIC})


def _harassing(call: Call, turn: Turn) -> bool:
    return call.exercise.persona.harassing and turn.step is not None and turn.step.act in _HARASSING


def transcript_of(call: Call) -> Transcript:
    """The words with their appraisals; without persona, goals or states, so that whoever judges it is blind to them."""
    names = {
        entry.value.zh
        for entry in call.exercise.case.knowledge.customer
        if any(word in entry.label.zh for word in _NAMED) and len(entry.value.zh) <= _LONGEST_NAME
    }
    return Transcript(
        id=call.id,
        turns=tuple(
            Line(
                role="agent" if turn.speaker is Speaker.TRAINEE else "customer",
                text=turn.text,
                appraisal=turn.appraisal,
                heat=turn.step.state.heat if turn.step else None,
                harassing=_harassing(call, turn) if turn.step else None,
            )
            for turn in call.turns
        ),
        names=tuple(sorted(names)),
        direction=call.exercise.case.direction,
        vip=call.exercise.persona.category == "vip",
        ended_by="trainee" if call.outcome is Outcome.TRAINEE_ENDED else "customer",
    )
