"""What the trainee says before it moves anything: whether it can be said now, what it does, and what the host knows better."""

from __future__ import annotations

import re
from typing import Protocol

from coach.content.case import Case
from coach.content.moves import MoveId as M
from coach.content.persona import Act
from coach.errors import CallState
from coach.records.call import Appraisal, Call, Speaker

STOP_WORDS = frozenset({"停止练习", "安全词", "stop"})
"""Said alone, one of these ends any call at once, without a grade."""
OUTBURSTS = frozenset(
    {
        Act.OPEN,
        Act.VENT,
        Act.REPEAT_DEMAND,
        Act.REJECT_OFFER,
        Act.TIRED_OF_SORRY,
        Act.PRESS,
        Act.STUNG,
        Act.TACTIC,
        Act.DEMAND_SUPERVISOR,
        Act.THREATEN,
        Act.HARASS,
        Act.TEST_BOUNDARY,
    }
)
"""Acts that carry feeling; after the others (telling a fact, asking a concern, softening) business may simply go on."""
WAITING = re.compile(r"稍等|稍候|等一下|等一会|等我|等几秒|等半分钟|别挂|不要挂")
"""How a moment is asked for."""
MAX_CHARS = 600
"""Longest trainee turn in characters: about two minutes of speech."""


class Appraiser(Protocol):
    async def appraise(
        self, text: str, *, before: list[tuple[Speaker, str]], case: Case | None = None
    ) -> Appraisal: ...


def checked_words(call: Call, text: str) -> str:
    """The words as they are kept. Raises CallState for an ended call, an answer still due, nothing, or too much."""
    if call.outcome is not None:
        raise CallState("通话已经结束，不能再说话了。", "The call has ended.")
    if call.awaiting_customer:
        raise CallState(
            "客户还没回话，请等一下，或点「重试」。", "The customer hasn't answered yet; wait, or press retry."
        )
    words = text.strip()
    if not words:
        raise CallState("这一句是空的，先写一句再发。", "This is empty; write something first.")
    if len(words) > MAX_CHARS:
        raise CallState(
            f"一次最多说{MAX_CHARS}个字（现在{len(words)}个）。电话里没人听得完这么长一段，请分开说。",
            f"At most {MAX_CHARS} characters at a time (now {len(words)}). Nobody listens that long; split it.",
        )
    return words


def is_stop(words: str) -> bool:
    """Whether these words alone end the call at once."""
    return words.strip("。.!！ ").lower() in STOP_WORDS


async def appraised_words(appraiser: Appraiser, call: Call) -> Appraisal:
    """What the last turn of the call does. Raises ModelError."""
    turn = call.turns[-1]
    before = [(past.speaker, past.text) for past in call.turns[:-1]]
    appraisal = await appraiser.appraise(turn.text, before=before, case=call.exercise.case)
    appraisal = _without_imagined_outburst(call, appraisal)
    counted = sum(letter.isalnum() for letter in turn.text)
    return appraisal.model_copy(update={"chars": counted, "asks_to_wait": bool(WAITING.search(turn.text))})


def announced(call: Call) -> bool:
    """Whether the trainee's turn before the last said what the wait is for."""
    earlier = [turn for turn in call.turns[:-1] if turn.speaker is Speaker.TRAINEE]
    return bool(earlier and earlier[-1].appraisal and M.NARRATE in earlier[-1].appraisal.kinds)


def _without_imagined_outburst(call: Call, appraisal: Appraisal) -> Appraisal:
    """No feeling was passed over where the customer's last act was none: the host knows it, whatever the words look like."""
    last = call.turns[-2].step
    if last is None or last.act in OUTBURSTS:
        return appraisal
    return appraisal.model_copy(
        update={"moves": tuple(found for found in appraisal.moves if found.move is not M.IGNORE_FEELING)}
    )
