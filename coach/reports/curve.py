"""The customer's mood over a call as an inline SVG: heat and trust, the worst moment and the end marked (峰终, G4).

Colours are taken over from the page by CSS variables, so that one picture reads in light and dark. Chinese never
passes through matplotlib's text metrics (its own font has no such glyphs): stand-ins are replaced afterwards.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Sequence
from html import escape
from typing import Any

from coach.reports.model import MoodPoint

INK, HEAT, TRUST, FAINT = "#111111", "#c2410c", "#0f766e", "#999999"
_VARIABLES = {INK: "var(--r-ink)", HEAT: "var(--r-heat)", TRUST: "var(--r-trust)", FAINT: "var(--r-line)"}
_LOCK = threading.Lock()
"""matplotlib's settings belong to the process; pages draw in threads."""


WIDE, NARROW = (7.2, 2.9), (4.3, 2.9)
"""Sizes in inches, for a desk and for a phone: a scaled-down desk picture would be too small to read."""


def mood_curve(points: Sequence[MoodPoint], words: dict[str, str], size: tuple[float, float] = WIDE) -> str:
    """An `<svg>` element. `words`: heat, trust, peak, end, axis, alt. Empty when there is nothing to draw."""
    if not points:
        return ""
    import matplotlib

    style: Any = _STYLE | {"svg.hashsalt": f"coach {size}"}
    with _LOCK, matplotlib.rc_context(style):
        drawn = _draw(points, *size)
    return _localised(drawn, words)


_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.labelcolor": INK,
}


def _draw(points: Sequence[MoodPoint], width: float, height: float) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor="none")
    FigureCanvasSVG(figure)
    axes = figure.add_axes((0.45 / width, 0.2, 1 - 1.1 / width, 0.7), facecolor="none")
    at = [point.number for point in points]
    heat, trust = [point.heat for point in points], [point.trust for point in points]
    axes.plot(at, trust, color=TRUST, linewidth=1.4, linestyle=(0, (5, 3)))
    axes.plot(at, heat, color=HEAT, linewidth=2.4, marker="o", markersize=3.5)
    peak = max(range(len(points)), key=lambda i: heat[i])
    _mark(axes, at[peak], heat[peak], "PEAK")
    if peak != len(points) - 1:
        _mark(axes, at[-1], heat[-1], "END")
    low, high = sorted((heat[-1], trust[-1]))
    apart = 0 if high - low >= 12 else (12 - (high - low)) / 2
    for name, value, colour in (("HEAT", heat[-1], HEAT), ("TRUST", trust[-1], TRUST)):
        nudge = apart if value == high and (name == "HEAT" or low != high) else -apart
        axes.annotate(name, (at[-1], value + nudge), (10, 0), textcoords="offset points", va="center", color=colour)
    axes.set_ylim(-4, 112)
    axes.set_yticks([0, 50, 100])
    axes.set_xticks(at if len(at) <= 2 * width else at[:: len(at) // int(1.5 * width) + 1])
    axes.set_xlabel("AXIS")
    axes.grid(axis="y", color=FAINT, linewidth=0.4, alpha=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    out = io.StringIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _mark(axes: Any, x: int, y: int, name: str) -> None:
    axes.plot([x], [y], marker="o", markersize=9, color=HEAT, markerfacecolor="none", markeredgewidth=1.6)
    axes.annotate(f"{name} {y}", (x, y), (0, 9), textcoords="offset points", ha="center", color=INK)


def _localised(svg: str, words: dict[str, str]) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', _opening(words["alt"]), svg, count=1)
    # a picture in a page: the text takes the page's fonts, the colours its variables
    svg = re.sub(r"font: ([\d.]+px) [^;\"]+", r"font: \1 inherit; font-family: inherit", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    for stand_in in ("PEAK", "END", "HEAT", "TRUST", "AXIS"):
        svg = re.sub(rf">{stand_in}(?=[ <])", f">{escape(words[stand_in.lower()])}", svg)
    return re.sub(r"\n\s*", "\n", svg).strip()


def _opening(alt: str) -> str:
    label = escape(alt).replace("\\", "\\\\")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="\\1" role="img" aria-label="{label}" class="r-curve">'
    )
