"""`coach calibrate GOLD`: how far each check can be trusted, and whether a rubric edit made one worse."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coach.content.rubric import Rubric
    from coach.grading.baseline import Comparison
    from coach.grading.calibration import Calibration
    from coach.grading.gold import GoldCall
    from coach.grading.grader import Grader

BASELINE = "baseline.json"

Gold = Annotated[Path, typer.Argument(metavar="GOLD", help="带标准答案的通话：.jsonl 文件或文件夹 · gold transcripts")]
Rubrics = Annotated[list[str] | None, typer.Option(help="评分表编号，逗号分开；all 是全部 · rubric ids, or all")]
Runs = Annotated[int, typer.Option(min=1, max=20, help="原样评几遍，看稳不稳 · times each call is graded as it is")]
Votes = Annotated[int, typer.Option(min=1, max=9, help="每个检查点请大模型判几次 · votes of the judge a check")]
Offline = Annotated[bool, typer.Option("--offline", help="不用大模型，只按规则评 · rules only, no model")]
HouseRules = Annotated[
    bool,
    typer.Option(
        "--house-rules", help="把 operator.yaml 的规定给模型看，好判越权许诺 · show the judge the house rules"
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        help="和哪份基线比；离线默认是 GOLD 里的 baseline.json · baseline to compare with; offline the one in GOLD"
    ),
]
Update = Annotated[
    bool, typer.Option("--update-baseline", help="把这次的结果存成新基线 · store this result as the baseline")
]
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="同时评几通（用大模型时）· calls at a time")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]


def calibrate(
    gold: Gold,
    rubric: Rubrics = None,
    runs: Runs = 2,
    votes: Votes = 1,
    offline: Offline = False,
    house_rules: HouseRules = False,
    baseline: Baseline = None,
    update_baseline: Update = False,
    concurrency: Concurrency = 4,
    as_json: AsJson = False,
) -> None:
    """检验评分：跟标准答案比、跟自己比、跟不该有影响的改动比；改坏了评分表就返回 1 · How far grading can be trusted; exits 1 when a check got worse."""
    import asyncio

    from coach.grading.calibration import calibrate as run

    grader, calls, rubrics = _parts(gold, rubric or ["all"], offline=offline, house_rules=house_rules)
    found = asyncio.run(run(grader, calls, rubrics, runs=runs, votes=votes, concurrency=concurrency))
    file = _baseline_file(baseline, gold, grader, update=update_baseline)
    compared = None
    if update_baseline and file is not None:
        _store(file, found, calls, rubrics, grader)
    elif file is not None:
        compared = _compared(file, grader, found, calls, rubrics)
    _tell(found, compared, file, as_json=as_json, updated=update_baseline)
    if compared is not None and compared.worse:
        raise typer.Exit(1)


def _parts(
    gold: Path, names: list[str], *, offline: bool, house_rules: bool
) -> tuple[Grader, list[GoldCall], list[Rubric]]:
    """What is needed for a calibration, as configured."""
    from coach.batch.job import chosen_rubrics
    from coach.cli.evaluate import grader_for, say_mode
    from coach.content.library import Library
    from coach.grading.gold import read_gold
    from coach.settings import Settings

    settings = Settings.load()
    library = Library.load(settings.content)
    rubrics = chosen_rubrics(library, names)
    calls = read_gold(gold)
    grader = grader_for(settings, library, offline=offline, house_rules=house_rules)
    say_mode(grader)
    return grader, calls, rubrics


def _baseline_file(named: Path | None, gold: Path, grader: Grader, *, update: bool) -> Path | None:
    """The named one; offline the one beside the gold. A model's has to be named: each model has its own.

    Raises:
        InputError: a model's result is to be stored and nobody said where.
    """
    from coach.errors import InputError

    if named is not None or grader.offline:
        return named or _beside(gold)
    if update:
        raise InputError(
            "用模型评的基线存到哪里？请用 --baseline 写文件名，一个模型一份。",
            "Where should the baseline of this model be stored? Name a file with --baseline, one for each model.",
        )
    return None


def _store(
    file: Path, found: Calibration, calls: Sequence[GoldCall], rubrics: Sequence[Rubric], grader: Grader
) -> None:
    """Rubrics that were not calibrated this time keep what is stored of them."""
    from coach.grading.baseline import baseline_of, joined, read_baseline, write_baseline

    now = baseline_of(found, calls, rubrics, _judge(grader))
    write_baseline(file, joined(read_baseline(file), now))


def _compared(
    file: Path, grader: Grader, found: Calibration, calls: Sequence[GoldCall], rubrics: Sequence[Rubric]
) -> Comparison | None:
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


def _tell(found: Calibration, compared: Comparison | None, file: Path | None, *, as_json: bool, updated: bool) -> None:
    from coach.cli.calibrate_show import show

    if as_json:
        print(json.dumps(_as_json(found, compared), ensure_ascii=False, indent=1))
    else:
        show(found, compared, file, updated=updated)


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
