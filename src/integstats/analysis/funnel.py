"""Funnel plots: which places stand out by more than chance, given how few persons they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from integstats.analysis.dispersion import (
    Dispersion,
    Distribution,
    Extremes,
    Scale,
    back_transform,
    chance_variance,
    estimate_dispersion,
    require_target,
    require_words,
    transform,
    z_scores,
)
from integstats.analysis.inputs import (
    FloatArray,
    broadcast,
    counts,
    floats,
    group_keys,
    require_probability,
    require_word,
    row_groups,
)
from integstats.errors import SchemaError, UsageError
from integstats.table import require

Overdispersion = Literal["multiplicative", "additive"]
Interpolation = Literal["spiegelhalter", "cautious", "none"]

SIDES = ("missing", "below", "within", "above")
"""The words of the column `side`."""


@dataclass(frozen=True)
class Funnel:
    """Places against the limits of chance.

    Attributes
    ----------
    table
        One row per row of the input: its keys and the two counts, then `rate`, `target`, `z`
        (naive, on the chosen scale), the limits `low_95`, `high_95`, `low_99_8`, `high_99_8` (one
        pair per confidence), `side` (``below``, ``within``, ``above`` the widest limits that the
        rate is outside of; ``missing``) and `outside`, the confidence of those limits (0 within).
    groups
        One row per group: its keys, then `target`, `phi`, `tau2`, `places`.
    """

    table: pd.DataFrame
    groups: pd.DataFrame


def funnel_limits(
    nobs: ArrayLike,
    target: ArrayLike,
    *,
    confidence: Sequence[float] = (0.95, 0.998),
    distribution: Distribution = "binomial",
    interpolation: Interpolation = "spiegelhalter",
    overdispersion: Overdispersion | None = None,
    dispersion: Dispersion | None = None,
    scale: Scale = "identity",
) -> pd.DataFrame:
    """Return the control limits of a funnel plot.

    Parameters
    ----------
    nobs
        Persons in the denominator (whole numbers for the exact binomial limits; halves are
        rounded); for ``poisson`` the expected count, or the exposure.
    target
        The rate a place would have by chance alone: a share for ``binomial``; for ``poisson`` the
        ratio (1 for an indirectly standardised one) or the rate per unit of exposure.
    confidence
        One pair of limits each.
    distribution
        ``binomial`` for shares, ``poisson`` for counts against an expectation.
    interpolation
        Of the exact limits between whole counts, so that the funnel is smooth.
        ``spiegelhalter``: see Notes. ``cautious``: the same, with the upper limit one person
        higher, so that it mirrors the lower one and no limit is crossed more often by chance
        than (1 − confidence)/2. ``none``: the plain quantiles r/n.
    overdispersion
        None: exact limits. ``multiplicative``: normal limits with the variance times phi.
        ``additive``: normal limits with the variance plus tau². Limits are never narrower than
        by chance: with phi at most 1, or tau² 0, they are the exact ones.
    dispersion
        What `estimate_dispersion` returned, on the same scale; needed with `overdispersion`.
    scale
        Of the normal limits: ``identity``, ``root`` (arcsine of the square root for shares, square
        root for ratios) or ``log`` (ratios only).

    Returns
    -------
    pandas.DataFrame
        `nobs`, `target`, and `low_95`, `high_95`, … per confidence (a decimal point becomes an
        underscore: `low_99_8`). Shares stay within 0 to 1, ratios above 0. Missing where `nobs`
        is missing or 0.

    Raises
    ------
    UsageError
        For unknown words, a confidence outside 0 to 1, or overdispersion without an estimate.
    SchemaError
        For negative counts, or a target outside 0 to 1 (binomial) or not above 0 (Poisson).

    Notes
    -----
    D. J. Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics
    in Medicine 24, 1185–1202, appendix A.1: with r the smallest count of which P(R ≤ r) ≥ p, the
    limit is (r − α)/n, α = [P(R ≤ r) − p] / [P(R ≤ r) − P(R ≤ r − 1)]. With few persons a place at
    the target lies above that upper limit more often than promised (Manktelow and Seaton 2012,
    PLoS ONE 7, e45723, compare such interpolations): `funnel` therefore judges by the quantiles.

    Examples
    --------
    >>> funnel_limits([10, 100], 0.5, confidence=[0.95]).round(4).values.tolist()
    [[10.0, 0.5, 0.1324, 0.7676], [100.0, 0.5, 0.3968, 0.5932]]
    """
    require_words(distribution, scale)
    require_word(interpolation, Interpolation, name="interpolation")
    factor, added = _widening(overdispersion, dispersion)
    n, theta = broadcast(
        np.atleast_1d(counts(nobs, name="nobs")), np.atleast_1d(floats(target, name="target"))
    )
    require_target(theta, distribution)
    valid = (n > 0) & ~np.isnan(theta)
    variance = factor * chance_variance(n[valid], theta[valid], distribution, scale) + added
    centre = transform(theta[valid], distribution, scale)
    result = {"nobs": n.copy(), "target": theta.copy()}
    for level in confidence:
        require_probability(level, name="confidence")
        for name, p in (("low", (1 - level) / 2), ("high", (1 + level) / 2)):
            limit = np.full(n.shape, np.nan)
            if factor > 1 or added > 0:
                ends = centre + stats.norm.ppf(p) * np.sqrt(variance)
                limit[valid] = back_transform(ends, distribution, scale)
            else:
                limit[valid] = _exact_limit(n[valid], theta[valid], p, distribution, interpolation)
            result[f"{name}_{_label(level)}"] = limit
    return pd.DataFrame(result)


def funnel(
    table: pd.DataFrame,
    *,
    numerator: str,
    denominator: str,
    target: float | None = None,
    confidence: Sequence[float] = (0.95, 0.998),
    distribution: Distribution = "binomial",
    interpolation: Interpolation = "spiegelhalter",
    overdispersion: Overdispersion | None = None,
    scale: Scale = "identity",
    extremes: Extremes = "winsorise",
    proportion: float = 0.1,
) -> Funnel:
    """Hold every place against the limits of chance around a target.

    Parameters
    ----------
    table
        One row per place and group, the key `place` among its keys; without sums of the places.
    numerator, denominator
        Columns with the counts; for ``poisson`` the denominator is the expected count.
    target
        The rate to hold against, e.g. the country's; None takes all places of a group together.
    confidence, distribution, interpolation, overdispersion, scale
        As in `funnel_limits`.
    extremes, proportion
        As in `estimate_dispersion`.

    Returns
    -------
    Funnel
        Consumes `place`; each group of all other keys is a funnel of its own. `side` and
        `outside` are judged by the plain quantiles where limits are exact, so that chance alone
        puts a place beyond either limit with at most (1 − confidence)/2; draw the limits with
        ``interpolation="cautious"`` to have every such place, and no other, beyond the line.

    Raises
    ------
    UsageError, SchemaError
        As in `funnel_limits`; SchemaError also for missing columns and duplicated keys.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A", "B", "C"], "unemployed": [30.0, 5.0, 12.0],
    ...                       "labour_force": [100.0, 100.0, 100.0]})
    >>> result = funnel(frame, numerator="unemployed", denominator="labour_force")
    >>> result.table[["place", "rate", "side", "outside"]].values.tolist()
    [['A', 0.3, 'above', 0.998], ['B', 0.05, 'below', 0.998], ['C', 0.12, 'within', 0.0]]
    """
    require(table, ["place", numerator, denominator], what="funnel")
    keys = group_keys(table, consumed=["place"], what="funnel")
    x = counts(table[numerator].to_numpy(), name=numerator)
    n = counts(table[denominator].to_numpy(), name=denominator)
    require_words(distribution, scale)
    limits = partial(
        funnel_limits,
        confidence=confidence,
        distribution=distribution,
        overdispersion=overdispersion,
        scale=scale,
    )
    parts, groups = [], []
    positions = row_groups(table, keys)
    for rows in positions:
        complete = ~np.isnan(x[rows]) & (n[rows] > 0)
        if target is None and not complete.any():
            raise SchemaError("A group has no place with both counts: give a target.")
        centre = (
            float(x[rows][complete].sum() / n[rows][complete].sum()) if target is None else target
        )
        found = (
            estimate_dispersion(
                x[rows],
                n[rows],
                centre,
                distribution=distribution,
                scale=scale,
                extremes=extremes,
                proportion=proportion,
            )
            if complete.sum() > 1 and centre > 0 and (distribution == "poisson" or centre < 1)
            else Dispersion(phi=np.nan, tau2=0.0, places=int(complete.sum()))
        )
        part = limits(n[rows], centre, interpolation=interpolation, dispersion=found)
        judged_by = limits(n[rows], centre, interpolation="none", dispersion=found)
        rate = np.divide(x[rows], n[rows], out=np.full(len(rows), np.nan), where=n[rows] > 0)
        part = part.drop(columns="nobs")
        part.insert(0, "rate", rate)
        part.insert(2, "z", z_scores(x[rows], n[rows], np.float64(centre), distribution, scale)[0])
        part["side"], part["outside"] = _position(rate, judged_by, sorted(confidence))
        parts.append(part.set_index(rows))
        groups.append({"target": centre, **vars(found)})
    judged = pd.concat(parts).sort_index()
    kept = table[[name for name in table.columns if name in {*keys, "place"}]].reset_index(
        drop=True
    )
    firsts = table.iloc[[int(rows[0]) for rows in positions]][keys].reset_index(drop=True)
    return Funnel(
        table=pd.concat([kept.assign(**{numerator: x, denominator: n}), judged], axis=1),
        groups=pd.concat([firsts, pd.DataFrame(groups)], axis=1),
    )


def _position(
    rate: FloatArray, limits: pd.DataFrame, levels: Sequence[float]
) -> tuple[pd.Categorical, FloatArray]:
    outside = np.where(np.isnan(rate), np.nan, 0.0)
    side = np.where(np.isnan(rate), 0, 2)
    for level in levels:
        label = _label(level)
        below = rate < limits[f"low_{label}"].to_numpy()
        above = rate > limits[f"high_{label}"].to_numpy()
        outside[below | above] = level
        side[below], side[above] = 1, 3
    return pd.Categorical.from_codes(side, categories=pd.Index(SIDES, dtype=object)), outside


def _widening(kind: str | None, dispersion: Dispersion | None) -> tuple[float, float]:
    """What the variance is multiplied by, and what is added to it."""
    if kind is None:
        return 1.0, 0.0
    require_word(kind, Overdispersion, name="overdispersion")
    if dispersion is None:
        raise UsageError(
            f"overdispersion={kind!r} needs dispersion: the result of estimate_dispersion."
        )
    if kind == "multiplicative":
        return max(1.0, dispersion.phi), 0.0
    return 1.0, dispersion.tau2


def _exact_limit(
    n: FloatArray, theta: FloatArray, p: float, distribution: str, interpolation: str
) -> FloatArray:
    if distribution == "binomial":
        n = np.maximum(np.rint(n), 1)
        chance: Any = stats.binom(n, theta)
        most = n
    else:
        chance = stats.poisson(n * theta)
        most = np.full(n.shape, np.inf)
    r = chance.ppf(p)
    if interpolation != "none":
        upto, before = chance.cdf(r), chance.cdf(r - 1)
        r = r - (upto - p) / (upto - before)
        if interpolation == "cautious" and p > 0.5:
            r = r + 1
    limit: FloatArray = np.clip(r, 0, most) / n
    return limit


def _label(level: float) -> str:
    return f"{100 * level:.6g}".replace(".", "_")
