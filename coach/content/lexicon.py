"""Lexicon (用语表): phrases an agent must not say, and fillers, as trainers keep them in `lexicon.yaml`.

Found by code, letter for letter (coach/grading/lexicon.py). Each phrase can name words that make it fine; repeating what the
customer said is always fine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from coach.content.text import Bilingual, CatalogueRow, Id, Refused, Strict, refuse_repeated

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=24)]
"""Words as they are spoken. A comma stands for a pause, one in front for the start of a clause; width doesn't count."""


class Forbidden(Strict):
    """A phrase that dismisses people, in its usual wordings."""

    id: Id
    words: Annotated[tuple[Words, ...], Field(min_length=1)]
    why: Bilingual
    """What it does to the customer."""
    say_instead: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    unless: tuple[Words, ...] = ()
    """With one of these in the same sentence it is something else, and fine."""
    teaches: Annotated[tuple[CatalogueRow, ...], Field(min_length=1)] = ("F4",)


class Filler(Strict):
    """A word said out of habit (口头禅), not for its meaning."""

    id: Id
    words: Annotated[tuple[Words, ...], Field(min_length=1)]
    unless: tuple[Words, ...] = ()
    """With one of these in the same sentence it is not a filler."""


class Lexicon(Strict):
    """All of it. A folder without `lexicon.yaml` has an empty one."""

    quoting: tuple[Words, ...] = ()
    """Words that lead in what the customer said (您说); what follows in the same clause is theirs. So is anything in quotation marks."""
    forbidden: tuple[Forbidden, ...] = ()
    fillers: tuple[Filler, ...] = ()

    @field_validator("forbidden")
    @classmethod
    def _each_once(cls, items: tuple[Forbidden, ...]) -> tuple[Forbidden, ...]:
        refuse_repeated([item.id for item in items])
        _refuse_repeated_words(items)
        return items

    @field_validator("fillers")
    @classmethod
    def _each_filler_once(cls, items: tuple[Filler, ...]) -> tuple[Filler, ...]:
        refuse_repeated([item.id for item in items])
        _refuse_repeated_words(items)
        return items


def _refuse_repeated_words(items: Sequence[Forbidden | Filler]) -> None:
    """Raises Refused where the same words stand in two entries: they would count twice."""
    seen: dict[str, str] = {}
    for place, item in enumerate(items):
        for index, words in enumerate(item.words):
            if words in seen:
                raise Refused(
                    (f"「{words}」，{seen[words]} 里已经有了", f"{words!r}, which {seen[words]} has already"),
                    ("每个说法只写一次", "each wording once"),
                    (place, "words", index),
                )
            seen[words] = item.id
