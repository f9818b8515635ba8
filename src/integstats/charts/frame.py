"""The anatomy around the marks: title and subtitle above, verdict and notes below.

Texts are wrapped to the canvas by their measured width, and the marks get what is left, so that
no text lies outside the canvas or on another at any size. Where too little would be left, notes
that can be read elsewhere are left out, then the end of the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.labels import Label, break_label, spread
from integstats.charts.theme import Size
from integstats.wording import numbers
from integstats.wording.claims import Text

LINE = 1.25
MARGIN = 0.12
POINTS = 72.0
MEASURED_AT = 288


@dataclass(frozen=True)
class Wording:
    """The texts around the marks; `optional` notes are left out first, from the end."""

    title: Text
    subtitle: Text
    verdict: Text | None
    notes: tuple[Text, ...]
    optional: tuple[Text, ...] = ()

    def shorter(self) -> Iterator[Wording]:
        """Yield the texts, then shorter and shorter ones.

        First go the optional notes, then the sentences of the verdict from its end, until
        only its word is left.
        """
        now = self
        yield now
        while now.optional:
            now = replace(now, optional=now.optional[:-1])
            yield now
        while now.verdict is not None and len(now.verdict.claims) > 2:
            now = replace(now, verdict=_without_last(now.verdict))
            yield now


def _without_last(text: Text) -> Text:
    return Text.of(*text.claims[:-1], lang=text.lang)


@dataclass(frozen=True)
class _Block:
    """The wrapped lines of one paragraph, and the space below it in points."""

    lines: list[str]
    points: float
    color: str
    bold: bool
    after: float

    @property
    def height(self) -> float:
        return (len(self.lines) * self.points * LINE + self.after) / POINTS


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
    def of(cls, size: Size, wording: Wording, *, lang: Language, least: float) -> Canvas:
        """Set the texts and return the room that is left.

        Parameters
        ----------
        size
            The size of the figure.
        wording
            Its texts.
        lang
            Language of numbers on the axes.
        least
            Inches the marks and their axes need; texts are shortened for it, and where that does
            not suffice the figure grows if its size may.
        """
        for texts in wording.shorter():
            above, below = _blocks(texts, size)
            taken = 2 * MARGIN + sum(one.height for one in (*above, *below))
            if size.height - taken >= least:
                break
        height = max(size.height, taken + least) if size.grows else size.height
        figure = Figure(figsize=(size.width, height))
        FigureCanvasAgg(figure)
        canvas = cls(figure, size, lang, MARGIN, size.width - MARGIN, 0, 0, [])
        top = height - MARGIN
        for block in above:
            canvas._set(block, top)
            top -= block.height
        bottom = MARGIN
        for block in reversed(below):
            bottom += block.height
            canvas._set(block, bottom)
        return replace(canvas, bottom=bottom, top=top)

    def _set(self, block: _Block, top: float) -> None:
        for number, line in enumerate(block.lines):
            y = top - (number + 1) * block.points * LINE / POINTS
            self._write(line, MARGIN, y, block.points, block.bold, block.color)

    def _write(self, text: str, x: float, y: float, points: float, bold: bool, color: str) -> None:
        self.figure.text(
            x / self.figure.get_figwidth(),
            (y + 0.25 * points / POINTS) / self.figure.get_figheight(),
            text,
            fontsize=points,
            fontweight="bold" if bold else "normal",
            color=color,
            va="baseline",
            ha="left",
        )

    def panel(
        self,
        *,
        above: float = 0.0,
        share: float = 1.0,
        facet: tuple[int, int] = (0, 1),
        between: float = 0.0,
        labels: Sequence[Label] = (),
        heading: str = "",
        ticks: Sequence[str] = (),
        axis_lines: int = 1,
        keep_right: float = 0.0,
    ) -> Axes:
        """Add axes in the free room.

        Parameters
        ----------
        above, share
            Part of the room (0–1) left free above, and taken.
        facet, between
            Which of how many side by side, and the inches between them.
        labels
            End labels it must leave room for on the right.
        heading
            A line above the axes, left-aligned; blank to leave room for one.
        ticks
            The widest texts of the value axis, to leave room for on the left.
        axis_lines
            Lines of text under the axes.
        keep_right
            Inches to leave free within its part of the width.
        """
        room = self.top - self.bottom
        top = self.top - above * room
        bottom = self.top - (above + share) * room
        points = self.size.body
        if heading:
            top -= 1.6 * points / POINTS
        if axis_lines:
            bottom += (axis_lines * points * LINE + 7 * self.size.scale) / POINTS
        gap = 6 * self.size.scale / POINTS
        left = self.left + max((text_width(one, points, False) for one in ticks), default=0.0)
        left += gap if ticks else 0.0
        right = self.right - (self.reserve(labels) + gap if labels else gap)
        at, number = facet
        each = (right - left - (number - 1) * between) / number
        left += at * (each + between)
        right = left + each - keep_right
        tall, wide = self.figure.get_figheight(), self.figure.get_figwidth()
        axes = self.figure.add_axes(
            (
                left / wide,
                bottom / tall,
                max(right - left, 0.5) / wide,
                max(top - bottom, 0.2) / tall,
            )
        )
        if heading.strip():
            self._write(heading, self.left, top + 0.3 * points / POINTS, points, True, theme.TEXT)
        self.axes.append(axes)
        return axes

    def widest_tick(self, low: float, high: float, unit: numbers.Unit) -> str:
        """Return the widest text that ticks between two values may have."""
        decimals = 0 if unit == "count" or (high - low) * (100 if unit == "percent" else 1) > 4 else 1
        ends = [numbers.tick(one, unit=unit, decimals=decimals, lang=self.lang) for one in (low, high)]
        return max(ends, key=len)

    def line_height(self, axes: Axes) -> float:
        """Return the height of a line of text in the axes' units."""
        bottom, top = axes.get_ylim()
        tall = axes.get_position().height * self.figure.get_figheight() * POINTS
        return float(self.size.body * LINE / tall * (top - bottom))

    def fitting(self, texts: Sequence[str], width: float) -> list[str]:
        """Return tick texts on one line where they fit side by side, else as they are."""
        flat = [one.replace("\n", " ") for one in texts]
        needed = max((text_width(one, self.size.body, False) for one in flat), default=0.0)
        between = width / max(len(flat) - 1, 1)
        return flat if needed + self.size.body / POINTS <= between else list(texts)

    def reserve(self, labels: Sequence[Label]) -> float:
        """Return the width of the widest label in inches."""
        return max(
            (
                text_width(line, self.size.body, one.bold)
                for one in labels
                for line in one.text.split("\n")
            ),
            default=0.0,
        )

    def width_of(self, heading: str) -> float:
        """Return the width of a heading in inches."""
        return text_width(heading, self.size.body, True)

    def write_heading(self, axes: Axes, text: str, *, color: str, align: str, x: float) -> None:
        """Write a line above the axes, from or until `x` inches."""
        top = axes.get_position().y1 + 0.5 * self.size.body / POINTS / self.figure.get_figheight()
        self.figure.text(
            x / self.figure.get_figwidth(),
            top,
            text,
            fontsize=self.size.body,
            fontweight="bold",
            color=color,
            ha=align,
            va="baseline",
        )

    def row_texts(
        self, axes: Axes, rows: Sequence[tuple[float, Label | None]], right: float
    ) -> None:
        """Write a column of labels that ends at `right` inches, each at the height of its row."""
        for y, one in rows:
            if one is not None:
                self.figure.text(
                    right / self.figure.get_figwidth(),
                    self._height_of(axes, y),
                    one.text,
                    fontsize=self.size.body,
                    color=one.color,
                    ha="right",
                    va="center",
                )

    def row_note(self, axes: Axes, y: float, text: str) -> None:
        """Write a note at the height of a row, in lines no wider than the axes."""
        box = axes.get_position()
        width = box.width * self.figure.get_figwidth()
        lines = wrapped(text, width, self.size.body, False)
        self.figure.text(
            box.x0,
            self._height_of(axes, y),
            lines[0] if len(lines) == 1 else "–",
            fontsize=self.size.body,
            color=theme.MUTED,
            ha="left",
            va="center",
        )

    def above_dot(self, axes: Axes, x: float, y: float, text: str, color: str, ha: str) -> None:
        """Write a word above a dot, beginning or ending at it."""
        shift = 4.0 * self.size.scale * (-1 if ha == "left" else 1)
        axes.annotate(
            text,
            (x, y),
            xytext=(shift, 5 * self.size.scale),
            textcoords="offset points",
            fontsize=self.size.body,
            color=color,
            ha=ha,
            va="bottom",
            annotation_clip=False,
        )

    def _height_of(self, axes: Axes, y: float) -> float:
        box = axes.get_position()
        low, high = axes.get_ylim()
        return float(box.y0 + (y - low) / (high - low) * box.height)

    def end_labels(
        self,
        axes: Axes,
        labels: Sequence[Label],
        *,
        x: float | None = None,
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        """Write labels in a column, apart from each other.

        Parameters
        ----------
        axes
            Whose values the labels stand at.
        labels
            What to write.
        x
            Where on the x axis; right of the axes when left out.
        low, high
            Values between which they must stand; when left out, the axes with a little more.
        """
        if not labels:
            return
        points = self.size.body
        wide, tall = self.figure.get_figwidth(), self.figure.get_figheight() * POINTS
        box = axes.get_position()
        bottom, top = axes.get_ylim()

        def height(value: float) -> float:
            return (box.y0 + (value - bottom) / (top - bottom) * (box.y1 - box.y0)) * tall

        heights = [points * LINE * (one.text.count("\n") + 1) for one in labels]
        placed = spread(
            [height(one.value) for one in labels],
            heights,
            low=box.y0 * tall - 0.6 * points if low is None else height(low),
            high=box.y1 * tall + 0.6 * points if high is None else height(high),
        )
        left, right = axes.get_xlim()
        part = 1.0 if x is None else (x - left) / (right - left)
        start = box.x0 + part * (box.x1 - box.x0) + 6 * self.size.scale / POINTS / wide
        for one, y in zip(labels, placed, strict=True):
            self.figure.text(
                start,
                y / tall,
                one.text,
                fontsize=points,
                color=one.color,
                fontweight="bold" if one.bold else "normal",
                va="center",
                ha="left",
                linespacing=LINE * 0.85,
            )

    def place_free(
        self, axes: Axes, one: Label, candidates: Sequence[tuple[float, float, str, str]]
    ) -> bool:
        """Write a label at the first of some positions where it lies on no line and no text.

        Parameters
        ----------
        axes
            Where to.
        one
            The label.
        candidates
            x, y in data, horizontal and vertical alignment; the text keeps a small distance.

        Returns
        -------
        bool
            Whether it found room.
        """
        for shift, (x, y, ha, va) in product(
            (3 * self.size.scale, 7 * self.size.scale), candidates
        ):
            offset = (
                {"left": shift, "right": -shift}.get(ha, 0.0),
                {"bottom": shift, "top": -shift}.get(va, 0.0),
            )
            text = axes.annotate(
                one.text,
                (x, y),
                xytext=offset,
                textcoords="offset points",
                fontsize=self.size.body,
                color=one.color,
                fontweight="bold" if one.bold else "normal",
                ha=ha,
                va=va,
                annotation_clip=False,
                linespacing=LINE * 0.85,
            )
            box = text.get_window_extent(self._renderer())
            if self._is_free(axes, box):
                return True
            text.remove()
        return False

    def name_breaks(self, axes: Axes, periods: Sequence[pd.Period]) -> None:
        """Write what the dotted lines are, where there is room."""
        bottom, top = axes.get_ylim()
        for period in periods:
            [at] = theme.edges([period], period.freqstr)
            self.place_free(
                axes,
                break_label(period, self.lang),
                [
                    (at, height, ha, va)
                    for height, va in ((bottom, "bottom"), (top, "top"))
                    for ha in ("left", "right")
                ],
            )

    def _is_free(self, axes: Axes, box: Bbox) -> bool:
        inside = axes.get_window_extent(self._renderer())
        if box.x0 < inside.x0 or box.x1 > inside.x1 or box.y0 < inside.y0 or box.y1 > inside.y1:
            return False
        padded = box.padded(2.5 * self.size.scale)
        for mark in axes.lines:
            path = mark.get_transform().transform_path(mark.get_path())
            if len(path.vertices) and path.intersects_bbox(padded, filled=False):
                return False
        others = [one for one in (*axes.texts, *self.figure.texts) if one.get_text()]
        boxes = [one.get_window_extent(self._renderer()) for one in others]
        return sum(one.overlaps(box) for one in boxes) <= 1

    def _renderer(self) -> object:
        canvas = self.figure.canvas
        assert isinstance(canvas, FigureCanvasAgg)
        return canvas.get_renderer()

    def watermark(self, text: str) -> None:
        """Write a text across the marks."""
        for axes in self.axes:
            axes.text(
                0.5,
                0.5,
                text,
                transform=axes.transAxes,
                fontsize=self.size.title * 1.6,
                color=theme.MUTED,
                alpha=0.35,
                rotation=12,
                ha="center",
                va="center",
                fontweight="bold",
                zorder=10,
                gid=f"watermark-{self.axes.index(axes)}",
            )


@lru_cache(maxsize=8192)
def text_width(text: str, points: float, bold: bool) -> float:
    """Return the width of a line of text in inches; without hinting it is the same at any dpi."""
    words = text.split(" ")
    if len(words) > 1:
        spaces = (len(words) - 1) * _space(points, bold)
        return spaces + sum(text_width(word, points, bold) for word in words)
    return _measured(text, points, bold) if text else 0.0


def _space(points: float, bold: bool) -> float:
    return _measured("n n", points, bold) - _measured("nn", points, bold)


@lru_cache(maxsize=8192)
def _measured(text: str, points: float, bold: bool) -> float:
    font = FontProperties(size=points, weight="bold" if bold else "normal")
    renderer = FigureCanvasAgg(Figure(figsize=(1, 1), dpi=MEASURED_AT)).get_renderer()
    width, _, _ = renderer.get_text_width_height_descent(text, font, ismath=False)
    # Ink is measured without the room that a letter keeps beside it.
    return (float(width) + 1) / MEASURED_AT


def _blocks(texts: Wording, size: Size) -> tuple[list[_Block], list[_Block]]:
    """What stands above and below the marks."""
    width = size.width - 2 * MARGIN
    body = size.body

    def block(text: str, color: str, *, bold: bool = False, after: float = 0.0) -> _Block:
        return _Block(wrapped(text, width, body, bold), body, color, bold, after)

    title = balanced(texts.title.text, width, size.title)
    above = [
        _Block(title, size.title, theme.TEXT, True, 0.3 * body),
        block(texts.subtitle.text, theme.MUTED, after=0.9 * body),
    ]
    below = []
    if texts.verdict is not None and texts.verdict:
        head, rest = _verdict_parts(texts.verdict)
        below = [block(one, theme.TEXT, bold=one is head) for one in (head, rest) if one]
        below[-1] = replace(below[-1], after=0.5 * body)
    notes = [*texts.notes[:-1], *texts.optional, *texts.notes[-1:]]
    paragraphs = [one.text for one in notes]
    if not size.grows:
        paragraphs = [" ".join(paragraphs)]
    below += [block(one, theme.MUTED) for one in paragraphs if one]
    return above, below


def _verdict_parts(verdict: Text) -> tuple[str, str]:
    """The lead with the word of the verdict, and what follows."""
    ids = [one.predicate.id for one in verdict.claims]
    at = next((n + 1 for n, name in enumerate(ids) if name.startswith("verdict.")), 0)
    parts = (verdict.claims[:at], verdict.claims[at:])
    head, rest = (Text.of(*claims, lang=verdict.lang).text for claims in parts)
    return head, rest


def wrapped(text: str, width: float, points: float, bold: bool) -> list[str]:
    """Return a text in lines no wider than `width` inches.

    Only plain spaces are broken at. A word that is too long by itself stands alone on its line.
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, points, bold) <= width:
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


def padded(values: np.ndarray, *, zero: bool, share: float = 0.06) -> tuple[float, float]:
    """Return axis limits around values, from zero where asked; sensible without any value.

    Examples
    --------
    >>> padded(np.array([10.0, 20.0]), zero=True, share=0.1)
    (0.0, 22.0)
    """
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    bottom = low if zero and low == 0 else low - share * span
    top = high if zero and high == 0 else high + share * span
    return bottom, top


def moves(values: np.ndarray, *, least: float = 0.25) -> bool:
    """Whether values differ by `least` of the largest, so that an axis from zero does not hide how.

    Examples
    --------
    >>> moves(np.array([0.09, 0.18])), moves(np.array([0.60, 0.63]))
    (True, False)
    """
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    return not len(known) or bool(np.ptp(known) >= least * np.abs(known).max())
