"""A trainer's remark on one line of a customer becomes a principle: drafted by a model, verified here, accepted by the trainer.

The remark's words are a trainer's, the turns before are a trainee's: both are material for the model, never instructions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from coach.authoring.principles import next_id, problems_of
from coach.content.mistakes import Mistake
from coach.content.persona import Persona
from coach.content.principle import Moment, Origin, Principle, RemarkKind, line_hash
from coach.customer.principle_check import BEFORE, PrincipleCheck
from coach.customer.principles import told
from coach.customer.state_card import TEMPERAMENT, about_person, heat_level
from coach.customer.words import act_name
from coach.errors import InputError, ModelError
from coach.models.seam import ChatModel, Message, ask
from coach.prompts.render import load_prompt, untrusted
from coach.records.call import Call, Speaker, Turn

WORDS_MAX = 200
"""Longest remark in characters."""
NO_PRAISE = "（没有说理由，只点了“说得像”）"
_KINDS: dict[RemarkKind, str] = {"praise": "夸", "criticise": "批评", "rewrite": "换一句"}
_NAMES = {Speaker.TRAINEE: "客服", Speaker.CUSTOMER: "客户"}
PATIENCE_S = 30.0
"""Longest a trainer waits for a principle to be tried on lines, in seconds."""


class Answer(BaseModel):
    """What the remark comes to."""

    why: Annotated[str, Field(max_length=120)]
    result: Literal["rule", "unclear", "off_topic"]
    text: Annotated[str, Field(max_length=120)]
    when: Moment
    never: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=4)]
    at_most: Annotated[int, Field(ge=0, le=80)]
    good: Annotated[str, Field(max_length=120)]
    bad: Annotated[str, Field(max_length=120)]


@dataclass(frozen=True)
class Remark:
    """What a trainer said about the customer's line `turn` of a call. `persona`: as its file stands now."""

    kind: RemarkKind
    words: str
    call: Call
    turn: int
    persona: Persona

    @property
    def line(self) -> Turn:
        return self.call.turns[self.turn]

    @property
    def origin(self) -> Origin:
        return Origin(kind=self.kind, call=self.call.id, turn=self.turn, line=line_hash(self.line.text))


@dataclass(frozen=True)
class Proof:
    """The principle tried on a line: what the check should say of it, and what it says (None: nobody could tell)."""

    line: str
    source: Literal["good", "bad", "said", "rewritten"]
    should_keep: bool
    keeps: bool | None

    @property
    def ok(self) -> bool | None:
        return None if self.keeps is None else self.keeps is self.should_keep


@dataclass(frozen=True)
class Proposal:
    """What the remark came to. Without a rule, `why` says what is missing or what it was about instead."""

    result: Literal["rule", "unclear", "off_topic"]
    why: str
    values: dict[str, Any]
    """The principle's fields as drafted, for the trainer to edit."""
    problems: tuple[Mistake, ...] = ()
    """What is wrong with them."""
    proofs: tuple[Proof, ...] = ()


def read_remark(kind: str, words: str, call: Call, turn: int, persona: Persona) -> Remark:
    """A remark as it came from a page or a command line.

    Raises:
        InputError: no such kind, not a line of the customer's, nothing said, too much said.
    """
    if kind not in _KINDS:
        raise InputError(f"没有「{kind}」这种意见。", f"There is no remark {kind!r}.")
    if not 0 <= turn < len(call.turns) or call.turns[turn].speaker is not Speaker.CUSTOMER:
        raise InputError("只能对客户说的某一句提意见。", "Remarks are about a line of the customer's.")
    words = " ".join(words.split())
    if not words and kind != "praise":
        asked = ("写一句哪里不像。", "Say what is unlike them.")
        raise InputError(*(asked if kind == "criticise" else ("写上您觉得他会怎么说。", "Write what they would say.")))
    most = persona.speech.max_chars if kind == "rewrite" else WORDS_MAX
    if len(words) > most:
        raise InputError(
            f"写了 {len(words)} 个字，最多 {most} 个。", f"{len(words)} characters; at most {most} are read."
        )
    return Remark(kind, words, call, turn, persona)


