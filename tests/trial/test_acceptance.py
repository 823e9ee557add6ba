"""Every shipped exercise: scripted trainees end differently, offline. And a customer who teaches nothing is caught."""

from __future__ import annotations

import pytest
from builders import ROOT

from coach.content.library import Library
from coach.content.moves import FAULTS
from coach.practice import Practice
from coach.records.call import Exercise
from coach.settings import Settings
from coach.trial.acceptance import Acceptance, accept
from coach.wiring import build_offline

LIBRARY = Library.load(ROOT)


@pytest.fixture(scope="module")
def practice() -> Practice:
    return build_offline(Settings())


def failures(result: Acceptance) -> dict[str, str]:
    return {finding.what: finding.detail for finding in result.findings if not finding.ok}


@pytest.mark.parametrize(("persona", "case"), [(who.id, what.id) for who, what in LIBRARY.exercises()])
async def test_scripted_trainees_end_as_the_exercise_declares(practice: Practice, persona: str, case: str) -> None:
    result = await accept(practice, practice.exercise(persona, case))
    assert failures(result) == {}
    skilled = next(curve for curve in result.curves if curve.trainee == "skilled")
    assert skilled.passed or skilled.score is None


async def test_a_customer_whom_nothing_hurts_is_not_accepted(practice: Practice) -> None:
    exercise = practice.exercise("furious_complainer", "broadband_no_show")
    unhurt = dict.fromkeys(FAULTS, 0.0)
    lamb = exercise.persona.temper.model_copy(update={"heat": 5, "trust": 100, "lands_below": 100, "stung_by": unhurt})
    result = await accept(practice, _with_temper(exercise, lamb))
    assert "curves_separate" in failures(result)


async def test_a_customer_whom_nobody_can_please_is_not_accepted(practice: Practice) -> None:
    exercise = practice.exercise("furious_complainer", "broadband_no_show")
    stone = exercise.persona.temper.model_copy(update={"calming": 0.0})
    assert "outcome_skilled" in failures(await accept(practice, _with_temper(exercise, stone)))


async def test_a_fact_told_in_the_opening_is_noticed(practice: Practice) -> None:
    exercise = practice.exercise("furious_complainer", "broadband_no_show")
    telling = exercise.case.model_copy(update={"openings": ("我家光猫红灯一直闪！", "红灯又闪了！")})
    result = await accept(practice, exercise.model_copy(update={"case": telling}))
    assert "light_red" in failures(result)["no_fact_told_early"]


def _with_temper(exercise: Exercise, temper: object) -> Exercise:
    return exercise.model_copy(update={"persona": exercise.persona.model_copy(update={"temper": temper})})
