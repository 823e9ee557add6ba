"""The offline voice: a line for every act, drawn from what trainers wrote. Also the model voice's fall-back."""

from __future__ import annotations

import random
from collections.abc import Sequence

from coach.content.persona import Act
from coach.customer.principles import due, keeping
from coach.customer.words import shared_lines
from coach.records.call import Call, Exercise, Speaker, Step


def opening_line(exercise: Exercise, seed: int) -> str:
    """The customer's first line; the seed of the call chooses it."""
    return exercise.case.openings[seed % len(exercise.case.openings)]


def authored_line(call: Call, step: Step) -> str:
    """A line for the act. Lines of one act take turns in an order shuffled by the seed, so none comes twice before all were said.

    Lines that break a principle which code decides are passed over while another is left."""
    exercise = call.exercise
    filled = [_filled(line, call, step) for line in _options(exercise, step)]
    options = keeping(filled, due(exercise.persona, step))
    order = list(range(len(options)))
    random.Random(f"{call.seed}:{step.act}:{step.about}").shuffle(order)
    said = [
        turn
        for turn in call.turns
        if turn.step is not None and turn.step.act is step.act and turn.step.about == step.about
    ]
    return options[order[len(said) % len(order)]]


def _options(exercise: Exercise, step: Step) -> Sequence[str]:
    case, persona = exercise.case, exercise.persona
    if step.act is Act.OPEN:
        return case.openings
    if step.act is Act.RELEASE:
        return next(fact.say for fact in case.facts if fact.id == step.about)
    if step.act is Act.ASK_CONCERN:
        return next(concern.say for concern in case.concerns if concern.id == step.about)
    mild = persona.mild if exercise.intensity == "mild" else {}
    if step.act in mild:
        return mild[step.act]
    if step.act is Act.TACTIC and Act.HARASS in mild:
        return mild[Act.HARASS]
    if step.act is Act.TACTIC:
        return next(tactic.lines for tactic in persona.tactics if tactic.id == step.about)
    if step.act is Act.GO_AHEAD and case.direction == "inbound":
        return case.demand.say
    return persona.lines.get(step.act) or shared_lines(step.act)


def _filled(line: str, call: Call, step: Step) -> str:
    """Fills {demand} and {concern} with words of the case, which take turns as well."""
    case = call.exercise.case
    spoken = sum(turn.speaker is Speaker.CUSTOMER for turn in call.turns)
    if "{demand}" in line:
        line = line.replace("{demand}", case.demand.say[spoken % len(case.demand.say)])
    if "{concern}" in line:
        still_open = [concern for concern in case.concerns if concern.id in step.state.open_concerns] or list(
            case.concerns
        )
        concern = still_open[spoken % len(still_open)]
        line = line.replace("{concern}", concern.say[spoken % len(concern.say)])
    return line
