"""Well-formed content that would never work in a call, or punish the right answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coach.content.amounts import amounts
from coach.content.survey import survey

Spoil = Callable[[str, str, str], None]
P, C = "personas/grumbler.yaml", "cases/no_show.yaml"

LINT = {
    "an unknown placeholder": (
        P, "{demand}", "{demands}",
        f"{P}:27 字段 lines.repeat_demand[1]：找到：「{{demands}}」；可以写：{{demand}}、{{concern}}",
    ),
    "a tactic's line over the cap": (
        P, "[快点行不行。, 说重点。]", "[快点行不行快点行不行快点行不行快点行不行。, 说重点。]",
        f"{P}:19 字段 tactics[hurry].lines[1]：找到：21 个字的台词「快点行不行快点行不行快点……」；可以写：最多 20 个字（speech.max_chars）",
    ),
    "a placeholder in a case": (
        C, "- 修网的人呢？", "- 修网的人呢，{demand}",
        f"{C}:11 字段 openings[2]：找到：「{{demand}}」；可以写：案例的台词里没有占位符，把话写出来",
    ),
    "a case's line that its persona can't say": (
        C, "- 修网的人呢？", "- 修网的人呢修网的人呢修网的人呢修网的人呢？",
        f"{C}:11 提醒 字段 openings[2]：找到：21 个字的台词「修网的人呢修网的人呢修网……」；可以写：grumbler 一句最多说 20 个字",
    ),
    "a fact told at once": (
        C, "telltale: [周六]", "telltale: [周六, 修网]",
        f"{C}:24 字段 facts[since].telltale[2]：找到：「修网」，openings[2] 里已经说出来了；可以写：没问到之前不会出现的词",
    ),
    "a question that its cues don't match": (
        C, "ask: 您家的网是哪天断的呢？", "ask: 您家的网坏了多久呢？",
        f"{C}:23 字段 facts[since].ask：找到：「您家的网坏了多久呢？」，release.cues 里没有一条认得出它；"
        "可以写：含有 release.cues 里的词的句子，或者给 release.cues 添上词",
    ),
    "an answer that its cues don't match": (
        C, 'answered_by: ["4小时"]', 'answered_by: ["四小时"]',
        f"{C}:44 字段 concerns[when].answer：找到：「师傅4小时内一定先给您打电话。」，answered_by 里没有一条认得出它；"
        "可以写：含有 answered_by 里的词的句子，或者给 answered_by 添上词",
    ),
    "a resolution that its cues don't match": (
        C, 'cues: ["加急"]', 'cues: ["特急"]',
        f"{C}:48 字段 resolutions[urgent].say：找到：「我给您做加急，4小时内联系您约时间。」，cues 里没有一条认得出它；"
        "可以写：含有 cues 里的词的句子，或者给 cues 添上词",
    ),
    "a trap that doesn't catch its own example": (
        C, "say: 我保证今天给您修好。", "say: 我今天就给您弄好。",
        f"{C}:56 字段 trap.say：找到：「我今天就给您弄好。」，cues 里没有一条认得出它；可以写：含有 cues 里的词的句子，或者给 cues 添上词",
    ),
    "a trap that catches the right answer": (
        C, '["保证|包您+修好"]', '["保证|包您+修好", 一定]',
        f"{C}:57 字段 trap.cues[2]：找到：「一定」，它把 concerns[when].answer 的正确说法也当成违规；可以写：只抓违规说法的词，用 + 加上条件",
    ),
    "a figure that no rule knows": (
        C, "师傅4小时内一定先给您打电话。", "师傅4小时内先给您打电话，不来赔您五十块。",
        f"{C}:44 字段 concerns[when].answer：找到：「五十块」，知识卡和它的规定里没有；"
        "可以写：知识卡上有的数字；规定加进 knowledge.rules，查到的记录写进 knowledge.record",
    ),
    "a coaching sentence with a figure of nowhere": (
        C, "explain: 师傅临时被调走了，没通知您。", "explain: 师傅临时被调走了，晚了三天。",
        f"{C}:69 字段 coaching.explain：找到：「三天」，知识卡和它的规定里没有；"
        "可以写：知识卡上有的数字；规定加进 knowledge.rules，查到的记录写进 knowledge.record",
    ),
    "a reason that names a figure of nowhere": (
        C, "why: 几点修好没人说得准。", "why: 保证不了，超过20元的也退不了。",
        f"{C}:58 字段 trap.why：找到：「20元」，知识卡和它的规定里没有；"
        "可以写：知识卡上有的数字；规定加进 knowledge.rules，查到的记录写进 knowledge.record",
    ),
    "a sentence nobody can say in one breath": (
        C, "reframe: 两张单并成一张，反而更快。", f"reframe: {'两张单并成一张，反而更快。' * 5}",
        f"{C}:71 字段 coaching.reframe：找到：65 个字的话「两张单并成一张，反而更快……」；可以写：最多 60 个字，一口气说得完",
    ),
    "a figure in a rubric's sentence": (
        "rubrics/warmth.yaml", "look_at: 坐席第一句", "look_at: 坐席第一句\n        say_instead: 四小时内给您回电。",
        "rubrics/warmth.yaml:16 字段 criteria[feeling].checks[names_feeling].say_instead：找到：「四小时」，评分表的话哪个案例都会用到；"
        "可以写：不带金额、日期、比例的话",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "sentence"), LINT.values(), ids=LINT.keys())
def test_content_that_cannot_work_is_told(
    folder: Path, spoil: Spoil, file: str, old: str, new: str, sentence: str
) -> None:
    spoil(file, old, new)
    assert [mistake.say("zh") for mistake in survey(folder).mistakes] == [sentence]


def test_a_line_is_measured_without_its_placeholder(folder: Path, spoil: Spoil) -> None:
    spoil(P, "我就一句话，{demand}", "我就一句话我就一句话我就一句话，{demand}")
    assert survey(folder).mistakes == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4小时内联系", {("小时", 4.0)}),
        ("两天内回电", {("小时", 48.0)}),
        ("最多退三十块", {("元", 30.0)}),
        ("百分之二十", {("%", 20.0)}),
        ("月费8折", {("%", 80.0)}),
        ("共十二个月", {("个月", 12.0)}),
        ("半年", {("个月", 6.0)}),
        ("3个工作日之内", {("工作日", 3.0)}),
        ("一千二百元", {("元", 1200.0)}),
        ("25元一天", {("元", 25.0)}),
        ("一天内回电", {("小时", 24.0)}),
        ("每天两次，第3天再说，一分钟就好", set()),
        ("大概半分钟，看看是哪一块，8021号为您服务", set()),
        ("3日内答复", {("小时", 72.0)}),
        ("每月3号，毕业当年9月", {("号", 3.0), ("月", 9.0)}),
        ("减15.00元，超时补三倍", {("元", 15.0), ("倍", 3.0)}),
        ("明天9点前", {("点", 9.0)}),
    ],
)
def test_amounts_are_read_in_figures_and_in_words(text: str, expected: set[tuple[str, float]]) -> None:
    assert amounts(text) == expected
