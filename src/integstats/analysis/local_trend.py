"""The trend under a series, as level and slope with intervals."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.statespace.structural import UnobservedComponents

from integstats.analysis import inputs
from integstats.analysis.series import check_kind, from_scale, regular, season_length, to_scale
from integstats.errors import SchemaError


@dataclass(frozen=True, kw_only=True)
class LocalTrend:
    """The trend under a series, with its uncertainty; see `local_linear_trend`.

    Attributes
    ----------
    frame
        By period: observed; level, level_low, level_high; yearly_change, yearly_change_low,
        yearly_change_high (the slope at that period, as change per year), all in the unit of the
        series. Level and change are missing where the observation is.
    irregular_variance, level_variance, slope_variance, seasonal_variance
        Estimated per period on the logit or logarithmic scale; the last is missing for years.
    log_likelihood
        At the estimate, with exact diffuse start.
    converged
        Whether the estimate is a maximum; if not, read the interval with care.
    moved
        Observations moved away from 0 or 1 before the transformation.
    """

    frame: pd.DataFrame
    irregular_variance: float
    level_variance: float
    slope_variance: float
    seasonal_variance: float
    log_likelihood: float
    converged: bool
    moved: int


def local_linear_trend(
    series: pd.Series, *, kind: Literal["rate", "count"] = "rate", confidence: float = 0.95
) -> LocalTrend:
    """Estimate level and slope under a series, with intervals (local linear trend).

    Parameters
    ----------
    series
        Rates 0–1 or counts with a PeriodIndex; gaps are allowed.
    kind
        ``rate`` works on the logit scale, ``count`` on the logarithmic one.
    confidence
        Of the intervals.

    Returns
    -------
    LocalTrend
        Months and quarters get a season that may change slowly.

    Raises
    ------
    SchemaError
        When fewer than three years (ten, of yearly figures) are known, or values do not fit `kind`.

    Notes
    -----
    The smoothed states of ``UnobservedComponents`` ± z standard errors, transformed back, so a
    level stays within 0–1. The estimated variances are taken as known, which makes the intervals
    somewhat narrow; they say where the trend is, not where the next value will be
    (`integstats.analysis.forecast`). A rate of 0 or 1 is moved to 0.05 or 99.95 per cent, a count
    of 0 to half a person. Harvey (1989), "Forecasting, structural time series models and the Kalman
    filter"; Durbin & Koopman (2012), "Time series analysis by state space methods".
    """
    inputs.require_probability(confidence, name="confidence")
    inputs.require_word(kind, Literal["rate", "count"], name="kind")
    values = regular(series)
    values = values.loc[values.first_valid_index() : values.last_valid_index()]
    season = season_length(values)
    observed = values.to_numpy()
    check_kind(observed, kind)
    least = 10 if season == 1 else 3 * season
    if (~np.isnan(observed)).sum() < least:
        raise SchemaError(
            f"A trend needs at least {least} known periods of this frequency; got "
            f"{int((~np.isnan(observed)).sum())}."
        )
    scaled = to_scale(observed, kind)
    model = UnobservedComponents(
        scaled,
        "local linear trend",
        seasonal=None if season == 1 else season,
        use_exact_diffuse=True,  # the approximate start loses the variances of the first year
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = model.fit(disp=False, maxiter=500)
        if not fitted.mle_retvals["converged"]:
            again = model.fit(fitted.params, method="nm", disp=False, maxiter=2000)
            fitted = again if again.llf >= fitted.llf else fitted
    level, slope = fitted.level.smoothed, fitted.trend.smoothed
    z = norm.ppf((1 + confidence) / 2)
    level_error = z * np.sqrt(fitted.level.smoothed_cov)
    slope_error = z * np.sqrt(fitted.trend.smoothed_cov)
    middle = from_scale(level, kind)
    per_year = season * (middle * (1 - middle) if kind == "rate" else middle)
    frame = pd.DataFrame(
        {
            "level": middle,
            "level_low": from_scale(level - level_error, kind),
            "level_high": from_scale(level + level_error, kind),
            "yearly_change": per_year * slope,
            "yearly_change_low": per_year * (slope - slope_error),
            "yearly_change_high": per_year * (slope + slope_error),
        },
        index=values.index,
    ).where(values.notna(), np.nan)
    frame.insert(0, "observed", observed)
    variances = dict(zip(model.param_names, map(float, fitted.params), strict=True))
    return LocalTrend(
        frame=frame,
        irregular_variance=variances["sigma2.irregular"],
        level_variance=variances["sigma2.level"],
        slope_variance=variances["sigma2.trend"],
        seasonal_variance=variances.get("sigma2.seasonal", np.nan),
        log_likelihood=float(fitted.llf),
        converged=bool(fitted.mle_retvals["converged"]),
        moved=int(np.nansum(np.abs(from_scale(scaled, kind) - observed) > 1e-9)),
    )
