"""Comparing many places: differences from the country, and how far a rank can be trusted.

A bare rank is never returned: every rank stands beside its confidence set.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from integstats.analysis.inputs import (
    BoolArray,
    FloatArray,
    counts,
    floats,
    group_keys,
    require_probability,
    require_word,
    row_groups,
    shares,
)
from integstats.analysis.rank_sets import tell_apart
from integstats.analysis.small_numbers import (
    NO_RATE_BELOW,
    difference_interval,
    judge_base,
    rate_variance,
)
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.table import require

Better = Literal["up", "down"]
Sides = Literal["two-sided", "lower", "upper"]
Procedure = Literal["bh", "by"]


class Discoveries(NamedTuple):
    """p-values adjusted for being many.

    `adjusted` holds the adjusted p-values, `reject` where they are at most the accepted rate.
    """

    adjusted: FloatArray
    reject: BoolArray


def benjamini_hochberg(
    p_values: ArrayLike, *, rate: float = 0.05, procedure: Procedure = "bh"
) -> Discoveries:
    """Adjust p-values so that at most a share `rate` of the rejections is expected to be false.

    Parameters
    ----------
    p_values
        One family of p-values, 0 to 1, in any order; missing ones stay missing and count for
        nothing.
    rate
        The accepted false discovery rate.
    procedure
        ``bh``: Benjamini and Hochberg (1995), for independent or positively dependent tests;
        ``by``: Benjamini and Yekutieli (2001), for any dependence, and stricter.

    Returns
    -------
    Discoveries

    Raises
    ------
    SchemaError
        For p-values outside 0 to 1.
    UsageError
        For a rate outside 0 to 1 or an unknown procedure.

    Notes
    -----
    The adjustment is ``scipy.stats.false_discovery_control``.

    Examples
    --------
    >>> found = benjamini_hochberg([0.01, 0.02, 0.03, 0.5])
    >>> found.adjusted.round(4).tolist(), found.reject.tolist()
    ([0.04, 0.04, 0.04, 0.5], [True, True, True, False])
    """
    require_probability(rate, name="rate")
    require_word(procedure, Procedure, name="procedure")
    p = np.atleast_1d(floats(p_values, name="p_values"))
    known = ~np.isnan(p)
    if ((p[known] < 0) | (p[known] > 1)).any():
        raise SchemaError(
            f"p_values must lie within 0 to 1; got {p[known].min()}–{p[known].max()}."
        )
    adjusted = np.full(p.shape, np.nan)
    if known.any():
        adjusted[known] = stats.false_discovery_control(p[known], method=procedure)
    return Discoveries(adjusted=adjusted, reject=np.asarray(adjusted <= rate))


def differences_from(
    table: pd.DataFrame,
    *,
    reference: str,
    numerator: str,
    denominator: str,
    contains_places: bool = True,
    noise_variance: float = 0.0,
    rate: float = 0.05,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare every place's rate with a reference's, such as the country's.

    Parameters
    ----------
    table
        One row per place and group, with the key `place` and the reference's own row per group.
    reference
        Its code in `place`, e.g. ``"00"`` for Sweden.
    numerator, denominator
        Columns with the counts.
    contains_places
        True: the places are parts of the reference, and **each is compared with the rest of
        it**, its own people taken out, so that nobody is compared with herself. False: the
        places lie outside it and it is taken whole.
    noise_variance
        Variance of the disclosure noise per published count: 2.1 for TAB6260, else 0.
    rate
        The accepted false discovery rate among the places of one group.
    confidence
        Of the interval of each difference (not adjusted for being many).

    Returns
    -------
    pandas.DataFrame
        One row per place other than the reference, in the input's order: its keys and counts,
        `rate`, `reference_rate` (shares; of the rest of the reference where `contains_places`),
        `difference_pp` (place minus reference, percentage points), `difference_low_pp` and
        `difference_high_pp` (Newcombe), `z`, `p_value` (two-sided), `p_adjusted`
        (Benjamini–Hochberg within the group), `differs` (p_adjusted at most `rate`) and `base`
        (see `judge_base`). A place with a base of fewer than 30 persons is not tested.
        Consumes `place`; every group of all other keys is a family of its own.

    Raises
    ------
    UnknownCodeError
        When the reference is not among the places of every group.
    SchemaError
        For missing columns, duplicated keys, negative counts, or a place larger than the
        reference that should contain it.
    UsageError
        For a rate or a confidence outside 0 to 1.

    Notes
    -----
    z is the difference over √[p(1 − p)(1/n₁ + 1/n₂)] with the pooled share p, plus, under the
    root, noise·(1 + x²)/n² of both rates.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["00", "A", "B"], "unemployed": [150.0, 60.0, 20.0],
    ...                       "labour_force": [1000.0, 250.0, 200.0]})
    >>> found = differences_from(frame, reference="00", numerator="unemployed",
    ...                          denominator="labour_force")
    >>> found[["place", "reference_rate", "difference_pp", "differs"]].round(3).values.tolist()
    [['A', 0.12, 12.0, True], ['B', 0.162, -6.25, True]]
    """
    require_probability(rate, name="rate")
    require(table, ["place", numerator, denominator], what="differences_from")
    keys = group_keys(table, consumed=["place"], what="differences_from")
    place = table["place"].astype(object).to_numpy()
    x = counts(table[numerator].to_numpy(), name=numerator)
    n = counts(table[denominator].to_numpy(), name=denominator)
    other_x, other_n = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    groups = row_groups(table, keys)
    for rows in groups:
        at = rows[place[rows] == reference]
        if not len(at):
            near = did_you_mean(reference, sorted({str(one) for one in place[rows]}))
            named = ", ".join(f"{key}={table[key].iloc[rows[0]]}" for key in keys)
            raise UnknownCodeError(
                f"No row of the reference {reference!r} among the places{named and f' of {named}'}."
                f"{near} Load it together with the places."
            )
        other_x[rows], other_n[rows] = x[at[0]], n[at[0]]
    if contains_places:
        other_x, other_n = other_x - x, other_n - n
        if (other_n < 0).any():
            larger = place[int(np.flatnonzero(other_n < 0)[0])]
            raise SchemaError(
                f"The place {larger!r} has more persons than the reference {reference!r} that "
                "should contain it; set contains_places=False for places outside it."
            )
        # Noise can leave the rest of the reference with a count just below 0.
        other_x = np.maximum(other_x, 0)
    base = judge_base(n)
    tested = n >= NO_RATE_BELOW
    (own, _), (other, _) = shares(x, n), shares(other_x, other_n)
    # What is left of the reference when a place is taken out carries the noise of two counts.
    other_noise = noise_variance * (2 if contains_places else 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (x + other_x) / (n + other_n)
        variance = pooled * (1 - pooled) * (1 / n + 1 / other_n)
        variance += noise_variance * (1 + own**2) / n**2
        variance += other_noise * (1 + other**2) / other_n**2
        # No variance means that nobody, or everybody, is counted on both sides: no difference.
        z = np.where(variance > 0, (own - other) / np.sqrt(variance), own - other)
    z = np.where(tested, z, np.nan)
    p = 2 * stats.norm.sf(np.abs(z))
    p[place == reference] = np.nan
    adjusted = np.full(p.shape, np.nan)
    for rows in groups:
        adjusted[rows] = benjamini_hochberg(p[rows], rate=rate).adjusted
    low, high = difference_interval(x, n, other_x, other_n, confidence=confidence)
    result = table[[name for name in table.columns if name in {*keys, "place"}]].assign(
        **{numerator: x, denominator: n},
        rate=own,
        reference_rate=other,
        difference_pp=100 * (own - other),
        difference_low_pp=100 * low,
        difference_high_pp=100 * high,
        z=z,
        p_value=p,
        p_adjusted=adjusted,
        differs=adjusted <= rate,
        base=base,
    )
    return result[place != reference].reset_index(drop=True)


def rank_confidence_sets(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    better: Better,
    confidence: float = 0.95,
    simultaneous: bool = True,
    sides: Sides = "two-sided",
    stepdown: bool = True,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return every place's rank with the set of ranks that it may truly have.

    Parameters
    ----------
    estimates, standard_errors
        One of each per place; independent, approximately normal estimates. A place whose
        estimate or standard error is missing gets no rank and counts for nothing.
    better
        ``up``: rank 1 is the largest value; ``down``: the smallest.
    confidence
        Probability that the sets cover the true ranks.
    simultaneous
        True: all the sets cover at once, so places may be compared with each other. False: each
        set covers by itself, for a reader who looks at one place decided on beforehand.
    sides
        ``two-sided``; ``lower``: only `rank_low` is bounded (to find who may be among the best:
        those with `rank_low` ≤ k, as in ``csranks::cstaubest``); ``upper``: only `rank_high`.
    stepdown
        Drop the pairs already told apart and repeat (Romano and Wolf); narrower, never wrong.
    draws
        Normal draws behind the critical values.
    seed
        Of the draws; the same seed gives the same sets.

    Returns
    -------
    pandas.DataFrame
        In the order of the input: `estimate`, `standard_error`, `rank` (1 is best, equal values
        share the better rank), `rank_low` and `rank_high`, the best and the worst rank in the
        set; the ranks are nullable integers.

    Raises
    ------
    SchemaError
        For standard errors that are not above 0, or arrays of unequal length.
    UsageError
        For unknown words, a confidence outside 0 to 1, or fewer than 100 draws.

    Notes
    -----
    M. Mogstad, J. P. Romano, A. M. Shaikh and D. Wilhelm (2024), Inference for Ranks with
    Applications to Mobility across Neighbourhoods and Academic Achievement across Countries,
    Review of Economic Studies 91, 476–518: simultaneous intervals of pairwise differences,
    critical values from the maximum of studentised normal differences. `rank_low` is 1 plus the
    number of places surely better, `rank_high` the number of places not surely worse.

    Examples
    --------
    >>> sets = rank_confidence_sets([0.10, 0.11, 0.20], [0.01, 0.01, 0.01], better="down")
    >>> sets[["rank", "rank_low", "rank_high"]].values.tolist()
    [[1, 1, 2], [2, 1, 2], [3, 3, 3]]
    """
    require_word(better, Better, name="better")
    require_word(sides, Sides, name="sides")
    require_probability(confidence, name="confidence")
    if draws < 100:
        raise UsageError(f"draws must be 100 or more, got {draws}: the default is 1000.")
    estimate = np.atleast_1d(floats(estimates, name="estimates"))
    error = np.atleast_1d(floats(standard_errors, name="standard_errors"))
    if estimate.shape != error.shape or estimate.ndim != 1:
        raise SchemaError(
            f"estimates and standard_errors must be two lists of one length; got the shapes "
            f"{estimate.shape} and {error.shape}."
        )
    known = ~np.isnan(estimate) & ~np.isnan(error)
    if (error[known] <= 0).any():
        raise SchemaError(
            f"standard_errors must be above 0; got {error[known].min()}. A rate of exactly 0 or 1 "
            "needs a variance from a smoothed rate."
        )
    values = (estimate if better == "up" else -estimate)[known]
    apart = tell_apart(
        values,
        error[known],
        confidence=confidence,
        simultaneous=simultaneous,
        sides=sides,
        stepdown=stepdown,
        draws=draws,
        seed=seed,
    )
    columns = {
        "rank": 1 + (values[None, :] > values[:, None]).sum(axis=1),
        "rank_low": 1 + apart.larger,
        "rank_high": len(values) - apart.smaller,
    }
    result = pd.DataFrame({"estimate": estimate, "standard_error": error})
    for name, ranks in columns.items():
        full = pd.array([pd.NA] * len(estimate), dtype="Int64")
        full[known] = ranks
        result[name] = full
    return result


def rank_places(
    table: pd.DataFrame,
    *,
    numerator: str,
    denominator: str,
    better: Better,
    noise_variance: float = 0.0,
    confidence: float = 0.95,
    simultaneous: bool = True,
    stepdown: bool = True,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank the rates of the places of a table, with confidence sets.

    Parameters
    ----------
    table
        One row per place and group, the key `place` among its keys; without sums of the places.
    numerator, denominator
        Columns with the counts.
    better, confidence, simultaneous, stepdown, draws, seed
        As in `rank_confidence_sets`.
    noise_variance
        As in `rate_variance`.

    Returns
    -------
    pandas.DataFrame
        In the order of the input: its keys and counts, `rate`, `standard_error` (shares), `rank`,
        `rank_low`, `rank_high`, `ranked`, the number of places ranked, and `base`. Consumes
        `place`; each group of all other keys is ranked by itself. A place with a base of fewer
        than 30 persons is not ranked.

    Raises
    ------
    SchemaError, UsageError
        As in `rank_confidence_sets`; SchemaError also for missing columns and duplicated keys.

    Notes
    -----
    The standard error is the root of `rate_variance` at (x + ½)/(n + 1), so that it is above 0
    where nobody or everybody is counted.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A", "B", "C"], "unemployed": [10.0, 30.0, 31.0],
    ...                       "labour_force": [200.0, 200.0, 200.0]})
    >>> ranks = rank_places(frame, numerator="unemployed", denominator="labour_force",
    ...                     better="down")
    >>> ranks[["place", "rank", "rank_low", "rank_high"]].values.tolist()
    [['A', 1, 1, 1], ['B', 2, 2, 3], ['C', 3, 2, 3]]
    """
    require(table, ["place", numerator, denominator], what="rank_places")
    keys = group_keys(table, consumed=["place"], what="rank_places")
    x = counts(table[numerator].to_numpy(), name=numerator)
    n = counts(table[denominator].to_numpy(), name=denominator)
    rate, _ = shares(x, n)
    ranked = (n >= NO_RATE_BELOW) & ~np.isnan(rate)
    smooth = np.where(ranked, (x + 0.5) / (n + 1), np.nan)
    error = np.sqrt(rate_variance(smooth, n, noise_variance=noise_variance))
    parts = []
    for rows in row_groups(table, keys):
        part = rank_confidence_sets(
            np.where(ranked, rate, np.nan)[rows],
            error[rows],
            better=better,
            confidence=confidence,
            simultaneous=simultaneous,
            stepdown=stepdown,
            draws=draws,
            seed=seed,
        )
        parts.append(part.assign(ranked=int(ranked[rows].sum())).set_index(rows))
    sets = pd.concat(parts).sort_index().drop(columns="estimate")
    kept = table[[name for name in table.columns if name in {*keys, "place"}]].reset_index(
        drop=True
    )
    judged = kept.assign(**{numerator: x, denominator: n}, rate=rate)
    return pd.concat([judged, sets], axis=1).assign(base=judge_base(n))
