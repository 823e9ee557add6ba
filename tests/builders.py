"""Small builders that tests share: an exercise of shipped content, appraisals by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from coach.content.case import Case
from coach.content.moves import MoveId
from coach.content.operator import Operator
from coach.content.persona import Persona
from coach.content.rubric import Rubric
from coach.customer.dynamics import opening_step, step
from coach.records.call import Appraisal, Call, Exercise, FoundMove, Provenance, Speaker, State, Step, Turn

ROOT = Path(__file__).resolve().parent.parent


def _read(folder: str, name: str) -> Any:
    return yaml.safe_load((ROOT / folder / f"{name}.yaml").read_text("utf-8"))


def exercise(persona: str = "furious_complainer", case: str = "broadband_no_show", **fields: Any) -> Exercise:
    """An exercise of shipped content (no rubrics, unless given)."""
    return Exercise(
        persona=Persona.model_validate(_read("personas", persona)),
        case=Case.model_validate(_read("cases", case)),
        operator=Operator.model_validate(yaml.safe_load((ROOT / "operator.yaml").read_text("utf-8"))),
        **({"rubrics": ()} | fields),
    )


def rubric(name: str) -> Rubric:
    return Rubric.model_validate(_read("rubrics", name))


def appraisal(*moves: str, **fields: Any) -> Appraisal:
    """An appraisal with these moves; the quote of each is its own id."""
    return Appraisal(moves=tuple(FoundMove(move=MoveId(move), quote=move) for move in moves), **fields)


def run(the_exercise: Exercise, *appraisals: Appraisal, **options: Any) -> list[Step]:
    """The steps of a call in which the trainee's turns are these appraisals, the opening first."""
    steps = [opening_step(the_exercise)]
    for item in appraisals:
        if steps[-1].state.outcome is not None:
            raise AssertionError(f"the call ended after {len(steps) - 1} turns: {steps[-1].state.outcome}")
        steps.append(step(steps[-1].state, item, the_exercise, **options))
    return steps


def state(**fields: Any) -> State:
    return State(**({"heat": 50, "trust": 50, "patience": 60} | fields))


def call(the_exercise: Exercise, *turns: tuple[str, str], seed: int = 1) -> Call:
    """A call whose turns are (speaker, text); customer turns carry the opening step."""
    first = opening_step(the_exercise)
    return Call(
        id="call1",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        exercise=the_exercise,
        seed=seed,
        provenance=Provenance(coach_version="0", content_hash="0", offline=True),
        turns=tuple(
            Turn(
                index=index,
                speaker=Speaker(speaker),
                text=text,
                at=datetime(2026, 1, 1, 0, index, tzinfo=UTC),
                step=first if speaker == "customer" else None,
            )
            for index, (speaker, text) in enumerate(turns)
        ),
    )
