"""Comparable municipalities by distance, where nobody has published a group of them.

A published group (`integstats places` lists them) is better: it does not change with the figures,
and everybody can look it up. Ranks within any group, with their confidence sets, are in
`integstats.analysis.ranking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.spatial import distance

from integstats import catalogue
from integstats.analysis.inputs import FloatArray, floats, group_keys, require_word, row_groups
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.table import as_category, concat, require

Metric = Literal["seuclidean", "mahalanobis"]


def nearest(
    table: pd.DataFrame,
    place: str,
    *,
    indicators: Sequence[str],
    n: int = 7,
    metric: Metric = "seuclidean",
) -> pd.DataFrame:
    """Rank the places that are most like one, by their distance on chosen indicators.

    Parameters
    ----------
    table
        One row per place (and other key), with the indicators as numbers.
    place
        Name or code of the place to find peers for.
    indicators
        Columns to compare on: population, rates, shares. Not the one the peers are to be
        compared in afterwards, or the likeness is built in. Take logarithms of sizes first.
    n
        How many peers; all where there are fewer.
    metric
        ``seuclidean``: each difference divided by the indicator's standard deviation, squared and
        summed, then the root: every indicator weighs the same. ``mahalanobis``: also divided by
        how the indicators vary together, so that two that say the same count once.

    Returns
    -------
    pandas.DataFrame
        The nearest first: the keys, ``place`` (the peer), ``peer_of`` (category: the place),
        ``rank`` (int64, from 1; equal distances stand in the order of their codes),
        ``distance`` (standard deviations), ``candidates`` (int64: how many places were compared),
        and for each indicator its value and ``<indicator>_difference`` (peer minus place, in
        standard deviations among all compared, the place included). Consumes `place`; each group
        of all other keys is searched by itself. Places of another kind than the place's (counties
        beside municipalities, the country) and places that lack an indicator are not compared.

    Raises
    ------
    UnknownCodeError
        When the place is not among the rows.
    SchemaError
        When an indicator is absent, missing for the place itself, or the same everywhere; when
        fewer than two others can be compared; for duplicated keys.
    UsageError
        For an unknown metric, no indicators, n below 1, or indicators that follow from each
        other where `metric` is ``mahalanobis``.

    Notes
    -----
    Distances are ``scipy.spatial.distance.cdist`` with the variances (ddof 1), or the inverse
    covariance matrix, of the places compared. The metric was proposed by P. C. Mahalanobis
    (1936), On the generalised distance in statistics.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A", "B", "C", "D"], "share": [0.10, 0.12, 0.30, 0.11],
    ...                       "mean_age": [40.0, 41.0, 40.0, 46.0]})
    >>> found = nearest(frame, "A", indicators=["share", "mean_age"], n=2)
    >>> found[["place", "rank", "distance", "share_difference"]].round(2)
      place  rank  distance  share_difference
    0     B     1      0.41              0.21
    1     D     2      2.09              0.10
    """
    require_word(metric, Metric, name="metric")
    indicators = list(indicators)
    if not indicators or n < 1:
        raise UsageError(f"Give one or more indicators, and n of 1 or more; got n={n}.")
    require(table, ["place", *indicators], what="nearest")
    keys = group_keys(table, consumed=["place"], what="nearest")
    kept = [name for name in table.columns if name in {*keys, "place"}]
    values = np.column_stack([floats(table[name].to_numpy(), name=name) for name in indicators])
    codes = table["place"].astype(str).to_numpy()
    code = _code(place, codes)
    candidate = np.array([_kind(one) == _kind(code) for one in codes])
    candidate &= ~np.isnan(values).any(axis=1)
    found = []
    for rows in row_groups(table, keys):
        at = rows[codes[rows] == code]
        if not len(at):
            raise UnknownCodeError(
                f"{_named(table, keys, rows[0])}: no row of {place!r}. Choose rows that have it."
            )
        lacking = [
            name for name, one in zip(indicators, values[at[0]], strict=True) if np.isnan(one)
        ]
        if lacking:
            raise SchemaError(f"{place!r} itself lacks {', '.join(lacking)}; leave it out.")
        others = rows[candidate[rows] & (codes[rows] != code)]
        others = others[np.argsort(codes[others], kind="stable")]
        if len(others) < 2:
            raise SchemaError(
                f"Only {len(others)} places of the same kind as {place!r} have "
                f"{', '.join(indicators)}; load two or more to compare with."
            )
        apart, differences = _distances(values[at[0]], values[others], indicators, metric)
        order = np.argsort(apart, kind="stable")[:n]
        peers = table[kept].iloc[others[order]].copy()
        peers["peer_of"] = as_category([code] * len(order))
        peers["rank"] = np.arange(1, len(order) + 1)
        peers["distance"] = apart[order]
        peers["candidates"] = len(others)
        for i, name in enumerate(indicators):
            peers[name] = values[others[order], i]
            peers[f"{name}_difference"] = differences[order, i]
        found.append(peers)
    return concat(found).reset_index(drop=True)


def _distances(
    own: FloatArray, others: FloatArray, indicators: list[str], metric: Metric
) -> tuple[FloatArray, FloatArray]:
    """Distance of each other place, and its difference in each indicator, in deviations."""
    whole = np.vstack([own, others])
    variance = whole.var(axis=0, ddof=1)
    constant = [name for name, one in zip(indicators, variance, strict=True) if one == 0]
    if constant:
        raise SchemaError(
            f"{', '.join(constant)} is the same in every place and tells none apart; leave it out."
        )
    differences = (others - own) / np.sqrt(variance)
    if metric == "seuclidean":
        apart = distance.cdist(own[None], others, "seuclidean", V=variance)[0]
        return apart, differences
    correlation = np.atleast_2d(np.corrcoef(whole, rowvar=False))
    if np.linalg.matrix_rank(correlation) < len(indicators):
        raise UsageError(
            f"Some of {', '.join(indicators)} follow from the others, or there are too few places "
            f"({len(whole)}), so mahalanobis is not defined; leave one out or use seuclidean."
        )
    # On standardised differences the covariance is the correlation.
    here = np.zeros((1, len(own)))
    apart = distance.cdist(here, differences, "mahalanobis", VI=np.linalg.inv(correlation))[0]
    return apart, differences


def _code(place: str, codes: np.ndarray) -> str:
    known = set(codes)
    if place in known:
        return place
    found = catalogue.resolve(place).key
    if found not in known:
        labels = sorted({catalogue.place_label(code) for code in known})
        raise UnknownCodeError(
            f"{place!r} is not among the places of the table.{did_you_mean(place, labels)} "
            "Load it together with the places to compare with."
        )
    return found


def _kind(code: str) -> str:
    """Municipality, county or country; one kind for all that the catalogue does not know."""
    known = catalogue.places().get(code)
    if known:
        return known.kind
    return code.partition(":")[0] if ":" in code else ""


def _named(table: pd.DataFrame, keys: list[str], row: int) -> str:
    return ", ".join(f"{key}={table[key].iloc[row]}" for key in keys) or "The table"
