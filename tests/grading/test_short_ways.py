"""Short ways for common text give what the long way gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.grading import evidence, lexicon, masking
from coach.understanding import clauses

SPOKEN = st.text(alphabet="您好我网断一二零幺138aB9，。？！、…“” \t\n　.-·～~ＡＢ：％😀ﬁ@路号工是总", max_size=40)


@given(st.one_of(SPOKEN, st.text(max_size=30)))
def test_letters_and_plain_signs_of_common_text(text: str) -> None:
    assert evidence.letters_of(text) == text.translate(evidence._LETTERS)
    assert lexicon._plain(text) == text.translate(lexicon._SIGNS)


@given(SPOKEN)
def test_a_turn_without_spaces_and_stops_is_split_as_any_other(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clauses, "_SPACED", re.compile(""))
        long_way = clauses.split.__wrapped__(text)
    assert clauses.split.__wrapped__(text) == long_way


@given(st.one_of(SPOKEN, st.text(alphabet="1380幺三-·— ", min_size=8, max_size=24)))
def test_whatever_is_masked_holds_what_is_looked_for_first(text: str) -> None:
    for kind, pattern, need in masking._RULES:
        assert need.search(text) or not pattern.search(text), kind
