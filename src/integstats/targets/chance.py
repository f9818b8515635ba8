"""How sure a change is, and on which side of the path a reading lies. All elementwise.

Registers are full counts: the variances answer "could this be chance, given how few persons it
is?". Two readings are treated as independent; the same persons recur in both, so z is cautious.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from integstats.analysis.inputs import BoolArray, FloatArray
from integstats.analysis.small_numbers import rate_variance
from integstats.catalogue import Better
from integstats.targets.requirements import Unit

Z_CERTAIN = 1.645
"""A change with at least this z is certain: 5 per cent on one side."""
LEAST_POINTS = 0.5
"""A rate that moved less, in percentage points, is "i stort sett oförändrad"."""


@dataclass(frozen=True, eq=False)
class Basis:
    """What readings of one time rest on: one element per place, or per draw.

    Parameters
    ----------
    unit
        ``share``, ``pp``, ``ratio`` or ``persons``.
    better
        Of the measure: ``down`` or ``up``. It tells which way round a gap is.
    noise_variance
        Variance of the disclosure noise of one count, persons².
    n
        Persons in the group's denominator (not used for ``persons``).
    comparator, comparator_n
        The comparator's rate (share 0–1) and denominator, for ``pp`` and ``ratio``.
    """

    unit: Unit
    better: Better
    noise_variance: float
    n: FloatArray
    comparator: FloatArray | None = None
    comparator_n: FloatArray | None = None

    def rate_at(self, value: ArrayLike) -> FloatArray:
        """Return the group's own rate that a value stands for, the comparator as it is."""
        x = np.asarray(value, dtype=float)
        if self.comparator is None:
            return x
        if self.unit == "ratio":
            return np.asarray(x * self.comparator)
        return np.asarray(self.comparator + (x if self.better == "down" else -x) / 100)

    def of(self, place: int) -> Basis:
        """Return the basis of one place alone."""
        return self._taken(slice(place, place + 1))

    def scaled(self, value: ArrayLike) -> FloatArray:
        """Return the value on the scale of its variance: the log for a ratio."""
        x = np.asarray(value, dtype=float)
        if self.unit != "ratio":
            return x
        missing = np.full(x.shape, np.nan)
        np.log(x, out=missing, where=x > 0)
        return missing

    def variance(self, value: ArrayLike) -> FloatArray:
        """Return V(value) on the scale of `scaled`.

        A share: x(1−x)/n + noise·(1+x²)/n². A gap: the sum of both variances, in percentage
        points². A ratio: the delta method on the log. A count: itself + noise. A rate beyond 0
        or 1, which a path may ask for, counts as 0 or 1.
        """
        x = np.asarray(value, dtype=float)
        if self.unit == "persons":
            return np.where(x >= 0, x + self.noise_variance, np.nan)
        own = np.clip(self.rate_at(x), 0, 1)
        spread = rate_variance(own, self.n, noise_variance=self.noise_variance)
        if self.comparator is None or self.comparator_n is None:
            return spread
        other = rate_variance(
            self.comparator, self.comparator_n, noise_variance=self.noise_variance
        )
        if self.unit == "pp":
            return 1e4 * (spread + other)
        with np.errstate(divide="ignore", invalid="ignore"):
            log_variance = spread / own**2 + other / self.comparator**2
        return np.where(np.isfinite(log_variance), log_variance, np.nan)

    def furthest(self, baseline: FloatArray, *, sign: int) -> FloatArray:
        """Return about the best value that can be: a rate of 0 or 1, or very many persons."""
        if self.unit == "persons":
            many = baseline + 50 + 20 * np.sqrt(np.maximum(baseline, 0) + self.noise_variance)
            return np.zeros_like(baseline) if sign > 0 else many
        best = 0.0 if self.better == "down" else 1.0
        if self.comparator is None:
            return np.full_like(baseline, best)
        if self.unit == "ratio":
            # The log of a ratio has no end at 0: one person is the least there is.
            return np.asarray((1 / self.n if best == 0 else best) / self.comparator)
        return np.asarray(100 * (best - self.comparator) * (1 if self.better == "down" else -1))

    def per_period(self) -> Basis:
        """Return the same with a second axis, to be held against several periods at once."""
        return self._taken((slice(None), None))

    def _taken(self, index: Any) -> Basis:
        other, other_n = self.comparator, self.comparator_n
        return replace(
            self,
            n=self.n[index],
            comparator=None if other is None else other[index],
            comparator_n=None if other_n is None else other_n[index],
        )


