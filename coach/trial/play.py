"""Plays a scripted trainee against the engine, through the very pipeline a trainee uses."""

from __future__ import annotations

from coach.practice import Practice
from coach.records.call import Call, Exercise, Record
from coach.records.grade import Grade
from coach.trial.trainees import TRAINEES

MAX_TURNS = 24
"""Trainee turns after which a call that goes nowhere is hung up."""


class Trial(Record):
    trainee: str
    call: Call
    grade: Grade


async def play(practice: Practice, exercise: Exercise, trainee: str, seed: int) -> Trial:
    """One whole call and its grade."""
    script = TRAINEES[trainee]
    call = practice.start(exercise, seed=seed)
    for _ in range(MAX_TURNS):
        said = script(call)
        if said is None or call.outcome is not None:
            break
        async for _event in practice.say(call.id, said.text, waited_s=said.waited_s):
            pass
        call = practice.store.call(call.id)
    call = practice.hang_up(call.id)
    return Trial(trainee=trainee, call=call, grade=await practice.grade(call.id))
