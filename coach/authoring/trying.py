"""The exercise in which a draft is tried out: everything else comes from the content folder as it is now."""

from __future__ import annotations

from dataclasses import replace

from coach.authoring.kinds import Kind
from coach.authoring.shelf import Shelf
from coach.content.case import Case
from coach.content.lexicon import Lexicon
from coach.content.library import Library
from coach.content.persona import Persona
from coach.content.rubric import Rubric
from coach.content.text import Strict
from coach.errors import NotFound

Pair = tuple[str, str]
"""Ids of a persona and a case."""


def library_with(shelf: Shelf, item: Strict | None = None) -> Library:
    """What can be read of the folder, with the draft's object in the place of its id. Files with mistakes are left out.

    Raises:
        NotFound: operator.yaml or moves/moves.yaml can't be read.
    """
    found = shelf.survey()
    if found.operator is None or found.vocabulary is None:
        raise NotFound(
            "operator.yaml 或 moves/moves.yaml 读不出来，先运行 coach check 改好。",
            "operator.yaml or moves/moves.yaml can't be read; run coach check first.",
        )
    made = Library(
        found.operator,
        found.vocabulary,
        found.personas,
        found.cases,
        found.rubrics,
        lexicon=found.lexicon or Lexicon(),
        recovery=found.recovery,
    )
    if isinstance(item, Persona):
        made = replace(made, personas={**made.personas, item.id: item})
    elif isinstance(item, Case):
        made = replace(made, cases={**made.cases, item.id: item})
    elif isinstance(item, Rubric):
        made = replace(made, rubrics={**made.rubrics, item.id: item})
    return made


def partners(library: Library, kind: Kind, item: Strict) -> tuple[list[str], list[str]]:
    """With whom a draft can be tried out: those it is offered with, and all others. Cases for a persona, personas for a case, and
    for a rubric exercises as "persona/case"."""
    if isinstance(item, Case):
        own = [name for name in item.personas if name in library.personas]
        return own, [name for name in library.personas if name not in own]
    if isinstance(item, Persona):
        own = [case.id for case in library.cases.values() if item.id in case.personas]
        # a case of the same kind of call fits best when none names the persona yet
        return own, sorted(
            (name for name in library.cases if name not in own),
            key=lambda name: _unlike(library, library.cases[name], item),
        )
    pairs = [(persona.id, case) for persona, case in _readable(library)]
    own = [f"{persona}/{case.id}" for persona, case in pairs if item_id(item) in case.rubrics]
    return own, [route for persona, case in pairs if (route := f"{persona}/{case.id}") not in own]


def pair_of(kind: Kind, item: Strict, partner: str) -> Pair:
    """The exercise of a draft with its partner."""
    if kind == "persona":
        return item_id(item), partner
    if kind == "case":
        return partner, item_id(item)
    persona, _, case = partner.partition("/")
    return persona, case


def judged_by(library: Library, item: Strict, pair: Pair) -> Library:
    """For a rubric: the library in which the case of the pair is judged by it, whatever the case itself says."""
    case = library.case(pair[1])
    if not isinstance(item, Rubric) or item.id in case.rubrics or item.kind == "red_lines":
        return library
    judged = case.model_copy(update={"rubrics": (*case.rubrics, item.id)})
    return replace(library, cases={**library.cases, case.id: judged})


def item_id(item: Strict) -> str:
    return str(getattr(item, "id", ""))


def _readable(library: Library) -> list[tuple[Persona, Case]]:
    return [
        (library.personas[name], case)
        for case in library.cases.values()
        for name in case.personas
        if name in library.personas
    ]


def _unlike(library: Library, case: Case, persona: Persona) -> int:
    kinds = {library.personas[name].category for name in case.personas if name in library.personas}
    return 0 if persona.category in kinds else 1
