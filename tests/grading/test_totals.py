"""The arithmetic, every path of it, against figures worked out by hand."""

from __future__ import annotations

import pytest
from grading_helpers import check, rubric

from coach.content.rubric import Check, Rubric
from coach.grading.totals import gate_hits, grade_rubric, open_checks, open_gates, overall, passed
from coach.records.grade import GateHit, RubricGrade, Verdict

FOUND = {"found": {"moves": ["thank"]}}


def merit(name: str, weight: int) -> Check:
    return check(FOUND, id=name, weight=weight)


def fault(name: str, penalty: int) -> Check:
    return check(FOUND, id=name, kind="violation", penalty=penalty)


MADE = rubric(merit("m3", 3), merit("m2", 2), merit("m1", 1), fault("v10", 10), fault("v5", 5))


def graded(answers: str, made: Rubric = MADE) -> RubricGrade:
    """Answers in the order of the checks: y, n, - (not applicable), ? (unscored)."""
    names = {"y": "yes", "n": "no", "-": "na", "?": "unscored"}
    verdicts = [
        Verdict.model_validate({"check": one.id, "answer": names[letter]})
        for one, letter in zip(made.checks, answers, strict=True)
    ]
    return grade_rubric(made, verdicts)


@pytest.mark.parametrize(
    ("answers", "score", "band"),
    [
        ("yyynn", 100, (100, 100)),
        ("nnnnn", 0, (0, 0)),
        ("ynnnn", 50, (50, 50)),  # 100 x 3/6
        ("yynnn", 83, (83, 83)),  # 100 x 5/6 = 83.33
        ("nynnn", 33, (33, 33)),
        ("n-ynn", 25, (25, 25)),  # 1 of 4
        ("yyyyn", 90, (90, 90)),
        ("ynnyy", 35, (35, 35)),  # 50 - 15
        ("nnyyy", 2, (2, 2)),  # 17 - 15
        ("nnnyy", 0, (0, 0)),  # never below 0
        ("y?nnn", 75, (50, 83)),  # 3 of 4; worst 3/6, best 5/6
        ("yyy?n", 100, (90, 100)),
        ("?yynn", 100, (50, 100)),  # 3 of 6 decided: just half
        ("?ynnn", 67, (33, 83)),
        ("??ynn", None, (17, 100)),  # 1 of 6 decided
        ("?--nn", None, (0, 100)),
        ("---nn", None, None),  # nothing applies
        ("---yy", None, None),
    ],
)
def test_score_and_band_by_hand(answers: str, score: int | None, band: tuple[int, int] | None) -> None:
    grade = graded(answers)
    assert (grade.score, grade.band) == (score, band)


def test_half_points_are_rounded_up() -> None:
    made = rubric(merit("a5", 5), merit("b3", 3))  # 62.5
    assert graded("yn", made).score == 63


def test_the_grade_shows_its_own_sums() -> None:
    grade = graded("yn?yn")
    assert (grade.earned, grade.possible, grade.penalties, grade.unscored) == (3, 5, 10, 1)


@pytest.mark.parametrize("wrong", [["m3"], ["m3", "m3", "m1", "v10", "v5"], ["m3", "m2", "m1", "v10", "else_where"]])
def test_a_missing_repeated_or_unknown_check_is_refused(wrong: list[str]) -> None:
    with pytest.raises(ValueError, match="every check exactly once"):
        grade_rubric(MADE, [Verdict(check=name, answer="yes") for name in wrong])


def gate(cap: int, fails: bool = True) -> GateHit:
    return GateHit(rubric="r", check="c", cap=cap, fails=fails, evidence=())


@pytest.mark.parametrize(
    ("answers", "gates", "score"),
    [
        (["yyynn", "ynnnn"], [], 75),
        (["yyynn", "ynnnn"], [gate(59)], 59),
        (["yyynn", "ynnnn"], [gate(59), gate(40)], 40),
        (["nnnnn", "ynnnn"], [gate(59)], 25),
        (["yyynn", "---nn"], [], 100),
        (["---nn"], [], None),
        (["---nn"], [gate(40)], None),
    ],
)
def test_overall_is_the_mean_capped_by_the_gates(answers: list[str], gates: list[GateHit], score: int | None) -> None:
    assert overall([graded(one) for one in answers], gates) == score


@pytest.mark.parametrize(
    ("answers", "gates", "expected"),
    [
        ("yyynn", [], True),
        ("ynnnn", [], False),
        ("yyynn", [gate(59)], False),
        ("yyynn", [gate(59, fails=False)], True),
        ("??ynn", [], None),
        ("??ynn", [gate(59)], False),
        ("---nn", [], None),
    ],
)
def test_passed(answers: str, gates: list[GateHit], expected: bool | None) -> None:
    assert passed([MADE], [graded(answers)], gates) is expected


def test_a_rubric_that_says_nothing_about_the_call_does_not_block_passing() -> None:
    other = rubric(merit("x1", 1), name="other_one")
    grades = [graded("yyynn"), graded("-", other)]
    assert passed([MADE, other], grades, []) is True


def test_red_lines_have_gates_and_no_score() -> None:
    lines = rubric(check(FOUND, id="line", kind="violation", gate={"cap": 40}), kind="red_lines", name="lines")
    hit, missed = graded("y", lines), graded("n", lines)
    assert (hit.score, hit.band) == (None, None)
    assert [(found.check, found.cap) for found in gate_hits(lines, hit.verdicts)] == [("line", 40)]
    assert gate_hits(lines, missed.verdicts) == ()
    assert gate_hits(lines, graded("?", lines).verdicts) == ()


def test_votes_that_disagree_widen_the_band_by_what_was_voted() -> None:
    sure = [Verdict(check=one.id, answer="yes" if one.kind == "merit" else "no") for one in MADE.checks]
    first, *rest = sure
    split = first.model_copy(update={"votes": ("yes", "yes", "no")})
    whole = grade_rubric(MADE, sure)
    unsure = grade_rubric(MADE, [split, *rest])
    assert unsure.score == whole.score == 100
    assert whole.band == (100, 100)
    assert unsure.band == (50, 100)  # its weight is 3 of 6
    assert open_checks(unsure) == 1
    tie = first.model_copy(update={"answer": "unscored", "cause": "split_votes", "votes": ("yes", "na")})
    assert grade_rubric(MADE, [tie, *rest]).band == (100, 100)


def test_a_red_line_nobody_could_judge_leaves_the_pass_open() -> None:
    lines = rubric(
        check({"found": {"moves": ["insult"]}}, id="line", kind="violation", gate={"cap": 40}), kind="red_lines"
    )
    open_line = [Verdict(check="line", answer="unscored", cause="model_failed")]
    assert open_gates(lines, open_line)
    assert not open_gates(lines, [Verdict(check="line", answer="no")])
    assert passed([MADE], [graded("yyynn")], [], undecided=True) is None
    assert passed([MADE], [graded("nnnnn")], [], undecided=True) is False
