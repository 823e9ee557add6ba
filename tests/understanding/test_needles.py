"""Passing over an expression by its needles never loses a match."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.understanding import case_cues, feeling
from coach.understanding.needles import grams_of, needles_of
from coach.understanding.patterns import _PATTERNS, CLAUSE_PATTERNS
from coach.understanding.sieve import Sieve, Sifted, expect

LETTERS = sorted(set("".join(CLAUSE_PATTERNS.values()) + feeling._STRONG_UPSET) - set(r"()[]{}|?*+^$.\\"))
WORDS = sorted({word for pattern in CLAUSE_PATTERNS.values() for word in re.findall(r"[一-鿿]{2,4}", pattern)})
SPOKEN = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(LETTERS), st.sampled_from("，。？\n 您我3")), max_size=14
)


@given(SPOKEN.map("".join))
@settings(max_examples=300, deadline=None)
def test_every_pattern_that_matches_is_among_those_that_may(text: str) -> None:
    _, possible = _SIEVE.may_match([text])
    assert {number for number, pattern in enumerate(_PATTERNS) if pattern.search(text)} <= set(possible)


@given(st.lists(SPOKEN.map("".join), max_size=6))
@settings(max_examples=100, deadline=None)
def test_texts_looked_up_together_are_looked_up_as_each_alone(texts: list[str]) -> None:
    """No pair of characters is seen where one text ends and the next begins."""
    found = zip(*_SIEVE.may_match(texts), strict=True) if texts else ()
    alone = [(at, number) for at, text in enumerate(texts) for number in _SIEVE.may_match([text])[1]]
    assert list(found) == alone
    for text in texts:
        held = [at for at, one in enumerate(NEEDLES) if one is None or one & grams_of(text)]
        assert _SIEVE.may_match([text])[1] == held


_SIEVE = Sieve(_PATTERNS)
NEEDLES = [needles_of(pattern.pattern) for pattern in _PATTERNS]
SIFTED = [item for module in (feeling, case_cues) for item in vars(module).values() if isinstance(item, Sifted)]


@given(SPOKEN.map("".join))
@settings(max_examples=200, deadline=None)
def test_a_sifted_expression_finds_what_the_plain_one_finds(text: str) -> None:
    for expected in (False, True):
        if expected:
            expect([text])
        for sifted in SIFTED:
            assert sifted.findall(text) == sifted.pattern.findall(text)
            assert bool(sifted.search(text)) == bool(sifted.pattern.search(text))


def test_an_expression_made_after_a_text_was_looked_up_is_searched_for() -> None:
    expect(["先把话说在前头"])
    assert Sifted("说在前头(?#new)").search("先把话说在前头")


@pytest.mark.parametrize(
    ("pattern", "flags", "needles"),
    [
        ("再见|拜拜", 0, {"再见", "拜拜"}),
        ("很?急.{0,3}办理", 0, {"办理"}),
        ("^[你您]好$", 0, {"你好", "您好"}),
        ("(?:等){2,}|.*挂", 0, {"等", "挂"}),
        ("是.{1,9}还是", 0, {"还是"}),
        ("(?<!不)行(?=吗)", 0, {"行"}),
        (r"\d+元?", 0, None),
        ("好*", 0, None),
        ("[^。]", 0, None),
        ("ok", re.IGNORECASE, {"o", "O"}),
    ],
)
def test_needles_of_an_expression(pattern: str, flags: int, needles: set[str] | None) -> None:
    found = needles_of(pattern, flags)
    assert found == (None if needles is None else frozenset(needles))


def test_letters_that_have_more_than_two_spellings_without_case_are_no_needles() -> None:
    assert Sifted("kelvin", re.IGNORECASE).search("\N{KELVIN SIGN}elvin")
    assert Sifted("sorry", re.IGNORECASE).search("\N{LATIN SMALL LETTER LONG S}orry")


def test_grams_are_characters_and_pairs() -> None:
    assert grams_of("您好") == {"您", "好", "您好"}
    assert grams_of("") == frozenset()
