"""THE PIPELINE ON ONE PAGE: start a call, say something, hear the customer, hang up, be graded.

trainee's words -> store -> appraise -> dynamics -> act -> line (streamed) -> store
"""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from coach import __version__
from coach.content.case import Case
from coach.content.library import Library, Parts
from coach.content.moves import MoveId as M
from coach.content.persona import Act, Persona
from coach.customer.authored import opening_line
from coach.customer.dynamics import opening_step, step
from coach.customer.moment import Suggestion, best_move
from coach.customer.voice import Piece, Spoken, Voice
from coach.errors import CallState
from coach.grading.grader import Grader
from coach.records.call import Appraisal, Call, Exercise, Outcome, Provenance, Record, Speaker, Turn
from coach.records.grade import Grade
from coach.records.notes import (
    Correction,
    Dispute,
    Hint,
    Learning,
    Note,
    NoteKind,
    Recovery,
    SelfRating,
    WorkOrder,
)
from coach.reports.advice import Advisor
from coach.reports.asking import asked
from coach.reports.replies.passages import Answer
from coach.storage.store import Store

STOP_WORDS = frozenset({"停止练习", "安全词", "stop"})
"""Said alone, one of these ends any call at once, without a grade."""
OUTBURSTS = frozenset(
    {
        Act.OPEN,
        Act.VENT,
        Act.REPEAT_DEMAND,
        Act.REJECT_OFFER,
        Act.TIRED_OF_SORRY,
        Act.PRESS,
        Act.STUNG,
        Act.TACTIC,
        Act.DEMAND_SUPERVISOR,
        Act.THREATEN,
        Act.HARASS,
        Act.TEST_BOUNDARY,
    }
)
"""Acts that carry feeling; after the others (telling a fact, asking a concern, softening) business may simply go on."""
MAX_CHARS = 600
"""Longest trainee turn in characters: about two minutes of speech."""


class Appraiser(Protocol):
    async def appraise(
        self, text: str, *, before: list[tuple[Speaker, str]], case: Case | None = None
    ) -> Appraisal: ...


@dataclass(frozen=True)
class Heard:
    """The trainee's turn is stored."""

    turn: Turn


@dataclass(frozen=True)
class Answered:
    """The customer's turn is complete and stored; `call` is the call as it stands now."""

    call: Call


Event = Heard | Piece | Answered


