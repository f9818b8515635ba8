"""Names beside points of a scatter: near their point, on no other name, point or line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from matplotlib.axes import Axes

from integstats.charts import theme
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label
from integstats.charts.text_size import LINE, POINTS, text_width

DIRECTIONS = (
    *((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)),
    *((1, 0.5), (-1, 0.5), (1, -0.5), (-1, -0.5)),
)
NEAR, FAR = (5.0, 8.0), (14.0, 22.0, 32.0, 44.0)
"""Distances from the middle of a point at the report size; from the far ones a line leads back."""
NOTHING, LEADER, NAME = range(3)
"""What may lie over other points."""


@dataclass(frozen=True)
class Named:
    """A point and its name; `always` for one that is named even over other points."""

    label: Label
    x: float
    y: float
    always: bool = False


@dataclass(frozen=True)
class _Box:
    """A rectangle in points from the corner of the figure, and where its leader begins."""

    x0: float
    y0: float
    x1: float
    y1: float
    start: tuple[float, float]

    def holds(self, points: np.ndarray, margin: float) -> bool:
        """Whether any of some points lies in it."""
        x, y = points[:, 0], points[:, 1]
        inside = (x > self.x0 - margin) & (x < self.x1 + margin)
        inside &= (y > self.y0 - margin) & (y < self.y1 + margin)
        return bool(inside.any())

    def meets(self, other: _Box) -> bool:
        """Whether it overlaps another."""
        apart = self.x1 <= other.x0 or other.x1 <= self.x0
        return not (apart or self.y1 <= other.y0 or other.y1 <= self.y0)


def name_points(
    canvas: Canvas,
    axes: Axes,
    named: Sequence[Named],
    *,
    dots: np.ndarray,
    lines: Sequence[np.ndarray],
    radius: float,
) -> int:
    """Write names beside their points, the first named first, and leave out those without room.

    Parameters
    ----------
    axes
        Where to; its limits and scales are set.
    named
        The points to name, the most important first.
    dots
        Every point that is drawn, (n, 2), in data.
    lines
        Lines that are drawn, each (n, 2) in data and densely sampled; a name lies on one only
        where there is no other room.
    radius
        Half the width of a point at the report size, in points.

    Returns
    -------
    int
        How many found room.
    """
    to_points = POINTS / canvas.figure.dpi
    window = axes.get_window_extent(canvas.renderer())
    left, bottom, right, top = (float(to_points * one) for one in window.extents)
    taken = axes.transData.transform(dots) * to_points
    dot = radius * canvas.size.scale
    crossed = [axes.transData.transform(one) * to_points for one in lines]
    boxes: list[_Box] = []
    leaders = np.empty((0, 2))
    for one in named:
        at = axes.transData.transform((one.x, one.y)) * to_points
        allowed = (NOTHING, LEADER, NAME) if one.always else (NOTHING,)
        for over, (box, far, over_lines) in product(allowed, _candidates(canvas, one.label, at)):
            way = np.linspace(at, box.start, 40)[6:] if far else np.empty((0, 2))
            within = box.x0 >= left and box.x1 <= right and box.y0 >= bottom and box.y1 <= top
            if (
                within
                and (over >= NAME or not box.holds(taken, dot))
                and (over >= LEADER or not far or not _passes(way, taken, at, dot))
                and not box.holds(leaders, 1.0)
                and not _nears(way, leaders, 1.5)
                and not any(box.meets(other) or other.holds(way, 0.5) for other in boxes)
                and (over_lines or not any(box.holds(line, 1.0) for line in crossed))
            ):
                _write(canvas, axes, one, box, at, far=far)
                boxes.append(box)
                leaders = np.concatenate([leaders, way])
                break
    return len(boxes)


def _passes(way: np.ndarray, taken: np.ndarray, own: np.ndarray, dot: float) -> bool:
    """Whether a leader runs over another point than its own."""
    return _nears(way, taken[np.hypot(*(taken - own).T) > dot], dot)


def _nears(way: np.ndarray, points: np.ndarray, distance: float) -> bool:
    """Whether a leader comes nearer than that to any of some points."""
    apart = np.hypot(*(way[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    return bool((apart < distance).any())


def _candidates(canvas: Canvas, one: Label, at: np.ndarray) -> Iterator[tuple[_Box, bool, bool]]:
    """Where a name may stand, the best first, whether far from its point, and whether on a line."""
    wide = text_width(one.text, canvas.size.body, one.bold) * POINTS
    tall = canvas.size.body * LINE * 0.95
    for far, over_lines in product((False, True), repeat=2):
        for distance, (right, up) in product(FAR if far else NEAR, DIRECTIONS):
            length = distance * canvas.size.scale / np.hypot(right, up)
            x, y = float(at[0] + right * length), float(at[1] + up * length)
            x0 = x if right > 0 else x - wide if right < 0 else x - wide / 2
            y0 = y - tall / 2 if abs(up) < 1 else y if up > 0 else y - tall
            yield _Box(x0, y0, x0 + wide, y0 + tall, (x, y)), far, over_lines


def _write(canvas: Canvas, axes: Axes, one: Named, box: _Box, at: np.ndarray, *, far: bool) -> None:
    if far:
        axes.annotate(
            "",
            (one.x, one.y),
            xytext=(box.start[0] - at[0], box.start[1] - at[1]),
            textcoords="offset points",
            arrowprops={
                "arrowstyle": "-",
                "color": theme.MUTED,
                "linewidth": 0.6 * canvas.size.scale,
                "shrinkA": 0,
                "shrinkB": 2 * canvas.size.scale,
            },
        )
    axes.annotate(
        one.label.text,
        (one.x, one.y),
        xytext=(box.x0 - at[0], (box.y0 + box.y1) / 2 - at[1]),
        textcoords="offset points",
        fontsize=canvas.size.body,
        color=one.label.color,
        fontweight="bold" if one.label.bold else "normal",
        ha="left",
        va="center",
        annotation_clip=False,
        # A line behind it does not strike it through.
        bbox={"facecolor": theme.BACKGROUND, "edgecolor": "none", "alpha": 0.8, "pad": 0.3},
    )
