"""Only what grading needs of a content folder: rubrics, moves, lexicon. A batch starts sooner without reading every persona and case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from coach.content.lexicon import Lexicon
from coach.content.library import Library
from coach.content.moves import Vocabulary
from coach.content.operator import Operator
from coach.content.reading import read_object
from coach.content.rubric import Rubric

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class GradingContent:
    """`rubrics` by id, in the order of the file names."""

    folder: Path
    vocabulary: Vocabulary
    lexicon: Lexicon
    rubrics: Mapping[str, Rubric]

    def rubric(self, rubric_id: str) -> Rubric:
        """Raises NotFound with the nearest ids."""
        found = self.rubrics.get(rubric_id)
        return found if found is not None else Library.load(self.folder).rubric(rubric_id)


def load_for_grading(folder: Path) -> GradingContent:
    """Reads it. Where a file has a mistake the whole folder is surveyed, so that every mistake is named at once.

    Raises:
        ContentError: every mistake of every file.
    """
    vocabulary = _read(folder / "moves" / "moves.yaml", folder, Vocabulary)
    rubrics = [_read(path, folder, Rubric) for path in sorted((folder / "rubrics").glob("*.yaml"))]
    place = folder / "lexicon.yaml"
    lexicon = _read(place, folder, Lexicon) if place.exists() else Lexicon()
    whole = [rubric for rubric in rubrics if rubric is not None]
    if vocabulary is None or lexicon is None or not whole or len(whole) < len(rubrics):
        library = Library.load(folder)
        return GradingContent(folder, library.vocabulary, library.lexicon, library.rubrics)
    return GradingContent(folder, vocabulary, lexicon, {rubric.id: rubric for rubric in whole})


def operator_of(folder: Path) -> Operator:
    """The operator's rules.

    Raises:
        ContentError: every mistake of every file, when this one has a mistake.
    """
    found = _read(folder / "operator.yaml", folder, Operator)
    return found if found is not None else Library.load(folder).operator


def _read(path: Path, folder: Path, model: type[Model]) -> Model | None:
    if not path.exists():
        return None
    _, item, mistakes = read_object(path, folder, model)
    return None if any(mistake.level == "error" for mistake in mistakes) else item
