"""How wide text is, and how it breaks into lines."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

POINTS = 72.0
"""Points in an inch."""
LINE = 1.25
"""Distance between lines of text, in their size."""
MEASURED_AT = 600


def text_width(text: str, points: float, bold: bool) -> float:
    """Return the width of a line of text in inches; without hinting it is the same at any dpi."""
    words = text.split(" ")
    spaces = (len(words) - 1) * _advance(" ", points, bold)
    return spaces + sum(_advance(word, points, bold) for word in words if word)


@lru_cache(maxsize=8192)
def _advance(text: str, points: float, bold: bool) -> float:
    # Ink alone is measured: letters around the text make its own margins count.
    return _ink(f"n{text}n", points, bold) - _ink("nn", points, bold)


@lru_cache(maxsize=8192)
def _ink(text: str, points: float, bold: bool) -> float:
    font = FontProperties(size=points, weight="bold" if bold else "normal")
    ruler = _ruler()
    width, _, _ = ruler.get_text_width_height_descent(text, font, ismath=False)  # type: ignore[no-untyped-call]
    return float(width) / MEASURED_AT


@lru_cache(maxsize=1)
def _ruler() -> RendererAgg:
    """One renderer to measure with: it keeps nothing of what it has measured."""
    return RendererAgg(1, 1, MEASURED_AT)  # type: ignore[no-untyped-call]


def wrapped(
    text: str, width: float, points: float, bold: bool, *, indent: float = 0.0
) -> list[str]:
    """Return a text in lines no wider than `width` inches, the first shorter by `indent`.

    Only plain spaces are broken at. A word that is too long by itself stands alone on its line.
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        room = width - indent if len(lines) == 1 else width
        if lines and text_width(longer, points, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(text: str, width: float, points: float) -> list[str]:
    """Return bold text in as few lines as `wrapped`, but of about the same length."""
    lines = wrapped(text, width, points, True)
    best, share = lines, 0.95
    while len(lines) == len(best) and len(best) > 1 and share > 0.4:
        best = lines
        lines = wrapped(text, width * share, points, True)
        share -= 0.05
    return best
