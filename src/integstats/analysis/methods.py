"""How a series may be carried on: the ways that a forecast can be made, each with a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from integstats.analysis.inputs import FloatArray
from integstats.errors import UsageError, did_you_mean

Method = Callable[[FloatArray, int, int], FloatArray]
"""(known values, periods ahead, periods in a year) → that many values, on the same scale."""


def seasonal_naive(values: FloatArray, horizon: int, season: int) -> FloatArray:
    """Repeat the last year: the same month of the last known year.

    Examples
    --------
    >>> seasonal_naive(np.array([9.0, 1, 2, 3, 4]), 5, 4).tolist()
    [1.0, 2.0, 3.0, 4.0, 1.0]
    """
    last: FloatArray = np.full(season, np.nan)
    last[max(season - len(values), 0) :] = values[-season:]
    return np.asarray(last[np.arange(horizon) % season])


def seasonal_level(values: FloatArray, horizon: int, season: int) -> FloatArray:
    """Let today's level stay, with the usual season.

    Level: the last value without its season. Season: each month's mean distance from the centred
    12-month mean, over all known years (classical decomposition). One whole year ahead it equals
    `seasonal_naive`. Missing when a month's season is not known, which takes two years.

    Examples
    --------
    >>> rising = np.arange(12) + np.array([1.0, 0, -1, 0] * 3)
    >>> seasonal_level(rising, 4, 4).tolist(), seasonal_naive(rising, 4, 4).tolist()
    ([12.0, 11.0, 10.0, 11.0], [9.0, 9.0, 9.0, 11.0])
    """
    if season == 1:
        return np.repeat(values[-1], horizon)
    pattern = _season_pattern(values, season)
    return np.asarray(values[-1] - pattern[-1] + pattern[np.arange(horizon) % season])


def _season_pattern(values: FloatArray, season: int) -> FloatArray:
    """Mean distance from the centred mean, by place in the year: 0 is the period after the last."""
    half = season // 2
    if len(values) < 2 * season:
        return np.full(season, np.nan)
    weights = np.r_[0.5, np.ones(season - 1), 0.5] / season
    distance = values[half:-half] - np.convolve(values, weights, mode="valid")
    place = (np.arange(half, len(values) - half) - len(values)) % season
    known = ~np.isnan(distance)
    total = np.bincount(place[known], weights=distance[known], minlength=season)
    years = np.bincount(place[known], minlength=season)
    mean = np.divide(total, years, out=np.full(season, np.nan), where=years > 0)
    return np.asarray(mean - mean.mean())


METHODS: Mapping[str, Method] = MappingProxyType(
    {"seasonal_naive": seasonal_naive, "seasonal_level": seasonal_level}
)
DEFAULT = "seasonal_level"


def named(method: str | Method, *, others: Sequence[str] = ()) -> Method:
    """Return the method of a name; a function is itself.

    Parameters
    ----------
    method
        A name in `METHODS`, or a function.
    others
        Names that the caller understands besides, for the message.

    Raises
    ------
    UsageError
        When there is no such method.
    """
    if not isinstance(method, str):
        return method
    if method not in METHODS:
        raise UsageError(
            f"Unknown method: {method!r}.{did_you_mean(method, METHODS, count=1)} Allowed: "
            f"{', '.join([*others, *METHODS])}, or a function."
        )
    return METHODS[method]
