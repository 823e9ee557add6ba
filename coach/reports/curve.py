"""The customer's mood over a call: heat and trust, the worst moment and the end marked (峰终, G4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.reports.drawing import FAINT, HEAT, INK, TRUST, WIDE, Sheet
from coach.reports.model import MoodPoint

HEIGHT = 2.9


def mood_curve(points: Sequence[MoodPoint], words: dict[str, str], width: float = WIDE) -> str:
    """An `<svg>` element. `words`: heat, trust, peak, end, axis, alt. Empty when there is nothing to draw."""
    if not points:
        return ""
    with Sheet(width, HEIGHT) as sheet:
        _draw(sheet, points, words)
    return sheet.svg(words["alt"])


def _draw(sheet: Sheet, points: Sequence[MoodPoint], words: dict[str, str]) -> None:
    width = sheet.width
    axes = sheet.figure.add_axes((0.45 / width, 0.2, 1 - 1.1 / width, 0.7), facecolor="none")
    at = [point.number for point in points]
    heat, trust = [point.heat for point in points], [point.trust for point in points]
    axes.plot(at, trust, color=TRUST, linewidth=1.4, linestyle=(0, (5, 3)))
    axes.plot(at, heat, color=HEAT, linewidth=2.4, marker="o", markersize=3.5)
    peak = max(range(len(points)), key=lambda i: heat[i])
    _mark(axes, at[peak], heat[peak], sheet.word(f"{words['peak']} {heat[peak]}"))
    if peak != len(points) - 1:
        _mark(axes, at[-1], heat[-1], sheet.word(f"{words['end']} {heat[-1]}"))
    low, high = sorted((heat[-1], trust[-1]))
    apart = 0 if high - low >= 12 else (12 - (high - low)) / 2
    for name, value, colour in (("heat", heat[-1], HEAT), ("trust", trust[-1], TRUST)):
        nudge = apart if value == high and (name == "heat" or low != high) else -apart
        place = (at[-1], value + nudge)
        axes.annotate(sheet.word(words[name]), place, (10, 0), textcoords="offset points", va="center", color=colour)
    axes.set_ylim(-4, 112)
    axes.set_yticks([0, 50, 100])
    line_axis(axes, at, sheet, words["axis"])
    axes.grid(axis="y", color=FAINT, linewidth=0.4, alpha=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def line_axis(axes: Any, at: Sequence[int], sheet: Sheet, label: str) -> None:
    """The lines of the call from left to right, as many numbers as there is room for."""
    axes.set_xticks(at if len(at) <= 2 * sheet.width else at[:: len(at) // int(1.5 * sheet.width) + 1])
    axes.set_xlabel(sheet.word(label))


def _mark(axes: Any, x: int, y: int, label: str) -> None:
    axes.plot([x], [y], marker="o", markersize=9, color=HEAT, markerfacecolor="none", markeredgewidth=1.6)
    axes.annotate(label, (x, y), (0, 9), textcoords="offset points", ha="center", color=INK)
