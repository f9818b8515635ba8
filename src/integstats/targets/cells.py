"""The counts a target rests on, laid out as places × periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.gaps import REFERENCE_SEX
from integstats.analysis.inputs import BoolArray, FloatArray
from integstats.catalogue import Source, is_own, workbooks
from integstats.errors import SchemaError, SnapshotMissingError, TargetError
from integstats.table import STATUSES, require, require_unique
from integstats.targets.target import Target

STATUS = pd.CategoricalDtype(pd.Index(STATUSES, dtype=object))


@dataclass(frozen=True, eq=False)
class Cells:
    """Counts of one group, laid out as places × periods; missing cells are NaN.

    `present` tells where the table has a row, `preliminary` where its figures will be revised,
    `status` what the row says, as codes of STATUS (−1: no row).
    """

    periods: pd.PeriodIndex
    counts: Mapping[str, FloatArray]
    present: BoolArray
    preliminary: BoolArray
    status: np.ndarray


def parts(target: Target) -> tuple[str, str | None]:
    """Return the names of the numerator and, for a rate, the denominator."""
    known = catalogue.measures().get(target.measure)
    return (known.numerator, known.denominator) if known else (target.measure, None)


def measure_better(target: Target) -> catalogue.Better:
    """Return which way the measure itself should go, where the target may be about its gap."""
    known = catalogue.measures().get(target.measure)
    return known.better if known else target.better


def of_dataset(table: pd.DataFrame, target: Target, counts: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the target's dataset and age; raise TargetError when there are none.

    Rows of the ages that the target's age follows, or that follow it, are of the same series.
    """
    keys = ("dataset", "vintage", "place", "period", "sex", "birth_region", "age", "status")
    require(table, [*keys, *counts], what=f"The target on {target.measure}")
    ages = workbooks.age_succession(target.dataset, target.age)
    for name, wanted in (("dataset", (target.dataset,)), ("age", ages)):
        here = table[name].isin(wanted).to_numpy()
        if not here.any():
            have = ", ".join(map(str, table[name].unique()))
            raise TargetError(
                f"The table has no figures with {name} {getattr(target, name)!r}, which the "
                f"target needs; it has: {have or 'no rows'}. Load them, or state another {name} "
                "in the target."
            )
        table = table if here.all() else table[here]
    if not isinstance(table["period"].dtype, pd.PeriodDtype):
        raise SchemaError(
            f"The column period must hold pandas Periods, got {table['period'].dtype}."
        )
    freq = table["period"].dtype.freq
    if freq != target.baseline_period.freq:
        raise TargetError(
            f"The target is stated for periods like {target.baseline}, but the table's are of "
            f"the frequency {freq.freqstr}. Load figures of the target's frequency."
        )
    return table


def of_group(rows: pd.DataFrame, sex: str, birth_region: str, target: Target) -> pd.DataFrame:
    """Return the rows of one group; raise TargetError when there are none."""
    chosen = rows[((rows["sex"] == sex) & (rows["birth_region"] == birth_region)).to_numpy()]
    if chosen.empty:
        have = rows[["sex", "birth_region"]].drop_duplicates().astype(str)
        named = ", ".join(f"{one.sex} {one.birth_region}" for one in have.itertuples())
        raise TargetError(
            f"The table has no figures for {sex} {birth_region}, which the target "
            f"{target.id!r} needs; it has: {named}."
        )
    return chosen


def places_with_group(rows: pd.DataFrame, target: Target) -> set[str]:
    """Return the places that have rows of the target's group, and of its comparator."""
    places: set[str] | None = None
    for sex, birth_region in groups_of(target):
        here = of_group(rows, sex, birth_region, target)["place"].astype(object)
        places = set(here) if places is None else places & set(here)
    return places or set()


def groups_of(target: Target) -> list[tuple[str, str]]:
    """Return sex and birth region of the target's group, and of its comparator if any."""
    groups = [(target.sex, target.birth_region)]
    if target.comparator is not None:
        groups.append((REFERENCE_SEX[target.comparator] or target.sex, "native_born"))
    return groups


