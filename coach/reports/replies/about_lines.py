"""Answers about what was said: a line, the worst, the best, the opening, the end, why the customer was angry or left."""

from __future__ import annotations

from coach.content.moves import FAULTS
from coach.customer.moment import best_move, sentence
from coach.customer.words import act_name, trigger_name
from coach.grading.feedback import HARMFUL
from coach.records.call import GOOD_OUTCOMES, Speaker, Turn
from coach.reports.replies.asked import Asked, Passages
from coach.reports.replies.passages import Passage
from coach.reports.replies.topics import numbered
from coach.reports.rubric_blocks import tone_of
from coach.reports.summary import ending_sentence

MOST_CHECKS = 4
MOST_LINES = 2
ROSE = 3
"""Points of heat from which a rise is worth telling."""


def numbered_line(asked: Asked) -> Passages | None:
    """The line that the question names: by its number in the report, or among one's own; None when it names none."""
    own, n = numbered("own", asked.question), numbered("line", asked.question)
    if own is not None:
        if 1 <= own <= len(asked.own):
            turn = asked.own[own - 1]
            return _line(asked, turn, asked.say("own_line", nth=own, n=turn.index + 1, text=turn.text))
        return iter([Passage(text=asked.say("no_own", n=len(asked.own)))])
    if n is None:
        return None
    if 1 <= n <= len(asked.call.turns):
        turn = asked.call.turns[n - 1]
        return _line(asked, turn, asked.say("line", n=n, text=turn.text))
    return iter([Passage(text=asked.say("no_line", n=len(asked.call.turns)))])


def _line(asked: Asked, turn: Turn, heading: str) -> Passages:
    yield Passage(text=heading)
    if turn.speaker is not Speaker.TRAINEE:
        yield Passage(text=asked.say("customers"))
        return
    if moved := _moved(asked, turn):
        yield Passage(text=moved)
    yield from _quoted(asked, turn)
    if better := asked.better(turn):
        yield Passage(text=better)


def _moved(asked: Asked, turn: Turn) -> str:
    before, after = asked.before(turn), asked.after(turn)
    if before is None or after is None:
        return ""
    was, now = before.state, after.state
    kind = "state" if was.heat != now.heat else "state_trust" if was.trust != now.trust else "state_same"
    return asked.say(kind, before=was.heat, after=now.heat, trust0=was.trust, trust=now.trust)


def _quoted(asked: Asked, turn: Turn) -> Passages:
    """The checks that quote this line, for it or against it."""
    found = [
        Passage(
            text=f"{asked.text(check.ask)} {asked.answer(check, verdict)}",
            source=asked.say("rubric", name=asked.text(rubric.name)),
        )
        for rubric, check, verdict in asked.verdicts()
        if any(item.turn == turn.index for item in verdict.evidence) and tone_of(check, verdict) in ("good", "bad")
    ]
    yield from found[:MOST_CHECKS] or [Passage(text=asked.say("not_quoted"))]


def worst(asked: Asked) -> Passages:
    crossed = set()
    checks = {check.id: check for _, check, _ in asked.verdicts()}
    for hit in asked.grade.gates:
        for item in hit.evidence[:1]:
            crossed.add(item.turn)
            ask = asked.text(checks[hit.check].yes_when).rstrip("。.") if hit.check in checks else hit.check
            yield Passage(text=asked.say("worst.red", n=item.turn + 1, quote=item.quote, ask=ask))
            if better := asked.better(asked.call.turns[item.turn]):
                yield Passage(text=better)
    hurt = [turn for turn in asked.own if asked.effects.harm(turn.index) >= HARMFUL and turn.index not in crossed]
    for nth, turn in enumerate(sorted(hurt, key=lambda turn: -asked.effects.harm(turn.index))[: 1 if crossed else 2]):
        kinds = turn.appraisal.kinds & FAULTS if turn.appraisal else frozenset()
        effect = asked.effects.said(turn.index, good=False, nth=nth, moves=kinds)
        key = "best.line" if nth or crossed else "worst.line"
        yield Passage(text=asked.say(key, n=turn.index + 1, quote=turn.text, effect=effect))
        if better := asked.better(turn):
            yield Passage(text=better)
    if not hurt and not crossed:
        yield Passage(text=asked.say("worst.none"))
        lost = next((item for item in asked.grade.feedback if item.kind == "change"), None)
        if lost is not None and lost.check in checks:
            yield Passage(text=asked.say("worst.lost", ask=asked.text(checks[lost.check].ask)))
            yield Passage(text=asked.say("say", say=lost.say))


