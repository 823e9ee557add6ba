"""A persona's principles as its file holds them: verified, added, changed, removed; the rest of the file stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from coach.authoring.edits import Edit, data_of, edited
from coach.authoring.saving import Saver
from coach.authoring.shelf import Shelf
from coach.authoring.unsaved import Draft
from coach.content.case import Case
from coach.content.document import Document, Part
from coach.content.mistakes import ContentError, Mistake
from coach.content.persona import Persona
from coach.content.principle import Principle, line_hash
from coach.content.principle_lint import findings
from coach.content.reading import validate
from coach.errors import NotFound


def next_id(persona: Persona) -> str:
    """A name for one more principle: rule_1, rule_2 ... above all that are there."""
    numbers = [int(item.id[5:]) for item in persona.principles if item.id.startswith("rule_") and item.id[5:].isdigit()]
    return f"rule_{max(numbers, default=0) + 1}"


def problems_of(
    values: Mapping[str, Any], persona: Persona, cases: Iterable[Case] = ()
) -> tuple[Principle | None, list[Mistake]]:
    """The principle that the fields describe (None while it can't be used) and everything to say about it.

    An error keeps it from being accepted; a warning informs. `cases`: whose facts must not stand in it."""
    document = Document("", dict(values), Part(1))
    principle, wrong = validate(document, Principle)
    if principle is None:
        return None, wrong
    others = [item for item in persona.principles if item.id != principle.id]
    wrong += [
        document.mistake((item.field,), item.found, item.allowed, level=item.level)
        for item in findings(principle, others, cases)
    ]
    return (None if any(item.level == "error" for item in wrong) else principle), wrong


def added(text: str, principle: Principle) -> str:
    """The persona's file with one more principle. Raises InputError when the file can't be read."""
    return edited(text, Edit("add", ("principles",), _as_written(principle)), Persona)


def changed(text: str, principle: Principle) -> str:
    """The file with this principle in the place of the one that has its id: only the keys that differ are touched.

    Raises NotFound, InputError."""
    way = ("principles", _place(text, principle.id))
    before, after = data_of(text)["principles"][way[1]], _as_written(principle)
    for key in [key for key in before if key not in after]:
        text = edited(text, Edit("remove", (*way, key)), Persona)
    for key, value in after.items():
        if before.get(key) != value:
            text = edited(text, Edit("set", (*way, key), value), Persona)
    return text


def switched(text: str, principle_id: str, *, on: bool) -> str:
    """The file with the principle on or off. Raises NotFound, InputError."""
    place = _place(text, principle_id)
    if on:
        return edited(text, Edit("remove", ("principles", place, "active")), Persona)
    return edited(text, Edit("set", ("principles", place, "active"), False), Persona)


def removed(text: str, principle_id: str) -> str:
    """The file without the principle. Raises NotFound, InputError."""
    place = _place(text, principle_id)
    last = len(data_of(text)["principles"]) == 1
    return edited(text, Edit("remove", ("principles",) if last else ("principles", place)), Persona)


def stamp(principle: Principle) -> str:
    """Changes with the principle: a form that was opened from it tells by this whether somebody else changed it since."""
    return line_hash(principle.model_dump_json())


def _as_written(principle: Principle) -> dict[str, Any]:
    return principle.model_dump(mode="json", exclude_defaults=True)


def _place(text: str, principle_id: str) -> int:
    there = data_of(text).get("principles")
    ids = [item.get("id") for item in there if isinstance(item, dict)] if isinstance(there, list) else []
    if principle_id not in ids:
        near = ", ".join(str(name) for name in ids) or "-"
        raise NotFound(
            f"没有叫「{principle_id}」的规矩。现有：{near}。", f"No principle {principle_id!r}. There are: {near}."
        )
    return ids.index(principle_id)


class PrincipleBook:
    """The principles of the personas in a content folder. Every change is a change of the persona's file, and a version of it."""

    def __init__(self, shelf: Shelf, saver: Saver) -> None:
        self.shelf = shelf
        self._saver = saver

    def persona(self, persona_id: str) -> Persona:
        """The persona as its file stands now. Raises NotFound, ContentError."""
        return self._read(self.shelf.text("persona", persona_id), persona_id)

    def change(self, persona_id: str, change: Callable[[str], str], author: str) -> Persona:
        """Writes the file as `change` makes it of the text that stands there now; the persona as it is then.

        Raises:
            NotFound, InputError: there is no such persona or principle, or the file can't be read.
            ContentError: the file would have mistakes; nothing was written.
            Conflict, StoreError: the file changed at this very moment, or can't be written.
        """
        before = self.shelf.text("persona", persona_id)
        now = datetime.now(UTC)
        draft = Draft(
            id="-",
            owner=author,
            kind="persona",
            text=change(before),
            file=persona_id,
            base=before,
            created=now,
            changed=now,
        )
        saved = self._saver.save(draft, author)
        return self._read(saved.draft.text, persona_id)

    def _read(self, text: str, persona_id: str) -> Persona:
        checked = self.shelf.check("persona", text, persona_id)
        if not isinstance(checked.item, Persona):
            raise ContentError(checked.mistakes)
        return checked.item
