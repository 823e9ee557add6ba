"""Every sentence that feedback can be made of, over the whole library: short, and with no figure that the card doesn't have."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import yaml
from grading_helpers import ROOT

from coach.content.amounts import found
from coach.content.card import LONGEST, off_card
from coach.content.feedback_lint import right_sentences
from coach.content.library import Library
from coach.customer.moment import model_sentences

LIBRARY = Library.load(ROOT)


def frames() -> dict[str, Any]:
    return yaml.safe_load(files("coach.grading").joinpath("wording.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def test_no_sentence_of_a_case_names_a_figure_that_its_card_does_not_have() -> None:
    operator = LIBRARY.operator
    told = [
        (case, text)
        for case in LIBRARY.cases.values()
        for text in (*(text for _, text in right_sentences(case)), case.trap.why.zh)
    ]
    assert len(told) > 500
    assert [(case.id, text) for case, text in told if off_card(text, case, operator)] == []
    assert [text for _, text in told if any(len(part) > LONGEST for part in re.split("[。！？；]", text))] == []


def test_no_sentence_of_a_rubric_names_a_figure_at_all() -> None:
    told = [check.say_instead for rubric in LIBRARY.rubrics.values() for check in rubric.checks]
    assert [text for text in told if found(text) or len(text) > LONGEST] == []


def test_sentences_that_belong_to_no_case_are_short_and_name_no_figure() -> None:
    house = [text for texts in model_sentences().values() for text in texts]
    effects = [way["zh"] for ways in frames()["effect"].values() for way in ways]
    next_time = [text["zh"] for text in frames()["next_time"].values()]
    # 「就占您两分钟」 opens a call that we make; feedback never proposes it
    assert [text for text in house if found(text)] == model_sentences()["opening_outbound"]
    assert [text for text in (*effects, *next_time) if found(text)] == []
    assert [text for text in (*house, *effects, *next_time) if len(text) > LONGEST] == []


def test_no_sentence_of_a_rubric_presupposes_what_kind_of_matter_it_is() -> None:
    """One rubric judges faults, bills and prices alike."""
    kinds = re.compile("突然|好好的|断[了网]|坏了|故障|现象|屏幕|信号|我们的网络|多扣|路上|您这几天受的累")
    told = [check.say_instead for rubric in LIBRARY.rubrics.values() for check in rubric.checks]
    assert [text for text in told if kinds.search(text)] == []


def test_no_sentence_of_a_rubric_describes_a_procedure_instead_of_being_said() -> None:
    told = [check.say_instead for rubric in LIBRARY.rubrics.values() for check in rubric.checks]
    assert [text for text in told if re.search("按顺序|一样一样都|我先.{0,6}再.{0,8}然后", text)] == []
