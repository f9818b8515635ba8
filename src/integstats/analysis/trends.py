"""Season, twelve-month readings, and changes against the same month of another year."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
from statsmodels.tsa.seasonal import STL

from integstats.analysis import inputs
from integstats.analysis.series import regular, rolling_mean, season_length
from integstats.analysis.small_numbers import NO_RATE_BELOW, WARN_BELOW
from integstats.errors import IntegstatsWarning, SchemaError, SmallBaseWarning, UsageError
from integstats.table import match_rows, row_ids

ADJUSTMENT_NOTES = ("", "gap", "short")
READING_NOTES = ("", "incomplete", "small_base", "suppressed")


def seasonal(
    series: pd.Series,
    *,
    robust: bool = True,
    like_r: bool = False,
    window: int = 7,
    trend_window: int | None = None,
) -> pd.DataFrame:
    """Split a series into trend, season and remainder (STL).

    Parameters
    ----------
    series
        Monthly or quarterly numbers with a PeriodIndex, without gaps, at least two years.
    robust
        Give outliers little weight.
    like_r
        Use the settings with which the result equals R's ``stl``: a season that is locally
        constant, R's jumps and its numbers of iterations.
    window
        Years over which the season of one calendar month is smoothed: odd, at least 7; R's
        ``s.window``.
    trend_window
        Periods over which the trend is smoothed: odd and above the season; R's ``t.window``.
        The smallest odd number from 1.5 · season / (1 − 1.5 / window) when left out.

    Returns
    -------
    pandas.DataFrame
        By period: observed = trend + seasonal + remainder, and adjusted = observed − seasonal, all
        in the unit of the series.

    Raises
    ------
    UsageError
        For a yearly series, or windows that STL does not have.
    SchemaError
        When periods are missing between the first and the last, or there are too few.

    Notes
    -----
    Cleveland, Cleveland, McRae & Terpenning (1990), "STL: a seasonal-trend decomposition procedure
    based on loess", Journal of Official Statistics 6, 3–73; ``statsmodels.tsa.seasonal.STL``.

    Examples
    --------
    >>> index = pd.period_range("2020Q1", periods=12, freq="Q")
    >>> split = seasonal(pd.Series([5.0, 3, 4, 8] * 3, index))
    >>> split["seasonal"].round(6).tolist()[:4]
    [0.0, -2.0, -1.0, 3.0]
    """
    values = regular(series)
    period = season_length(values)
    if period == 1:
        raise UsageError("A yearly series has no season; give months or quarters.")
    for name, size, least in (("window", window, 7), ("trend_window", trend_window, period + 1)):
        if size is not None and (size % 2 == 0 or size < least):
            raise UsageError(f"{name} must be odd and at least {least}; got {size}.")
    values = values.loc[values.first_valid_index() : values.last_valid_index()]
    if values.isna().any():
        gaps = ", ".join(map(str, values.index[values.isna()][:5]))
        raise SchemaError(
            f"STL needs every period; {int(values.isna().sum())} are missing: {gaps}. Choose a "
            "start after the gap."
        )
    if len(values) < 2 * period:
        raise SchemaError(
            f"STL needs at least two years ({2 * period} periods); got {len(values)}."
        )
    trend_width = trend_window or _odd_from(1.5 * period / (1 - 1.5 / window))
    low_pass = period + 1  # the next odd number, in R as in statsmodels
    settings: dict[str, int] = {}
    iterations: dict[str, int] = {}
    if like_r:
        settings = {
            "seasonal_deg": 0,
            "seasonal_jump": math.ceil(window / 10),
            "trend_jump": math.ceil(trend_width / 10),
            "low_pass_jump": math.ceil(low_pass / 10),
        }
        iterations = {"inner_iter": 1 if robust else 2, "outer_iter": 15 if robust else 0}
    fitted = STL(
        values.to_numpy(),
        period=period,
        seasonal=window,
        trend=trend_width,
        low_pass=low_pass,
        robust=robust,
        **settings,
    ).fit(**iterations)
    return pd.DataFrame(
        {
            "observed": values.to_numpy(),
            "trend": fitted.trend,
            "seasonal": fitted.seasonal,
            "remainder": fitted.resid,
            "adjusted": values.to_numpy() - fitted.seasonal,
        },
        index=values.index,
    )


def _odd_from(number: float) -> int:
    whole = math.ceil(number)
    return whole if whole % 2 else whole + 1


def seasonal_adjust(
    table: pd.DataFrame, column: str, *, robust: bool = True, like_r: bool = False
) -> pd.DataFrame:
    """Add the trend and the seasonally adjusted values of a column, group by group.

    Parameters
    ----------
    table
        The one table, monthly or quarterly. Consumes `period`; groups by every other key.
    column
        A rate or a count.
    robust, like_r
        As in `seasonal`.

    Returns
    -------
    pandas.DataFrame
        The columns of `table`, and ``<column>_trend``, ``<column>_seasonal``,
        ``<column>_adjusted`` in the unit of the column, and ``<column>_adjusted_note`` (category:
        empty, ``gap`` where the group has missing periods inside, ``short`` where it has less
        than two years; the three columns are then missing).

    Warns
    -----
    IntegstatsWarning
        Once, when groups could not be adjusted.
    """
    keys = inputs.group_keys(table, consumed=["period"], what="seasonal_adjust()")
    values = inputs.floats(_column(table, column, "seasonal_adjust()"), name=column)
    periods = pd.PeriodIndex(table["period"])
    parts = {name: np.full(len(table), np.nan) for name in ("trend", "seasonal", "adjusted")}
    notes = np.zeros(len(table), dtype="int8")
    refused = 0
    for rows in inputs.row_groups(table, keys):
        known = rows[~np.isnan(values[rows])]
        span = np.ptp(periods[known].asi8) + 1 if len(known) else 0
        if span < 2 * season_length(pd.Series(index=periods[:1], dtype=float)):
            notes[rows] = 2
        elif span > len(known):
            notes[rows] = 1
        else:
            split = seasonal(
                pd.Series(values[known], periods[known]), robust=robust, like_r=like_r
            ).loc[periods[known]]
            for name, target in parts.items():
                target[known] = split[name].to_numpy()
        refused += int(notes[rows[0]] > 0)
    if refused:
        warnings.warn(
            f"{refused} series of {column} were not seasonally adjusted: see "
            f"{column}_adjusted_note (gap: missing periods inside; short: less than two years).",
            IntegstatsWarning,
            stacklevel=2,
        )
    return table.assign(
        **{f"{column}_{name}": part for name, part in parts.items()},
        **{f"{column}_adjusted_note": _category(notes, ADJUSTMENT_NOTES)},
    )


def _column(table: pd.DataFrame, column: str, what: str) -> pd.Series:
    if column not in table.columns:
        raise SchemaError(
            f"{what} needs the column {column}; got: {', '.join(map(str, table.columns))}."
        )
    return table[column]


def _category(codes: np.ndarray, words: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes.astype("int8"), categories=pd.Index(words))


def rolling_rate(
    table: pd.DataFrame, *, numerator: str, denominator: str, window: int | None = None
) -> pd.DataFrame:
    """Add the twelve-month reading of a rate: sum of numerators over sum of denominators.

    Parameters
    ----------
    table
        The one table with two counts. Consumes `period`; groups by every other key.
    numerator, denominator
        Columns of counts.
    window
        Periods in the reading; those of one year when left out (12, 4 or 1).

    Returns
    -------
    pandas.DataFrame
        The columns of `table`, and `rolling_rate` (a share 0–1 of the window that ends in the
        row's period), `rolling_n` (persons: the mean denominator of the window) and
        `rolling_rate_note` (category: empty; ``incomplete`` when a period of the window is
        absent or a count missing; ``small_base`` below 50 persons; ``suppressed`` below 30).
        `rolling_rate` is missing when incomplete or suppressed, `rolling_n` when incomplete.

    Raises
    ------
    SchemaError
        When a column is absent, a key not unique, or a count negative.
    UsageError
        When the window is below 1.

    Warns
    -----
    SmallBaseWarning
        Once, when a reading rests on fewer than 50 persons.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["00"] * 4,
    ...                       "period": pd.period_range("2024Q1", periods=4, freq="Q"),
    ...                       "unemployed": [10.0, 20, 30, 40], "labour_force": [500.0] * 4})
    >>> rolling_rate(frame, numerator="unemployed",
    ...              denominator="labour_force")[["rolling_rate", "rolling_n"]].iloc[-1].tolist()
    [0.05, 500.0]
    """
    what = "rolling_rate()"
    keys = inputs.group_keys(table, consumed=["period"], what=what)
    top = inputs.counts(_column(table, numerator, what), name=numerator)
    base = inputs.counts(_column(table, denominator, what), name=denominator)
    periods = pd.PeriodIndex(table["period"])
    width = season_length(pd.Series(index=periods, dtype=float)) if window is None else window
    if width < 1:
        raise UsageError(f"window must be at least 1 period; got {width}.")
    mean_top, mean_base = (np.full(len(table), np.nan) for _ in range(2))
    for rows in inputs.row_groups(table, keys):
        position = periods[rows].asi8 - periods[rows].asi8.min()
        for counts, means in ((top, mean_top), (base, mean_base)):
            line = np.full(int(position.max()) + 1, np.nan)
            # A count without its pair is no part of a rate: both are missing where one is.
            line[position] = np.where(np.isnan(top[rows] + base[rows]), np.nan, counts[rows])
            means[rows] = rolling_mean(line, width)[position]
    shown = mean_base >= NO_RATE_BELOW
    rate = np.divide(mean_top, mean_base, out=np.full(len(table), np.nan), where=shown)
    notes = np.select([np.isnan(mean_base), ~shown, mean_base < WARN_BELOW], [1, 3, 2], default=0)
    if (notes > 1).any():
        warnings.warn(
            f"{int((notes > 1).sum())} of {len(table)} readings rest on fewer than {WARN_BELOW} "
            f"persons; {int((notes == 3).sum())} on fewer than {NO_RATE_BELOW} are missing.",
            SmallBaseWarning,
            stacklevel=2,
        )
    return table.assign(
        rolling_rate=rate, rolling_n=mean_base, rolling_rate_note=_category(notes, READING_NOTES)
    )


def change_same_month(table: pd.DataFrame, column: str, *, years: int = 1) -> pd.DataFrame:
    """Add the change against the same month (quarter, year) of an earlier year.

    Parameters
    ----------
    table
        The one table. Consumes `period`; groups by every other key.
    column
        A numeric column.
    years
        How many years back.

    Returns
    -------
    pandas.DataFrame
        The columns of `table`, and `earlier_period`, `earlier` (the value then, in the unit of
        the column), `change` (now − then, in the unit of the column; missing for a rate) and
        `change_pp` (percentage points; missing for a count). A column named ``*_rate`` is a
        share and changes in percentage points, one named ``*_pp`` is in them. All are missing
        when either value is.

    Raises
    ------
    SchemaError
        When a column is absent or a key not unique.
    UsageError
        When `years` is below 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["00"] * 2, "period": pd.PeriodIndex(["2023-06", "2024-06"],
    ...                       freq="M"), "unemployment_rate": [0.08, 0.065]})
    >>> change_same_month(frame, "unemployment_rate")["change_pp"].round(2).tolist()
    [nan, -1.5]
    """
    if years < 1:
        raise UsageError(f"years must be at least 1; got {years}.")
    what = "change_same_month()"
    keys = inputs.group_keys(table, consumed=["period"], what=what)
    values = inputs.floats(_column(table, column, what), name=column)
    periods = pd.PeriodIndex(table["period"])
    back = years * season_length(pd.Series(index=periods, dtype=float))
    group = row_ids(table, keys)
    span = int(np.ptp(periods.asi8)) + back + 1 if len(periods) else 1
    position = periods.asi8 - (periods.asi8.min() if len(periods) else 0) + back
    # Renumbered so that group · span stays far from 64 bits.
    group = np.unique(group, return_inverse=True)[1] * span
    found = match_rows(group + position - back, group + position)
    earlier = np.where(found >= 0, values[found], np.nan)
    change = values - earlier
    in_points = column.endswith(("_rate", "_pp"))
    nothing = np.full(len(table), np.nan)
    return table.assign(
        earlier_period=periods - back,
        earlier=earlier,
        change=nothing if in_points else change,
        change_pp=change * (100 if column.endswith("_rate") else 1) if in_points else nothing,
    )
