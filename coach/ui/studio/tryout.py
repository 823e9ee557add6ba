"""The try-out chat: an unsaved draft is played by the same engine, and its calls are kept nowhere but in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from typing import Any

from coach.authoring.shelf import Checked
from coach.authoring.trying import judged_by, library_with, pair_of, partners
from coach.authoring.unsaved import Draft
from coach.content.moves import Vocabulary
from coach.content.text import Strict
from coach.customer.words import act_name
from coach.errors import CallState
from coach.practice import Event, Practice
from coach.records.call import Call, Speaker
from coach.records.grade import Grade
from coach.reports.summary import ending_sentence
from coach.reports.wording import report_wording
from coach.storage.store import Store
from coach.ui.mood import mood_of
from coach.ui.studio.bench import Bench
from coach.ui.studio.shown import SayBox
from coach.ui.studio.wording import render, studio_wording, words

KEPT = 60
"""Try-outs that are remembered, over all trainers."""


class TryOut:
    """One try-out for each draft, the last one begun."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._store = Store("sqlite://")
        self._begun: OrderedDict[str, tuple[Practice, str]] = OrderedDict()

    def begin(self, draft: Draft, checked: Checked, partner: str) -> Call:
        """Raises CallState while the draft has mistakes, NotFound for a partner that isn't there."""
        item = needed(checked)
        practice, pair = self.practice(draft, item, partner)
        call = practice.start(practice.exercise(*pair))
        self._begun[draft.id] = practice, call.id
        self._begun.move_to_end(draft.id)
        while len(self._begun) > KEPT:
            self._begun.popitem(last=False)
        return call

    def practice(self, draft: Draft, item: Strict, partner: str) -> tuple[Practice, tuple[str, str]]:
        """The engine over the content with this draft in it, and the pair to play. Raises NotFound."""
        library = library_with(self._bench.shelf, item)
        pair = pair_of(draft.kind, item, partner)
        return self._bench.practice.apart(judged_by(library, item, pair), self._store), pair

    def call(self, draft: Draft) -> Call | None:
        """The draft's try-out as it stands."""
        begun = self._begun.get(draft.id)
        return begun[0].store.call(begun[1]) if begun else None

    def say(self, draft: Draft, text: str) -> AsyncIterator[Event]:
        practice, call_id = self._open(draft)
        return practice.say(call_id, text)

    def answer(self, draft: Draft) -> AsyncIterator[Event]:
        """The answer that is still missing after a failure."""
        practice, call_id = self._open(draft)
        return practice.answer(call_id)

    async def end(self, draft: Draft) -> Grade:
        """Hangs up and grades. Raises CallState, ModelError."""
        practice, call_id = self._open(draft)
        practice.hang_up(call_id)
        return await practice.grade(call_id)

    def grade(self, draft: Draft) -> Grade | None:
        call = self.call(draft)
        grades = self._store.grades(call.id) if call else []
        return grades[-1] if grades else None

    def _open(self, draft: Draft) -> tuple[Practice, str]:
        begun = self._begun.get(draft.id)
        if begun is None:
            both = studio_wording().languages("try.begin_first")
            raise CallState(both["zh"], both["en"])
        return begun

    def begun(self, draft: Draft) -> tuple[Practice, Call] | None:
        """The engine that plays the draft, and the call."""
        found = self._begun.get(draft.id)
        return (found[0], found[0].store.call(found[1])) if found else None

    def chat(
        self,
        draft: Draft,
        language: str,
        *,
        speaking: str | None = None,
        said: str = "",
        fault: str = "",
        below: Callable[[int], str] | None = None,
    ) -> str:
        """The lines with the state after each of the customer's. `said`: what the trainer just said; `speaking`: the customer's
        words as far as they have come; `below`: what stands below the customer's line with this index."""
        call = self.call(draft)
        if call is None:
            return ""
        vocabulary = self._bench.practice.library.vocabulary
        grade = self.grade(draft)
        rubrics = {rubric.id: rubric.name.say(language) for rubric in call.exercise.rubrics}
        return render(
            "chat",
            language,
            draft=draft.id,
            name=call.exercise.persona.name.say(language),
            lines=[
                line
                | {"below": below(line["index"]) if below is not None and line["customer"] and line["index"] else ""}
                for line in _lines(call, vocabulary, language)
            ],
            said=said if said and call.turns[-1].speaker is Speaker.CUSTOMER else "",
            speaking=speaking,
            fault=fault,
            missing=call.awaiting_customer and speaking is None,
            ended=ending_sentence(call, report_wording().bound(language)) if call.outcome else "",
            scores=[(rubrics.get(one.rubric, one.rubric), one.score) for one in grade.rubrics] if grade else [],
            passed=grade.passed if grade else None,
        )

    def box(self, draft: Draft, language: str, *, speaking: bool = False, clear: bool = False) -> SayBox:
        call, say = self.call(draft), words(language)
        if call is None:
            return {"open": False, "placeholder": say("try.begin_first"), "clear": True}
        if call.outcome is not None:
            return {"open": False, "placeholder": say("try.over"), "clear": True}
        waiting = speaking or call.awaiting_customer
        return {"open": not waiting, "placeholder": say("try.placeholder"), "clear": clear}

    def panel(self, draft: Draft, checked: Checked, language: str) -> str:
        """Above the chat: with whom, begin, hang up."""
        call = self.call(draft)
        return render(
            "try",
            language,
            running=call is not None and call.outcome is None,
            begun=call is not None,
            **self.with_whom(draft, checked, language),
        )

    def with_whom(self, draft: Draft, checked: Checked, language: str) -> dict[str, Any]:
        """What the choice of a partner shows, in a try-out and in an acceptance test."""
        return {
            "draft": draft.id,
            "kind": draft.kind,
            "errors": len(checked.errors),
            "partners": self._choices(draft, checked, language),
            "chosen": draft.partner,
        }

    def _choices(self, draft: Draft, checked: Checked, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
        """The partners by group: those it is offered with, the others."""
        if checked.item is None:
            return []
        library = library_with(self._bench.shelf, checked.item)
        own, others = partners(library, draft.kind, checked.item)
        say = words(language)

        def named(name: str) -> tuple[str, str]:
            told = []
            for part in name.split("/"):
                item = library.cases.get(part) or library.personas.get(part)
                told.append(item.name.say(language) if item else part)
            return name, " × ".join(told)

        groups = [
            (say("try.own"), [named(name) for name in own]),
            (say("try.others"), [named(name) for name in others]),
        ]
        return [group for group in groups if group[1]]


def needed(checked: Checked) -> Strict:
    """The object of a draft. Raises CallState while it has mistakes."""
    if checked.item is None:
        both = studio_wording().languages("try.mend_first")
        count = len(checked.errors)
        raise CallState(both["zh"].format(n=count), both["en"].format(n=count))
    return checked.item


def _lines(call: Call, vocabulary: Vocabulary, language: str) -> list[dict[str, Any]]:
    """The turns; each of the customer's with what was done and what moved."""
    lines: list[dict[str, Any]] = []
    for place, turn in enumerate(call.turns):
        line: dict[str, Any] = {"index": turn.index, "text": turn.text, "customer": turn.speaker is Speaker.CUSTOMER}
        if turn.step is not None:
            mood = mood_of(call.model_copy(update={"turns": call.turns[: place + 1]}), vocabulary, language)
            line |= {
                "act": act_name(turn.step.act, language),
                "bars": mood.bars,
                "changes": mood.changes,
                "events": mood.events,
            }
        lines.append(line)
    return lines
