"""One regular series: every period once, in order, missing where nothing is known."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from integstats.analysis import inputs
from integstats.analysis.inputs import FloatArray
from integstats.errors import SchemaError, UsageError
from integstats.table import key_columns, require

Kind = Literal["rate", "count", "gap"]
Reading = Literal["period", "mean_12m"]

RATE_EDGE = 0.0005
"""Rates nearer 0 or 1 are moved here before a logit: half the last decimal printed (0.1 %)."""
COUNT_EDGE = 0.5
"""Counts below this are moved here before a logarithm: half a person."""
_PERIODS_PER_YEAR = {"M": 12, "Q": 4, "Y": 1}


def from_table(table: pd.DataFrame, column: str) -> pd.Series:
    """Return one column of a table that holds one series, by period.

    Parameters
    ----------
    table
        A table in which every key but `period` has one value.
    column
        A numeric column.

    Returns
    -------
    pandas.Series
        As `regular`, named `column`.

    Raises
    ------
    SchemaError
        When a column is absent, or the table holds more than one series; the message names the
        keys that vary.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["00"] * 2, "period": pd.PeriodIndex(["2024-02", "2024-01"],
    ...                       freq="M"), "unemployment_rate": [0.05, 0.06]})
    >>> from_table(frame, "unemployment_rate").tolist()
    [0.06, 0.05]
    """
    require(table, ["period", column], what="One series")
    vary = [k for k in key_columns(table) if k != "period" and table[k].nunique(dropna=False) > 1]
    if vary:
        named = "; ".join(f"{key}: {', '.join(map(str, table[key].unique()[:4]))}" for key in vary)
        raise SchemaError(
            f"The table holds more than one series ({named}). Select one value of each key, or "
            "group by them and call once per group."
        )
    return regular(
        pd.Series(table[column].to_numpy(), pd.PeriodIndex(table["period"]), name=column)
    )


def regular(series: pd.Series) -> pd.Series:
    """Return the series in order with every period from its first to its last.

    Parameters
    ----------
    series
        Numbers with a monthly, quarterly or yearly PeriodIndex, in any order.

    Returns
    -------
    pandas.Series
        float64; a period that was left out is missing, never filled in.

    Raises
    ------
    SchemaError
        When the index holds something else than periods, or one twice; when a value is text or
        infinite, or none is known.

    Examples
    --------
    >>> index = pd.PeriodIndex(["2024-03", "2024-01"], freq="M")
    >>> regular(pd.Series([3, 1], index)).tolist()
    [1.0, nan, 3.0]
    """
    index = series.index
    if not isinstance(index, pd.PeriodIndex):
        raise SchemaError(
            f"A series needs a PeriodIndex (months, quarters or years); got {index.dtype}. "
            "Use from_table(), or series.to_period()."
        )
    if index.hasnans or not index.is_unique:
        twice = "a missing period" if index.hasnans else str(index[index.duplicated()][0])
        raise SchemaError(
            f"Every period of a series must stand once; got {twice} more than once or unknown. "
            "Select one value of each other key first."
        )
    values = pd.Series(inputs.floats(series.to_numpy(), name="The series"), index, name=series.name)
    if values.isna().all():
        raise SchemaError("The series has no known value; nothing can be computed from it.")
    first, last = index.min(), index.max()
    return values.reindex(pd.period_range(first, last, freq=index.freq))


def season_length(series: pd.Series) -> int:
    """Return the periods in a year: 12, 4 or 1.

    Examples
    --------
    >>> season_length(pd.Series([1.0], pd.PeriodIndex(["2024Q1"], freq="Q")))
    4
    """
    index = pd.PeriodIndex(series.index)
    found = _PERIODS_PER_YEAR.get(index.freqstr.split("-")[0])
    if found is None:
        raise UsageError(
            f"A series must be monthly, quarterly or yearly; got the frequency {index.freqstr}."
        )
    return found


def check_kind(values: FloatArray, kind: Kind) -> None:
    """Raise UsageError for an unknown kind, SchemaError for values it cannot have."""
    inputs.require_word(kind, Kind, name="kind")
    low, high = bounds(kind)
    known = values[~np.isnan(values)]
    if ((known < low) | (known > high)).any():
        raise SchemaError(
            f"A {kind} lies from {low:g} to {high:g}; got values from {known.min():g} to "
            f"{known.max():g}. Divide per cent by 100; kind is rate, count or gap."
        )


def bounds(kind: Kind) -> tuple[float, float]:
    """Return the lowest and highest value: 0 and 1 of a rate, 0 and none of a count."""
    return {"rate": (0.0, 1.0), "count": (0.0, np.inf), "gap": (-np.inf, np.inf)}[kind]


def to_scale(values: FloatArray, kind: Kind) -> FloatArray:
    """Put a rate on the logit scale, a count on the logarithmic one; leave a gap as it is.

    Examples
    --------
    >>> to_scale(np.array([0.5, 0.0]), "rate").round(3).tolist()
    [0.0, -7.6]
    """
    if kind == "rate":
        share = np.clip(values, RATE_EDGE, 1 - RATE_EDGE)
        return np.asarray(np.log(share / (1 - share)))
    return np.log(np.maximum(values, COUNT_EDGE)) if kind == "count" else values


def from_scale(values: FloatArray, kind: Kind) -> FloatArray:
    """Undo `to_scale`."""
    if kind == "rate":
        return np.asarray(1 / (1 + np.exp(-values)))
    return np.exp(values) if kind == "count" else values


def rolling_mean(values: FloatArray, window: int) -> FloatArray:
    """Return the mean of each value and the ones before it; missing where any is.

    Examples
    --------
    >>> rolling_mean(np.array([1.0, 3.0, np.nan, 5.0, 7.0]), 2).tolist()
    [nan, 2.0, nan, nan, 6.0]
    """
    result = np.full(len(values), np.nan)
    if len(values) >= window:
        result[window - 1 :] = np.lib.stride_tricks.sliding_window_view(values, window).mean(axis=1)
    return result
