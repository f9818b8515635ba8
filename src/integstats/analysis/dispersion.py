"""How much more the places differ than chance lets them: phi and tau²."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from integstats.analysis.inputs import FloatArray, broadcast, counts, require_word
from integstats.errors import SchemaError, UsageError

Distribution = Literal["binomial", "poisson"]
Scale = Literal["identity", "root", "log"]
Extremes = Literal["winsorise", "truncate"]


@dataclass(frozen=True)
class Dispersion:
    """How much more the places differ than chance lets them.

    Attributes
    ----------
    phi
        Mean of the squared z-scores after the extremes were drawn in: 1 under chance alone.
    tau2
        Variance between places, on the scale of the z-scores; 0 where phi shows none.
    places
        Places it rests on.
    """

    phi: float
    tau2: float
    places: int


def estimate_dispersion(
    count: ArrayLike,
    nobs: ArrayLike,
    target: float,
    *,
    distribution: Distribution = "binomial",
    scale: Scale = "identity",
    extremes: Extremes = "winsorise",
    proportion: float = 0.1,
) -> Dispersion:
    """Estimate phi and tau² of places against a target.

    Parameters
    ----------
    count, nobs
        Persons counted and the denominator (or the expected count), one per place; incomplete
        places are left out.
    target
        The share, ratio or rate they are held against.
    distribution, scale
        Of the rates, and the scale of the z-scores: see `funnel_limits`.
    extremes
        ``winsorise`` draws z-scores beyond the quantiles `proportion` and 1 − `proportion` in to
        them (Spiegelhalter); ``truncate`` leaves the places at or beyond them out (NHS SHMI).
    proportion
        0 takes every z-score as it is.

    Returns
    -------
    Dispersion

    Raises
    ------
    UsageError, SchemaError
        For unknown words, impossible targets or counts, or fewer than two places.

    Notes
    -----
    D. J. Spiegelhalter (2005), Handling over-dispersion of performance indicators, Quality and
    Safety in Health Care 14, 347–351: φ = Σz²/I; τ² = (Iφ − (I − 1)) / (Σw − Σw²/Σw), at least 0,
    with w = 1/s² (DerSimonian and Laird about the target).

    Examples
    --------
    >>> found = estimate_dispersion([30, 12, 25, 8], [100, 100, 100, 100], 0.1875, proportion=0)
    >>> round(found.phi, 3), round(found.tau2, 5), found.places
    (5.362, 0.00937, 4)
    """
    require_words(distribution, scale)
    require_word(extremes, Extremes, name="extremes")
    if not 0 <= proportion < 0.5:
        raise UsageError(f"proportion must be at least 0 and below 0.5, got {proportion!r}.")
    require_target(np.array([target]), distribution)
    z, weight = z_scores(count, nobs, np.float64(target), distribution, scale)
    known = ~np.isnan(z)
    z, weight = z[known], weight[known]
    if len(z) < 2:
        raise SchemaError(f"Dispersion needs at least 2 places with a rate; got {len(z)}.")
    if proportion > 0:
        low, high = np.quantile(z, [proportion, 1 - proportion])
        if extremes == "winsorise":
            z = np.clip(z, low, high)
        else:
            kept = (z > low) & (z < high)
            z, weight = z[kept], weight[kept]
            if len(z) < 2:
                raise SchemaError(
                    f"Dispersion needs at least 2 places; truncation left {len(z)}. Choose "
                    "extremes='winsorise' or a smaller proportion."
                )
    places = len(z)
    phi = float(np.mean(z**2))
    spread = float(weight.sum() - (weight**2).sum() / weight.sum())
    return Dispersion(phi=phi, tau2=max(0.0, (places * phi - (places - 1)) / spread), places=places)


def z_scores(
    count: ArrayLike, nobs: ArrayLike, target: np.float64, distribution: str, scale: str
) -> tuple[FloatArray, FloatArray]:
    """Naive z-scores and the weights 1/s²; missing where there is no rate."""
    x, n = broadcast(
        np.atleast_1d(counts(count, name="count")), np.atleast_1d(counts(nobs, name="nobs"))
    )
    valid = (n > 0) & ~np.isnan(x) & ((x <= n) | (distribution == "poisson"))
    # The logarithm of nobody is minus infinity: such a place has no z-score on that scale.
    valid &= (x > 0) | (scale != "log")
    rate = np.divide(x, n, out=np.full(x.shape, np.nan), where=valid)
    weight = np.full(x.shape, np.nan)
    theta = np.full(x.shape, target)
    variance = chance_variance(n[valid], theta[valid], distribution, scale)
    # A target of 0 or 1 leaves nothing to chance: no z-score.
    weight[valid] = np.divide(1, variance, out=np.full(variance.shape, np.nan), where=variance > 0)
    apart = transform(rate, distribution, scale) - transform(theta, distribution, scale)
    return apart * np.sqrt(weight), weight


def back_transform(value: FloatArray, distribution: str, scale: str) -> FloatArray:
    """Return rates from values on the scale: shares within 0 to 1, ratios not below 0."""
    if scale == "identity":
        rate = value
    elif scale == "log":
        rate = np.exp(value)
    elif distribution == "binomial":
        rate = np.sin(np.clip(value, 0, np.pi / 2)) ** 2
    else:
        rate = np.maximum(value, 0) ** 2
    inside: FloatArray = np.clip(rate, 0, 1 if distribution == "binomial" else np.inf)
    return inside


def transform(rate: FloatArray, distribution: str, scale: str) -> FloatArray:
    """Return rates on the scale: as they are, (arcsine of the) square root, or logarithm."""
    if scale == "identity":
        return rate
    if scale == "log":
        return np.asarray(np.log(rate))
    return np.asarray(np.arcsin(np.sqrt(rate)) if distribution == "binomial" else np.sqrt(rate))


def chance_variance(n: FloatArray, theta: FloatArray, distribution: str, scale: str) -> FloatArray:
    """Variance by chance of a place at the target, on the scale."""
    if scale == "identity":
        return theta * (1 - theta) / n if distribution == "binomial" else theta / n
    if scale == "log":
        return 1 / (n * theta)
    return 1 / (4 * n)


def require_words(distribution: str, scale: str) -> None:
    """Raise UsageError unless the distribution and the scale are known and go together."""
    require_word(distribution, Distribution, name="distribution")
    require_word(scale, Scale, name="scale")
    if scale == "log" and distribution == "binomial":
        raise UsageError("scale='log' is for ratios (distribution='poisson'); shares use 'root'.")


def require_target(theta: FloatArray, distribution: str) -> None:
    """Raise SchemaError for a target that no rate of the distribution could have."""
    known = theta[~np.isnan(theta)]
    if distribution == "binomial" and ((known < 0) | (known > 1)).any():
        raise SchemaError(f"A binomial target is a share, 0 to 1; got {known.min()}–{known.max()}.")
    if distribution == "poisson" and (known <= 0).any():
        raise SchemaError(f"A Poisson target is above 0; got {known.min()}.")