class Practice:
    """Plays calls. Every public step can be repeated after a failure: what was said is stored before any model is asked."""

    def __init__(
        self,
        library: Library,
        store: Store,
        appraiser: Appraiser,
        voice: Voice,
        grader: Grader,
        provenance: Provenance,
        advisor: Advisor | None = None,
    ) -> None:
        self.library = library
        self.store = store
        self._appraiser = appraiser
        self._voice = voice
        self._grader = grader
        self._provenance = provenance
        self._advisor = advisor

    @property
    def offline(self) -> bool:
        return self._provenance.offline

    def apart(self, library: Library, store: Store) -> Practice:
        """The same engine over other content, whose calls are kept elsewhere: to try out what is not saved yet."""
        return Practice(library, store, self._appraiser, self._voice, self._grader, self._provenance)

    def exercise(
        self, persona: str, case: str, mode: str = "practice", difficulty: str = "standard", intensity: str = "full"
    ) -> Exercise:
        parts = self.library.parts(persona, case)
        return Exercise.model_validate(
            {**parts._asdict(), "mode": mode, "difficulty": difficulty, "intensity": intensity}
        )

    def start(
        self, exercise: Exercise, *, seed: int | None = None, language: Literal["zh", "en"] = "zh", trainee: str = ""
    ) -> Call:
        """Opens a call of this trainee's; the customer has spoken first. The content goes into the call as it is now."""
        chosen = random.SystemRandom().randrange(2**31) if seed is None else seed
        now = datetime.now(UTC)
        first = Turn(
            index=0,
            speaker=Speaker.CUSTOMER,
            text=opening_line(exercise, chosen),
            at=now,
            step=opening_step(exercise),
            voice="opening",
        )
        call = Call(
            id=uuid.uuid4().hex,
            created=now,
            exercise=exercise,
            seed=chosen,
            provenance=self._provenance.model_copy(
                update={"coach_version": __version__, "content_hash": _parts(exercise).content_hash}
            ),
            turns=(first,),
            language=language,
            trainee=trainee,
        )
        self.store.add_call(call)
        return call

    async def say(self, call_id: str, text: str, *, waited_s: float | None = None) -> AsyncIterator[Event]:
        """The trainee says something; what the customer answers comes in pieces. `waited_s` overrides the clock (tests, scripts)."""
        call = self.store.call(call_id)
        words = _checked(call, text)
        if words.strip("。.!！ ").lower() in STOP_WORDS:
            yield Answered(self.stop(call.id))
            return
        now = datetime.now(UTC)
        waited = (now - call.turns[-1].at).total_seconds() if waited_s is None else waited_s
        turn = Turn(index=len(call.turns), speaker=Speaker.TRAINEE, text=words, at=now, waited_s=waited)
        self.store.add_turn(call.id, turn)
        yield Heard(turn)
        async for event in self.answer(call_id):
            yield event

    async def answer(self, call_id: str) -> AsyncIterator[Event]:
        """The customer's turn that is still due: after `say`, after a failure, after a restart."""
        call = self.store.call(call_id)
        if not call.awaiting_customer:
            raise CallState("现在轮到您说话，没有要等的回答。", "It is your turn; no answer is due.")
        call = await self._appraised(call)
        said = call.turns[-1]
        assert said.appraisal is not None
        decided = step(call.state, said.appraisal, call.exercise, waited_s=said.waited_s, announced=_announced(call))
        async for event in self._voice.speak(call, decided):
            if isinstance(event, Piece):
                yield event
                continue
            if self.store.call(call_id).outcome is not None:
                continue  # hung up or stopped while these words were being found: nobody hears them any more
            spoken: Spoken = event
            turn = Turn(
                index=len(call.turns),
                speaker=Speaker.CUSTOMER,
                text=spoken.text,
                at=datetime.now(UTC),
                step=decided,
                voice=spoken.voice,
                notes=spoken.notes,
            )
            self.store.add_turn(call.id, turn)
            if decided.state.outcome is not None:
                self.store.end_call(call.id, turn.at, decided.state.outcome)
        yield Answered(self.store.call(call.id))

    async def _appraised(self, call: Call) -> Call:
        """The call with its last turn appraised; the appraisal is stored, so that a retry gives the same state."""
        turn = call.turns[-1]
        if turn.appraisal is not None:
            return call
        before = [(past.speaker, past.text) for past in call.turns[:-1]]
        appraisal = await self._appraiser.appraise(turn.text, before=before, case=call.exercise.case)
        appraisal = _without_imagined_outburst(call, appraisal)
        appraisal = appraisal.model_copy(update={"chars": sum(letter.isalnum() for letter in turn.text)})
        turn = turn.model_copy(update={"appraisal": appraisal})
        self.store.set_turn(call.id, turn)
        return call.model_copy(update={"turns": (*call.turns[:-1], turn)})

    async def said_again(self, call: Call, turn: int, persona: Persona) -> Spoken:
        """What this persona would say now in the place of the customer's line `turn`, with the same act. Nothing is stored.

        Raises:
            CallState: not a line that was decided in a call (the opening is the case's).
            ModelError: the model could not be used.
        """
        decided = call.turns[turn].step
        if decided is None or turn == 0:
            raise CallState("这一句没法重说。", "This line can't be said again.")
        exercise = call.exercise.model_copy(update={"persona": persona})
        before = call.model_copy(update={"turns": call.turns[:turn], "exercise": exercise})
        spoken = [event async for event in self._voice.speak(before, decided) if isinstance(event, Spoken)]
        return spoken[-1]

    def rewind(self, call_id: str, turn: int) -> Call:
        """What if: a new call that is this one up to (not including) the trainee's turn `turn`, in exactly that state.

        Raises:
            CallState: not a turn of the trainee's; an exam that is still running.
        """
        call = self.store.call(call_id)
        if not (0 <= turn < len(call.turns)) or call.turns[turn].speaker is not Speaker.TRAINEE:
            raise CallState("只能回到自己说过的某一句。", "One can only go back to a turn of one's own.")
        if call.exercise.mode == "exam" and call.outcome is None:
            raise CallState(
                "考核还没结束，挂机以后再回去重说。", "The exam is still running; go back after hanging up."
            )
        branch = call.model_copy(
            update={
                "id": uuid.uuid4().hex,
                "created": datetime.now(UTC),
                "turns": _as_heard_now(call.turns[:turn]),
                "ended": None,
                "outcome": None,
                "parent": call.id,
                "branched_at": turn,
                "exercise": call.exercise.model_copy(update={"mode": "practice"}),
            }
        )
        self.store.add_call(branch)
        return branch

    def write_hint(self, call_id: str, hint: Hint) -> Note:
        return self._note(call_id, "hint", hint=hint)

    def write_work_order(self, call_id: str, order: WorkOrder) -> Note:
        return self._note(call_id, "work_order", work_order=order)

    def write_recovery(self, call_id: str, recovery: Recovery) -> Note:
        return self._note(call_id, "recovery", recovery=recovery)

    def write_self_rating(self, call_id: str, rating: SelfRating) -> Note:
        return self._note(call_id, "self_rating", self_rating=rating)

    def write_learning(self, call_id: str, learning: Learning) -> Note:
        return self._note(call_id, "learning", learning=learning)

    def write_dispute(self, call_id: str, dispute: Dispute) -> Note:
        return self._note(call_id, "dispute", dispute=dispute)

    def write_correction(self, call_id: str, correction: Correction) -> Note:
        return self._note(call_id, "correction", correction=correction)

    def _note(self, call_id: str, kind: NoteKind, **body: Record) -> Note:
        return write_note(self.store, call_id, kind, **body)

    def hang_up(self, call_id: str) -> Call:
        """The trainee ends the call. What was agreed stays agreed; everything else was ended by the trainee."""
        call = self.store.call(call_id)
        if call.outcome is None:
            agreed = call.state.agreed and not call.awaiting_customer
            outcome = Outcome.RELUCTANT if agreed else Outcome.TRAINEE_ENDED
            self.store.end_call(call.id, datetime.now(UTC), outcome)
        return self.store.call(call_id)

    def stop(self, call_id: str) -> Call:
        """The trainee has had enough: the practice ends at once, in any mode, without a grade and without a reason."""
        if self.store.call(call_id).outcome is None:
            self.store.end_call(call_id, datetime.now(UTC), Outcome.STOPPED)
        return self.store.call(call_id)

    def hint(self, call_id: str) -> Suggestion:
        """What the moment asks for, from the state (practice mode only)."""
        call = self.store.call(call_id)
        if call.exercise.mode != "practice":
            raise CallState("考核模式没有提示。", "There are no hints in exam mode.")
        if call.outcome is not None:
            raise CallState("通话已经结束。", "The call has ended.")
        said = "\n".join(turn.text for turn in call.turns if turn.speaker is Speaker.TRAINEE)
        return best_move(call.state, call.exercise, said)

    async def grade(self, call_id: str) -> Grade:
        """Grades an ended call and keeps the grade beside earlier ones."""
        call = self.store.call(call_id)
        if call.outcome is None:
            raise CallState("通话还没结束，先挂机再看报告。", "The call is still open; hang up first.")
        if call.outcome is Outcome.STOPPED:
            raise CallState("这通练习中途喊停了，不评分。", "This practice was stopped and is not graded.")
        grade = await self._grader.grade_call(call)
        self.store.add_grade(grade)
        return grade

    @property
    def answers_by_model(self) -> bool:
        """Whether a model answers questions about a call."""
        return self._advisor is not None

    async def ask(self, call_id: str, question: str, language: str) -> Answer:
        """The answer to a question about a graded call, by its newest grade. Never raises a ModelError.

        Raises:
            CallState: it has not been graded.
        """
        grades = self.store.grades(call_id)
        if not grades:
            raise CallState("先看评分报告，再来问。", "See the report first, then ask.")
        call = self.store.call(call_id)
        return await asked(question, call, grades[-1], self.library.vocabulary, language, self._advisor)


