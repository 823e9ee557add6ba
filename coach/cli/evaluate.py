"""`coach evaluate INPUT… --rubric … --out DIR`: grades many transcripts into files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from coach.batch import Summary
    from coach.content.library import Library
    from coach.grading.grader import Grader
    from coach.settings import Settings


def evaluate(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT…", help="通话文件、文件夹、带 * 的路径，或 - · files, folders, patterns, -"),
    ],
    out: Annotated[Path, typer.Option(help="结果写到这个文件夹 · folder for the results")],
    rubric: Annotated[
        list[str] | None, typer.Option(help="评分表编号，逗号分开；all 是全部 · rubric ids, or all")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="不用大模型，只按规则评 · rules only, no model")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="这一次最多评多少通 · grade at most so many")] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="同时评几通（用大模型时）· calls at a time")] = 4,
    votes: Annotated[int, typer.Option(min=1, max=9, help="每个检查点请大模型判几次 · votes of the judge a check")] = 1,
    lang: Annotated[Literal["zh", "en"], typer.Option(help="理由和反馈的语言 · language of reasons")] = "zh",
) -> None:
    """批量评分：一行一通，边评边写，中断后再运行会接着评 · Grade many transcripts; running again goes on where it stopped."""
    from coach.batch import evaluate as run
    from coach.batch.run import chosen_rubrics
    from coach.content.library import Library
    from coach.settings import Settings

    settings = Settings.load()
    library = Library.load(settings.content)
    rubrics = chosen_rubrics(library, rubric or ["all"])
    grader = grader_for(settings, library, offline=offline)
    say_mode(grader)
    summary = run(
        inputs, out, grader=grader, rubrics=rubrics, votes=votes, limit=limit, concurrency=concurrency, language=lang
    )
    _print(summary, out)
    if summary.rejected and not (summary.graded or summary.skipped):
        raise typer.Exit(1)


def grader_for(settings: Settings, library: Library, *, offline: bool) -> Grader:
    """With the configured judge; without one when none is configured or `offline`."""
    from coach.grading.grader import Grader
    from coach.understanding.embedded import EmbeddedAppraiser

    if offline or not settings.model_configured:
        return Grader(library.vocabulary, EmbeddedAppraiser(), lexicon=library.lexicon)
    from coach.models.build import build_models

    models = build_models(settings)
    judge = models.judge if models else None
    return Grader(
        library.vocabulary, EmbeddedAppraiser(), judge, settings.temperature_for("judge"), lexicon=library.lexicon
    )


def say_mode(grader: Grader) -> None:
    """Tells how is judged, on stderr, so that stdout stays for results."""
    said = (
        "离线模式：检查点按话术动作和规则判，没有请大模型 · Offline: checks are decided from moves and rules, without a model."
        if grader.offline
        else f"评判的模型 · judged by: {grader.described()['model']}"
    )
    print(said, file=sys.stderr)


def _print(summary: Summary, out: Path) -> None:
    print(
        f"评了 {summary.graded} 通 · graded {summary.graded}；跳过 {summary.skipped} · skipped；读不了 {summary.rejected} · rejected"
    )
    if summary.scores:
        mean = sum(summary.scores) / len(summary.scores)
        print(
            f"平均 {mean:.1f}（{min(summary.scores)}–{max(summary.scores)}）· mean, range；"
            f"通过 {summary.passed} · passed；碰红线 {summary.gated} · red lines；没有分 {summary.unscored} · without a score"
        )
    for name, scores in summary.rubrics.items():
        print(f"  {name}: {sum(scores) / len(scores):.1f} ({len(scores)})")
    if summary.rejected:
        print(f"读不了的记录和原因在 · rejected records: {out / 'rejected.jsonl'}")
    print(f"结果 · results: {out / 'results.jsonl'}")
