"""What stands beside a map: the legend of its classes, and the list of its places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from integstats.charts import theme
from integstats.charts.frame import Canvas
from integstats.charts.labels import Label
from integstats.charts.text_size import LINE, POINTS, text_width, wrapped

PITCH, HEADING = 1.4, 1.7
"""Height of a row of the list, and of the words above it, in the size of text."""
BOX, SPACE = 1.7, 0.5
"""Width of a box of colour, and the space beside it."""
CLASS = 1.35
"""Height of a class in the legend."""
BETWEEN = 1.3
"""Space between the parts."""
LEAST_HIGH = 20.0
"""Height of the smallest map where the figure may grow."""
ASPECT = 0.42
"""Width of Sweden, its height being 1."""
MOST_COLUMNS = 2
HATCH = "//////"


@dataclass(frozen=True, eq=False)
class Entry:
    """A row of the list; without a colour it is hatched, without a value it says `name` alone."""

    name: str
    color: str | None = None
    value: Label | None = None
    interval: Label | None = None


@dataclass(frozen=True, eq=False)
class Legend:
    """The classes from low to high, and where the country lies among them, a class being 1."""

    heading: str
    classes: tuple[tuple[str, Label], ...]
    country: Label | None
    level: float
    hidden: str
    absent: str


@dataclass(frozen=True, eq=False)
class Side:
    """Legend and list, and how much room they take; all lengths in inches."""

    legend: Legend
    entries: tuple[Entry, ...]
    heading: str
    size: theme.Size

    @property
    def em(self) -> float:
        """The size of text."""
        return self.size.body / POINTS

    @property
    def height(self) -> float:
        """The least height: of the list in one column if the figure may grow, else in two."""
        columns = 1 if self.size.grows else MOST_COLUMNS
        rows = -(-len(self.entries) // columns)
        return max((HEADING + rows * PITCH) * self.em, LEAST_HIGH * self.em)

    def columns(self, room: float) -> int:
        """Return into how many columns the list must be broken."""
        rows = max(int((room / self.em - HEADING) / PITCH + 1e-6), 1)
        return -(-len(self.entries) // rows)

    def fits(self, room: float, width: float) -> bool:
        """Whether a map that can be read is left beside legend and list."""
        columns = self.columns(room)
        left = width - self.legend_width - columns * (self.column_width + BETWEEN * self.em)
        high_enough = room >= 0.6 * LEAST_HIGH * self.em
        return columns <= MOST_COLUMNS and left >= ASPECT * room and high_enough

    @property
    def column_width(self) -> float:
        """The width of a column of the list."""
        parts = (SPACE + 0.9, self._widest(one.name for one in self.entries) / self.em, SPACE)
        row = sum(parts) * self.em + self._values + self._intervals
        return max(row, text_width(self.heading, self.size.body, True))

    @property
    def _values(self) -> float:
        return self._widest(one.value.text for one in self.entries if one.value) + self.em

    @property
    def _intervals(self) -> float:
        widest = self._widest(one.interval.text for one in self.entries if one.interval)
        return widest + 0.6 * self.em if widest else 0.0

    @property
    def legend_width(self) -> float:
        """The width of the legend."""
        heading = text_width(self.legend.heading, self.size.body, True)
        return self._country + max((BOX + SPACE) * self.em + self._words, heading)

    @property
    def _country(self) -> float:
        one = self.legend.country
        return self._widest(one.text.split("\n")) + SPACE * self.em if one is not None else 0.0

    @property
    def _words(self) -> float:
        return max(self._widest(one.text for _, one in self.legend.classes), 6.5 * self.em)

    def _widest(self, texts: Iterable[str]) -> float:
        return max((text_width(one, self.size.body, False) for one in texts), default=0.0)

    def map_axes(self, canvas: Canvas) -> Axes:
        """Add the axes of the map to the left of legend and list."""
        room = canvas.top - canvas.bottom
        columns = self.columns(room)
        taken = self.legend_width + columns * (self.column_width + BETWEEN * self.em)
        wide, tall = canvas.figure.get_figwidth(), canvas.figure.get_figheight()
        high = room - 0.5 * self.em
        axes = canvas.figure.add_axes(
            (
                canvas.left / wide,
                (canvas.top - high) / tall,
                max(canvas.right - canvas.left - taken - self.em, 0.3) / wide,
                high / tall,
            )
        )
        # The watermark of invented figures lies across map and list.
        whole = canvas.figure.add_axes(
            (
                canvas.left / wide,
                (canvas.top - high) / tall,
                (canvas.right - canvas.left) / wide,
                high / tall,
            ),
            zorder=5,
        )
        canvas.axes.append(whole)
        for one in (axes, whole):
            one.set_axis_off()
            for axis in (one.xaxis, one.yaxis):
                theme.set_ticks(axis, [], [])
        axes.set_anchor("N")
        return axes

    def write(self, canvas: Canvas, *, hidden: bool, absent: bool) -> None:
        """Write legend and list; `hidden` and `absent` tell which words the legend needs."""
        columns = self.columns(canvas.top - canvas.bottom)
        step = self.column_width + BETWEEN * self.em
        start = canvas.right - columns * step + BETWEEN * self.em
        self._write_legend(canvas, start - BETWEEN * self.em - self.legend_width, hidden, absent)
        rows = -(-len(self.entries) // columns)
        self._write(canvas, self.heading, start, canvas.top - self.em, theme.TEXT, bold=True)
        for at, one in enumerate(self.entries):
            column, row = divmod(at, rows)
            top = canvas.top - (HEADING + row * PITCH) * self.em
            self._write_entry(canvas, one, start + column * step, top)

    def _write_entry(self, canvas: Canvas, one: Entry, left: float, top: float) -> None:
        base = top - 0.95 * self.em
        if one.color is not None or one.value is not None:
            side = 0.9 * self.em
            self._box(canvas, left, base - 0.1 * self.em, side, side, one.color)
        self._write(canvas, one.name, left + (0.9 + SPACE) * self.em, base, theme.TEXT)
        right = left + self.column_width
        for label, at in ((one.value, right - self._intervals), (one.interval, right)):
            if label is not None:
                self._write(canvas, label.text, at, base, label.color, align="right")

    def _write_legend(self, canvas: Canvas, left: float, hidden: bool, absent: bool) -> None:
        box = left + self._country
        words = box + (BOX + SPACE) * self.em
        legend = self.legend
        self._write(canvas, legend.heading, box, canvas.top - self.em, theme.TEXT, bold=True)
        high = CLASS * self.em
        bottom = canvas.top - (HEADING + 0.2) * self.em - len(legend.classes) * high
        for at, (color, one) in enumerate(legend.classes):
            y = bottom + at * high
            self._box(canvas, box, y, BOX * self.em, high, color)
            self._write(canvas, one.text, words, y + 0.35 * self.em, theme.TEXT)
        if legend.country is not None:
            y = bottom + legend.level * high
            self._line(canvas, box - 0.4 * self.em, box + (BOX + 0.25) * self.em, y)
            country = legend.country
            x = left + self._country - SPACE * self.em
            for number, line in enumerate(country.text.split("\n")):
                below = (0.36 + (number - 0.5) * LINE) * self.em
                self._write(canvas, line, x, y - below, country.color, align="right")
            bottom = min(bottom, y - 0.4 * self.em)
        missing: list[tuple[str | None, str]] = [(None, legend.hidden)] if hidden else []
        missing += [(theme.BACKGROUND, legend.absent)] if absent else []
        for fill, words_of in missing:
            lines = wrapped(words_of, self._words, self.size.body, False)
            bottom -= 0.5 * self.em + high
            self._box(canvas, box, bottom, BOX * self.em, high, fill)
            for number, line in enumerate(lines):
                y = bottom + (0.35 - number * LINE) * self.em
                self._write(canvas, line, words, y, theme.TEXT)
            bottom -= (len(lines) - 1) * LINE * self.em

    def _write(
        self,
        canvas: Canvas,
        text: str,
        x: float,
        y: float,
        color: str,
        *,
        align: str = "left",
        bold: bool = False,
    ) -> None:
        canvas.figure.text(
            x / canvas.figure.get_figwidth(),
            y / canvas.figure.get_figheight(),
            text,
            fontsize=self.size.body,
            fontweight="bold" if bold else "normal",
            color=color,
            ha=align,
            va="baseline",
        )

    def _box(
        self, canvas: Canvas, x: float, y: float, width: float, height: float, color: str | None
    ) -> None:
        wide, tall = canvas.figure.get_figwidth(), canvas.figure.get_figheight()
        canvas.figure.add_artist(
            Rectangle(
                (x / wide, y / tall),
                width / wide,
                height / tall,
                transform=canvas.figure.transFigure,
                facecolor=theme.BACKGROUND if color is None else color,
                edgecolor=theme.MUTED,
                hatch=HATCH if color is None else None,
                linewidth=0.5 * theme.scale(),
            )
        )

    def _line(self, canvas: Canvas, left: float, right: float, y: float) -> None:
        wide, tall = canvas.figure.get_figwidth(), canvas.figure.get_figheight()
        canvas.figure.add_artist(
            Rectangle(
                (left / wide, (y - 0.1 * self.em) / tall),
                (right - left) / wide,
                0.2 * self.em / tall,
                transform=canvas.figure.transFigure,
                facecolor=theme.TARGET,
                edgecolor=theme.BACKGROUND,
                linewidth=0.6 * theme.scale(),
            )
        )
