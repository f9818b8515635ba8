"""Breaks in series: where figures begin to mean something else, and what may not be compared.

Breaks are what the catalogue knows (``catalogue/breaks.toml``); they are never discovered here.
A series is what shares all keys but the period. Figures of two datasets, vintages or age spans
are two series, also for the same place; but spans that by the catalogue follow each other in a
dataset (`integstats.catalogue.workbooks.age_succession`) are one, with a break at each change.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.inputs import row_groups
from integstats.catalogue import Break, workbooks
from integstats.errors import IncomparableError, UnknownCodeError, did_you_mean
from integstats.table import (
    as_category,
    key_columns,
    match_rows,
    parse_period,
    require,
    require_unique,
    row_ids,
)

DEFINITION = ("dataset", "vintage", "age")
"""The keys that say what a figure is, not whom it is about."""
_CONCERNED = ("dataset", "age", "place")


def breaks_between(
    *,
    dataset: str,
    measure: str | Sequence[str],
    age: str,
    place: str,
    start: pd.Period,
    end: pd.Period,
    effect: Literal["blocks", "notes"] | None = None,
) -> tuple[Break, ...]:
    """Return the breaks between two periods, in either order.

    A break lies between when its first period is later than the earlier of the two and not later
    than the later one. A month's break is in the quarter or year that contains the month.

    Parameters
    ----------
    dataset, age
        Ids, several joined by ``;``: the breaks of each, and of the ages that it follows or that
        follow it.
    measure
        A measure or a count, or several: the breaks of any.
    place
        A value of the column `place`; of a group or of places joined by ``+``, the breaks of
        each member.
    start, end
        Two periods of one frequency.
    effect
        Breaks of this effect only.

    Examples
    --------
    >>> found = breaks_between(dataset="scb-bas-month", measure="students", age="20-64",
    ...                        place="00", start=pd.Period("2023-08"), end=pd.Period("2024-08"))
    >>> [one.id for one in found]
    ['bas-entrepreneurs-2024', 'bas-students-august-2024']
    """
    early, late = min(start, end), max(start, end)
    return tuple(
        one
        for one in breaks_of(dataset, measure, age, place)
        if effect in (None, one.effect)
        and early < begins(one, early.freq) <= late
        and one.between(early, late)
    )


def breaks_within(table: pd.DataFrame, measure: str | Sequence[str]) -> tuple[Break, ...]:
    """Return the breaks between the first and the last period of one place's rows."""
    dataset, age = (";".join(table[key].astype(str).unique()) for key in ("dataset", "age"))
    return breaks_between(
        dataset=dataset,
        measure=measure,
        age=age,
        place=str(table["place"].iloc[0]),
        start=table["period"].min(),
        end=table["period"].max(),
    )


