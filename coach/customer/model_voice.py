"""The model voice: words by a language model, checked sentence by sentence while they stream.

A refused sentence costs one retry when nothing was heard yet; after that the line ends before it, or an authored line speaks.
A content filter never bricks the call: masked history first, then one exchange back, then an authored line.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from coach.customer.authored import authored_line
from coach.customer.guards import capped, refusals, sentences, tidied
from coach.customer.state_card import card, identity
from coach.customer.voice import Piece, Spoken
from coach.customer.words import act_name
from coach.errors import ModelFiltered
from coach.models.seam import ChatModel, Message
from coach.prompts.render import Prompt, untrusted
from coach.records.call import Call, Speaker, Step, Turn

MAX_TOKENS = 160
PICK_UP = "（电话接通了）"
REFUSED_WORDS = {
    "agent_phrase": "说了客服才说的话",
    "out_of_character": "跳出了角色",
    "too_kind": "太客气了，你现在没有好气",
    "control": "带了括号、标签或说话人",
    "not_chinese": "不是中文口语",
    "repeats": "重复了你说过的话，或者照着对方的话学舌",
    "told_early": "说了还不该说的事",
    "invented_number": "编了没有的数字",
    "empty": "没有说话",
}


class ModelVoice:
    def __init__(self, model: ChatModel, prompt: Prompt, temperature: float = 0.9) -> None:
        self._model = model
        self._prompt = prompt
        self._temperature = temperature

    async def speak(self, call: Call, step: Step, refused: str = "") -> AsyncGenerator[Piece | Spoken, None]:
        """As every voice; `refused` says what was wrong with a line that it is to replace."""
        notes: list[str] = []
        for history in (_full, _masked, _one_back):
            try:
                async for event in self._checked(call, step, history(call.turns), notes, refused):
                    yield event
                return
            except ModelFiltered:
                notes.append("filtered")
        line = authored_line(call, step)
        yield Piece(line)
        yield Spoken(line, "authored_after_failure", tuple(notes))

    async def _checked(
        self, call: Call, step: Step, history: list[Message], notes: list[str], refused: str
    ) -> AsyncIterator[Piece | Spoken]:
        """Two attempts at a line that passes the guards, then an authored one."""
        for _ in range(2):
            heard, faults = "", []
            async for sentence in self._sentences(call, step, history, refused):
                faults = refusals(sentence, call, step)
                room = call.exercise.persona.speech.max_chars - len(heard)
                if faults or (heard and len(sentence) > room):
                    break
                sentence = capped(sentence, room)
                heard += sentence
                yield Piece(sentence)
            notes.extend(faults)
            if heard:
                yield Spoken(heard, "model", tuple(notes))
                return
            refused = "、".join(REFUSED_WORDS[fault] for fault in faults or ["empty"])
        line = authored_line(call, step)
        yield Piece(line)
        yield Spoken(line, "authored_after_guard", tuple(notes))

    async def _sentences(self, call: Call, step: Step, history: list[Message], refused: str) -> AsyncIterator[str]:
        """The model's sentences as they get finished."""
        parts = self._prompt.render({**identity(call), **card(call, step, history[-1].content, refused)})
        messages = [Message("system", parts["system"]), *history[:-1], Message("user", parts["user"])]
        pending = ""
        async for piece in self._model.stream(messages, temperature=self._temperature, max_tokens=MAX_TOKENS):
            pending += piece
            *whole, pending = sentences(pending) or [""]
            for sentence in filter(None, map(tidied, whole)):
                yield sentence
        if last := tidied(pending):
            yield last


def _full(turns: tuple[Turn, ...]) -> list[Message]:
    """Trainee = user, customer = assistant. The opening line is always there, behind a first user message."""
    return [Message("user", PICK_UP), *(_message(turn) for turn in turns)]


def _message(turn: Turn) -> Message:
    if turn.speaker is Speaker.CUSTOMER:
        return Message("assistant", turn.text)
    # the trainee's words are untrusted: they must not look like a stage direction
    return Message("user", untrusted(turn.text).replace("【", "〔").replace("】", "〕"))


def _masked(turns: tuple[Turn, ...]) -> list[Message]:
    """The history with every line but the last replaced by what it did."""
    messages = [Message("user", PICK_UP)]
    for turn in turns[:-1]:
        if turn.speaker is Speaker.CUSTOMER:
            messages.append(Message("assistant", act_name(turn.step.act, "zh") if turn.step else "说话"))
        else:
            messages.append(Message("user", "（客服说了一句话）"))
    messages.append(_message(turns[-1]))
    return messages


def _one_back(turns: tuple[Turn, ...]) -> list[Message]:
    """Only the opening, and the trainee's present words left out."""
    opening = next(turn for turn in turns if turn.speaker is Speaker.CUSTOMER)
    return [
        Message("user", PICK_UP),
        Message("assistant", opening.text),
        Message("user", "（客服说了一句话，你没听清内容）"),
    ]
