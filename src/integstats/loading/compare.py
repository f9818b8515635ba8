"""The same place in several sources, side by side and never in one series."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd

from integstats import catalogue, store
from integstats.analysis.rates import rates
from integstats.catalogue import Dataset
from integstats.errors import (
    RevisionWarning,
    SchemaError,
    SmallBaseWarning,
    SnapshotMissingError,
    UnknownCodeError,
)
from integstats.loading.read import load
from integstats.table import BASE_KEYS, TOTAL, key_columns

THEMES = {
    "unemployment": (
        "unemployed",
        "registered_unemployed",
        "openly_unemployed",
        "enrolled_unemployed",
    ),
    "employment": ("employed", "gainfully_employed"),
    "participation": ("labour_force",),
}
"""Which numerators speak of one thing, each source by its own definition."""

COLUMNS = (
    "dataset",
    "vintage",
    "measure",
    "place",
    "period",
    "sex",
    "birth_region",
    "age",
    "value",
    "n",
    "status",
    "definition",
)


def compare_sources(
    place: str,
    *,
    theme: str = "unemployment",
    start: str | None = None,
    end: str | None = None,
    lang: catalogue.Language = "sv",
    data_dir: Path | str | None = None,
) -> pd.DataFrame:
    """Put what the stored sources say of one place side by side.

    The definitions differ, so nothing is joined: every row names its dataset, measure, age and
    definition.

    Parameters
    ----------
    place
        Name or code of a place.
    theme
        ``unemployment``, ``employment`` or ``participation``.
    start, end
        First and last period, as text; sources of another frequency are cut to the same years.
    lang
        Language of the definitions.
    data_dir
        Where the user's snapshots lie; see `integstats.store.write_root`.

    Returns
    -------
    pandas.DataFrame
        ``dataset``, ``vintage``, ``measure``, ``place``, ``period`` (text: 2024-06, 2024Q2,
        2024), ``sex``, ``birth_region``, ``age``, ``value`` (share 0–1), ``n`` (persons in the
        denominator; missing where only the rate is published), ``status``, ``definition``.

    Raises
    ------
    UnknownCodeError
        When the place or theme does not exist.
    SnapshotMissingError
        When no stored source of the theme has the place.

    Examples
    --------
    >>> found = compare_sources("Malmö", start="2026-06")
    >>> sorted(found["dataset"].unique()), len(found)
    (['scb-bas-month'], 9)
    """
    if theme not in THEMES:
        raise UnknownCodeError(f"Unknown theme: {theme!r}. Allowed: {', '.join(THEMES)}.")
    key = catalogue.resolve(place).key
    frames = []
    for dataset in catalogue.datasets().values():
        measures = [
            name for name in dataset.measures if catalogue.measure(name).numerator in THEMES[theme]
        ]
        if measures and store.snapshots(dataset.id, data_dir=data_dir):
            frames += _said_by(dataset, measures, key, lang=lang, data_dir=data_dir)
    if not frames:
        raise SnapshotMissingError(
            f"No stored source of {theme} has {catalogue.place_label(key)}. Fetch one: "
            f"integstats fetch scb-bas-month --places {catalogue.place_label(key)}"
        )
    found = pd.concat(frames, ignore_index=True)
    for bound, first in ((start, True), (end, False)):
        if bound is not None:
            found = found[[_inside(one, bound, first=first) for one in found["period"]]]
    return found.reset_index(drop=True)


def _inside(period: str, bound: str, *, first: bool) -> bool:
    """Whether a period lies on the right side; of another frequency its year decides."""
    one, other = (period, bound) if len(period) == len(bound) else (period[:4], bound[:4])
    return one >= other if first else one <= other


def _said_by(
    dataset: Dataset,
    measures: list[str],
    place: str,
    *,
    lang: catalogue.Language,
    data_dir: Path | str | None,
) -> list[pd.DataFrame]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallBaseWarning)
            warnings.simplefilter("ignore", RevisionWarning)
            table = _totals(load(dataset.id, places=[place], data_dir=data_dir))
            if table.empty:
                return []
            table = rates(table, measures)
    except (SnapshotMissingError, SchemaError):
        return []
    frames = []
    for name in measures:
        what = catalogue.measure(name)
        words = what.words(lang)
        counted = table.get(what.denominator)
        one = pd.DataFrame(
            {
                **{c: table[c].astype(str) for c in ("dataset", "vintage", "place", "period")},
                **{c: table[c].astype(str) for c in ("sex", "birth_region", "age", "status")},
                "measure": name,
                "value": table[name],
                "n": float("nan") if counted is None else counted,
                "definition": words["definition"],
            }
        )
        frames.append(one[list(COLUMNS)])
    return frames


def _totals(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of all levels of a dataset's own keys together; none where it has no such rows."""
    for key in key_columns(table):
        if key not in BASE_KEYS:
            table = table[(table[key].astype(str) == TOTAL).to_numpy()]
    return table
