"""Pictures of an acceptance test: the customer's heat with each scripted trainee, one small picture each on the same scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coach.reports.drawing import BAD, FAINT, HEAT, INK, NARROW, TRUST, WIDE, Sheet

ROW = 1.75
"""Height of a row in inches."""


@dataclass(frozen=True)
class Line:
    """One call: who, how it ended, whether that is as it should be; heat and trust at the opening and after each turn."""

    name: str
    ended: str
    ok: bool
    heat: tuple[int, ...]
    trust: tuple[int, ...]


def curves(lines: Sequence[Line], words: dict[str, str], narrow: bool = False) -> str:
    """An `<svg>` element. `words`: heat, trust, axis, alt."""
    across = 2 if narrow else 4
    rows = -(-len(lines) // across)
    with Sheet(NARROW if narrow else WIDE, ROW * rows + 0.35) as sheet:
        longest = max(len(line.heat) for line in lines)
        for place, line in enumerate(lines):
            _panel(sheet, line, place, across, rows, longest)
        _legend(sheet, words)
    return sheet.svg(words["alt"])


def _panel(sheet: Sheet, line: Line, place: int, across: int, rows: int, longest: int) -> None:
    row, column = divmod(place, across)
    width, height = 1 / across, ROW / (ROW * rows + 0.35)
    box = (column * width + 0.035, 1 - (row + 1) * height + 0.2 * height, width - 0.05, 0.52 * height)
    axes: Any = sheet.figure.add_axes(box, facecolor="none")
    at = range(len(line.heat))
    axes.plot(at, line.trust, color=TRUST, linewidth=1.1, linestyle=(0, (4, 3)))
    axes.plot(at, line.heat, color=HEAT, linewidth=1.9)
    axes.plot([at[-1]], [line.heat[-1]], marker="o", markersize=4, color=HEAT)
    axes.set_ylim(-4, 104)
    axes.set_xlim(-0.5, longest)
    axes.set_yticks([0, 50, 100])
    axes.tick_params(labelsize=7, length=2)
    axes.set_xticks([0, longest // 2, longest - 1] if longest > 2 else [0, 1])
    axes.grid(axis="y", color=FAINT, linewidth=0.4, alpha=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.text(0, 1.24, sheet.word(line.name), transform=axes.transAxes, fontsize=9, color=INK, fontweight="bold")
    axes.text(0, 1.06, sheet.word(line.ended), transform=axes.transAxes, fontsize=8, color=INK if line.ok else BAD)


def _legend(sheet: Sheet, words: dict[str, str]) -> None:
    for x, name, colour in ((0.04, "heat", HEAT), (0.16, "trust", TRUST), (0.3, "axis", INK)):
        sheet.figure.text(x, 0.02, sheet.word(words[name]), fontsize=8, color=colour)
