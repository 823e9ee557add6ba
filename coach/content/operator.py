"""The fictional operator: one consistent fact file, so that all knowledge cards agree with each other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from coach.content.text import Bilingual, Id, Strict, refuse_repeated


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

    @field_validator("rules")
    @classmethod
    def _ids_are_unique(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        refuse_repeated([rule.id for rule in rules])
        return rules

    def rule(self, rule_id: str) -> Rule:
        return next(rule for rule in self.rules if rule.id == rule_id)
