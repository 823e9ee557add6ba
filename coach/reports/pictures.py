"""The other pictures of a report, each with the table that says the same: two lines, four question layers, the radar of rubrics."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from coach.content.moves import FAULTS, FEELING, QUESTIONS, RESOLVING, MoveId, Vocabulary
from coach.content.moves import MoveId as M
from coach.records.call import Call, Speaker, Turn
from coach.reports.curve import line_axis
from coach.reports.drawing import BAD, FAINT, HEAT, INK, NARROW, TRUST, WIDE, Sheet
from coach.reports.model import Picture, RubricBlock
from coach.reports.wording import Say

HURTS = frozenset({M.IGNORE_FEELING, M.INSULT, M.ARGUE, M.BLAME_CUSTOMER})
"""Faults on the line of feeling; all other faults are on the line of facts."""
MATTER = (
    QUESTIONS
    | RESOLVING
    | {M.RESTATE, M.CLARIFY, M.EXPLAIN, M.INFORM, M.NARRATE, M.REFRAME, M.BENEFIT, M.YARDSTICK, M.CHECK_OPEN}
)
LAYERS = {"info": M.ASK_INFO, "problem": M.ASK_PROBLEM, "impact": M.ASK_IMPACT, "solution": M.ASK_SOLUTION}
FEWEST_AXES = 3
"""A radar needs three; with fewer scored rubrics there is only the table."""


def pictures(
    call: Call, blocks: Sequence[RubricBlock], vocabulary: Vocabulary, say: Say, language: str
) -> tuple[Picture, ...]:
    """In the order of the report; those with nothing to show are left out."""
    made = [two_lines(call, vocabulary, say, language), question_layers(call, say), radar(blocks, say)]
    return tuple(picture for picture in made if picture is not None)


def two_lines(call: Call, vocabulary: Vocabulary, say: Say, language: str) -> Picture | None:
    """事实线 and 情感线: what each of the trainee's turns did for the feeling and for the matter."""
    spoken = [turn for turn in call.turns if turn.speaker is Speaker.TRAINEE and turn.appraisal is not None]
    if not spoken:
        return None
    lands = call.exercise.persona.temper.lands_below
    marks = [(turn.index + 1, *_sides(turn)) for turn in spoken]
    heats = [(turn.index + 1, turn.step.state.heat) for turn in call.turns if turn.step is not None]
    felt = sum(bool(feeling - FAULTS) for _, feeling, _ in marks)
    meant = sum(bool(matter - FAULTS) for _, _, matter in marks)
    alt = say("lines.alt", n=len(marks), feeling=felt, matter=meant)

    def draw(sheet: Sheet) -> None:
        left = 0.95 if sheet.width > 5 else 0.8
        axes = sheet.figure.add_axes(
            (left / sheet.width, 0.28, 1 - (left + 0.15) / sheet.width, 0.66), facecolor="none"
        )
        for number, heat in heats:
            if heat >= lands:
                axes.axvspan(number - 1, number + 1, color=HEAT, alpha=0.1, linewidth=0)
        for number, feeling, matter in marks:
            _dots(axes, number, 1.0, feeling, HEAT)
            _dots(axes, number, 0.0, matter, TRUST)
        for height in (0.0, 1.0):
            axes.axhline(height, color=FAINT, linewidth=0.8, zorder=0)
        axes.set_ylim(-0.75, 1.5)
        axes.set_xlim(0.2, len(call.turns) + 0.8)
        axes.set_yticks([1.0, 0.0], [sheet.word(say("lines.feeling")), sheet.word(say("lines.matter"))])
        axes.tick_params(axis="y", length=0)
        line_axis(axes, [mark[0] for mark in marks], sheet, say("mood.axis"))
        axes.spines[["top", "right", "left"]].set_visible(False)

    def names(kinds: frozenset[MoveId]) -> str:
        joined = (", " if language == "en" else "、").join(vocabulary.name(kind, language) for kind in sorted(kinds))
        return joined or "—"

    rows = tuple((str(number), names(feeling), names(matter)) for number, feeling, matter in marks)
    head = (say("mood.line"), say("lines.feeling"), say("lines.matter"))
    return _picture("lines", draw, (1.9, 1.9), alt, head, rows, say)


def _dots(axes: Any, number: int, height: float, kinds: frozenset[MoveId], colour: str) -> None:
    """A dot for what was done, the larger the more; a cross below it for what backfired."""
    done = len(kinds - FAULTS)
    if done:
        axes.scatter([number], [height], s=20 + 30 * min(4, done), color=colour, zorder=2)
    if kinds & FAULTS:
        axes.scatter([number], [height - 0.3], s=42, color=BAD, marker="x", linewidth=1.8, zorder=2)


def _sides(turn: Turn) -> tuple[frozenset[MoveId], frozenset[MoveId]]:
    kinds = turn.appraisal.kinds if turn.appraisal else frozenset()
    return kinds & (FEELING | HURTS), kinds & (MATTER | (FAULTS - HURTS))


