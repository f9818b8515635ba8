"""Places that are several: pooled into one row, or taken apart into their members."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from integstats import catalogue
from integstats.analysis.groups import pool
from integstats.table import concat
from integstats.targets import cells
from integstats.targets.assumptions import member_codes
from integstats.targets.target import Target

COUNTRY = "00"


def with_pooled(table: pd.DataFrame, target: Target, places: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the target's dataset and age, with its pooled place if it is one."""
    numerator, denominator = cells.parts(target)
    needed = [numerator] if denominator is None else [numerator, denominator]
    rows = cells.of_dataset(table, target, needed)
    pooled_key = target.place
    is_pooled = len(target.places) > 1 or pooled_key.startswith("group:")
    if not is_pooled or pooled_key not in places or (rows["place"] == pooled_key).any():
        return rows
    groups = [cells.of_group(rows, *group, target) for group in cells.groups_of(target)]
    return concat([rows, pool(concat(groups), target.places)])


def missing_members(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the members that each pooled place lacks, as `pool` notes them."""
    if "missing_members" not in rows.columns:
        return {}
    noted = rows.loc[rows["missing_members"].notna(), ["place", "missing_members"]]
    pairs = noted.astype(str).drop_duplicates().itertuples(index=False)
    return {place: tuple(filter(None, codes.split(";"))) for place, codes in pairs}


def municipalities(place: str) -> tuple[str, ...]:
    """Return a county's or the country's municipalities, a group's members, or the place."""
    known = catalogue.places()
    if place in known and known[place].kind != "municipality":
        return tuple(
            one.code
            for one in known.values()
            if one.kind == "municipality" and place in (COUNTRY, one.county)
        )
    return member_codes((place,))
