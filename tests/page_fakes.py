"""A real pipeline over hand-made content, with a voice, an appraiser and a grader that do as a test tells them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import Any, cast

import yaml
from call_samples import ROOT, exercise, good_grade, rubrics, vocabulary

from coach.content.case import Case
from coach.content.library import Library
from coach.content.moves import MoveId
from coach.content.recovery import RecoveryCard
from coach.customer.voice import Piece, Spoken
from coach.errors import CoachError
from coach.practice import Practice
from coach.records.call import Appraisal, Call, FoundMove, Provenance, Speaker, Step
from coach.records.grade import Grade
from coach.storage.store import Store

LINE = "行了行了，你先说说到底怎么办吧。"


def recovery_card() -> RecoveryCard:
    return RecoveryCard.model_validate(yaml.safe_load((ROOT / "recovery.yaml").read_text("utf-8")))


class ToldAppraiser:
    """Every turn shows empathy in its first four characters."""

    async def appraise(self, text: str, *, before: list[tuple[Speaker, str]], case: Case | None = None) -> Appraisal:
        return Appraisal(moves=(FoundMove(move=MoveId.EMPATHISE, quote=text[:4]),))


class ToldVoice:
    """Says LINE in pieces; raises the failures it was given first, one each time it is asked, after the first piece; `pause_s` is how long it takes breath there."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.line = LINE
        self.pause_s = 0.0

    async def speak(self, call: Call, step: Step) -> AsyncIterator[Piece | Spoken]:
        yield Piece(self.line[:6])
        await asyncio.sleep(self.pause_s)
        if self.failures:
            raise self.failures.pop(0)
        yield Piece(self.line[6:])
        yield Spoken(self.line, "authored")


class ToldGrader:
    """Gives every call the sample's good grade; raises the failures it was given first."""

    def __init__(self) -> None:
        self.failures: list[CoachError] = []
        self.asked = 0

    async def grade_call(self, call: Call, **_: Any) -> Grade:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        return good_grade().model_copy(update={"call": call.id, "id": f"g{self.asked}-{call.id}"})


class Played:
    """A practice and the fakes behind it."""

    def __init__(self, url: str = "") -> None:
        made = exercise()
        if not url:  # a file, because the server answers in a thread of its own and memory belongs to one thread
            self._folder = tempfile.TemporaryDirectory(prefix="coach-test-")
            url = f"sqlite:///{self._folder.name}/calls.sqlite3"
        self.voice, self.grader, self.store = ToldVoice(), ToldGrader(), Store(url)
        library = Library(
            operator=made.operator,
            vocabulary=vocabulary(),
            personas={made.persona.id: made.persona},
            cases={
                made.case.id: made.case.model_copy(update={"personas": (made.persona.id,), "rubrics": ("empathy",)})
            },
            rubrics={rubric.id: rubric for rubric in rubrics()},
            recovery=recovery_card(),
        )
        self.practice = Practice(
            library,
            self.store,
            ToldAppraiser(),
            self.voice,
            cast(Any, self.grader),
            Provenance(coach_version="", content_hash="", offline=True),
        )
