"""The acceptance test of an exercise: scripted trainees must end differently, for the reasons the exercise declares.

Counterfactual validation as in ConvApparel (arXiv 2602.16938), offered to trainers: a customer who treats a rude trainee as
well as a skilled one teaches nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from itertools import pairwise
from statistics import fmean

import yaml

from coach.content.moves import MoveId as M
from coach.content.persona import Act
from coach.customer.dynamics import opening_state, step
from coach.practice import Practice
from coach.records.call import Appraisal, Call, Exercise, FoundMove, Outcome, Record, Speaker
from coach.trial.play import Trial, play
from coach.trial.trainees import TRAINEES


class Finding(Record):
    """One thing the acceptance test looked at. `what` is a code; `detail` says what was seen."""

    what: str
    ok: bool
    detail: str


class Curve(Record):
    """How a scripted trainee's call went: heat, trust, patience at the opening and after each turn."""

    trainee: str
    outcome: Outcome | None
    score: int | None
    passed: bool | None
    heat: tuple[int, ...]
    trust: tuple[int, ...]
    patience: tuple[int, ...]


class Acceptance(Record):
    persona: str
    case: str
    curves: tuple[Curve, ...]
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        return all(finding.ok for finding in self.findings)


@cache
def _expectations() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(files("coach.trial").joinpath("expectations.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def expected(exercise: Exercise, trainee: str) -> tuple[str, ...]:
    """The outcomes this exercise may have with that trainee."""
    general = _expectations()["harassing" if exercise.persona.harassing else "ordinary"]
    declared = {str(name): outcomes for name, outcomes in exercise.case.expect.items()}
    return tuple(declared.get(trainee, general[trainee]))


async def accept(
    practice: Practice, exercise: Exercise, seed: int = 1, before: Callable[[str], None] = lambda trainee: None
) -> Acceptance:
    """Plays every scripted trainee and compares. `before` is told of each before its call; what it raises ends the test."""
    trials: dict[str, Trial] = {}
    for name in TRAINEES:
        before(name)
        trials[name] = await play(practice, exercise, name, seed)
    findings = [_outcome(exercise, trial) for trial in trials.values()]
    findings += [
        _separates(trials),
        _grades(trials),
        _trap(trials["overpromise"]),
        *_facts(trials),
        _apologies(trials["apologising"], exercise),
    ]
    early = _offer_before_feeling(exercise)
    return Acceptance(
        persona=exercise.persona.id,
        case=exercise.case.id,
        curves=tuple(_curve(trial) for trial in trials.values()),
        findings=tuple([*findings, early] if early else findings),
    )


def _curve(trial: Trial) -> Curve:
    states = [turn.step.state for turn in trial.call.turns if turn.step is not None]
    return Curve(
        trainee=trial.trainee,
        outcome=trial.call.outcome,
        score=trial.grade.score,
        passed=trial.grade.passed,
        heat=tuple(state.heat for state in states),
        trust=tuple(state.trust for state in states),
        patience=tuple(state.patience for state in states),
    )


def _outcome(exercise: Exercise, trial: Trial) -> Finding:
    allowed = expected(exercise, trial.trainee)
    return Finding(
        what=f"outcome_{trial.trainee}",
        ok=trial.call.outcome in allowed,
        detail=f"{trial.call.outcome} (expected: {' / '.join(allowed)})",
    )


def _separates(trials: dict[str, Trial]) -> Finding:
    """The skilled trainee's customer trusts more at the end than anybody's who was honest and bad at it."""
    trust = {name: _last_third(_curve(trial).trust) for name, trial in trials.items()}
    harassing = trials["skilled"].call.exercise.persona.harassing
    others = [trust[name] for name in ("cold", "evasive", "rude", "silent", "apologising")]
    ok = harassing or trust["skilled"] >= max(others) + 10
    return Finding(
        what="curves_separate", ok=ok, detail=f"skilled {trust['skilled']:.0f}, best of the others {max(others):.0f}"
    )


def _grades(trials: dict[str, Trial]) -> Finding:
    """The exercise's rubrics pass the skilled trainee and nobody else."""
    passed = [name for name, trial in trials.items() if trial.grade.passed]
    return Finding(
        what="only_skilled_passes", ok=passed == ["skilled"], detail=f"passed: {', '.join(passed) or 'nobody'}"
    )


def _last_third(values: tuple[int, ...]) -> float:
    return fmean(values[-max(1, len(values) // 3) :])


def _trap(trial: Trial) -> Finding:
    trapped = trial.call.state.trapped
    return Finding(
        what="trap_pleases_and_fails",
        ok=trapped and trial.grade.passed is False,
        detail=f"trapped {trapped}, outcome {trial.call.outcome}, passed {trial.grade.passed}",
    )


def _facts(trials: dict[str, Trial]) -> list[Finding]:
    """No fact is told before it was asked for, in any of the calls."""
    early = [f"{name}: {fact}" for name, trial in trials.items() for fact in _told_early(trial.call)]
    told = len(trials["skilled"].call.state.released)
    wanted = 0 if trials["skilled"].call.exercise.persona.harassing else 2
    return [
        Finding(what="no_fact_told_early", ok=not early, detail="; ".join(early) or "none"),
        Finding(what="good_questions_find_facts", ok=told >= wanted, detail=f"{told} facts with the skilled trainee"),
    ]


def _told_early(call: Call) -> list[str]:
    early: list[str] = []
    released: set[str] = set()
    for turn in call.turns:
        if turn.speaker is Speaker.TRAINEE or turn.step is None:
            continue
        if turn.step.act is Act.RELEASE and turn.step.about not in turn.step.state.released:
            early.append(turn.step.about)
        released |= set(turn.step.state.released)
        early += [
            fact.id
            for fact in call.exercise.case.facts
            if fact.id not in released and any(word in turn.text for word in fact.telltale)
        ]
    return early


def _apologies(trial: Trial, exercise: Exercise) -> Finding:
    """From the fourth bare apology on, heat does not fall any more."""
    heat = _curve(trial).heat
    falls = [before - after for before, after in pairwise(heat[3:])]
    return Finding(what="apologies_wear_off", ok=all(fall <= 0 for fall in falls), detail=f"heat {list(heat)}")


def _offer_before_feeling(exercise: Exercise) -> Finding | None:
    """Where the call starts too hot to listen: a first turn that offers at once must not land."""
    start = opening_state(exercise)
    if exercise.persona.harassing or start.heat < exercise.persona.temper.lands_below:
        return None
    offer = Appraisal(moves=(FoundMove(move=M.OFFER, quote="-"),), offered=(exercise.case.resolutions[0].id,))
    after = step(start, offer, exercise)
    ok = not after.state.landed and after.state.patience < start.patience
    return Finding(
        what="offer_before_feeling_bounces", ok=ok, detail=f"landed {list(after.state.landed)}, act {after.act}"
    )
