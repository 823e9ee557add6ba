"""Each mistake a trainer can make, and the exact sentence that answers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coach.content.survey import survey

Spoil = Callable[[str, str, str], None]

P = "personas/grumbler.yaml"
C = "cases/no_show.yaml"
R = "rubrics/warmth.yaml"
L = "rubrics/red_lines.yaml"
O = "operator.yaml"  # noqa: E741
TEXT = "summary: 什么事都要念叨三遍。"

SHAPE = {
    "a misspelt key": (
        P, "  trust: 40", "  trsut: 40",
        f"{P}:22 字段 temper.trsut：找到：不认识的键 trsut；可以写：heat、trust、patience、lands_below、anger、calming、"
        "leaves_by、soothed_by、stung_by；是不是想写 trust？",
    ),
    "a key of another level": (
        P, "speech:\n", "speech:\n  heat: 40\n",
        f"{P}:11 字段 speech.heat：找到：不认识的键 heat；可以写：habits、fillers、region、max_chars；heat 要写在 temper 里面",
    ),
    "a key indented too far": (
        P, "  max_chars: 20", "  max_chars: 20\n  tactics: []",
        f"{P}:13 字段 speech.tactics：找到：不认识的键 tactics；可以写：habits、fillers、region、max_chars；"
        "tactics 属于外面一层，少缩进一些",
    ),
    "a key written twice": (
        P, "  heat: 60\n", "  heat: 60\n  heat: 70\n",
        f"{P}:22 字段 temper.heat：找到：heat 写了两次（第 21 行和第 22 行）；可以写：每个键只写一次",
    ),
    "a number out of range": (
        P, "heat: 60", "heat: 160", f"{P}:21 字段 temper.heat：找到：数字 160；可以写：0 到 100 的整数",
    ),
    "a number in quotes": (
        P, "heat: 60", 'heat: "60"', f"{P}:21 字段 temper.heat：找到：「60」；可以写：0 到 100 的整数；去掉引号",
    ),
    "a fraction for a whole number": (
        P, "heat: 60", "heat: 60.5", f"{P}:21 字段 temper.heat：找到：数字 60.5；可以写：0 到 100 的整数",
    ),
    "a key with nothing after it": (
        P, "heat: 60", "heat:", f"{P}:21 字段 temper.heat：找到：空着；可以写：0 到 100 的整数；冒号后面还没有写",
    ),
    "yes stays a text": (
        P, "heat: 60", "heat: yes", f"{P}:21 字段 temper.heat：找到：「yes」；可以写：0 到 100 的整数",
    ),
    "a choice that doesn't exist": (
        P, "type: excited", "type: exited",
        f"{P}:6 字段 type：找到：「exited」；可以写：demanding、confused、excited；是不是想写 excited？",
    ),
    "an act that has no line": (
        P, "  vent: [气死我了！]\n", "",
        f"{P}:25 字段 lines：找到：少了 vent；可以写：每个客户动作至少一句台词",
    ),
    "a text where a list is due": (
        P, "answer: [对。]", "answer: 对。",
        f"{P}:28 字段 lines.answer：找到：「对。」；可以写：列表（至少 1 项），每项是一段文字（1 到 120 个字）；"
        "写成 [一, 二]，或者每行以 - 开头；逗号用英文的",
    ),
    "an empty list": (
        P, "answer: [对。]", "answer: []",
        f"{P}:28 字段 lines.answer：找到：一个列表（0 项）；可以写：列表（至少 1 项），每项是一段文字（1 到 120 个字）",
    ),
    "a placeholder without quotes": (
        P, '["我就一句话，{demand}"]', "\n    - {demand}",
        f"{P}:28 字段 lines.repeat_demand[1]：找到：一组键值（demand）；可以写：一段文字（1 到 120 个字）；"
        "句子里有英文冒号或 { } 时，整句加英文双引号",
    ),
    "a number where a text is due": (
        P, "answer: [对。]", "answer: [110]",
        f'{P}:28 字段 lines.answer[1]：找到：数字 110；可以写：一段文字（1 到 120 个字）；是文字就加英文双引号："110"',
    ),
    "an id with capitals": (
        C, "  - id: since", "  - id: Since-When",
        f"{C}:18 字段 facts[Since-When].id：找到：「Since-When」；可以写：小写英文字母、数字、下划线，字母开头，2 到 48 个字符；"
        "是不是想写 since_when？",
    ),
    "Chinese commas in a list": (
        P, "teaches: [B1]", "teaches: [B1，B4]",
        f"{P}:4 字段 teaches[1]：找到：「B1，B4」；可以写：教材目录的行号，如 C4；各项之间用英文逗号",
    ),
    "a tactic's id twice": (
        P, "  - id: hurry", "  - id: count",
        f"{P}:17 字段 tactics[count].id：找到：「count」写了两次（第 1 项和第 2 项）；可以写：每一项用自己的名字",
    ),
    "harassment without a conduct": (
        P, "category: complaint", "category: harassment",
        f"{P}:1 字段 conduct：找到：conduct: proper，而 category: harassment；可以写：category: harassment 配 "
        "abusive、pestering 或 idle；别的 category 配 proper",
    ),
    "a missing trap": (
        C, "trap:\n  what: 打包票今天修好\n  say: 我保证今天给您修好。\n  cues: [\"保证|包您+修好\"]\n  why: 几点修好没人说得准。\n", "",
        f"{C}:1 字段 trap：找到：没有 trap，必须写；可以写：一组键值：what、say、cues、why",
    ),
    "a missing release condition": (
        C, "    release: {when: volunteered, heat_below: 40}\n", "",
        f"{C}:32 字段 facts[shop].release：找到：没有 release，必须写；可以写：一组键值：when、cues、heat_below、trust_above",
    ),
    "a release that is none": (
        C, "{when: volunteered, heat_below: 40}", "{when: volunteered}",
        f"{C}:35 字段 facts[shop].release：找到：when: volunteered，没有别的条件；"
        "可以写：再写 heat_below 或 trust_above，不然一开口就全说了",
    ),
    "a question without cues": (
        C, 'release: {when: asked, cues: ["哪天|几时+断"]}', "release: {when: asked}",
        f"{C}:21 字段 facts[since].release：找到：when: asked，却没有 cues；可以写：再写 cues：提问里问到这件事的词",
    ),
    "a cue with a gap": (
        C, "哪天|几时+断", "哪天|+断",
        f"{C}:21 字段 facts[since].release.cues[1]：找到：「哪天|+断」，| 或 + 的旁边是空的；"
        "可以写：词语，用 |（任一个）和 +（都要有）连起来",
    ),
    "a rule of two kinds": (
        R, "{found: {moves: [empathise]}}", "{found: {moves: [empathise]}, measure: {metric: questions, at_least: 1}}",
        f"{R}:16 字段 criteria[feeling].checks[names_feeling].rule：找到：found、measure；"
        "可以写：found、order、sequence、reply、spoken、measure 里恰好一种",
    ),
    "a red line without a gate": (
        L, "gate: {cap: 40}", "penalty: 5",
        f"{L}:10 字段 criteria[promises].checks[no_false_promise]：找到：检查点 no_false_promise 没有 gate；"
        "可以写：红线表里每个检查点都是 kind: violation 并带 gate",
    ),
    "a check's id twice": (
        R, "id: names_feeling", "id: feeling",
        f"{R}:9 字段 criteria[feeling].checks[feeling].id：找到：「feeling」写了两次；可以写：每个评分项、检查点用自己的名字",
    ),
    "a hotline without quotes": (
        O, 'hotline: "10077"', "hotline: 10077",
        f'{O}:2 字段 hotline：找到：数字 10077；可以写：加引号的五位数字，如 "10077"；是文字就加英文双引号："10077"',
    ),
}  # fmt: skip

SYNTAX = {
    "a Chinese colon": (
        P, TEXT, "summary：什么事都要念叨三遍。",
        f"{P}:3 找到：一个没有英文冒号的键；这一行有中文冒号「：」；键后面要用英文冒号 : ，再空一格",
    ),
    "a quote never closed": (
        P, TEXT, 'summary: "什么事都要念叨三遍。', f"{P}:3 找到：没有收尾的引号；检查这一行往后的英文引号是否成对",
    ),
    "a bracket never closed": (
        P, "teaches: [B1]", "teaches: [B1",
        f"{P}:4 找到：没有收尾的方括号或花括号，或者项与项之间少了英文逗号；[ ] 和 {{ }} 要成对，项与项之间用英文逗号",
    ),
    "two colons in a line": (
        P, TEXT, "summary: 他说: 好",
        f"{P}:3 找到：一行里第二个英文冒号，或者多缩进了的键；句子里有英文冒号或 {{ }} 这类符号时，整句加英文双引号",
    ),
    "a tab for indentation": (
        P, "  heat: 60", "\theat: 60", f"{P}:21 找到：行首的制表符（Tab 键）；可以写：空格，每层两个",
    ),
    "uneven indentation": (
        P, "  heat: 60", "    heat: 60",
        f"{P}:22 找到：缩进对不齐，或者引号后面还有字；同一层的键和 - 对齐，每层空两格",
    ),
    "an anchor": (
        P, TEXT, "summary: &a 什么",
        f"{P}:3 找到：YAML 的记号 &a；把内容直接写出来；句子以 & * ! 开头时，整句加英文双引号",
    ),
    "a tag": (
        P, TEXT, "summary: !a 什么",
        f"{P}:3 找到：YAML 的记号 !a；把内容直接写出来；句子以 & * ! 开头时，整句加英文双引号",
    ),
    "a sign that can't begin a text": (
        P, TEXT, "summary: @什么", f"{P}:3 找到：不能用来开头的符号（如 @ ` % 或 Tab）；整句加英文双引号",
    ),
    "two contents in a file": (
        P, "modality: auditory\n", "modality: auditory\n---\n",
        f"{P}:9 找到：第二个 --- ，一个文件里写了两份内容；分成两个文件",
    ),
    "an invisible character": (
        P, TEXT, "summary: 什么\x07", f"{P}:3 找到：看不见的控制字符；删掉后重新输入这一行",
    ),
}  # fmt: skip

ALL = SHAPE | SYNTAX


@pytest.mark.parametrize(("file", "old", "new", "sentence"), ALL.values(), ids=ALL.keys())
def test_a_mistake_is_told_alone_and_exactly(
    folder: Path, spoil: Spoil, file: str, old: str, new: str, sentence: str
) -> None:
    spoil(file, old, new)
    assert [mistake.say("zh") for mistake in survey(folder).mistakes] == [sentence]


def test_the_same_in_english(folder: Path, spoil: Spoil) -> None:
    spoil(P, "type: excited", "type: exited")
    spoil(C, "    release: {when: volunteered, heat_below: 40}\n", "")
    assert [mistake.say("en") for mistake in survey(folder).mistakes] == [
        f"{C}:32 field facts[shop].release: found: no release, which is needed; "
        "allowed: a mapping: when, cues, heat_below, trust_above",
        f"{P}:6 field type: found: 'exited'; allowed: demanding, confused, excited; did you mean excited?",
    ]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "找到：一个空文件；可以写：一组键值，从 id: 开始，一行一个"),
        ("# 只有注释\n".encode(), "找到：一个空文件；可以写：一组键值，从 id: 开始，一行一个"),
        (b"- id: grumbler\n", "找到：文件一开头就是一个列表；可以写：一组键值，从 id: 开始，一行一个"),
        (
            "id：grumbler\n".encode(),
            "找到：文件一开头就是一段文字；可以写：一组键值，从 id: 开始，一行一个；冒号要用英文的 : ，后面空一格",
        ),
        ("id: 客户".encode("gb18030"), "找到：不是 UTF-8 编码的文字；用编辑器“另存为”选 UTF-8 再保存"),
    ],
    ids=["empty", "comments only", "a list", "plain text", "another encoding"],
)
def test_a_file_without_the_right_shape_is_told(folder: Path, raw: bytes, sentence: str) -> None:
    (folder / P).write_bytes(raw)
    assert [mistake.say("zh") for mistake in survey(folder).mistakes] == [f"{P}:1 {sentence}"]


def test_a_misspelt_needed_key_is_told_once_and_not_as_missing_too(folder: Path, spoil: Spoil) -> None:
    spoil(C, "trap:\n", "trapp:\n")
    (mistake,) = survey(folder).mistakes
    assert (mistake.line, mistake.found.zh, mistake.hint.zh) == (54, "不认识的键 trapp", "是不是想写 trap？")
