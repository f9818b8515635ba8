"""A forecast beside the seasonal-naive one, with intervals from the errors both have made.

Which method is the default, and how good it was on real series: ``docs/forecast-evaluation.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from integstats.analysis import inputs
from integstats.analysis.backtest import (
    LEAST_ERRORS_95,
    half_width,
    independent_errors,
    intervals,
    prepared,
    projected,
    rolling_origin,
    scores,
)
from integstats.analysis.methods import DEFAULT, METHODS, Method, named, seasonal_naive
from integstats.analysis.series import Kind, Reading, bounds, to_scale
from integstats.errors import SchemaError, UsageError
from integstats.table import parse_period

CONFIDENCES = (0.80, 0.95)
Better = Literal["down", "up"]
Reason = Literal["better_than_naive", "not_better_than_naive", "too_few_errors", "asked_for"]


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """A forecast and how good such forecasts have been; see `forecast`.

    Attributes
    ----------
    origin
        The last period with a known value.
    method
        ``seasonal_level``, ``seasonal_naive`` or ``own``.
    reason
        Why: ``better_than_naive`` or ``not_better_than_naive`` in the backtest of this series,
        ``too_few_errors`` to tell (then seasonal naive), or ``asked_for``.
    kind, reading
        As asked.
    frame
        One row per period ahead: period, horizon; point, low_80, high_80, low_95, high_95; naive,
        naive_low_80, naive_high_80, naive_low_95, naive_high_95 (seasonal naive); errors (past
        errors behind the intervals), independent_errors (how many of them could be independent).
        In the unit of the series; missing where nothing can be said.
    backtest
        `scores` of the method and of ``seasonal_naive`` (column method), by horizon and
        confidence, on the same origins; each past interval used only what was known then.
    errors
        The past errors: horizon, origin, period, error (actual − forecast), of the method.
    """

    origin: pd.Period
    method: str
    reason: Reason
    kind: Kind
    reading: Reading
    frame: pd.DataFrame
    backtest: pd.DataFrame
    errors: pd.DataFrame


def forecast(
    series: pd.Series,
    *,
    horizon: int,
    method: str | Method = "default",
    kind: Kind = "rate",
    reading: Reading = "period",
) -> Forecast:
    """Forecast a series, beside the seasonal-naive forecast, with the errors of both.

    Parameters
    ----------
    series
        Numbers with a PeriodIndex. Cut it at a blocking break: nothing here looks for breaks.
    horizon
        Periods ahead of the last known value.
    method
        ``default``: ``seasonal_level`` where its mean absolute error in the backtest of this
        series, over all horizons asked, is below that of ``seasonal_naive``; that one otherwise.
        Or a name in `methods.METHODS`, or a function (see `backtest.rolling_origin`).
    kind
        ``rate`` (0–1), ``count`` or ``gap``.
    reading
        ``period``, or ``mean_12m``: the mean of the last year's periods, some known, the others
        forecast. It is the mean of the rates: `trends.rolling_rate`, a ratio of sums, differs where
        the denominator grows within a year (BAS 2020–2026, 25 places: by 0.001
        percentage points as a median, 0.03 at the 99th percentile, 0.16 at most).

    Returns
    -------
    Forecast
        Intervals are conformal (`backtest.half_width`): symmetric, from the errors of forecasts
        made at every earlier period from the third year on, within 0–1 for rates. No 95 per cent
        interval rests on fewer than 19 errors, or 4 that could be independent (six and a half
        years of months reach ten months ahead); no 80 per cent one on fewer than 4 errors.

    Raises
    ------
    UsageError
        When the horizon is below 1, or the method unknown.
    SchemaError
        When the series is shorter than a year or not one series, or values do not fit `kind`.
    """
    if horizon < 1:
        raise UsageError(f"horizon must be 1 or more periods; got {horizon}.")
    chosen = named(DEFAULT if method == "default" else method, others=("default",))
    values, season, width = prepared(series, kind, reading)
    if len(values) < season:
        raise SchemaError(
            f"A forecast needs at least one year ({season} periods); got {len(values)}."
        )
    ahead = range(1, horizon + 1)

    def past(one: Method) -> pd.DataFrame:
        return rolling_origin(values, one, horizons=ahead, kind=kind, reading=reading)

    naive_past = past(seasonal_naive)
    own_past = naive_past if chosen is seasonal_naive else past(chosen)
    reason: Reason = "asked_for"
    if method == "default":
        both = own_past["error"].notna() & naive_past["error"].notna()
        mae, naive_mae = (one["error"][both].abs().mean() for one in (own_past, naive_past))
        if both.any():
            reason = "better_than_naive" if mae < naive_mae else "not_better_than_naive"
        else:
            reason = "too_few_errors"
        if reason != "better_than_naive":
            chosen, own_past = seasonal_naive, naive_past
    name = next((key for key, one in METHODS.items() if one is chosen), "own")
    known, scaled = values.to_numpy(), to_scale(values.to_numpy(), kind)
    frame = pd.DataFrame({"period": values.index[-1] + np.array(ahead), "horizon": list(ahead)})
    for prefix, label, one, tested in (
        ("", "point", chosen, own_past),
        ("naive_", "naive", seasonal_naive, naive_past),
    ):
        frame[label] = projected(known, scaled, len(known) - 1, horizon, one, season, width, kind)
        _add_intervals(frame, prefix, label, tested, kind)
    tests = [
        scores(intervals(tested, confidence=level, kind=kind)).assign(method=label)
        for label, tested in {name: own_past, "seasonal_naive": naive_past}.items()
        for level in CONFIDENCES
    ]
    errors = own_past.loc[own_past["error"].notna(), ["horizon", "origin", "period", "error"]]
    return Forecast(
        origin=values.index[-1],
        method=name,
        reason=reason,
        kind=kind,
        reading=reading,
        frame=frame,
        backtest=pd.concat(tests, ignore_index=True),
        errors=errors.sort_values(["horizon", "origin"], ignore_index=True),
    )


def _add_intervals(
    frame: pd.DataFrame, prefix: str, point: str, tested: pd.DataFrame, kind: Kind
) -> None:
    """Add to `frame` the interval columns of one method, and how many errors are behind them."""
    known = tested[tested["error"].notna()]
    rows = known.groupby("horizon").indices
    error, origin = known["error"].to_numpy(), pd.PeriodIndex(known["origin"])
    parts = [rows.get(step, np.array([], dtype=int)) for step in frame["horizon"]]
    apart = [
        independent_errors(origin[part], step)
        for part, step in zip(parts, frame["horizon"], strict=True)
    ]
    floor, ceiling = bounds(kind)
    for level in CONFIDENCES:
        widths = np.array(
            [
                half_width(error[part], confidence=level, independent=independent)
                for part, independent in zip(parts, apart, strict=True)
            ]
        )
        frame[f"{prefix}low_{100 * level:.0f}"] = np.maximum(frame[point] - widths, floor)
        frame[f"{prefix}high_{100 * level:.0f}"] = np.minimum(frame[point] + widths, ceiling)
    if not prefix:
        frame["errors"] = [len(part) for part in parts]
        frame["independent_errors"] = apart


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How probable it is that a level is reached at a period; see `probability_reached`.

    Attributes
    ----------
    period, level, better
        As asked.
    probability
        0–1; missing when `reason` says why.
    low, high
        The conformal bounds: what the probability would be if the next error counted against, or
        for, reaching the level.
    errors, independent_errors
        Past errors behind it, and how many of them could be independent.
    reason
        Empty, ``too_few_errors`` (fewer than 19) or ``no_forecast`` (the point is missing).
    """

    period: pd.Period
    level: float
    better: Better
    probability: float
    low: float
    high: float
    errors: int
    independent_errors: float
    reason: Literal["", "too_few_errors", "no_forecast"]


