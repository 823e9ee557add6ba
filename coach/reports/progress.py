"""Progress over the calls of one trainee: per rubric over time, moves never used, and the next exercise with its reason.

Honest by construction: branches and stopped calls are left out, no score is no point (never 0), and a grade by another version
of the rubric or by another judge is shown as not comparable with the newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.content.library import Library
from coach.content.moves import MoveId
from coach.content.moves import MoveId as M
from coach.records.call import Call, Outcome, Record
from coach.records.grade import Grade

Graded = tuple[Call, Grade]
PROFILE = (
    M.EMPATHISE, M.OWN_FAULT, M.RESTATE, M.ASK_OPEN, M.ASK_IMPACT, M.ASK_SOLUTION, M.EXPLAIN, M.REFRAME, M.YARDSTICK,
    M.NARRATE, M.CHOICE, M.COMMIT, M.CARE, M.CHECK_OPEN,
)  # fmt: skip
"""The moves that the training is about, in the order of a call."""
ENOUGH = 3
"""Calls from which a move that was never used says something."""


class Point(Record):
    """One call's score in one rubric. `score` None: could not be given, which is not 0."""

    call: str
    day: str
    score: int | None
    band: tuple[int, int] | None
    comparable: bool
    """By the same version and the same judge as the newest."""
    version: int


class Line(Record):
    rubric: str
    points: tuple[Point, ...]
    """Oldest first."""

    @property
    def change(self) -> int | None:
        """Newest minus oldest of what can be compared; None with fewer than two scores."""
        scores = [point.score for point in self.points if point.comparable and point.score is not None]
        return scores[-1] - scores[0] if len(scores) > 1 else None


class Next(Record):
    """The exercise proposed. `why`: weakest (with the rubric) or move (with the move) or new."""

    persona: str
    case: str
    why: str
    rubric: str = ""
    move: MoveId | None = None


class Progress(Record):
    calls: int
    left_out: int
    """Branches and stopped calls."""
    lines: tuple[Line, ...]
    used: dict[MoveId, int]
    """In how many calls each move of the profile was used."""
    never: tuple[MoveId, ...]
    next: Next | None


def progress(calls: Sequence[Call], grades: Mapping[str, Grade], library: Library) -> Progress:
    """`grades`: the newest of each call. Calls may come in any order."""
    own = sorted((call for call in calls if call.id in grades), key=lambda call: call.created)
    kept = [call for call in own if not call.parent and call.outcome is not Outcome.STOPPED]
    ended = [call for call in calls if call.outcome is not None]
    lines = _lines([(call, grades[call.id]) for call in kept])
    used = {
        move: sum(any(turn.appraisal and move in turn.appraisal.kinds for turn in call.turns) for call in kept)
        for move in PROFILE
    }
    proper = [call for call in kept if not call.exercise.persona.harassing]
    never = tuple(move for move in PROFILE if not used[move]) if len(proper) >= ENOUGH else ()
    return Progress(
        calls=len(kept),
        left_out=sum(bool(call.parent) or call.outcome is Outcome.STOPPED for call in ended),
        lines=lines,
        used=used,
        never=never,
        next=_next(kept, lines, never, library) if kept else None,
    )


def _lines(graded: Sequence[Graded]) -> tuple[Line, ...]:
    found: dict[str, list[tuple[Point, tuple[object, ...]]]] = {}
    for call, grade in graded:
        kinds = {rubric.id: rubric.kind for rubric in call.exercise.rubrics}
        for item in grade.rubrics:
            if kinds.get(item.rubric) != "score" or item.band is None:
                continue
            point = Point(
                call=call.id,
                day=call.created.astimezone().strftime("%m-%d %H:%M"),
                score=item.score,
                band=item.band,
                comparable=True,
                version=item.version,
            )
            judge = (item.version, grade.offline, grade.model, tuple(sorted(grade.prompts.items())))
            found.setdefault(item.rubric, []).append((point, judge))
    return tuple(
        Line(
            rubric=rubric,
            points=tuple(point.model_copy(update={"comparable": judge == points[-1][1]}) for point, judge in points),
        )
        for rubric, points in found.items()
    )


def _next(calls: Sequence[Call], lines: Sequence[Line], never: Sequence[MoveId], library: Library) -> Next | None:
    """An exercise not done yet that trains the weakest rubric; when none is weak, one with a new customer."""
    done = {(call.exercise.persona.id, call.exercise.case.id) for call in calls}
    met = {call.exercise.persona.id for call in calls}
    fresh = [(persona, case) for persona, case in library.exercises() if (persona.id, case.id) not in done]
    fresh.sort(key=lambda pair: pair[0].id in met)
    latest = {line.rubric: line.points[-1].score for line in lines if line.points[-1].score is not None}
    marks = {rubric.id: rubric.pass_mark for rubric in library.rubrics.values()}
    weak = [rubric for rubric, score in latest.items() if score is not None and score < marks.get(rubric, 60) + 20]
    weakest = min(weak, key=lambda rubric: latest[rubric] or 0, default="")
    for persona, case in fresh:
        if weakest and weakest in case.rubrics:
            return Next(persona=persona.id, case=case.id, why="weakest", rubric=weakest)
    if not fresh:
        return None
    persona, case = fresh[0]
    if never:
        return Next(persona=persona.id, case=case.id, why="move", move=never[0])
    return Next(persona=persona.id, case=case.id, why="new")
