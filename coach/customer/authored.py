"""The offline voice: a line for every act, drawn from what trainers wrote. Also the model voice's fall-back."""

from __future__ import annotations

import random
from collections.abc import Sequence

from coach.content.persona import Act
from coach.customer.principles import broken_by_code, due, keeping
from coach.customer.words import shared_lines
from coach.records.call import Call, Exercise, Speaker, Step

INSTEAD = {
    Act.TIRED_OF_SORRY: Act.PRESS,
    Act.CALL_OUT: Act.PRESS,
    Act.REJECT_OFFER: Act.VENT,
    Act.VENT: Act.PRESS,
    Act.PRESS: Act.REPEAT_DEMAND,
    Act.HARASS: Act.TACTIC,
}
"""What else fits the moment when every line of an act was said."""
AGAIN = ("我再问一遍，", "还是那句，", "你还没说呢，")
"""What stands before a question that was asked in all its ways already."""


def opening_line(exercise: Exercise, seed: int) -> str:
    """The customer's first line; the seed of the call chooses it."""
    return exercise.case.openings[seed % len(exercise.case.openings)]


def authored_line(call: Call, step: Step) -> str:
    """A line for the act. Lines of one act take turns in an order shuffled by the seed; what was said word for word in this call
    is passed over while anything else fits the moment.

    Lines that break a principle which code decides are passed over while another is left."""
    heard = {turn.text for turn in call.turns if turn.speaker is Speaker.CUSTOMER}
    first, rules = _turns(call, step), due(call.exercise.persona, step)
    act: Act | None = step.act
    while act is not None:
        own = first if act is step.act else _turns(call, step.model_copy(update={"act": act, "about": ""}))
        shared = [line for line in shared_lines(act) if not broken_by_code(line, rules)]
        for line in (*own, *shared):
            if line not in heard:
                return line
        act = INSTEAD.get(act)
    if step.act is Act.ASK_CONCERN:
        again = (f"{words}{first[0]}" for words in AGAIN)
        return next((line for line in again if line not in heard), first[0])
    return first[0]


def _turns(call: Call, step: Step) -> list[str]:
    """The lines of the act, the one whose turn it is first."""
    lines = [_filled(line, call, step) for line in _options(call.exercise, step)]
    options = keeping(lines, due(call.exercise.persona, step))
    order = list(range(len(options)))
    random.Random(f"{call.seed}:{step.act}:{step.about}").shuffle(order)
    said = sum(
        turn.step is not None and turn.step.act is step.act and turn.step.about == step.about for turn in call.turns
    )
    return [options[order[(said + place) % len(order)]] for place in range(len(order))]


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
    if step.act is Act.TACTIC and not step.about:
        return [line for tactic in persona.tactics for line in tactic.lines]
    if step.act is Act.TACTIC:
        return next(tactic.lines for tactic in persona.tactics if tactic.id == step.about)
    if step.act is Act.GO_AHEAD and case.direction == "inbound":
        return case.demand.say
    return persona.lines.get(step.act) or shared_lines(step.act)


def _filled(line: str, call: Call, step: Step) -> str:
    """The line with words of the case for {demand} and {concern}: those said least often so far."""
    case = call.exercise.case
    if "{demand}" in line:
        line = line.replace("{demand}", _least_said(case.demand.say, call))
    if "{concern}" in line:
        still_open = [concern for concern in case.concerns if concern.id in step.state.open_concerns]
        concerns = still_open or list(case.concerns)
        line = line.replace("{concern}", _least_said([words for concern in concerns for words in concern.say], call))
    return line


def _least_said(ways: Sequence[str], call: Call) -> str:
    """Of the ways to say something the one that was heard least often in this call; which is first changes from turn to turn."""
    spoken = [turn.text for turn in call.turns if turn.speaker is Speaker.CUSTOMER]
    turned = [ways[(len(spoken) + place) % len(ways)] for place in range(len(ways))]
    return min(turned, key=lambda way: sum(way in text for text in spoken))
