"""The dynamics as a trainee would feel them. No model, no chance: the same appraisals always give the same states."""

from __future__ import annotations

from itertools import pairwise

import pytest
from builders import appraisal, exercise, run, state
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.content.moves import MoveId
from coach.content.persona import Act
from coach.customer.dynamics import opening_state, step
from coach.records.call import Outcome

EXERCISE = exercise()
GOOD_START = appraisal("greet", "identify", "apologise", "empathise")


def test_an_offer_to_a_furious_customer_does_not_land() -> None:
    _, first = run(EXERCISE, appraisal("offer", offered=("expedite",)))
    assert first.act is Act.REJECT_OFFER
    assert first.state.landed == ()
    assert first.state.patience < opening_state(EXERCISE).patience


def test_the_same_offer_lands_once_the_feeling_was_dealt_with() -> None:
    steps = run(EXERCISE, GOOD_START, appraisal("empathise"), appraisal("offer", offered=("expedite",)))
    assert steps[-1].state.landed == ("expedite",)
    assert steps[-1].act is Act.ASK_CONCERN


def test_who_is_offered_a_way_out_with_a_kind_word_asks_about_the_way_out() -> None:
    offered = appraisal("own_fault", "explain", "offer", offered=("expedite",))
    steps = run(EXERCISE, GOOD_START, offered)
    assert steps[-2].state.heat - steps[-1].state.heat >= 8
    assert steps[-1].act is Act.ASK_CONCERN


def test_what_is_it_about_is_answered_with_what_they_called_for() -> None:
    calm = [GOOD_START, appraisal("empathise")]
    assert run(EXERCISE, *calm, appraisal("ask_open"))[-1].act is Act.REPEAT_DEMAND
    told = appraisal("ask_closed", "ask_info", asked=("since_when",))
    assert run(EXERCISE, *calm, told, appraisal("ask_open"))[-1].act is Act.ASK_CONCERN


def test_empathy_lowers_heat_and_wears_off_when_repeated() -> None:
    heats = [item.state.heat for item in run(EXERCISE, *[appraisal("empathise")] * 5)]
    falls = [before - after for before, after in pairwise(heats)]
    assert falls[0] > falls[1] > falls[2] > 0
    assert falls[3] == falls[4] == 0


def test_from_the_third_bare_apology_on_the_customer_is_tired_of_it() -> None:
    steps = run(EXERCISE, *[appraisal("apologise")] * 4)
    assert [item.act for item in steps[3:]] == [Act.TIRED_OF_SORRY, Act.TIRED_OF_SORRY]
    assert steps[4].state.heat >= steps[2].state.heat
    assert steps[4].state.patience < steps[3].state.patience


def test_a_fact_is_told_only_when_asked_for() -> None:
    steps = run(EXERCISE, GOOD_START, appraisal("ask_open", "ask_problem"))
    assert steps[-1].state.released == ()
    steps = run(EXERCISE, GOOD_START, appraisal("ask_closed", "ask_info", asked=("since_when",)))
    assert steps[-1].state.released == ("since_when",)
    assert (steps[-1].act, steps[-1].about) == (Act.RELEASE, "since_when")


def test_a_fact_behind_an_open_question_stays_closed_to_a_closed_one() -> None:
    calm = [GOOD_START, appraisal("empathise"), appraisal("restate")]
    assert run(EXERCISE, *calm, appraisal("ask_closed", asked=("kid_lessons",)))[-1].state.released == ()
    assert run(EXERCISE, *calm, appraisal("ask_open", asked=("kid_lessons",)))[-1].state.released == ("kid_lessons",)


def test_a_fact_with_a_heat_condition_is_not_told_in_anger() -> None:
    steps = run(EXERCISE, appraisal("argue", "ask_open", "ask_impact", asked=("leave_lost",)))
    assert steps[-1].state.released == ()


def test_asking_again_for_what_was_told_costs_patience_and_is_said_so() -> None:
    told = run(EXERCISE, GOOD_START, appraisal("ask_info", asked=("since_when",)))
    again = step(told[-1].state, appraisal("ask_info", asked=("since_when",)), EXERCISE)
    assert again.act is Act.ALREADY_TOLD
    assert any(change.trigger == "asked_twice" for change in again.changes)


def test_every_concern_answered_and_a_way_out_means_agreement_and_a_proper_close_satisfies() -> None:
    steps = run(
        EXERCISE,
        GOOD_START,
        appraisal("empathise"),
        appraisal("restate"),
        appraisal("explain", "own_fault"),
        appraisal("offer", "commit", offered=("expedite",), answered=("when_come",)),
        appraisal("commit", answered=("who_tracks", "lost_days")),
        appraisal("care", "check_open"),
        appraisal("thank", "farewell"),
    )
    assert [item.act for item in steps[-3:]] == [Act.ACCEPT, Act.NOTHING_ELSE, Act.FAREWELL]
    assert steps[-1].state.outcome is Outcome.SATISFIED


