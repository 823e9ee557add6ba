"""Moves (话术动作): the one closed vocabulary of what an utterance of the trainee does.

Appraisal, dynamics, hints, checks and reports all speak in these. Definitions and examples stand in `moves/moves.yaml`,
which trainers can read and extend with examples; the ids are fixed here because the dynamics give each a meaning.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from coach.content.text import Bilingual, CatalogueRow, Refused, Strict, refuse_repeated


class MoveId(StrEnum):
    GREET = "greet"
    IDENTIFY = "identify"
    VERIFY = "verify"
    CHECK_OPEN = "check_open"
    THANK = "thank"
    FAREWELL = "farewell"
    APOLOGISE = "apologise"
    EMPATHISE = "empathise"
    ACKNOWLEDGE = "acknowledge"
    PRAISE = "praise"
    RAPPORT = "rapport"
    CARE = "care"
    OWN_FAULT = "own_fault"
    RESTATE = "restate"
    CLARIFY = "clarify"
    TAKE_NOTE = "take_note"
    ASK_OPEN = "ask_open"
    ASK_CLOSED = "ask_closed"
    ASK_INFO = "ask_info"
    ASK_PROBLEM = "ask_problem"
    ASK_IMPACT = "ask_impact"
    ASK_SOLUTION = "ask_solution"
    INFORM = "inform"
    EXPLAIN = "explain"
    REFRAME = "reframe"
    YARDSTICK = "yardstick"
    NARRATE = "narrate"
    BENEFIT = "benefit"
    OFFER = "offer"
    CHOICE = "choice"
    COMMIT = "commit"
    ESCALATE = "escalate"
    DECLINE = "decline"
    GUIDE = "guide"
    SET_BOUNDARY = "set_boundary"
    WARN = "warn"
    END_BY_RULE = "end_by_rule"
    BLAME_CUSTOMER = "blame_customer"
    DENY = "deny"
    ARGUE = "argue"
    COLD_POLICY = "cold_policy"
    COMMAND = "command"
    IGNORE_FEELING = "ignore_feeling"
    JARGON_DUMP = "jargon_dump"
    FALSE_PROMISE = "false_promise"
    FORBIDDEN = "forbidden"
    ASK_AGAIN = "ask_again"
    INTERROGATE = "interrogate"
    BRUSH_OFF = "brush_off"
    INSULT = "insult"


M = MoveId
FAULTS = frozenset(
    {
        M.BLAME_CUSTOMER,
        M.DENY,
        M.ARGUE,
        M.COLD_POLICY,
        M.COMMAND,
        M.IGNORE_FEELING,
        M.JARGON_DUMP,
        M.FALSE_PROMISE,
        M.FORBIDDEN,
        M.ASK_AGAIN,
        M.INTERROGATE,
        M.BRUSH_OFF,
        M.INSULT,
    }
)
FEELING = frozenset({M.APOLOGISE, M.EMPATHISE, M.OWN_FAULT, M.ACKNOWLEDGE, M.PRAISE, M.RAPPORT, M.CARE})
QUESTIONS = frozenset({M.ASK_OPEN, M.ASK_CLOSED, M.ASK_INFO, M.ASK_PROBLEM, M.ASK_IMPACT, M.ASK_SOLUTION})
RESOLVING = frozenset({M.OFFER, M.CHOICE, M.COMMIT, M.ESCALATE, M.DECLINE, M.GUIDE})
BOUNDARY = frozenset({M.SET_BOUNDARY, M.WARN, M.END_BY_RULE})


class Move(Strict):
    id: MoveId
    name: Bilingual
    meaning: Bilingual
    teaches: Annotated[tuple[CatalogueRow, ...], Field(min_length=1)]
    examples: Annotated[tuple[str, ...], Field(min_length=1)]


class Vocabulary(Strict):
    """All moves with definitions. Every id exactly once."""

    moves: tuple[Move, ...]

    @field_validator("moves")
    @classmethod
    def _complete(cls, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        refuse_repeated([move.id.value for move in moves])
        missing = [move.value for move in MoveId if move not in {item.id for item in moves}]
        if missing:
            found = (f"少了 {'、'.join(missing)}", f"{', '.join(missing)} left out")
            raise Refused(found, ("每个话术动作各写一次", "every move once"))
        return moves

    def name(self, move: MoveId, language: str) -> str:
        return next(item.name.say(language) for item in self.moves if item.id == move)
