"""The grader: transcript -> verdicts -> arithmetic -> feedback. With a judge or without, the same pages are filled."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from coach.content.lexicon import Lexicon
from coach.content.moves import FAULTS, Vocabulary
from coach.content.moves import MoveId as M
from coach.content.rubric import Check, Rubric
from coach.grading.arrangement import all_judged
from coach.grading.effects import Effects, OfCall, OfTranscript
from coach.grading.facts import facts
from coach.grading.feedback import Told, feedback, next_time
from coach.grading.heard import Heard
from coach.grading.hearing import Reader, hear, hear_all
from coach.grading.hollow import described
from coach.grading.house import NO_HOUSE, House, house_of
from coach.grading.judge import Judge, Judged
from coach.grading.rules import decide
from coach.grading.totals import gate_hits, grade_rubric, open_gates, overall, passed
from coach.grading.transcripts import transcript_of
from coach.models.seam import ChatModel
from coach.prompts.render import load_prompt
from coach.records.call import Call
from coach.records.grade import Evidence, Grade, RubricGrade, Transcript, Usage, Verdict, Violation

JUDGE_TEMPERATURE = 0.2


class Grader:
    """Holds what grading needs; one object serves many calls.

    `house`: the rules that the judge is shown with calls that bring none of their own, as a practised call does.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        reader: Reader,
        judge: ChatModel | None = None,
        judge_temperature: float = JUDGE_TEMPERATURE,
        lexicon: Lexicon | None = None,
        judge_passes: int = 1,
        house: House = NO_HOUSE,
    ) -> None:
        self._vocabulary = vocabulary
        self._reader = reader
        self.lexicon = lexicon or Lexicon()
        self.judge_passes = judge_passes
        self.house = house
        self._words: dict[tuple[tuple[str, int, int], ...], str] = {}
        self._judge = None if judge is None else Judge(judge, load_prompt("judge"), judge_temperature)

    @property
    def offline(self) -> bool:
        return self._judge is None

    def described(self) -> dict[str, str | float]:
        """The judge as a result remembers it: model, temperature, prompt. Empty offline."""
        if self._judge is None:
            return {}
        judge = self._judge
        said: dict[str, str | float] = {
            "model": judge.model.name,
            "temperature": judge.temperature,
            "prompt": judge.prompt.hash,
        }
        return said if self.judge_passes == 1 else {**said, "passes": self.judge_passes}

    async def grade_call(self, call: Call, *, votes: int = 1) -> Grade:
        """Grades a practised call by its own rubrics. A model's failure leaves checks unscored; it raises nothing."""
        exercise = call.exercise
        heard = hear(
            transcript_of(call),
            self._reader,
            case=exercise.case,
            harasses=exercise.persona.harassing,
            lexicon=self.lexicon,
            rubric_words=self._described(exercise.rubrics),
        )
        judged = await self._judged(exercise.rubrics, heard, votes, call.language, house_of(exercise))
        return self._graded(exercise.rubrics, heard, judged, votes, call.language, call)

    async def grade_transcript(
        self, transcript: Transcript, rubrics: Sequence[Rubric], *, votes: int = 1, language: str = "zh"
    ) -> Grade:
        """Grades a transcript of any origin, with the judge when there is one."""
        heard = self._hear(transcript, rubrics)
        judged = await self._judged(rubrics, heard, votes, language, self.house)
        return self._graded(rubrics, heard, judged, votes, language)

    def grade_offline(self, transcript: Transcript, rubrics: Sequence[Rubric], *, language: str = "zh") -> Grade:
        """The same from moves and rules alone, without waiting for anything."""
        heard = self._hear(transcript, rubrics)
        return self._graded(rubrics, heard, {}, 1, language)

    def grade_judged(
        self,
        judged: Sequence[tuple[Transcript, Mapping[str, Judged]]],
        rubrics: Sequence[Rubric],
        *,
        votes: int = 1,
        language: str = "zh",
    ) -> list[Grade]:
        """The grades of transcripts with what the judge found in each (nothing: by rules alone), maybe in another process
        (coach.grading.arrangement.judge_transcript)."""
        calls = hear_all(
            [transcript for transcript, _ in judged],
            self._reader,
            lexicon=self.lexicon,
            rubric_words=self._described(rubrics),
        )
        return [
            self._graded(rubrics, heard, found, votes, language)
            for heard, (_, found) in zip(calls, judged, strict=True)
        ]

    def _hear(self, transcript: Transcript, rubrics: Sequence[Rubric]) -> Heard:
        return hear(transcript, self._reader, lexicon=self.lexicon, rubric_words=self._described(rubrics))

    def _described(self, rubrics: Sequence[Rubric]) -> str:
        """What these rubrics say about their checks, prepared once for many calls."""
        key = tuple((rubric.id, rubric.version, id(rubric)) for rubric in rubrics)
        if key not in self._words:
            self._words = {key: described(check for rubric in rubrics for check in rubric.checks)}
        return self._words[key]

    async def _judged(
        self, rubrics: Sequence[Rubric], heard: Heard, votes: int, language: str, house: House
    ) -> Mapping[str, Judged]:
        """The judge's verdicts by rubric id, all rubrics at once; empty without a judge."""
        judge = self._judge
        if judge is None or not heard.said:
            return {}
        asked = [(rubric, [check for check in rubric.checks if not _by_code(check, heard)]) for rubric in rubrics]
        return await all_judged(judge, asked, heard.transcript, votes, language, self.judge_passes, house)

    def _graded(
        self,
        rubrics: Sequence[Rubric],
        heard: Heard,
        judged: Mapping[str, Judged],
        votes: int,
        language: str,
        call: Call | None = None,
    ) -> Grade:
        grades = [grade_rubric(rubric, _verdicts(rubric, heard, judged.get(rubric.id), language)) for rubric in rubrics]
        gates = [
            hit for rubric, grade in zip(rubrics, grades, strict=True) for hit in gate_hits(rubric, grade.verdicts)
        ]
        effects: Effects = OfCall(call, self._vocabulary, language) if call else OfTranscript(heard, language)
        items = feedback(rubrics, grades, Told.of(heard, call, effects, language))
        scored = [grade for rubric, grade in zip(rubrics, grades, strict=True) if rubric.kind == "score"]
        undecided = any(open_gates(rubric, grade.verdicts) for rubric, grade in zip(rubrics, grades, strict=True))
        return Grade(
            id=uuid.uuid4().hex,
            call=heard.transcript.id,
            created=datetime.now(UTC),
            offline=self.offline,
            score=overall(scored, gates),
            passed=passed(rubrics, scored, gates, undecided=undecided),
            rubrics=tuple(grades),
            gates=tuple(gates),
            violations=_violations(heard, grades, rubrics),
            facts=facts(heard),
            feedback=items,
            next_time=next_time(items, rubrics, language),
            model="" if self._judge is None else self._judge.model.name,
            prompts={} if self._judge is None else {"judge": self._judge.prompt.hash},
            votes=votes,
            usage=_usage(judged.values()),
        )


