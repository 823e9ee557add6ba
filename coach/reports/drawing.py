"""Pictures as inline SVG: drawn by matplotlib, then put into the page's words, fonts and colours.

Colours are taken over from the page by CSS variables, so that one picture reads in light, dark and print. Chinese never passes
through matplotlib's text metrics (its own font has no such glyphs): `Sheet.word` gives a stand-in that is replaced afterwards.
"""

from __future__ import annotations

import io
import re
import threading
from html import escape
from typing import Any

INK, HEAT, TRUST, FAINT, BAD = "#111111", "#c2410c", "#0f766e", "#999999", "#b3261e"
VARIABLES = {
    INK: "var(--r-ink)",
    HEAT: "var(--r-heat)",
    TRUST: "var(--r-trust)",
    FAINT: "var(--r-line)",
    BAD: "var(--r-bad)",
}
WIDE, NARROW = 7.2, 4.3
"""Widths in inches, for a desk and for a phone: a scaled-down desk picture would be too small to read."""
_LOCK = threading.Lock()
"""matplotlib's settings belong to the process; pages draw in threads."""
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


class Sheet:
    """One picture: `with Sheet(width, height) as sheet: ... draw on sheet.figure ...`, then `sheet.svg(alt)`."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._words: list[str] = []
        self._drawn = ""

    def __enter__(self) -> Sheet:
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        _LOCK.acquire()
        style: Any = _STYLE | {"svg.hashsalt": f"coach {self.width} {self.height}"}
        self._context: Any = matplotlib.rc_context(style)
        self._context.__enter__()
        self.figure = Figure(figsize=(self.width, self.height), facecolor="none")
        FigureCanvasSVG(self.figure)
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if kind is None:
                out = io.StringIO()
                self.figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
                self._drawn = out.getvalue()
        finally:
            self._context.__exit__(kind, error, trace)
            _LOCK.release()

    def word(self, text: str) -> str:
        """A stand-in for this text."""
        self._words.append(text)
        return f"W{len(self._words) - 1}W"

    def svg(self, alt: str) -> str:
        """The element, with its words; `alt` tells what it shows to whoever can't see it."""
        svg = self._drawn[self._drawn.index("<svg") :]
        svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
        svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
        svg = re.sub(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', _opening(alt), svg, count=1)
        # a picture in a page: the text takes the page's fonts, the colours its variables
        svg = re.sub(r"font: ([\d.]+px) [^;\"]+", r"font: \1 inherit; font-family: inherit", svg)
        for colour, variable in VARIABLES.items():
            svg = svg.replace(colour, variable)
        svg = re.sub(r"\bW(\d+)W\b", lambda found: escape(self._words[int(found[1])]), svg)
        return re.sub(r"\n\s*", "\n", svg).strip()


def _opening(alt: str) -> str:
    label = escape(alt).replace("\\", "\\\\")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="\\1" role="img" aria-label="{label}" class="r-curve">'
    )