def best(asked: Asked) -> Passages:
    keeps = [item for item in asked.grade.feedback if item.kind == "keep"]
    for item in keeps:
        yield Passage(text=asked.say("best.line", n=item.turn + 1, quote=item.quote, effect=item.effect))
    if not keeps:
        yield Passage(text=asked.say("best.none"))
    done = [check for _, check, verdict in asked.verdicts() if tone_of(check, verdict) == "good"]
    asks = [asked.text(check.ask) for check in sorted(done, key=lambda check: -check.weight)[:3]]
    if asks:
        yield Passage(text=asked.say("best.done", asks=asked.run(asks)))
    elif not keeps:
        yield Passage(text=asked.say("best.nothing"))


def anger(asked: Asked) -> Passages:
    start = asked.call.turns[0].step
    if start is not None:
        key = "anger.called" if asked.call.exercise.case.direction == "outbound" else "anger.came"
        request = asked.text(asked.call.exercise.case.request)
        yield Passage(text=asked.say(key, heat=start.state.heat, request=request))
    rises = sorted(((_rise(asked, turn), turn) for turn in asked.own), key=lambda item: -item[0])
    told = [turn for rise, turn in rises if rise >= ROSE][:MOST_LINES]
    for turn in sorted(told, key=lambda turn: turn.index):
        before, after = asked.before(turn), asked.after(turn)
        assert before is not None
        assert after is not None
        moved = [c for c in after.changes if c.what == "heat" and int(c.after) > int(c.before)]
        why = dict.fromkeys(trigger_name(c.trigger, asked.language, asked.vocabulary) for c in moved)
        reasons = asked.join(list(why)) or act_name(after.act, asked.language)
        told_as = {"n": turn.index + 1, "text": turn.text, "before": before.state.heat, "after": after.state.heat}
        yield Passage(text=asked.say("anger.rose", **told_as, why=reasons))
        if better := asked.better(turn):
            yield Passage(text=better)
    if not told:
        yield Passage(text=asked.say("anger.never"))


def _rise(asked: Asked, turn: Turn) -> int:
    before, after = asked.before(turn), asked.after(turn)
    return after.state.heat - before.state.heat if before is not None and after is not None else 0


def outcome(asked: Asked) -> Passages:
    yield Passage(text=ending_sentence(asked.call, asked.report))
    last = next((turn.step for turn in reversed(asked.call.turns) if turn.step is not None), None)
    if last is not None and asked.call.outcome not in GOOD_OUTCOMES and last.why:
        why = trigger_name(last.why, asked.language, asked.vocabulary)
        yield Passage(text=asked.say("outcome.last", why=why))
    yield from open_concerns(asked)


def open_concerns(asked: Asked) -> Passages:
    """What was still unanswered at the end, and how to answer it."""
    case = asked.call.exercise.case
    still = [item for item in case.concerns if item.id in asked.call.state.open_concerns]
    if still:
        yield Passage(text=asked.say("outcome.open", what=asked.join([asked.text(item.what) for item in still])))
    for item in still[:MOST_LINES]:
        yield Passage(
            text=asked.say("outcome.answer", what=asked.text(item.what), say=item.answer),
            source=asked.say("case_card"),
        )


def opening(asked: Asked) -> Passages:
    """What the opening was, what the grade says of it, and how to open next time."""
    exercise = asked.call.exercise
    if not asked.own:
        yield Passage(text=asked.say("opening.silent"))
    else:
        turn = asked.own[0]
        yield Passage(text=asked.say("opening.said", n=turn.index + 1, text=turn.text))
        if moved := _moved(asked, turn):
            yield Passage(text=moved)
        yield from _quoted(asked, turn)
    yield Passage(text=asked.say("opening.say", say=sentence("opening", exercise)), source=asked.say("case_card"))
    first = asked.call.turns[0].step
    if first is not None:
        step = best_move(first.state, exercise)
        hot = first.state.heat >= exercise.persona.temper.lands_below and not exercise.persona.harassing
        yield Passage(text=asked.say("opening.then" if hot else "opening.ask", say=step.say))


def closing(asked: Asked) -> Passages:
    exercise = asked.call.exercise
    if asked.own:
        turn = asked.own[-1]
        yield Passage(text=asked.say("closing.said", n=turn.index + 1, text=turn.text))
        yield from _quoted(asked, turn)
    if exercise.persona.harassing:
        yield Passage(text=asked.say("say", say=sentence("end_by_rule", exercise)))
        return
    if not asked.call.state.agreed:
        yield Passage(text=asked.say("closing.early"))
        yield from open_concerns(asked)
    care = exercise.case.coaching.close
    words = (care if asked.known(care) else "") + sentence("check_open", exercise)
    yield Passage(text=asked.say("closing.say", say=words), source=asked.say("case_card"))
    yield Passage(text=asked.say("opening.ask", say=sentence("farewell", exercise)))
