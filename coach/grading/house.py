"""The house rules as the judge gets them: without them nobody can tell a proper offer from a false promise.

Of a practised call they are what its knowledge card shows the trainee, and nothing else of the case: no request, fact, trap, goal
or persona. Of other calls there is no card; there the operator's own rules can be handed in.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.content.operator import Operator, Rule
from coach.records.call import Exercise


@dataclass(frozen=True)
class House:
    """`rules`: topic and text, in Chinese as the judge reads them. `must_not`: what the card says must not be promised or said."""

    rules: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules or self.must_not)


NO_HOUSE = House()


def house_of(exercise: Exercise) -> House:
    """What the trainee could look up while on the call."""
    card = exercise.case.knowledge
    rules = tuple(_told(exercise.operator.rule(rule)) for rule in card.rules)
    return House(rules, tuple(entry.zh for entry in card.must_not))


def house_of_operator(operator: Operator) -> House:
    """All rules of the operator."""
    return House(tuple(_told(rule) for rule in operator.rules))


def _told(rule: Rule) -> str:
    return f"{rule.topic.zh}：{rule.text.zh}"
