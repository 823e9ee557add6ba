"""The work on a run, in a process of its own, so that nobody's call waits for it: a look at the files, the plan, the grading.

Started by runs.py as `worker.main(COMMAND, FOLDER)`. What it finds goes into the run's folder; a failure with a name is printed as
JSON. While it grades, the end of standard input means: finish what is under way, then stop. So it also stops when the server dies.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.batch.control import Control, Progress
from coach.batch.patience import Limits
from coach.batch.reading import Preview, preview
from coach.batch.records import Rejected
from coach.errors import CoachError
from coach.settings import Settings
from coach.ui.bulk.folders import Phase, RunFolder, State

if TYPE_CHECKING:  # a look at the files needs nothing of grading, and people wait for it
    from coach.batch.job import Job
    from coach.batch.prices import Price
    from coach.batch.run import Summary

WRITE_EVERY_S = 0.5
SHOWN_REJECTED = 8
_LONG_TURN, _MANY_TURNS = 400, 60


def main(command: str, folder: str) -> int:
    """Does one of look, plan, run. Exit code 2: a failure that has been told."""
    run = RunFolder(Path(folder))
    settings = Settings.load()
    try:
        {"look": look, "plan": plan, "run": grade}[command](run, settings)
    except CoachError as error:
        if command == "run":
            run.keep("state", run.state.model_copy(update={"phase": "failed", "zh": error.zh, "en": error.en}))
        print(json.dumps({"zh": error.zh, "en": error.en}, ensure_ascii=False))
        return 2
    return 0


def look(run: RunFolder, _: Settings) -> None:
    """How each file is read: look.json."""
    order = run.order
    run.keep("look", [_seen(path, preview(path, order.mapping)) for path in run.files])


def plan(run: RunFolder, settings: Settings) -> None:
    """The look, and then everything read once: plan.json."""
    from coach.batch.plan import make_plan
    from coach.batch.prices import read_prices

    look(run, settings)
    job, order = _job(run, settings), run.order
    limits = Limits(order.concurrency, order.rpm)
    prices = read_prices(settings.content)
    made = make_plan(run.files, run.out, job, prices, limits=limits, limit=order.limit, mapping=order.mapping)
    told = {name: value for name, value in vars(made).items() if name not in ("prefixes", "reasons")}
    told |= {"due": made.due, "reasons": _reasons(made.reasons)}
    run.keep("plan", told)


def grade(run: RunFolder, settings: Settings) -> None:
    """Grades what has no result yet; state.json says how far it is, then digest.json and calls.json what came out."""
    from coach.batch.local import LocalEngine
    from coach.batch.outputs import RESULTS
    from coach.batch.plan import count_records
    from coach.batch.prices import read_prices
    from coach.batch.run import Options, run_batch
    from coach.ui.bulk.digest import digest

    if hasattr(os, "nice"):
        os.nice(10)  # people who are talking come first
    job, order = _job(run, settings), run.order
    price = None if job.judge is None else read_prices(settings.content).of(job.judge.model)
    watch = _Watch(run, price)
    control = Control(watch)
    threading.Thread(target=_stop_at_the_end_of_input, args=(control,), daemon=True).start()
    watch.say(control.progress, "reading")
    control.progress.total = count_records(run.files, order.mapping)
    control.progress.started = time.monotonic()
    options = Options(Limits(order.concurrency, order.rpm), order.limit)
    summary = run_batch(
        run.files, run.out, job, settings, LocalEngine(), options=options, mapping=order.mapping, control=control
    )
    watch.say(control.progress, "writing")
    totals, rows = digest(run.out / RESULTS, job.rubrics, price)
    run.keep("digest", totals)
    run.keep("calls", rows)
    watch.end(control, summary)


def _job(run: RunFolder, settings: Settings) -> Job:
    from coach.batch.job import Job

    order = run.order
    return Job.of(settings, order.rubrics, offline=order.offline, votes=order.votes, language=order.language)


def _stop_at_the_end_of_input(control: Control) -> None:
    sys.stdin.read()
    control.cancel()


class _Watch:
    """Writes the progress into the run's folder, not too often."""

    def __init__(self, run: RunFolder, price: Price | None) -> None:
        self._run, self._price = run, price
        self._written = 0.0

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._written >= WRITE_EVERY_S:
            self.say(progress, "writing" if progress.phase in ("writing", "done") else "grading")

    def say(self, progress: Progress, phase: Phase) -> None:
        self._written = time.monotonic()
        self._run.keep("state", self._state(progress, phase))

    def end(self, control: Control, summary: Summary) -> None:
        phase: Phase = "failed" if control.reason else "stopped" if control.cancelled else "done"
        told = {"whole": summary.whole, "changed": summary.changed, "zh": "", "en": ""}
        if control.reason:
            told |= {"zh": control.reason.zh, "en": control.reason.en}
        self._run.keep("state", self._state(control.progress, phase).model_copy(update=told))

    def _state(self, progress: Progress, phase: Phase) -> State:
        used = progress.prompt_tokens, progress.completion_tokens
        return State(
            phase=phase,
            total=progress.total,
            graded=progress.graded,
            skipped=progress.skipped,
            rejected=progress.rejected,
            failed=progress.failed,
            requests=progress.requests,
            retries=progress.retries,
            tokens=sum(used),
            cost=self._price.cost(*used, progress.cached_tokens) if self._price else None,
            currency=self._price.currency if self._price else "",
            per_second=progress.per_second,
            seconds_left=progress.seconds_left,
        )


def _seen(path: Path, found: Preview) -> dict[str, Any]:
    """One file, as look.json has it. What the page asks for itself is no reason to tell."""
    unclear = path.suffix.lower() in (".csv", ".tsv", ".xlsx") and not found.shape and bool(found.header)
    told = [] if unclear else [item for item in found.rejected if not item.speaker]
    return {
        "name": path.name,
        "kind": path.suffix.lower().removeprefix("."),
        "size": path.stat().st_size,
        "encoding": found.encoding,
        "shape": found.shape,
        "columns": found.columns,
        "header": found.header or _keys(path),
        "unclear": unclear,
        "unknown": list(found.unknown),
        "calls": [
            {
                "id": str(record.id),
                "turns": [[turn.role, turn.text[:_LONG_TURN]] for turn in record.transcript.turns[:_MANY_TURNS]],
                "more": max(0, len(record.transcript.turns) - _MANY_TURNS),
            }
            for record in found.records
        ],
        "reasons": _reasons(told),
    }


def _keys(path: Path) -> list[str]:
    """The names that can be chosen for a JSON file: those of its first record and of that record's first turn."""
    if path.suffix.lower() not in (".jsonl", ".ndjson", ".json"):
        return []
    try:
        with path.open("rb") as file:
            first = json.loads(file.readline(1 << 20))
    except (OSError, ValueError):
        return []
    if not isinstance(first, dict):
        return []
    inner = next((value[0] for value in first.values() if isinstance(value, list) and value), None)
    return [*first, *(inner if isinstance(inner, dict) else ())]


def _reasons(found: list[Rejected]) -> list[dict[str, Any]]:
    return [
        {"file": Path(item.file).name, "line": item.line, "zh": item.reason, "en": item.reason_en}
        for item in found[:SHOWN_REJECTED]
    ]
