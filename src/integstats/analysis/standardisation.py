"""Das Gupta's standardised rates: one factor changes, the others are averaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from integstats import table as one_table
from integstats.analysis.inputs import FloatArray
from integstats.errors import SchemaError

Factors = Mapping[str, FloatArray]


def standardise_pair(
    rate: Callable[[Factors], Any], first: Factors, second: Factors
) -> tuple[FloatArray, FloatArray]:
    """Return the standardised rates of two populations, one row per factor.

    Parameters
    ----------
    rate
        The rate, or the rates of the groups, from the factors.
    first, second
        The factors of the two populations, under the same names.

    Returns
    -------
    tuple of numpy.ndarray
        For the first and for the second: with K factors, each row is the mean over all orders of
        changing the other K − 1 factors from one population to the other, that is a weight of
        1 / (K·C(K − 1, s)) where s of them come from the other population.

    Notes
    -----
    P. Das Gupta (1993), equation 3.54.
    """
    names = list(first)
    size = len(names)
    shape = np.shape(rate(first))
    standard = np.zeros((2, size, *shape))
    for mask in range(2**size):
        changed = [bool(mask >> at & 1) for at in range(size)]
        mixed = {
            name: (second if swap else first)[name]
            for name, swap in zip(names, changed, strict=True)
        }
        value = np.asarray(rate(mixed), dtype=float)
        for at, swap in enumerate(changed):
            others = sum(changed) - swap
            standard[int(swap), at] += value / (size * comb(size - 1, others))
    return standard[0], standard[1]


def make_consistent(pairwise: FloatArray) -> FloatArray:
    """Return one standardised rate per population from the pairwise ones of a factor.

    Parameters
    ----------
    pairwise
        Row i, column j: the standardised rate of population i beside population j; the diagonal
        is not read.

    Returns
    -------
    numpy.ndarray
        Rates whose differences add up: A → B and B → C to A → C.

    Notes
    -----
    P. Das Gupta (1993), equation 6.11.
    """
    many = len(pairwise)
    own = np.where(np.eye(many, dtype=bool), 0.0, pairwise)
    row_sums = own.sum(axis=1)
    # Per population i, over all l ≠ i: the other rates of l, less (N − 2) times the one beside i.
    others = row_sums.sum() - row_sums - own.sum(axis=0) - (many - 2) * own.sum(axis=0)
    rates: FloatArray = row_sums / (many - 1) + others / (many * (many - 1))
    return rates


def share_factors(size: FloatArray, groups: pd.DataFrame) -> dict[str, FloatArray]:
    """Return each group's share as a product of one factor per variable that tells groups apart.

    Parameters
    ----------
    size
        Persons per group of one population.
    groups
        The variables, one row per group.

    Returns
    -------
    dict of str to numpy.ndarray
        One factor per variable; their product is size / Σ size.

    Raises
    ------
    SchemaError
        Where a value of a variable has no persons at all.

    Notes
    -----
    P. Das Gupta (1993), equation 5.36: the geometric mean, over all orders of the variables, of
    the share of the variable's value among those before it.
    """
    names = [str(name) for name in groups.columns]
    margins: dict[frozenset[str], FloatArray] = {}
    for chosen in _subsets(names):
        ids = one_table.row_ids(groups, list(chosen))
        _, inverse = np.unique(ids, return_inverse=True)
        margins[frozenset(chosen)] = np.bincount(inverse, weights=size).astype(float)[inverse]
        if len(chosen) < len(names) and (margins[frozenset(chosen)] == 0).any():
            empty = groups[list(chosen)].iloc[int(np.argmin(margins[frozenset(chosen)]))].to_dict()
            raise SchemaError(f"A population has no persons with {empty}: merge it with another.")
    factors = {}
    for name in names:
        factor = np.ones(len(size))
        for chosen in _subsets([other for other in names if other != name]):
            conditional = margins[frozenset((*chosen, name))] / margins[frozenset(chosen)]
            factor *= conditional ** (1 / (len(names) * comb(len(names) - 1, len(chosen))))
        factors[name] = factor
    return factors


def _subsets(names: Sequence[str]) -> list[tuple[str, ...]]:
    return [some for count in range(len(names) + 1) for some in combinations(names, count)]
