"""Persona (客户画像): WHO calls. Manner, tactics and temper; no business problem in it (that is the case)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator

from coach.content.moves import MoveId
from coach.content.principle import Principle
from coach.content.text import Bilingual, CatalogueRow, Id, Line, Refused, Strict, refuse_repeated


class Act(StrEnum):
    """客户动作: what the customer does in one turn.

    Decided by the dynamics, put into words by a model or by authored lines.
    """

    OPEN = "open"  # the first line (from the case)
    VENT = "vent"  # lets the feeling out
    REPEAT_DEMAND = "repeat_demand"  # says again what must happen
    ANSWER = "answer"  # answers plainly, with nothing new in it
    RELEASE = "release"  # tells a fact of the case
    ASK_CONCERN = "ask_concern"  # asks about a concern that is still open
    DOUBT = "doubt"  # doubts what was said
    REJECT_OFFER = "reject_offer"  # an offer came before the feeling was dealt with: it does not land
    TIRED_OF_SORRY = "tired_of_sorry"  # one apology too many
    PRESS = "press"  # the trainee dodged: presses for an answer
    CALL_OUT = "call_out"  # the trainee said nothing, or one word: calls whether anybody is there
    STUNG = "stung"  # reacts to blame, coldness, an order
    SOFTEN = "soften"  # the feeling has been heard
    WAIT = "wait"  # agrees to wait
    TACTIC = "tactic"  # one of the persona's own tactics
    ACCEPT = "accept"  # agrees to the solution
    ACCEPT_RELUCTANTLY = "accept_reluctantly"
    FAREWELL = "farewell"  # last words of a call that ends well
    DEMAND_SUPERVISOR = "demand_supervisor"
    THREATEN = "threaten"  # last warning before leaving
    LEAVE_SUPERVISOR = "leave_supervisor"  # ends by insisting on the supervisor
    LEAVE_COMPLAINT = "leave_complaint"  # ends by filing a complaint upward
    LEAVE_HANG_UP = "leave_hang_up"
    HARASS = "harass"  # harassing callers only: goes on with it
    TEST_BOUNDARY = "test_boundary"  # harassing callers only: tries whether the boundary is meant
    BACK_DOWN = "back_down"  # harassing callers only: last words when the call is ended by the rule
    GO_AHEAD = "go_ahead"  # the trainee has only said hello: lets them come to it
    CONFIRM = "confirm"  # the trainee said it back rightly
    NOTED = "noted"  # agreed already, and the trainee adds something
    NOTHING_ELSE = "nothing_else"  # agreed, and asked whether anything is left
    IDENTIFY = "identify"  # gives name and number when asked to
    ALREADY_TOLD = "already_told"  # asked for what was told before
    OUT_OF_PLACE = "out_of_place"  # the trainee left the play (asks for the prompt, writes code): stays in character


HAVE_SHARED_LINES = (
    Act.CALL_OUT,
    Act.GO_AHEAD,
    Act.CONFIRM,
    Act.NOTED,
    Act.NOTHING_ELSE,
    Act.IDENTIFY,
    Act.ALREADY_TOLD,
)
"""Acts with lines for everybody in coach/customer/acts.yaml; a persona may have its own."""
FROM_THE_CASE = (Act.OPEN, Act.RELEASE, Act.ASK_CONCERN)
HARASSING_ACTS = (Act.HARASS, Act.TEST_BOUNDARY, Act.BACK_DOWN)
COMMON_ACTS = tuple(act for act in Act if act not in {*FROM_THE_CASE, *HARASSING_ACTS, *HAVE_SHARED_LINES, Act.TACTIC})
"""Acts for which every persona needs lines."""


class Temperament(StrEnum):
    """B4 四种性格."""

    POWER = "power"
    LIVELY = "lively"
    PERFECT = "perfect"
    PEACEFUL = "peaceful"


class Modality(StrEnum):
    """B7 表象系统."""

    VISUAL = "visual"
    AUDITORY = "auditory"
    FEELING = "feeling"


class Conduct(StrEnum):
    """B9, B10: how a harassing caller harasses; `proper` for everybody else."""

    PROPER = "proper"
    ABUSIVE = "abusive"
    PESTERING = "pestering"
    IDLE = "idle"


Level = Annotated[int, Field(ge=0, le=100)]
Factor = Annotated[float, Field(ge=0.0, le=3.0)]


class Temper(Strict):
    """How this customer feels at the start and how quickly that moves. Heat, trust, patience run from 0 to 100."""

    heat: Level
    trust: Level
    patience: Level
    lands_below: Level = 55
    """An offer or explanation lands only while heat is below this (C4 先处理心情, 再处理事情)."""
    anger: Factor = 1.0
    """Multiplies every rise of heat."""
    calming: Factor = 1.0
    """Multiplies every fall of heat."""
    leaves_by: Literal["supervisor", "complaint", "hang_up"] = "complaint"
    """How they leave when patience is used up."""
    soothed_by: dict[MoveId, Factor] = Field(default_factory=dict)
    """Moves that work better (above 1) or worse (below 1) on this person."""
    stung_by: dict[MoveId, Factor] = Field(default_factory=dict)
    """Faults that hurt this person more (above 1) or less."""


class Tactic(Strict):
    """战术: a thing this customer does to get their way. Behaviour, not adjectives."""

    id: Id
    what: Bilingual
    when: Literal["stalled", "refused", "heated", "anytime"] = "anytime"
    """stalled: nothing new was said; refused: something was declined; heated: heat above 70."""
    lines: Annotated[tuple[Line, ...], Field(min_length=2)]


class Speech(Strict):
    """How they talk on the phone."""

    habits: Annotated[tuple[str, ...], Field(min_length=2)]
    """Instructions for the voice: short, broken, repeated, interrupting ..."""
    fillers: tuple[str, ...] = ()
    region: str = ""
    max_chars: Annotated[int, Field(ge=10, le=80)] = 45
    """Cap of one line in characters, enforced in code."""


class Persona(Strict):
    """客户画像. Source: catalogue section B."""

    id: Id
    name: Bilingual
    summary: Bilingual
    """One line on the card that the trainee sees."""
    teaches: Annotated[tuple[CatalogueRow, ...], Field(min_length=1)]
    category: Literal["complaint", "harassment", "vip", "enquiry", "outbound"]
    type: Literal["demanding", "confused", "excited"]
    """B1 要求型 / 困惑型 / 激动型."""
    temperament: Temperament
    modality: Modality
    conduct: Annotated[Conduct, Field(validate_default=True)] = Conduct.PROPER
    background: Annotated[str, Field(min_length=10)]
    """Who this is; for the voice only, hidden from the trainee and the judge."""
    speech: Speech
    tactics: Annotated[tuple[Tactic, ...], Field(min_length=2)]
    temper: Temper
    mild: dict[Act, Annotated[tuple[Line, ...], Field(min_length=1)]] = {}
    """Lines used instead where the trainee chose mild words (言辞收着点); acts that are missing here keep their ordinary lines."""
    lines: dict[Act, Annotated[tuple[Line, ...], Field(min_length=1)]]
    """Authored lines for each act (offline voice, and the fall-back of the model's).
    `{demand}` and `{concern}` are filled from the case."""
    principles: tuple[Principle, ...] = ()
    """Rules that trainers' remarks became: checked before each line is spoken."""
    extensions: Annotated[dict[str, Any], Field(exclude_if=lambda kept: not kept)] = {}
    """What other programs keep with this person (fields of a character card that have no place here). No prompt ever sees it,
    and it does not belong to what is played."""

    @property
    def as_played(self) -> Self:
        """The same person without what only other programs read: what an exercise holds, stores and hashes."""
        return self.model_copy(update={"extensions": {}}) if self.extensions else self

    @property
    def harassing(self) -> bool:
        return self.conduct is not Conduct.PROPER

    @field_validator("conduct")
    @classmethod
    def _conduct_fits_category(cls, conduct: Conduct, info: ValidationInfo) -> Conduct:
        category = info.data.get("category")
        if category is not None and (conduct is not Conduct.PROPER) != (category == "harassment"):
            found = (
                f"conduct: {conduct.value}，而 category: {category}",
                f"conduct: {conduct.value} with category: {category}",
            )
            allowed = (
                "category: harassment 配 abusive、pestering 或 idle；别的 category 配 proper",
                "abusive, pestering or idle with category: harassment; proper with any other",
            )
            raise Refused(found, allowed)
        return conduct

    @field_validator("tactics")
    @classmethod
    def _ids_are_unique(cls, tactics: tuple[Tactic, ...]) -> tuple[Tactic, ...]:
        refuse_repeated([tactic.id for tactic in tactics])
        return tactics

    @field_validator("principles")
    @classmethod
    def _principles_have_names(cls, principles: tuple[Principle, ...]) -> tuple[Principle, ...]:
        refuse_repeated([principle.id for principle in principles])
        return principles

    @field_validator("lines")
    @classmethod
    def _every_act_has_a_line(
        cls, lines: dict[Act, tuple[str, ...]], info: ValidationInfo
    ) -> dict[Act, tuple[str, ...]]:
        harassing = info.data.get("conduct", Conduct.PROPER) is not Conduct.PROPER
        missing = [act.value for act in COMMON_ACTS + (HARASSING_ACTS if harassing else ()) if act not in lines]
        if missing:
            found = (f"少了 {'、'.join(missing)}", f"{', '.join(missing)} left out")
            raise Refused(found, ("每个客户动作至少一句台词", "at least one line for every act of the customer"))
        return lines
