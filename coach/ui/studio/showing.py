"""What the trainers' part shows: the list, the form, the sentences about mistakes, both versions of a conflict. No gradio."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from coach.authoring.edits import data_of
from coach.authoring.form import Choice, form_of
from coach.authoring.history import Version
from coach.authoring.kinds import KINDS, Kind
from coach.authoring.saving import Conflict, Saved, difference
from coach.authoring.shelf import Checked
from coach.authoring.starting import templates
from coach.authoring.unsaved import Draft
from coach.content.mistakes import ContentError, Mistake, Said
from coach.reports.summary import local_time
from coach.ui.studio.bench import Bench
from coach.ui.studio.shown import SayBox, Studio
from coach.ui.studio.wording import render, words
from coach.ui.visitor import Visitor


class Showing:
    """HTML and plain values of the trainers' part, in the language asked for."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def shelf(self, visitor: Visitor, kind: Kind) -> str:
        """The list: drafts, templates, what there is of each kind. `kind` is unfolded."""
        language = visitor.language
        drafts = [draft for draft in self._bench.drafts.all(visitor.viewer.name) if draft.touched]
        return render(
            "shelf",
            language,
            kind=kind,
            kinds=KINDS,
            drafts=[self._draft_row(draft, language) for draft in drafts],
            templates={one: [_told(item.data, item.name, language) for item in templates(one)] for one in KINDS},
            entries={
                one: [
                    _told(entry.data, entry.name, language) | {"errors": entry.errors}
                    for entry in self._bench.shelf.entries(one)
                ]
                for one in KINDS
            },
        )

    def whole(self, language: str, draft: Draft) -> Studio:
        """Everything of a draft that is put on the page."""
        checked = self._bench.check(draft)
        return {
            "head": self._head(language, draft, checked),
            "form": self._form(language, draft),
            "marks": self._marks(language, draft, checked),
            "code": draft.text,
            "panel": "",
            "chat": "",
            "say": _closed(language),
        }

    def after_edit(self, language: str, draft: Draft, redraw: bool, say: str = "") -> Studio:
        """After a change: what there is to mend, and the form where its fields are others now. `say`: a key of the wording."""
        checked = self._bench.check(draft)
        shown: Studio = {
            "head": self._head(language, draft, checked, say=say),
            "marks": self._marks(language, draft, checked),
        }
        if redraw:
            shown["form"] = self._form(language, draft)
        return shown

    def tab(self, language: str, draft: Draft, tab: str, panel: str = "") -> Studio:
        """Another tab. What is beside the form is shown in `panel`."""
        return {"head": self._head(language, draft, self._bench.check(draft), tab=tab), "panel": panel}

    def versions(self, language: str, draft: Draft) -> Studio:
        """What was saved before, the newest first."""
        rows = []
        for version in reversed(self._bench.history.all(draft.kind, self._bench.name(draft))):
            rows.append(
                {
                    "id": version.id,
                    "saved": local_time(version.saved),
                    "by": _by(version, language),
                    "now": version.text == draft.base,
                    "lines": difference(version.text, draft.text),
                }
            )
        return self.tab(language, draft, "versions", render("versions", language, rows=rows, draft=draft.id))

    def conflict(self, language: str, draft: Draft, conflict: Conflict) -> Studio:
        panel = render("conflict", language, conflict=conflict, lines=conflict.difference, draft=draft.id)
        head = self._head(language, draft, self._bench.check(draft), tab="conflict")
        return {"head": head, "panel": panel}

    def saved(self, language: str, saved: Saved, blocked: ContentError | None) -> Studio:
        """The draft after it was saved; `blocked` holds what keeps it from being played."""
        draft, say = saved.draft, words(language)
        told = say("saved.done", file=self._bench.file(draft))
        if saved.raised:
            told += say("saved.raised", n=saved.raised)
        told += say("saved.blocked") if blocked is not None else say("saved.playable")
        shown = self.whole(language, draft)
        shown["head"] = self._head(language, draft, self._bench.check(draft), told=told)
        if blocked is not None:
            shown["head"] += render("blocked", language, sentences=[one.say(language) for one in _errors(blocked)])
        return shown

    def _head(
        self,
        language: str,
        draft: Draft,
        checked: Checked,
        *,
        tab: str = "form",
        say: str = "",
        told: str = "",
    ) -> str:
        return render(
            "head",
            language,
            draft=draft,
            file=self._bench.file(draft),
            title=_name(data_of(draft.text), language) or self._bench.name(draft),
            errors=len(checked.errors),
            warnings=len(checked.warnings),
            tab=tab,
            told=told or (words(language)(f"head.{say}", n=len(checked.errors)) if say else ""),
        )

    def _form(self, language: str, draft: Draft) -> str:
        """The form; empty while the YAML can't be read."""
        data = data_of(draft.text)
        sections = form_of(draft.kind, data, self._names()) if data else []
        stamp = draft.changed.isoformat()  # tells the script that the form was drawn anew
        return render("form", language, sections=sections, draft=draft.id, at=int(language == "en"), stamp=stamp)

    def _marks(self, language: str, draft: Draft, checked: Checked) -> str:
        marks = [_mark(mistake, language) for mistake in checked.mistakes]
        return render(
            "marks", language, marks=marks, notes=draft.notes, draft=draft.id, readable=bool(data_of(draft.text))
        )

    def _names(self) -> dict[str, tuple[Choice, ...]]:
        """The choices that the content decides."""
        found = self._bench.shelf.survey()
        personas = tuple(Choice(name, _both(entry.data, name)) for name, entry in _named(self._bench, "persona"))
        rubrics = tuple(Choice(name, _both(entry.data, name)) for name, entry in _named(self._bench, "rubric"))
        rules = tuple(
            Choice(rule.id, Said(*_pair(rule.topic))) for rule in (found.operator.rules if found.operator else ())
        )
        moves = tuple(
            Choice(move.id.value, Said(*_pair(move.name)))
            for move in (found.vocabulary.moves if found.vocabulary else ())
        )
        rows = _rows(self._bench.settings.content / "catalogue.yaml")
        names = {"Case.personas": personas, "Case.rubrics": rubrics, "Knowledge.rules": rules, "MoveId": moves}
        if rows:
            names |= {f"{owner}.teaches": rows for owner in ("Persona", "Case", "Check")}
        return names

    def _draft_row(self, draft: Draft, language: str) -> dict[str, Any]:
        row = _told(data_of(draft.text), self._bench.name(draft), language)
        return row | {"draft": draft.id, "kind": draft.kind, "file": draft.file, "changed": local_time(draft.changed)}


