"""Where labels go: in columns apart from each other, in rows, or where nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from integstats.charts import theme
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label, break_label, spread
from integstats.charts.text_size import LINE, POINTS, text_width, wrapped


def row_texts(
    canvas: Canvas, axes: Axes, rows: Sequence[tuple[float, Label | None]], right: float
) -> None:
    """Write a column of labels that ends at `right` inches, each at the height of its row."""
    for y, one in rows:
        if one is not None:
            canvas.figure.text(
                right / canvas.figure.get_figwidth(),
                _height_of(canvas, axes, y),
                one.text,
                fontsize=canvas.size.body,
                color=one.color,
                ha="right",
                va="center",
            )


def row_note(canvas: Canvas, axes: Axes, y: float, text: str) -> None:
    """Write a note at the height of a row, in lines no wider than the axes."""
    box = axes.get_position()
    width = box.width * canvas.figure.get_figwidth()
    lines = wrapped(text, width, canvas.size.body, False)
    canvas.figure.text(
        box.x0,
        _height_of(canvas, axes, y),
        lines[0] if len(lines) == 1 else "–",
        fontsize=canvas.size.body,
        color=theme.MUTED,
        ha="left",
        va="center",
    )


def above_dots(
    canvas: Canvas,
    axes: Axes,
    y: float,
    left: tuple[float, str, str],
    right: tuple[float, str, str],
    *,
    within: tuple[float, float],
) -> None:
    """Write words above two dots, outwards from each: x, text and colour of either.

    They stay between two places in inches, the ends of what belongs to these axes.
    """
    box, (low, high) = axes.get_position(), axes.get_xlim()
    wide, tall = canvas.figure.get_figwidth(), canvas.figure.get_figheight()
    unit = canvas.size.scale / POINTS
    ends = [(box.x0 + (x - low) / (high - low) * box.width) * wide for x in (left[0], right[0])]
    widths = [text_width(one[1], canvas.size.body, False) for one in (left, right)]
    # The words reach in over the dots as far as they leave each other room.
    inwards = min(4 * unit, (ends[1] - ends[0]) / 2 - 2 * unit)
    first = max(ends[0] + inwards - widths[0], within[0])
    second = max(min(ends[1] - inwards, within[1] - widths[1]), first + widths[0] + 4 * unit)
    height = _height_of(canvas, axes, y) + 5 * unit / tall
    for x, (_, text, color) in ((first, left), (second, right)):
        canvas.figure.text(
            x / wide,
            height,
            text,
            fontsize=canvas.size.body,
            color=color,
            ha="left",
            va="bottom",
        )


def _height_of(canvas: Canvas, axes: Axes, y: float) -> float:
    box = axes.get_position()
    low, high = axes.get_ylim()
    return float(box.y0 + (y - low) / (high - low) * box.height)


def end_labels(
    canvas: Canvas,
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
    points = canvas.size.body
    wide, tall = canvas.figure.get_figwidth(), canvas.figure.get_figheight() * POINTS
    box = axes.get_position()
    bottom, top = axes.get_ylim()

    def height(value: float) -> float:
        return float((box.y0 + (value - bottom) / (top - bottom) * (box.y1 - box.y0)) * tall)

    heights = [points * LINE * (one.text.count("\n") + 1) for one in labels]
    placed = spread(
        [height(one.value) for one in labels],
        heights,
        low=box.y0 * tall - 0.6 * points if low is None else height(low),
        high=box.y1 * tall + 0.6 * points if high is None else height(high),
    )
    left, right = axes.get_xlim()
    part = 1.0 if x is None else (x - left) / (right - left)
    start = box.x0 + part * (box.x1 - box.x0) + 6 * canvas.size.scale / POINTS / wide
    for one, y in zip(labels, placed, strict=True):
        canvas.figure.text(
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
    canvas: Canvas,
    axes: Axes,
    one: Label,
    candidates: Sequence[tuple[float, float, str, str]],
    *,
    over_lines: bool = False,
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
    over_lines
        Whether it may lie on lines.

    Returns
    -------
    bool
        Whether it found room.
    """
    for shift, (x, y, ha, va) in product(
        (3 * canvas.size.scale, 7 * canvas.size.scale), candidates
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
            fontsize=canvas.size.body,
            color=one.color,
            fontweight="bold" if one.bold else "normal",
            ha=ha,
            va=va,
            annotation_clip=False,
            linespacing=LINE * 0.85,
        )
        box = text.get_window_extent(canvas.renderer())
        if _is_free(canvas, axes, box, over_lines=over_lines):
            return True
        text.remove()
    return False


def name_breaks(canvas: Canvas, panels: Sequence[Axes], periods: Sequence[pd.Period]) -> None:
    """Write what the dotted lines are: on no line of any panel, or else on no other text."""
    for period in periods:
        [at] = theme.edges([period], period.freqstr)
        stacked = break_label(period, canvas.lang)
        flat = replace(stacked, text=stacked.text.replace("\n", " "))
        for over_lines, axes, one in product((False, True), panels, (stacked, flat)):
            bottom, top = axes.get_ylim()
            heights = [(bottom, "bottom"), (top, "top"), ((bottom + top) / 2, "center")]
            places = [(at, y, ha, va) for y, va in heights for ha in ("left", "right")]
            if place_free(canvas, axes, one, places, over_lines=over_lines):
                break


def _is_free(canvas: Canvas, axes: Axes, box: Bbox, *, over_lines: bool) -> bool:
    inside = axes.get_window_extent(canvas.renderer())
    # There is a little room above the axes, kept by the texts there.
    above = inside.y1 + 0.8 * canvas.size.body * canvas.figure.dpi / POINTS
    if box.x0 < inside.x0 or box.x1 > inside.x1 or box.y0 < inside.y0 or box.y1 > above:
        return False
    padded = box.padded(2.5 * canvas.size.scale)
    for mark in axes.lines:
        path = mark.get_transform().transform_path(mark.get_path())
        crossed = np.size(path.vertices) and path.intersects_bbox(padded, filled=False)
        if crossed and not over_lines:
            return False
    others = [one for one in (*axes.texts, *canvas.figure.texts) if one.get_text()]
    boxes = [one.get_window_extent(canvas.renderer()) for one in others]
    return sum(one.overlaps(box) for one in boxes) <= 1
