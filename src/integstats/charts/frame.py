"""The anatomy around the marks: title and subtitle above, verdict and footer below.

Texts are wrapped to the canvas by their measured width, and the marks get what is left, so that
no text lies outside the canvas or on another at any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.labels import spread
from integstats.charts.theme import Size

LINE = 1.25
MARGIN = 0.12
POINTS = 72.0


@dataclass(frozen=True)
class EndLabel:
    """A label to stand right of the marks, at the height of `value`."""

    value: float
    text: str
    color: str
    bold: bool = False


@dataclass(frozen=True, eq=False)
class Canvas:
    """A figure whose texts are set; `left … top` bound the room for marks, in inches."""

    figure: Figure
    size: Size
    lang: Language
    left: float
    right: float
    bottom: float
    top: float
    axes: list[Axes]

    @classmethod
    def of(
        cls,
        size: Size,
        *,
        title: str,
        subtitle: str,
        verdict: str,
        footer: Sequence[str],
        lang: Language,
        height: float | None = None,
    ) -> Canvas:
        """Set the texts and return the room that is left."""
        figure = Figure(figsize=(size.width, height or size.height))
        FigureCanvasAgg(figure)
        tall = height or size.height
        width = size.width - 2 * MARGIN
        top = tall - MARGIN
        for text, points, weight, color in (
            (title, size.title, "bold", theme.TEXT),
            (subtitle, size.body, "normal", theme.TEXT),
        ):
            lines = wrapped(figure, text, width, points, weight)
            for line in lines:
                top -= points * LINE / POINTS
                _write(figure, line, MARGIN, top, points, weight, color, tall, size.width)
            top -= 0.35 * points / POINTS
        bottom = MARGIN * 0.8
        notes = [
            line for one in footer for line in wrapped(figure, one, width, size.small, "normal")
        ]
        for line in reversed(notes):
            _write(
                figure, line, MARGIN, bottom, size.small, "normal", theme.MUTED, tall, size.width
            )
            bottom += size.small * LINE / POINTS
        if verdict:
            bottom += 0.5 * size.body / POINTS
            for line in reversed(wrapped(figure, verdict, width, size.body, "bold")):
                _write(
                    figure, line, MARGIN, bottom, size.body, "bold", theme.TEXT, tall, size.width
                )
                bottom += size.body * LINE / POINTS
        bottom += 0.5 * size.body / POINTS
        top -= 0.3 * size.body / POINTS
        return cls(figure, size, lang, MARGIN, size.width - MARGIN, bottom, top, [])

    def panel(
        self,
        *,
        above: float = 0.0,
        share: float = 1.0,
        labels: Sequence[EndLabel] = (),
        heading: str = "",
        ticks: Sequence[str] = (),
        axis_lines: int = 1,
        below: bool = True,
    ) -> Axes:
        """Add axes in the free room.

        Parameters
        ----------
        above, share
            Part of the room (0–1) left free above, and taken.
        labels
            End labels it must leave room for on the right.
        heading
            A line above the axes, left-aligned.
        ticks
            The widest texts of the value axis, to leave room for on the left.
        axis_lines
            Lines of text under the time axis.
        below
            Whether texts stand under the axes at all.
        """
        room = self.top - self.bottom
        top = self.top - above * room
        bottom = self.top - (above + share) * room
        points = self.size.small
        if heading:
            top -= points * LINE / POINTS
        if below:
            bottom += (axis_lines * points * LINE + 5 * self.size.scale) / POINTS
        left = self.left + max(
            (text_width(self.figure, one, points, "normal") for one in ticks), default=0.0
        )
        left += 5 * self.size.scale / POINTS if ticks else 0
        reserve = max(
            (
                text_width(self.figure, line, points, "bold" if one.bold else "normal")
                for one in labels
                for line in one.text.split("\n")
            ),
            default=0.0,
        )
        right = self.right - (reserve + 7 * self.size.scale / POINTS if labels else 0.08)
        tall, wide = self.figure.get_figheight(), self.figure.get_figwidth()
        height = max(top - bottom, 0.2)
        axes = self.figure.add_axes(
            (left / wide, bottom / tall, max(right - left, 0.5) / wide, height / tall)
        )
        if heading:
            _write(
                self.figure,
                heading,
                self.left,
                top + 0.25 * points / POINTS,
                points,
                "bold",
                theme.TEXT,
                tall,
                wide,
            )
        self.axes.append(axes)
        return axes

    def end_labels(self, axes: Axes, labels: Sequence[EndLabel]) -> None:
        """Write the labels right of the axes, apart from each other."""
        if not labels:
            return
        points = self.size.small
        tall = self.figure.get_figheight() * POINTS
        box = axes.get_position()
        low, high = box.y0 * tall, box.y1 * tall
        bottom, top = axes.get_ylim()
        wanted = [low + (one.value - bottom) / (top - bottom) * (high - low) for one in labels]
        heights = [points * LINE * (one.text.count("\n") + 1) for one in labels]
        placed = spread(wanted, heights, low=low - points, high=high + points)
        x = box.x1 + 6 * self.size.scale / POINTS / self.figure.get_figwidth()
        for one, y in zip(labels, placed, strict=True):
            self.figure.text(
                x,
                y / tall,
                one.text,
                fontsize=points,
                color=one.color,
                fontweight="bold" if one.bold else "normal",
                va="center",
                ha="left",
                linespacing=LINE,
            )

    def watermark(self, text: str) -> None:
        """Write a text across the marks."""
        for axes in self.axes:
            axes.text(
                0.5,
                0.5,
                text,
                transform=axes.transAxes,
                fontsize=self.size.title * 1.6,
                color="#8C8C8C",
                alpha=0.45,
                rotation=18,
                ha="center",
                va="center",
                fontweight="bold",
                zorder=10,
                gid="watermark",
            )


def _write(
    figure: Figure,
    text: str,
    x: float,
    y: float,
    points: float,
    weight: str,
    color: str,
    tall: float,
    wide: float,
) -> None:
    figure.text(
        x / wide,
        (y + 0.22 * points / POINTS) / tall,
        text,
        fontsize=points,
        fontweight=weight,
        color=color,
        va="baseline",
        ha="left",
    )


def text_width(figure: Figure, text: str, points: float, weight: str) -> float:
    """Return the width of a line of text in inches."""
    if not text:
        return 0.0
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    renderer = canvas.get_renderer()
    font = FontProperties(size=points, weight=weight)  # type: ignore[arg-type]
    width, _, _ = renderer.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / figure.dpi


def wrapped(figure: Figure, text: str, width: float, points: float, weight: str) -> list[str]:
    """Return the text in lines no wider than `width` inches; only plain spaces are broken at."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words = paragraph.split(" ")
        line = words[0]
        for word in words[1:]:
            longer = f"{line} {word}"
            if text_width(figure, longer, points, weight) <= width:
                line = longer
            else:
                lines.append(line)
                line = word
        if line:
            lines.append(line)
    return lines


def padded(values: np.ndarray, *, zero: bool, share: float = 0.06) -> tuple[float, float]:
    """Return axis limits around values, from zero where asked; sensible without any value."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    return (low if zero and low == 0 else low - share * span), high + share * span