def all_periods(rows: pd.DataFrame) -> pd.PeriodIndex:
    """Return every period from the first to the last of the rows, without holes."""
    column = pd.PeriodIndex(rows["period"])
    return pd.period_range(column.min(), column.max(), freq=column.freq)


def vintages_of(rows: pd.DataFrame, places: Sequence[str]) -> list[tuple[str, str]]:
    """Return the datasets of some places' rows, each with its vintage."""
    own = rows[rows["place"].isin(places).to_numpy()]
    pairs = own[["dataset", "vintage"]].drop_duplicates().astype(str).itertuples(index=False)
    return [(dataset, vintage) for dataset, vintage in pairs]


def sources_of(
    target: Target, vintages: Sequence[tuple[str, str]], given: Sequence[Source] | None
) -> tuple[Source, ...]:
    """Return the sources as given, or what the catalogue knows of them; none of own figures."""
    if given is not None:
        return tuple(given)
    return () if is_own(target.dataset) else catalogue.sources_of(vintages)


def lay_out(
    rows: pd.DataFrame,
    places: Sequence[str],
    periods: pd.PeriodIndex,
    columns: Sequence[str],
    target: Target,
) -> Cells:
    """Lay rows out as places × periods, each cell from one row."""
    at_place = pd.Index(places).get_indexer(rows["place"].astype(object))
    rows, at_place = rows[at_place >= 0], at_place[at_place >= 0]
    rows_of = np.bincount(at_place, minlength=len(places))
    absent = [place for place, count in zip(places, rows_of, strict=True) if count == 0]
    if absent:
        raise SnapshotMissingError(_absent_message(absent, rows, target))
    at_period = pd.PeriodIndex(rows["period"]).asi8 - periods.asi8[0]
    inside = (at_period >= 0) & (at_period < len(periods))
    rows, at_place, at_period = rows[inside], at_place[inside], at_period[inside]
    if np.bincount(at_place * len(periods) + at_period).max(initial=0) > 1:
        require_unique(rows, ["place", "period"], what=f"The group of the target {target.id!r}")
    shape = (len(places), len(periods))
    present, preliminary = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    present[at_place, at_period] = True
    preliminary[at_place, at_period] = _is_preliminary(rows, columns, target)
    status = np.full(shape, -1, dtype=np.int8)
    status[at_place, at_period] = rows["status"].astype(STATUS).cat.codes
    counts = {}
    for name in columns:
        counts[name] = np.full(shape, np.nan)
        counts[name][at_place, at_period] = rows[name].to_numpy(dtype=float)
    return Cells(periods, counts, present, preliminary, status)


def _is_preliminary(rows: pd.DataFrame, columns: Sequence[str], target: Target) -> BoolArray:
    """Where a row will be revised; a sum says only that it is one, so its dataset answers."""
    known = catalogue.datasets().get(target.dataset)
    words = ["preliminary"]
    if known and known.status == "preliminary":
        words.append("derived")
    found = rows["status"].isin(words).to_numpy()
    for name in columns:
        if f"{name}_status" in rows.columns:
            found = found | rows[f"{name}_status"].isin(words).to_numpy()
    return np.asarray(found)


def _absent_message(absent: Sequence[str], rows: pd.DataFrame, target: Target) -> str:
    named = ", ".join(catalogue.place_label(place) for place in absent)
    have = [catalogue.place_label(str(place)) for place in rows["place"].unique()]
    advice = f"integstats fetch {target.dataset} --places " + " ".join(
        f'"{catalogue.place_label(place)}"' for place in absent
    )
    return (
        f"The table has no figures of {target.dataset} for {named}"
        f"{'; of those asked it has: ' + ', '.join(have) if have else ''}. "
        f"{'Add them to it.' if is_own(target.dataset) else f'Fetch them: {advice}'}"
    )
