"""Case (案例): WHY they call. Request, facts with release conditions, concerns, resolutions, and the trap."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from coach.content.text import Bilingual, CatalogueRow, Cue, Cues, Id, Line, Refused, Strict, refuse_repeated

Sentence = Annotated[str, Field(min_length=4, max_length=160)]
"""What a trainee could really say: whole sentences in the case's own facts."""
Level = Annotated[int, Field(ge=0, le=100)]
ScriptedTrainee = Literal["skilled", "cold", "evasive", "rude", "overpromise", "silent", "apologising"]
OutcomeId = Literal["satisfied", "reluctant", "supervisor", "complaint", "hung_up", "ended_by_rule", "trainee_ended"]


class Release(Strict):
    """Under which condition a fact is told. All that is stated must hold."""

    when: Literal["asked", "asked_openly", "volunteered"]
    """asked: a question hits the cues; asked_openly: an open question does;
    volunteered: told when the other conditions hold."""
    cues: tuple[Cue, ...] = ()
    """Words in the trainee's question that are about this fact."""
    heat_below: Level | None = None
    trust_above: Level | None = None

    @model_validator(mode="after")
    def _has_a_condition(self) -> Release:
        if self.when != "volunteered" and not self.cues:
            raise Refused(
                (f"when: {self.when}，却没有 cues", f"when: {self.when} without cues"),
                ("再写 cues：提问里问到这件事的词", "cues as well: the words of a question about this fact"),
            )
        if self.when == "volunteered" and self.heat_below is None and self.trust_above is None:
            found = ("when: volunteered，没有别的条件", "when: volunteered without a condition")
            allowed = (
                "再写 heat_below 或 trust_above，不然一开口就全说了",
                "heat_below or trust_above as well, or the fact is told at once",
            )
            raise Refused(found, allowed)
        return self


class Fact(Strict):
    """Something the customer knows and does not say unasked."""

    id: Id
    what: str
    """The fact in one plain sentence, for the state card and the report."""
    say: Annotated[tuple[Line, ...], Field(min_length=1)]
    """How the customer tells it."""
    release: Release
    layer: Literal["info", "problem", "impact", "solution"]
    """E3: the question layer that opens it."""
    ask: Sentence
    """A question by which a trainee could get it."""
    telltale: Annotated[tuple[str, ...], Field(min_length=1)]
    """Words that would give it away: the guard stops a line holding one while the fact is not released."""


class Concern(Strict):
    """What must be answered before this customer can accept."""

    id: Id
    what: Bilingual
    say: Annotated[tuple[Line, ...], Field(min_length=1)]
    """How the customer asks about it."""
    answered_by: Cues
    """Words of a trainee's answer that settle it."""
    answer: Sentence
    """A sentence that answers it within the rules."""


class Resolution(Strict):
    """A right way out, within the rules."""

    id: Id
    what: Bilingual
    say: Sentence
    cues: Cues


class Trap(Strict):
    """诱人但违规: the comfortable answer that the rules forbid. The customer is pleased; the grade fails."""

    what: Bilingual
    say: Sentence
    """What a trainee who falls into it would say."""
    cues: Cues
    why: Bilingual
    """Why it is forbidden; shown in the report."""


class Demand(Strict):
    what: Bilingual
    say: Annotated[tuple[Line, ...], Field(min_length=2)]
    """How the customer demands it."""


class Entry(Strict):
    label: Bilingual
    value: Bilingual


class Knowledge(Strict):
    """What the trainee may look up during the call."""

    customer: Annotated[tuple[Entry, ...], Field(min_length=2)]
    record: Annotated[tuple[Bilingual, ...], Field(min_length=1)]
    """Bill, order and contact history as the system shows them."""
    rules: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of rules in operator.yaml."""
    must_not: Annotated[tuple[Bilingual, ...], Field(min_length=1)]
    """What must not be promised or said."""


class Coaching(Strict):
    """Sentences that a good trainee could say in this very case (hints, scripted trainees, feedback)."""

    empathise: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    restate: Sentence
    explain: Sentence
    narrate: Sentence
    """Says what is being done now and how long it takes."""
    reframe: Sentence
    close: Sentence
    """Care fitted to this customer, before the farewell."""


class Case(Strict):
    """案例. Source: catalogue sections E, G, H."""

    id: Id
    name: Bilingual
    summary: Bilingual
    teaches: Annotated[tuple[CatalogueRow, ...], Field(min_length=1)]
    call_type: Literal["complaint", "fault", "billing", "enquiry", "business", "retention", "outbound", "harassment"]
    direction: Literal["inbound", "outbound"] = "inbound"
    personas: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The personas with whom this case is offered as an exercise (any other can be combined by hand)."""
    rubrics: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The rubrics that judge it."""
    request: Bilingual
    """D3: why they call, in one sentence."""
    openings: Annotated[tuple[Line, ...], Field(min_length=1)]
    """First lines; the seed of the call chooses one. With only one, coach check reminds of it."""
    demand: Demand
    hidden_need: Bilingual
    bottom_line: Bilingual
    facts: Annotated[tuple[Fact, ...], Field(min_length=3)]
    concerns: Annotated[tuple[Concern, ...], Field(min_length=1)]
    resolutions: Annotated[tuple[Resolution, ...], Field(min_length=2)]
    trap: Trap
    knowledge: Knowledge
    coaching: Coaching
    expect: dict[ScriptedTrainee, Annotated[tuple[OutcomeId, ...], Field(min_length=1)]] = {}
    """Outcomes that the acceptance test expects of a scripted trainee where they differ from the general expectation."""
    heat: Annotated[int, Field(ge=-40, le=40)] = 0
    """Added to the persona's heat at the start: how much this matter upsets anybody."""

    @field_validator("facts", "concerns", "resolutions")
    @classmethod
    def _ids_are_unique(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        refuse_repeated([item.id for item in items])
        return items
