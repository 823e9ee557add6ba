"""The trainee's progress on the page of their calls: scores over time as bars and table, moves never used, what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from coach.practice import Practice
from coach.records.call import Call
from coach.reports.progress import progress
from coach.ui.render import render


def growth(practice: Practice, calls: Sequence[Call], language: str, *, shared: bool = True) -> str:
    """Empty while none of the calls has been graded. `shared`: nobody logs in, so these are the calls of a browser."""
    found = {call.id: practice.store.grades(call.id) for call in calls}
    seen = progress(calls, {call: grades[-1] for call, grades in found.items() if grades}, practice.library)
    if not seen.calls:
        return ""
    library = practice.library
    names = {rubric.id: rubric.name.say(language) for call in calls for rubric in call.exercise.rubrics}
    move = library.vocabulary
    following = None
    if seen.next is not None:
        persona, case = library.personas[seen.next.persona], library.cases[seen.next.case]
        following = {
            "persona": persona.id,
            "case": case.id,
            "title": f"{persona.name.say(language)} × {case.name.say(language)}",
            "why": seen.next.why,
            "rubric": names.get(seen.next.rubric, ""),
            "move": move.name(seen.next.move, language) if seen.next.move else "",
        }
    return render(
        "growth",
        language,
        seen=seen,
        shared=shared,
        names=names,
        never=[move.name(item, language) for item in seen.never],
        next=following,
    )
