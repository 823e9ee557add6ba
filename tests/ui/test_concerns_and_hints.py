"""Open concerns give nothing away; hints are kept with the call."""

from __future__ import annotations

from page_fakes import Played
from page_visit import PAIR, Visit

from coach.content.persona import Act
from coach.records.call import Call, Step
from coach.settings import Settings
from coach.ui.concerns import concerns_of
from coach.ui.desk import Desk


def _started() -> Call:
    played = Played()
    return played.practice.start(played.practice.exercise("furious_complainer", "broadband_no_show"), seed=1)


def _now(call: Call, text: str = "", act: Act = Act.VENT, about: str = "", **state: object) -> Call:
    """The call with its last line changed."""
    last = call.turns[-1]
    step = Step(state=call.state.model_copy(update=state), act=act, about=about)
    turn = last.model_copy(update={"step": step, "text": text or last.text})
    return call.model_copy(update={"turns": (*call.turns[:-1], turn)})


def test_a_concern_is_counted_but_not_named_before_the_customer_voices_it() -> None:
    call = _started()
    names = [concern.what.zh for concern in call.exercise.case.concerns]
    found = concerns_of(_now(call, "四天了！"), "zh")
    assert (found.left, found.open, found.settled, found.unsaid) == (len(names), (), (), len(names))


def test_a_voiced_concern_has_its_name_and_an_answered_one_is_struck_off() -> None:
    call = _started()
    first, *others = call.exercise.case.concerns
    voiced = concerns_of(_now(call, "四天了！", Act.ASK_CONCERN, first.id), "zh")
    assert voiced.open == (first.what.zh,)
    assert voiced.unsaid == len(others)
    said = concerns_of(_now(call, first.say[0]), "zh")
    assert said.open == (first.what.zh,)
    settled = _now(call, first.say[0], open_concerns=tuple(concern.id for concern in others))
    assert concerns_of(settled, "zh").settled == (first.what.zh,)
    assert concerns_of(settled, "zh").left == len(others)


async def test_the_panel_always_says_how_many_are_open(settings: Settings) -> None:
    visit = Visit(Played(), settings)
    await visit.press(**PAIR)
    count = len(visit.call.exercise.case.concerns)
    assert f"{count} 件" in visit.page["mood"]
    assert all(concern.what.zh not in visit.page["mood"] for concern in visit.call.exercise.case.concerns)


async def test_hints_are_kept_with_the_call_over_a_restart(settings: Settings) -> None:
    visit = Visit(Played(), settings)
    await visit.press(**PAIR)
    await visit.press(do="hint")
    restarted = Desk(visit.played.practice, settings).mood(visit.call, "zh")
    assert 'class="panel hint-text"' in restarted
    [note] = visit.played.store.notes(visit.call.id, "hint")
    assert note.hint is not None
    assert note.hint.turn == 1
    await visit.press(do="hint")
    assert len(visit.played.store.notes(visit.call.id, "hint")) == 1
