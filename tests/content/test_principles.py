"""Principles of a persona: every mistake a trainer can make with one, and the exact sentence that answers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coach.content.persona import Persona
from coach.content.principle import Principle, line_hash
from coach.content.principle_lint import findings
from coach.content.survey import survey

Spoil = Callable[[str, str, str], None]
P = "personas/grumbler.yaml"
END = "  out_of_place: [你说的啥？]\n"


def with_principles(spoil: Spoil, yaml: str) -> None:
    spoil(P, END, f"{END}principles:\n{yaml}")


def told(folder: Path) -> list[str]:
    return [mistake.say("zh") for mistake in survey(folder).mistakes]


def test_a_principle_with_everything_in_it_is_read(folder: Path, spoil: Spoil) -> None:
    with_principles(
        spoil,
        "  - id: no_own_solution\n    text: 不自己报出处理方案\n    when: heated\n    good: 你说怎么办？\n"
        "    bad: 那你给我退钱再派人来。\n    active: false\n    author: 王老师\n    date: 2026-11-24\n"
        "    origin: {kind: criticise, call: abc, turn: 4, line: 0123456789ab}\n"
        "  - id: no_you\n    text: 不说您\n    never: [您]\n    at_most: 14\n",
    )
    found = survey(folder)
    assert found.mistakes == []
    first, second = found.personas["grumbler"].principles
    assert (first.active, first.by_code, first.date) == (False, False, "2026-11-24")
    assert (second.by_code, second.broken_by("您说话呀"), second.broken_by("说话"), second.when) == (
        True,
        "您",
        "",
        "always",
    )
    assert second.broken_by("一" * 15) == "一" * 15


MISTAKES = {
    "too long": (
        "  - {id: long_one, text: " + "不" * 41 + "}\n",
        f"{P}:46 字段 principles[long_one].text：找到：「{'不' * 24}……」（41 个字）；可以写：一段文字（3 到 40 个字）",
    ),
    "two sentences": (
        "  - {id: two, text: 不说谢谢。不说再见。}\n",
        f"{P}:46 字段 principles[two].text：找到：「不说谢谢。不说再见。」，不止一句；可以写：一句话，说一件事",
    ),
    "two rules": (
        "  - {id: two, text: 不道谢并且要催一句}\n",
        f"{P}:46 提醒 字段 principles[two].text：找到：一条里说了两件事（并且）；可以写：一条一件事；另一件另写一条",
    ),
    "a vague word": (
        "  - {id: vague, text: 说话要自然一点}\n",
        f"{P}:46 提醒 字段 principles[vague].text：找到：「自然」，没有说明怎样才算；可以写：一句话里听得出的事：说没说哪样的话",
    ),
    "more than a line shows": (
        "  - {id: slowly, text: 火气要慢慢降下来}\n",
        f"{P}:46 提醒 字段 principles[slowly].text：找到：「慢慢」，光看一句话判断不了；"
        "可以写：只看这一句和对方上一句就能答的事",
    ),
    "there already": (
        "  - {id: one, text: 不自己报出处理方案}\n  - {id: two, text: 别自己报出处理方案来}\n",
        f"{P}:47 提醒 字段 principles[two].text：找到：和「不自己报出处理方案」（one）说的是一回事；"
        "可以写：一件事一条；改那一条，或去掉一条",
    ),
    "the same id": (
        "  - {id: one, text: 不说谢谢的话}\n  - {id: one, text: 不学对方说话}\n",
        f"{P}:47 字段 principles[one].id：找到：「one」写了两次（第 1 项和第 2 项）；可以写：每一项用自己的名字",
    ),
    "no such moment": (
        "  - {id: one, text: 不说谢谢的话, when: heat}\n",
        f"{P}:46 字段 principles[one].when：找到：「heat」；可以写：always、heated、talking、settling；是不是想写 heated？",
    ),
    "a date": (
        "  - {id: one, text: 不说谢谢的话, date: 11月24日}\n",
        f"{P}:46 字段 principles[one].date：找到：「11月24日」；可以写：日期，如 2026-11-24",
    ),
    "the good example breaks it": (
        "  - {id: one, text: 不说谢谢的话, never: [谢谢], good: 谢谢你啊}\n",
        f"{P}:46 字段 principles[one].good：找到：「谢谢你啊」，自己就没守住（谢谢）；可以写：守住了这一条的一句",
    ),
    "the bad example keeps it": (
        "  - {id: one, text: 不说谢谢的话, never: [谢谢], bad: 快点}\n",
        f"{P}:46 字段 principles[one].bad：找到：「快点」，没有不许出现的词，也不算长；可以写：没守住这一条的一句，或者空着",
    ),
    "both examples are one": (
        "  - {id: one, text: 不说谢谢的话, good: 快点, bad: 快点}\n",
        f"{P}:46 字段 principles[one].bad：找到：和 good 一样的一句；可以写：没守住这一条的一句",
    ),
    "a fact of a case": (
        "  - {id: one, text: 不主动提红灯的事}\n",
        f"{P}:46 字段 principles[one].text：找到：「红灯」，那是案例 no_show 里的事；可以写：只写怎么说话，不写业务和经过",
    ),
    "an authored line breaks it": (
        "  - {id: one, text: 不说气死这样的话, never: [气死]}\n",
        f"{P}:26 提醒 字段 lines.vent[1]：找到：「气死我了！」，没守住规矩「不说气死这样的话」；可以写：不用「气死」的一句",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("yaml", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_alone_and_exactly(folder: Path, spoil: Spoil, yaml: str, sentence: str) -> None:
    with_principles(spoil, yaml)
    assert told(folder) == [sentence]


def test_more_than_a_dozen_active_ones_are_too_many(folder: Path, spoil: Spoil) -> None:
    words = "甲乙丙丁戊己庚辛壬癸子丑寅"
    items = [
        f"  - {{id: rule_{at}, text: 不提{word}{word}{word}二字, never: [{word}{word}]}}\n"
        for at, word in enumerate(words)
    ]
    with_principles(spoil, "".join(items))
    assert told(folder) == [
        f"{P}:45 提醒 字段 principles：找到：13 条规矩都开着；可以写：最多 12 条，旧的关掉（active: false）"
    ]
    spoil(P, "never: [寅寅]}", "never: [寅寅], active: false}")
    assert told(folder) == []


def test_what_spells_a_vague_word_out_is_not_vague() -> None:
    assert findings(Principle(id="one", text="说得自然：不用书面语")) == []


def test_the_hash_of_a_line_tells_whether_it_changed() -> None:
    assert line_hash("你说怎么办？") == line_hash("你说怎么办？") != line_hash("你说怎么办。")
    assert len(line_hash("")) == 12


def test_a_persona_without_principles_stays_as_it_was() -> None:
    assert Persona.model_fields["principles"].default == ()
