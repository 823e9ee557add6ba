"""Forbidden phrases and fillers: found letter for letter, passed over where the trainee only repeats the customer."""

from __future__ import annotations

from typing import Any

import pytest
from grading_helpers import ROOT, UPSET, NoReader, agent, check, customer, transcript

from coach.content.lexicon import Lexicon
from coach.content.library import Library
from coach.content.moves import MoveId
from coach.grading.facts import facts
from coach.grading.heard import Heard
from coach.grading.hearing import hear
from coach.grading.lexicon import find_fillers, find_forbidden
from coach.grading.rules import decide
from coach.records.call import Appraisal, FoundMove

LEXICON = Lexicon.model_validate(
    {
        "quoting": ["您说"],
        "forbidden": [
            {"id": "not_mine", "words": ["不归我管", "不归我们管"], "why": "推", "say_instead": "我来接。", "unless": ["我帮您"]},
            {"id": "whoever", "words": ["随便您找谁"], "why": "赶", "say_instead": "我给您登记。"},
        ],
        "fillers": [{"id": "then", "words": ["就是说", "，那个，"], "unless": ["也就是说"]}],
    }
)  # fmt: skip


def forbidden(text: str) -> list[str]:
    return [hit.words for hit in find_forbidden(text, LEXICON) if not hit.excused]


def heard(*turns: Any) -> Heard:
    return hear(transcript(*turns), NoReader(), lexicon=LEXICON)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("这个不归我管。", ["不归我管"]),
        ("这个不归我管，随便您找谁。", ["不归我管", "随便您找谁"]),
        ("这个不 归 我 管。", ["不 归 我 管"]),
        ("您说不归我管，这话让您寒心了。", []),
        ("您说我听着，可这事不归我管。", ["不归我管"]),
        ("上回那句“不归我管”是我们不对。", []),
        ("这块不归我管，我帮您转过去。", []),
        ("这块不归我管。别的我帮您看。", ["不归我管"]),
        ("我来管。", []),
    ],
)
def test_a_phrase_counts_unless_it_is_quoted_or_made_good(text: str, found: list[str]) -> None:
    assert forbidden(text) == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("就是说您这个，就是说吧", 2),
        ("也就是说要三天", 0),
        ("那个，我看看", 1),
        ("嗯，那个，我看看", 1),
        ("您要那个，还是这个", 0),
    ],
)
def test_fillers_are_counted_where_they_are_fillers(text: str, count: int) -> None:
    assert len(find_fillers(text, LEXICON)) == count


def test_a_phrase_found_is_evidence_for_every_rule_that_looks_for_forbidden_words() -> None:
    call = heard(UPSET, agent("您好。这个不归我管。"))
    dismissed = check({"found": {"moves": ["brush_off", "forbidden"]}}, kind="violation", penalty=5)
    verdict = decide(dismissed, call)
    assert (verdict.answer, [(item.turn, item.quote) for item in verdict.evidence]) == ("yes", [(1, "不归我管")])
    assert facts(call)["forbidden"] == 1


def test_what_a_reader_took_for_forbidden_in_a_quotation_is_dropped() -> None:
    text = "您说不归我管，我听着也难受。"
    reader = Appraisal(moves=(FoundMove(move="forbidden", quote="您说不归我管"),))  # type: ignore[arg-type]
    said = agent(text).model_copy(update={"appraisal": reader})
    judged = said.model_copy(update={"appraisal": reader.model_copy(update={"source": "model"})})
    before = customer("上次的人说不归我管！")
    assert not heard(before, said).all_shown([MoveId.FORBIDDEN])
    assert heard(before, judged).all_shown([MoveId.FORBIDDEN])
    assert facts(heard(before, said))["forbidden"] == 0


def test_the_commonest_filler_is_counted_with_its_words() -> None:
    call = heard(agent("就是说，那个，我看看。"), UPSET, agent("就是说这个月，就是说多了。"))
    assert facts(call)["fillers"] == 4
    assert facts(call)["same_filler_max"] == 4
    verdict = decide(check({"measure": {"metric": "same_filler_max", "at_most": 3}}), call)
    assert verdict.answer == "no"
    assert all(item.quote in call.transcript.turns[item.turn].text for item in verdict.evidence)


def test_the_shipped_lexicon_finds_what_it_forbids_and_leaves_its_own_advice_alone() -> None:
    lexicon = Library.load(ROOT).lexicon
    assert len(lexicon.forbidden) >= 12
    assert len(lexicon.fillers) >= 6
    for entry in lexicon.forbidden:
        for words in entry.words:
            assert any(not hit.excused for hit in find_forbidden(f"{words}。", lexicon)), words
        assert not find_forbidden(entry.say_instead, lexicon)
        assert not find_fillers(entry.say_instead, lexicon)


def test_nothing_that_content_tells_a_trainee_to_say_is_forbidden() -> None:
    library = Library.load(ROOT)
    for case in library.cases.values():
        coaching = case.coaching
        right = [
            *coaching.empathise, coaching.restate, coaching.explain, coaching.narrate, coaching.reframe, coaching.close,
            *(fact.ask for fact in case.facts), *(concern.answer for concern in case.concerns),
            *(way.say for way in case.resolutions),
        ]  # fmt: skip
        assert not [(line, hit) for line in right for hit in find_forbidden(line, library.lexicon) if not hit.excused]
    for rubric in library.rubrics.values():
        for one in rubric.checks:
            for line in (one.say_instead, one.good):
                assert not [hit for hit in find_forbidden(line, library.lexicon) if not hit.excused], line
