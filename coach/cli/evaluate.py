"""`coach evaluate INPUT… --rubric … --out DIR`: grades many transcripts into files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from coach.cli import evaluate_options as asked

if TYPE_CHECKING:
    from coach.batch import InputMap, Options
    from coach.batch.job import Job
    from coach.batch.run import Engine
    from coach.content.library import Library
    from coach.grading.grader import Grader
    from coach.settings import Settings


def evaluate(
    inputs: asked.Inputs,
    out: asked.Out,
    rubric: asked.Rubrics = None,
    offline: asked.Offline = False,
    limit: asked.Limit = None,
    concurrency: asked.Concurrency = 8,
    votes: asked.Votes = 1,
    lang: asked.Lang = "zh",
    house_rules: asked.HouseRules = False,
    dry_run: asked.DryRun = False,
    columns: asked.Columns = None,
    rpm: asked.Rpm = None,
    tpm: asked.Tpm = None,
    processes: asked.Processes = 0,
    engine: asked.EngineName = "local",
    scheduler: asked.Scheduler = None,
    store: asked.StoreUrl = None,
) -> None:
    """批量评分：边评边存，中断后运行同一条命令会接着评 · Grade many transcripts; the same command goes on where it stopped."""
    from coach.batch.forking import start_early

    if engine == "local" and not dry_run:
        start_early(inputs, processes=processes, concurrency=concurrency, offline=offline)
    from coach.batch import Limits, Options, parse_map
    from coach.batch.job import Job
    from coach.cli.evaluate_show import show_plan
    from coach.settings import Settings

    settings = Settings.load()
    mapping = _complete(parse_map(columns or []), inputs)
    job = Job.of(settings, rubric or ["all"], offline=offline, votes=votes, language=lang, house_rules=house_rules)
    options = Options(Limits(concurrency, rpm, tpm), limit, processes, store)
    if dry_run:
        from coach.batch.plan import make_plan
        from coach.batch.prices import read_prices

        prices = read_prices(settings.content)
        show_plan(
            make_plan(inputs, out, job, prices, limits=options.limits, limit=limit, store=store, mapping=mapping),
            job,
            options,
        )
        return
    _run(inputs, out, job, settings, options, mapping, engine_of(engine, scheduler, processes))


def engine_of(name: str, scheduler: str | None = None, processes: int = 0) -> Engine:
    """The engine of that name: local, openai-batch or dask."""
    if name == "openai-batch":
        from coach.batch.provider_batch import ProviderBatchEngine

        return ProviderBatchEngine()
    if name == "dask":
        from coach.batch.dask_engine import DaskEngine

        return DaskEngine(scheduler, processes or 2)
    from coach.batch.local import LocalEngine

    return LocalEngine()


def _run(
    inputs: list[str], out: Path, job: Job, settings: Settings, options: Options, mapping: InputMap, engine: Engine
) -> None:
    from coach.batch.prices import read_prices
    from coach.batch.run import run_batch
    from coach.cli.evaluate_show import Watcher, say_how, show_summary, stop_on_interrupt

    say_how(job)
    price = None if job.judge is None else read_prices(settings.content).of(job.judge.model)
    with Watcher(inputs, mapping, price) as watcher, stop_on_interrupt(watcher.control):
        summary = run_batch(
            inputs, out, job, settings, engine, options=options, mapping=mapping, control=watcher.control
        )
    show_summary(summary, out)
    if watcher.control.reason is not None:
        raise typer.Exit(3)
    if watcher.control.cancelled:
        raise typer.Exit(130)
    if summary.rejected and not (summary.graded or summary.skipped):
        raise typer.Exit(1)


def _complete(mapping: InputMap, inputs: list[str]) -> InputMap:
    """Shows how tables are read; asks, on a terminal, for speakers whose side can't be told."""
    from coach.batch.mapping import InputMap as Map
    from coach.batch.reading import files_of, preview

    speakers = dict(mapping.speakers)
    for place in [place for place in files_of(inputs) if place is not None][:20]:
        while True:
            seen = preview(place, Map(mapping.columns, speakers))
            if not seen.unknown or not sys.stdin.isatty():
                break
            for name in seen.unknown:
                prompt = f"{place.name}：「{name}」是谁 · who is {name!r}？agent/customer"
                speakers[name] = (
                    "agent"
                    if typer.prompt(prompt, err=True).strip().lower() in ("agent", "a", "坐席", "客服")
                    else "customer"
                )
        if seen.columns:
            told = "，".join(f"{field}={title}" for field, title in seen.columns.items())
            print(f"{place.name}：{told}（改用 --map · change with --map）", file=sys.stderr)
        for said in seen.unknown.values():
            print(f"{place.name}：{said}", file=sys.stderr)
    return Map(mapping.columns, speakers)


def grader_for(settings: Settings, library: Library, *, offline: bool, house_rules: bool = False) -> Grader:
    """With the configured judge; without one when none is configured or `offline`. `house_rules`: the judge sees the operator's."""
    from coach.grading.grader import Grader
    from coach.grading.house import NO_HOUSE, house_of_operator
    from coach.understanding.embedded import EmbeddedAppraiser

    if offline or not settings.model_configured:
        return Grader(library.vocabulary, EmbeddedAppraiser(), lexicon=library.lexicon)
    from coach.models.build import build_models

    models = build_models(settings)
    judge = models.judge if models else None
    return Grader(
        library.vocabulary,
        EmbeddedAppraiser(),
        judge,
        settings.temperature_for("judge"),
        library.lexicon,
        settings.judge_passes,
        house_of_operator(library.operator) if house_rules else NO_HOUSE,
    )


def say_mode(grader: Grader) -> None:
    """Tells how is judged, on stderr, so that stdout stays for results."""
    said = (
        "离线模式：检查点按话术动作和规则判，没有请大模型 · Offline: checks are decided from moves and rules, without a model."
        if grader.offline
        else f"评判的模型 · judged by: {grader.described()['model']}"
    )
    print(said, file=sys.stderr)
