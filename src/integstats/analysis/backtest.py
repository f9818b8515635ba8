"""How good a forecast would have been: made again and again in the past, and compared.

The intervals are conformal: as wide as the errors that were already known at the time.
Vovk, Gammerman & Shafer (2005), "Algorithmic learning in a random world"; for series with
overlapping errors the number of errors is reduced to the number that could be independent.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from statsmodels.stats.proportion import proportion_confint

from integstats.analysis import inputs
from integstats.analysis.inputs import BoolArray, FloatArray
from integstats.analysis.methods import Method, named
from integstats.analysis.series import (
    Kind,
    Reading,
    bounds,
    check_kind,
    from_scale,
    regular,
    rolling_mean,
    season_length,
    to_scale,
)
from integstats.errors import SchemaError, UsageError
from integstats.table import parse_period, require

LEAST_ERRORS_95 = 19
"""Errors below which there is no 95 % interval: 19 of 20 is the first rank that reaches it."""
LEAST_INDEPENDENT = 4
"""Independent errors below which no interval above 80 % is given: even the 80 % one is then the
largest error ever seen, and nothing wider is known. (Only overlapping errors come so low.)"""
SCORE_COLUMNS = (
    "horizon",
    "confidence",
    "origins",
    "mae",
    "intervals",
    "coverage",
    "score",
    "independent",
    "covered",
)


def rolling_origin(
    series: pd.Series,
    method: str | Method,
    *,
    horizons: Sequence[int],
    first_origin: str | pd.Period | None = None,
    step: int = 1,
    kind: Kind = "rate",
    reading: Reading = "period",
) -> pd.DataFrame:
    """Forecast from one past period after another, with only what was known by then.

    Parameters
    ----------
    series
        Numbers with a PeriodIndex; missing values stay missing.
    method
        A name in `methods.METHODS` (``seasonal_level``, ``seasonal_naive``), or a function. It is
        called with the known values on the logit scale (a rate), the logarithmic one (a count)
        or as they are (a gap), the number of periods ahead and the periods in a year, and
        returns as many values as periods ahead.
    horizons
        Periods ahead, 1 or more.
    first_origin
        The last period known to the first forecast; when left out, three years are.
    step
        Periods between origins.
    kind
        What the numbers are: ``rate`` (0–1), ``count`` (0 or more) or ``gap`` (any number).
    reading
        ``period`` forecasts the single periods, ``mean_12m`` the mean of the last year's periods,
        of which those already known are not forecast.

    Returns
    -------
    pandas.DataFrame
        One row per origin and horizon whose outcome lies in the series: origin, horizon, period,
        forecast, actual, error (actual − forecast, so positive = higher than forecast). A forecast
        that would rest on a missing value, and the error against one, are missing. Origins whose
        own value is missing are left out.

    Raises
    ------
    UsageError
        When horizons or step are below 1, the method has no such name, or a function returns
        another number of values.
    SchemaError
        When the series is not one, its values do not fit `kind`, or `first_origin` is outside it.

    Examples
    --------
    >>> series = pd.Series([0.1, 0.2, 0.3, 0.4, 0.5], pd.period_range("2020", periods=5, freq="Y"))
    >>> rolling_origin(series, "seasonal_naive", horizons=[1])[["origin", "period", "error"]]
      origin period  error
    0   2022   2023    0.1
    1   2023   2024    0.1
    """
    chosen = named(method)
    values, season, width = prepared(series, kind, reading)
    ahead = np.array(sorted(set(horizons)), dtype=int)
    if step < 1 or not len(ahead) or ahead[0] < 1:
        raise UsageError(f"horizons and step must be 1 or more; got {list(horizons)} and {step}.")
    scaled, known = to_scale(values.to_numpy(), kind), values.to_numpy()
    outcome = rolling_mean(known, width)
    start = 3 * season - 1
    if first_origin is not None:
        origin = parse_period(first_origin, values.index.freq)
        if origin not in values.index:
            raise SchemaError(
                f"first_origin {origin} is outside the series, which runs from {values.index[0]} "
                f"to {values.index[-1]}."
            )
        start = int(values.index.get_loc(origin))
    places: list[np.ndarray] = []
    reached: list[np.ndarray] = []
    forecasts: list[np.ndarray] = []
    for at in range(start, len(known) - int(ahead[0]), step):
        if np.isnan(known[at]):
            continue
        reach = ahead[ahead < len(known) - at]
        path = projected(known, scaled, at, int(reach[-1]), chosen, season, width, kind)
        places.append(np.full(len(reach), at))
        reached.append(reach)
        forecasts.append(path[reach - 1])
    at_all = np.concatenate([np.array([], dtype=int), *places])
    reach_all = np.concatenate([np.array([], dtype=int), *reached])
    forecast = np.concatenate([np.array([]), *forecasts])
    actual = outcome[at_all + reach_all]
    return pd.DataFrame(
        {
            "origin": values.index[at_all],
            "horizon": reach_all,
            "period": values.index[at_all + reach_all],
            "forecast": forecast,
            "actual": actual,
            "error": actual - forecast,
        }
    )


def prepared(series: pd.Series, kind: Kind, reading: Reading) -> tuple[pd.Series, int, int]:
    """Return the series without missing ends, its season, and the periods in a reading."""
    inputs.require_word(reading, Reading, name="reading")
    values = regular(series)
    values = values.loc[values.first_valid_index() : values.last_valid_index()]
    check_kind(values.to_numpy(), kind)
    season = season_length(values)
    return values, season, season if reading == "mean_12m" else 1


def projected(
    known: FloatArray,
    scaled: FloatArray,
    at: int,
    ahead: int,
    method: Method,
    season: int,
    width: int,
    kind: Kind,
) -> FloatArray:
    """Return the readings 1 … ahead periods after position `at`, knowing nothing later."""
    steps = np.asarray(method(scaled[: at + 1].copy(), ahead, season), dtype=float)
    if steps.shape != (ahead,):
        raise UsageError(
            f"The method must return {ahead} values, one per period ahead; got the shape "
            f"{steps.shape}."
        )
    future = from_scale(steps, kind)
    if width == 1:
        return future
    tail = known[max(at + 2 - width, 0) : at + 1]
    return rolling_mean(np.concatenate([tail, future]), width)[-ahead:]


def independent_errors(origins: pd.PeriodIndex, horizon: int) -> float:
    """Return how many of overlapping errors could be independent of each other.

    Forecasts h periods ahead made every period share h − 1 of their h periods with the next one;
    origins that span s periods hold 1 + s / h stretches that share none.

    Examples
    --------
    >>> origins = pd.period_range("2020-01", periods=25, freq="M")
    >>> independent_errors(origins, 1), independent_errors(origins, 12)
    (25.0, 3.0)
    """
    if not len(origins):
        return 0.0
    return min(float(len(origins)), 1 + float(np.ptp(origins.asi8)) / horizon)


def half_width(errors: ArrayLike, *, confidence: float, independent: float | None = None) -> float:
    """Return the half-width of a symmetric conformal interval from past errors.

    Parameters
    ----------
    errors
        Errors at one horizon, any sign; missing ones are left out.
    confidence
        For example 0.95.
    independent
        How many of them could be independent (`independent_errors`); all when left out.

    Returns
    -------
    float
        The absolute error at the rank n · confidence · (1 + 1 / independent), rounded up: the
        exact conformal rank (n + 1) · confidence when all are independent, and the largest error
        where the rank is beyond n only because errors overlap. Missing when there are fewer
        errors than confidence / (1 − confidence), 19 for 95 per cent and 4 for 80; and, above
        80 per cent, when fewer than 4 could be independent.

    Examples
    --------
    >>> half_width(range(1, 20), confidence=0.95)
    19.0
    >>> half_width(range(1, 19), confidence=0.95)
    nan
    """
    inputs.require_probability(confidence, name="confidence")
    known = inputs.floats(errors, name="errors")
    ordered = np.sort(np.abs(known[~np.isnan(known)])).tolist()
    return _ranked(ordered, confidence, len(ordered) if independent is None else independent)


def _ranked(ordered: list[float], confidence: float, independent: float) -> float:
    count = len(ordered)
    if not count or count < confidence / (1 - confidence) - 1e-9:
        return math.nan
    if confidence > 0.8 and independent < LEAST_INDEPENDENT:
        return math.nan
    rank = math.ceil(count * confidence * (1 + 1 / independent) - 1e-9)
    return ordered[min(rank, count) - 1]


def _widths(
    past: list[tuple[int, float]], used: list[int], horizon: int, confidence: float
) -> tuple[list[float], list[int]]:
    """Half-widths and numbers of errors for origins that know the errors until `used`.

    `past` holds (when known, absolute error); both lists are in order of time.
    """
    ordered: list[float] = []
    widths, counts = [], []
    for until in used:
        while len(ordered) < len(past) and past[len(ordered)][0] <= until:
            bisect.insort(ordered, past[len(ordered)][1])
        span = past[len(ordered) - 1][0] - past[0][0] if ordered else 0
        widths.append(_ranked(ordered, confidence, min(len(ordered), 1 + span / horizon)))
        counts.append(len(ordered))
    return widths, counts


def intervals(
    backtest: pd.DataFrame,
    *,
    confidence: float,
    kind: Kind = "rate",
    calibrate_until: str | pd.Period | None = None,
) -> pd.DataFrame:
    """Add the interval each past forecast would have had, from the errors known by then.

    Parameters
    ----------
    backtest
        What `rolling_origin` returned for one series and method.
    confidence
        Of the intervals, for example 0.95.
    kind
        As in `rolling_origin`: an interval of rates stays within 0–1.
    calibrate_until
        Use only errors whose outcome was known in this period, and give intervals only to later
        origins; when left out, each origin uses every error known at the origin itself.

    Returns
    -------
    pandas.DataFrame
        The columns of `backtest`, sorted by horizon and origin, and confidence, errors (how many
        were used), low, high, covered (1, 0, or missing where there is no interval or outcome) and
        score (`interval_score`).
    """
    require(backtest, ["origin", "horizon", "period", "forecast", "actual", "error"], what="A test")
    inputs.require_probability(confidence, name="confidence")
    frame = backtest.sort_values(["horizon", "origin"], ignore_index=True)
    origin = pd.PeriodIndex(frame["origin"])
    if calibrate_until is not None:
        limit = parse_period(calibrate_until, origin.freq).ordinal
        keep = origin.asi8 >= limit
        used = np.full(len(frame), limit)
    else:
        keep, used = np.ones(len(frame), dtype=bool), origin.asi8
    widths, counts = np.full(len(frame), np.nan), np.zeros(len(frame), dtype=int)
    known_at, error = pd.PeriodIndex(frame["period"]).asi8, frame["error"].to_numpy()
    for horizon, rows in frame.groupby("horizon").indices.items():
        counted = rows[~np.isnan(error[rows])]
        past = list(zip(known_at[counted].tolist(), np.abs(error[counted]).tolist(), strict=True))
        widths[rows], counts[rows] = _widths(past, used[rows].tolist(), int(horizon), confidence)
    floor, ceiling = bounds(kind)
    middle, actual = frame["forecast"].to_numpy(), frame["actual"].to_numpy()
    low, high = np.maximum(middle - widths, floor), np.minimum(middle + widths, ceiling)
    inside = np.where(np.isnan(low + actual), np.nan, (actual >= low) & (actual <= high))
    return frame.assign(
        confidence=confidence,
        errors=counts,
        low=low,
        high=high,
        covered=inside,
        score=interval_score(actual, low, high, confidence=confidence),
    )[keep].reset_index(drop=True)


def interval_score(
    actual: ArrayLike, low: ArrayLike, high: ArrayLike, *, confidence: float
) -> FloatArray:
    """Return the width of intervals plus 2 / (1 − confidence) times what they miss by.

    Lower is better: an interval earns nothing by being wide, and pays for being wrong. Gneiting &
    Raftery (2007), Journal of the American Statistical Association 102, 359–378, equation 43.

    Examples
    --------
    >>> interval_score([3.0, 5.0], 2.0, 4.0, confidence=0.8).round(6).tolist()
    [2.0, 12.0]
    """
    inputs.require_probability(confidence, name="confidence")
    y, lower, upper = inputs.broadcast(
        *(inputs.floats(one, name="interval_score()") for one in (actual, low, high))
    )
    missed = np.maximum(lower - y, 0) + np.maximum(y - upper, 0)
    return np.asarray(upper - lower + 2 / (1 - confidence) * missed)


def non_overlapping(origins: pd.PeriodIndex, horizon: int) -> BoolArray:
    """Mark origins at least `horizon` periods apart, from the first one on.

    Examples
    --------
    >>> non_overlapping(pd.period_range("2020-01", periods=5, freq="M"), 2).tolist()
    [True, False, True, False, True]
    """
    chosen = np.zeros(len(origins), dtype=bool)
    free_from: int | None = None
    for place in np.argsort(origins.asi8, kind="stable"):
        if free_from is None or origins.asi8[place] >= free_from:
            chosen[place] = True
            free_from = int(origins.asi8[place]) + horizon
    return chosen


def scores(tested: pd.DataFrame) -> pd.DataFrame:
    """Summarise what `intervals` returned, by horizon.

    Returns
    -------
    pandas.DataFrame
        One row per horizon: horizon, confidence; origins (with a known error) and mae (mean
        absolute error, unit of the series); intervals (checked), coverage (share 0–1 of them that
        held the outcome), score (mean interval score); and, on non-overlapping origins only,
        independent, covered, with coverage_low and coverage_high, the 95 per cent Wilson interval
        of that share. Missing where there is nothing to divide.
    """
    require(tested, ["confidence", "covered", "score"], what="scores()")
    origin = pd.PeriodIndex(tested["origin"])
    error, inside, score = (tested[name].to_numpy() for name in ("error", "covered", "score"))
    known = ~np.isnan(error)
    checked = known & ~np.isnan(inside)
    rows = []
    for (horizon, confidence), part in tested.groupby(["horizon", "confidence"]).indices.items():
        seen, held = part[known[part]], part[checked[part]]
        apart = held[non_overlapping(origin[held], int(horizon))]
        rows.append(
            {
                "horizon": int(horizon),
                "confidence": float(confidence),
                "origins": len(seen),
                "mae": _mean(np.abs(error[seen])),
                "intervals": len(held),
                "coverage": _mean(inside[held]),
                "score": _mean(score[held]),
                "independent": len(apart),
                "covered": int(inside[apart].sum()),
            }
        )
    result = pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
    trials = result["independent"].to_numpy()
    low, high = proportion_confint(
        result["covered"].to_numpy(), np.maximum(trials, 1), method="wilson"
    )
    return result.assign(
        coverage_low=np.where(trials > 0, low, np.nan),
        coverage_high=np.where(trials > 0, high, np.nan),
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else math.nan