def test_who_just_got_one_worry_answered_comes_with_the_next() -> None:
    calm = [GOOD_START, appraisal("empathise"), appraisal("restate")]
    for before in (calm, [*calm, appraisal("ask_info", asked=("since_when",))]):  # at an even and at an odd turn
        last = run(EXERCISE, *before, appraisal("inform", answered=("when_come",)))[-1]
        assert last.act is Act.ASK_CONCERN
        assert last.about in ("who_tracks", "lost_days")


def test_the_trap_pleases_and_is_remembered() -> None:
    steps = run(EXERCISE, GOOD_START, appraisal("false_promise", trap="直接给您免三个月"), appraisal("farewell"))
    assert steps[2].act is Act.ACCEPT
    assert steps[2].state.trapped
    assert steps[2].state.heat < steps[1].state.heat - 10
    assert steps[-1].state.outcome is Outcome.SATISFIED


@pytest.mark.parametrize("bad", ["brush_off", "blame_customer", "deny", "argue", "cold_policy", "command", "insult"])
def test_a_fault_in_every_turn_ends_badly(bad: str) -> None:
    now = opening_state(EXERCISE)
    for _ in range(12):
        now = step(now, appraisal(bad), EXERCISE).state
        if now.outcome:
            break
    assert now.outcome is Outcome.COMPLAINT


def test_nothing_said_is_pressed_for_and_finally_left() -> None:
    steps = run(EXERCISE, *[appraisal()] * 5)
    assert steps[1].act is Act.CALL_OUT
    assert steps[-2].act is Act.THREATEN
    assert steps[-1].state.outcome is Outcome.COMPLAINT


def test_a_bare_please_wait_is_granted_once_and_costs_what_a_dodge_costs() -> None:
    wait, dodge = appraisal(asks_to_wait=True, chars=8), appraisal(chars=8)
    granted, pressed = run(EXERCISE, GOOD_START, wait, wait)[-2:]
    assert (granted.act, granted.why) == (Act.WAIT, "dodged")
    assert granted.state.patience == run(EXERCISE, GOOD_START, dodge)[-1].state.patience
    assert pressed.act in (Act.PRESS, Act.TACTIC)
    assert run(EXERCISE, GOOD_START, appraisal("brush_off", asks_to_wait=True))[-1].act is not Act.WAIT


def test_an_unexplained_wait_costs_patience_and_an_announced_one_does_not() -> None:
    start = opening_state(EXERCISE)
    plain = step(start, appraisal("empathise"), EXERCISE, waited_s=120)
    announced = step(start, appraisal("empathise"), EXERCISE, waited_s=120, announced=True)
    assert plain.state.patience < announced.state.patience
    assert any(change.trigger == "waited" for change in plain.changes)


def test_ending_the_call_on_a_proper_customer_is_no_boundary() -> None:
    steps = run(EXERCISE, appraisal("end_by_rule"))
    assert steps[-1].state.outcome is Outcome.TRAINEE_ENDED


def test_an_insult_after_agreement_undoes_it() -> None:
    settled = state(heat=30, trust=70, agreed=True, heard=True, landed=("expedite",))
    for _ in range(3):
        settled = step(settled, appraisal("insult"), EXERCISE).state
    assert settled.outcome is Outcome.COMPLAINT


def test_difficulty_moves_the_start_and_is_never_raised_silently() -> None:
    gentle, hard = (opening_state(exercise(difficulty=level)) for level in ("gentle", "hard"))
    assert gentle.heat < opening_state(EXERCISE).heat < hard.heat
    assert gentle.patience > opening_state(EXERCISE).patience > hard.patience


MOVES = st.lists(st.sampled_from([move.value for move in MoveId]), max_size=5)


@settings(max_examples=150, deadline=None)
@given(turns=st.lists(MOVES, min_size=1, max_size=12))
def test_any_turns_keep_the_scales_in_range_and_explain_every_change(turns: list[list[str]]) -> None:
    now = opening_state(EXERCISE)
    for moves in turns:
        done = step(now, appraisal(*moves), EXERCISE)
        assert done == step(now, appraisal(*moves), EXERCISE)
        for scale in ("heat", "trust", "patience"):
            before, after = getattr(now, scale), getattr(done.state, scale)
            assert 0 <= after <= 100
            if abs(before - after) > 1 and done.act not in (Act.THREATEN, Act.DEMAND_SUPERVISOR):
                assert any(change.what == scale and change.trigger for change in done.changes)
        now = done.state
        if now.outcome:
            break
