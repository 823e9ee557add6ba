"""One question about one graded call, with what every kind of answer needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from coach.content.moves import FAULTS, Vocabulary
from coach.content.rubric import Check, Rubric
from coach.content.text import Bilingual
from coach.customer.moment import best_move
from coach.grading.effects import OfCall
from coach.grading.feedback import HARMFUL
from coach.records.call import Call, Speaker, Step, Turn
from coach.records.grade import Grade, RubricGrade, Verdict
from coach.reports.replies.passages import Passage
from coach.reports.rubric_blocks import tone_of
from coach.reports.wording import Say, Wording, read_wording, report_wording

Passages = Iterator[Passage]


@cache
def reply_wording() -> Wording:
    return read_wording("coach.reports.replies")


@dataclass(frozen=True)
class Asked:
    question: str
    call: Call
    grade: Grade
    vocabulary: Vocabulary
    language: str

    @cached_property
    def say(self) -> Say:
        return reply_wording().bound(self.language)

    @cached_property
    def report(self) -> Say:
        """The report's own wording."""
        return report_wording().bound(self.language)

    @cached_property
    def effects(self) -> OfCall:
        return OfCall(self.call, self.vocabulary, self.language)

    @cached_property
    def own(self) -> tuple[Turn, ...]:
        """The trainee's turns."""
        return tuple(turn for turn in self.call.turns if turn.speaker is Speaker.TRAINEE)

    def graded(self) -> Iterator[tuple[Rubric, RubricGrade]]:
        """The rubrics that the grade holds, in the order of the exercise."""
        found = {item.rubric: item for item in self.grade.rubrics}
        return ((rubric, found[rubric.id]) for rubric in self.call.exercise.rubrics if rubric.id in found)

    def verdicts(self) -> Iterator[tuple[Rubric, Check, Verdict]]:
        for rubric, graded in self.graded():
            answers = {verdict.check: verdict for verdict in graded.verdicts}
            for check in rubric.checks:
                if check.id in answers:
                    yield rubric, check, answers[check.id]

    def text(self, both: Bilingual) -> str:
        return both.say(self.language)

    def join(self, words: list[str], by: str = "list") -> str:
        return self.say(by).join(word.rstrip("。.") if by == "and" else word for word in words)

    def known(self, sentence: str) -> bool:
        """Whether the sentence mentions only what the customer told in this call."""
        untold = (fact for fact in self.call.exercise.case.facts if fact.id not in self.call.state.released)
        return not any(word in sentence for fact in untold for word in fact.telltale)

    def run(self, sentences: list[str]) -> str:
        """Whole sentences, one after the other."""
        return (" " if self.language == "en" else "").join(sentences)

    def before(self, turn: Turn) -> Step | None:
        return self.call.turns[turn.index - 1].step if turn.index else None

    def after(self, turn: Turn) -> Step | None:
        following = self.call.turns[turn.index + 1 : turn.index + 2]
        return following[0].step if following else None

    def better(self, turn: Turn) -> str:
        """What would have helped most in this turn's place; empty where nothing had a place any more."""
        item = next((item for item in self.grade.feedback if item.turn == turn.index), None)
        if item is not None:
            return self.say("say", say=item.say) if item.say else self.say("fine")
        before = self.before(turn)
        if before is None or before.state.outcome is not None:
            return ""
        said = "\n".join(own.text for own in self.own if own.index < turn.index)
        best = best_move(before.state, self.call.exercise, said).say
        if best in turn.text or self.did_well(turn):
            return self.say("fine")
        return self.say("moment", say=best)

    def did_well(self, turn: Turn) -> bool:
        """Whether the turn helped and holds nothing to mend."""
        faulty = bool(turn.appraisal and turn.appraisal.kinds & FAULTS)
        sound = not faulty and self.effects.harm(turn.index) < HARMFUL
        return sound and self.effects.helped(turn.index)

    def explained(self, rubric: Rubric, check: Check, verdict: Verdict) -> Passage:
        """A check: its answer, the words quoted, why, and a sentence to say where it was missed."""
        quotes = "".join(self.say("quote", n=item.turn + 1, quote=item.quote) for item in verdict.evidence[:2])
        usual = check.yes_when if verdict.answer == "yes" else check.no_when
        reason = verdict.reason or (usual.say(self.language) if verdict.answer in ("yes", "no") else "")
        told = self.say(
            "check", ask=self.text(check.ask), answer=self.answer(check, verdict), quotes=quotes, reason=reason
        )
        if check.say_instead and tone_of(check, verdict) == "bad":
            told += " " + self.say("say", say=check.say_instead)
        return Passage(text=told, source=self.say("rubric", name=self.text(rubric.name)))

    def answer(self, check: Check, verdict: Verdict) -> str:
        known = verdict.answer in ("yes", "no")
        return self.report(f"answer.{check.kind}_{verdict.answer}" if known else f"answer.{verdict.answer}")