def mark_breaks(table: pd.DataFrame, measure: str | Sequence[str]) -> pd.DataFrame:
    """Number the unbroken stretches of every series, and say what lies between them.

    Parameters
    ----------
    table
        Rows with ``dataset``, ``place``, ``period`` and ``age``; the figures are not looked at.
    measure
        Id of a measure, or a count of the table: breaks can concern one and not another. Several:
        the breaks of any.

    Returns
    -------
    pandas.DataFrame
        The rows and columns of `table`, and

        - ``segment`` (int64): rows of the same place, sex, birth region and extra keys may stand
          in one line only where this number is the same. It is 0 for the stretch that begins
          first, and another for every other dataset, vintage, age span and side of a blocking
          break.
        - ``break_note`` (category): ids, joined by ``;``, of the breaks, blocking or not, between
          the series' period before and this one; empty on all other rows, and on the first.

        A break that `splice` has bridged begins no new segment; it is still noted.

    Raises
    ------
    UnknownCodeError
        When the measure is neither in the catalogue nor a column.
    SchemaError
        When a column is absent or a key stands on more than one row.

    Examples
    --------
    >>> frame = pd.DataFrame({"dataset": "scb-aku-month", "place": "00", "age": "15-74",
    ...                       "period": pd.period_range("2020-11", periods=3, freq="M")})
    >>> mark_breaks(frame, "unemployment_rate")[["period", "segment", "break_note"]]
        period  segment break_note
    0  2020-11        0
    1  2020-12        0
    2  2021-01        1   aku-2021
    """
    _require(table, measure, "mark_breaks()")
    keys = [key for key in key_columns(table) if key != "period"]
    lasting = as_one_age(table)
    require_unique(lasting, [*keys, "period"], what="mark_breaks()")
    if table.empty:
        return table.assign(segment=np.zeros(0, dtype=np.int64), break_note=as_category([], [""]))
    series = row_ids(lasting, keys)
    periods = table["period"].array
    order = np.lexsort((periods.asi8, series))
    follows = np.append(False, series[order][1:] == series[order][:-1])
    before = np.empty(len(table), dtype=np.intp)
    before[order] = np.where(follows, np.roll(order, 1), order)

    old = _is_spliced_on(table)
    seam = old[before] & ~old
    notes = np.full(len(table), "", dtype=object)
    crossed = np.zeros(len(table), dtype=np.int64)
    for dataset, age, place, rows in _defined_alike(table, old, seam):
        for one in breaks_of(dataset, measure, age, place):
            first = begins(one, periods.freq).ordinal
            at = rows[(periods.asi8[before[rows]] < first) & (first <= periods.asi8[rows])]
            notes[at] = [f"{note};{one.id}" if note else one.id for note in notes[at]]
            if one.effect == "blocks":
                crossed[at[~seam[at]]] += 1
    stretch = np.empty(len(table), dtype=np.int64)
    stretch[order] = np.cumsum(crossed[order])
    return table.assign(
        segment=_numbered(table, series, stretch, keys), break_note=as_category(notes, [""])
    )


def refuse_across_breaks(
    table: pd.DataFrame,
    measure: str | Sequence[str],
    *,
    start: str | pd.Period,
    end: str | pd.Period,
) -> None:
    """Raise unless the figures of one period may be compared with those of another.

    Parameters
    ----------
    table
        Rows with ``dataset``, ``place``, ``period`` and ``age``; the figures are not looked at.
    measure
        Id of a measure, or a count of the table, or several.
    start, end
        The two periods, in either order.

    Raises
    ------
    IncomparableError
        When a blocking break lies between them in any series that has both, or when some place
        has both periods only in different datasets, vintages or age spans.
    UnknownCodeError
        When the table has nothing of a period, or the measure is unknown.
    SchemaError
        When a column is absent or a key stands on more than one row.

    Examples
    --------
    >>> frame = pd.DataFrame({"dataset": "scb-aku-month", "place": "00", "age": "15-74",
    ...                       "period": pd.PeriodIndex(["2020-06", "2021-06"], freq="M")})
    >>> refuse_across_breaks(frame, "unemployment_rate", start="2020-06", end="2021-06")
    Traceback (most recent call last):
    integstats.errors.IncomparableError: Sverige: the break aku-2021 (2021-01) lies between ...
    """
    _require(table, measure, "refuse_across_breaks()")
    first, last = period_of(table, start), period_of(table, end)
    early, late = min(first, last), max(first, last)
    inside = (table["period"] >= early) & (table["period"] <= late)
    marked = as_one_age(mark_breaks(table[inside.to_numpy()].reset_index(drop=True), measure))
    keys = [key for key in key_columns(marked) if key not in (*DEFINITION, "period")]
    lines, segment = row_ids(marked, keys), marked["segment"].to_numpy()
    at_start, at_end = (
        np.flatnonzero((marked["period"] == period).to_numpy()) for period in (early, late)
    )
    series = row_ids(marked, [key for key in key_columns(marked) if key != "period"])
    found = match_rows(series[at_end], series[at_start])
    for row, other in zip(at_end[found >= 0], at_start[found[found >= 0]], strict=True):
        if segment[row] != segment[other]:
            raise IncomparableError(_break_message(marked.iloc[row], measure, early, late))
    comparable = lines[at_end[found >= 0]]
    for row in at_end[~np.isin(lines[at_end], comparable)]:
        others = at_start[lines[at_start] == lines[row]]
        if len(others):
            raise IncomparableError(
                f"{_label(marked.iloc[row])}: {early} is {_definition(marked.iloc[others[0]])} and "
                f"{late} is {_definition(marked.iloc[row])}: figures of different definitions are "
                "not one series. Load both periods of one, or splice() them on purpose."
            )


