"""Goes over a content folder and gathers what can be used and everything that is wrong, hiding no file and no mistake."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from coach.content.case import Case
from coach.content.document import Document, parse
from coach.content.lexicon import Lexicon
from coach.content.lint import lint_case, lint_persona
from coach.content.mistakes import Mistake, Said
from coach.content.moves import Vocabulary
from coach.content.operator import Operator
from coach.content.persona import Persona
from coach.content.principle_lint import lint_principles
from coach.content.reading import read_object, validate
from coach.content.recovery import RecoveryCard
from coach.content.references import check_blanks, check_names, check_references, check_repeats, check_rows
from coach.content.rubric import Rubric
from coach.content.rubric_lint import lint_overlaps, lint_rubric
from coach.content.teaching_lint import lint_teaching, lint_unused
from coach.content.text import Strict

Model = TypeVar("Model", bound=Strict)
_MODELS: dict[str, type[Strict]] = {"personas": Persona, "cases": Case, "rubrics": Rubric}
_FOLDERS = tuple(_MODELS)


@dataclass
class Survey:
    """What a content folder holds. With errors the objects are those that could be read."""

    files: int = 0
    mistakes: list[Mistake] = field(default_factory=list)
    operator: Operator | None = None
    vocabulary: Vocabulary | None = None
    personas: dict[str, Persona] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    rubrics: dict[str, Rubric] = field(default_factory=dict)
    lexicon: Lexicon | None = None
    recovery: RecoveryCard | None = None
    documents: dict[str, list[Document]] = field(default_factory=dict)
    """By kind: personas, cases, rubrics, operator, vocabulary, lexicon, recovery."""

    @property
    def errors(self) -> list[Mistake]:
        return [mistake for mistake in self.mistakes if mistake.level == "error"]


def survey(folder: Path) -> Survey:
    """Read everything in the folder. Never raises for what files hold; a missing folder is a mistake like any other."""
    found = Survey()
    found.operator = next(iter(_read(found, folder, "operator", [folder / "operator.yaml"], Operator)), None)
    found.vocabulary = next(
        iter(_read(found, folder, "vocabulary", [folder / "moves" / "moves.yaml"], Vocabulary)), None
    )
    lexicon = [path for path in [folder / "lexicon.yaml"] if path.exists()]  # a folder may do without
    found.lexicon = next(iter(_read(found, folder, "lexicon", lexicon, Lexicon)), None)
    card = [path for path in [folder / "recovery.yaml"] if path.exists()]  # as well
    found.recovery = next(iter(_read(found, folder, "recovery", card, RecoveryCard)), None)
    found.personas = {
        item.id: item for item in _read(found, folder, "personas", _files(found, folder, "personas"), Persona)
    }
    found.cases = {item.id: item for item in _read(found, folder, "cases", _files(found, folder, "cases"), Case)}
    found.rubrics = {
        item.id: item for item in _read(found, folder, "rubrics", _files(found, folder, "rubrics"), Rubric)
    }
    _cross_check(found, folder)
    found.mistakes.sort(key=lambda mistake: (mistake.file, mistake.line))
    return found


def _files(found: Survey, folder: Path, kind: str) -> list[Path]:
    """The kind's files; names that look like content and would not be read are mistakes."""
    files = []
    for path in sorted((folder / kind).rglob("*")):
        if path.suffix.lower() not in (".yaml", ".yml") or path.name.startswith("."):
            continue
        if path.suffix == ".yaml" and path.parent == folder / kind:
            files.append(path)
            continue
        name = path.relative_to(folder).as_posix()
        text = Said("这个文件不会被读到", "a file that is not read")
        allowed = Said(f"{kind}/{path.stem}.yaml", f"{kind}/{path.stem}.yaml")
        found.mistakes.append(Mistake(name, 1, "", text, allowed))
    if not files:
        text = Said(f"{kind} 文件夹里一个文件也没有", f"no file in the folder {kind}")
        found.mistakes.append(Mistake(f"{kind}/", 1, "", text, Said("至少一个 .yaml 文件", "at least one .yaml file")))
    return files


