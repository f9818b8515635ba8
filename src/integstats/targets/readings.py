"""What a target is read from: its months or quarters, and the readings made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from integstats.analysis.inputs import BoolArray, FloatArray
from integstats.analysis.small_numbers import (
    NO_RATE_BELOW,
    difference_interval,
    proportion_interval,
)
from integstats.targets import windows
from integstats.targets.cells import (
    STATUS,
    Cells,
    all_periods,
    groups_of,
    lay_out,
    measure_better,
    of_dataset,
    of_group,
    parts,
)
from integstats.targets.chance import Basis
from integstats.targets.requirements import Reading
from integstats.targets.target import Target
from integstats.targets.verdict import Point
from integstats.targets.windows import Dated

IN_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Level:
    """A rate or count of one group as it is read, places × periods.

    `value` is a share 0–1, missing below 30 persons, or a number of persons; `n` and `count` are
    the mean denominator (NaN for counts) and numerator of the months of the reading; `single`
    is the value of the single month or quarter.
    """

    value: FloatArray
    n: FloatArray
    count: FloatArray
    single: FloatArray


@dataclass(frozen=True, eq=False)
class Readings:
    """The series a target is read from, places × periods.

    `value`, `low` and `high` (95 % interval) and `single` (the thin line of a chart) are in the
    target's unit; `own` and `comparator` are the levels behind; `means` holds the other counts,
    read in the same way; `readable` tells where the reading may stand (``same_month``: only in
    the baseline's month); `breaks` are those of each place.
    """

    target: Target
    places: tuple[str, ...]
    cells: Cells
    own: Level
    comparator: Level | None
    value: FloatArray
    low: FloatArray
    high: FloatArray
    single: FloatArray
    means: Mapping[str, FloatArray]
    readable: BoolArray
    breaks: tuple[tuple[Dated, ...], ...]

    @property
    def periods(self) -> pd.PeriodIndex:
        """The periods of the columns, without holes."""
        return self.cells.periods

    def basis(self, columns: np.ndarray) -> Basis:
        """Return what the reading of each place in its column rests on."""
        rows = np.arange(len(self.places))
        other = self.comparator
        return Basis(
            unit=self.target.unit,
            better=measure_better(self.target),
            noise_variance=self.target.noise_variance,
            n=self.own.n[rows, columns],
            comparator=None if other is None else other.value[rows, columns],
            comparator_n=None if other is None else other.n[rows, columns],
        )

    def point(self, place: int, column: int) -> Point:
        """Return one reading of the place in that row."""
        return Point(
            period=self.periods[column],
            value=float(self.value[place, column]),
            low=float(self.low[place, column]),
            high=float(self.high[place, column]),
            n=float(self.own.n[place, column]),
            count=float(self.own.count[place, column]),
        )

    def preliminary(self, place: int, column: int) -> bool:
        """Whether any month that a reading rests on is preliminary."""
        first = max(0, column - windows.width(self.target.reading) + 1)
        return bool(self.cells.preliminary[place, first : column + 1].any())

    def frame(self, place: int) -> pd.DataFrame:
        """Return the series of the place in that row.

        Returns
        -------
        pandas.DataFrame
            ``period``; ``value``, ``low``, ``high`` (the reading and its 95 % interval, in the
            target's unit); ``n`` and ``count`` (mean persons in denominator and numerator);
            ``month_value`` (the single month or quarter); ``status``; for a gap or ratio also
            ``own_rate``, ``comparator_rate`` (shares), ``comparator_n`` and
            ``comparator_count``.
        """
        columns: dict[str, object] = {
            "period": self.periods.array,
            "value": self.value[place],
            "low": self.low[place],
            "high": self.high[place],
            "n": self.own.n[place],
            "count": self.own.count[place],
            "month_value": self.single[place],
            "status": pd.Categorical.from_codes(self.cells.status[place], dtype=STATUS),
        }
        if self.comparator is not None:
            columns["own_rate"] = self.own.value[place]
            columns["comparator_rate"] = self.comparator.value[place]
            columns["comparator_n"] = self.comparator.n[place]
            columns["comparator_count"] = self.comparator.count[place]
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self.periods)))


def read(table: pd.DataFrame, target: Target, places: Sequence[str]) -> Readings:
    """Read a target's series for several places at once.

    ``mean_12m`` is the sum of twelve months' numerators over the sum of their denominators, and
    missing unless all twelve are there; ``same_month`` stands only in the baseline's calendar
    month; ``month`` is the month itself. Quarters are read in the same three ways, years as they
    are. Below 30 persons in the denominator there is no rate.

    Parameters
    ----------
    table
        The one table, with rows for every place and group and the counts of the measure.
    target
        What to read.
    places
        Keys in the column `place`.

    Raises
    ------
    TargetError
        When the table has no rows of the target's dataset, age or group, another frequency, or
        lacks the counts.
    SnapshotMissingError
        When a place is not in the table: names it and how to fetch it.
    """
    numerator, denominator = parts(target)
    needed = [numerator] if denominator is None else [numerator, denominator]
    rows = of_dataset(table, target, needed)
    extra = [name for name in ("employed", "labour_force", "population") if name in rows.columns]
    groups = groups_of(target)
    own_rows = of_group(rows, *groups[0], target)
    periods = all_periods(own_rows)
    cells = lay_out(own_rows, places, periods, [*dict.fromkeys([*needed, *extra])], target)
    breaks = tuple(windows.breaks_of(target, place) for place in places)
    mixed = _across_breaks(breaks, periods, target.reading)
    own = _level(cells, numerator, denominator, target.reading, mixed)
    since = periods.asi8 - target.baseline_period.ordinal
    readable = np.asarray(since % windows.step(target.reading) == 0)
    comparator = None
    for group in groups[1:]:
        other = lay_out(of_group(rows, *group, target), places, periods, needed, target)
        comparator = _level(other, numerator, denominator, target.reading, mixed)
    value, low, high, single = _in_unit(target, own, comparator)
    hidden = ~readable
    value, low, high = (np.where(hidden, np.nan, one) for one in (value, low, high))
    means = {name: smoothed(cells.counts[name], target.reading) for name in extra}
    return Readings(
        target=target,
        places=tuple(places),
        cells=cells,
        own=own,
        comparator=comparator,
        value=value,
        low=low,
        high=high,
        single=single,
        means=means,
        readable=readable,
        breaks=breaks,
    )


def smoothed(values: FloatArray, reading: Reading) -> FloatArray:
    """Return the mean over a whole year along the last axis, or the values as they are.

    A year with a missing part is missing.

    Examples
    --------
    >>> smoothed(np.array([[1.0, 2, 3, 4, 8]]), "mean_4q").tolist()
    [[nan, nan, nan, 2.5, 4.25]]
    """
    width = windows.width(reading)
    if width == 1:
        return values
    result = np.full(values.shape, np.nan)
    if values.shape[-1] >= width:
        result[..., width - 1 :] = sliding_window_view(values, width, axis=-1).sum(-1) / width
    return result


def _across_breaks(
    breaks: Sequence[Sequence[Dated]], periods: pd.PeriodIndex, reading: Reading
) -> BoolArray:
    """Where a reading would mix figures from both sides of a blocking break."""
    mixed = np.zeros((len(breaks), len(periods)), dtype=bool)
    reach = windows.width(reading) - 1
    for row, dated in enumerate(breaks):
        for first, one in dated:
            at = int(first.ordinal - periods.asi8[0])
            if one.effect == "blocks" and at > 0:
                mixed[row, at : at + reach] = True
    return mixed


def _level(
    cells: Cells, numerator: str, denominator: str | None, reading: Reading, mixed: BoolArray
) -> Level:
    single_count = cells.counts[numerator]
    count = np.where(mixed, np.nan, smoothed(single_count, reading))
    if denominator is None:
        return Level(count, np.full(count.shape, np.nan), count, single_count)
    single_n = cells.counts[denominator]
    n = np.where(mixed, np.nan, smoothed(single_n, reading))
    return Level(_rate(count, n), n, count, _rate(single_count, single_n))


def _rate(count: FloatArray, n: FloatArray) -> FloatArray:
    rate = np.full(count.shape, np.nan)
    np.divide(count, n, out=rate, where=n >= NO_RATE_BELOW)
    return rate


def _in_unit(
    target: Target, own: Level, other: Level | None
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Value, low, high and single value in the unit of the target."""
    if target.unit == "persons":
        half = IN_95 * np.sqrt(own.count + target.noise_variance)
        return own.value, np.maximum(own.value - half, 0), own.value + half, own.single
    shown = ~np.isnan(own.value)
    if other is None:
        low, high = proportion_interval(
            np.where(shown, own.count, np.nan), np.where(shown, own.n, np.nan)
        )
        return own.value, low, high, own.single
    shown &= ~np.isnan(other.value)
    if target.unit == "ratio":
        value, single = _ratio(own.value, other.value), _ratio(own.single, other.single)
        basis = Basis("ratio", "down", target.noise_variance, own.n, other.value, other.n)
        spread = np.exp(IN_95 * np.sqrt(basis.variance(value)))
        return value, value / spread, value * spread, single
    first, second = (other, own) if measure_better(target) == "up" else (own, other)
    low, high = difference_interval(
        *(np.where(shown, one, np.nan) for one in (first.count, first.n)),
        *(np.where(shown, one, np.nan) for one in (second.count, second.n)),
    )
    return (
        100 * (first.value - second.value),
        100 * low,
        100 * high,
        100 * (first.single - second.single),
    )


def _ratio(own: FloatArray, other: FloatArray) -> FloatArray:
    ratio = np.full(own.shape, np.nan)
    np.divide(own, other, out=ratio, where=other > 0)
    return ratio
