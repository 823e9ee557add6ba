"""What a trainer brings in becomes an unsaved draft on the bench, with notes of what was taken, left and still to write. No gradio."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from coach.authoring.cards import import_card
from coach.authoring.documents import MOST_FILE, read_source
from coach.authoring.drafted import Drafted
from coach.authoring.drafting import Wanted
from coach.authoring.from_call import read_call
from coach.authoring.kinds import Kind, kind_of
from coach.authoring.making import make_draft
from coach.authoring.unsaved import Draft
from coach.errors import InputError
from coach.models.build import build_models
from coach.reports.wording import Wording, read_wording
from coach.ui.studio.bench import Bench
from coach.ui.viewer import trainers_only
from coach.ui.visitor import Visitor

Way = Literal["card", "persona", "case", "rubric", "call"]
WAYS: tuple[Way, ...] = get_args(Way)
MOST_TEXT = 200_000
"""Characters of a draft on the page, as its YAML box takes them."""


@cache
def exchange_wording() -> Wording:
    return read_wording("coach.ui.exchange")


def said(key: str, **values: object) -> InputError:
    """A sentence of the wording as a failure."""
    return InputError(*(exchange_wording().say(key, language, **values) for language in ("zh", "en")))


async def take_in(bench: Bench, visitor: Visitor, way: str, path: Path) -> Draft:
    """The uploaded file as a draft on this trainer's bench. The upload itself is removed, whatever becomes of it.

    Raises:
        NotAllowed: trainees.
        InputError: the file can't be used, with the reason; nothing was kept.
        ModelError: the model that should draft could not be used; nothing was kept.
    """
    try:
        trainers_only(visitor.viewer)
        raw = await asyncio.to_thread(_read, path)
        drafted = await _drafted(bench, way, raw, path.name)
    finally:
        await asyncio.to_thread(_remove, path)
    if len(drafted.text) > MOST_TEXT:
        raise said("fault.text", found=len(drafted.text), most=MOST_TEXT)
    return bench.open_text(visitor.viewer, drafted.kind, drafted.text, _notes(drafted, visitor.language))


def _remove(path: Path) -> None:
    """Real calls come with names and numbers in them: the upload is not left lying about."""
    if path.is_file():
        path.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_FILE:
            raise said("fault.size", name=path.name, found=-(-size // 2**20), most=MOST_FILE // 2**20)
        return path.read_bytes()
    except OSError:
        raise said("fault.gone") from None


async def _drafted(bench: Bench, way: str, raw: bytes, file: str) -> Drafted:
    if way == "card":
        return (await asyncio.to_thread(import_card, raw, file, bench.shelf)).drafted
    if way not in WAYS:
        raise said("fault.way")
    kind: Kind = "case" if way == "call" else kind_of(way)
    source = await asyncio.to_thread(read_call if way == "call" else read_source, raw, file)
    models = build_models(bench.settings)
    return await make_draft(source, Wanted(kind), bench.shelf, models.judge if models else None)


def _notes(drafted: Drafted, language: str) -> list[str]:
    say = exchange_wording().say
    return [
        say(f"note.{part}", language, said=one.en if language == "en" else one.zh)
        for part in ("remarks", "took", "left", "todo")
        for one in getattr(drafted, part)
    ]
