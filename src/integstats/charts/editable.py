"""What a chart is to a spreadsheet or a slide that draws it itself: categories and series.

A picture cannot be corrected by the person who has to present it. The same figures, told as
categories and series, become a native chart that an office program draws and lets anyone edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from integstats.errors import SchemaError

Kind = Literal["line", "column", "bar", "stacked_column", "stacked_bar", "scatter"]
Unit = Literal["percent", "pp", "ratio", "count", "years"]
Dash = Literal["solid", "dash", "dot"]
Marker = Literal["none", "circle", "diamond", "square", "triangle"]


@dataclass(frozen=True)
class Series:
    """One series of a native chart.

    Attributes
    ----------
    name
        What it is, in the language of the chart; it stands beside the line or in the legend.
    values
        One value per category, or per point of a scatter; ``None`` leaves a gap. Shares 0–1 where
        the unit is ``percent``.
    color
        ``#RRGGBB``; ``None`` for a part that only carries the one above it, as in a waterfall.
    x
        The points' places on the horizontal axis, for a scatter only.
    dash, marker
        Line style and marker, which tell series apart without colour.
    width
        Width of the line in points; 0 for markers alone.
    """

    name: str
    values: tuple[float | None, ...]
    color: str | None
    x: tuple[float, ...] = ()
    dash: Dash = "solid"
    marker: Marker = "none"
    width: float = 2.0


@dataclass(frozen=True)
class Editable:
    """A native chart: what an office program needs to draw the figures itself.

    Attributes
    ----------
    kind
        ``bar`` lies, ``column`` stands; ``stacked_…`` puts the series on each other.
    categories
        The words on the category axis, in reading order from left or from the top; empty for a
        scatter.
    series
        What is drawn.
    value_axis
        What the value axis measures, in words.
    unit
        ``percent`` (shares 0–1), ``pp`` (percentage points), ``ratio``, ``count`` (persons) or
        ``years``.
    category_axis
        What the other axis says, in words; blank where the categories speak for themselves.
    x_unit
        The unit of the horizontal axis of a scatter.
    low, high
        Ends of the value axis; ``None`` lets the program choose. Columns and bars begin at zero.
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    value_axis: str
    unit: Unit
    category_axis: str = ""
    x_unit: Unit = "count"
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not self.series:
            raise SchemaError("A native chart needs at least one series; got none.")
        for one in self.series:
            expected = len(one.x) if self.kind == "scatter" else len(self.categories)
            if len(one.values) != expected:
                raise SchemaError(
                    f"The series {one.name!r} of a native {self.kind} chart has "
                    f"{len(one.values)} values; it needs {expected}, one for each "
                    f"{'x' if self.kind == 'scatter' else 'category'}."
                )
