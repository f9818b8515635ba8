"""Why two rates differ: composition, rates, and any number of factors.

The effects of a decomposition add up to the difference exactly. They say what the difference
consists of, not what caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any, Literal

import numpy as np
import pandas as pd

from integstats import table as one_table
from integstats.analysis.inputs import FloatArray, counts, floats, require_word
from integstats.analysis.standardisation import (
    Factors,
    make_consistent,
    share_factors,
    standardise_pair,
)
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean

Weights = Literal["average", "first"]
RateFunction = Callable[..., Any]
_MOST_FACTORS = 12


@dataclass(frozen=True)
class Kitagawa:
    """A difference of two rates, split into composition and rates.

    Attributes
    ----------
    terms
        One row per key: `rate_first`, `rate_second`, `difference` (second minus first),
        `composition`, `rate`, `interaction` (0 with average weights). The last three add up to
        the difference; all are shares, or whatever the numerator per denominator is.
    groups
        One row per key and group: `share_first`, `share_second` of the denominator, `rate_first`,
        `rate_second` of the group, and its `composition`, `rate` and `interaction`, which add up
        to the terms. A single group's composition term depends on the level of all rates: read
        it together with the others.
    """

    terms: pd.DataFrame
    groups: pd.DataFrame


@dataclass(frozen=True)
class DasGupta:
    """Rates of several populations, split into the effects of factors.

    Attributes
    ----------
    rates
        One row per population: `population`, `rate`.
    standardised
        One row per population and factor: `population`, `factor`, `rate`, the rate the
        population would have if it differed from the others in this factor only.
    effects
        One row per ordered pair of populations and factor: `from_population`, `to_population`,
        `factor`, `effect` (standardised rate of "to" minus that of "from") and `share` of the
        difference of the two rates (0 to 1; missing where the rates are equal). Effects of one
        pair add up to the difference, and those of A → B and B → C to A → C.
    """

    rates: pd.DataFrame
    standardised: pd.DataFrame
    effects: pd.DataFrame


def kitagawa(
    table: pd.DataFrame,
    *,
    population: str,
    first: object,
    second: object,
    groups: Sequence[str],
    numerator: str,
    denominator: str,
    weights: Weights = "average",
) -> Kitagawa:
    """Split the difference of two rates into composition and rates (Kitagawa 1955).

    Parameters
    ----------
    table
        One row per key, population and group.
    population, first, second
        The column that tells the two populations apart, and its two values: two periods, two
        birth regions, a place and the country. The difference is second minus first.
    groups
        Columns of the composition, e.g. ``["age"]`` or ``["education", "age"]``.
    numerator, denominator
        Columns with the counts.
    weights
        ``average``: composition Σ(w₁ − w₀)·r̄, rate Σ(r₁ − r₀)·w̄, no interaction.
        ``first``: composition at the first's rates, rate at the first's composition, and the
        interaction Σ(w₁ − w₀)(r₁ − r₀) by itself.

    Returns
    -------
    Kitagawa
        Consumes `population` and `groups`; every other key is kept. A missing count makes the
        terms of its key missing.

    Raises
    ------
    SchemaError
        For missing columns, duplicated keys, a group that only one population has, or a group
        without persons: merge such a group with its neighbour.
    UnknownCodeError
        For a population that is not in the column.
    UsageError
        For unknown weights.

    Notes
    -----
    E. M. Kitagawa (1955), Components of a Difference Between Two Rates, Journal of the American
    Statistical Association 50, 1168–1194.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": ["2020", "2020", "2024", "2024"],
    ...                       "age": ["young", "old", "young", "old"],
    ...                       "employed": [20.0, 60.0, 33.0, 56.0],
    ...                       "population": [50.0, 100.0, 60.0, 80.0]})
    >>> split = kitagawa(frame, population="period", first="2020", second="2024", groups=["age"],
    ...                  numerator="employed", denominator="population")
    >>> split.terms[["difference", "composition", "rate"]].round(4).values.tolist()
    [[0.1024, -0.0167, 0.119]]
    """
    require_word(weights, Weights, name="weights")
    groups = list(groups)
    if not groups:
        raise UsageError("groups must name one or more columns of the composition, e.g. ['age'].")
    needed = [population, *groups, numerator, denominator]
    one_table.require(table, needed, what="kitagawa")
    consumed = [population, *groups]
    keys = [key for key in one_table.key_columns(table) if key not in consumed]
    one_table.require_unique(table, [*keys, *consumed], what="kitagawa")
    frame = table[[*keys, *consumed]].assign(
        numerator=counts(table[numerator].to_numpy(), name=numerator),
        denominator=counts(table[denominator].to_numpy(), name=denominator),
    )
    sides = [
        frame[_matches(frame[population], value)].drop(columns=population)
        for value in (first, second)
    ]
    names = [*keys, *groups]
    _require_same(sides[0][names], sides[1][names], f"{population}={first!r} and {second!r}")
    both = sides[0].merge(sides[1], on=names, suffixes=("_first", "_second"))
    result = both[[*keys, *groups]].copy()
    ids = one_table.row_ids(both, keys)
    for side in ("first", "second"):
        persons = both[f"denominator_{side}"]
        if (persons == 0).any():
            empty = both.loc[persons == 0, [*keys, *groups]].iloc[0].to_dict()
            raise SchemaError(
                f"A group has no persons in the {side} population: {empty}. Merge it with another."
            )
        result[f"share_{side}"] = persons / persons.groupby(ids).transform("sum", skipna=False)
        result[f"rate_{side}"] = both[f"numerator_{side}"] / persons
    share = result["share_second"] - result["share_first"]
    rate = result["rate_second"] - result["rate_first"]
    half = 0.5 if weights == "average" else 0.0
    result["composition"] = share * (result["rate_first"] + half * rate)
    result["rate"] = rate * (result["share_first"] + half * share)
    result["interaction"] = share * rate if weights == "first" else 0.0 * share
    weighted = result.assign(
        rate_first=result["share_first"] * result["rate_first"],
        rate_second=result["share_second"] * result["rate_second"],
    )
    columns = ["rate_first", "rate_second", "composition", "rate", "interaction"]
    sums = weighted[columns].groupby(ids).sum(skipna=False).reset_index(drop=True)
    sums.insert(2, "difference", sums["rate_second"] - sums["rate_first"])
    _, starts = np.unique(ids, return_index=True)
    terms = pd.concat([both[keys].iloc[starts].reset_index(drop=True), sums], axis=1)
    return Kitagawa(terms=terms, groups=result)


def das_gupta(
    table: pd.DataFrame,
    *,
    population: str,
    factors: Sequence[str],
    rate_function: RateFunction | None = None,
    groups: Sequence[str] = (),
    size: str | None = None,
) -> DasGupta:
    """Split the differences of several populations' rates into the effects of factors.

    Parameters
    ----------
    table
        One row per population, or per population and group: a factor is then a vector. Choose
        the rows first: no other key may tell rows apart.
    population
        The column that tells two or more populations (or periods) apart; results keep its order.
    factors
        Columns with the factors.
    rate_function
        The rate from the factors, called with one array per factor, by name, e.g.
        ``lambda births, deaths: births - deaths``. Without `size` it must return one number, so
        sum over the groups; None is the product of the factors, summed over the groups. With
        `size` it gives the rate of each group; None is the product.
    groups
        Columns that tell the groups of a population apart. Every population needs the same.
    size
        The column with the persons of each group. The composition then gives one effect per
        column of `groups`, named after it, beside those of the factors, and the population's
        rate is the mean of its groups' rates, weighted by size.

    Returns
    -------
    DasGupta

    Raises
    ------
    SchemaError
        For missing columns or values, duplicated or unequal groups, fewer than two populations,
        or a group of the composition without persons.
    UsageError
        For more than 12 factors, a `size` without `groups`, or a rate function that returns
        something else than it must.

    Notes
    -----
    P. Das Gupta (1993), Standardization and Decomposition of Rates: A User's Manual, U.S. Bureau
    of the Census, P23-186. Two populations: his equation 3.54, the average over all orders in
    which the factors can be changed. Cross-classified composition: 5.36, each group's share as a
    product of symmetric conditional shares, one per variable, decomposed within the mean rate.
    More populations: 6.11, the pairwise results made consistent.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": ["1960", "1970"], "earnings": [10930.0, 16591.0],
    ...                       "earners": [0.717892, 0.825974]})
    >>> split = das_gupta(frame, population="period", factors=["earnings", "earners"])
    >>> split.effects.loc[[0, 1], ["factor", "effect", "share"]].round(3).values.tolist()
    [['earnings', 4369.913, 0.746], ['earners', 1487.262, 0.254]]
    """
    factors, groups = list(factors), list(groups)
    populations = _read(table, population, factors, groups, size)
    names = factors if size is None else [*factors, *groups]
    if not factors or len(names) > _MOST_FACTORS:
        raise UsageError(f"Give 1 to {_MOST_FACTORS} factors; got {len(names)}.")
    if size is None:
        rate = _sum_of_products if rate_function is None else _called(rate_function, None)
        crude = np.array([float(rate(one.factors)) for one in populations])
    else:
        cells = len(populations[0].size)
        rate = _product if rate_function is None else _called(rate_function, cells)
        crude = np.array([float(rate(one.factors) @ one.share) for one in populations])
    pairwise = np.full((len(names), len(populations), len(populations)), np.nan)
    for (i, one), (j, other) in combinations(enumerate(populations), 2):
        pairwise[:, i, j], pairwise[:, j, i] = _standardise(rate, one, other, size is not None)
    standardised = np.array([make_consistent(one_factor) for one_factor in pairwise])
    return _as_frames([one.name for one in populations], names, crude, standardised)


@dataclass(frozen=True)
class _Population:
    name: object
    factors: dict[str, FloatArray]
    size: FloatArray
    share: FloatArray
    share_factors: dict[str, FloatArray]


def _matches(column: pd.Series, value: object) -> np.ndarray:
    """Rows with the value; a period may be given as text."""
    if isinstance(column.dtype, pd.PeriodDtype):
        value = one_table.parse_period(value, column.dtype.freq)
    rows = (column == value).to_numpy(dtype=bool)
    if not rows.any():
        known = sorted({str(one) for one in column})
        raise UnknownCodeError(
            f"No rows with {column.name}={value!r}.{did_you_mean(str(value), known)} "
            f"There are: {', '.join(known[:10])}."
        )
    return np.asarray(rows)


def _require_same(first: pd.DataFrame, second: pd.DataFrame, what: str) -> None:
    merged = first.merge(second, how="outer", indicator=True)
    lone = merged[merged["_merge"] != "both"]
    if len(lone):
        named = ", ".join(f"{key}={lone[key].iloc[0]}" for key in first.columns)
        raise SchemaError(
            f"{len(lone)} groups are in only one of {what}, the first: {named}. Give both "
            "populations the same groups."
        )


def _read(
    table: pd.DataFrame, population: str, factors: list[str], groups: list[str], size: str | None
) -> list[_Population]:
    """Return the populations, their groups in one order."""
    if size is not None and not groups:
        raise UsageError("size needs groups: the columns that tell the groups apart.")
    numbers = [*factors, *([size] if size else [])]
    one_table.require(table, [population, *numbers, *groups], what="das_gupta")
    one_table.require_unique(table, [population, *groups], what="das_gupta")
    columns = {name: floats(table[name].to_numpy(), name=name) for name in numbers}
    for name, column in columns.items():
        if np.isnan(column).any():
            raise SchemaError(f"{name} has missing values; a decomposition needs them all.")
    ids = one_table.row_ids(table, groups)
    populations: list[_Population] = []
    expected: np.ndarray | None = None
    for value in pd.unique(table[population]):
        rows = np.flatnonzero((table[population] == value).to_numpy())
        rows = rows[np.argsort(ids[rows], kind="stable")]
        expected = ids[rows] if expected is None else expected
        if not np.array_equal(ids[rows], expected):
            raise SchemaError(
                f"{population}={value!r} has other groups ({len(rows)}) than "
                f"{population}={populations[0].name!r} ({len(expected)}). Give all the same."
            )
        persons = counts(columns[size][rows], name=size) if size else np.ones(len(rows))
        populations.append(
            _Population(
                name=value,
                factors={name: columns[name][rows] for name in factors},
                size=persons,
                share=persons / persons.sum(),
                share_factors=share_factors(persons, table[groups].iloc[rows]) if size else {},
            )
        )
    if len(populations) < 2:
        raise SchemaError(f"{population} has {len(populations)} population; it takes two or more.")
    return populations


def _standardise(
    rate: Callable[[Factors], Any], one: _Population, other: _Population, composed: bool
) -> tuple[FloatArray, FloatArray]:
    """Standardised rates of two populations, one per factor and variable of the composition."""
    standard = standardise_pair(rate, one.factors, other.factors)
    if not composed:
        return standard
    # Rates at the mean composition, and the composition at the mean rates, as Kitagawa.
    shares = standardise_pair(_product, one.share_factors, other.share_factors)
    mean_share = (one.share + other.share) / 2
    mean_rate = (rate(one.factors) + rate(other.factors)) / 2
    first, second = (
        np.concatenate([by_factor @ mean_share, by_variable @ mean_rate])
        for by_factor, by_variable in zip(standard, shares, strict=True)
    )
    return first, second


def _called(rate_function: RateFunction, groups: int | None) -> Callable[[Factors], Any]:
    """Call a rate function with its factors by name; check for one number, or one per group."""
    numbers = groups or 1

    def rate(factors: Factors) -> Any:
        value = np.asarray(rate_function(**factors), dtype=float).ravel()
        if len(value) != numbers or not np.isfinite(value).all():
            raise UsageError(
                f"rate_function must return {numbers} finite number{'s' * (numbers > 1)}; got "
                f"{len(value)}: {value[:3]}. Without size it sums over the groups, with size it "
                "gives one rate per group."
            )
        return float(value[0]) if groups is None else value

    return rate


def _product(factors: Factors) -> FloatArray:
    return np.asarray(np.prod(list(factors.values()), axis=0))


def _sum_of_products(factors: Factors) -> float:
    return float(_product(factors).sum())


def _as_frames(
    order: list[object], names: list[str], crude: FloatArray, standardised: FloatArray
) -> DasGupta:
    rates = pd.DataFrame({"population": order, "rate": crude})
    by_factor = pd.DataFrame(
        {
            "population": np.repeat(np.array(order, dtype=object), len(names)),
            "factor": names * len(order),
            "rate": standardised.T.ravel(),
        }
    )
    rows = []
    for (i, start), (j, end) in permutations(enumerate(order), 2):
        difference = crude[j] - crude[i]
        for at, name in enumerate(names):
            effect = standardised[at, j] - standardised[at, i]
            share = effect / difference if difference else np.nan
            rows.append((start, end, name, effect, share))
    columns = ["from_population", "to_population", "factor", "effect", "share"]
    effects = pd.DataFrame(rows, columns=columns)
    return DasGupta(rates=rates, standardised=by_factor, effects=effects)
