"""Rates from counts: numerator divided by denominator, never from other rates."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.small_numbers import NO_RATE_BELOW, WARN_BELOW
from integstats.errors import IncomparableError, SmallBaseWarning
from integstats.table import key_columns, require

NOTES = ("", "small_base", "suppressed")


def rates(table: pd.DataFrame, measures: str | Sequence[str] | None = None) -> pd.DataFrame:
    """Add a column for each rate.

    Parameters
    ----------
    table
        The one table, with the counts that the measures divide.
    measures
        Ids of measures; all that the dataset has and the columns allow when left out. Own and
        invented figures (``own-…``, ``…synthetic…``) have every measure whose counts they have.

    Returns
    -------
    pandas.DataFrame
        The columns of `table`, and for each measure ``<measure>`` (a share 0–1; missing when a
        count is missing, the denominator is 0 or fewer than 30 persons) and ``<measure>_note``
        (category: empty, ``small_base`` below 50 persons, ``suppressed`` below 30). A rate that
        a dataset publishes without its counts is in `table` already and stays as it is, with an
        empty note: nothing is known of the persons behind it.

    Raises
    ------
    UnknownCodeError
        When a measure is unknown.
    IncomparableError
        When a measure is not one the dataset carries.
    SchemaError
        When its counts are not in the table.

    Warns
    -----
    SmallBaseWarning
        Once, when any rate rests on fewer than 50 persons.

    Examples
    --------
    >>> frame = pd.DataFrame({"dataset": ["scb-bas-month"] * 2, "unemployed": [150.0, 4.0],
    ...                       "labour_force": [1000.0, 20.0]})
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     rates(frame, "unemployment_rate")[["unemployment_rate", "unemployment_rate_note"]]
       unemployment_rate unemployment_rate_note
    0               0.15
    1                NaN             suppressed
    """
    require(table, ["dataset"], what="rates()")
    chosen = _chosen(table, measures)
    added: dict[str, object] = {}
    small = hidden = 0
    for name in chosen:
        if name in table.columns and published_only(table, name):
            none = np.zeros(len(table), dtype="int8")
            added[f"{name}_note"] = pd.Categorical.from_codes(none, categories=pd.Index(NOTES))
            continue
        measure = catalogue.measure(name)
        require(table, [measure.numerator, measure.denominator], what=f"The measure {name}")
        top = table[measure.numerator].to_numpy(dtype=float)
        base = table[measure.denominator].to_numpy(dtype=float)
        note = np.where(base < NO_RATE_BELOW, 2, np.where(base < WARN_BELOW, 1, 0)).astype("int8")
        added[name] = np.divide(
            top, base, out=np.full(len(top), np.nan), where=base >= NO_RATE_BELOW
        )
        added[f"{name}_note"] = pd.Categorical.from_codes(note, categories=pd.Index(NOTES))
        small += int((note > 0).sum())
        hidden += int((note == 2).sum())
    if small:
        warnings.warn(
            f"{small} of {len(table) * len(chosen)} rates rest on fewer than {WARN_BELOW} "
            f"persons; {hidden} below {NO_RATE_BELOW} are not shown.",
            SmallBaseWarning,
            stacklevel=2,
        )
    return table.assign(**added)


def _chosen(table: pd.DataFrame, measures: str | Sequence[str] | None) -> list[str]:
    names = _datasets(table)
    carried = [
        measure
        for measure in catalogue.measures()
        if all(
            catalogue.is_own(name) or measure in catalogue.dataset(name).measures for name in names
        )
    ]
    if measures is None:
        return [
            name
            for name in carried
            if {catalogue.measure(name).numerator, catalogue.measure(name).denominator}
            <= set(table.columns)
            or (name in table.columns and published_only(table, name))
        ]
    wanted = [measures] if isinstance(measures, str) else list(measures)
    for name in wanted:
        catalogue.measure(name)
        if name not in carried:
            raise IncomparableError(
                f"The measure {name} is not defined for {', '.join(sorted(names))}, which "
                f"carries: {', '.join(carried) or 'none'}. Choose one of these or another dataset."
            )
    return wanted


def _datasets(table: pd.DataFrame) -> set[str]:
    return {part for joined in table["dataset"].unique() for part in str(joined).split(";")}


def published_only(table: pd.DataFrame, measure: str) -> bool:
    """Whether the rate is the publisher's own, its counts not being published."""
    return all(
        not catalogue.is_own(name) and measure in catalogue.dataset(name).rates
        for name in _datasets(table)
    )


def rate_keys(table: pd.DataFrame, without: Sequence[str] = ()) -> list[str]:
    """Return the key columns that a function which consumes `without` groups by."""
    return [key for key in key_columns(table) if key not in without]
