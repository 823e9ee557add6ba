"""`coach accept [PERSONA] [CASE]`: the acceptance test of one exercise, or of all that are shipped."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from coach.practice import Practice
    from coach.trial.acceptance import Acceptance


def accept(
    persona: Annotated[str | None, typer.Argument(help="客户画像编号，不写就是全部 · persona id")] = None,
    case: Annotated[str | None, typer.Argument(help="案例编号，不写就是全部 · case id")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """验收：七种示范学员各打一遍，看客户的反应分不分得开 · Acceptance test with scripted trainees, offline."""
    from coach.settings import Settings
    from coach.wiring import build_offline

    practice = build_offline(Settings.load())
    results = asyncio.run(_all(practice, persona, case))
    if as_json:
        print(
            json.dumps(
                [item.model_dump(mode="json") | {"accepted": item.accepted} for item in results], ensure_ascii=False
            )
        )
    else:
        for item in results:
            _print(item)
        print(f"\n{sum(item.accepted for item in results)} / {len(results)} 个练习通过验收 · exercises accepted")
    if not all(item.accepted for item in results):
        raise typer.Exit(1)


async def _all(practice: Practice, persona: str | None, case: str | None) -> list[Acceptance]:
    from coach.trial.acceptance import accept as run

    if persona and case:
        pairs = [(persona, case)]
    else:
        if persona:
            practice.library.persona(persona)  # an unknown id is named, not an empty list
        pairs = [
            (who.id, what.id)
            for who, what in practice.library.exercises()
            if (persona is None or who.id == persona) and (case is None or what.id == case)
        ]
    return [await run(practice, practice.exercise(*pair)) for pair in pairs]


def _print(item: Acceptance) -> None:
    print(f"{'通过' if item.accepted else '没通过'}  {item.persona} × {item.case}")
    for curve in item.curves:
        print(
            f"    {curve.trainee:<12} {curve.outcome!s:<14} 得分 {curve.score if curve.score is not None else '-'}  情绪 {' '.join(map(str, curve.heat))}"
        )
    for finding in item.findings:
        if not finding.ok:
            print(f"    ✗ {finding.what}: {finding.detail}")
