"""What the names on a command line mean as counts: places as they are, groups pooled."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pandas as pd

from integstats import catalogue, loading
from integstats.analysis.groups import pool
from integstats.catalogue import Group, Place
from integstats.errors import SnapshotMissingError
from integstats.table import as_category, concat

COUNTRY = "00"


def meant(names: Sequence[str], *, quiet: bool = False) -> tuple[Place | Group, ...]:
    """Return the places and groups meant, saying on stderr where a name could mean another.

    Raises
    ------
    UnknownCodeError
        When a name is not known.
    """
    found = catalogue.resolve_all(names)
    for name in names:
        others = [
            one
            for one in catalogue.also_means(name)
            if isinstance(one, Place) and one.kind == "county"
        ]
        if others and not quiet:
            print(
                f"{name}: {catalogue.resolve(name).label()} is meant; "
                f'for the county write "{others[0].name}".',
                file=sys.stderr,
            )
    return found


def members_of(found: Sequence[Place | Group]) -> tuple[Place | Group, ...]:
    """Return what groups, counties and the country consist of; municipalities as they are."""
    codes: list[str] = []
    for one in found:
        if isinstance(one, Group):
            codes += one.members
        elif one.kind in ("county", "country"):
            codes += [
                other.code
                for other in catalogue.places().values()
                if other.kind == "municipality" and one.code in (COUNTRY, other.county)
            ]
        else:
            codes.append(one.code)
    return catalogue.resolve_all(codes)


def counts_of(
    names: Sequence[str],
    *,
    dataset: str,
    data_dir: str | None = None,
    allow_partial: bool = False,
    quiet: bool = False,
) -> pd.DataFrame:
    """Return the counts of the named places, and of each named group its pooled row.

    Returns
    -------
    pandas.DataFrame
        The one table with the column ``missing_members`` (empty for places and whole groups).

    Raises
    ------
    SnapshotMissingError
        When a place is not stored, naming what is there, what is not, and the fetch command.
    """
    found = meant(names, quiet=quiet)
    groups = [one for one in found if isinstance(one, Group)]
    places = [one.code for one in found if isinstance(one, Place)]
    asked = list(dict.fromkeys([*places, *(code for one in groups for code in one.members)]))
    if allow_partial and groups:
        stored = loading.stored_places(dataset, data_dir=data_dir)
        asked = [code for code in asked if code in stored or code in places]
        if not asked:
            raise SnapshotMissingError(
                f"None of the members of {', '.join(one.name for one in groups)} is stored. "
                f'Fetch them: integstats fetch {dataset} --places "{groups[0].name}"'
            )
    table = loading.load(dataset, places=asked, data_dir=data_dir)
    own = table[table["place"].isin(places).to_numpy()]
    plain = own.assign(missing_members=as_category([""] * len(own)))
    return concat([plain, *(pool(table, one.id, allow_partial=allow_partial) for one in groups)])
