"""What a report is about: its place, whom it is compared with, and the targets it follows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from integstats import catalogue
from integstats.analysis.groups import pool
from integstats.errors import SnapshotMissingError, TargetError
from integstats.reports.report import file_stem
from integstats.table import as_category, concat
from integstats.targets.target import Target
from integstats.wording.phrases import place_name

COUNTRY = "00"
GAP = "employment_rate"
"""The measure whose gap a report is about."""
CHANGE = "unemployment_rate"
"""The measure whose change is split over statuses, and that a räkneexempel halves."""
YEARS = 2
"""Length of the räkneexempel, a halving until the newest figures."""
FEWEST_PEERS = 3


def place_key(place: str, table: pd.DataFrame) -> str:
    """Return the key of a place that the table has, or that a name or code means.

    Raises
    ------
    UnknownCodeError
        When neither has it.
    """
    present = set(table["place"].astype(str))
    return place if place in present else catalogue.resolve(place).key


def with_group(key: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the rows of a place; those of a group pooled where it lacks them.

    Raises
    ------
    SnapshotMissingError
        When the table lacks the place, or a member of the group.
    """
    present = set(table["place"].astype(str))
    if key in present:
        return table
    if not key.startswith("group:"):
        raise SnapshotMissingError(_not_there(key))
    plain = table
    if "missing_members" not in table:
        plain = table.assign(missing_members=as_category([""] * len(table)))
    return concat([plain, pool(table, key)])


def report_name(place: str) -> str:
    """Return the stem of the file names of a place's report.

    Examples
    --------
    >>> report_name("1481")
    'rapport_molndal'
    """
    return f"rapport_{file_stem(place)}"


def ranked_among(
    place: str, table: pd.DataFrame, named: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Return the places to rank a place among, itself included; none where there are too few.

    Parameters
    ----------
    place
        Key of the place.
    table
        The one table.
    named
        Names of the others, or of groups of them; all of the place's kind when left out.

    Raises
    ------
    SnapshotMissingError
        When the table lacks one that is named.
    """
    present = list(dict.fromkeys(table["place"].astype(str)))
    known = catalogue.places()
    if named is None:
        kind = known[place].kind if place in known else ""
        chosen = [one for one in present if one in known and known[one].kind == kind]
        chosen = chosen or [one for one in present if one not in known and ":" not in one]
    else:
        chosen = [one for one in named if one in present]
        others = catalogue.resolve_all(one for one in named if one not in present)
        chosen += [code for one in others for code in one.members]
        for one in chosen:
            if one not in present:
                raise SnapshotMissingError(_not_there(one))
    found = tuple(dict.fromkeys([place, *chosen]))
    return found if len(found) >= FEWEST_PEERS and ":" not in place else ()


def followed_targets(
    place: str, table: pd.DataFrame, targets: Sequence[Target]
) -> tuple[Target, ...]:
    """Return the targets that a report follows: those given, the decided ones first, or `halving`.

    Raises
    ------
    TargetError
        When one of them is not a target of the place.
    """
    for one in targets:
        if one.place != place:
            raise TargetError(
                f"The target {one.id!r} is one of {place_name(one.place)}; the report is about "
                f"{place_name(place)}. Leave it out, or make the report of its own place."
            )
    return tuple(sorted(targets, key=lambda one: not one.decided)) or (halving(place, table),)


def halving(place: str, table: pd.DataFrame) -> Target:
    """Return the räkneexempel: unemployment of foreign-born women halved in the last two years.

    Parameters
    ----------
    place
        Key of the place.
    table
        The one table with its rows.
    """
    rows = table[(table["place"] == place).to_numpy()]
    last = rows["period"].max()
    return Target.halve(
        CHANGE,
        dataset=str(rows["dataset"].iloc[0]),
        places=[place],
        sex="women",
        birth_region="foreign_born",
        age=str(rows["age"].iloc[0]),
        baseline=str(last - YEARS * per_year(last)),
        deadline=str(last),
    )


def per_year(period: pd.Period) -> int:
    """Return how many periods of its frequency a year has."""
    return {"M": 12, "Q": 4}.get(period.freqstr[0], 1)


def _not_there(key: str) -> str:
    name = catalogue.place_label(key)
    return f'The table has no rows of {name}. Load them: integstats.load(…, places=["{name}"]).'