def refuse_mixed(table: pd.DataFrame, measure: str | Sequence[str]) -> None:
    """Raise unless every place, sex, birth region and extra key has one unbroken series.

    Call it before figures are joined into a line, a trend or a forecast.

    Parameters
    ----------
    table
        Rows with ``dataset``, ``place``, ``period`` and ``age``; the figures are not looked at.
    measure
        Id of a measure, or a count of the table, or several.

    Raises
    ------
    IncomparableError
        When a place has figures of two datasets, vintages or age spans, or from both sides of a
        blocking break.
    UnknownCodeError, SchemaError
        As in `mark_breaks`.

    Examples
    --------
    >>> frame = pd.DataFrame({"dataset": ["scb-rams-year", "scb-bas-year"], "place": "00",
    ...                       "age": "20-64", "period": pd.PeriodIndex(["2019", "2020"], freq="Y")})
    >>> refuse_mixed(frame, "employment_rate")
    Traceback (most recent call last):
    integstats.errors.IncomparableError: Sverige has figures of scb-rams-year, 20-64 years and ...
    """
    marked = as_one_age(mark_breaks(table, measure))
    keys = [key for key in key_columns(marked) if key not in (*DEFINITION, "period")]
    for rows in row_groups(marked, keys):
        line = marked.iloc[rows].sort_values(["segment", "period"], kind="stable")
        if line["segment"].iloc[-1] == 0:
            continue
        ends = line.groupby("segment", sort=True).head(1)
        one, other = ends.iloc[0], ends.iloc[1]
        if _definition(one) == _definition(other):
            message = _break_message(other, measure, one["period"], other["period"])
            raise IncomparableError(message)
        raise IncomparableError(
            f"{_label(one)} has figures of {_definition(one)} and of {_definition(other)}: they "
            "are not one series. Choose one, show them side by side, or splice() them on purpose."
        )


