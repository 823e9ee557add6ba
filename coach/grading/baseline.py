"""What calibration last found, kept beside the gold, and whether a check has become worse since.

A check is worse when more gold verdicts went from right to wrong than from wrong to right, on the calls whose words and
expected answer are the same as then; or when the share of its answers that are withdrawn, or that move with the run, the order of
the checks, filler or who is speaking, rose by more than a tenth. A judge is not the same twice: with one, a single verdict of
difference is let pass.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coach.content.rubric import Rubric
from coach.errors import InputError
from coach.grading.calibration import Calibration, CheckReport
from coach.grading.gold import GoldCall

VERSION = 2
SLACK_WITH_JUDGE = 1
SHARE_RISE = 0.1
SHARES = ("withdrawn", "unstable", "order", "padding", "identity")
"""Of a check's report: what should be as low as can be."""
Stored = Mapping[str, Any]


@dataclass(frozen=True)
class Worse:
    """A check that became worse: `lost` is call -> (expected, found now)."""

    rubric: str
    check: str
    versions: tuple[int | None, int]
    """The rubric's version then and now."""
    lost: Mapping[str, tuple[str, str]]
    won: Sequence[str]
    shares: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Those of SHARES that rose: then and now."""


@dataclass(frozen=True)
class Comparison:
    worse: tuple[Worse, ...]
    new: tuple[str, ...]
    """Checks that the baseline doesn't know."""
    gone: tuple[str, ...]
    """Checks of these rubrics that only the baseline knows."""


def baseline_of(found: Calibration, gold: Sequence[GoldCall], rubrics: Sequence[Rubric], judge: str) -> dict[str, Any]:
    """The baseline to store: versions, marks of the calls, and for every check which calls it got wrong."""
    return {
        "version": VERSION,
        "judge": judge,
        "calls": {call.id: call.mark for call in gold},
        "rubrics": {
            rubric.id: {
                "version": rubric.version,
                "checks": {
                    report.check: _stored(report, gold) for report in found.checks if report.rubric == rubric.id
                },
            }
            for rubric in rubrics
        },
    }


def _stored(report: CheckReport, gold: Sequence[GoldCall]) -> dict[str, Any]:
    place = report.rubric, report.check
    kappa = report.agreement.kappa
    return {
        "expected": {call.id: call.expected[place] for call in gold if place in call.expected},
        "wrong": dict(report.wrong),
        "kappa": None if kappa is None else round(kappa, 3),
        **{name: round(share, 3) for name in SHARES if (share := getattr(report, name))},
    }


def joined(before: Stored | None, now: Stored) -> dict[str, Any]:
    """The new baseline with the rubrics that only the former knows, unless another judge made it.

    Of those rubrics nothing is kept about calls whose words changed since.
    """
    if before is None or before["judge"] != now["judge"]:
        return dict(now)
    same = {call for call, mark in now["calls"].items() if before["calls"].get(call) == mark}
    kept = {
        name: {
            **rubric,
            "checks": {
                check: {
                    **entry,
                    "expected": {call: answer for call, answer in entry["expected"].items() if call in same},
                    "wrong": {call: answer for call, answer in entry["wrong"].items() if call in same},
                }
                for check, entry in rubric["checks"].items()
            },
        }
        for name, rubric in before["rubrics"].items()
        if name not in now["rubrics"]
    }
    return {**now, "rubrics": {**kept, **now["rubrics"]}}


def read_baseline(path: Path) -> dict[str, Any] | None:
    """None where there is no such file.

    Raises:
        InputError: it can't be read, or comes from a newer version.
    """
    try:
        stored: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"基线 {path} 读不了：{error}", f"The baseline {path} can't be read: {error}") from error
    if not isinstance(stored, dict) or stored.get("version") != VERSION:
        raise InputError(
            f"基线 {path} 不是这个版本写的，请用 --update-baseline 重新写一份。",
            f"The baseline {path} was written by another version; write it anew with --update-baseline.",
        )
    return stored


def write_baseline(path: Path, stored: Stored) -> None:
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def compare(stored: Stored, found: Calibration, gold: Sequence[GoldCall], rubrics: Sequence[Rubric]) -> Comparison:
    """What became worse since."""
    same = {call.id for call in gold if stored["calls"].get(call.id) == call.mark}
    expected = {call.id: call.expected for call in gold}
    versions = {rubric.id: rubric.version for rubric in rubrics}
    kept = {
        (rubric, check): entry
        for rubric, item in stored["rubrics"].items()
        if rubric in versions
        for check, entry in item["checks"].items()
    }
    worse, new = [], []
    for report in found.checks:
        place = report.rubric, report.check
        if place not in kept:
            new.append(".".join(place))
            continue
        entry = kept[place]
        calls = {
            call for call, answer in entry["expected"].items() if call in same and expected[call].get(place) == answer
        }
        lost, won = _changed(report, entry, calls)
        rose = _rose(report, entry)
        if len(lost) - len(won) > (0 if found.offline else SLACK_WITH_JUDGE) or rose:
            then = stored["rubrics"][report.rubric].get("version")
            answers = {call: (expected[call][place], report.wrong[call]) for call in lost}
            worse.append(Worse(*place, (then, versions[report.rubric]), answers, won, rose))
    known = {(report.rubric, report.check) for report in found.checks}
    gone = tuple(".".join(place) for place in kept if place not in known)
    return Comparison(tuple(worse), tuple(new), gone)


def _changed(report: CheckReport, entry: Stored, calls: set[str]) -> tuple[list[str], list[str]]:
    """The calls that went from right to wrong, and from wrong to right."""
    lost = sorted(call for call in calls if call in report.wrong and call not in entry["wrong"])
    won = sorted(call for call in calls if call not in report.wrong and call in entry["wrong"])
    return lost, won


def _rose(report: CheckReport, entry: Stored) -> dict[str, tuple[float, float]]:
    pairs = {name: (float(entry.get(name) or 0), float(getattr(report, name) or 0)) for name in SHARES}
    return {name: (then, now) for name, (then, now) in pairs.items() if now - then > SHARE_RISE}
