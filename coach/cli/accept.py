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
    offline: Annotated[bool, typer.Option("--offline", help="接了模型也只验收离线的 · the offline test only")] = False,
) -> None:
    """验收：七种示范学员各打一遍，看客户的反应分不分得开；接了模型就再验它说的话 · Acceptance test with scripted trainees; with a model, of its lines too."""
    from coach.settings import Settings
    from coach.wiring import build_offline, build_transient

    settings = Settings.load()
    if settings.model_configured and not offline:
        practice = build_transient(settings)
        asyncio.run(_voices(practice, persona, case, as_json))
    practice = build_offline(settings)
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


def _pairs(practice: Practice, persona: str | None, case: str | None) -> list[tuple[str, str]]:
    if persona and case:
        return [(persona, case)]
    if persona:
        practice.library.persona(persona)  # an unknown id is named, not an empty list
    return [
        (who.id, what.id)
        for who, what in practice.library.exercises()
        if (persona is None or who.id == persona) and (case is None or what.id == case)
    ]


async def _all(practice: Practice, persona: str | None, case: str | None) -> list[Acceptance]:
    from coach.trial.acceptance import accept as run

    return [await run(practice, practice.exercise(*pair)) for pair in _pairs(practice, persona, case)]


async def _voices(practice: Practice, persona: str | None, case: str | None, as_json: bool) -> None:
    """The model's lines, exercise by exercise; exits with 1 at the end when a bar is missed."""
    from coach.trial.voice_check import check_voice

    missed = 0
    for who, what in _pairs(practice, persona, case):
        report = await check_voice(practice, practice.exercise(who, what))
        missed += not report.accepted
        figures = report.model_dump(mode="json")
        if as_json:
            print(
                json.dumps(
                    {"persona": who, "case": what, "voice": figures, "accepted": report.accepted}, ensure_ascii=False
                )
            )
        else:
            print(
                f"{'通过' if report.accepted else '没通过'}  {who} × {what}  "
                + "  ".join(f"{name} {value}" for name, value in figures.items())
            )
    if missed:
        raise typer.Exit(1)


def _print(item: Acceptance) -> None:
    print(f"{'通过' if item.accepted else '没通过'}  {item.persona} × {item.case}")
    for curve in item.curves:
        print(
            f"    {curve.trainee:<12} {curve.outcome!s:<14} 得分 {curve.score if curve.score is not None else '-'}  情绪 {' '.join(map(str, curve.heat))}"
        )
    for finding in item.findings:
        if not finding.ok:
            print(f"    ✗ {finding.what}: {finding.detail}")
