"""`coach calibrate GOLD`: how far each check can be trusted, and whether a rubric edit made one worse."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from coach.grading.baseline import Comparison
    from coach.grading.calibration import Calibration
    from coach.grading.gold import GoldCall
    from coach.grading.grader import Grader

BASELINE = "baseline.json"


def calibrate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD", help="带标准答案的通话：.jsonl 文件或文件夹 · gold transcripts")
    ],
    rubric: Annotated[
        list[str] | None, typer.Option(help="评分表编号，逗号分开；all 是全部 · rubric ids, or all")
    ] = None,
    runs: Annotated[
        int, typer.Option(min=1, max=20, help="原样评几遍，看稳不稳 · times each call is graded as it is")
    ] = 2,
    votes: Annotated[int, typer.Option(min=1, max=9, help="每个检查点请大模型判几次 · votes of the judge a check")] = 1,
    offline: Annotated[bool, typer.Option("--offline", help="不用大模型，只按规则评 · rules only, no model")] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="和哪份基线比；离线默认是 GOLD 旁的 baseline.json · baseline to compare with")
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="把这次的结果存成新基线 · store this result as the baseline")
    ] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="同时评几通（用大模型时）· calls at a time")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """检验评分：跟标准答案比、跟自己比、跟不该有影响的改动比；改坏了评分表就返回 1 · How far grading can be trusted; exits 1 when a check got worse."""
    import asyncio

    from coach.batch.job import chosen_rubrics
    from coach.cli.calibrate_show import show
    from coach.cli.evaluate import grader_for, say_mode
    from coach.content.library import Library
    from coach.grading.baseline import baseline_of, write_baseline
    from coach.grading.calibration import calibrate as run
    from coach.grading.gold import read_gold
    from coach.settings import Settings

    settings = Settings.load()
    library = Library.load(settings.content)
    rubrics = chosen_rubrics(library, rubric or ["all"])
    calls = read_gold(gold)
    grader = grader_for(settings, library, offline=offline)
    say_mode(grader)
    found = asyncio.run(run(grader, calls, rubrics, runs=runs, votes=votes, concurrency=concurrency))
    file = baseline or (_beside(gold) if grader.offline else None)
    compared = None
    if update_baseline and file is not None:
        write_baseline(file, baseline_of(found, calls, rubrics, _judge(grader)))
    elif file is not None:
        compared = _compared(file, grader, found, calls, rubrics)
    if as_json:
        print(json.dumps(_as_json(found, compared), ensure_ascii=False, indent=1))
    else:
        show(found, compared, file, updated=update_baseline and file is not None)
    if compared is not None and compared.worse:
        raise typer.Exit(1)


def _compared(file: Path, grader: Grader, found: Calibration, calls: list[GoldCall], rubrics: Any) -> Comparison | None:
    """None when there is no baseline yet.

    Raises:
        InputError: the baseline is of another judge.
    """
    from coach.errors import InputError
    from coach.grading.baseline import compare, read_baseline

    stored = read_baseline(file)
    if stored is None:
        return None
    if stored["judge"] != _judge(grader):
        then, now = (name or "offline" for name in (stored["judge"], _judge(grader)))
        raise InputError(
            f"基线 {file} 是用 {then} 评的，这次用的是 {now}，两者不能比。请用 --baseline 另指一份。",
            f"The baseline {file} is of {then}, this run of {now}: they can't be compared. Name another with --baseline.",
        )
    return compare(stored, found, calls, rubrics)


def _judge(grader: Grader) -> str:
    return str(grader.described().get("model", ""))


def _beside(gold: Path) -> Path:
    return (gold if gold.is_dir() else gold.parent) / BASELINE


def _as_json(found: Calibration, compared: Comparison | None) -> dict[str, Any]:
    return {
        "calls": found.calls,
        "runs": found.runs,
        "offline": found.offline,
        "requests": found.requests,
        "usage": asdict(found.usage),
        "checks": [asdict(report) for report in found.checks],
        "baseline": None if compared is None else asdict(compared),
    }
