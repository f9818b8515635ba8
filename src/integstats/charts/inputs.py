"""What the charts of gaps read from a table: its sources, its members, its breaks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from integstats import catalogue
from integstats.catalogue import Break, Source
from integstats.errors import SchemaError, UnknownCodeError
from integstats.table import require

SEXES = ("women", "men")
REQUIRED = (
    "dataset",
    "vintage",
    "place",
    "period",
    "sex",
    "age",
    "gap_pp",
    "gap_low",
    "gap_high",
    "rate_foreign_born",
    "rate_native_born",
    "n_foreign_born",
    "n_native_born",
    "status",
)
"""Columns of what `integstats.gaps` returns for foreign-born against native-born."""


def checked(gaps: pd.DataFrame, *, what: str, single: Sequence[str]) -> pd.DataFrame:
    """Return the rows of women and men, sorted by place, sex and period.

    Raises
    ------
    SchemaError
        When a required column is missing, a key of `single` has several values, or there are no
        rows of women or men.
    """
    require(gaps, REQUIRED, what=what)
    rows = gaps[gaps["sex"].isin(SEXES).to_numpy()]
    if rows.empty:
        raise SchemaError(f"{what} needs rows with sex women or men; got none.")
    for key in single:
        found = [str(one) for one in rows[key].unique()]
        if len(found) > 1:
            raise SchemaError(
                f"{what} draws one {key}; got {len(found)}: {', '.join(found[:5])}"
                f"{', …' if len(found) > 5 else ''}. Select one first."
            )
    return rows.sort_values(["place", "sex", "period"], kind="stable", ignore_index=True)


def of_place(gaps: pd.DataFrame, place: str | None) -> pd.DataFrame:
    """Return the rows of a place by its name, or all when none is named.

    Raises
    ------
    UnknownCodeError
        When the place does not exist, or the frame has no rows of it.
    """
    if place is None:
        return gaps
    present = [str(one) for one in gaps["place"].unique()]
    key = place if place in present else catalogue.resolve(place).key
    if key not in present:
        named = ", ".join(catalogue.place_label(one) for one in present[:8])
        raise UnknownCodeError(
            f"The gaps have no rows of {catalogue.place_label(key)}; they have: {named}."
        )
    return gaps[(gaps["place"] == key).to_numpy()]


def is_synthetic(rows: pd.DataFrame) -> bool:
    """Whether any figure is invented."""
    return any("synthetic" in str(one) for one in rows["dataset"].unique())


def sources_of(rows: pd.DataFrame, given: Sequence[Source] | None) -> tuple[Source, ...]:
    """Return the sources as given, or what the catalogue knows of them; none of own figures."""
    if given is not None:
        return tuple(given)
    pairs = rows[["dataset", "vintage"]].drop_duplicates().astype(str).to_numpy().tolist()
    known = [
        (name, vintage)
        for name, vintage in pairs
        if all(part in catalogue.datasets() for part in name.split(";"))
    ]
    return catalogue.sources_of(known)


def missing_members(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return, for each place that lacks members, their codes."""
    if "missing_members" not in rows:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    pairs = rows.loc[rows["missing_members"].notna(), ["place", "missing_members"]]
    for place, codes in pairs.astype(str).drop_duplicates().itertuples(index=False):
        if codes:
            found[place] = tuple(codes.split(";"))
    return found


def breaks_of(rows: pd.DataFrame, measure: str) -> tuple[Break, ...]:
    """Return the breaks between the first and the last period of one place, each once."""
    first, last = rows["period"].min(), rows["period"].max()
    found: dict[str, Break] = {}
    for dataset in {part for one in rows["dataset"].unique() for part in str(one).split(";")}:
        for age in rows["age"].unique():
            for one in catalogue.breaks_for(
                dataset=dataset, measure=measure, age=str(age), place=str(rows["place"].iloc[0])
            ):
                if first < pd.Period(one.first_period, freq=first.freq) <= last:
                    found[one.id] = one
    return tuple(sorted(found.values(), key=lambda one: one.first_period))


def cuts(breaks: Sequence[Break], freq: object) -> list[pd.Period]:
    """Return the first period of the new meaning of each break."""
    return sorted({pd.Period(one.first_period, freq=freq) for one in breaks})