def _read(found: Survey, folder: Path, kind: str, files: list[Path], model: type[Model]) -> list[Model]:
    objects = []
    documents = found.documents.setdefault(kind, [])
    for path in files:
        document, item, mistakes = read_object(path, folder, model)
        found.files += 1
        found.mistakes += mistakes
        if document is not None:
            documents.append(document)
        if item is not None:
            objects.append(item)
    return objects


def _cross_check(found: Survey, folder: Path) -> None:
    for kind in _FOLDERS:
        documents = found.documents[kind]
        found.mistakes += [*check_names(documents), *check_repeats(documents)]
    for document in [one for documents in found.documents.values() for one in documents]:
        found.mistakes += check_rows(document)
    known = _known(found, folder)
    for kind in _FOLDERS:
        for document in found.documents[kind]:
            found.mistakes += _lint(found, document, _object(found, kind, document), kind, known)
    found.mistakes += lint_overlaps(_rubrics(found))


def survey_one(
    found: Survey, folder: Path, kind: str, file: str, raw: bytes, *, new: bool = False
) -> tuple[Strict | None, list[Mistake]]:
    """One document of `kind` (personas, cases or rubrics), as it would stand in `file`, against everything else that `found` holds.

    The object (None when it can't be read) and what `coach check` would say about this file. `found` is left as it is. `new`: a
    file of this name that is there already is another one.
    """
    model: type[Strict] = _MODELS[kind]
    document, mistakes = parse(file, raw)
    if document is None:
        return None, mistakes
    item, more = validate(document, model)
    mistakes += more
    others = [one for one in found.documents[kind] if new or one.file != file]
    mistakes += [] if new else check_names([document])  # a new file takes its name from the id
    mistakes += [one for one in check_repeats([*others, document]) if one.file == file]
    mistakes += check_rows(document)
    known = _known(found, folder)
    mistakes += _lint(found, document, item, kind, known)
    if isinstance(item, Rubric):
        beside = [(other, rubric) for other, rubric in _rubrics(found) if other.file != file]
        mistakes += lint_overlaps([*beside, (document, item)], only=document)
    errors = any(mistake.level == "error" for mistake in mistakes)
    return None if errors else item, sorted(mistakes, key=lambda mistake: mistake.line)


def _lint(
    found: Survey, document: Document, item: Strict | None, kind: str, known: dict[str, set[str]]
) -> list[Mistake]:
    """What is well-formed and still wrong in one document, or would teach little."""
    wrong = check_blanks(document)
    wrong += check_references(document, known) if kind == "cases" else []
    wrong += lint_unused(document, kind, found.documents["cases"], known)
    if isinstance(item, Persona | Case):
        wrong += lint_teaching(document, item)
    if isinstance(item, Persona):
        wrong += lint_persona(document, item)
        wrong += lint_principles(document, item, [case for case in found.cases.values() if item.id in case.personas])
    elif isinstance(item, Rubric):
        wrong += lint_rubric(document, item)
    elif isinstance(item, Case):
        offered = [found.personas[name] for name in item.personas if name in found.personas]
        wrong += lint_case(document, item, found.operator, offered)
    return wrong


def _object(found: Survey, kind: str, document: Document) -> Strict | None:
    objects: dict[str, Strict] = getattr(found, kind)
    return objects.get(str(document.data.get("id")))


def _rubrics(found: Survey) -> list[tuple[Document, Rubric]]:
    documents = found.documents["rubrics"]
    both = [(document, found.rubrics.get(str(document.data.get("id")))) for document in documents]
    return [(document, rubric) for document, rubric in both if rubric is not None]


def _known(found: Survey, folder: Path) -> dict[str, set[str]]:
    """The ids that a case may name."""
    known = {kind: _ids(found, folder, kind) for kind in ("personas", "rubrics")}
    if found.documents["operator"]:
        rules = found.documents["operator"][0].data.get("rules")
        known["rules"] = _names(rules if isinstance(rules, list) else [])
    return known


def _ids(found: Survey, folder: Path, kind: str) -> set[str]:
    """Ids and file names: a file that can't be read now is still there."""
    stems = {path.stem for path in (folder / kind).glob("*.yaml")}
    return stems | _names([document.data for document in found.documents[kind]])


def _names(items: list[Any]) -> set[str]:
    ids = [item.get("id") for item in items if isinstance(item, dict)]
    return {name for name in ids if isinstance(name, str)}
