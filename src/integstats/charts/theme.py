"""Colours, sizes and axes that all charts share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.axis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator, NullLocator

from integstats.catalogue import Language
from integstats.errors import UsageError, did_you_mean
from integstats.wording import numbers

SizeName = Literal["report", "slide", "square"]

FOREIGN_WOMEN = "#C34A00"
FOREIGN_MEN = "#12436D"
NATIVE = "#767676"
TARGET = "#222222"
TEXT = "#1A1A1A"
MUTED = "#595959"
BACKGROUND = "#FFFFFF"
PALETTE = (FOREIGN_WOMEN, FOREIGN_MEN, NATIVE)
BAND_ALPHA = 0.18


@dataclass(frozen=True)
class Size:
    """Canvas in inches, text sizes in points at final size, and whether the height may grow."""

    width: float
    height: float
    title: float
    body: float
    grows: bool

    @property
    def scale(self) -> float:
        """Line widths and markers relative to the report size."""
        return self.body / 8.0


SIZES: dict[str, Size] = {
    "report": Size(16 / 2.54, 10 / 2.54, title=11, body=8, grows=True),
    "slide": Size(25.4 / 2.54, 14.3 / 2.54, title=18, body=14, grows=False),
    "square": Size(16 / 2.54, 16 / 2.54, title=13, body=9, grows=False),
}


@dataclass(frozen=True)
class Look:
    """How one group is drawn, wherever it appears."""

    color: str
    dashes: tuple[float, ...]
    marker: str
    width: float


LOOKS: dict[tuple[str, str], Look] = {
    ("foreign_born", "women"): Look(FOREIGN_WOMEN, (), "o", 2.0),
    ("foreign_born", "men"): Look(FOREIGN_MEN, (), "s", 2.0),
    ("foreign_born", "total"): Look(TEXT, (), "D", 2.0),
    ("native_born", "women"): Look(NATIVE, (), "o", 1.4),
    ("native_born", "men"): Look(NATIVE, (4, 1.5), "s", 1.4),
    ("native_born", "total"): Look(NATIVE, (1, 1.2), "D", 1.4),
}


def look(birth_region: str, sex: str) -> Look:
    """Return how a group is drawn; groups beyond the usual ones look like the foreign-born."""
    return LOOKS.get((birth_region, sex), LOOKS["foreign_born", "total"])


def size(name: str) -> Size:
    """Return a size by name: report, slide or square.

    Raises
    ------
    UsageError
        When there is no such size.
    """
    if name not in SIZES:
        raise UsageError(
            f"Unknown size: {name!r}.{did_you_mean(name, SIZES)} Allowed: {', '.join(SIZES)}."
        )
    return SIZES[name]


@contextmanager
def styled(chosen: Size) -> Iterator[None]:
    """Apply the style to everything drawn inside, whatever the user's own settings are."""
    sheet = mpl.rc_params_from_file(
        str(files("integstats.charts").joinpath("integstats.mplstyle")),
        use_default_template=False,
    )
    settings: Any = dict(sheet)
    points = ("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize")
    widths = ("lines.linewidth", "axes.linewidth", "grid.linewidth", "xtick.major.size")
    settings |= dict.fromkeys(points, chosen.body)
    settings |= {key: settings[key] * chosen.scale for key in widths}
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        yield


def scale() -> float:
    """Line width of the size in use, relative to the report's."""
    return float(mpl.rcParams["lines.linewidth"]) / 2.0


def contrast(color: str, background: str = BACKGROUND) -> float:
    """Return the contrast of two colours by WCAG 2.1, 1 to 21.

    Examples
    --------
    >>> [round(contrast(one), 2) for one in PALETTE]
    [4.88, 10.25, 4.54]
    """
    first, second = sorted((_luminance(color), _luminance(background)))
    return (second + 0.05) / (first + 0.05)


