"""Settings -> objects. The one place that knows which implementation stands behind which seam."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.content.case import Case
from coach.content.library import Library
from coach.customer.voice import AuthoredVoice, Voice
from coach.grading.grader import Grader
from coach.practice import Appraiser, Practice
from coach.records.call import Appraisal, Provenance, Speaker
from coach.settings import Settings
from coach.storage.store import Store, sqlite_url
from coach.understanding.embedded import EmbeddedAppraiser

if TYPE_CHECKING:
    from coach.authoring.remarks import RemarkReader
    from coach.models.build import Models


class OfflineAppraiser:
    """The embedded classifier behind the asynchronous seam of the pipeline."""

    def __init__(self, embedded: EmbeddedAppraiser) -> None:
        self._embedded = embedded

    async def appraise(self, text: str, *, before: list[tuple[Speaker, str]], case: Case | None = None) -> Appraisal:
        return self._embedded.appraise(text, before=before, case=case)


def open_store(settings: Settings) -> Store:
    """The store as configured: COACH_DATABASE_URL, else SQLite in the data folder (made when missing)."""
    return Store(settings.database_url if settings.database else sqlite_url(settings.data))


def build_practice(settings: Settings) -> Practice:
    """The product as configured: with a model when one can be reached, else offline."""
    from coach.models.build import build_models

    library = Library.load(settings.content)
    return _practice(settings, library, open_store(settings), build_models(settings))


def build_offline(settings: Settings, library: Library | None = None) -> Practice:
    """The same pipeline without any model and without a trace: for scripted trainees and tests."""
    return _practice(settings, library or Library.load(settings.content), Store("sqlite://"), None)


def build_transient(settings: Settings) -> Practice:
    """As configured, but nothing is kept: for acceptance tests of a model voice."""
    from coach.models.build import build_models

    return _practice(settings, Library.load(settings.content), Store("sqlite://"), build_models(settings))


def build_remark_reader(settings: Settings) -> RemarkReader | None:
    """What turns trainers' remarks into principles: the judge's model, tried by the check that calls use. None offline."""
    from coach.models.build import build_models

    models = build_models(settings)
    if models is None:
        return None
    from coach.authoring.remarks import RemarkReader
    from coach.customer.principle_check import PrincipleCheck
    from coach.prompts.render import load_prompt

    check = PrincipleCheck(models.appraisal, load_prompt("principles"), settings.temperature_for("appraisal"))
    return RemarkReader(models.judge, check, settings.temperature_for("judge"))


def _practice(settings: Settings, library: Library, store: Store, models: Models | None) -> Practice:
    embedded = EmbeddedAppraiser()
    if models is None:
        appraiser: Appraiser = OfflineAppraiser(embedded)
        voice: Voice = AuthoredVoice()
        provenance = Provenance(coach_version="", content_hash="", offline=True, settings=settings.snapshot())
        grader = Grader(library.vocabulary, embedded, lexicon=library.lexicon)
        return Practice(library, store, appraiser, voice, grader, provenance)

    from coach.customer.model_voice import ModelVoice
    from coach.customer.principle_check import PrincipleCheck
    from coach.customer.principled_voice import PrincipledVoice
    from coach.prompts.render import load_prompt
    from coach.reports.advice import Advisor
    from coach.understanding.by_model import ModelAppraiser

    prompts = {name: load_prompt(name) for name in ("customer", "appraise", "judge", "principles", "ask")}
    provenance = Provenance(
        coach_version="",
        content_hash="",
        offline=False,
        models={"customer": models.customer.name, "appraisal": models.appraisal.name, "judge": models.judge.name},
        prompts={name: prompt.hash for name, prompt in prompts.items()},
        settings=settings.snapshot(),
    )
    return Practice(
        library,
        store,
        ModelAppraiser(models.appraisal, library.vocabulary, fallback=embedded),
        PrincipledVoice(
            ModelVoice(models.customer, prompts["customer"], settings.temperature_for("customer")),
            PrincipleCheck(models.appraisal, prompts["principles"], settings.temperature_for("appraisal")),
        ),
        Grader(
            library.vocabulary,
            embedded,
            judge=models.judge,
            judge_temperature=settings.temperature_for("judge"),
            lexicon=library.lexicon,
            judge_passes=settings.judge_passes,
        ),
        provenance,
        advisor=Advisor(models.judge, settings.temperature_for("judge")),
    )
