"""Lints of rubrics: what two trainers would read differently, or what would count one thing twice, is told with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coach.content.survey import survey

Spoil = Callable[[str, str, str], None]
R = "rubrics/manners.yaml"
GOOD = """id: manners
name: 礼貌
summary: 说话有没有礼数。
version: 1
criteria:
  - id: opening
    name: 开头
    checks:
      - id: greeted
        ask: 第一轮有没有招呼？
        weight: 2
        teaches: [F5]
        yes_when: 第一轮里有“您好”
        no_when: 没有招呼
        na_when: 每通电话都看
        look_at: 第一轮
        rule: {found: {moves: [greet], within: first_turn}}
      - id: named
        ask: 头两轮有没有报工号？
        weight: 2
        teaches: [F5]
        yes_when: 头两轮报了工号
        no_when: 没有报
        na_when: 每通电话都看
        look_at: 头两轮
        rule: {found: {moves: [identify], within: first_two}}
  - id: ending
    name: 结尾
    checks:
      - id: goodbye
        ask: 最后两轮里说没说再见？
        weight: 2
        teaches: [F6]
        yes_when: 最后两轮有一句再见
        no_when: 没有
        na_when: 坐席说话不到三轮
        look_at: 最后两轮
        applies: {min_turns: 3}
        rule: {found: {moves: [farewell], within: last_two}}
      - id: thanks
        ask: 谢过客户没有？
        weight: 2
        teaches: [F6]
        yes_when: 有一句道谢
        no_when: 没有
        na_when: 坐席说话不到三轮
        look_at: 全程
        applies: {min_turns: 3}
        rule: {found: {moves: [thank]}}
      - id: rough
        ask: 结尾顶撞了没有？
        kind: violation
        penalty: 40
        teaches: [F6]
        yes_when: 最后两轮有争辩的话
        no_when: 没有
        na_when: 每通电话都看
        look_at: 最后两轮
        rule: {found: {moves: [argue], within: last_two}}
"""
ROUGH = "        ask: 结尾顶撞了没有？"


@pytest.fixture
def rubrics(folder: Path, spoil: Spoil) -> Path:
    (folder / R).write_text(GOOD, encoding="utf-8")
    spoil("cases/no_show.yaml", "rubrics: [warmth]", "rubrics: [warmth, manners]")
    return folder


def told(folder: Path) -> list[tuple[str, str, str]]:
    """Place and words of every mistake, and its level."""
    return [(item.field, item.found.zh, item.level) for item in survey(folder).mistakes]


def test_a_sound_rubric_has_nothing_to_mend(rubrics: Path) -> None:
    assert told(rubrics) == []


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("yes_when: 有一句道谢", "yes_when: 道谢很得体", "checks[thanks].yes_when", "得体"),
        ("no_when: 没有招呼", "no_when: 招呼打得不专业", "checks[greeted].no_when", "专业"),
        ("ask: 谢过客户没有？", "ask: 谢过客户，并且祝福了没有？", "checks[thanks].ask", "两件事（并且）"),
        ("ask: 谢过客户没有？", "ask: 谢了没有？祝福了没有？", "checks[thanks].ask", "两件事"),
        ("na_when: 坐席说话不到三轮\n        look_at: 全程", "na_when: 无\n        look_at: 全程", "checks[thanks].na_when", "「无」"),
        ("na_when: 每通电话都看\n        look_at: 第一轮", "na_when: 客户没有说话\n        look_at: 第一轮", "checks[greeted].na_when", "applies"),
        ("na_when: 坐席说话不到三轮\n        look_at: 全程\n        applies: {min_turns: 3}", "na_when: 每通都看\n        look_at: 全程\n        applies: {to: upset}", "checks[thanks].na_when", "applies 却带条件"),
        ("weight: 2\n        teaches: [F5]\n        yes_when: 第一轮里", "weight: 9\n        teaches: [F5]\n        yes_when: 第一轮里", "checks[greeted].weight", "及格线"),
        ("penalty: 40", "penalty: 8", "criteria", "照样能及格"),
        ("{found: {moves: [thank]}}", "{found: {moves: [farewell], within: last_two}}", "checks[thanks].ask", "manners.goodbye"),
        ("ask: 谢过客户没有？", "ask: 最后两轮里，说没说再见？", "checks[thanks].ask", "manners.goodbye"),
    ],
)  # fmt: skip
def test_each_slip_is_told_once_as_a_warning_with_its_place(
    rubrics: Path, spoil: Spoil, old: str, new: str, field: str, words: str
) -> None:
    spoil(R, old, new)
    found = [item for item in told(rubrics) if field.removeprefix("checks") in item[0] or item[0] == field]
    assert [level for *_, level in found] == ["warning"]
    assert words in found[0][1]


def test_a_vague_word_that_is_spelt_out_counts_as_defined(rubrics: Path, spoil: Spoil) -> None:
    spoil(R, "yes_when: 有一句道谢", "yes_when: 道谢得体：说得出谢客户什么")
    assert told(rubrics) == []


def test_one_criterion_must_not_decide_alone(rubrics: Path, spoil: Spoil) -> None:
    spoil(
        R,
        "weight: 2\n        teaches: [F6]\n        yes_when: 有一句",
        "weight: 4\n        teaches: [F6]\n        yes_when: 有一句",
    )
    spoil(
        R,
        "weight: 2\n        teaches: [F6]\n        yes_when: 最后",
        "weight: 4\n        teaches: [F6]\n        yes_when: 最后",
    )
    assert ("criteria[ending].checks", "这一项占了 67% 的分", "warning") in told(rubrics)


def test_the_same_thing_judged_in_two_rubrics_of_one_kind_is_told(rubrics: Path) -> None:
    twin = GOOD.replace("id: manners", "id: manners_too")
    (rubrics / "rubrics/manners_too.yaml").write_text(twin, encoding="utf-8")
    overlaps = [field for field, found, _ in told(rubrics) if "同一件事" in found]
    assert len(overlaps) == 5


def test_a_planted_bad_rubric_is_caught_at_every_fault(rubrics: Path) -> None:
    bad = GOOD.replace("id: manners", "id: planted").replace("第一轮里有“您好”", "态度很好、很专业")
    bad = bad.replace("ask: 头两轮有没有报工号？", "ask: 报工号了没有，并且语气友好吗？").replace(
        "penalty: 40", "penalty: 5"
    )
    (rubrics / "rubrics/planted.yaml").write_text(bad, encoding="utf-8")
    found = [
        item
        for item in survey(rubrics).mistakes
        if item.file == "rubrics/planted.yaml" and item.field != "id"  # no case is judged by it
    ]
    said = " ".join(item.found.zh for item in found)
    assert all(words in said for words in ("没有说明怎样才算", "两件事", "照样能及格", "同一件事"))
    assert all(item.line > 1 for item in found)


def test_the_shipped_rubrics_and_lexicon_have_nothing_to_mend() -> None:
    root = Path(__file__).parents[2]
    assert [item.say("zh") for item in survey(root).mistakes if item.file.startswith(("rubrics/", "lexicon"))] == []
