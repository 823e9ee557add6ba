"""An acceptance test in sentences: what passes, what fails and what to change, beside the curves and their table."""

from __future__ import annotations

from typing import Any

from coach.authoring.form import choice_words
from coach.authoring.shelf import Checked
from coach.authoring.unsaved import Draft
from coach.records.call import Exercise
from coach.reports.wording import report_wording
from coach.trial.acceptance import Acceptance, Curve, Finding, expected
from coach.ui.studio.accepting import Accepting, Running
from coach.ui.studio.curves import Line, curves
from coach.ui.studio.tryout import TryOut
from coach.ui.studio.wording import render, words

_OUTCOME = "outcome_"


def accept_panel(
    tryout: TryOut,
    accepting: Accepting,
    draft: Draft,
    checked: Checked,
    language: str,
    running: Running | None,
    said: str,
) -> str:
    """The tab of the acceptance test: with whom, how far, what came out last."""
    last = None if running else accepting.result(draft)
    progress = None
    if running is not None:
        name = _name(running.done[-1], language) if running.done else ""
        progress = {"n": max(1, len(running.done)), "total": running.total, "name": name}
    return render(
        "accept",
        language,
        running=progress,
        result=told(last.acceptance, last.exercise, language) if last else None,
        stale=last is not None and last.text != draft.text,
        told=said,
        **tryout.with_whom(draft, checked, language),
    )


def told(acceptance: Acceptance, exercise: Exercise, language: str) -> dict[str, Any]:
    """What the page shows of a result."""
    say = words(language)
    ok = {finding.what.removeprefix(_OUTCOME): finding.ok for finding in acceptance.findings}
    lines = [
        Line(_name(curve.trainee, language), _ended(curve, language), ok[curve.trainee], curve.heat, curve.trust)
        for curve in acceptance.curves
    ]
    picture = {name: say(f"accept.{name}") for name in ("heat", "trust", "axis", "alt")}
    return {
        "title": f"{exercise.persona.name.say(language)} × {exercise.case.name.say(language)}",
        "failed": sum(not finding.ok for finding in acceptance.findings),
        "points": [_point(finding, acceptance, exercise, language) for finding in acceptance.findings],
        "wide": curves(lines, picture),
        "narrow": curves(lines, picture, narrow=True),
        "rows": [_row(curve, line) for curve, line in zip(acceptance.curves, lines, strict=True)],
    }


def _row(curve: Curve, line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "ended": line.ended,
        "ok": line.ok,
        "heat": f"{curve.heat[0]} → {curve.heat[-1]}",
        "trust": f"{curve.trust[0]} → {curve.trust[-1]}",
        "turns": len(curve.heat) - 1,
        "score": "–" if curve.score is None else curve.score,
    }


def _point(finding: Finding, acceptance: Acceptance, exercise: Exercise, language: str) -> dict[str, Any]:
    say, what, values = words(language), finding.what, {}
    if what.startswith(_OUTCOME):
        trainee = what.removeprefix(_OUTCOME)
        curve = next(one for one in acceptance.curves if one.trainee == trainee)
        values = {
            "ended": _ended(curve, language),
            "expected": say("marks.or").join(_outcome(one, language) for one in expected(exercise, trainee)),
        }
        if trainee not in ("skilled", "overpromise"):
            what, values["name"] = f"{_OUTCOME}other", _name(trainee, language)
    key = f"accept.finding.{what}"
    sentence = say(f"{key}.{'ok' if finding.ok else 'bad'}", **values)
    return {"ok": finding.ok, "sentence": sentence, "do": "" if finding.ok else say(f"{key}.do")}


def _name(trainee: str, language: str) -> str:
    both = choice_words("Trainee", trainee)
    return both.en if language == "en" else both.zh


def _ended(curve: Curve, language: str) -> str:
    return _outcome(str(curve.outcome or "open"), language)


def _outcome(outcome: str, language: str) -> str:
    # "you hung up" is for trainees; here it was the scripted one
    if outcome == "trainee_ended":
        both = choice_words("Case.expect.value", outcome)
        return both.en if language == "en" else both.zh
    return report_wording().say(f"outcome_short.{outcome}", language)
