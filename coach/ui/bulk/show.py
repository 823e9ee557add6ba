"""The HTML of this part of the page: what stands above (where one is, how far it is), and what stands below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coach.batch.mapping import FIELDS as COLUMNS
from coach.batch.mapping import NONE
from coach.batch.outputs import REJECTED, REPORT, RESULTS, SHEETS
from coach.content.rubric import Check, Rubric
from coach.reports.summary import local_time
from coach.settings import Settings
from coach.ui.bulk.folders import UNDER_WAY, Order, RunFolder, State
from coach.ui.bulk.forms import MAPS, RUBRICS, SPEAKERS, VOTES
from coach.ui.bulk.render import bulk_words, render
from coach.ui.bulk.table import ONLY, Table
from coach.ui.bulk.uploads import FILE_MB, KINDS, TOTAL_MB

_ANSWERS = {
    ("merit", "yes"): "did",
    ("merit", "no"): "missed",
    ("violation", "yes"): "violated",
    ("violation", "no"): "kept",
}
DOWNLOADS = {"report": REPORT, "xlsx": SHEETS, "results": RESULTS, "rejected": REJECTED}


def name_of(order: Order, language: str) -> str:
    """A run's name: its first file."""
    if not order.files:
        return "—"
    if len(order.files) == 1:
        return order.files[0]
    return bulk_words(language)("home.more_files", name=order.files[0], n=len(order.files))


def span(seconds: float) -> str:
    """As in 1:05:09, or 5:09."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def home_top(language: str, faults: Sequence[str] = (), notice: str = "") -> str:
    return render("home_top", language, faults=faults, notice=notice, kinds=KINDS, size=FILE_MB, total=TOTAL_MB)


def home(runs: Sequence[tuple[RunFolder, State]], language: str) -> str:
    return render("home", language, rows=[_row(run, state, language) for run, state in runs])


def _row(run: RunFolder, state: State, language: str) -> dict[str, Any]:
    totals = run.kept("digest") or {}
    order = run.order
    return {
        "id": run.id,
        "name": name_of(order, language),
        "date": local_time(order.created),
        "phase": state.phase,
        "going": state.phase in UNDER_WAY,
        "calls": totals.get("calls"),
        "mean": totals.get("overall", {}).get("mean"),
    }


def draft_top(run: RunFolder, language: str, faults: Sequence[str] = (), busy: str = "") -> str:
    return render("draft_top", language, run=run.id, name=name_of(run.order, language), faults=faults, busy=busy)


def draft(run: RunFolder, rubrics: Sequence[Rubric], settings: Settings, language: str) -> str:
    """The form: how the files are read, what is to be graded and how, and the plan once there is one."""
    order, files = run.order, run.kept("look") or []
    made = run.kept("plan")
    headers = list(dict.fromkeys(title for file in files for title in file["header"]))
    scored = [rubric for rubric in rubrics if rubric.kind == "score"][: len(RUBRICS)]
    return render(
        "draft",
        language,
        run=run.id,
        order=order,
        files=files,
        columns=_columns(order, files, headers) if headers else [],
        headers=headers,
        none=NONE,
        asked=list(zip(SPEAKERS, order.asked, strict=False)),
        calls=[call for file in files for call in file["calls"]][:3],
        reasons=_reasons(files, made),
        rubrics=[
            (field, rubric.id, rubric.name.say(language), not order.rubrics or rubric.id in order.rubrics)
            for field, rubric in zip(RUBRICS, scored, strict=False)
        ],
        model=settings.model_for("judge") if settings.model_configured else "",
        votes=VOTES,
        plan=made,
        span=span(made["seconds"]) if made else "",
    )


def _columns(order: Order, files: Sequence[Mapping[str, Any]], headers: Sequence[str]) -> list[dict[str, str]]:
    """Each field with what is chosen for it and what was recognised."""
    rows = []
    for field, name in zip(MAPS, COLUMNS, strict=True):
        guessed = next((file["columns"][name] for file in files if name in file["columns"]), "")
        chosen = order.columns.get(name, "")
        rows.append({"field": field, "name": name, "chosen": chosen, "guessed": "" if chosen else guessed})
    return rows


def _reasons(files: Sequence[Mapping[str, Any]], plan: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """What can't be read: of everything once it has been read, before that of the beginnings."""
    if plan is not None:
        return list(plan["reasons"])
    return [reason for file in files for reason in file["reasons"]]


def progress(run: RunFolder, state: State, language: str, *, stopping: bool = False) -> str:
    share = min(100.0, 100 * state.seen / state.total) if state.total else None
    return render(
        "progress",
        language,
        run=run.id,
        name=name_of(run.order, language),
        state=state,
        share=share,
        left=span(state.seconds_left) if state.seconds_left is not None else "",
        stopping=stopping,
    )


def results_top(run: RunFolder, state: State, language: str, fault: str = "") -> str:
    order = run.order
    return render(
        "results_top",
        language,
        run=run.id,
        name=name_of(order, language),
        date=local_time(order.created),
        order=order,
        state=state,
        said=state.en if language == "en" else state.zh,
        changed="；".join(f"{name} {old} → {new}" for name, old, new in state.changed),
        limited=bool(order.limit and state.phase == "done" and state.graded >= order.limit),
        fault=fault,
    )


def results(run: RunFolder, table: Table, language: str) -> str:
    return render(
        "results",
        language,
        run=run.id,
        totals=run.kept("digest"),
        files=[(kind, name) for kind, name in DOWNLOADS.items() if _has_any(run, name)],
        table=table,
        only=ONLY,
        gates=sorted({gate for row in table.rows for gate in row.gates}),
    )


def _has_any(run: RunFolder, name: str) -> bool:
    path = run.out / name
    return path.exists() and path.stat().st_size > 0


def record(
    run: RunFolder,
    found: Mapping[str, Any] | None,
    rubrics: Mapping[str, Rubric],
    back: Mapping[str, str],
    language: str,
) -> str:
    """One call's verdicts. `back`: how the table stood that led here."""
    graded = found["rubrics"] if found else {}
    parts = [_part(name, part, rubrics.get(name), language) for name, part in graded.items()]
    return render("record", language, run=run.id, found=found, parts=parts, back=back)


def _part(name: str, part: Mapping[str, Any], rubric: Rubric | None, language: str) -> dict[str, Any]:
    checks = {check.id: check for check in rubric.checks} if rubric else {}
    verdicts = [_verdict(verdict, checks.get(verdict["check"]), language) for verdict in part["checks"]]
    decided = [verdict for verdict in verdicts if verdict["answer"] not in ("na", "unscored")]
    return {
        "name": rubric.name.say(language) if rubric else name,
        "score": part["score"],
        "band": part["band"],
        "checks": sorted(decided, key=lambda verdict: not verdict["bad"]),
        "rest": [verdict for verdict in verdicts if verdict not in decided],
    }


def _verdict(verdict: Mapping[str, Any], check: Check | None, language: str) -> dict[str, Any]:
    answer = _ANSWERS.get((check.kind if check else "merit", verdict["answer"]), verdict["answer"])
    return {
        "ask": check.ask.say(language) if check else verdict["check"],
        "answer": answer,
        "bad": answer in ("missed", "violated"),
        "cause": verdict["cause"] or "",
        "reason": verdict["reason"] or "",
        "quotes": [(item["turn"], item["quote"]) for item in verdict["evidence"]],
    }