def write_note(store: Store, call_id: str, kind: NoteKind, **body: Record) -> Note:
    """Adds a note to a call; an unknown call raises NotFound."""
    store.call(call_id)
    note = Note.model_validate(
        {"id": uuid.uuid4().hex, "call": call_id, "kind": kind, "created": datetime.now(UTC), **body}
    )
    store.add_note(note)
    return note


def _as_heard_now(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns with the last line heard just now, so that no waiting is charged for the time in between."""
    return (*turns[:-1], turns[-1].model_copy(update={"at": datetime.now(UTC)}))


def _parts(exercise: Exercise) -> Parts:
    return Parts(exercise.persona, exercise.case, exercise.operator, exercise.rubrics)


def _without_imagined_outburst(call: Call, appraisal: Appraisal) -> Appraisal:
    """No feeling was passed over where the customer's last act was none: the host knows it, whatever the words look like."""
    last = call.turns[-2].step
    if last is None or last.act in OUTBURSTS:
        return appraisal
    return appraisal.model_copy(
        update={"moves": tuple(found for found in appraisal.moves if found.move is not M.IGNORE_FEELING)}
    )


def _announced(call: Call) -> bool:
    """Whether the trainee's turn before the last said what the wait is for."""
    earlier = [turn for turn in call.turns[:-1] if turn.speaker is Speaker.TRAINEE]
    return bool(earlier and earlier[-1].appraisal and M.NARRATE in earlier[-1].appraisal.kinds)


def _checked(call: Call, text: str) -> str:
    if call.outcome is not None:
        raise CallState("通话已经结束，不能再说话了。", "The call has ended.")
    if call.awaiting_customer:
        raise CallState(
            "客户还没回话，请等一下，或点「重试」。", "The customer hasn't answered yet; wait, or press retry."
        )
    words = text.strip()
    if not words:
        raise CallState("这一句是空的，先写一句再发。", "This is empty; write something first.")
    if len(words) > MAX_CHARS:
        raise CallState(
            f"一次最多说{MAX_CHARS}个字（现在{len(words)}个）。电话里没人听得完这么长一段，请分开说。",
            f"At most {MAX_CHARS} characters at a time (now {len(words)}). Nobody listens that long; split it.",
        )
    return words