def _luminance(color: str) -> float:
    rgb = np.asarray(mpl.colors.to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def line(
    axes: Axes,
    x: np.ndarray,
    y: np.ndarray,
    *,
    color: str,
    width: float,
    dashes: Sequence[float] = (),
    marker: str = "o",
    preliminary: np.ndarray | None = None,
    cuts: Sequence[float] = (),
) -> None:
    """Draw one line: a gap at a missing value and at each cut, a marker where a value stands alone.

    Parameters
    ----------
    axes
        Where to.
    x, y
        Points, sorted by x.
    color, width, dashes
        How; the width is that of the report size.
    marker
        For values without neighbours.
    preliminary
        Which values will be revised: drawn dotted, but only where others are final.
    cuts
        Places on the x axis that no line crosses (breaks).
    """
    y = np.asarray(y, dtype=float)
    mixed = preliminary is not None and bool(preliminary.any()) and not bool(preliminary.all())
    for part in _unbroken(x, y, cuts):
        if len(part) == 1:
            axes.plot(x[part], y[part], marker, color=color, markersize=4.5 * scale())
            continue
        runs = _runs(preliminary[part]) if mixed and preliminary is not None else [slice(None)]
        for at, run in enumerate(runs):
            here = part[run] if at == 0 else part[slice(run.start - 1, run.stop)]
            dotted = mixed and preliminary is not None and bool(preliminary[here[-1]])
            style = (1.0, 1.0) if dotted else tuple(dashes)
            axes.plot(
                x[here],
                y[here],
                color=color,
                linewidth=width * scale(),
                dashes=style or (None, None),
            )


def band(
    axes: Axes,
    x: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    *,
    color: str,
    cuts: Sequence[float],
) -> None:
    """Draw an interval: a tint whose edge is dark enough to be seen by itself."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    tint = mpl.colors.to_rgba(color, BAND_ALPHA)
    for part in _unbroken(x, low + high, cuts):
        if len(part) == 1:
            axes.vlines(x[part], low[part], high[part], color=color, linewidth=1.2 * scale())
            continue
        axes.fill_between(
            x[part],
            low[part],
            high[part],
            facecolor=tint,
            edgecolor=color,
            linewidth=0.35 * scale(),
            zorder=1.5,
        )


def _unbroken(x: np.ndarray, y: np.ndarray, cuts: Sequence[float]) -> list[np.ndarray]:
    """Indices of each run of known values with no cut inside."""
    known = np.flatnonzero(np.isfinite(y))
    if not len(known):
        return []
    side = np.searchsorted(np.sort(np.asarray(cuts, dtype=float)), x[known])
    apart = (np.diff(known) > 1) | (np.diff(side) > 0)
    return np.split(known, np.flatnonzero(apart) + 1)


def _runs(flags: np.ndarray) -> list[slice]:
    edges = [0, *(np.flatnonzero(np.diff(flags.astype(int))) + 1).tolist(), len(flags)]
    return [slice(first, last) for first, last in pairwise(edges)]


def time_values(periods: pd.Series | pd.PeriodIndex) -> np.ndarray:
    """Return periods as years on a proportional axis: months and quarters at their middle.

    A year stands at its own number, which is also the beginning of its first month.

    Examples
    --------
    >>> time_values(pd.PeriodIndex(["2024-01", "2024-07"], freq="M")).round(3).tolist()
    [2024.042, 2024.542]
    >>> time_values(pd.PeriodIndex(["2024"], freq="Y")).tolist()
    [2024.0]
    """
    index = pd.PeriodIndex(periods)
    years = np.asarray(index.year, dtype=float)
    per_year = {"M": 12, "Q": 4, "Y": 1}[index.freqstr[0]]
    if per_year == 1:
        return years
    part = (np.asarray(index.month) - 1) // (12 // per_year)
    return years + (part + 0.5) / per_year


def edges(periods: Sequence[pd.Period], freq: object) -> np.ndarray:
    """Return where each period begins on the axis: half a period before its own place.

    Examples
    --------
    >>> edges([pd.Period("2024-01", "M")], "M").round(3).tolist()
    [2024.0]
    """
    index = pd.PeriodIndex(list(periods), freq=freq)
    return time_values(index) - 0.5 / {"M": 12, "Q": 4, "Y": 1}[index.freqstr[0]]


def time_ticks(
    first: pd.Period, last: pd.Period, *, lang: Language
) -> tuple[list[float], list[str]]:
    """Return places and texts for a time axis: whole years, or parts of years in short spans.

    They count backwards from the last period, so that a deadline always has one. The year of a
    month or quarter stands on a second line.

    Examples
    --------
    >>> time_ticks(pd.Period("2025-12", "M"), pd.Period("2026-06", "M"), lang="sv")[1]
    ['dec\\n2025', 'mar\\n2026', 'jun\\n2026']
    """
    low, high = time_values(pd.PeriodIndex([first, last]))
    freq = first.freqstr[0]
    if high - low > 3.2 or freq == "Y":
        years = [year for year in range(first.year, last.year + 1) if low - 0.1 <= year <= high]
        step = 1 if len(years) <= 9 else 2 if len(years) <= 18 else 5
        years = years[::-1][::step][::-1]
        return [float(one) for one in years], [str(one) for one in years]
    shown = pd.period_range(first, last, freq=first.freqstr)
    if freq == "M":
        step = 6 if len(shown) > 13 else 3 if len(shown) > 5 else 1
    else:
        step = 2 if len(shown) > 6 else 1
    shown = shown[::-1][::step][::-1]
    return time_values(shown).tolist(), [tick_text(one, lang) for one in shown]


def tick_text(period: pd.Period, lang: Language) -> str:
    """Return a period as a tick says it, its year on a line below."""
    if period.freqstr[0] == "M":
        return f"{numbers.period(period, short=True, lang=lang)}\n{period.year}"
    return "\n".join(numbers.period(period, lang=lang).rsplit(" ", 1))


def value_axis(
    axes: Axes,
    unit: numbers.Unit,
    *,
    lang: Language,
    which: Literal["x", "y"] = "y",
    count: int = 5,
) -> None:
    """Put round values, written in the language, on an axis that already has its limits."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    low, high = sorted(axes.get_ylim() if which == "y" else axes.get_xlim())
    steps = [1, 2, 2.5, 5, 10] if unit != "count" else [1, 2, 5, 10]
    locator = MaxNLocator(nbins=max(count, 2), steps=steps, integer=unit == "count")
    ticks = [
        round(float(one), 10)
        for one in locator.tick_values(low, high)
        if low - 1e-9 <= one <= high + 1e-9
    ]
    decimals = numbers.tick_decimals(ticks, unit)
    texts = [numbers.tick(one, unit=unit, decimals=decimals, lang=lang) for one in ticks]
    set_ticks(axis, ticks, texts)


def set_ticks(axis: mpl.axis.Axis, values: Sequence[float], texts: Sequence[str]) -> None:
    """Put these texts at these values of an axis, and nothing else."""
    axis.set_major_locator(FixedLocator(values))
    axis.set_major_formatter(FixedFormatter(texts))
    axis.set_minor_locator(NullLocator())


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
