"""Reminders about what can be played and would teach little. They keep nobody from saving."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import ROOT

from coach.authoring.edits import Edit, edited
from coach.authoring.kinds import MODELS, Kind
from coach.authoring.shelf import Checked, Shelf

CASE, PERSONA = "overbilled", "furious_complainer"


def changed(kind: Kind, name: str, *edits: Edit) -> Checked:
    shelf = Shelf(Path(ROOT))
    text = shelf.text(kind, name)
    for edit in edits:
        text = edited(text, edit, MODELS[kind])
    return shelf.check(kind, text, name)


FACTS = range(4)
REMINDERS: dict[str, tuple[Kind, str, list[Edit], str]] = {
    "one opening": (
        "case", CASE, [Edit("remove", ("openings", 0)), Edit("remove", ("openings", 0))],
        "提醒 字段 openings：找到：只有一种第一句话，学员打两遍就背下来了；可以写：两种以上",
    ),
    "all facts come unasked": (
        "case", CASE, [Edit("set", ("facts", n, "release"), {"when": "volunteered", "heat_below": 60}) for n in FACTS],
        "提醒 字段 facts：找到：每件事客户都会自己说，学员不用提问；可以写：至少一件 release.when 写 asked 或 asked_openly",
    ),
    "no open question": (
        "case", CASE, [Edit("set", ("facts", 3, "release", "when"), "asked")],
        "提醒 字段 facts：找到：没有一件事要用开放式提问，一问一答就问完了；可以写：至少一件 release.when 写 asked_openly",
    ),
    "one layer": (
        "case", CASE, [Edit("set", ("facts", n, "layer"), "info") for n in FACTS],
        "提醒 字段 facts：找到：每件事都在同一层（info），练不到四层提问；可以写：info、problem、impact、solution 里至少两层",
    ),
    "a trap that gives nothing": (
        "case", CASE, [Edit("set", ("trap", "say"), "嗯，全额的话，我记下来了。")],
        "提醒 字段 trap.say：找到：陷阱没有给客户什么好处，学员不会动心；可以写：一句好听的许诺，如「我给您全免了」「我保证今天修好」",
    ),
    "nothing to calm": (
        "persona", PERSONA, [Edit("set", ("temper", "heat"), 40)],
        "提醒 字段 temper.heat：找到：火气 40 一开始就低于 lands_below 58，不用先安抚就听得进办法；可以写：投诉的客户火气高于 lands_below",
    ),
    "gone at once": (
        "persona", PERSONA, [Edit("set", ("temper", "patience"), 10)],
        "提醒 字段 temper.patience：找到：耐心 10，两三轮就走人，来不及练；可以写：25 以上",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "edits", "sentence"), REMINDERS.values(), ids=REMINDERS)
def test_each_reminder_says_what_and_what_instead_and_does_not_refuse(
    kind: Kind, name: str, edits: list[Edit], sentence: str
) -> None:
    checked = changed(kind, name, *edits)
    assert checked.item is not None
    assert [one.say("zh").split(" ", 1)[1] for one in checked.mistakes] == [sentence]


def test_who_is_used_nowhere_is_told() -> None:
    shelf = Shelf(Path(ROOT))
    text = edited(shelf.text("persona", PERSONA), Edit("set", ("id",), "nobody_yet"), MODELS["persona"])
    [told] = shelf.check("persona", text, "nobody_yet").mistakes
    assert told.say("zh").endswith("还没有案例用到这位客户，学员练不到；在案例的 personas 里添上 nobody_yet")


def test_without_a_trap_or_an_opening_it_is_refused_with_what_to_write() -> None:
    checked = changed("case", CASE, Edit("remove", ("trap",)), Edit("set", ("openings",), []))
    told = [one.say("zh").split(" ", 1)[1] for one in checked.errors]
    assert any(
        one.startswith("字段 trap：找到：没有 trap，必须写；可以写：一组键值：what、say、cues、why") for one in told
    )
    assert any("字段 openings" in one and "至少 1 项" in one for one in told)
