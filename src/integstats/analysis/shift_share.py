"""Shift-share: did a place's count grow with the country, with its groups, or by itself?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from integstats import table as one_table
from integstats.analysis.inputs import counts, require_word
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean

Method = Literal["dunn", "esteban_marquillas"]


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
    frame = table[[*keys, *consumed]].assign(e=counts(table[count].to_numpy(), name=count))
    steps = _steps(frame["period"], start, end, dynamic)
    wide = _wide(frame, [*keys, "place", *groups], steps)
    nation = wide[(wide["place"] == reference).to_numpy()].drop(columns="place")
    if nation.empty:
        near = did_you_mean(reference, sorted({str(one) for one in wide["place"]}))
        raise UnknownCodeError(f"No rows of the reference {reference!r} among the places.{near}")
    places = wide[(wide["place"] != reference).to_numpy()]
    both = places.merge(
        nation, on=[*keys, *groups], how="left", suffixes=("", "_reference"), indicator="found"
    )
    if (both["found"] == "left_only").any():
        lone = both.loc[both["found"] == "left_only", [*keys, *groups]].iloc[0].to_dict()
        raise SchemaError(f"The reference {reference!r} has no row for {lone}.")
    by_place = one_table.row_ids(both, [*keys, "place"])
    parts = both[[*keys, "place", *groups]].copy()
    parts["start"], parts["end"] = both["at_0"], both[f"at_{len(steps) - 1}"]
    parts["growth"] = parts["end"] - parts["start"]
    components = sum(_components(both, step, by_place, method) for step in range(len(steps) - 1))
    parts = pd.concat([parts, components], axis=1)
    numbers = ["start", "end", "growth", "national", "mix", "regional", "allocation"]
    _, first = np.unique(by_place, return_index=True)
    sums = parts[numbers].groupby(by_place).sum(skipna=False).reset_index(drop=True)
    terms = pd.concat([parts[[*keys, "place"]].iloc[first].reset_index(drop=True), sums], axis=1)
    return ShiftShare(terms=terms, groups=parts)


def _components(both: pd.DataFrame, step: int, by_place: np.ndarray, method: str) -> pd.DataFrame:
    """Components of one step, from column at_<step> to the next."""
    before, after = both[f"at_{step}"], both[f"at_{step + 1}"]
    whole_before, whole_after = both[f"at_{step}_reference"], both[f"at_{step + 1}_reference"]
    if (whole_before == 0).any():
        raise SchemaError(
            f"A group has nobody in the reference at step {step + 1}, so it has no growth rate: "
            "merge it with another group."
        )
    total_before = whole_before.groupby(by_place).transform("sum", skipna=False)
    total_after = whole_after.groupby(by_place).transform("sum", skipna=False)
    national = before * (total_after - total_before) / total_before
    in_step = before * (whole_after - whole_before) / whole_before
    regional = (after - before) - in_step
    allocation = 0.0 * regional
    if method == "esteban_marquillas":
        own = before.groupby(by_place).transform("sum", skipna=False)
        rate = regional / before.where(before > 0)
        homothetic = own * whole_before / total_before
        allocation = (before - homothetic) * rate
        regional = homothetic * rate
    return pd.DataFrame(
        {
            "national": national,
            "mix": in_step - national,
            "regional": regional,
            "allocation": allocation,
        }
    )


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


def _wide(frame: pd.DataFrame, keys: list[str], steps: list[object]) -> pd.DataFrame:
    """One row per key, the count of each period in a column; all must have the same keys."""
    wide: pd.DataFrame | None = None
    for step, period in enumerate(steps):
        part = frame.loc[(frame["period"] == period).to_numpy(), [*keys, "e"]]
        part = part.rename(columns={"e": f"at_{step}"})
        if wide is None:
            wide = part
            continue
        size = len(wide)
        wide = wide.merge(part, on=keys)
        if len(wide) != size or len(part) != size:
            raise SchemaError(
                f"The periods {steps[0]} and {period} have different places or groups "
                f"({size} and {len(part)} rows, {len(wide)} in both). Give all periods the same."
            )
    assert wide is not None
    return wide.reset_index(drop=True)
