"""What `coach evaluate` shows: the plan, the progress (a bar on a terminal, plain lines elsewhere), the summary."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from coach.batch.control import Control, Progress
from coach.batch.mapping import InputMap
from coach.batch.plan import Plan, count_records
from coach.batch.prices import Price
from coach.batch.run import Options, Summary

if TYPE_CHECKING:
    from coach.batch.job import Job

LINE_EVERY_S = 10.0
BAR_EVERY_S = 0.2


def say_how(job: Job) -> None:
    """Tells how is judged, on stderr, so that stdout stays for results."""
    if job.judge is None:
        said = "离线模式：检查点按话术动作和规则判，没有请大模型 · Offline: checks are decided from moves and rules, without a model."
    else:
        said = f"评判的模型 · judged by: {job.judge.model}"
    print(said, file=sys.stderr)


def show_plan(plan: Plan, job: Job, options: Options) -> None:
    print(
        f"通话 · records: {plan.records:,}（已评 · done {plan.done:,}；读不了 · rejected {plan.rejected:,}；要评 · to grade {plan.due:,}）"
    )
    print(f"评分表 · rubrics: {', '.join(rubric.id for rubric in job.rubrics)}")
    if job.judge is None:
        print("离线，不发请求，不花钱 · offline: no requests, no cost")
        return
    print(f"模型 · model: {plan.model}；每条判 {job.votes} 次 · votes")
    print(f"请求 · calls: {plan.calls:,}")
    print(
        f"token（估计 · estimated）: 输入 · in {plan.prompt_tokens:,}，其中重复的开头 · repeated prefix {plan.cached_tokens:,}；"
        f"输出 · out {plan.completion_tokens:,}"
    )
    if plan.cost is None or plan.cost_uncached is None or plan.cost_by_batch is None:
        print(f"费用 · cost: prices.yaml 里没有 {plan.model} 的价格 · no price for it in prices.yaml")
    else:
        print(
            f"费用 · cost: {plan.cost:,.2f} {plan.currency}（开头全部命中缓存 · prefix cached）到 · to "
            f"{plan.cost_uncached:,.2f}；批量接口 · Batch API 约 {plan.cost_by_batch:,.2f}"
        )
        print(
            f"  按 {plan.as_of or '—'} 的公开价估的，以服务商的账单为准；价格在 prices.yaml 里改 · from list prices of "
            f"{plan.as_of or '—'}: check with your provider; change them in prices.yaml"
        )
    limits = options.limits
    bounds = [f"{limits.concurrency} 并发 · at a time"]
    bounds += [f"{limits.rpm:g} 请求/分 · rpm"] if limits.rpm else []
    bounds += [f"{limits.tpm:g} token/分 · tpm"] if limits.tpm else []
    print(f"时间 · time: {span(plan.seconds)}（{'，'.join(bounds)}）")


def span(seconds: float) -> str:
    """Hours, minutes and seconds, as in 1:05:09."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


class Watcher:
    """Shows a running batch on stderr; `control` goes to the batch."""

    def __init__(self, inputs: Sequence[str], mapping: InputMap, price: Price | None) -> None:
        self._bar: Any = None
        self._price = price
        self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self.control = Control(self._tell)
        self.control.progress.total = count_records(inputs, mapping) if self._terminal else None
        self.control.progress.currency = price.currency if price else ""

    def __enter__(self) -> Watcher:
        if self._terminal:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            self._bar = Progress(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True))
            self._bar.add_task("…", total=self.control.progress.total)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._show(self.control.progress)
            self._bar.stop()

    def _tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._shown < (BAR_EVERY_S if self._bar is not None else LINE_EVERY_S):
            return
        self._shown = now
        self._show(progress)

    def _show(self, progress: Progress) -> None:
        if self._price is not None:
            progress.cost = self._price.cost(progress.prompt_tokens, progress.completion_tokens, progress.cached_tokens)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=progress.seen, description=told(progress))
        else:
            print(told(progress), file=sys.stderr, flush=True)


def told(progress: Progress) -> str:
    """One line: how far, how fast, how long still, what failed, what it cost."""
    of = f"/{progress.total}" if progress.total is not None else ""
    parts = [f"{progress.seen}{of} 通", f"{progress.per_second:.1f} 通/秒 · a second"]
    if progress.seconds_left is not None:
        parts.append(f"还要 {span(progress.seconds_left)} · left")
    if progress.failed or progress.rejected:
        parts.append(f"失败 {progress.failed} · failed，读不了 {progress.rejected} · rejected")
    if progress.requests:
        parts.append(f"重试 {progress.retries} · retries")
        parts.append(f"{progress.prompt_tokens + progress.completion_tokens:,} token")
    if progress.cost is not None:
        parts.append(f"{progress.cost:.2f} {progress.currency}")
    return "，".join(parts)


@contextmanager
def stop_on_interrupt(control: Control) -> Iterator[None]:
    """The first Ctrl-C stops after what is under way; the second one at once."""
    before = signal.getsignal(signal.SIGINT)

    def stop(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        control.cancel()
        print(
            "\n正在收尾：做完手上的就停。再按一次 Ctrl-C 立刻停 · Finishing what is under way; Ctrl-C again stops at once.",
            file=sys.stderr,
        )

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def show_summary(summary: Summary, out: Path) -> None:
    if summary.changed:
        told_changes = "；".join(f"{name}: {old} → {new}" for name, old, new in summary.changed)
        print(f"条件变了，这是新的一批（旧结果还在库里）· new run, because this changed: {told_changes}")
    print(
        f"评了 {summary.graded} 通 · graded {summary.graded}；跳过 {summary.skipped} · skipped；读不了 {summary.rejected} · rejected"
    )
    if summary.mean is not None:
        print(
            f"平均 {summary.mean:.1f}（{summary.lowest}–{summary.highest}）· mean, range；"
            f"通过 {summary.passed} · passed；碰红线 {summary.gated} · red lines；没有分 {summary.unscored} · without a score"
        )
    for name, (count, total) in summary.rubrics.items():
        print(f"  {name}: {total / count:.1f} ({count})")
    if summary.rejected:
        print(f"读不了的记录和原因在 · rejected records: {out / 'rejected.jsonl'}")
    if summary.failed:
        print(
            f"有 {summary.failed} 通因为模型的故障没评全，再运行同一条命令会重评 · failed; the same command grades them again"
        )
    if summary.stopped:
        print(f"没有评完 · not finished: {summary.stopped}\n{summary.stopped_en}")
        print("运行同一条命令接着评 · run the same command to go on")
    print(f"结果 · results: {out / 'results.jsonl'}（共 {summary.whole} 通 · records）")
    print(f"给人看的 · for people: {out / 'report.html'}，{out / 'results.xlsx'}")