def question_layers(call: Call, say: Say) -> Picture | None:
    """E3: how many questions reached each layer, and how much of what lies there was told."""
    facts = call.exercise.case.facts
    kinds = [turn.appraisal.kinds for turn in call.turns if turn.appraisal is not None]
    if call.exercise.persona.harassing or not kinds:
        return None
    asked = {layer: sum(move in found for found in kinds) for layer, move in LAYERS.items()}
    there = {layer: sum(fact.layer == layer for fact in facts) for layer in LAYERS}
    told = {layer: sum(fact.layer == layer and fact.id in call.state.released for fact in facts) for layer in LAYERS}
    reached = sum(count > 0 for count in asked.values())
    alt = say("layers.alt", n=reached)

    def draw(sheet: Sheet) -> None:
        left = 1.0
        axes = sheet.figure.add_axes((left / sheet.width, 0.2, 1 - (left + 0.4) / sheet.width, 0.76), facecolor="none")
        for place, layer in enumerate(LAYERS):
            axes.barh([-place], [asked[layer]], height=0.5, color=TRUST)
            label = say("layers.told", told=told[layer], there=there[layer]) if there[layer] else ""
            shown = f"{asked[layer]}{' · ' + label if label else ''}"
            axes.annotate(
                sheet.word(shown), (asked[layer], -place), (6, 0), textcoords="offset points", va="center", color=INK
            )
        axes.set_yticks([0, -1, -2, -3], [sheet.word(say(f"layers.{layer}")) for layer in LAYERS])
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0, max(4, *asked.values()) * 1.45)
        axes.set_xticks(range(0, max(4, *asked.values()) + 1, 1 + max(asked.values()) // 6))
        axes.set_xlabel(sheet.word(say("layers.axis")))
        axes.spines[["top", "right"]].set_visible(False)

    rows = tuple(
        (say(f"layers.{layer}"), str(asked[layer]), f"{told[layer]} / {there[layer]}" if there[layer] else "—")
        for layer in LAYERS
    )
    head = (say("layers.layer"), say("layers.asked"), say("layers.told_of"))
    return _picture("layers", draw, (2.4, 2.4), alt, head, rows, say)


def radar(blocks: Sequence[RubricBlock], say: Say) -> Picture | None:
    """The scores of the rubrics around a circle. A rubric without a score is a gap, never 0."""
    scored = [block for block in blocks if block.score is not None]
    if not scored:
        return None
    alt = say("radar.alt", scores=", ".join(f"{block.name} {block.score}" for block in scored))
    rows = tuple(
        (block.name, "—" if block.score is None else str(block.score), block.pass_mark, block.band or "—")
        for block in blocks
    )
    head = (say("radar.rubric"), say("radar.score"), say("radar.mark"), say("radar.band"))
    if len(scored) < FEWEST_AXES:
        return _picture("radar", None, (0, 0), alt, head, rows, say)

    def draw(sheet: Sheet) -> None:
        axes = sheet.figure.add_axes((0.02, 0.02, 0.96, 0.96), facecolor="none")
        axes.set_aspect("equal")
        axes.axis("off")
        for share in (0.25, 0.5, 0.75, 1.0):
            _ring(axes, [100 * share] * len(scored), color=FAINT, linewidth=0.6)
        _ring(axes, [block.mark for block in scored], color=HEAT, linewidth=1, linestyle=(0, (4, 3)))
        corners = _ring(
            axes, [block.score or 0 for block in scored], color=TRUST, linewidth=2, marker="o", markersize=4
        )
        axes.fill(*zip(*corners, strict=True), color=TRUST, alpha=0.15, linewidth=0)
        for (x, y), block in zip(_corners([100] * len(scored)), scored, strict=True):
            axes.plot([0, x], [0, y], color=FAINT, linewidth=0.6)
            label = sheet.word(f"{block.name} {block.score}")
            up = y >= 0
            axes.annotate(
                label,
                (x, y),
                (0, 8 if up else -8),
                textcoords="offset points",
                ha="center",
                va="bottom" if up else "top",
            )
        axes.set_ylim(-85 if len(scored) == FEWEST_AXES else -130, 125)
        half = 125 * sheet.width / sheet.height
        axes.set_xlim(-half, half)

    return _picture("radar", draw, (3.2, 3.0), alt, head, rows, say)


def _corners(values: Sequence[float]) -> list[tuple[float, float]]:
    """Where these values lie, the first straight up, then clockwise."""
    turn = 2 * math.pi / len(values)
    return [(value * math.sin(place * turn), value * math.cos(place * turn)) for place, value in enumerate(values)]


def _ring(axes: Any, values: Sequence[float], **style: Any) -> list[tuple[float, float]]:
    corners = _corners(values)
    axes.plot(*zip(*corners, corners[0], strict=True), **style)
    return corners


def _picture(
    name: str,
    draw: Callable[[Sheet], None] | None,
    heights: tuple[float, float],
    alt: str,
    head: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    say: Say,
) -> Picture:
    drawn = []
    for width, height in zip((WIDE, NARROW), heights, strict=True):
        if draw is None:
            drawn.append("")
            continue
        with Sheet(width, height) as sheet:
            draw(sheet)
        drawn.append(sheet.svg(alt))
    return Picture(
        id=name,
        title=say(f"{name}.heading"),
        note=say(f"{name}.intro"),
        says=alt,
        wide=drawn[0],
        narrow=drawn[1],
        head=head,
        rows=rows,
    )
