"""The table of counted facts in a report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coach.records.grade import Grade
from coach.reports.counted import ROWS, counted
from coach.reports.wording import report_wording


def grade(**facts: float) -> Grade:
    return Grade(
        id="g", call="c", created=datetime.now(UTC), offline=True, score=None, passed=None, rubrics=(), facts=facts
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_counted_fact_has_a_row_in_plain_words(language: str) -> None:
    (table,) = counted(grade(**dict.fromkeys(ROWS, 2)), report_wording().bound(language))
    assert len(table.rows) == len(ROWS) + 1
    assert all("_" not in label and label for label, _ in table.rows)


def test_the_order_of_first_words_is_told_in_lines_as_people_count() -> None:
    facts = {
        "agent_turns": 3,
        "agent_char_share": 0.416,
        "first_upset_line": 2,
        "first_matter_line": 3,
        "first_feeling_line": 5,
    }
    (table,) = counted(grade(**facts), report_wording().bound("zh"))
    assert table.says == "第 2 句客户带了情绪 → 第 3 句谈事情 → 第 5 句照顾心情"
    assert ("您说的字占全部", "42%") in table.rows


def test_grades_of_a_time_when_nothing_was_counted_show_no_table() -> None:
    assert counted(grade(), report_wording().bound("zh")) == ()
