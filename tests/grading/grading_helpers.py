"""Small builders for the tests of grading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from coach.content.moves import MoveId
from coach.content.rubric import Check, Rubric
from coach.content.text import Bilingual
from coach.grading.heard import Heard
from coach.grading.hearing import hear
from coach.records.call import Appraisal, FoundMove, Speaker
from coach.records.grade import Line, Transcript

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"ask": "问？", "yes_when": "是的时候", "no_when": "否的时候", "na_when": "不适用的时候", "look_at": "看这里"}


class NoReader:
    """A reader that finds nothing: every move in these tests is given."""

    def appraise(self, text: str, *, before: Sequence[tuple[Speaker, str]] = (), case: Any = None) -> Appraisal:
        return Appraisal()

    def appraise_all(self, turns: Sequence[tuple[str, Sequence[tuple[Speaker, str]]]]) -> list[Appraisal]:
        return [Appraisal() for _ in turns]


def shipped(name: str) -> Rubric:
    return Rubric.model_validate(yaml.safe_load((ROOT / "rubrics" / f"{name}.yaml").read_text("utf-8")))


def agent(text: str, *moves: tuple[str, str] | str) -> Line:
    """A trainee line; a move is (id, words) or the id alone for the whole line."""
    pairs = [(move, text) if isinstance(move, str) else move for move in moves]
    found = tuple(FoundMove(move=MoveId(move), quote=words) for move, words in pairs)
    return Line(role="agent", text=text, appraisal=Appraisal(moves=found, source="model"))


def customer(text: str) -> Line:
    return Line(role="customer", text=text)


def transcript(*turns: Line, **fields: Any) -> Transcript:
    return Transcript(id="t", turns=turns, **fields)


def heard(*turns: Line, harasses: bool | None = None, **fields: Any) -> Heard:
    return hear(transcript(*turns, **fields), NoReader(), harasses=harasses)


def check(rule: dict[str, Any], **fields: Any) -> Check:
    return Check.model_validate({"id": "a_check", "teaches": ["C4"], **WORDS, "rule": rule, **fields})


def rubric(*checks: Check, kind: str = "score", pass_mark: int = 60, name: str = "made_up") -> Rubric:
    return Rubric.model_validate(
        {
            "id": name,
            "name": "编的",
            "summary": "编的",
            "version": 1,
            "kind": kind,
            "pass_mark": pass_mark,
            "criteria": [{"id": "all_of_it", "name": Bilingual(zh="全部"), "checks": checks}],
        }
    )


UPSET = customer("你们太过分了！气死我了！")
ASKS = customer("请问套餐多少钱？")
