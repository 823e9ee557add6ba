"""THE PIPELINE ON ONE PAGE: start a call, say something, hear the customer, hang up, be graded.

trainee's words -> store -> appraise -> dynamics -> act -> line (streamed) -> store
"""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from coach import __version__
from coach.content.library import Library, Parts
from coach.content.persona import Persona
from coach.customer.authored import opening_line
from coach.customer.dynamics import opening_step, step
from coach.customer.moment import Suggestion, best_move
from coach.customer.voice import Piece, Spoken, Voice
from coach.errors import CallState
from coach.grading.grader import Grader
from coach.practice.branching import branch_of
from coach.practice.hearing import Appraiser, announced, appraised_words, checked_words, is_stop
from coach.practice.noting import Body, write_note
from coach.records.call import Call, Exercise, Outcome, Provenance, Speaker, Turn
from coach.records.grade import Grade
from coach.records.notes import Note
from coach.reports.advice import Advisor
from coach.reports.asking import asked
from coach.reports.replies.passages import Answer
from coach.storage.store import Store


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
        words = checked_words(call, text)
        if is_stop(words):
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
        decided = step(call.state, said.appraisal, call.exercise, waited_s=said.waited_s, announced=announced(call))
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
        turn = turn.model_copy(update={"appraisal": await appraised_words(self._appraiser, call)})
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
        branch = branch_of(self.store.call(call_id), turn)
        self.store.add_call(branch)
        return branch

    def write_note(self, call_id: str, body: Body) -> Note:
        """Something beside the call: a hint that was given, a work order, a dispute. An unknown call raises NotFound."""
        return write_note(self.store, call_id, body)

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


def _parts(exercise: Exercise) -> Parts:
    return Parts(exercise.persona, exercise.case, exercise.operator, exercise.rubrics)
