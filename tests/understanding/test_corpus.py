from pathlib import Path

import pytest

from coach.content.moves import MoveId
from coach.errors import InputError
from coach.records.call import Speaker
from coach.understanding.corpus import corpus_hash, read_calls, read_folder, trainee_turns

GOOD = """# 说明
== one-1 试一试
客：我的网断了！
坐：[greet:您好]，[ask_open,ask_problem:光猫上的灯是什么样的]？
坐：请稍等。
"""


def write(folder: Path, text: str, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_marks_become_spans_over_the_words_and_leave_the_text_clean(tmp_path: Path) -> None:
    [call] = read_calls(write(tmp_path, GOOD))
    assert [turn.speaker for turn in call.turns] == [Speaker.CUSTOMER, Speaker.TRAINEE, Speaker.TRAINEE]
    spoken = call.turns[1]
    assert spoken.text == "您好，光猫上的灯是什么样的？"
    assert [(spoken.text[span.start : span.end], span.moves) for span in spoken.spans] == [
        ("您好", (MoveId.GREET,)),
        ("光猫上的灯是什么样的", (MoveId.ASK_OPEN, MoveId.ASK_PROBLEM)),
    ]
    assert call.turns[2].moves == frozenset()


def test_every_trainee_turn_comes_with_all_that_was_said_before(tmp_path: Path) -> None:
    [call] = read_calls(write(tmp_path, GOOD))
    (first, _, before), (second, _, later) = trainee_turns(call)
    assert (first, len(before)) == (1, 1)
    assert (second, len(later)) == (2, 2)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("坐：[gret:您好]", "没有这个话术动作：gret"),
        ("坐：[greet:您好", "方括号没有配对"),
        ("坐：[greet:您[thank:谢]好]", "方括号没有配对"),
        ("坐：[greet: ]", "标注里没有话"),
        ("客：[greet:您好]", "客户的话不做标注"),
        ("客服：您好", "一行要以"),
        ("== one-1 再来", "通话编号 one-1 重复"),
        ("==", "后面要写通话编号"),
    ],
)
def test_a_faulty_line_is_named_with_file_and_number(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(InputError) as told:
        read_calls(write(tmp_path, GOOD + line + "\n"))
    assert str(told.value).startswith("a.txt:6: ")
    assert says in str(told.value)


def test_all_faulty_lines_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        read_calls(write(tmp_path, "坐：您好\n== a 题\n坐：[x:您好]\n"))
    assert [line.split(":")[1] for line in str(told.value).splitlines()] == ["1", "3"]


def test_a_folder_without_calls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有标注好的通话"):
        read_folder(tmp_path)


def test_the_hash_changes_with_any_change_of_the_corpus(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    before = corpus_hash([path])
    assert corpus_hash([path]) == before
    write(tmp_path, GOOD + "\n")
    assert corpus_hash([path]) != before
