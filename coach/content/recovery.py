"""The recovery card (恢复卡, catalogue A1 to A7): what a trainee is offered after a call that hurt."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from coach.content.text import Bilingual, Refused, Strict


class Band(Strict):
    """What the self-test says up to a sum."""

    up_to: Annotated[int, Field(ge=0)]
    """The highest sum of answers that this sentence is for."""
    zh: Annotated[str, Field(min_length=1)]
    en: str = ""

    def say(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.zh


class Abc(Strict):
    """The three questions of an ABC entry (A2)."""

    event: Bilingual
    belief: Bilingual
    consequence: Bilingual


class Reframe(Strict):
    """Turning a sentence round (A3)."""

    label: Bilingual
    how: Bilingual
    example: Bilingual


class RecoveryCard(Strict):
    """恢复卡: offered after heated or harassing calls, for the trainee alone."""

    intro: Bilingual
    questions: Annotated[tuple[Bilingual, ...], Field(min_length=1, max_length=10)]
    scale: Annotated[tuple[Bilingual, ...], Field(min_length=2)]
    """The answers, mildest first: the first counts 0, the next 1 ..."""
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    abc: Abc
    reframe: Reframe
    five_minutes: Annotated[tuple[Bilingual, ...], Field(min_length=1)]
    after_work: Bilingual

    @model_validator(mode="after")
    def _bands_cover_every_sum(self) -> RecoveryCard:
        bounds = [band.up_to for band in self.bands]
        most = len(self.questions) * (len(self.scale) - 1)
        for index, (low, high) in enumerate(pairwise(bounds), start=1):
            if high <= low:
                found = (f"up_to: {high}，不比上一段的 {low} 大", f"up_to: {high}, not above the {low} before it")
                raise Refused(found, ("从小到大", "ascending numbers"), ("bands", index, "up_to"))
        if bounds[-1] != most:
            found = (f"最后一段 up_to: {bounds[-1]}", f"up_to: {bounds[-1]} in the last band")
            allowed = (f"{most}（题数 × 最高一档）", f"{most} (questions times the highest answer)")
            raise Refused(found, allowed, ("bands", len(bounds) - 1, "up_to"))
        return self

    def result(self, answers: tuple[int, ...], language: str) -> str:
        """The sentence for these answers; empty unless every question has one."""
        if len(answers) != len(self.questions) or not all(0 <= answer < len(self.scale) for answer in answers):
            return ""
        return next(band for band in self.bands if sum(answers) <= band.up_to).say(language)
