from hypothesis import given
from hypothesis import strategies as st

from coach.understanding.clauses import normalise, split
from coach.understanding.quotes import find_quote


def test_punctuation_splits_and_full_stops_open_a_new_sentence() -> None:
    clauses = split("您好，我是8021号。网是哪天断的？")
    assert [clause.text for clause in clauses] == ["您好", "我是8021号", "网是哪天断的"]
    assert [clause.sentence for clause in clauses] == [0, 0, 1]
    assert [clause.question for clause in clauses] == [False, False, True]


def test_spaces_of_recognised_speech_split_but_not_around_latin_words() -> None:
    assert [clause.text for clause in split("呃 查到了 是上周五断的")] == ["呃", "查到了", "是上周五断的"]
    assert [clause.text for clause in split("Wi Fi 名字")] == ["Wi Fi", "名字"]


def test_an_over_long_stretch_is_cut_before_words_that_open_a_thought() -> None:
    spoken = "我看了一下您这个月的账单是多了三十块钱然后我帮您查到是一个来电提醒的业务所以我给您先退订掉"
    assert len(split(spoken)) > 1
    assert "".join(clause.text for clause in split(spoken)) == spoken


@given(st.text(alphabet="您好我网断。，？! ~aB9\n　", max_size=60))
def test_every_clause_is_a_verbatim_stretch_of_the_turn(text: str) -> None:
    for clause in split(text):
        assert clause.text == text[clause.start : clause.end]
        assert clause.text.strip()


def test_numbers_and_widths_look_alike_to_the_classifier() -> None:
    assert normalise("三十块ＡＰＰ") == normalise("50块app")


def test_a_quote_is_found_although_punctuation_and_width_differ() -> None:
    text = "实在抱歉，约了２次都让您白等。"
    assert find_quote("抱歉, 约了2次都让您白等", text) == "抱歉，约了２次都让您白等"
    assert find_quote("白等。", text) == "白等。"


def test_a_quote_that_is_not_there_is_not_found() -> None:
    assert find_quote("我理解您", "您好") == ""
    assert find_quote("，。", "您好，。") == "，。"
    assert find_quote("……", "您好") == ""
