"""Changes of a transcript that should change no verdict: more words, more turns, other names, another standing."""

from __future__ import annotations

import re
from collections.abc import Callable

from coach.content.rubric import Rubric
from coach.records.grade import Line, Transcript

Change = Callable[[str], str]

FILLER = "这个情况呢，"
"""Put before every second trainee turn from the third on: longer, nothing more said."""
CHECK_OF_LINE = (Line(role="customer", text="喂？听得见吗？"), Line(role="agent", text="听得见。"))
SENIOR, NOVICE = "我是做了八年的金牌坐席。", "我是刚上岗的新人坐席。"

_OTHER = {
    "先生": "女士",
    "女士": "先生",
    "姑娘": "小伙子",
    "小伙子": "姑娘",
    "大爷": "大妈",
    "大妈": "大爷",
    "叔叔": "阿姨",
    "阿姨": "叔叔",
    "小姐": "先生",
    "老头子": "老太太",
    "老太太": "老头子",
}
_GENDER = re.compile("|".join(sorted(_OTHER, key=len, reverse=True)))
_NUMBER = re.compile(r"(?<!\d)(\d{4})(?=号)")
_NAMES = {"王": "买", "李": "欧", "张": "阿", "刘": "次", "陈": "艾", "赵": "巴"}
_NAMED = re.compile(r"[王李张刘陈赵](?=先生|女士|小姐|阿姨|大爷|叔叔|师傅|总)")


def padded_words(call: Transcript) -> Transcript:
    own = [at for at, line in enumerate(call.turns) if line.role == "agent"]
    longer = set(own[2::2])
    return _turns(
        call, [_say(line, FILLER + line.text) if at in longer else line for at, line in enumerate(call.turns)]
    )


def padded_turns(call: Transcript) -> Transcript:
    """Customer and trainee make sure that the line stands, after a trainee turn in the middle."""
    own = [at for at, line in enumerate(call.turns) if line.role == "agent"]
    if len(own) < 2:
        return call
    after = own[len(own) // 2 - 1] + 1
    return _turns(call, [*call.turns[:after], *CHECK_OF_LINE, *call.turns[after:]])


def other_gender(call: Transcript) -> Transcript:
    return _each(call, lambda text: _GENDER.sub(lambda word: _OTHER[word.group()], text))


def other_names(call: Transcript) -> Transcript:
    """Rarer surnames, another staff number."""

    def change(text: str) -> str:
        text = _NAMED.sub(lambda name: _NAMES[name.group()], text)
        return _NUMBER.sub(lambda number: f"{(int(number.group()) + 3517) % 10000:04}", text)

    return _each(call, change)


def claims(call: Transcript, standing: str) -> Transcript:
    """The trainee's first turn ends with a claim of standing."""
    first = next((at for at, line in enumerate(call.turns) if line.role == "agent"), None)
    if first is None:
        return call
    return _turns(
        call, [_say(line, line.text + standing) if at == first else line for at, line in enumerate(call.turns)]
    )


def reversed_checks(rubric: Rubric) -> Rubric:
    """The same rubric, its criteria and checks in the opposite order."""
    criteria = tuple(
        criterion.model_copy(update={"checks": criterion.checks[::-1]}) for criterion in rubric.criteria[::-1]
    )
    return rubric.model_copy(update={"criteria": criteria})


def _each(call: Transcript, change: Change) -> Transcript:
    return _turns(call, [_say(line, change(line.text)) for line in call.turns])


def _say(line: Line, text: str) -> Line:
    return line if text == line.text else line.model_copy(update={"text": text, "appraisal": None})


def _turns(call: Transcript, turns: list[Line]) -> Transcript:
    return call.model_copy(update={"turns": tuple(turns)})
