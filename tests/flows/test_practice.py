"""Whole calls through the pipeline: stored before any model is asked, retried after a failure, resumed after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import ROOT, appraisal

from coach.content.case import Case
from coach.content.library import Library
from coach.content.persona import Act
from coach.customer.model_voice import ModelVoice
from coach.customer.voice import AuthoredVoice, Piece, Voice
from coach.errors import CallState, ModelAuthError, ModelCutOff
from coach.grading.grader import Grader
from coach.models.scripted import Broken, ScriptedModel
from coach.practice import Answered, Heard, Practice
from coach.prompts.render import load_prompt
from coach.records.call import Appraisal, Call, Outcome, Provenance, Speaker
from coach.records.notes import WorkOrder
from coach.storage.store import Store, sqlite_url
from coach.understanding.embedded import EmbeddedAppraiser


class Reads:
    """Appraises by what the turn literally says: move ids separated by spaces."""

    def __init__(self) -> None:
        self.asked = 0

    async def appraise(self, text: str, *, before: list[tuple[Speaker, str]], case: Case | None = None) -> Appraisal:
        self.asked += 1
        return appraisal(*[word for word in text.split() if word.isascii() and word.islower()])


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(ROOT)


def practice(library: Library, folder: Path, voice: Voice | None = None) -> Practice:
    provenance = Provenance(coach_version="", content_hash="", offline=True)
    grader = Grader(library.vocabulary, EmbeddedAppraiser())
    return Practice(library, Store(sqlite_url(folder)), Reads(), voice or AuthoredVoice(), grader, provenance)


def start(the_practice: Practice, mode: str = "practice") -> Call:
    return the_practice.start(the_practice.exercise("furious_complainer", "broadband_no_show", mode), seed=1)


async def test_a_turn_is_stored_before_anything_is_answered(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    events = played.say(call.id, "empathise")
    first = await anext(events)
    assert isinstance(first, Heard)
    assert played.store.call(call.id).turns[-1].text == "empathise"
    rest = [event async for event in events]
    assert isinstance(rest[0], Piece)
    assert isinstance(rest[-1], Answered)
    assert rest[-1].call.turns[-1].speaker is Speaker.CUSTOMER


@pytest.mark.parametrize("failure", [ModelAuthError("x"), Broken("又是", ModelCutOff("x"))])
async def test_after_a_model_failure_the_call_is_kept_and_the_answer_can_be_retried(
    library: Library, tmp_path: Path, failure: ModelAuthError | Broken
) -> None:
    model = ScriptedModel([failure, "你说怎么办吧。"])
    played = practice(library, tmp_path, ModelVoice(model, load_prompt("customer")))
    call = start(played)
    with pytest.raises((ModelAuthError, ModelCutOff)):
        async for _ in played.say(call.id, "empathise"):
            pass
    kept = played.store.call(call.id)
    assert kept.awaiting_customer
    with pytest.raises(CallState):
        async for _ in played.say(call.id, "再说一句"):
            pass
    async for _ in played.answer(call.id):
        pass
    done = played.store.call(call.id)
    assert [turn.text for turn in done.turns[1:]] == ["empathise", "你说怎么办吧。"]


async def test_a_retry_does_not_appraise_twice(library: Library, tmp_path: Path) -> None:
    played = practice(
        library, tmp_path, ModelVoice(ScriptedModel([ModelAuthError("x"), "行。"]), load_prompt("customer"))
    )
    call = start(played)
    with pytest.raises(ModelAuthError):
        async for _ in played.say(call.id, "empathise"):
            pass
    async for _ in played.answer(call.id):
        pass
    reads = played._appraiser
    assert isinstance(reads, Reads)
    assert reads.asked == 1


async def test_a_call_goes_on_where_it_was_after_a_restart(library: Library, tmp_path: Path) -> None:
    first = practice(library, tmp_path)
    call = start(first)
    async for _ in first.say(call.id, "empathise"):
        pass
    state = first.store.call(call.id).state
    first.store.close()
    second = practice(library, tmp_path)
    assert second.store.call(call.id).state == state
    async for _ in second.say(call.id, "restate"):
        pass
    assert len(second.store.call(call.id).turns) == 5


async def test_a_stored_call_explains_itself(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    kept = played.store.call(start(played).id)
    assert kept.exercise.case.knowledge.must_not
    assert {rubric.kind for rubric in kept.exercise.rubrics} == {"score", "red_lines"}
    assert len(kept.provenance.content_hash) == 64
    assert kept.provenance.coach_version


async def test_hanging_up_ends_the_call_and_a_grade_follows(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    with pytest.raises(CallState):
        await played.grade(call.id)
    assert played.hang_up(call.id).outcome is Outcome.TRAINEE_ENDED
    with pytest.raises(CallState):
        async for _ in played.say(call.id, "您好"):
            pass
    grade = await played.grade(call.id)
    assert played.store.grades(call.id) == [grade]


async def test_hanging_up_after_agreement_keeps_the_agreement(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    trapped = appraisal("false_promise", trap="免三个月")

    class Traps(Reads):
        async def appraise(
            self, text: str, *, before: list[tuple[Speaker, str]], case: Case | None = None
        ) -> Appraisal:
            return trapped

    played._appraiser = Traps()
    async for _ in played.say(call.id, "我直接给您免三个月"):
        pass
    assert played.hang_up(call.id).outcome is Outcome.RELUCTANT


async def test_hints_belong_to_practice_mode(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    hint = played.hint(start(played).id)
    assert hint.say
    with pytest.raises(CallState):
        played.hint(start(played, "exam").id)


async def test_empty_and_endless_turns_are_refused_with_a_sentence(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    for text, said in (("  ", "这一句是空的，先写一句"), ("长" * 601, "600")):
        with pytest.raises(CallState, match=said):
            async for _ in played.say(call.id, text):
                pass
    assert len(played.store.call(call.id).turns) == 1


async def test_who_is_asked_to_wait_answers_that_and_not_something_else(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    for text, waits in (("好的，我帮您看一下，您稍等。", True), ("好的，我帮您看一下。", False)):
        async for _ in played.say(call.id, text, waited_s=2):
            pass
        done = played.store.call(call.id)
        assert done.turns[-2].appraisal is not None
        assert done.turns[-2].appraisal.asks_to_wait is waits
        step = done.turns[-1].step
        assert step is not None
        assert (step.act is Act.WAIT) is waits


async def test_the_customer_leaves_when_nothing_comes(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    for _ in range(6):
        async for _event in played.say(call.id, "嗯"):
            pass
        call = played.store.call(call.id)
        if call.outcome:
            break
    assert call.outcome is Outcome.COMPLAINT
    assert call.turns[-1].step is not None
    assert call.turns[-1].step.act is Act.LEAVE_COMPLAINT


async def test_rewinding_restores_the_exact_state_and_leaves_the_first_call_alone(
    library: Library, tmp_path: Path
) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    for text in ("empathise", "argue", "blame_customer"):
        async for _ in played.say(call.id, text, waited_s=1):
            pass
    first = played.store.call(call.id)
    branch = played.rewind(call.id, 3)
    assert branch.state == first.turns[2].step.state  # type: ignore[union-attr]
    assert (branch.parent, branch.branched_at) == (call.id, 3)
    async for _ in played.say(branch.id, "restate", waited_s=1):
        pass
    again = played.store.call(branch.id)
    assert again.state.heat < first.turns[4].step.state.heat  # type: ignore[union-attr]
    assert played.store.call(call.id) == first
    assert played.store.branches(call.id) == [branch.id]


async def test_saying_the_same_again_after_rewinding_gives_the_same_state(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    for text in ("empathise", "offer"):
        async for _ in played.say(call.id, text, waited_s=1):
            pass
    branch = played.rewind(call.id, 3)
    async for _ in played.say(branch.id, "offer", waited_s=1):
        pass
    assert played.store.call(branch.id).turns[4].step == played.store.call(call.id).turns[4].step


async def test_one_can_only_go_back_to_a_turn_of_ones_own_and_not_within_an_exam(
    library: Library, tmp_path: Path
) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    with pytest.raises(CallState, match="自己说过"):
        played.rewind(call.id, 0)
    exam = start(played, "exam")
    async for _ in played.say(exam.id, "empathise"):
        pass
    with pytest.raises(CallState, match="考核还没结束"):
        played.rewind(exam.id, 1)


async def test_the_stop_word_ends_any_call_without_a_grade(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played, "exam")
    async for _ in played.say(call.id, "停止练习。"):
        pass
    assert played.store.call(call.id).outcome is Outcome.STOPPED
    with pytest.raises(CallState, match="不评分"):
        await played.grade(call.id)


async def test_notes_are_kept_and_the_last_one_counts(library: Library, tmp_path: Path) -> None:
    played = practice(library, tmp_path)
    call = start(played)
    assert played.store.latest_note(call.id, "work_order") is None
    played.write_note(call.id, WorkOrder(name="梁先生"))
    played.write_note(call.id, WorkOrder(name="梁先生", problem="宽带断了四天"))
    latest = played.store.latest_note(call.id, "work_order")
    assert latest is not None
    assert latest.work_order == WorkOrder(name="梁先生", problem="宽带断了四天")
