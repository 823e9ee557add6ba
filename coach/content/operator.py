"""The fictional operator: one consistent fact file, so that all knowledge cards agree with each other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from coach.content.text import Bilingual, Id, Strict


class Rule(Strict):
    """A house rule, tariff or channel that a knowledge card can show."""

    id: Id
    topic: Bilingual
    text: Bilingual


class Operator(Strict):
    name: Bilingual
    hotline: Annotated[str, Field(pattern=r"^\d{5}$")]
    app: Bilingual
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Operator:
        ids = [rule.id for rule in self.rules]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"rules: the same id twice: {', '.join(twice)}")
        return self

    def rule(self, rule_id: str) -> Rule:
        return next(rule for rule in self.rules if rule.id == rule_id)