class RemarkReader:
    """Turns remarks into principles with a model; `check` is the one that will judge the customer's lines."""

    def __init__(
        self, model: ChatModel, check: PrincipleCheck, temperature: float = 0.2, patience_s: float = PATIENCE_S
    ) -> None:
        self._model = model
        self._check = check
        self._patience_s = patience_s
        self._temperature = temperature
        self._prompt = load_prompt("remark")

    async def propose(self, remark: Remark) -> Proposal:
        """A principle for the trainer to look at, tried on lines; one second draft when the first can't be used.

        Raises:
            ModelError: the model could not be used; the trainer writes the principle instead.
        """
        answer = await self._answer(remark, "", ())
        if answer.result != "rule":
            return Proposal(answer.result, answer.why, {})
        values, principle, problems = _verified(answer, remark)
        if problems:
            again = await self._answer(remark, answer.text, problems)
            if again.result == "rule":
                second, better, left = _verified(again, remark)
                if _weight(left) <= _weight(problems):
                    answer, values, principle, problems = again, second, better, left
        proofs = await self._proofs(principle, remark) if principle is not None else ()
        return Proposal("rule", answer.why, values, tuple(problems), proofs)

    def messages(self, remark: Remark, before: str, problems: Sequence[Mistake]) -> list[Message]:
        """What the model is told: the customer's manner, never what the case hides."""
        persona, turn = remark.persona, remark.line
        state = turn.step.state if turn.step is not None else remark.call.state
        parts = self._prompt.render(
            {
                "name": about_person(persona.name.zh),
                "summary": about_person(persona.summary.zh),
                "temperament": TEMPERAMENT[persona.temperament],
                "habits": [about_person(habit) for habit in persona.speech.habits],
                "tactics": [about_person(tactic.what.zh) for tactic in persona.tactics],
                "max_chars": persona.speech.max_chars,
                "rules": [about_person(rule) for rule in told(persona)],
                "said": [
                    f"{_NAMES[past.speaker]}：{untrusted(past.text)}"
                    for past in remark.call.turns[max(0, remark.turn - BEFORE) : remark.turn]
                ],
                "line": untrusted(turn.text),
                "act": act_name(turn.step.act, "zh") if turn.step is not None else "说话",
                "heat": heat_level(persona, state.heat),
                "kind": _KINDS[remark.kind],
                "remark": untrusted(remark.words) or NO_PRAISE,
                "before": untrusted(before),
                "problems": [f"{item.field}：{item.found.zh}；应当是：{item.allowed.zh}" for item in problems],
            }
        )
        return [Message("system", parts["system"]), Message("user", parts["user"])]

    async def _answer(self, remark: Remark, before: str, problems: Sequence[Mistake]) -> Answer:
        messages = self.messages(remark, before, problems)
        answer, _ = await ask(self._model, messages, Answer, temperature=self._temperature, max_tokens=600)
        return answer

    async def _proofs(self, principle: Principle, remark: Remark) -> tuple[Proof, ...]:
        """Its own examples and the line that was remarked on, as the check will judge them in a call."""
        wanted: list[tuple[str, Literal["good", "bad", "said", "rewritten"], bool]] = []
        if principle.good:
            wanted.append((principle.good, "good", True))
        if principle.bad:
            wanted.append((principle.bad, "bad", False))
        wanted.append((remark.line.text, "said", remark.kind == "praise"))
        if remark.kind == "rewrite":
            wanted.append((remark.words, "rewritten", True))
        fresh = [item for at, item in enumerate(wanted) if item[0] not in [other[0] for other in wanted[:at]]]
        before = remark.call.turns[: remark.turn]
        kept = await asyncio.gather(*(self._keeps(principle, line, before) for line, _, _ in fresh))
        return tuple(
            Proof(line, source, should, keeps) for (line, source, should), keeps in zip(fresh, kept, strict=True)
        )

    async def _keeps(self, principle: Principle, line: str, before: Sequence[Turn]) -> bool | None:
        # examples must not give themselves away
        plain = principle.model_copy(update={"good": "", "bad": ""})
        try:
            async with asyncio.timeout(self._patience_s):
                return not await self._check.broken(line, before, [plain])
        except (ModelError, TimeoutError):
            return None


def _verified(answer: Answer, remark: Remark) -> tuple[dict[str, Any], Principle | None, list[Mistake]]:
    values: dict[str, Any] = {
        "id": next_id(remark.persona),
        "text": answer.text.strip().rstrip("。；;. "),
        "when": answer.when,
        "good": answer.good.strip(),
        "bad": answer.bad.strip(),
    }
    never = [word.strip() for word in answer.never if word.strip()]
    values |= {"never": never} if never else {}
    values |= {"at_most": answer.at_most} if answer.at_most else {}
    principle, problems = problems_of(values, remark.persona, [remark.call.exercise.case])
    return values, principle, problems


def _weight(problems: Sequence[Mistake]) -> int:
    """Errors before warnings."""
    return sum(100 if item.level == "error" else 1 for item in problems)
