"""Many small panels in rows and columns, each with a heading, and as few axes as can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from integstats.charts import theme
from integstats.charts.frame import MARGIN, Canvas
from integstats.charts.labels import Label
from integstats.charts.text_size import LINE, POINTS, text_width, wrapped

LEAST_HIGH, LEAST_WIDE = 5.0, 12.0
"""Height and width of the smallest panel, in the size of its text."""
MANY, LOWEST = 60, 3.6
"""So many panels, and those of a size that does not grow, may be lower."""
BETWEEN = 2.2
"""Room between panels side by side, in the size of their text."""
BLOCK = 8
"""Rows of panels that share a time axis: taller pictures repeat it."""
NAME_WIDE = 9.5
"""Width from which on a name is broken into lines, in the size of its text."""


@dataclass(frozen=True, eq=False)
class Grid:
    """How many panels lie, in inches where nothing else is said.

    Attributes
    ----------
    names, values
        What stands above each panel, to the left and to the right, in order.
    columns
        Panels side by side.
    ticks
        The widest texts of the value axis.
    size
        The size of the figure.
    """

    names: tuple[Label, ...]
    values: tuple[Label, ...]
    columns: int
    ticks: tuple[str, ...]
    size: theme.Size

    @classmethod
    def of(
        cls,
        names: Sequence[Label],
        values: Sequence[Label],
        *,
        ticks: Sequence[str],
        size: theme.Size,
    ) -> Grid:
        """Return as many columns as the headings leave room for, the rows about equally full."""
        em = size.body / POINTS
        value = max(text_width(one.text, size.body, True) for one in values)
        name = max(text_width(one.text, size.body, True) for one in names)
        room = _room(ticks, size)
        wanted = max(min(name, NAME_WIDE * em) + value + 0.7 * em, LEAST_WIDE * em)
        fit = max(int((room + BETWEEN * em) / (wanted + BETWEEN * em)), 1)
        rows = -(-len(names) // min(fit, len(names)))
        return cls(tuple(names), tuple(values), -(-len(names) // rows), tuple(ticks), size)

    @property
    def em(self) -> float:
        """The size of text."""
        return self.size.body / POINTS

    @property
    def width(self) -> float:
        """The width of a panel."""
        return (_room(self.ticks, self.size) + BETWEEN * self.em) / self.columns - BETWEEN * self.em

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return -(-len(self.names) // self.columns)

    @property
    def height(self) -> float:
        """The least height of all panels with their headings and axes."""
        return self.height_of(self.rows)

    def height_of(self, rows: int, *, axis_lines: int = 1) -> float:
        """Return the least height of the first rows, with headings and axes."""
        low = len(self.names) >= MANY or not self.size.grows
        least = LOWEST if low else LEAST_HIGH
        return self._beside(rows, axis_lines) + rows * least * self.em

    def _beside(self, rows: int, axis_lines: int) -> float:
        """The height of headings and axes of the first rows."""
        axes = -(-rows // BLOCK) * self._axis(axis_lines)
        return axes + sum(self._heading(row) for row in range(rows))

    def _heading(self, row: int) -> float:
        first = row * self.columns
        shown = range(first, min(first + self.columns, len(self.names)))
        # Rows that there would be room for have no names yet: they take one line.
        lines = max((len(self.name_lines(at)) for at in shown), default=1)
        return (lines * LINE + 0.75) * self.em

    def _axis(self, lines: int) -> float:
        return (lines * LINE + 0.75) * self.em

    def name_lines(self, at: int) -> list[str]:
        """Return the lines of a name, which leave room for the value beside it."""
        value = text_width(self.values[at].text, self.size.body, True)
        return wrapped(
            self.names[at].text, self.width - value - 0.6 * self.em, self.size.body, True
        )

    def has_axis(self, at: int) -> bool:
        """Whether no panel is below this one, or only those of another time axis."""
        row = at // self.columns
        return row % BLOCK == BLOCK - 1 or at + self.columns >= len(self.names)

    def is_first(self, at: int) -> bool:
        """Whether this panel begins a row."""
        return at % self.columns == 0

    def panels(self, canvas: Canvas, *, axis_lines: int) -> list[Axes]:
        """Add the axes of all panels, with their headings, in the free room of a canvas."""
        high = (canvas.top - canvas.bottom - self._beside(self.rows, axis_lines)) / self.rows
        wide, tall = canvas.figure.get_figwidth(), canvas.figure.get_figheight()
        start = canvas.right - 0.6 * self.em - _room(self.ticks, self.size)
        found = []
        top = canvas.top
        for at in range(len(self.names)):
            row, column = divmod(at, self.columns)
            if column == 0:
                axis = self._axis(axis_lines) if row and row % BLOCK == 0 else 0.0
                top -= self._heading(row) + (high if row else 0.0) + axis
            left = start + column * (self.width + BETWEEN * self.em)
            axes = canvas.figure.add_axes(
                (left / wide, (top - high) / tall, self.width / wide, high / tall)
            )
            self._write_heading(canvas, at, left, top)
            found.append(axes)
            # The watermark of invented figures lies across every block, not every panel.
            if column == self.columns // 2 and row % BLOCK == min(BLOCK, self.rows) // 2:
                canvas.axes.append(axes)
        return found

    def _write_heading(self, canvas: Canvas, at: int, left: float, top: float) -> None:
        wide, tall = canvas.figure.get_figwidth(), canvas.figure.get_figheight()
        name, value = self.names[at], self.values[at]
        lines = self.name_lines(at)
        for number, line in enumerate(lines):
            y = top + (0.45 + (len(lines) - 1 - number) * LINE) * self.em
            written = [(line, left, "left", name)]
            if number == len(lines) - 1:
                written.append((value.text, left + self.width, "right", value))
            for text, x, align, one in written:
                canvas.figure.text(
                    x / wide,
                    y / tall,
                    text,
                    fontsize=self.size.body,
                    fontweight="bold" if one.bold else "normal",
                    color=one.color,
                    ha=align,
                    va="baseline",
                )


def _room(ticks: Sequence[str], size: theme.Size) -> float:
    """The width of all panels side by side: what margins and the value axis leave."""
    em = size.body / POINTS
    taken = max((text_width(one, size.body, False) for one in ticks), default=0.0)
    return size.width - 2 * MARGIN - taken - 1.3 * em