def probability_reached(
    result: Forecast, level: float, *, period: str | pd.Period, better: Better = "down"
) -> Reached:
    """Return how probable it is that the series is at the level, or better, in that period.

    At that period: not at any time before it, and not for good.

    Parameters
    ----------
    result
        A forecast that reaches `period`.
    level
        In the unit of the series.
    period
        For example ``2026-06``.
    better
        ``down`` when lower is better (unemployment), ``up`` when higher is.

    Returns
    -------
    Reached
        k of the 2n values point ± past error reach the level, and m of the n errors could be
        independent: probability (m·k/2n + ½) / (m + 1), never 0 or 1. Errors are taken with both
        signs, as in the intervals: that unemployment mostly fell in the past is no reason for
        it to fall again, and in the evaluation it predicted worse.

    Raises
    ------
    UsageError
        When the forecast does not have the period, or the level is outside what the series can be.
    SchemaError
        When `period` is none of the forecast's frequency.
    """
    inputs.require_word(better, Better, name="better")
    floor, ceiling = bounds(result.kind)
    if not floor <= level <= ceiling:
        raise UsageError(
            f"The level of a {result.kind} lies from {floor:g} to {ceiling:g}; got {level:g}. "
            "Divide per cent by 100."
        )
    when = parse_period(period, result.origin.freq)
    row = result.frame[result.frame["period"] == when]
    if row.empty:
        raise UsageError(
            f"The forecast has {result.frame['period'].iloc[0]} to "
            f"{result.frame['period'].iloc[-1]}; got {when}. Ask for a longer horizon."
        )
    point, apart = float(row["point"].iloc[0]), float(row["independent_errors"].iloc[0])
    errors = result.errors.loc[result.errors["horizon"] == row["horizon"].iloc[0], "error"]
    probability = low = high = np.nan
    reason: Literal["", "too_few_errors", "no_forecast"] = ""
    if len(errors) < LEAST_ERRORS_95:
        reason = "too_few_errors"
    elif np.isnan(point):
        reason = "no_forecast"
    else:
        distance = (level - point) * (1 if better == "down" else -1)
        both = np.concatenate([errors, -errors])
        hits = apart * float(np.mean(both <= distance + 1e-12))
        low, probability, high = (float((hits + add) / (apart + 1)) for add in (0, 0.5, 1))
    return Reached(
        period=when,
        level=level,
        better=better,
        probability=probability,
        low=low,
        high=high,
        errors=len(errors),
        independent_errors=apart,
        reason=reason,
    )
