"""All content of a folder: read once, checked as a whole, looked up by id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from pydantic import BaseModel

from coach.content.case import Case
from coach.content.lexicon import Lexicon
from coach.content.mistakes import ContentError, Mistake, nearest
from coach.content.moves import Vocabulary
from coach.content.operator import Operator
from coach.content.persona import Persona
from coach.content.recovery import RecoveryCard
from coach.content.rubric import Rubric
from coach.content.text import Strict
from coach.errors import NotFound

Item = TypeVar("Item", bound=BaseModel)


class Parts(NamedTuple):
    """What an exercise is made of."""

    persona: Persona
    case: Case
    operator: Operator
    rubrics: tuple[Rubric, ...]

    @property
    def content_hash(self) -> str:
        """SHA-256 over the parts as they are; the same parts always give the same."""
        return content_hash(self.persona, self.case, self.operator, *self.rubrics)


def content_hash(*parts: Strict) -> str:
    """SHA-256 (hex) over the canonical JSON of the parts, in this order."""
    data = [part.model_dump(mode="json") for part in parts]
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Library:
    """The content by id, in the order of the file names."""

    operator: Operator
    vocabulary: Vocabulary
    personas: Mapping[str, Persona]
    cases: Mapping[str, Case]
    rubrics: Mapping[str, Rubric]
    warnings: tuple[Mistake, ...] = ()
    lexicon: Lexicon = field(default_factory=Lexicon)
    recovery: RecoveryCard | None = None
    """What is offered after a call that hurt; None in a folder without recovery.yaml."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a content folder. Raises ContentError with every mistake of every file."""
        from coach.content.survey import survey

        found = survey(folder)
        if found.errors:
            raise ContentError(found.mistakes)
        assert found.operator is not None  # no errors: both were read
        assert found.vocabulary is not None
        return cls(
            found.operator,
            found.vocabulary,
            found.personas,
            found.cases,
            found.rubrics,
            warnings=tuple(found.mistakes),
            lexicon=found.lexicon or Lexicon(),
            recovery=found.recovery,
        )

    def persona(self, persona_id: str) -> Persona:
        """Raises NotFound with the nearest ids."""
        return _look_up(self.personas, persona_id, "客户画像", "persona")

    def case(self, case_id: str) -> Case:
        """Raises NotFound with the nearest ids."""
        return _look_up(self.cases, case_id, "案例", "case")

    def rubric(self, rubric_id: str) -> Rubric:
        """Raises NotFound with the nearest ids."""
        return _look_up(self.rubrics, rubric_id, "评分表", "rubric")

    def exercises(self) -> list[tuple[Persona, Case]]:
        """The pairs that the cases recommend, by case."""
        return [(self.persona(name), case) for case in self.cases.values() for name in case.personas]

    def rubrics_for(self, case: Case) -> tuple[Rubric, ...]:
        """The case's rubrics in its order, then every red-lines rubric."""
        own = [self.rubric(name) for name in dict.fromkeys(case.rubrics)]
        lines = [item for item in self.rubrics.values() if item.kind == "red_lines" and item.id not in case.rubrics]
        return (*own, *lines)

    def parts(self, persona_id: str, case_id: str) -> Parts:
        """What an exercise of this pair is made of (recommended or not). Raises NotFound."""
        persona, case = self.persona(persona_id), self.case(case_id)
        return Parts(persona.as_played, case, self.operator, self.rubrics_for(case))


def _look_up(items: Mapping[str, Item], name: str, zh: str, en: str) -> Item:
    if name in items:
        return items[name]
    near: Iterable[str] = nearest(name, items, count=3) or sorted(items)[:8]
    raise NotFound(
        f"没有叫「{name}」的{zh}。可以选：{'、'.join(near) or '（还没有）'}。",
        f"There is no {en} {name!r}. Choose from: {', '.join(near) or '(none yet)'}.",
    )
