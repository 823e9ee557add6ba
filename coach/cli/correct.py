"""`coach correct CALL RUBRIC.CHECK yes|no|na`: a trainer's answer in the place of a verdict, both numbers kept."""

from __future__ import annotations

from typing import Annotated, Literal

import typer


def correct(
    call_id: Annotated[str, typer.Argument(help="通话编号 · call id")],
    check: Annotated[str, typer.Argument(help="评分表.检查点 · rubric.check, e.g. empathy.argues")],
    answer: Annotated[Literal["yes", "no", "na"], typer.Argument(help="改成什么 · the right answer")],
    author: Annotated[str, typer.Option(help="谁改的 · who corrects")],
    reason: Annotated[str, typer.Option(help="为什么 · why")],
) -> None:
    """改正一条判定，原来的分数和改后的分数都留着 · Correct a verdict; the score before and after are both kept."""
    from coach.errors import NotFound
    from coach.grading.corrections import answer_of, corrected, score_of
    from coach.practice import write_note
    from coach.records.notes import Correction
    from coach.settings import Settings
    from coach.wiring import open_store

    store = open_store(Settings.load())
    call, grades = store.call(call_id), store.grades(call_id)
    if not grades:
        raise NotFound(f"通话 {call_id} 还没有评分。", f"Call {call_id} has not been graded.")
    rubric, _, name = check.partition(".")
    draft = Correction(
        grade=grades[-1].id,
        rubric=rubric,
        check=name,
        before=answer_of(grades[-1], rubric, name),
        answer=answer,
        author=author.strip(),
        reason=reason.strip(),
        score_before=score_of(grades[-1], rubric),
        score_after=None,
    )
    earlier = [note.correction for note in store.notes(call_id, "correction") if note.correction]
    after = score_of(corrected(grades[-1], call.exercise.rubrics, [*earlier, draft]), rubric)
    write_note(store, call_id, "correction", correction=draft.model_copy(update={"score_after": after}))
    print(f"{rubric}.{name}: {draft.before} → {answer} · {draft.score_before} → {after} · {author}")
