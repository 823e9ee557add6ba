"""The coverage page: current, and without a hole in what text can show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from typer.testing import CliRunner

from coach.cli.main import build_app
from coach.content.coverage import NOT_IN_TEXT, PAGE, coverage_page, stale_coverage, untaught, write_coverage
from coach.content.library import Library

ROOT = Path(__file__).parents[2]


@cache
def library() -> Library:
    return Library.load(ROOT)


def test_the_page_is_what_the_files_say() -> None:
    assert stale_coverage(library(), ROOT) == []


def test_rubrics_leave_no_empty_row_of_their_sections() -> None:
    judged = untaught(library(), ROOT, ["A8", "B2", "B3", "B10", "B13", "B17", "C", "D", "E", "F", "G", "H"], ["check"])
    assert judged == ["H7"]  # H7 is a list of call types: cases take it up


def test_content_leaves_no_empty_row_of_sections_b_to_h() -> None:
    assert untaught(library(), ROOT, "BCDEFGH") == []
    assert untaught(library(), ROOT, [*"B", "G1"], ["persona", "case"]) == []


def test_what_text_cannot_show_is_said_and_not_claimed_by_any_file() -> None:
    lines = {
        line.split("|")[1].strip(): line
        for line in coverage_page(library(), ROOT).splitlines()
        if line.startswith("| F")
    }
    for row in NOT_IN_TEXT:
        assert "text can't show it" in lines[row]
        assert "`" not in lines[row]


def test_a_page_that_is_behind_is_told_and_mended(tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text("C4: 先处理心情\n", encoding="utf-8")
    assert stale_coverage(library(), tmp_path) == []  # no page, none to keep
    assert write_coverage(library(), tmp_path)
    assert not write_coverage(library(), tmp_path)
    (tmp_path / PAGE).write_text("旧的", encoding="utf-8")
    assert [item.level for item in stale_coverage(library(), tmp_path)] == ["warning"]


def test_check_names_the_page_when_it_is_behind(folder: Path) -> None:
    (folder / "catalogue.yaml").write_text("C4: 先处理心情\n", encoding="utf-8")
    (folder / "docs").mkdir()
    (folder / PAGE).write_text("旧的", encoding="utf-8")
    app = build_app("check")
    assert "coach check --coverage" in CliRunner().invoke(app, ["check", str(folder)]).output
    assert "已写 docs/material-coverage.md" in CliRunner().invoke(app, ["check", str(folder), "--coverage"]).output
    assert "C4" in (folder / PAGE).read_text("utf-8")
