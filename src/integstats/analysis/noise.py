"""Disclosure noise: how far published counts are from adding up, and what that says of each.

A publisher that protects persons by changing every count at random leaves sums that do not quite
hold. The counts are changed independently of each other, with mean 0: a comparison over k published
counts then misses by √k standard deviations of one count, and the misses measure that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from integstats.analysis.inputs import FloatArray, floats
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.table import key_columns, require, require_unique, row_ids

STANDARD_DEVIATIONS = 4.5
"""How far the noise may plausibly take a comparison from zero."""


def noise_in_sums(table: pd.DataFrame, *, sums: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Measure the noise by sums that should hold within a row.

    Parameters
    ----------
    table
        The one table. Rows that were summed by us (``status`` derived) are left out: they hold by
        construction, or carry the noise of several counts.
    sums
        The count that should be a sum, and the counts it should be the sum of, as
        ``{"labour_force": ["employed", "unemployed"]}``.

    Returns
    -------
    pandas.DataFrame
        One row per sum, in the order given: ``measure`` (the count that should be a sum),
        ``cells`` (published counts that were compared, the sums themselves included), ``mean``
        (of the residuals, parts minus sum; persons), ``sd`` (root mean square of the residuals
        over the root of the counts in each: the noise of one published count; persons),
        ``variance`` (its square), ``residual`` (the largest, persons, without sign),
        ``tolerance`` (4.5 standard deviations of a residual, persons) and ``beyond_tolerance``
        (whether the largest lies beyond it).

    Raises
    ------
    SchemaError
        When a column is absent, or no published row has all the counts of a sum.
    UsageError
        When no sum is given, or one has no parts.

    Notes
    -----
    Statistics Sweden changes counts by the cell key method. The mean is taken to be 0, as it
    promises; `mean` shows how far the residuals bear that out. The same persons keep the same
    noise from month to month, so that months of one place are worth fewer than they are.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["A", "B"], "employed": [90.0, 81.0],
    ...     "unemployed": [10.0, 9.0], "labour_force": [102.0, 89.0], "status": "final"})
    >>> found = noise_in_sums(frame, sums={"labour_force": ["employed", "unemployed"]})
    >>> found[["measure", "cells", "mean", "sd", "residual"]].round(2).values.tolist()
    [['labour_force', 6, -0.5, 0.91, 2.0]]
    """
    if not sums or not all(sums.values()):
        raise UsageError(
            'sums must name at least one sum and its parts, as {"labour_force": ["employed", '
            '"unemployed"]}.'
        )
    names = [name for whole, parts in sums.items() for name in (whole, *parts)]
    require(table, [*names, "status"], what="noise_in_sums()")
    published = table[(table["status"] != "derived").to_numpy()]
    rows = []
    for whole, parts in sums.items():
        columns = [floats(published[one].to_numpy(), name=one) for one in (*parts, whole)]
        misses = np.sum(columns[:-1], axis=0) - columns[-1]
        rows.append(_measured(whole, misses, len(columns)))
    return pd.DataFrame(rows)


def noise_in_parts(
    table: pd.DataFrame,
    *,
    key: str,
    whole: str,
    parts: Sequence[str],
    counts: Sequence[str],
) -> pd.DataFrame:
    """Measure the noise by rows that should add up to another row, as counties to the country.

    Parameters
    ----------
    table
        The one table; rows with ``status`` derived are left out, as in `noise_in_sums`.
    key
        The key that tells the rows apart, as ``place`` or ``sex``.
    whole, parts
        The value of the key that should be the sum, and those it should be the sum of.
    counts
        Which counts to compare.

    Returns
    -------
    pandas.DataFrame
        One row per count, the columns of `noise_in_sums`; a sum is compared for each combination
        of the other keys in which the whole and all parts are published.

    Raises
    ------
    SchemaError
        When a column is absent, a key stands on two rows, or no combination is complete.
    UnknownCodeError
        When the table has no row of the whole or of a part.
    UsageError
        When there is no part or no count.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["00", "01", "03"], "employed": [301.0, 100.0, 200.0],
    ...                       "status": "final"})
    >>> found = noise_in_parts(frame, key="place", whole="00", parts=["01", "03"],
    ...                        counts=["employed"])
    >>> found[["measure", "cells", "mean", "residual"]].values.tolist()
    [['employed', 3, -1.0, 1.0]]
    """
    parts = list(dict.fromkeys(parts))
    if not parts or not counts:
        raise UsageError("noise_in_parts() needs at least one of parts and of counts.")
    require(table, [key, *counts, "status"], what="noise_in_parts()")
    values = table[key].astype(str)
    known = list(values.unique())
    for one in (whole, *parts):
        if one not in known:
            raise UnknownCodeError(
                f"No rows with {key} {one!r}.{did_you_mean(one, known)} The table has "
                f"{len(known)} others: load it together with them."
            )
    wanted = values.isin([whole, *parts]) & (table["status"] != "derived")
    published = table[wanted.to_numpy()].reset_index(drop=True)
    keys = [name for name in key_columns(published) if name != key]
    require_unique(published, [*keys, key], what="noise_in_parts()")
    ids = row_ids(published, keys)
    is_whole = (published[key].astype(str) == whole).to_numpy()
    cells = len(parts) + 1
    rows = []
    for name in counts:
        signed = np.where(is_whole, -1.0, 1.0) * floats(published[name].to_numpy(), name=name)
        grouped = pd.Series(signed).groupby(ids)
        misses = grouped.sum(min_count=cells).to_numpy(dtype=float)
        rows.append(_measured(name, misses, cells))
    return pd.DataFrame(rows)


def _measured(name: str, misses: FloatArray, cells: int) -> dict[str, object]:
    """One row of the result, from residuals over so many published counts each."""
    known = misses[np.isfinite(misses)]
    if not len(known):
        raise SchemaError(
            f"No published row has all the counts of the sum {name}; sums of our own (status "
            "derived) measure nothing. Load the parts together with what they are to add up to."
        )
    variance = float(np.mean(known**2)) / cells
    largest = float(np.abs(known).max())
    tolerance = STANDARD_DEVIATIONS * np.sqrt(variance * cells)
    return {
        "measure": name,
        "cells": len(known) * cells,
        "mean": float(known.mean()),
        "sd": float(np.sqrt(variance)),
        "variance": variance,
        "residual": largest,
        "tolerance": float(tolerance),
        "beyond_tolerance": bool(largest > tolerance),
    }
