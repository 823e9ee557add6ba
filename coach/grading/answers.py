"""The form of the judge's answer, derived from the rubric, and what of an answer can be used.

Ids are offered as an enum but read as plain text: one wrong id must not cost the rest of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, create_model

ANSWERS = ("yes", "no", "na")
MOST_QUOTES = 3


class Quote(BaseModel):
    """Words of the transcript and the number of the turn they stand in."""

    model_config = ConfigDict(extra="ignore")

    turn: int
    quote: Annotated[str, Field(max_length=300)]


class Item(BaseModel):
    """The judge's answer to one check. Evidence and reason come before the answer."""

    model_config = ConfigDict(extra="ignore")

    check: str
    quotes: Annotated[list[Quote], Field(max_length=MOST_QUOTES)]
    reason: Annotated[str, Field(max_length=300)]
    answer: str


class Answer(BaseModel):
    """The judge's answer to a rubric: violations first."""

    model_config = ConfigDict(extra="ignore")

    violations: list[Item]
    merits: list[Item]

    @property
    def items(self) -> list[Item]:
        return [*self.violations, *self.merits]


@lru_cache(maxsize=64)
def answer_form(violations: tuple[str, ...], merits: tuple[str, ...]) -> type[Answer]:
    """The schema for these checks. Cached, so that each is built once a rubric and order."""

    def items(name: str, ids: tuple[str, ...]) -> Any:
        fields: dict[str, Any] = {
            "check": (Annotated[str, Field(json_schema_extra={"enum": list(ids) or ["none"]})], ...),
            "quotes": (Annotated[list[Quote], Field(max_length=MOST_QUOTES)], ...),
            "reason": (Annotated[str, Field(max_length=300)], ...),
            "answer": (Annotated[str, Field(json_schema_extra={"enum": list(ANSWERS)})], ...),
        }
        item = create_model(name, __base__=Item, **fields)
        # the id says what an answer is about, whichever list it was put into
        return Annotated[list[item], Field(max_length=2 * (len(violations) + len(merits)))]

    form = create_model(
        "JudgeAnswer",
        __base__=Answer,
        violations=(items("Violation", violations), ...),
        merits=(items("Merit", merits), ...),
    )
    return cast(type[Answer], form)


Fault = Literal["no_answer", "invalid_answer"]


class Sorted:
    """An answer taken apart: `usable` by check id, and for every other expected check what is wrong with it."""

    def __init__(self, answer: Answer, expected: Sequence[str]) -> None:
        given: dict[str, list[Item]] = {}
        for item in answer.items:
            given.setdefault(item.check, []).append(item)
        self.unknown = [check for check in given if check not in expected]
        self.usable: dict[str, Item] = {}
        self.faults: dict[str, Fault] = {}
        for check in expected:
            items = given.get(check, [])
            if not items:
                self.faults[check] = "no_answer"
            elif len(items) > 1 or items[0].answer not in ANSWERS:
                self.faults[check] = "invalid_answer"
            else:
                self.usable[check] = items[0]


def repair_wording(found: Sorted, unfound: Sequence[str] = ()) -> str:
    """Asks again for the checks whose answers can't be used. `unfound`: those whose quotes are not the agent's words."""
    lines = [
        f"- {check}：{'没有回答' if fault == 'no_answer' else '答了不止一次，或答案不是 yes、no、na'}"
        for check, fault in found.faults.items()
    ]
    lines += [
        f"- {check}：没有抄原话，或抄的话不是坐席在那一轮说过的；照着那一行一字不改地抄，抄不出就改答案"
        for check in unfound
    ]
    lines += [f"- {check}：评分表里没有这个编号" for check in found.unknown]
    return (
        "上一条回答有几处不能用：\n"
        + "\n".join(lines)
        + f"\n请只补答这些检查点，每个正好一次：{'、'.join((*found.faults, *unfound))}。其余的不用再答，用不到的列表留空。"
    )