def as_one_age(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the ages that follow each other in a dataset called by the last one.

    For grouping only: what the rows say of their age is no longer true.

    Examples
    --------
    >>> frame = pd.DataFrame({"dataset": "af-time-country", "age": ["16-64", "16-66"]})
    >>> as_one_age(frame)["age"].tolist()
    ['16-66', '16-66']
    """
    pairs = table[["dataset", "age"]].drop_duplicates().astype(str).itertuples(index=False)
    spans = {(name, age): workbooks.age_succession(name, age)[-1] for name, age in pairs}
    renamed = {key: last for key, last in spans.items() if last != key[1]}
    if not renamed:
        return table
    ages = table["age"].astype(object)
    for (name, age), last in renamed.items():
        ages[((table["dataset"] == name) & (table["age"] == age)).to_numpy()] = last
    return table.assign(age=as_category(ages))


def period_of(table: pd.DataFrame, period: str | pd.Period) -> pd.Period:
    """Return the period, which the table must have.

    Raises
    ------
    UnknownCodeError
        When it has no row of it.
    SchemaError
        When it cannot be read.
    """
    periods = table["period"]
    wanted = parse_period(period, periods.dtype.freq)
    if not (periods == wanted).any():
        raise UnknownCodeError(
            f"No figures for {wanted}: the data runs from {periods.min()} to {periods.max()}. "
            "Choose a period inside, or load more."
        )
    return wanted


def _require(table: pd.DataFrame, measure: str | Sequence[str], what: str) -> None:
    require(table, ["dataset", "place", "period", "age"], what=what)
    known = [*catalogue.measures(), *map(str, table.columns)]
    for name in _several(measure):
        if name not in known:
            raise UnknownCodeError(
                f"Unknown measure: {name!r}.{did_you_mean(name, known)} Known: "
                f"{', '.join(catalogue.measures())}, or a count of the table."
            )


def _several(measure: str | Sequence[str]) -> Sequence[str]:
    return [measure] if isinstance(measure, str) else measure


def breaks_of(
    dataset: str, measure: str | Sequence[str], age: str, place: str
) -> tuple[Break, ...]:
    """Return all breaks of a series, the earliest first; the words as for `breaks_between`."""
    found: dict[str, Break] = {}
    for name, span in product(dataset.split(";"), age.split(";")):
        ages = workbooks.age_succession(name, span)
        for one_age, member, what in product(ages, _members(place), _several(measure)):
            for one in catalogue.breaks_for(dataset=name, measure=what, age=one_age, place=member):
                found.setdefault(one.id, one)
    return tuple(sorted(found.values(), key=lambda one: (one.first_period, one.id)))


def _members(place: str) -> Sequence[str]:
    if place.startswith("group:"):
        return catalogue.place_or_group(place).members
    return place.split("+")


def begins(one: Break, freq: object) -> pd.Period:
    """Return the first period of the new meaning, at a frequency."""
    return pd.Period(one.first_period, freq="M").asfreq(freq)


def _is_spliced_on(table: pd.DataFrame) -> np.ndarray:
    """Rows that `splice` adjusted to a newer series."""
    if "splice_note" not in table.columns:
        return np.zeros(len(table), dtype=bool)
    return np.asarray(table["splice_note"].astype(str) != "")


def _defined_alike(
    table: pd.DataFrame, old: np.ndarray, seam: np.ndarray
) -> list[tuple[str, str, str, np.ndarray]]:
    """Dataset, age, place and the rows that have them.

    Where a series was spliced, its dataset and age are the older before the seam, the newer
    after it, and both at the seam.
    """
    part = np.where(seam, "both", np.where(old, "older", "newer"))
    words = [table[name].astype(object).to_numpy() for name in _CONCERNED]
    found = []
    for rows in row_groups(table[[*_CONCERNED]].assign(part=part), [*_CONCERNED, "part"]):
        dataset, age, place = (str(one[rows[0]]) for one in words)
        if "splice_note" in table.columns and part[rows[0]] != "both":
            at = 0 if part[rows[0]] == "older" else -1
            dataset, age = dataset.split(";")[at], age.split(";")[at]
        found.append((dataset, age, place, rows))
    return found


def _numbered(
    table: pd.DataFrame, series: np.ndarray, stretch: np.ndarray, keys: list[str]
) -> np.ndarray:
    """Number the stretches of all series of a line, in the order in which they begin."""
    about = [key for key in keys if key not in DEFINITION]
    ordinals = table["period"].array.asi8
    whole = pd.DataFrame(
        {"line": row_ids(table, about), "series": series, "stretch": stretch, "first": ordinals}
    )
    ids = whole.groupby(["series", "stretch"]).ngroup().to_numpy()
    _, at = np.unique(ids, return_index=True)
    begins = whole.iloc[at].assign(first=whole["first"].groupby(ids).min().to_numpy())
    for name in DEFINITION:
        if name in table.columns:
            begins[name] = table[name].iloc[at].astype(str).to_numpy()
    names = [name for name in DEFINITION if name in begins]
    ranked = begins.sort_values(["line", "first", *names, "stretch"])
    number = ranked.groupby("line").cumcount()
    by_id = np.empty(len(at), dtype=np.int64)
    by_id[pd.Index(at).get_indexer(ranked.index)] = number.to_numpy()
    return np.asarray(by_id[ids])


def _label(row: pd.Series) -> str:
    return catalogue.place_label(str(row["place"]))


def _definition(row: pd.Series) -> str:
    vintage = f", vintage {row['vintage']}" if "vintage" in row else ""
    return f"{row['dataset']}, {row['age']} years{vintage}"


def _break_message(
    row: pd.Series, measure: str | Sequence[str], start: pd.Period, end: pd.Period
) -> str:
    blocking = breaks_between(
        dataset=str(row["dataset"]),
        measure=measure,
        age=str(row["age"]),
        place=str(row["place"]),
        start=start,
        end=end,
        effect="blocks",
    )
    named = ", ".join(f"{one.id} ({one.first_period})" for one in blocking)
    return (
        f"{_label(row)}: the break{'s' * (len(blocking) > 1)} {named} "
        f"lie{'s' * (len(blocking) == 1)} between {start} and {end}. {blocking[0].text_en} "
        "Compare periods on one side of it."
    )
