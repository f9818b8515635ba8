"""Where did they go? A change of unemployment or employment, split over statuses and population.

The figures are differences of two headcounts. They say how many more or fewer persons stand in
each status, not which persons moved between which.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import breaks_between, period_of, refuse_across_breaks
from integstats.analysis.inputs import FloatArray
from integstats.errors import BreakWarning, IntegstatsWarning, UnknownCodeError, UsageError
from integstats.table import (
    as_category,
    holds,
    key_columns,
    match_rows,
    require,
    require_unique,
    row_ids,
    sort,
    worst_status,
)

COMPONENTS = ("employed", "unemployed", "students", "retired", "sick", "other", "population")
"""The six statuses, which everybody has one of, and their sum."""
STANDARD_DEVIATIONS = 4.5
"""How far disclosure noise may plausibly take a sum of cells from zero."""
_SLACK = 1e-6


@dataclass(frozen=True)
class _Identity:
    """How one more person in each component changes a count, the other components unchanged.

    Everybody has one status: a status's count is the population less the other five.
    """

    numerator: tuple[int, ...]
    denominator: tuple[int, ...]


# Columns: employed, unemployed, students, retired, sick, other, population.
_IDENTITIES = {
    "unemployment_rate": _Identity((-1, 0, -1, -1, -1, -1, 1), (0, 0, -1, -1, -1, -1, 1)),
    "employment_rate": _Identity((0, -1, -1, -1, -1, -1, 1), (0, 0, 0, 0, 0, 0, 1)),
    "participation_rate": _Identity((0, 0, -1, -1, -1, -1, 1), (0, 0, 0, 0, 0, 0, 1)),
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
    ...     "period": pd.PeriodIndex(["2024-06", "2025-06"], freq="M"),
    ...     "employed": [500.0, 520], "unemployed": [100.0, 80], "students": [50.0, 60],
    ...     "retired": [10.0, 10], "sick": [40.0, 35], "other": [300.0, 305],
    ...     "labour_force": [600.0, 600], "population": [1000.0, 1010]})
    >>> found = status_changes(frame, start="2024-06", end="2025-06").set_index("component")
    >>> found[["change", "contribution", "contribution_pp"]].round(2)
                change  contribution  contribution_pp
    component
    employed      20.0         -20.0            -3.33
    unemployed   -20.0           0.0             0.00
    students      10.0         -10.0            -1.42
    retired        0.0          -0.0            -0.00
    sick          -5.0           5.0             0.71
    other          5.0          -5.0            -0.71
    population    10.0          10.0             1.42
    >>> [round(float(found[name].iloc[0]), 2) for name in ("numerator_change", "residual",
    ...                                                    "change_pp", "tolerance")]
    [-20.0, 0.0, -3.33, 24.41]
    """
    if measure not in _IDENTITIES:
        raise UnknownCodeError(
            f"No split of {measure!r} over statuses. Known: {', '.join(_IDENTITIES)}."
        )
    what = catalogue.measure(measure)
    counted = list(dict.fromkeys([*COMPONENTS, "labour_force"]))
    require(table, ["dataset", "place", "period", "age", *counted, "status"], what="status_changes")
    periods = [period_of(table, one) for one in (start, end)]
    if periods[0] == periods[1]:
        raise UsageError(f"start and end are the same period, {periods[0]}; choose two.")
    table = table[table["period"].isin(periods).to_numpy()].reset_index(drop=True)
    for name in (*COMPONENTS, measure):
        refuse_across_breaks(table, name, start=periods[0], end=periods[1])

    keys = [key for key in key_columns(table) if key != "period"]
    require_unique(table, [*keys, "period"], what="status_changes")
    ids = row_ids(table, keys)
    _, one_each = np.unique(ids, return_index=True)
    whole = sort(table.iloc[one_each].assign(row=one_each))
    at = [_rows_at(table, ids, ids[whole["row"].to_numpy()], period) for period in periods]
    counts = [_counts_at(table, counted, rows) for rows in at]

    shape = (len(whole), len(COMPONENTS))
    parts = [np.column_stack([one[name] for name in COMPONENTS]) for one in counts]
    delta = parts[1] - parts[0]
    split = _split(_IDENTITIES[measure], what.numerator, what.denominator, counts, delta)
    cells = sum(_published(table, rows) for rows in at)
    result = _keys_of(whole, keys).assign(
        component=_repeated(COMPONENTS, shape),
        period_start=periods[0],
        period_end=periods[1],
        count_start=parts[0].ravel(),
        count_end=parts[1].ravel(),
        change=delta.ravel(),
        explained=np.tile(_explained(_IDENTITIES[measure]), shape[0]),
        contribution=split.contribution.ravel(),
        contribution_pp=100 * split.contribution_pp.ravel(),
    )
    return result
