"""Where did they go? A change of unemployment or employment, split over statuses and population.

The figures are differences of two headcounts. They say how many more or fewer persons stand in
each status, not which persons moved between which.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import breaks_between, period_of, refuse_across_breaks
from integstats.analysis.inputs import FloatArray, row_groups
from integstats.analysis.rates import rates
from integstats.errors import BreakWarning, IntegstatsWarning, UnknownCodeError, UsageError
from integstats.table import (
    TOTAL,
    as_category,
    holds,
    key_columns,
    match_rows,
    require,
    row_ids,
    sort,
    worst_status,
)

COMPONENTS = ("employed", "unemployed", "students", "retired", "sick", "other", "population")
"""The six statuses, which everybody has one of, and their sum."""
STANDARD_DEVIATIONS = 4.5
"""How far disclosure noise may plausibly take a sum of cells from zero."""
_SLACK = 1e-6


# What one more person in each component, the others unchanged, adds to the numerator and to the
# denominator: a status's count is the population less the other five.
_ADDS = {
    "unemployment_rate": ((-1, 0, -1, -1, -1, -1, 1), (0, 0, -1, -1, -1, -1, 1)),
    "employment_rate": ((0, -1, -1, -1, -1, -1, 1), (0, 0, 0, 0, 0, 0, 1)),
    "participation_rate": ((0, 0, -1, -1, -1, -1, 1), (0, 0, 0, 0, 0, 0, 1)),
}


def status_changes(
    table: pd.DataFrame,
    *,
    start: str | pd.Period,
    end: str | pd.Period,
    measure: str = "unemployment_rate",
) -> pd.DataFrame:
    """Split the change of a measure, in persons and percentage points, over the components.

    Parameters
    ----------
    table
        The one table with the six statuses, ``labour_force`` and ``population``.
    start, end
        Two periods; with the two exchanged every change has the opposite sign.
    measure
        ``unemployment_rate``, ``employment_rate`` or ``participation_rate``: the rate to explain;
        the count to explain is its numerator.

    Returns
    -------
    pandas.DataFrame
        One row per key and ``component`` (category: employed, unemployed, students, retired,
        sick, other, population). Consumes `period`; every other key is kept. For the component:

        - ``period_start``, ``period_end``; ``count_start``, ``count_end``, and ``change`` =
          end − start (persons);
        - ``contribution`` (persons): what the change adds to the numerator. For unemployment:
          minus the change of each other status, plus that of the population. Positive: it lifts
          the numerator. 0 for what is being explained (unemployed; for participation employed
          and unemployed), see ``explained`` (bool);
        - ``contribution_pp`` (percentage points of the rate).

        And the same on each row of a key:

        - ``rate_start``, ``rate_end`` (shares), ``change_pp`` (percentage points) and
          ``numerator_change`` (persons);
        - ``residual`` (persons) and ``residual_pp``: what the contributions leave over, since
          disclosure noise falls on every published count by itself. Contributions and residual
          add up to the change exactly;
        - ``cells`` (int64): how many published counts the residual in persons rests on, at
          most; ``tolerance`` (persons, 4.5 · sd · √cells) and ``tolerance_pp``: as far as noise
          may take the residuals; ``beyond_tolerance`` (bool): whether either is farther out;
        - ``status``: the worse of the two periods'.

        ``note`` (category): ids, joined by ``;``, of the breaks between the periods that concern
        the component. A key that has only one of the periods, or lacks a count, has missing
        changes.

    Raises
    ------
    IncomparableError
        When a blocking break lies between the periods, or a place has them only in different
        datasets, vintages or age spans.
    UnknownCodeError
        For another measure, or a period that the table does not have.
    UsageError
        When the two periods are the same.
    SchemaError
        When a count is absent or a key stands on more than one row.

    Warns
    -----
    BreakWarning
        Once, when breaks that do not block lie between the periods.
    IntegstatsWarning
        Once, when a residual is beyond its tolerance.

    Notes
    -----
    A rate x/y changes by Δx·m − Δy·k with m = ½(1/y₀ + 1/y₁) and k = ½(x₀ + x₁)/(y₀·y₁), which is
    exact and treats the two periods alike: P. Das Gupta (1993), Standardization and
    Decomposition of Rates, for the two factors x and 1/y. Δx and Δy are sums over the components,
    since everybody has one status: Δunemployed = Δpopulation − Δemployed − Δstudents − Δretired
    − Δsick − Δother, and Δlabour force the same without employed. So one more employed person
    contributes −m to the unemployment rate (the labour force is as large as before, one fewer
    unemployed in it), one more student −(m − k), one more inhabitant m − k.

    sd is the noise of one published count (1.45 persons in TAB6260). A sum that was made here
    (status ``derived``) rests on one cell per part: two for women and men together, two for
    native- and foreign-born together, one per member of a group. Where the publisher has
    published one of these totals this is too many, and the tolerance too wide.

    Examples
    --------
    >>> frame = pd.DataFrame({"dataset": "scb-bas-month", "place": "1280", "age": "20-64",
    ...     "sex": "women", "birth_region": "foreign_born", "status": "preliminary",
    ...     "period": pd.PeriodIndex(["2025-06", "2026-06"], freq="M"),
    ...     "employed": [500.0, 520], "unemployed": [100.0, 80], "students": [50.0, 60],
    ...     "retired": [10.0, 10], "sick": [40.0, 35], "other": [300.0, 305],
    ...     "labour_force": [600.0, 600], "population": [1000.0, 1010]})
    >>> found = status_changes(frame, start="2025-06", end="2026-06")
    >>> found[["component", "change", "contribution", "contribution_pp"]].round(2)
        component  change  contribution  contribution_pp
    0    employed    20.0         -20.0            -3.33
    1  unemployed   -20.0           0.0             0.00
    2    students    10.0         -10.0            -1.42
    3     retired     0.0           0.0             0.00
    4        sick    -5.0           5.0             0.71
    5       other     5.0          -5.0            -0.71
    6  population    10.0          10.0             1.42
    >>> found.loc[0, ["numerator_change", "residual", "change_pp", "tolerance"]].round(2).tolist()
    [-20.0, 0.0, -3.33, 24.41]
    """
    if measure not in _ADDS:
        raise UnknownCodeError(f"No split of {measure!r} over statuses. Known: {', '.join(_ADDS)}.")
    what = catalogue.measure(measure)
    counted = tuple(dict.fromkeys([*COMPONENTS, what.numerator, what.denominator]))
    require(table, ["dataset", "place", "period", "age", *counted, "status"], what="status_changes")
    first, last = (period_of(table, one) for one in (start, end))
    if first == last:
        raise UsageError(f"start and end are the same period, {first}; choose two.")
    table = table[table["period"].isin([first, last]).to_numpy()].reset_index(drop=True)
    refuse_across_breaks(table, [*COMPONENTS, measure], start=first, end=last)

    table = rates(table, measure)
    keys = [key for key in key_columns(table) if key != "period"]
    ids = row_ids(table, keys)
    one_each = np.unique(ids, return_index=True)[1]
    whole = sort(table[keys].iloc[one_each].assign(row=one_each))
    sides = [_rows_of(table, ids, ids[whole["row"].to_numpy()], period) for period in (first, last)]
    split = _split(table, measure, sides)

    many = len(COMPONENTS)
    repeated = np.repeat(np.arange(len(whole)), many)
    result = pd.DataFrame({name: whole[name].array.take(repeated) for name in keys}).assign(
        component=as_category(list(COMPONENTS) * len(whole), COMPONENTS),
        period_start=first,
        period_end=last,
        **{name: one.ravel() if one.ndim == 2 else one[repeated] for name, one in split.items()},
        status=worst_status([_taken(table["status"], rows[repeated]) for rows in sides]),
    )
    notes, passed = _notes(result, measure, first, last)
    result["note"] = notes
    if passed:
        warnings.warn(
            f"Between {min(first, last)} and {max(first, last)} lie breaks: {', '.join(passed)}. "
            "The column note says which components each concerns.",
            BreakWarning,
            stacklevel=2,
        )
    beyond = int(result["beyond_tolerance"].sum()) // many
    if beyond:
        warnings.warn(
            f"In {beyond} of {len(whole)} comparisons the components do not add up within what "
            "disclosure noise explains; see the columns residual and tolerance.",
            IntegstatsWarning,
            stacklevel=2,
        )
    return result


def _rows_of(
    table: pd.DataFrame, ids: np.ndarray, wanted: np.ndarray, period: pd.Period
) -> np.ndarray:
    """For each wanted key its row of the period, or -1."""
    rows = np.flatnonzero((table["period"] == period).to_numpy())
    return match_rows(wanted, ids[rows], rows=rows)


def _taken(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """Values at the rows, missing where the row is -1."""
    values = column.astype("category").array if column.dtype.kind == "O" else column.array
    return pd.Series(pd.api.extensions.take(values, rows, allow_fill=True))


def _split(table: pd.DataFrame, measure: str, sides: list[np.ndarray]) -> dict[str, np.ndarray]:
    """The numbers of the result; arrays of two dimensions have a column per component."""
    what = catalogue.measure(measure)

    def at(name: str, side: int) -> FloatArray:
        return np.asarray(_taken(table[name], sides[side]), dtype=float)

    counts = [np.column_stack([at(name, side) for name in COMPONENTS]) for side in (0, 1)]
    change = counts[1] - counts[0]
    x, y, rate = (
        [at(name, side) for side in (0, 1)] for name in (what.numerator, what.denominator, measure)
    )
    shown = ~(np.isnan(rate[0]) | np.isnan(rate[1]))
    # The rate changes by Δx·per_numerator − Δy·per_denominator.
    inverse = [np.divide(1, one, out=np.full(len(one), np.nan), where=shown) for one in y]
    per_numerator = (inverse[0] + inverse[1]) / 2
    per_denominator = (x[0] + x[1]) / 2 * inverse[0] * inverse[1]
    adds, adds_below = (np.array(one) for one in _ADDS[measure])
    effect = np.outer(per_numerator, adds) - np.outer(per_denominator, adds_below)
    # Adding 0 turns −0 into 0.
    contribution, contribution_pp = adds * change + 0.0, 100 * effect * change + 0.0
    residual = x[1] - x[0] - contribution.sum(axis=1)
    change_pp = 100 * (rate[1] - rate[0])
    residual_pp = change_pp - contribution_pp.sum(axis=1)

    # How often each published count enters the residuals: the noise of each is independent.
    weights = {name: -effect[:, at] for at, name in enumerate(COMPONENTS)}
    weights[what.numerator] = weights.get(what.numerator, 0) + per_numerator
    weights[what.denominator] = weights.get(what.denominator, 0) - per_denominator
    summed = _cells(table)
    parts = sum(np.where(rows < 0, 0, summed[rows]) for rows in sides)
    cells = parts * (1 + np.count_nonzero(adds))
    reach = STANDARD_DEVIATIONS * _noise_sd(table)
    tolerance = reach * np.sqrt(cells)
    tolerance_pp = 100 * reach * np.sqrt(parts * sum(one**2 for one in weights.values()))
    beyond = (np.abs(residual) > tolerance + _SLACK) | (np.abs(residual_pp) > tolerance_pp + _SLACK)
    return {
        "count_start": counts[0],
        "count_end": counts[1],
        "change": change,
        "contribution": contribution,
        "contribution_pp": contribution_pp,
        "explained": np.tile((adds == 0) & (adds_below == 0), (len(x[0]), 1)),
        "numerator_change": x[1] - x[0],
        "rate_start": rate[0],
        "rate_end": rate[1],
        "change_pp": change_pp,
        "residual": residual,
        "residual_pp": residual_pp,
        "cells": cells,
        "tolerance": tolerance,
        "tolerance_pp": tolerance_pp,
        "beyond_tolerance": beyond,
    }


def _cells(table: pd.DataFrame) -> np.ndarray:
    """How many published counts each row was summed from, at most."""
    cells = np.ones(len(table), dtype=np.int64)
    for key in ("sex", "birth_region"):
        if key in table.columns:
            cells *= np.where(holds(table[key], TOTAL), 2, 1)
    places = table[["place"]].astype(str)
    places["lacking"] = table["missing_members"].astype(str) if "missing_members" in table else ""
    size = {pair: _members(*pair) for pair in places.drop_duplicates().itertuples(index=False)}
    cells *= np.array([size[pair] for pair in places.itertuples(index=False)], dtype=np.int64)
    return np.where(holds(table["status"], "derived"), cells, 1)


def _members(place: str, lacking: str) -> int:
    if place.startswith("group:"):
        members = len(catalogue.place_or_group(place).members)
    else:
        members = place.count("+") + 1
    return members - len([code for code in lacking.split(";") if code])


def _noise_sd(table: pd.DataFrame) -> float:
    names = {part for joined in table["dataset"].unique() for part in str(joined).split(";")}
    return max(
        0.0 if catalogue.is_own(name) else catalogue.dataset(name).noise_sd for name in names
    )


def _notes(
    result: pd.DataFrame, measure: str, start: pd.Period, end: pd.Period
) -> tuple[pd.Categorical, list[str]]:
    """Ids of the breaks that concern each row; and all of them, with their first periods."""
    concerned = ["dataset", "age", "place", "component"]
    words = [result[name].astype(object).to_numpy() for name in concerned]
    notes = np.full(len(result), "", dtype=object)
    passed: dict[str, str] = {}
    for rows in row_groups(result, concerned):
        dataset, age, place, component = (str(one[rows[0]]) for one in words)
        found = {
            one.id: one.first_period
            for one in breaks_between(
                dataset=dataset,
                measure=[component, measure],
                age=age,
                place=place,
                start=start,
                end=end,
            )
        }
        notes[rows] = ";".join(found)
        passed.update(found)
    return as_category(notes, [""]), [f"{name} ({since})" for name, since in passed.items()]
