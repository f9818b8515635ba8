"""How probable it is that a target is met at its deadline, by forecasts tested on the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from integstats.analysis import forecast as forecasting
from integstats.analysis.forecast import Forecast, Reached
from integstats.analysis.series import Kind
from integstats.analysis.series import Reading as Smoothing
from integstats.catalogue import Language, Source
from integstats.errors import TargetError
from integstats.targets import cells, path, pooling, readings, windows
from integstats.targets.readings import Readings
from integstats.targets.requirements import Unit
from integstats.targets.target import Target

Reason = Literal[
    "",
    "deadline_published",
    "baseline_missing",
    "break",
    "short_series",
    "too_few_errors",
    "no_forecast",
    "coverage_unknown",
]
KINDS: dict[Unit, Kind] = {"share": "rate", "persons": "count", "ratio": "count", "pp": "gap"}


@dataclass(frozen=True)
class Past:
    """How good forecasts as far ahead have been on this series; NaN where nothing is known.

    Attributes
    ----------
    method
        Of the forecasts.
    probability
        Of meeting the target, by this method.
    errors, independent_errors
        Past errors, and how many of them could be independent.
    mae
        Their mean absolute size, in the unit.
    coverage_80, coverage_95
        Share of the past outcomes that lay in the interval given at the time; no interval rests
        on few errors, so that the wider one is missing first.
    """

    method: str
    probability: float
    errors: int
    independent_errors: float
    mae: float
    coverage_80: float
    coverage_95: float


@dataclass(frozen=True, eq=False)
class Outlook:
    """The probability that the target is met at its deadline; see `outlook`.

    Attributes
    ----------
    target, place, unit
        The target; the key of its place; what values are counted in.
    origin, horizon
        The last period with figures, and the periods from there to the deadline.
    goal
        What is to be reached, in the unit.
    probability, low, high
        0–1, and its conformal bounds; NaN where `reason` says why. Where `low` is 0 or `high` is 1
        no past error is as large as the distance from the forecast to the target: the probability
        is then half an independent error and the same for every target beyond, so that only
        "at most `high`" or "at least `low`" can be said.
    own, naive
        How good the forecast has been, and the seasonal-naive one beside it.
    forecast
        The forecast itself; None where there is none.
    reason
        Empty, or why no probability is given: ``deadline_published``, ``baseline_missing``,
        ``break``, ``short_series``, ``too_few_errors`` (fewer than 19 so far ahead),
        ``no_forecast``, or ``coverage_unknown`` (no interval so far ahead has met its outcome
        yet, so that nobody knows what the intervals are worth).
    sources
        Where the figures come from.
    """

    target: Target
    place: str
    unit: Unit
    origin: pd.Period
    horizon: int
    goal: float
    probability: float
    low: float
    high: float
    own: Past | None
    naive: Past | None
    forecast: Forecast | None
    reason: Reason
    sources: tuple[Source, ...]

    def sentence(self, lang: Language = "sv") -> str:
        """Say it in Swedish or English, or why no probability is given.

        Where no past error is as large as the distance from the forecast to the target, only a
        bound is said: at most `high`, or at least `low`.
        """
        from integstats.wording.outlook_probability import outlook_sentence

        return outlook_sentence(self, lang=lang).text


def outlook(
    target: Target, table: pd.DataFrame, *, sources: Sequence[Source] | None = None
) -> Outlook:
    """Return how probable it is that a target is met at its deadline.

    The probability comes from the errors that such forecasts have made on this very series, never
    from a model alone, and stands beside those errors and the seasonal-naive forecast's.

    Parameters
    ----------
    target
        The target; its places are pooled.
    table
        The one table, with all its history.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    Outlook
        Without a probability where nothing sound can be said: `reason` says why.

    Raises
    ------
    TargetError
        For a rank, or a baseline outside the figures.
    SnapshotMissingError
        When the place is not in the table.

    Notes
    -----
    The series is cut at the latest blocking break. A whole-year reading is forecast as the mean of
    its single rates, which differs a little from the ratio of sums it is judged by (see
    `analysis.forecast`). Of a target for ``same_month`` the month itself is forecast.
    """
    if target.kind == "rank":
        raise TargetError(f"The target {target.id!r} is a rank, which is not forecast.")
    rows = pooling.with_pooled(table, target, (target.place,))
    read = readings.read(rows, target, (target.place,))
    goal = _goal(target, read)
    series, crossed = _series(read)
    last = series.last_valid_index()
    origin = read.periods[-1] if last is None else last
    horizon = target.deadline_period.ordinal - origin.ordinal
    season = {"M": 12, "Q": 4, "Y": 1}[target.frequency]
    origins = cells.sources_of(target, cells.vintages_of(rows, (target.place,)), sources)
    reason: Reason = ""
    if horizon <= 0:
        reason = "deadline_published"
    elif crossed:
        reason = "break"
    elif np.isnan(goal):
        reason = "baseline_missing"
    elif last is None or len(series.loc[series.first_valid_index() : last]) < season:
        reason = "short_series"
    if reason:
        return _refused(target, origin, horizon, goal, reason, origins)
    kind = KINDS[target.unit]
    smoothing: Smoothing = "mean_12m" if windows.width(target.reading) > 1 else "period"

    def tried(method: str) -> Forecast:
        return forecasting.forecast(
            series, horizon=horizon, method=method, kind=kind, reading=smoothing
        )

    chosen, naive = tried("default"), tried("seasonal_naive")
    reached, by_naive = (
        forecasting.probability_reached(
            one, goal, period=target.deadline_period, better=target.better
        )
        for one in (chosen, naive)
    )
    own, beside = _past(chosen, horizon, reached), _past(naive, horizon, by_naive)
    reason = reached.reason or by_naive.reason
    if np.isnan([own.coverage_80, beside.coverage_80]).any():
        reason = reason or "coverage_unknown"
    return Outlook(
        target=target,
        place=target.place,
        unit=target.unit,
        origin=origin,
        horizon=horizon,
        goal=goal,
        probability=float("nan") if reason else reached.probability,
        low=float("nan") if reason else reached.low,
        high=float("nan") if reason else reached.high,
        own=own,
        naive=beside,
        forecast=chosen,
        reason=reason,
        sources=origins,
    )


def _goal(target: Target, read: Readings) -> float:
    column = target.baseline_period.ordinal - int(read.periods.asi8[0])
    if not 0 <= column < len(read.periods):
        raise TargetError(
            f"The baseline {target.baseline} lies outside the data, which run from "
            f"{read.periods[0]} to {read.periods[-1]}. Choose a baseline inside, or load more."
        )
    baseline = read.value[0, column]
    return float(path.goal_value(baseline, kind=target.kind, amount=target.amount))


def _series(read: Readings) -> tuple[pd.Series, bool]:
    """Return the single periods since the latest blocking break, and whether one came since b."""
    values = pd.Series(read.single[0], read.periods)
    blocks = [first for first, one in read.breaks[0] if one.effect == "blocks"]
    inside = [first for first in blocks if first <= read.periods[-1]]
    start = windows.first_of(read.target.baseline_period, read.target.reading)
    crossed = any(start < first <= read.target.deadline_period for first in blocks)
    return (values.loc[max(inside) :] if inside else values), crossed


def _past(found: Forecast, horizon: int, reached: Reached) -> Past:
    tests = found.backtest
    of_method = ((tests["method"] == found.method) & (tests["horizon"] == horizon)).to_numpy()
    rows = tests[of_method].drop_duplicates("confidence").set_index("confidence")

    def number(level: float, name: str) -> float:
        return float(rows.at[level, name]) if level in rows.index else float("nan")

    return Past(
        method=found.method,
        probability=reached.probability,
        errors=reached.errors,
        independent_errors=reached.independent_errors,
        mae=number(0.80, "mae"),
        coverage_80=number(0.80, "coverage"),
        coverage_95=number(0.95, "coverage"),
    )


def _refused(
    target: Target,
    origin: pd.Period,
    horizon: int,
    goal: float,
    reason: Reason,
    sources: tuple[Source, ...],
) -> Outlook:
    nan = float("nan")
    return Outlook(
        target=target,
        place=target.place,
        unit=target.unit,
        origin=origin,
        horizon=horizon,
        goal=goal,
        probability=nan,
        low=nan,
        high=nan,
        own=None,
        naive=None,
        forecast=None,
        reason=reason,
        sources=sources,
    )
