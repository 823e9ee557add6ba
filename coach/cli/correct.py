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
    from coach.correcting import correct_verdict
    from coach.settings import Settings
    from coach.wiring import open_store

    kept = correct_verdict(open_store(Settings.load()), call_id, check, answer, author, reason)
    print(f"{check}: {kept.before} → {answer} · {kept.score_before} → {kept.score_after} · {kept.author}")
