"""What a model answers with when it drafts: every claim with the paragraphs it comes from and their words, so that code can look."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from coach.content.moves import MoveId
from coach.content.persona import Act

Score = Annotated[int, Field(ge=0, le=100)]


class Sourced(BaseModel):
    """A claim, the numbers of its paragraphs, and words copied from one of them."""

    text: str
    paragraphs: list[int]
    quote: str


class TacticSketch(BaseModel):
    id: str
    what: str
    when: Literal["stalled", "refused", "heated", "anytime"]
    lines: list[str]
    paragraphs: list[int]
    quote: str


class ActLines(BaseModel):
    act: Act
    lines: list[str]


class PersonaSketch(BaseModel):
    name: str
    summary: str
    category: Literal["complaint", "vip", "enquiry", "outbound"]
    type: Literal["demanding", "confused", "excited"]
    temperament: Literal["power", "lively", "perfect", "peaceful"]
    modality: Literal["visual", "auditory", "feeling"]
    background: Sourced
    habits: list[Sourced]
    fillers: list[str]
    tactics: list[TacticSketch]
    heat: Score
    trust: Score
    patience: Score
    lines: list[ActLines]
    teaches: list[str]


class FactSketch(BaseModel):
    id: str
    what: str
    say: list[str]
    layer: Literal["info", "problem", "impact", "solution"]
    when: Literal["asked", "asked_openly"]
    ask: str
    cues: list[str]
    telltale: list[str]
    paragraphs: list[int]
    quote: str


class ConcernSketch(BaseModel):
    id: str
    what: str
    say: list[str]
    paragraphs: list[int]
    quote: str


class CaseSketch(BaseModel):
    name: str
    summary: str
    call_type: Literal["complaint", "fault", "billing", "enquiry", "business", "retention", "outbound"]
    request: Sourced
    openings: list[Sourced]
    demand: Sourced
    demand_lines: list[str]
    hidden_need: Sourced
    bottom_line: Sourced
    facts: list[FactSketch]
    concerns: list[ConcernSketch]
    ways: list[Sourced]
    trap: Sourced
    must_not: list[Sourced]
    manner: list[Sourced]
    went_wrong: Sourced
    empathise: list[str]
    restate: str
    narrate: str
    reframe: str
    close: str
    teaches: list[str]


class CheckSketch(BaseModel):
    id: str
    ask: str
    kind: Literal["merit", "violation"]
    yes_when: str
    no_when: str
    na_when: str
    look_at: str
    good: str
    bad: str
    moves: list[MoveId]
    teaches: list[str]
    paragraphs: list[int]
    quote: str


class CriterionSketch(BaseModel):
    id: str
    name: str
    checks: list[CheckSketch]


class RubricSketch(BaseModel):
    name: str
    summary: str
    criteria: list[CriterionSketch]
