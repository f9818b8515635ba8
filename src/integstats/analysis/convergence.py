"""Convergence: do places grow alike (sigma), and do those behind catch up (beta)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from integstats import table as one_table
from integstats.analysis.inputs import FloatArray, counts, floats
from integstats.errors import SchemaError, UnknownCodeError, UsageError


@dataclass(frozen=True)
class SigmaConvergence:
    """How far the places lie apart over time.

    Attributes
    ----------
    spread
        One row per period: `period`, `places`, `mean`, `sd`, `variance`, `cv` = sd / |mean|, of
        the logarithms where asked for.
    quotient
        First period's sd / last period's: above 1, the places have come together.
    f_statistic, p_value
        Two-sided F test that the two periods' variances are equal; it takes the periods as
        independent, which the same places in two periods are not. Missing with weights.
    trend, trend_se, trend_p_value
        Slope of `sd` on time per year, by least squares: below 0, the places come together.
        Missing for fewer than 3 periods.
    """

    spread: pd.DataFrame
    quotient: float
    f_statistic: float
    p_value: float
    trend: float
    trend_se: float
    trend_p_value: float


@dataclass(frozen=True)
class BetaConvergence:
    """Growth against the initial level.

    Attributes
    ----------
    coefficients
        One row per term: `term` (``constant``, ``initial`` and the conditions), `estimate`,
        `standard_error`, `t`, `p_value`. ``initial`` below 0: places behind catch up.
    beta
        The coefficient of ``initial``.
    speed, half_life
        The yearly speed λ = −ln(1 + βT)/T and ln 2 / λ, in years (Barro and Sala-i-Martin 1992,
        for yearly mean growth). Missing unless −1/T < β < 0.
    reat_lambda, reat_half_life
        −ln(1 + β)/T and its half-life, as the R package REAT prints them: consistent with growth
        over the whole time, not with the yearly growth it regresses, so about T times too slow.
    r_squared
        Share of the variance of growth.
    places
        Places with both levels.
    years
        T, the time between the two periods.
    """

    coefficients: pd.DataFrame
    beta: float
    speed: float
    half_life: float
    reat_lambda: float
    reat_half_life: float
    r_squared: float
    places: int
    years: float


def sigma_convergence(
    table: pd.DataFrame,
    *,
    value: str | None = None,
    numerator: str | None = None,
    denominator: str | None = None,
    log: bool = False,
    sample: bool = False,
    weights: str | None = None,
) -> SigmaConvergence:
    """Measure how far places lie apart in each period.

    Parameters
    ----------
    table
        One row per place and period, with the keys `place` and `period`; choose one sex, birth
        region and age first, and leave the country out.
    value
        A column with the level; or else
    numerator, denominator
        columns with counts, of which the level is the quotient.
    log
        Take logarithms first. REAT does, also for its coefficient of variation; a coefficient of
        variation of logarithms depends on the unit of the level.
    sample
        Divide by n − 1 instead of n.
    weights
        A column of weights, such as the population; the mean is then weighted too.

    Returns
    -------
    SigmaConvergence
        Places that lack a level in any period are left out of all, so that every period has the
        same places.

    Raises
    ------
    SchemaError
        For missing columns, duplicated places, levels that have no logarithm, fewer than two
        places or periods.
    UsageError
        When neither or both of `value` and the two counts are given.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A", "B"] * 2, "period": [2020, 2020, 2024, 2024],
    ...                       "rate": [0.1, 0.3, 0.15, 0.25]})
    >>> found = sigma_convergence(frame, value="rate")
    >>> found.spread["sd"].round(3).tolist(), round(found.quotient, 3)
    ([0.1, 0.05], 2.0)
    """
    levels = _levels(table, value, numerator, denominator, log, what="sigma_convergence")
    if levels.shape[1] < 2:
        raise SchemaError(f"sigma_convergence needs two or more periods; got {levels.shape[1]}.")
    weight = np.ones(levels.shape)
    if weights is not None:
        one_table.require(table, [weights], what="sigma_convergence")
        grid = table.pivot(index="place", columns="period", values=weights)
        weight = counts(grid.loc[levels.index, levels.columns].to_numpy(), name=weights)
    level = levels.to_numpy()
    mean = np.average(level, axis=0, weights=weight)
    variance = np.average((level - mean) ** 2, axis=0, weights=weight)
    if sample and weights is None:
        variance = variance * len(level) / (len(level) - 1)
    sd = np.sqrt(variance)
    # All places equal, or a mean of 0, leave a quotient infinite or missing.
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = pd.DataFrame(
            {
                "period": levels.columns,
                "places": len(level),
                "mean": mean,
                "sd": sd,
                "variance": variance,
                "cv": sd / np.abs(mean),
            }
        )
        quotient = float(sd[0] / sd[-1])
        f_statistic = quotient**2 if weights is None else np.nan
    freedom = len(level) - 1
    tail = float(stats.f.cdf(f_statistic, freedom, freedom))
    trend = _trend(_years(levels.columns), sd)
    return SigmaConvergence(
        spread=spread,
        quotient=quotient,
        f_statistic=f_statistic,
        p_value=2 * min(tail, 1 - tail),
        trend=trend[0],
        trend_se=trend[1],
        trend_p_value=trend[2],
    )


def beta_convergence(
    table: pd.DataFrame,
    *,
    start: object,
    end: object,
    value: str | None = None,
    numerator: str | None = None,
    denominator: str | None = None,
    conditions: Sequence[str] = (),
) -> BetaConvergence:
    """Regress places' growth on their initial level.

    The dependent variable is the yearly growth ln(y_T / y_0) / T, the explanatory one ln y_0. A
    negative slope also comes from chance in y_0 (regression to the mean), the more of it the
    fewer persons a level rests on.

    Parameters
    ----------
    table
        As in `sigma_convergence`.
    start, end
        The two periods; text is read at the frequency of the table. Numbers are years.
    value, numerator, denominator
        As in `sigma_convergence`.
    conditions
        Columns of further explanatory variables, taken at the start (conditional convergence).

    Returns
    -------
    BetaConvergence

    Raises
    ------
    SchemaError
        As in `sigma_convergence`; also for too few places for the regression.
    UnknownCodeError
        For a period that is not in the table.
    UsageError
        As in `sigma_convergence`; also for an end that is not after the start.

    Notes
    -----
    R. J. Barro and X. Sala-i-Martin (1992), Convergence, Journal of Political Economy 100,
    223–251. Ordinary least squares by statsmodels.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": list("ABCD") * 2, "period": [2020] * 4 + [2024] * 4,
    ...                       "rate": [0.10, 0.15, 0.20, 0.40, 0.12, 0.16, 0.20, 0.34]})
    >>> found = beta_convergence(frame, value="rate", start=2020, end=2024)
    >>> round(found.beta, 4), round(found.speed, 4), round(found.half_life, 1)
    (-0.0615, 0.0705, 9.8)
    """
    conditions = list(conditions)
    one_table.require(table, ["period", *conditions], what="beta_convergence")
    start, end = (_period(table["period"], one) for one in (start, end))
    years = float(np.diff(_years(pd.Index([start, end])))[0])
    if years <= 0:
        raise UsageError(f"end must be after start; got {start} and {end}.")
    rows = table[table["period"].isin([start, end]).to_numpy()]
    levels = _levels(rows, value, numerator, denominator, log=True, what="beta_convergence")
    initial, growth = levels[start], (levels[end] - levels[start]) / years
    design = pd.DataFrame({"constant": 1.0, "initial": initial})
    at_start = rows[(rows["period"] == start).to_numpy()].set_index("place")
    for name in conditions:
        design[name] = floats(at_start.loc[levels.index, name].to_numpy(), name=name)
    complete = design.notna().all(axis=1)
    design, growth = design[complete], growth[complete]
    if np.linalg.matrix_rank(design.to_numpy()) < design.shape[1] or len(design) <= design.shape[1]:
        raise SchemaError(
            f"{len(design)} places are too few, or too alike, for {design.shape[1]} coefficients."
        )
    fit = sm.OLS(growth.to_numpy(), design.to_numpy()).fit()
    beta = float(fit.params[1])
    speed = -np.log(1 + beta * years) / years if -1 / years < beta < 0 else np.nan
    reat = -np.log(1 + beta) / years if -1 < beta < 0 else np.nan
    coefficients = pd.DataFrame(
        {
            "term": list(design.columns),
            "estimate": fit.params,
            "standard_error": fit.bse,
            "t": fit.tvalues,
            "p_value": fit.pvalues,
        }
    )
    return BetaConvergence(
        coefficients=coefficients,
        beta=beta,
        speed=float(speed),
        half_life=float(np.log(2) / speed),
        reat_lambda=float(reat),
        reat_half_life=float(np.log(2) / reat),
        r_squared=float(fit.rsquared),
        places=len(design),
        years=years,
    )


def _levels(
    table: pd.DataFrame,
    value: str | None,
    numerator: str | None,
    denominator: str | None,
    log: bool,
    *,
    what: str,
) -> pd.DataFrame:
    """Places by periods, the places that are complete."""
    if (value is None) == (numerator is None and denominator is None) or (
        (numerator is None) != (denominator is None)
    ):
        raise UsageError(f"{what} takes either value, or numerator and denominator.")
    names = [value] if value is not None else [str(numerator), str(denominator)]
    one_table.require(table, ["place", "period", *names], what=what)
    one_table.require_unique(table, ["place", "period"], what=what)
    if value is not None:
        level = floats(table[value].to_numpy(), name=value)
    else:
        x, n = (counts(table[name].to_numpy(), name=name) for name in names)
        level = np.divide(x, n, out=np.full(x.shape, np.nan), where=n > 0)
    if log:
        if (level <= 0).any():
            raise SchemaError(
                f"{int((level <= 0).sum())} levels are 0 or below and have no logarithm; leave "
                "those places out, or take log=False."
            )
        level = np.log(level)
    grid = table[["place", "period"]].assign(level=level)
    levels = grid.pivot(index="place", columns="period", values="level").dropna()
    if len(levels) < 2:
        raise SchemaError(f"{what} needs two or more places with all periods; got {len(levels)}.")
    return levels


def _period(periods: pd.Series, one: object) -> object:
    if isinstance(periods.dtype, pd.PeriodDtype):
        one = one_table.parse_period(one, periods.dtype.freq)
    if not (periods == one).any():
        raise UnknownCodeError(
            f"No rows of the period {one}. There are {periods.min()} to {periods.max()}."
        )
    return one


def _years(periods: pd.Index) -> FloatArray:
    """Return the periods as years and fractions of years."""
    if isinstance(periods, pd.PeriodIndex):
        per_year = {"Y": 1, "Q": 4, "M": 12}[periods.freqstr[0]]
        within = {1: 0, 4: periods.quarter - 1, 12: periods.month - 1}[per_year]
        return np.asarray(periods.year + within / per_year, dtype=float)
    if len(periods) and isinstance(periods[0], pd.Period):
        return _years(pd.PeriodIndex(periods))
    return floats(periods.to_numpy(), name="period")


def _trend(years: FloatArray, spread: FloatArray) -> tuple[float, float, float]:
    if len(years) < 3:
        return np.nan, np.nan, np.nan
    found = stats.linregress(years, spread)
    return float(found.slope), float(found.stderr), float(found.pvalue)
