"""Gold transcripts of our own: good, medium and bad calls of nine kinds, with the verdicts a trainer expects.

What is measured here is the offline grading, by the rubrics that each kind of call is judged by.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from grading_helpers import ROOT

from coach.content.library import Library
from coach.grading.grader import Grader
from coach.records.grade import Grade, Transcript
from coach.understanding.embedded import EmbeddedAppraiser

GOLD = Path(__file__).parent / "gold"
KINDS = sorted(path.stem for path in GOLD.glob("*.jsonl"))
LEVELS = ("good", "medium", "bad")
GOOD_APART, MEDIUM_APART = 15, 5
"""Points from good to medium and from medium to bad, at the least."""
AGREEING = 0.93
"""Share of the expected verdicts that offline grading must meet."""


@cache
def records(kind: str) -> dict[str, dict[str, Any]]:
    found = [json.loads(line) for line in (GOLD / f"{kind}.jsonl").read_text("utf-8").splitlines()]
    return {record["level"]: record for record in found}


@cache
def library() -> Library:
    return Library.load(ROOT)


@cache
def grader() -> Grader:
    return Grader(library().vocabulary, EmbeddedAppraiser(), lexicon=library().lexicon)


def transcript(record: dict[str, Any]) -> Transcript:
    return Transcript.model_validate({key: record[key] for key in ("id", "turns", "direction", "vip") if key in record})


@cache
def graded(kind: str, level: str) -> Grade:
    record = records(kind)[level]
    rubrics = [library().rubric(name) for name in (*record["rubrics"], "red_lines")]
    return grader().grade_offline(transcript(record), rubrics)


@cache
def verdicts(kind: str, level: str) -> dict[tuple[str, str], str]:
    """Every check of every rubric."""
    grade = grader().grade_offline(transcript(records(kind)[level]), list(library().rubrics.values()))
    return {(item.rubric, verdict.check): verdict.answer for item in grade.rubrics for verdict in item.verdicts}


def expected(kind: str, level: str) -> dict[tuple[str, str], str]:
    return {
        (rubric, check): answer
        for rubric, checks in records(kind)[level]["expected"].items()
        for check, answer in checks.items()
    }


def test_there_are_three_levels_of_at_least_eight_kinds_of_call() -> None:
    assert len({records(kind)["good"]["call_type"] for kind in KINDS}) >= 8
    assert all(set(records(kind)) == set(LEVELS) for kind in KINDS)
    assert all(len(expected(kind, level)) >= 8 for kind in KINDS for level in LEVELS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_levels_of_a_call_stand_in_order_and_apart(kind: str) -> None:
    good, medium, bad = (graded(kind, level).score for level in LEVELS)
    assert good is not None
    assert medium is not None
    assert bad is not None
    assert good - medium >= GOOD_APART
    assert medium - bad >= MEDIUM_APART


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_good_call_passes(kind: str) -> None:
    assert [graded(kind, level).passed for level in LEVELS] == [True, False, False]


def test_offline_verdicts_agree_with_what_a_trainer_expects() -> None:
    pairs = [
        (answer, verdicts(kind, level)[place], f"{kind}-{level} {place}: expected {answer}")
        for kind in KINDS
        for level in LEVELS
        for place, answer in expected(kind, level).items()
    ]
    missed = [f"{said}, got {got}" for answer, got, said in pairs if answer != got]
    assert 1 - len(missed) / len(pairs) >= AGREEING, "\n".join(missed)


def test_no_good_call_is_charged_with_a_violation_nobody_sees_in_it() -> None:
    faults = {
        (rubric.id, check.id)
        for rubric in library().rubrics.values()
        for check in rubric.checks
        if check.kind == "violation"
    }
    charged = [
        (kind, place)
        for kind in KINDS
        for place, answer in verdicts(kind, "good").items()
        if place in faults and answer == "yes"
    ]
    assert charged == []


def test_every_new_rubric_is_answered_both_ways_somewhere() -> None:
    seen = Counter(
        (place[0], answer) for kind in KINDS for level in LEVELS for place, answer in expected(kind, level).items()
    )
    for rubric in library().rubrics:
        assert seen[rubric, "yes"] >= 2, rubric
        assert seen[rubric, "no"] >= 2, rubric


def test_the_failed_call_about_dropped_lines_is_named_for_its_errors() -> None:
    """H6: the fault put on the handset, the account denied, the complaint waved away, the customer hung up on."""
    found = verdicts("dropped", "bad")
    for place in (
        ("empathy", "blames"),
        ("questioning", "denies"),
        ("complaint", "pushed_back"),
        ("complaint", "superior_brushed_off"),
        ("listening", "judges_unheard"),
        ("etiquette", "forbidden_phrase"),
        ("red_lines", "hangs_up_on_customer"),
    ):
        assert found[place] == "yes", place
    score = graded("dropped", "bad").score
    assert score is not None
    assert score <= 15
