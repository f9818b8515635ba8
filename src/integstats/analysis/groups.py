"""Groups of municipalities: pooled from counts, never averaged."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from integstats import catalogue
from integstats.catalogue import Group, Place
from integstats.errors import IncomparableError, SnapshotMissingError, quoted
from integstats.table import (
    as_category,
    key_columns,
    require,
    sum_rows,
    value_columns,
)


def pool(
    table: pd.DataFrame, members: str | Sequence[str], *, allow_partial: bool = False
) -> pd.DataFrame:
    """Sum the counts of several places into one.

    Parameters
    ----------
    table
        The one table with counts. Rates, if any, are left out: compute them afterwards. So are
        amounts, as a median income.
    members
        The name of a group, or names of places (municipalities, counties, groups) to pool.
    allow_partial
        Pool what is there when a member is missing; the result then says so in
        ``missing_members``.

    Returns
    -------
    pandas.DataFrame
        One row per remaining key, with `place` ``group:<id>`` for a named group and the codes
        joined by ``+`` otherwise; the summed counts; `status` ``derived``; ``missing_members``
        (codes joined by ``;``, empty when complete). A period in which a member lacks a count
        has a missing count.

    Raises
    ------
    SnapshotMissingError
        When a member has no rows and `allow_partial` is false: names it and how to fetch it.
    IncomparableError
        When members overlap, as a county and one of its municipalities do, or the table has no
        counts.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["1280", "1480"], "unemployed": [3.0, 4.0],
    ...                       "status": ["final", "final"], "dataset": "scb-bas-month"})
    >>> pool(frame, ["Malmö", "Göteborg"])[["place", "unemployed", "status"]].values.tolist()
    [['1280+1480', 7.0, 'derived']]
    """
    require(table, ["place", "status"], what="pool()")
    key, codes = _members(members)
    _refuse_overlap(codes)
    present = set(table["place"].astype(str))
    missing = [code for code in codes if code not in present]
    if missing and (not allow_partial or len(missing) == len(codes)):
        raise SnapshotMissingError(_missing_message(table, key, codes, missing))
    used = [code for code in codes if code not in missing]
    counts = [name for name in value_columns(table) if name not in catalogue.unsummable()]
    if not counts:
        raise IncomparableError(
            "The table has no counts to pool, only rates, which are never summed or averaged. "
            "Choose a dataset with counts."
        )
    keys = [name for name in key_columns(table) if name != "place"]
    rows = table.loc[table["place"].astype(str).isin(used), ["place", *keys, *counts]]
    pooled = sum_rows(rows, keys, complete=len(used))
    pooled = pooled.assign(place=as_category([key] * len(pooled)))
    first = [name for name in ("dataset", "vintage", "place") if name in pooled]
    pooled = pooled[[*first, *(name for name in pooled if name not in first)]]
    return pooled.assign(missing_members=as_category([";".join(missing)] * len(pooled)))


def _members(members: str | Sequence[str]) -> tuple[str, tuple[str, ...]]:
    names = [members] if isinstance(members, str) else list(members)
    found: tuple[Place | Group, ...] = catalogue.resolve_all(names)
    codes = tuple(dict.fromkeys(code for one in found for code in one.members))
    if len(found) == 1:
        return found[0].key, codes
    return "+".join(codes), codes


def _refuse_overlap(codes: Sequence[str]) -> None:
    known = catalogue.places()
    for code in codes:
        inside = [
            other
            for other in codes
            if other != code
            and (code == "00" or (known[code].kind == "county" and known[other].county == code))
        ]
        if inside:
            raise IncomparableError(
                f"{known[code].name} contains {known[inside[0]].name}: its people would be "
                "counted twice. Pool places that do not overlap."
            )


def _missing_message(
    table: pd.DataFrame, key: str, codes: Sequence[str], missing: Sequence[str]
) -> str:
    named = ", ".join(catalogue.place_label(code) for code in missing)
    asked = (
        quoted(catalogue.place_label(key))
        if key.startswith("group:")
        else " ".join(quoted(catalogue.place_label(code)) for code in missing)
    )
    dataset = str(table["dataset"].iloc[0]) if "dataset" in table and len(table) else "DATASET"
    return (
        f"{catalogue.place_label(key)} lacks {len(missing)} of {len(codes)} members: {named}. "
        f"Fetch them: integstats fetch {dataset} --places {asked}. "
        "Or pool the others with --allow-partial."
    )
