"""From stored snapshots to the one table; which snapshot, and from where it came."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from integstats import catalogue, store
from integstats.catalogue import Dataset, Group, KeyVariable, Place, Source, workbooks
from integstats.errors import (
    RevisionWarning,
    SnapshotMissingError,
    UnknownCodeError,
    quoted,
)
from integstats.formats import mapping
from integstats.formats.cube import Cube
from integstats.loading import whole_files
from integstats.loading.registry import reader
from integstats.store import Part, Snapshot
from integstats.table import add_totals, check, select_periods, sort


def load(
    dataset: str,
    *,
    places: str | Iterable[str] | None = None,
    start: str | pd.Period | None = None,
    end: str | pd.Period | None = None,
    age: str | Sequence[str] | None = None,
    vintage: str | None = None,
    data_dir: Path | str | None = None,
) -> pd.DataFrame:
    """Read the newest stored snapshot that covers what is asked for; no network.

    Parameters
    ----------
    dataset
        Id of the dataset (`datasets` lists them).
    places
        Names or codes of municipalities, counties, the country or groups; a group stands for its
        members (`pool` makes its own row). All of the newest vintage when left out.
    start, end
        First and last period, both included; all stored periods when left out.
    age
        Age span, or several; the dataset's usual one when left out. Spans overlap: never sum them.
    vintage
        A certain stored vintage instead of the newest that covers the places.
    data_dir
        Where the user's snapshots lie; see `integstats.store.write_root`.

    Returns
    -------
    pandas.DataFrame
        The one table: the keys ``dataset``, ``vintage``, ``place``, ``period``, ``sex``,
        ``birth_region``, ``age``, the extra keys of the dataset, its counts (persons, float64,
        missing where the publisher shows none) and ``status``. The rows for women and men
        together, and for native- and foreign-born together, are the publisher's where it has
        them, otherwise summed here and marked ``derived``. A dataset without the counts behind
        its rates has the published rates (shares 0-1) instead, which are never summed.

    Raises
    ------
    UnknownCodeError
        When a dataset, place, age or vintage does not exist.
    SnapshotMissingError
        When no vintage covers the places; the message has the fetch command.
    ChecksumError
        When a stored file is no longer what was fetched.
    SchemaError
        When nothing lies between `start` and `end`.

    Warns
    -----
    RevisionWarning
        When a newer vintage is stored that covers only some of the places.

    Examples
    --------
    >>> bas = load("scb-bas-month", places=["Malmö", "riket"], start="2026-05")
    >>> sorted(bas["place"].unique()), bas["period"].nunique(), len(bas)
    (['00', '1280'], 2, 36)
    """
    what = catalogue.dataset(dataset)
    wanted = wanted_places(places, what)
    ages = list(workbooks.usual_ages(what.id)) if age is None else _listed(age)
    stored = _by_vintage(store.snapshots(what.id, data_dir=data_dir))
    if vintage is not None:
        stored = {vintage: _the_vintage(what, vintage, stored)}
    newer: str | None = None
    present: set[str] = set()
    for name, snapshots in stored.items():
        parts = _parts(snapshots, what, wanted)
        if not parts:
            continue
        table = _table(parts, _resolved(what, snapshots), name, ages, data_dir=data_dir)
        table = table[table["age"].isin(ages).to_numpy()]
        codes = set(table["place"].astype(str))
        present |= codes
        if table.empty or (wanted is not None and not set(wanted) <= codes):
            newer = newer or name
            continue
        if wanted is not None:
            table = table[table["place"].isin(wanted).to_numpy()]
        if newer is not None:
            warnings.warn(
                f"{what.id}: the vintage {newer} is newer but lacks some of what was asked; "
                f"{name} is used. Update with: {_fetch_command(what, wanted or ())}",
                RevisionWarning,
                stacklevel=2,
            )
        table = select_periods(table.reset_index(drop=True), start, end)
        table = _unused_dropped(sort(add_totals(table) if what.additive else table))
        check(table)
        return table
    raise SnapshotMissingError(_missing(what, wanted, ages, present, bool(stored)))


def stored_places(dataset: str, *, data_dir: Path | str | None = None) -> set[str]:
    """Return the codes of the places that any stored part of a dataset was asked for.

    Examples
    --------
    >>> "1280" in stored_places("scb-bas-month")
    True
    """
    key = catalogue.dataset(dataset).keys["place"]
    return {
        place
        for snapshot in store.snapshots(dataset, data_dir=data_dir)
        for part in snapshot.parts
        for place in _places_of(part, key) or ()
    }


def sources(table: pd.DataFrame, *, data_dir: Path | str | None = None) -> tuple[Source, ...]:
    """Return where the figures of a table come from.

    Parameters
    ----------
    table
        Any frame with the columns ``dataset`` and ``vintage``.
    data_dir
        Where the user's snapshots lie; see `integstats.store.write_root`.

    Returns
    -------
    tuple of Source
        One per dataset and vintage: publisher, register, table, update, licence, whether fetched
        (and when) or carried over from elsewhere, and the checksums of the raw files. A vintage
        that is not stored here any more keeps what the columns tell.

    Examples
    --------
    >>> found = sources(load("scb-bas-month", places=["riket"], start="2026-06"))
    >>> found[0].dataset.table_id, found[0].updated, found[0].obtained
    ('TAB6260', '2026-08-28', 'carried over')
    """
    pairs = table[["dataset", "vintage"]].drop_duplicates().astype(str)
    found = []
    codes = set(table["place"].astype(str)) if "place" in table else set()
    for source in catalogue.sources_of(map(tuple, pairs.to_numpy().tolist())):
        kept = [
            one
            for one in store.snapshots(source.dataset.id, data_dir=data_dir)
            if one.vintage == source.vintage
        ]
        parts = _parts(kept, source.dataset, tuple(sorted(codes)) or None)
        found.append(_described(source, parts))
    return tuple(found)


def _described(source: Source, parts: Sequence[Part]) -> Source:
    fetched = [part for part in parts if part.obtained == "fetched"]
    carried = [part for part in parts if part.obtained.startswith("carried over")]
    checksums = tuple(part.sha256 for part in parts)
    if fetched and not carried:
        newest = max(part.fetched_at for part in fetched if part.fetched_at)
        return replace(
            source,
            obtained="fetched",
            fetched_at=newest.strftime("%Y-%m-%d"),
            note_sv="",
            note_en="",
            sha256=checksums,
        )
    if parts and not carried:
        return replace(source, obtained="saved by hand", sha256=checksums)
    return replace(source, sha256=checksums)


def vintage_table(
    dataset: Dataset, vintage: str, *, data_dir: Path | str | None = None
) -> pd.DataFrame:
    """Return all of one stored vintage as the one table, without added totals."""
    stored = _by_vintage(store.snapshots(dataset.id, data_dir=data_dir))
    snapshots = _the_vintage(dataset, vintage, stored)
    parts = _parts(snapshots, dataset, None)
    return _table(parts, _resolved(dataset, snapshots), vintage, data_dir=data_dir)


def _listed(one_or_more: str | Sequence[str]) -> list[str]:
    return [one_or_more] if isinstance(one_or_more, str) else list(one_or_more)


def _table(
    parts: Sequence[Part],
    dataset: Dataset,
    vintage: str,
    ages: Sequence[str] | None = None,
    *,
    data_dir: Path | str | None,
) -> pd.DataFrame:
    if whole_files.is_whole_file(dataset.id):
        return whole_files.stored_table(parts, dataset, vintage, data_dir=data_dir)
    cube, present = mapping.join([_decoded(part) for part in parts])
    return mapping.to_table(cube, present, dataset=dataset, vintage=vintage, ages=ages)


def _resolved(dataset: Dataset, snapshots: Sequence[Snapshot]) -> Dataset:
    """The dataset with the codes that were pinned when the snapshot was fetched."""
    for snapshot in snapshots:
        pins = snapshot.sidecar.get("pinned")
        if pins is not None:
            return mapping.resolved(dataset, pins)
    return dataset


def _decoded(part: Part) -> Cube:
    read = reader(part.query.get("format", ""), part.path.suffix)
    return read(store.read(part), asked_of(part))


def wanted_places(places: str | Iterable[str] | None, dataset: Dataset) -> tuple[str, ...] | None:
    """Return the keys of the places named, a group's members in its stead; None for all.

    A name that also means a place abroad means that one where only it is in the dataset: Sverige
    is ``eu:SE`` in Eurostat's figures.
    """
    if places is None:
        return None
    names = [places] if isinstance(places, str) else list(places)
    found = [_meant(name, dataset) for name in names]
    return tuple(dict.fromkeys(code for one in found for code in one.members))


def _meant(name: str, dataset: Dataset) -> Place | Group:
    first = catalogue.resolve(name)
    if isinstance(first, Place) and first.kind not in dataset.places:
        for other in catalogue.also_means(name):
            if isinstance(other, Place) and other.abroad and other.kind in dataset.places:
                return other
    return first


def _by_vintage(snapshots: Sequence[Snapshot]) -> dict[str, list[Snapshot]]:
    grouped: dict[str, list[Snapshot]] = {}
    for one in snapshots:
        grouped.setdefault(one.vintage, []).append(one)
    return grouped


def _the_vintage(
    dataset: Dataset, vintage: str, stored: dict[str, list[Snapshot]]
) -> list[Snapshot]:
    if vintage in stored:
        return stored[vintage]
    raise UnknownCodeError(
        f"No stored vintage {vintage!r} of {dataset.id}. Stored: {', '.join(stored) or 'none'}."
    )


def _parts(
    snapshots: Sequence[Snapshot], dataset: Dataset, wanted: tuple[str, ...] | None
) -> list[Part]:
    """Parts, each once, that by their query can hold one of the wanted places."""
    found: dict[str, Part] = {}
    for snapshot in snapshots:
        for part in snapshot.parts:
            asked = _places_of(part, dataset.keys["place"])
            if wanted is None or asked is None or asked & set(wanted):
                found.setdefault(part.sha256, part)
    return list(found.values())


def asked_of(part: Part) -> dict[str, tuple[str, ...]]:
    """Return the codes per variable that a stored part is the answer to."""
    return {
        one["variableCode"]: tuple(one["valueCodes"]) for one in part.query.get("selection", ())
    }


def _places_of(part: Part, key: KeyVariable) -> set[str] | None:
    codes = asked_of(part).get(key.variable)
    return None if codes is None else set(map(key.word, codes))


def _unused_dropped(table: pd.DataFrame) -> pd.DataFrame:
    """Drop unused places and other open categories; the closed word lists stay whole."""
    closed = {"sex", "birth_region", "status"}
    return table.assign(
        **{
            name: table[name].cat.remove_unused_categories()
            for name in table.columns
            if isinstance(table[name].dtype, pd.CategoricalDtype) and name not in closed
        }
    )


def _fetch_command(dataset: Dataset, codes: Iterable[str], ages: Sequence[str] = ()) -> str:
    names = " ".join(map(quoted, _spoken(codes)))
    usual = workbooks.usual_ages(dataset.id)
    spans = [age for age in ages if age not in usual]
    return (
        f"integstats fetch {dataset.id}"
        + (f" --places {names}" if names else "")
        + (f" --age {' '.join(spans)}" if spans else "")
    )


def _spoken(codes: Iterable[str]) -> list[str]:
    """Short names that mean exactly these places; a group whole where all of it is asked for."""
    left = list(dict.fromkeys(codes))
    names = []
    for group in sorted(catalogue.groups().values(), key=lambda one: -len(one.members)):
        if len(group.members) > 1 and set(group.members) <= set(left):
            names.append(group.name)
            left = [code for code in left if code not in group.members]
    for code in left:
        name = catalogue.place_label(code)
        names.append(name if catalogue.resolve(name).key == code else code)
    return names


def _missing(
    dataset: Dataset,
    wanted: tuple[str, ...] | None,
    ages: Sequence[str],
    present: set[str],
    any_stored: bool,
) -> str:
    if not any_stored:
        return (
            f"No snapshot of {dataset.id} is stored. Get one: "
            f"{_fetch_command(dataset, wanted or ('00',), ages)}"
        )
    lacking = [code for code in wanted or () if code not in present]
    having = [code for code in wanted or () if code in present]
    if not lacking:
        return (
            f"No single stored vintage of {dataset.id} has all of what was asked"
            f" (ages {', '.join(ages)}). Get it: {_fetch_command(dataset, wanted or (), ages)}"
        )
    named = ", ".join(catalogue.place_label(code) for code in lacking)
    kept = ", ".join(catalogue.place_label(code) for code in having) or "none of these"
    return (
        f"Not stored in {dataset.id}: {named}. Stored of what you asked: {kept}. "
        f"Get the rest: {_fetch_command(dataset, lacking, ages)}"
    )
