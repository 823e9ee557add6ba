"""Ask the coach, with a model: what the model is told about one call, everything masked, and its answer checked (advice_check.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coach.content.feedback_lint import right_sentences
from coach.grading.masking import Mask
from coach.grading.transcripts import transcript_of
from coach.models.seam import ChatModel, Message, ask
from coach.prompts.render import Prompt, load_prompt, untrusted
from coach.records.call import Call, Speaker, Turn
from coach.records.grade import Grade
from coach.reports.advice_check import LONGEST_POINT, MOST_POINTS, Advice, CoachAnswer, checked
from coach.reports.rubric_blocks import answered_checks
from coach.reports.summary import ending_sentence
from coach.reports.wording import report_wording


class Advisor:
    """Answers questions about one call by a language model."""

    def __init__(self, model: ChatModel, temperature: float = 0.2) -> None:
        self._model = model
        self._temperature = temperature
        self.prompt: Prompt = load_prompt("ask")

    @property
    def name(self) -> str:
        return self._model.name

    async def answer(self, question: str, call: Call, grade: Grade, language: str) -> Advice:
        """The checked answer.

        Raises:
            ModelError: the model could not be used.
        """
        mask = Mask(transcript_of(call).names)
        answer, _ = await ask(
            self._model,
            self.messages(question, call, grade, language, mask),
            CoachAnswer,
            temperature=self._temperature,
            max_tokens=900,
        )
        return checked(_unmasked(answer, mask), call, grade, language)

    def messages(self, question: str, call: Call, grade: Grade, language: str, mask: Mask) -> list[Message]:
        """What the model is told; nothing of it names anybody."""
        parts = self.prompt.render(_material(question, call, grade, language, mask))
        return [Message("system", parts["system"]), Message("user", parts["user"])]


def _material(question: str, call: Call, grade: Grade, language: str, mask: Mask) -> dict[str, Any]:
    exercise, say = call.exercise, report_wording().bound("zh")
    case = exercise.case
    hidden = mask.mask
    rules = [
        {"id": rule.id, "text": rule.text.zh} for rule in exercise.operator.rules if rule.id in case.knowledge.rules
    ]
    card = [entry.zh for entry in (*case.knowledge.record, *case.knowledge.must_not)]
    entries = [{"label": entry.label.zh, "value": hidden(entry.value.zh)} for entry in case.knowledge.customer]
    return {
        "most": MOST_POINTS,
        "longest": LONGEST_POINT,
        "language": language,
        "persona": exercise.persona.name.zh,
        "case": case.name.zh,
        "ending": ending_sentence(call, say),
        "score": grade.score,
        "rules": rules,
        "entries": entries,
        "card": [hidden(text) for text in card],
        "rubrics": list(_rubrics(call, grade, mask)),
        "sayings": [{"text": text, "untold": _untold(text, call)} for _, text in right_sentences(case)],
        "lines": [_line(turn, mask) for turn in call.turns],
        "question": untrusted(hidden(question)),
    }


def _untold(sentence: str, call: Call) -> bool:
    """Whether the sentence takes for known what the customer never told in this call."""
    asks = {fact.ask for fact in call.exercise.case.facts}
    untold = (fact for fact in call.exercise.case.facts if fact.id not in call.state.released)
    return sentence not in asks and any(word in sentence for fact in untold for word in fact.telltale)


def _rubrics(call: Call, grade: Grade, mask: Mask) -> Iterator[dict[str, Any]]:
    say = report_wording().bound("zh")
    graded = {item.rubric: item for item in grade.rubrics}
    for rubric in call.exercise.rubrics:
        if rubric.id not in graded:
            continue
        checks = []
        for check, verdict, answer in answered_checks(rubric, graded[rubric.id], say):
            usual = {"yes": check.yes_when.zh, "no": check.no_when.zh}.get(verdict.answer, "")
            meant = "" if verdict.answer == "na" else verdict.reason or usual
            lines = sorted({item.turn + 1 for item in verdict.evidence})
            name = f"{rubric.id}.{check.id}"
            checks.append({"id": name, "ask": check.ask.zh, "answer": answer, "lines": lines, "why": mask.mask(meant)})
        yield {
            "name": rubric.name.zh,
            "scored": rubric.kind == "score",
            "score": graded[rubric.id].score,
            "mark": rubric.pass_mark,
            "checks": checks,
        }


def _line(turn: Turn, mask: Mask) -> dict[str, Any]:
    state = turn.step.state if turn.step else None
    return {
        "number": turn.index + 1,
        "trainee": turn.speaker is Speaker.TRAINEE,
        "text": untrusted(mask.mask(turn.text)),
        "heat": state.heat if state else None,
        "trust": state.trust if state else None,
    }


def _unmasked(answer: CoachAnswer, mask: Mask) -> CoachAnswer:
    points = [
        point.model_copy(update={"text": mask.unmask(point.text), "quote": mask.unmask(point.quote)})
        for point in answer.points
    ]
    return answer.model_copy(update={"points": points, "say": mask.unmask(answer.say)})
