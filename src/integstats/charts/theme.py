"""Colours, sizes and axes that all charts share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from integstats.catalogue import Language
from integstats.errors import UsageError, did_you_mean
from integstats.wording import numbers

SizeName = Literal["report", "slide", "square"]

FOREIGN_WOMEN = "#C34A00"
FOREIGN_MEN = "#12436D"
NATIVE = "#767676"
COMPARISON = "#767676"
TARGET = "#222222"
TEXT = "#1A1A1A"
MUTED = "#595959"
BACKGROUND = "#FFFFFF"
PALETTE = (FOREIGN_WOMEN, FOREIGN_MEN, NATIVE, TARGET)


@dataclass(frozen=True)
class Size:
    """Canvas in inches, and text sizes in points at final size."""

    width: float
    height: float
    title: float
    body: float
    small: float

    @property
    def scale(self) -> float:
        """Line widths and markers relative to the report size."""
        return self.body / 8.0


SIZES: dict[str, Size] = {
    "report": Size(16 / 2.54, 10 / 2.54, title=12, body=8, small=8),
    "slide": Size(25.4 / 2.54, 14.3 / 2.54, title=20, body=14, small=14),
    "square": Size(14 / 2.54, 14 / 2.54, title=14, body=9, small=9),
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
    ("foreign_born", "total"): Look(TARGET, (), "D", 2.0),
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
    """Apply the style to everything drawn inside, and to nothing else."""
    sheet = mpl.rc_params_from_file(
        str(files("integstats.charts").joinpath("integstats.mplstyle")),
        use_default_template=False,
    )
    with mpl.rc_context(rc=sheet):
        for key in ("font.size", "axes.titlesize", "axes.labelsize"):
            mpl.rcParams[key] = chosen.body
        for key in ("xtick.labelsize", "ytick.labelsize"):
            mpl.rcParams[key] = chosen.small
        for key in ("lines.linewidth", "axes.linewidth", "grid.linewidth", "xtick.major.size"):
            mpl.rcParams[key] *= chosen.scale
        yield


def scale() -> float:
    """Line width of the size in use, relative to the report's."""
    return float(mpl.rcParams["lines.linewidth"]) / 2.0


def line(
    axes: Axes,
    x: np.ndarray,
    y: pd.Series,
    style: Look,
    *,
    single: bool = False,
    thin: bool = False,
) -> None:
    """Draw one group's line; a single period is a marker, and a missing value a gap."""
    axes.plot(
        x,
        y.to_numpy(dtype=float),
        color=style.color,
        linewidth=(0.7 if thin else style.width) * scale(),
        dashes=style.dashes or (None, None),
        marker=style.marker if single else None,
        markersize=5 * scale(),
    )


def time_values(periods: pd.Series | pd.PeriodIndex) -> np.ndarray:
    """Return periods as years on a proportional axis, each at its middle.

    Examples
    --------
    >>> time_values(pd.PeriodIndex(["2024-01", "2024-07"], freq="M")).round(3).tolist()
    [2024.042, 2024.542]
    """
    index = pd.PeriodIndex(periods)
    per_year = {"M": 12, "Q": 4, "Y": 1}[index.freqstr[0]]
    month = (index.month.to_numpy() - 1) // (12 // per_year)
    return index.year.to_numpy() + (month + 0.5) / per_year


def time_axis(axes: Axes, first: pd.Period, last: pd.Period, *, lang: Language) -> None:
    """Put whole years, or half-years for short spans, on a time axis."""
    low, high = time_values(pd.PeriodIndex([first, last]))
    if high - low > 3.2:
        years = range(int(np.floor(low)), int(np.ceil(high)) + 1)
        step = 1 if len(years) <= 9 else 2 if len(years) <= 18 else 5
        ticks = [float(year) for year in years if year % step == 0 and low - 0.1 <= year <= high]
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        return
    if first.freqstr[0] == "M":
        months = pd.period_range(first, last, freq="M")
        step = 6 if len(months) > 13 else 3 if len(months) > 5 else 1
        shown = months[::-1][::step][::-1]
    else:
        shown = pd.period_range(first, last, freq=first.freqstr)
    axes.xaxis.set_major_locator(FixedLocator(list(time_values(shown))))
    texts = [_tick_text(one, lang) for one in shown]
    axes.set_xticks(list(time_values(shown)), texts)


def _tick_text(period: pd.Period, lang: Language) -> str:
    if period.freqstr[0] == "M":
        return f"{numbers.period(period, short=True, lang=lang)}\n{period.year}"
    return numbers.period(period, lang=lang)


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
    ticks = [
        float(one)
        for one in MaxNLocator(nbins=count, steps=steps, integer=unit == "count").tick_values(
            low, high
        )
        if low - 1e-9 <= one <= high + 1e-9
    ]
    ticks = [round(one, 10) for one in ticks]
    decimals = numbers.tick_decimals(ticks, unit)
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(
        FuncFormatter(
            lambda value, _: numbers.tick(round(value, 10), unit=unit, decimals=decimals, lang=lang)
        )
    )
