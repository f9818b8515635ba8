"""Shift-share: did a place's count grow with the country, with its groups, or by itself?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from integstats import table as one_table
from integstats.analysis.inputs import FloatArray, counts, require_word
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean

Method = Literal["dunn", "esteban_marquillas"]
_NUMBERS = ("start", "end", "growth", "national", "mix", "regional", "allocation")


@dataclass(frozen=True)
class ShiftShare:
    """The growth of places, split into components that add up to it.

    Attributes
    ----------
    terms
        One row per place (and other key): `start`, `end` (counts), `growth` = end − start,
        `national`, `mix`, `regional`, `allocation`, in persons. Positive `mix`: the place has much
        of the groups that grow faster than the whole country; positive `regional`: its groups
        grow faster than the same groups in the country. `allocation` is 0 with Dunn's method.
    groups
        The same per group.
    """

    terms: pd.DataFrame
    groups: pd.DataFrame


def shift_share(
    table: pd.DataFrame,
    *,
    count: str,
    groups: Sequence[str],
    reference: str,
    start: object,
    end: object,
    method: Method = "dunn",
    dynamic: bool = False,
) -> ShiftShare:
    """Split the growth of each place's count against a reference, such as the country.

    Parameters
    ----------
    table
        One row per place, period and group (and other key), with the keys `place` and `period`.
    count
        The column to explain, e.g. ``"employed"``.
    groups
        Columns that tell the groups apart: industry, age, birth region.
    reference
        Its code in `place`, e.g. ``"00"``; it contains the places.
    start, end
        The two periods; text is read at the frequency of the table.
    method
        ``dunn`` (1960): national e·G, mix e·(gᵢ − G), regional e·(rᵢ − gᵢ), with e the place's
        count at the start, G the growth rate of the reference, gᵢ of the group there, rᵢ of the
        group in the place. ``esteban_marquillas`` (1972): `regional` for the count the place
        would have with the reference's composition, `allocation` the rest; missing for a group
        with nobody in the place at the start.
    dynamic
        True: the sum of the components of all consecutive periods from start to end (Barff and
        Knight 1988), which follows a composition that changes on the way.

    Returns
    -------
    ShiftShare
        Consumes `place`, `period` and `groups`; every other key is kept, and the reference's own
        rows are left out. A missing count makes the components of its place missing.

    Raises
    ------
    SchemaError
        For missing columns, duplicated keys, negative counts, groups that the reference lacks, or
        a group with nobody in the reference at the start of a step.
    UnknownCodeError
        When the reference or a period is not in the table.
    UsageError
        For an unknown method, or an end that is not after the start.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["00", "00", "A", "A"] * 2,
    ...                       "period": ["2020"] * 4 + ["2024"] * 4,
    ...                       "industry": ["care", "trade"] * 4,
    ...                       "employed": [400.0, 600, 60, 40, 480, 600, 75, 38]})
    >>> split = shift_share(frame, count="employed", groups=["industry"], reference="00",
    ...                     start="2020", end="2024")
    >>> split.terms[["place", "growth", "national", "mix", "regional"]].values.tolist()
    [['A', 13.0, 8.0, 4.0, 1.0]]
    """
    require_word(method, Method, name="method")
    groups = list(groups)
    if not groups:
        raise UsageError("groups must name one or more columns, e.g. ['industry'].")
    one_table.require(table, ["place", "period", count, *groups], what="shift_share")
    consumed = ["place", "period", *groups]
    keys = [key for key in one_table.key_columns(table) if key not in consumed]
    one_table.require_unique(table, [*keys, *consumed], what="shift_share")
    steps = _steps(table["period"], start, end, dynamic)
    cells, count_at = _grid(table, [*keys, "place", *groups], count, steps)
    is_reference = (cells["place"] == reference).to_numpy(dtype=bool)
    if not is_reference.any():
        near = did_you_mean(reference, sorted({str(one) for one in cells["place"]}))
        raise UnknownCodeError(f"No rows of the reference {reference!r} among the places.{near}")
    whole_at = _reference_rows(cells, count_at, is_reference, [*keys, *groups], reference)
    parts = cells[~is_reference].reset_index(drop=True)
    own = count_at[~is_reference]
    place = np.unique(one_table.row_ids(parts, [*keys, "place"]), return_inverse=True)[1]
    components = np.sum(
        [
            _components(own[:, at : at + 2], whole_at[:, at : at + 2], place, method)
            for at in range(len(steps) - 1)
        ],
        axis=0,
    )
    ends = np.column_stack([own[:, 0], own[:, -1], own[:, -1] - own[:, 0]])
    numbers = pd.DataFrame(np.column_stack([ends, components]), columns=list(_NUMBERS))
    _, first = np.unique(place, return_index=True)
    sums = numbers.groupby(place).sum(skipna=False).reset_index(drop=True)
    terms = pd.concat([parts[[*keys, "place"]].iloc[first].reset_index(drop=True), sums], axis=1)
    return ShiftShare(terms=terms, groups=pd.concat([parts, numbers], axis=1))


def _components(
    own: FloatArray, whole: FloatArray, place: NDArray[np.intp], method: str
) -> FloatArray:
    """Columns national, mix, regional, allocation of one step; two columns in, before and after."""
    if (whole[:, 0] == 0).any():
        raise SchemaError(
            "A group has nobody in the reference at the start of a step, so it has no growth "
            "rate: merge it with another group."
        )
    before, after = own.T
    total, total_after = (np.bincount(place, weights=column)[place] for column in whole.T)
    national = before * (total_after - total) / total
    in_step = before * (whole[:, 1] - whole[:, 0]) / whole[:, 0]
    regional = (after - before) - in_step
    allocation = 0 * regional
    if method == "esteban_marquillas":
        ahead = np.divide(regional, before, out=np.full(len(before), np.nan), where=before > 0)
        homothetic = np.bincount(place, weights=before)[place] * whole[:, 0] / total
        regional, allocation = homothetic * ahead, (before - homothetic) * ahead
    return np.column_stack([national, in_step - national, regional, allocation])


def _grid(
    table: pd.DataFrame, keys: list[str], count: str, steps: list[object]
) -> tuple[pd.DataFrame, FloatArray]:
    """Return the cells, and their counts with one column per period."""
    ids = one_table.row_ids(table, keys)
    values = counts(table[count].to_numpy(), name=count)
    columns, expected, rows = [], None, np.array([], dtype=np.intp)
    for period in steps:
        at = np.flatnonzero((table["period"] == period).to_numpy(dtype=bool))
        at = at[np.argsort(ids[at], kind="stable")]
        if expected is None:
            expected, rows = ids[at], at
        if not np.array_equal(ids[at], expected):
            raise SchemaError(
                f"The periods {steps[0]} and {period} have different places or groups "
                f"({len(expected)} and {len(at)} rows). Give all periods the same."
            )
        columns.append(values[at])
    return table[keys].iloc[rows].reset_index(drop=True), np.column_stack(columns)


def _reference_rows(
    cells: pd.DataFrame,
    count_at: FloatArray,
    is_reference: NDArray[np.bool_],
    keys: list[str],
    reference: str,
) -> FloatArray:
    """Return the reference's counts beside every other place's cell."""
    ids = one_table.row_ids(cells, keys)
    known = ids[is_reference]
    order = np.argsort(known)
    wanted = ids[~is_reference]
    found = order[np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)]
    lone = known[found] != wanted
    if lone.any():
        cell = cells.loc[~is_reference, keys].iloc[int(np.argmax(lone))].to_dict()
        raise SchemaError(f"The reference {reference!r} has no row for {cell}.")
    return count_at[is_reference][found]


def _steps(periods: pd.Series, start: object, end: object, dynamic: bool) -> list[object]:
    if isinstance(periods.dtype, pd.PeriodDtype):
        start, end = (one_table.parse_period(one, periods.dtype.freq) for one in (start, end))
    known = sorted(set(periods))
    for one in (start, end):
        if one not in known:
            raise UnknownCodeError(
                f"No rows of the period {one}. There are {known[0]} to {known[-1]}."
            )
    first, last = known.index(start), known.index(end)
    if first >= last:
        raise UsageError(f"end must be after start; got {start} and {end}.")
    return known[first : last + 1] if dynamic else [start, end]
