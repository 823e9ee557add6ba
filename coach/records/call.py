"""What is remembered of a call: turns, appraisals, states, the reasons of every change. No storage and no models in here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from coach.content.case import Case
from coach.content.moves import MoveId
from coach.content.operator import Operator
from coach.content.persona import Act, Persona
from coach.content.rubric import Rubric


class Record(BaseModel):
    """Base of all records: frozen, strict about keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Speaker(StrEnum):
    TRAINEE = "trainee"
    CUSTOMER = "customer"


class FoundMove(Record):
    """A move with the words of the turn that show it (`quote` is a substring of the turn)."""

    move: MoveId
    quote: str


class Appraisal(Record):
    """评估: what one trainee turn does. The same words in the same place give the same appraisal offline."""

    moves: tuple[FoundMove, ...] = ()
    asked: tuple[str, ...] = ()
    """Ids of the case's facts that the turn asks about."""
    answered: tuple[str, ...] = ()
    """Ids of concerns that the turn answers."""
    offered: tuple[str, ...] = ()
    """Ids of resolutions that the turn offers."""
    trap: str = ""
    """The words that fell into the case's trap; empty when they did not."""
    chars: int = 0
    """Characters spoken, without punctuation: 嗯 is a silence, a whole sentence with nothing in it is a dodge."""
    asks_to_wait: bool = False
    """The trainee asks for a moment, whether or not with what for."""
    out_of_play: bool = False
    """The trainee left the play: asks for the prompt, whether this is an AI, writes code."""
    source: Literal["embedded", "model"] = "embedded"
    """Who appraised: the embedded classifier, or a language model."""

    @property
    def kinds(self) -> frozenset[MoveId]:
        return frozenset(found.move for found in self.moves)

    def quote(self, *moves: MoveId) -> str:
        """The words of the first of these moves, or an empty string."""
        return next((found.quote for found in self.moves if found.move in moves), "")


class Stage(StrEnum):
    """H8: where the call stands."""

    CONNECT = "connect"  # 建立关系
    UNDERSTAND = "understand"  # 了解客户
    JUDGE = "judge"  # 判定性质
    ACT = "act"  # 采取行动
    CONFIRM = "confirm"  # 确认
    CLOSE = "close"  # 致谢


class Outcome(StrEnum):
    """How a call ended. Decided by the dynamics, never by a model."""

    SATISFIED = "satisfied"
    RELUCTANT = "reluctant"
    SUPERVISOR = "supervisor"
    COMPLAINT = "complaint"
    HUNG_UP = "hung_up"
    ENDED_BY_RULE = "ended_by_rule"
    TRAINEE_ENDED = "trainee_ended"
    STOPPED = "stopped"
    """The trainee said the stop word: the practice ended at once and is not graded."""


GOOD_OUTCOMES = frozenset({Outcome.SATISFIED, Outcome.RELUCTANT, Outcome.ENDED_BY_RULE})


class State(Record):
    """客户状态. Heat, trust, patience run from 0 to 100; ids refer to the call's case."""

    heat: int
    trust: int
    patience: int
    stage: Stage = Stage.CONNECT
    released: tuple[str, ...] = ()
    open_concerns: tuple[str, ...] = ()
    landed: tuple[str, ...] = ()
    """Resolutions that were offered and could be heard."""
    heard: bool = False
    """The customer's feeling has been answered at least once."""
    agreed: bool = False
    trapped: bool = False
    """The trainee took the trap: the customer is pleased with a promise that the rules forbid."""
    boundary: int = 0
    """Harassing callers: 0 none, 1 boundary set, 2 warned."""
    dodges: int = 0
    """Trainee turns in a row without anything usable."""
    counts: dict[MoveId, int] = {}
    """How often each move was made so far (for what wears off)."""
    used_tactics: tuple[str, ...] = ()
    threatened: bool = False
    last_concern: str = ""
    """The concern asked about last, so that they take turns."""
    turns: int = 0
    """Trainee turns so far."""
    outcome: Outcome | None = None


class Change(Record):
    """One change of state with its trigger, so that every number explains itself."""

    what: Literal[
        "heat",
        "trust",
        "patience",
        "stage",
        "released",
        "concern",
        "landed",
        "agreed",
        "trapped",
        "boundary",
        "outcome",
    ]
    before: str
    after: str
    trigger: str
    """Id of the rule that did it (wording in coach/customer/triggers.yaml)."""
    quote: str = ""
    """The trainee's words that set it off, when there are such."""


class Step(Record):
    """The customer's side of one turn, as decided by the dynamics before any words are found."""

    state: State
    act: Act
    about: str = ""
    """Id of the fact, concern or tactic that the act is about."""
    why: str = ""
    """Trigger id of the act."""
    changes: tuple[Change, ...] = ()


VoiceName = Literal[
    "",
    "opening",
    "authored",
    "model",
    "authored_after_guard",
    "authored_after_failure",
    "authored_after_principle",
]
"""Where a line's words came from."""


class Turn(Record):
    """One turn as spoken. Trainee turns carry their appraisal; customer turns the step and where the words came from."""

    index: int
    """Counted from 0 over all turns of the call."""
    speaker: Speaker
    text: str
    at: datetime
    waited_s: float = 0.0
    """Trainee turns: seconds since the customer's line ended."""
    appraisal: Appraisal | None = None
    step: Step | None = None
    voice: VoiceName = ""
    notes: tuple[str, ...] = ()
    """What the guards refused and what the check of principles found, for the record."""


class Provenance(Record):
    """What produced this call, so that a stored one explains itself."""

    coach_version: str
    content_hash: str
    """SHA-256 over persona, case, rubrics and operator as they were."""
    offline: bool
    models: dict[str, str] = {}
    prompts: dict[str, str] = {}
    """Prompt id to hash."""
    settings: dict[str, Any] = {}


class Exercise(Record):
    """练习: everything a call is made of, as it was when the call began."""

    persona: Persona
    case: Case
    operator: Operator
    rubrics: tuple[Rubric, ...]
    mode: Literal["practice", "exam"] = "practice"
    difficulty: Literal["gentle", "standard", "hard"] = "standard"
    intensity: Literal["full", "mild"] = "full"
    """How sharp a harassing caller's words are; what they do and how it ends stays the same."""


class Call(Record):
    """One call as stored."""

    id: str
    created: datetime
    exercise: Exercise
    seed: int
    provenance: Provenance
    turns: tuple[Turn, ...] = ()
    ended: datetime | None = None
    outcome: Outcome | None = None
    language: Literal["zh", "en"] = "zh"
    trainee: str = ""
    """The user whose call it is; empty on the open page, where nobody logs in."""
    parent: str = ""
    """The call this one branched off (what-if), or an empty string."""
    branched_at: int | None = None
    """Index of the trainee's turn that is said differently here; every turn before it is the parent's."""

    @property
    def state(self) -> State:
        """The customer's present state (of the last step)."""
        return next(turn.step.state for turn in reversed(self.turns) if turn.step is not None)

    @property
    def awaiting_customer(self) -> bool:
        """The trainee has spoken and the customer's line is still missing (a failure, a restart)."""
        return self.outcome is None and bool(self.turns) and self.turns[-1].speaker is Speaker.TRAINEE
