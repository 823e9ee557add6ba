"""Answers about the numbers: what cost points, what makes a pass, how to reach a score, red lines, one rubric."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.content.rubric import Check, Rubric
from coach.grading.totals import rounded
from coach.records.grade import RubricGrade, Verdict
from coach.reports.replies.asked import Asked, Passages
from coach.reports.replies.passages import Passage
from coach.reports.replies.topics import numbered
from coach.reports.rubric_blocks import tone_of

MOST_CHECKS = 4
MOST_STEPS = 6
PASS = 60


@dataclass(frozen=True)
class _Lost:
    rubric: Rubric
    check: Check
    verdict: Verdict
    cost: float
    """Points of the overall score."""


def _lost(asked: Asked) -> list[_Lost]:
    """What cost points, the dearest first."""
    scored = [(rubric, graded) for rubric, graded in asked.graded() if graded.score is not None]
    found = []
    for rubric, graded in scored:
        answers = {verdict.check: verdict for verdict in graded.verdicts}
        for check in rubric.checks:
            verdict = answers.get(check.id)
            if verdict is None or tone_of(check, verdict) != "bad":
                continue
            points = check.penalty if check.kind == "violation" else 100 * check.weight / max(1, graded.possible)
            found.append(_Lost(rubric, check, verdict, points / len(scored)))
    return sorted(found, key=lambda item: -item.cost)


def _marks(asked: Asked) -> str:
    told = []
    for rubric, graded in asked.graded():
        if rubric.kind != "score":
            continue
        name = asked.text(rubric.name)
        if graded.score is None:
            told.append(asked.say("passing.no_mark", name=name))
        else:
            told.append(asked.say("passing.mark", name=name, score=graded.score, mark=rubric.pass_mark))
    return asked.join(told)


def _gate_asks(asked: Asked, failing: bool = False) -> list[str]:
    checks = {check.id: check for _, check, _ in asked.verdicts()}
    hits = [hit for hit in asked.grade.gates if hit.fails or not failing]
    return [asked.text(checks[hit.check].yes_when).rstrip("。.") for hit in hits if hit.check in checks]


def score(asked: Asked) -> Passages:
    grade = asked.grade
    if grade.score is None:
        yield Passage(text=asked.say("score.none"))
    elif grade.gates and (mean := _mean([graded for _, graded in asked.graded()])) > grade.score:
        cap = min(hit.cap for hit in grade.gates)
        yield Passage(text=asked.say("score.capped", score=grade.score, mean=mean, cap=cap))
    else:
        yield Passage(text=asked.say("score.total", score=grade.score, marks=_marks(asked)))
    if grade.gates:
        yield from gates(asked)
    lost = _lost(asked)
    yield Passage(text=asked.say("score.lost" if lost else "score.all_done"))
    yield from (asked.explained(item.rubric, item.check, item.verdict) for item in lost[:MOST_CHECKS])


def _mean(grades: list[RubricGrade]) -> int:
    scores = [graded.score for graded in grades if graded.score is not None]
    return rounded(sum(scores) / len(scores)) if scores else 0


def passing(asked: Asked) -> Passages:
    kind = {True: "passing.is_passed", False: "passing.is_failed", None: "passing.is_open"}[asked.grade.passed]
    yield Passage(text=asked.say(kind, score="—" if asked.grade.score is None else asked.grade.score))
    yield Passage(text=asked.say("passing.rule"))
    yield Passage(text=asked.say("passing.marks", marks=_marks(asked)), source=asked.say("report"))
    asks = _gate_asks(asked, failing=True)
    yield Passage(text=asked.say("passing.red", asks=asked.join(asks, "and")) if asks else asked.say("passing.clean"))
    if asked.grade.passed:
        return
    below = [
        (rubric, graded)
        for rubric, graded in asked.graded()
        if graded.score is not None and rubric.kind == "score" and graded.score < rubric.pass_mark
    ]
    if below:
        names = asked.join([asked.text(rubric.name) for rubric, _ in below])
        yield Passage(text=asked.say("passing.failed", names=names))
        ids = {rubric.id for rubric, _ in below}
        first = {item.rubric.id: item for item in reversed(_lost(asked)) if item.rubric.id in ids}
        yield from (asked.explained(item.rubric, item.check, item.verdict) for item in first.values())
    elif not asks:
        yield Passage(text=asked.say("passing.undecided"))


def target(asked: Asked) -> Passages:
    """What has to be made good for a score, by the arithmetic of the grade itself."""
    grade = asked.grade
    if grade.score is None:
        yield Passage(text=asked.say("target.none"))
        return
    named = numbered("points", asked.question)
    goal = min(100, named if named else 100 if re.search("满分|full marks", asked.question) else grade.score + 10)
    if grade.score >= goal and named:
        yield Passage(text=asked.say("target.there", score=grade.score, goal=goal))
        return
    cap = min((hit.cap for hit in grade.gates), default=100)
    if cap < goal:
        yield Passage(text=asked.say("target.red", asks=asked.join(_gate_asks(asked), "and"), cap=cap))
    chosen: list[_Lost] = []
    reached = _after(asked, chosen)
    for item in _lost(asked):
        if reached >= goal or len(chosen) >= MOST_STEPS:
            break
        chosen.append(item)
        reached = _after(asked, chosen)
    if chosen:
        start = _after(asked, [])
        key = "target.list" if reached >= goal else "target.most"
        yield Passage(text=asked.say(key, n=len(chosen), score=start, after=reached))
    for item in chosen:
        told = asked.say("target.item", ask=asked.text(item.check.ask), name=asked.text(item.rubric.name))
        say = asked.say("say", say=item.check.say_instead) if item.check.say_instead else ""
        yield Passage(text=f"{told} {say}".strip())


def _after(asked: Asked, mended: list[_Lost]) -> int:
    """The mean of the rubrics once these were made good."""
    scores = []
    for rubric, graded in asked.graded():
        if graded.score is None:
            continue
        own = [item.check for item in mended if item.rubric.id == rubric.id]
        earned = graded.earned + sum(check.weight for check in own if check.kind == "merit")
        penalties = graded.penalties - sum(check.penalty for check in own if check.kind == "violation")
        scores.append(max(0, rounded(100 * earned / max(1, graded.possible)) - penalties))
    return rounded(sum(scores) / len(scores)) if scores else 0


def gates(asked: Asked) -> Passages:
    checks = {check.id: check for _, check, _ in asked.verdicts()}
    for hit in asked.grade.gates:
        ask = asked.text(checks[hit.check].yes_when) if hit.check in checks else hit.check
        effect = asked.report("red.effect_fails" if hit.fails else "red.effect_caps", cap=hit.cap)
        quotes = "".join(asked.say("quote", n=item.turn + 1, quote=item.quote) for item in hit.evidence[:2])
        yield Passage(text=asked.say("gates.hit", ask=ask, effect=effect, quotes=quotes))
        for item in hit.evidence[:1]:
            if better := asked.better(asked.call.turns[item.turn]):
                yield Passage(text=better)
    if not asked.grade.gates:
        yield Passage(text=asked.say("gates.none"))


def red_lines(asked: Asked) -> Passages:
    """Those crossed, and all there are."""
    yield from gates(asked)
    asks = [asked.text(check.ask) for rubric, check, _ in asked.verdicts() if rubric.kind == "red_lines"]
    if asks:
        yield Passage(text=asked.say("gates.of", n=len(asks), asks=asked.run(asks)))


def rubric_named(asked: Asked) -> Rubric | None:
    """The scoring rubric that the question names, by its name or a part of it."""
    for rubric, _ in asked.graded():
        parts = [rubric.name.zh, *re.split("[与和、]", rubric.name.zh), rubric.name.en.lower()]
        words = asked.question.lower()
        if rubric.kind == "score" and any(len(part) >= 2 and part in words for part in parts):
            return rubric
    return None


def of_rubric(asked: Asked, rubric: Rubric) -> Passages:
    graded = next(graded for found, graded in asked.graded() if found.id == rubric.id)
    name = asked.text(rubric.name)
    if graded.score is None:
        yield Passage(text=asked.say("score.no_score", name=name))
        return
    lost = [item for item in _lost(asked) if item.rubric.id == rubric.id]
    key = "score.rubric" if lost else "score.rubric_full"
    yield Passage(text=asked.say(key, name=name, score=graded.score, mark=rubric.pass_mark))
    yield from (asked.explained(item.rubric, item.check, item.verdict) for item in lost[:MOST_CHECKS])
    done = [
        asked.text(check.ask)
        for found, check, verdict in asked.verdicts()
        if found.id == rubric.id and tone_of(check, verdict) == "good"
    ]
    if done:
        yield Passage(text=asked.say("score.done", asks=asked.run(done[:MOST_CHECKS])))