def _by(version: Version, language: str) -> str:
    say = words(language)
    if version.outside:
        return say("versions.outside")
    return say("versions.by", author=version.author) if version.author else say("versions.here")


def _named(bench: Bench, kind: Kind) -> list[tuple[str, Any]]:
    return [(entry.name, entry) for entry in bench.shelf.entries(kind)]


def _closed(language: str) -> SayBox:
    return {"open": False, "placeholder": words(language)("try.begin_first"), "clear": True}


def _errors(error: ContentError) -> list[Mistake]:
    return [mistake for mistake in error.mistakes if mistake.level == "error"]


def _mark(mistake: Mistake, language: str) -> dict[str, Any]:
    """A mistake for the list: where it is, and the sentence of coach check without the file in front."""
    sentence = mistake.say(language).split(" ", 1)[1]
    return {
        "path": "/".join(str(step) for step in mistake.at if step != "[key]"),
        "line": mistake.line,
        "level": mistake.level,
        "sentence": sentence,
        "short": _short(mistake, language),
    }


def _short(mistake: Mistake, language: str) -> str:
    """For beside the field, where it is plain which one is meant."""
    zh = language != "en"
    parts = (mistake.found, mistake.allowed, mistake.hint)
    found, allowed, hint = (part.zh if zh else part.en for part in parts)
    say = words(language)
    told = [found, say("marks.allowed", allowed=allowed) if allowed else "", hint]
    return say("marks.join").join(part for part in told if part)


def _told(data: dict[str, Any], name: str, language: str) -> dict[str, Any]:
    summary = data.get("summary")
    return {"id": name, "name": _name(data, language) or name, "summary": _in(summary, language)}


def _name(data: dict[str, Any], language: str) -> str:
    return _in(data.get("name"), language)


def _in(value: Any, language: str) -> str:
    if isinstance(value, dict):
        told = (value.get("en") if language == "en" else "") or value.get("zh")
        return told if isinstance(told, str) else ""
    return value if isinstance(value, str) else ""


def _both(data: dict[str, Any], name: str) -> Said:
    return Said(_name(data, "zh") or name, _name(data, "en") or name)


def _pair(text: Any) -> tuple[str, str]:
    return text.zh, text.en or text.zh


@lru_cache(maxsize=4)
def _rows(path: Path) -> tuple[Choice, ...]:
    """The rows of the training catalogue; none where the folder has no catalogue."""
    if not path.is_file():
        return ()
    rows = yaml.safe_load(path.read_text("utf-8"))
    return tuple(Choice(row, Said(f"{row} {what}", f"{row} {what}")) for row, what in rows.items())