def _by_code(check: Check, heard: Heard) -> bool:
    """Checks that code decides even beside a judge: counted ones, those a harasser isn't owed, and a trap that was taken."""
    if check.decided_by == "code":
        return True
    if heard.harasses and check.kind == "merit" and check.applies.to != "harassed":
        return True
    found = check.rule.found
    trapped = any(said.appraisal.trap for said in heard.said)
    return trapped and check.kind == "violation" and found is not None and M.FALSE_PROMISE in found.moves


def _verdicts(rubric: Rubric, heard: Heard, judged: Judged | None, language: str) -> list[Verdict]:
    by_judge = {} if judged is None else {verdict.check: verdict for verdict in judged.verdicts}
    return [by_judge.get(check.id) or decide(check, heard, language) for check in rubric.checks]


def _violations(heard: Heard, grades: Sequence[RubricGrade], rubrics: Sequence[Rubric]) -> tuple[Violation, ...]:
    """Every fault that was found, with its words: those of the moves, and those of the checks that a judge or a count decided."""
    found = {
        (said.index, item.move): said.evidence(item)
        for said in heard.said
        for item in said.appraisal.moves
        if item.move in FAULTS
    }
    for rubric, grade in zip(rubrics, grades, strict=True):
        for check, verdict in zip(rubric.checks, grade.verdicts, strict=True):
            if check.kind == "violation" and verdict.answer == "yes" and verdict.decided_by == "judge":
                for item in verdict.evidence:
                    move = _fault_of(check)
                    if move is not None:
                        found.setdefault((item.turn, move), Evidence(turn=item.turn, quote=item.quote, move=move))
    ordered = sorted(
        found.items(), key=lambda entry: (entry[0][0], heard.transcript.turns[entry[0][0]].text.find(entry[1].quote))
    )
    return tuple(Violation(turn=turn, move=move, quote=item.quote) for (turn, move), item in ordered)


def _fault_of(check: Check) -> M | None:
    moves = check.rule.found.moves if check.rule.found else ()
    return next((move for move in moves if move in FAULTS), None)


def _usage(judged: Iterable[Judged]) -> Usage:
    parts = list(judged)
    return Usage(
        prompt_tokens=sum(part.usage.prompt for part in parts),
        completion_tokens=sum(part.usage.completion for part in parts),
        cached_tokens=sum(part.usage.cached for part in parts),
        calls=sum(part.requests for part in parts),
    )
