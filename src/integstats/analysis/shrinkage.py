"""Empirical Bayes: what the rate of a small place says once all the others are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from integstats.analysis.inputs import (
    FloatArray,
    broadcast,
    counts,
    group_keys,
    require_probability,
    row_groups,
    shares,
)
from integstats.analysis.small_numbers import proportion_interval
from integstats.errors import SchemaError
from integstats.table import require

_LARGEST = 1e7
"""A concentration at or beyond this is no spread between places that counts could show."""


@dataclass(frozen=True)
class BetaPrior:
    """A Beta distribution of the places' true rates, fitted by maximum likelihood.

    Attributes
    ----------
    a, b
        Its parameters; infinite where the places differ no more than chance lets them.
    mean
        a / (a + b), a share 0 to 1.
    concentration
        a + b: the number of persons the prior counts for.
    log_likelihood
        Beta-binomial log-likelihood at the estimate, the binomial coefficients included.
    places
        Places with a rate.
    converged
        Whether the maximum was found; True also where it lies at an infinite concentration.
    """

    a: float
    b: float
    mean: float
    concentration: float
    log_likelihood: float
    places: int
    converged: bool


@dataclass(frozen=True)
class Shrinkage:
    """Shrunk rates and the priors they rest on.

    Attributes
    ----------
    table
        One row per row of the input: the input's keys, the two counts, then `rate`,
        `shrunk_rate`, `shrunk_low`, `shrunk_high` (shares 0 to 1) and `weight_own`, the share of
        the shrunk rate that is the place's own figure.
    priors
        One row per group: its keys, then `a`, `b`, `mean`, `concentration`, `log_likelihood`,
        `places`, `converged`. Report it beside every shrunk rate.
    """

    table: pd.DataFrame
    priors: pd.DataFrame


def fit_beta_prior(count: ArrayLike, nobs: ArrayLike) -> BetaPrior:
    """Fit the Beta prior of a beta-binomial model by maximum likelihood.

    Parameters
    ----------
    count, nobs
        Persons counted and persons in the denominator, one per place. Places with a missing
        count, with nobody in the denominator or with a count above it are left out.

    Returns
    -------
    BetaPrior

    Raises
    ------
    SchemaError
        When no place has a rate, or for negative counts.

    Notes
    -----
    Log-likelihood Σ log C(n, x) + log B(x + a, n − x + b) − log B(a, b). Where no finite a + b
    is more likely than one common rate (all rates equal, one place only, or one person per
    place), a and b are infinite and the mean is Σx / Σn.

    Examples
    --------
    >>> prior = fit_beta_prior([1, 8, 20, 4], [20, 20, 50, 40])
    >>> round(prior.a, 2), round(prior.b, 2), prior.converged
    (1.79, 5.76, True)
    """
    x, n = broadcast(counts(count, name="count"), counts(nobs, name="nobs"))
    valid = shares(x, n)[1]
    x, n = x[valid], n[valid]
    if not len(x):
        raise SchemaError(
            f"No place has a rate: {valid.size} rows, none with both counts and a denominator "
            "above 0."
        )
    pooled = float(x.sum() / n.sum())
    coefficients = float(np.sum(-special.betaln(x + 1, n - x + 1) - np.log(n + 1)))
    common = float(np.sum(special.xlogy(x, pooled) + special.xlog1py(n - x, -pooled)))
    best = _maximise(x, n, pooled) if 0 < pooled < 1 else None
    if best is None or -best.fun <= common + 1e-9 or best.x[1] >= np.log(_LARGEST):
        return BetaPrior(
            a=np.inf if pooled > 0 else 0.0,
            b=np.inf if pooled < 1 else 0.0,
            mean=pooled,
            concentration=np.inf,
            log_likelihood=common + coefficients,
            places=len(x),
            converged=True,
        )
    mean, concentration = float(special.expit(best.x[0])), float(np.exp(best.x[1]))
    return BetaPrior(
        a=mean * concentration,
        b=(1 - mean) * concentration,
        mean=mean,
        concentration=concentration,
        log_likelihood=float(-best.fun) + coefficients,
        places=len(x),
        converged=bool(best.success or np.abs(best.jac).max() < 1e-5 * len(x)),
    )


def shrink(
    table: pd.DataFrame,
    *,
    numerator: str,
    denominator: str,
    confidence: float = 0.95,
) -> Shrinkage:
    """Shrink every place's rate towards those of the other places of its group.

    The shrunk rate is (x + a) / (n + a + b), which lies between the place's own rate and the
    prior's mean: close to the first where many persons are behind it, to the second where few.

    Parameters
    ----------
    table
        One row per place and group, the key `place` among its keys. Leave the country and other
        sums of the places out: they would be counted twice.
    numerator, denominator
        Columns with the counts.
    confidence
        Of the equal-tailed credible interval, which takes the prior as known.

    Returns
    -------
    Shrinkage
        Consumes `place`; one prior is fitted per group of all other keys. A place without a
        rate keeps a missing rate; its shrunk rate is missing too if a count is missing, and the
        prior's mean if nobody is in the denominator. Where the prior's concentration is infinite
        every place gets the common rate with its Wilson interval.

    Raises
    ------
    SchemaError
        For missing columns, duplicated keys, negative counts, or a group without any rate.
    UsageError
        For a confidence outside 0 to 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A", "B", "C", "D"], "unemployed": [1.0, 8, 20, 4],
    ...                       "labour_force": [20.0, 20, 50, 40]})
    >>> result = shrink(frame, numerator="unemployed", denominator="labour_force")
    >>> result.table[["place", "rate", "shrunk_rate"]].round(3).values.tolist()
    [['A', 0.05, 0.101], ['B', 0.4, 0.355], ['C', 0.4, 0.379], ['D', 0.1, 0.122]]
    """
    require_probability(confidence, name="confidence")
    require(table, ["place", numerator, denominator], what="shrink")
    keys = group_keys(table, consumed=["place"], what="shrink")
    x = counts(table[numerator].to_numpy(), name=numerator)
    n = counts(table[denominator].to_numpy(), name=denominator)
    shrunk = np.full((len(table), 4), np.nan)
    priors = []
    groups = row_groups(table, keys)
    for rows in groups:
        prior = fit_beta_prior(x[rows], n[rows])
        shrunk[rows] = _posterior(prior, x[rows], n[rows], confidence)
        priors.append(prior)
    result = table[[name for name in table.columns if name in {*keys, "place"}]].assign(
        **{numerator: x, denominator: n, "rate": shares(x, n)[0]}
    )
    for column, name in enumerate(("shrunk_rate", "shrunk_low", "shrunk_high", "weight_own")):
        result[name] = shrunk[:, column]
    firsts = table.iloc[[int(rows[0]) for rows in groups]][keys].reset_index(drop=True)
    fitted = pd.DataFrame(
        [vars(prior) for prior in priors], columns=list(BetaPrior.__annotations__)
    )
    return Shrinkage(
        table=result.reset_index(drop=True), priors=pd.concat([firsts, fitted], axis=1)
    )


def _maximise(x: FloatArray, n: FloatArray, pooled: float) -> optimize.OptimizeResult:
    """Maximise the likelihood over the logit of the mean and the log of the concentration."""

    def negative(point: FloatArray) -> tuple[float, FloatArray]:
        mean, concentration = special.expit(point[0]), np.exp(point[1])
        a, b = mean * concentration, (1 - mean) * concentration
        value = np.sum(special.betaln(x + a, n - x + b)) - len(x) * special.betaln(a, b)
        total = np.sum(special.psi(n + a + b)) - len(x) * special.psi(a + b)
        by_a = np.sum(special.psi(x + a)) - len(x) * special.psi(a) - total
        by_b = np.sum(special.psi(n - x + b)) - len(x) * special.psi(b) - total
        slope = mean * (1 - mean) * concentration
        return -float(value), -np.array([slope * (by_a - by_b), a * by_a + b * by_b])

    bounds = [(-30.0, 30.0), (np.log(1e-4), np.log(_LARGEST))]
    return optimize.minimize(
        negative,
        np.array([special.logit(pooled), np.log(_moment_concentration(x, n, pooled))]),
        jac=True,
        method="SLSQP",
        bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-13},
    )


def _moment_concentration(x: FloatArray, n: FloatArray, pooled: float) -> float:
    """Return a + b from the spread of the rates, within 1 to 10 000."""
    chance = pooled * (1 - pooled)
    spread = float(np.sum(n * (x / n - pooled) ** 2)) / chance - (len(x) - 1)
    room = float(n.sum() - (n**2).sum() / n.sum()) - (len(x) - 1)
    return float(np.clip(room / spread - 1, 1, 1e4)) if spread > 0 and room > 0 else 1e4


def _posterior(prior: BetaPrior, x: FloatArray, n: FloatArray, confidence: float) -> FloatArray:
    """Columns: shrunk rate, its interval, the weight of the place's own rate."""
    known = ~np.isnan(x) & ~np.isnan(n) & (x <= n)
    result = np.full((len(x), 4), np.nan)
    if np.isinf(prior.concentration):
        valid = known & (n > 0)
        low, high = proportion_interval(x[valid].sum(), n[valid].sum(), confidence=confidence)
        result[known] = [prior.mean, float(low), float(high), 0.0]
        return result
    a, b = x[known] + prior.a, n[known] - x[known] + prior.b
    tail = (1 - confidence) / 2
    result[known] = np.column_stack(
        [
            a / (a + b),
            stats.beta.ppf(tail, a, b),
            stats.beta.isf(tail, a, b),
            n[known] / (n[known] + prior.concentration),
        ]
    )
    return result
