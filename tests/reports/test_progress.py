"""Progress that is honest: what can't be compared is marked, no score is no zero, branches and stopped calls don't count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from call_samples import START, good_call, good_grade
from page_fakes import Played

from coach.records.call import Call, Outcome
from coach.records.grade import Grade
from coach.reports.progress import Progress, progress


def graded(name: str, day: int, score: int | None = 80, **more: Any) -> tuple[Call, Grade]:
    call = good_call().model_copy(update={"id": name, "created": START + timedelta(days=day), **more.pop("of", {})})
    grade = good_grade()
    rubric = grade.rubrics[0].model_copy(update={"score": score, "version": more.pop("version", 3)})
    return call, grade.model_copy(update={"call": name, "rubrics": (rubric,), **more})


def seen(*pairs: tuple[Call, Grade]) -> Progress:
    return progress([call for call, _ in pairs], {call.id: grade for call, grade in pairs}, Played().practice.library)


def test_scores_stand_in_the_order_of_the_calls_and_none_is_not_zero() -> None:
    line = seen(graded("c", 2, 90), graded("a", 0, 60), graded("b", 1, None)).lines[0]
    assert [point.score for point in line.points] == [60, None, 90]
    assert line.change == 30


def test_another_rubric_version_or_judge_is_marked_and_never_compared() -> None:
    line = seen(
        graded("a", 0, 40, version=2), graded("b", 1, 50, offline=False, model="judge-1"), graded("c", 2)
    ).lines[0]
    assert [point.comparable for point in line.points] == [False, False, True]
    assert line.change is None


def test_branches_and_stopped_calls_are_left_out_and_counted() -> None:
    found = seen(graded("a", 0), graded("b", 1, of={"parent": "a"}), graded("c", 2, of={"outcome": Outcome.STOPPED}))
    assert (found.calls, found.left_out) == (1, 2)


def test_moves_never_used_are_named_only_after_a_few_calls() -> None:
    assert seen(graded("a", 0)).never == ()
    found = seen(*(graded(name, day) for day, name in enumerate("abc")))
    assert "reframe" in [move.value for move in found.never]
    assert all(not found.used[move] for move in found.never)
