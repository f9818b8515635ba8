"""What a share of few persons can bear: intervals, variances and the smallest bases.

Registers are full counts. An interval here answers "could this be chance, given how few persons
it is?"; it is not a sampling error.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from integstats.analysis.inputs import (
    BoolArray,
    FloatArray,
    broadcast,
    counts,
    floats,
    require_probability,
    require_word,
    shares,
)
from integstats.errors import UsageError

NO_RATE_BELOW = 30
"""Fewer persons than this in the denominator: no rate is shown."""
WARN_BELOW = 50
"""Fewer persons than this in the denominator: a rate with a warning."""
BASES = ("missing", "no_rate", "small", "sufficient")
"""The words of `judge_base`."""

ShareMethod = Literal["wilson", "wilsoncc", "clopper_pearson", "jeffreys", "agresti_coull", "wald"]
DifferenceMethod = Literal[
    "newcombe",
    "newcombecc",
    "agresti_caffo",
    "miettinen_nurminen",
    "miettinen_nurminen_corrected",
    "wald",
]
_IN_STATSMODELS = {
    "wilson": "wilson",
    "clopper_pearson": "beta",
    "jeffreys": "jeffreys",
    "agresti_coull": "agresti_coull",
    "wald": "normal",
}


class Interval(NamedTuple):
    """The two ends of an interval, arrays of one shape."""

    low: FloatArray
    high: FloatArray


def proportion_interval(
    count: ArrayLike,
    nobs: ArrayLike,
    *,
    confidence: float = 0.95,
    method: ShareMethod = "wilson",
) -> Interval:
    """Return the interval of a share, elementwise.

    Parameters
    ----------
    count, nobs
        Persons counted and persons in the denominator; broadcast against each other. Neither
        has to be an integer: twelve-month means are allowed.
    confidence
        Between 0 and 1.
    method
        - ``wilson``: the score interval, for almost everything.
        - ``wilsoncc``: the score interval with continuity correction (Newcombe 1998, method 4).
        - ``clopper_pearson``: "exact", never covers less than promised, too wide on the average.
        - ``jeffreys``: equal-tailed Beta(½, ½) interval, with the ends 0 and 1 where nobody or
          everybody is counted (Brown, Cai and DasGupta 2001).
        - ``agresti_coull``: a simple interval close to Wilson's.
        - ``wald``: for comparison with older texts only; it is wrong for few persons.

    Returns
    -------
    Interval
        `low` and `high` as shares 0 to 1. Missing where a count is missing, where `nobs` is 0,
        and where `count` exceeds `nobs` (disclosure noise can do that: it is no share).

    Raises
    ------
    UsageError
        For an unknown method or a confidence outside 0 to 1.
    SchemaError
        For negative or infinite counts, or shapes that do not fit.

    Notes
    -----
    All but ``wilsoncc`` come from ``statsmodels.stats.proportion.proportion_confint``.
    R. G. Newcombe (1998), Statistics in Medicine 17, 857–872, table I: 81 of 263.

    Examples
    --------
    >>> low, high = proportion_interval([81, 15, 16], [263, 148, 22])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2553, 0.0624, 0.5185], [0.3662, 0.1605, 0.8685])
    """
    require_word(method, ShareMethod, name="method")
    z = _critical_value(confidence)
    x, n = broadcast(counts(count, name="count"), counts(nobs, name="nobs"))
    _, valid = shares(x, n)
    low, high = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    if method == "wilsoncc":
        ends = _wilson_cc(x[valid], n[valid], z)
    else:
        ends = proportion_confint(
            x[valid], n[valid], alpha=1 - confidence, method=_IN_STATSMODELS[method]
        )
    low[valid], high[valid] = ends
    if method in ("wilson", "wilsoncc", "jeffreys"):
        low[valid & (x == 0)] = 0.0
        high[valid & (x == n)] = 1.0
    return Interval(low, high)


def difference_interval(
    count1: ArrayLike,
    nobs1: ArrayLike,
    count2: ArrayLike,
    nobs2: ArrayLike,
    *,
    confidence: float = 0.95,
    method: DifferenceMethod = "newcombe",
) -> Interval:
    """Return the interval of the difference of two shares, first minus second, elementwise.

    Parameters
    ----------
    count1, nobs1, count2, nobs2
        Persons counted and persons in the denominator of the two groups, which must not share
        persons; all broadcast against each other.
    confidence
        Between 0 and 1.
    method
        - ``newcombe``: hybrid score interval (Newcombe 1998, method 10), in closed form.
        - ``newcombecc``: the same from Wilson intervals with continuity correction (method 11).
        - ``agresti_caffo``: Wald after one success and one failure were added to each group.
        - ``miettinen_nurminen``: asymptotic score interval as Fagerland, Lydersen and Laake (2015)
          print it, that is without the factor N/(N − 1); Newcombe calls it Mee's (method 5).
        - ``miettinen_nurminen_corrected``: with that factor, as in Miettinen and Nurminen (1985);
          Newcombe's method 6.
        - ``wald``: for comparison with older texts only.

    Returns
    -------
    Interval
        `low` and `high` as differences of shares, −1 to 1: multiply by 100 for percentage
        points. Missing as in `proportion_interval`.

    Raises
    ------
    UsageError, SchemaError
        As in `proportion_interval`.

    Notes
    -----
    R. G. Newcombe (1998), Statistics in Medicine 17, 873–890. ``newcombe``, ``agresti_caffo`` and
    ``wald`` equal ``statsmodels.stats.proportion.confint_proportions_2indep`` and are written out
    for speed. The score intervals are our own: that function's (0.15.0) has a wrong coefficient
    (statsmodels issue 10269) and fails where nobody or everybody is counted.

    Examples
    --------
    >>> low, high = difference_interval(5, 56, 0, 29)
    >>> round(float(low), 3), round(float(high), 3)
    (-0.038, 0.193)
    """
    require_word(method, DifferenceMethod, name="method")
    z = _critical_value(confidence)
    x1, n1, x2, n2 = _count_pairs(count1, nobs1, count2, nobs2)
    (p1, valid1), (p2, valid2) = shares(x1, n1), shares(x2, n2)
    valid = valid1 & valid2
    if method.startswith("miettinen_nurminen"):
        low, high = np.full(valid.shape, np.nan), np.full(valid.shape, np.nan)
        low[valid], high[valid] = _score_interval(
            *(one[valid] for one in (x1, n1, x2, n2)), z=z, corrected=method.endswith("corrected")
        )
        return Interval(low, high)
    if method in ("newcombe", "newcombecc"):
        share: ShareMethod = "wilson" if method == "newcombe" else "wilsoncc"
        low1, high1 = proportion_interval(x1, n1, confidence=confidence, method=share)
        low2, high2 = proportion_interval(x2, n2, confidence=confidence, method=share)
        below = np.hypot(p1 - low1, high2 - p2)
        above = np.hypot(high1 - p1, p2 - low2)
        return Interval(p1 - p2 - below, p1 - p2 + above)
    added = 1.0 if method == "agresti_caffo" else 0.0
    m1, m2 = n1 + 2 * added, n2 + 2 * added
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = np.where(valid, (x1 + added) / m1, np.nan), (x2 + added) / m2
        half = z * np.sqrt(p1 * (1 - p1) / m1 + p2 * (1 - p2) / m2)
    return Interval(p1 - p2 - half, p1 - p2 + half)


def rate_variance(rate: ArrayLike, nobs: ArrayLike, *, noise_variance: float) -> FloatArray:
    """Return the variance of a rate: chance plus disclosure noise, elementwise.

    V(x) = x(1 − x)/n + noise·(1 + x²)/n². The second term is what a noise of that variance on
    numerator and denominator adds; it matters below about 300 persons.

    Parameters
    ----------
    rate
        Shares, 0 to 1.
    nobs
        Persons in the denominator.
    noise_variance
        Persons² per published count: 2.1 for SCB's TAB6260, 0 where a source adds no noise.

    Returns
    -------
    numpy.ndarray
        Variances of shares. Missing where an input is missing, `nobs` is 0 or the rate is
        outside 0 to 1.

    Examples
    --------
    >>> rate_variance([0.2, 0.2], [100, 1000], noise_variance=2.1).round(8).tolist()
    [0.0018184, 0.00016218]
    """
    if not noise_variance >= 0:
        raise UsageError(
            f"noise_variance must be 0 or more, got {noise_variance!r}: 2.1 for TAB6260, else 0."
        )
    x, n = broadcast(floats(rate, name="rate"), counts(nobs, name="nobs"))
    valid = (n > 0) & (x >= 0) & (x <= 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = x * (1 - x) / n + noise_variance * (1 + x**2) / n**2
    return np.where(valid, variance, np.nan)


def judge_base(nobs: ArrayLike) -> pd.Categorical:
    """Say what a denominator can bear, elementwise.

    Parameters
    ----------
    nobs
        Persons in the denominator.

    Returns
    -------
    pandas.Categorical
        Ordered, with the categories ``missing`` (no count), ``no_rate`` (below 30 persons: show
        the count, if published, and no rate), ``small`` (below 50: a rate with
        `SmallBaseWarning`) and ``sufficient``.

    Examples
    --------
    >>> list(judge_base([29, 30, 49, 50, float("nan")]))
    ['no_rate', 'small', 'small', 'sufficient', 'missing']
    """
    n = np.atleast_1d(counts(nobs, name="nobs"))
    codes = 1 + (n >= NO_RATE_BELOW).astype(int) + (n >= WARN_BELOW)
    codes = np.where(np.isnan(n), 0, codes)
    return pd.Categorical.from_codes(codes, categories=pd.Index(BASES, dtype=object), ordered=True)


def _wilson_cc(x: FloatArray, n: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    """Wilson with continuity correction: Newcombe (1998), method 4."""
    p, q = x / n, 1 - x / n
    centre, scale = 2 * x + z**2, 2 * (n + z**2)
    # The roots are negative only where x is 0 or n, where the end is 0 or 1 by definition.
    under = np.maximum(z**2 - 2 - 1 / n + 4 * p * (n * q + 1), 0)
    over = np.maximum(z**2 + 2 - 1 / n + 4 * p * (n * q - 1), 0)
    low = (centre - 1 - z * np.sqrt(under)) / scale
    high = (centre + 1 + z * np.sqrt(over)) / scale
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def _score_interval(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray, *, z: float, corrected: bool
) -> Interval:
    """Invert the score test of a difference by bisection, all rows at once."""
    estimate = x1 / n1 - x2 / n2
    total = n1 + n2
    factor = total / (total - 1) if corrected else 1.0

    def accepted(difference: FloatArray) -> BoolArray:
        q2 = _constrained_share(x1, n1, x2, n2, difference)
        q1 = np.clip(q2 + difference, 0, 1)
        variance = factor * (q1 * (1 - q1) / n1 + q2 * (1 - q2) / n2)
        return np.asarray((estimate - difference) ** 2 <= z**2 * variance)

    ends = []
    for outermost in (-1.0, 1.0):
        inside, outside = estimate, np.full(estimate.shape, outermost)
        for _ in range(54):
            middle = (inside + outside) / 2
            inner = accepted(middle)
            inside, outside = np.where(inner, middle, inside), np.where(inner, outside, middle)
        ends.append(inside)
    return Interval(*ends)


def _constrained_share(
    x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray, difference: FloatArray
) -> FloatArray:
    """Second share of largest likelihood given the difference: Miettinen and Nurminen's cubic."""
    total = n1 + n2
    b = ((n1 + 2 * n2) * difference - total - x1 - x2) / (3 * total)
    c = ((n2 * difference - total - 2 * x2) * difference + x1 + x2) / (3 * total)
    d = x2 * difference * (1 - difference) / (2 * total)
    q = b**3 - 1.5 * b * c + d
    root = np.sqrt(np.maximum(b**2 - c, 0))
    p = np.where(q < 0, -root, root)
    cosine = np.divide(q, p**3, out=np.zeros_like(q), where=p != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    share: FloatArray = np.clip(2 * p * np.cos(angle) - b, 0, 1)
    return share


def _count_pairs(
    count1: ArrayLike, nobs1: ArrayLike, count2: ArrayLike, nobs2: ArrayLike
) -> tuple[FloatArray, ...]:
    return broadcast(
        counts(count1, name="count1"),
        counts(nobs1, name="nobs1"),
        counts(count2, name="count2"),
        counts(nobs2, name="nobs2"),
    )


def _critical_value(confidence: float) -> float:
    require_probability(confidence, name="confidence")
    return float(stats.norm.isf((1 - confidence) / 2))