def least_change(revision_pp: float) -> float:
    """Return the smallest change of a rate, in percentage points, that is called one.

    Half a point, and twice the known size of a revision of the dataset.

    Examples
    --------
    >>> least_change(0.2), least_change(0.4)
    (0.5, 0.8)
    """
    return max(LEAST_POINTS, 2 * revision_pp)


def z_score(
    baseline: ArrayLike,
    reading: ArrayLike,
    *,
    baseline_variance: ArrayLike,
    reading_variance: ArrayLike,
    sign: int,
) -> FloatArray:
    """Return z = s(b − y)/√(V(y) + V(b)); positive = better.

    Parameters
    ----------
    baseline, reading
        b and y, on the scale of their variances.
    baseline_variance, reading_variance
        V(b) and V(y).
    sign
        s: +1 when lower is better, −1 when higher is.

    Returns
    -------
    numpy.ndarray
        Missing where the variance is 0 or missing.

    Examples
    --------
    >>> z_score(0.2, 0.15, baseline_variance=0.0003, reading_variance=0.0003, sign=1).round(3)
    np.float64(2.041)
    """
    difference = sign * (np.asarray(baseline, dtype=float) - np.asarray(reading, dtype=float))
    total = np.asarray(baseline_variance, dtype=float) + np.asarray(reading_variance, dtype=float)
    difference, total = np.broadcast_arrays(difference, total)
    missing = np.full(total.shape, np.nan)
    np.divide(difference, np.sqrt(np.abs(total)), out=missing, where=total > 0)
    return missing


def ahead_probability(
    path: ArrayLike,
    reading: ArrayLike,
    *,
    reading_variance: ArrayLike,
    baseline_variance: ArrayLike,
    gradient: ArrayLike,
    sign: int,
) -> FloatArray:
    """Return P = Φ(s(p − y)/√(V(y) + g²·V(b))): how surely the reading is ahead of the path.

    Without any variance it is 1 ahead of the path, 0 behind it and ½ on it.

    Examples
    --------
    >>> ahead_probability(0.15, 0.15, reading_variance=1e-4, baseline_variance=1e-4,
    ...                   gradient=0.75, sign=1)
    array(0.5)
    """
    lead = sign * (np.asarray(path, dtype=float) - np.asarray(reading, dtype=float))
    total = np.asarray(reading_variance, dtype=float) + np.asarray(gradient) ** 2 * np.asarray(
        baseline_variance, dtype=float
    )
    lead, total = np.broadcast_arrays(lead, total)
    certain = np.where(lead == 0, 0.0, np.copysign(np.inf, lead))
    scaled = np.divide(lead, np.sqrt(np.abs(total)), out=certain, where=total > 0)
    return np.where(np.isnan(lead) | np.isnan(total), np.nan, ndtr(scaled))


def smallest_certain_change(
    baseline: FloatArray,
    *,
    baseline_variance: FloatArray,
    basis: Basis,
    sign: int,
    least_z: float = Z_CERTAIN,
) -> FloatArray:
    """Return the least improvement that would have given such a z, in the unit of the baseline.

    Parameters
    ----------
    baseline, baseline_variance
        b and V(b).
    basis
        What the reading rests on: its persons stay as they are.
    sign
        +1 when lower is better, −1 when higher is.
    least_z
        The z that it must have.

    Returns
    -------
    numpy.ndarray
        Positive. Missing where not even the best possible value would have been certain.

    Examples
    --------
    >>> of = Basis("share", "down", 0.0, n=np.array([1000.0]))
    >>> b = np.array([0.2])
    >>> smallest_certain_change(b, baseline_variance=of.variance(b), basis=of, sign=1).round(4)
    array([0.0286])
    """
    b = np.asarray(baseline, dtype=float)

    def certain(value: FloatArray) -> BoolArray:
        z = z_score(
            basis.scaled(b),
            basis.scaled(value),
            baseline_variance=baseline_variance,
            reading_variance=basis.variance(value),
            sign=sign,
        )
        return np.asarray(z >= least_z)

    near, far = b.copy(), basis.furthest(b, sign=sign)
    possible = certain(far) & (sign * (b - far) > 0)
    # Halving the interval sixty times reaches the last bit of a float.
    for _ in range(60):
        middle = (near + far) / 2
        shown = certain(middle)
        near, far = np.where(shown, near, middle), np.where(shown, middle, far)
    return np.where(possible, np.abs(b - far), np.nan)
