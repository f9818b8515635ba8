"""From a workbook of Arbetsförmedlingen to the one table, by the catalogue's layout.

The workbook has municipalities only. Counties and the country are summed here from its rows, each
under the county it stands with, those without a known municipality included. A count shown as
``<5`` is an interval from 0 to 4, never 0, and so is every sum it is part of.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from integstats import catalogue
from integstats.catalogue import Dataset, workbooks
from integstats.errors import SchemaError
from integstats.formats import pivot_cache, worksheet
from integstats.formats.workbook_labels import NATIVE_BORN, UNKNOWN, Codes, labels, words
from integstats.formats.xlsx import Progress
from integstats.table import STATUSES, TOTAL, concat

COUNTRY = "00"
FOREIGN_BORN = "foreign_born"
_MONTH = re.compile(r"(20\d\d|19\d\d)-(0[1-9]|1[0-2])(-01)?")
_BELOW = re.compile(r"<\s*(\d+)")
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Count:
    """One count of every row, and where any is hidden the least and the most it can be."""

    value: _Floats
    bounds: tuple[_Floats, _Floats] | None = None

    @property
    def empty(self) -> npt.NDArray[np.bool_]:
        """Where nothing is written, not even that the count is hidden."""
        return np.isnan(self.value if self.bounds is None else self.bounds[1])

    def where(self, rows: npt.NDArray[np.bool_]) -> _Count:
        """Only these rows."""
        bounds = self.bounds and (self.bounds[0][rows], self.bounds[1][rows])
        return _Count(self.value[rows], bounds)

    def zero(self, rows: npt.NDArray[np.bool_]) -> _Count:
        """With these rows known to be zero."""
        value, *bounds = (np.where(rows, 0.0, one) for one in (self.value, *(self.bounds or ())))
        return _Count(value, (bounds[0], bounds[1]) if bounds else None)


@dataclass(frozen=True)
class _Rows:
    """Rows of a workbook with codes instead of names; -1 where the place is not known."""

    municipality: Codes
    county: Codes
    period: Codes
    keys: Mapping[str, tuple[Codes, tuple[str, ...]]]
    counts: Mapping[str, _Count]


@dataclass(frozen=True)
class _Level:
    """The place of every row among some places; -1 where it is in none of them."""

    codes: Codes
    places: tuple[str, ...]
    published: bool


def read(
    file: Path | bytes, *, dataset: Dataset, vintage: str, progress: Progress | None = None
) -> pd.DataFrame:
    """Read the whole series of a dataset from its workbook.

    Parameters
    ----------
    file
        The workbook, or its bytes.
    dataset
        One that `integstats.catalogue.workbooks.layouts` has.
    vintage
        Id of the snapshot, for the column of that name.
    progress
        Called with bytes of XML read and in all, of each part of the workbook in turn.

    Returns
    -------
    pandas.DataFrame
        The one table. `place` has the municipalities as published and, with the status
        ``derived``, their counties and ``00``; `age` is the span the catalogue gives the month.
        `birth_region` has the groups of the file, and ``foreign_born``, the sum of all but Sweden
        and unknown. A count of which any is suppressed has ``<count>_low`` and ``<count>_high``
        (equal to the count where it is known); it is itself missing where they differ.

    Raises
    ------
    SchemaError
        The workbook is damaged, a field, sheet, place, month or word is not one the catalogue
        knows, a cell that must be a count is not, or the newest month lacks one of the 290
        municipalities.
    """
    layout = workbooks.layouts()[dataset.id]
    if layout.sheets:
        frames = [
            _summed(_sheet(file, dataset, layout, name, keys, progress), dataset, ())
            for name, keys in layout.sheets
        ]
        return _finished(concat(frames), dataset, vintage)
    return _finished(_pivot(file, dataset, layout, progress), dataset, vintage)


def _sheet(
    file: Path | bytes,
    dataset: Dataset,
    layout: workbooks.Layout,
    sheet: str,
    keys: Sequence[str],
    progress: Progress | None,
) -> _Rows:
    fields = [
        *_place_fields(dataset, layout),
        *(dataset.keys[key].variable for key in keys),
        *dataset.counts.values(),
    ]
    frame = worksheet.read(file, sheet, fields, progress=progress)
    return _rows(frame, dataset, layout, keys, dataset.counts)


def _pivot(
    file: Path | bytes, dataset: Dataset, layout: workbooks.Layout, progress: Progress | None
) -> pd.DataFrame:
    keys = [
        key
        for key, spec in dataset.keys.items()
        if spec.variable and key not in ("place", "period")
    ]
    groups = layout.groups or (("", {}),)
    fields = [
        *_place_fields(dataset, layout),
        *(dataset.keys[key].variable for key in keys),
        *(prefix + code for prefix, _ in groups for code in dataset.counts.values()),
    ]
    frame = pivot_cache.read(file, fields, progress=progress)
    parts = []
    for prefix, whom in groups:
        counts = {name: prefix + code for name, code in dataset.counts.items()}
        rows = _rows(frame, dataset, layout, keys, counts)
        part = _summed(rows, dataset, keys)
        parts.append(part.assign(**{k: _everywhere(w, len(part)) for k, w in whom.items()}))
    return concat(parts)


def _place_fields(dataset: Dataset, layout: workbooks.Layout) -> list[str]:
    place = [layout.county, dataset.keys["place"].variable] if layout.county else []
    return [dataset.keys["period"].variable, *place]


def _rows(
    frame: pd.DataFrame,
    dataset: Dataset,
    layout: workbooks.Layout,
    keys: Sequence[str],
    counts: Mapping[str, str],
) -> _Rows:
    read = {name: _count(frame[field], field) for name, field in counts.items()}
    kept = ~np.logical_and.reduce([one.empty for one in read.values()])
    if not kept.any():
        raise SchemaError(f"The columns {', '.join(counts.values())} have no figures.")
    if not kept.all():
        frame = frame[kept]
        read = {name: one.where(kept) for name, one in read.items()}
    municipality, county = _places(frame, dataset, layout)
    if layout.county:
        # Persons without a municipality have no labour force: what they lack is nothing.
        residual = municipality < 0
        read = {name: one.zero(residual & one.empty) for name, one in read.items()}
    return _Rows(
        municipality=municipality,
        county=county,
        period=_months(frame[dataset.keys["period"].variable]),
        keys={key: words(frame, dataset, layout, key) for key in keys},
        counts=read,
    )


def _count(column: pd.Series, field: str) -> _Count:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        figures = column.to_numpy(dtype=float)
        if (figures < 0).any():
            raise SchemaError(f"The column {field} has a negative count, {figures.min():g}.")
        return _Count(figures)
    texts = list(column.array.categories)
    parsed = np.array([*(_interval(text, field) for text in texts), (np.nan, np.nan)])
    low, high = parsed[column.array.codes].T
    value = np.where(low == high, low, np.nan)
    return _Count(value, (low, high) if (low < high).any() else None)


def _interval(text: str, field: str) -> tuple[float, float]:
    below = _BELOW.fullmatch(text.strip())
    if below is not None:
        return 0.0, float(below[1]) - 1
    try:
        figure = float(text)
    except ValueError:
        figure = -1.0
    if not 0 <= figure < np.inf:
        raise SchemaError(
            f"The column {field} has {text!r}, expected a count or the sign for a hidden one, as "
            "<5. Look at the workbook: its signs may have changed."
        )
    return figure, figure


def _months(column: pd.Series) -> Codes:
    texts = [str(text) for text in column.array.categories]
    codes = column.array.codes
    found = []
    for number, text in enumerate(texts):
        month = _MONTH.fullmatch(text.removesuffix("T00:00:00"))
        if month is None and (codes == number).any():
            raise SchemaError(
                f"The column {column.name} has {text!r}, expected a month as 2026-08."
            )
        found.append(0 if month is None else (int(month[1]) - 1970) * 12 + int(month[2]) - 1)
    if (codes < 0).any():
        raise SchemaError(f"The column {column.name} has rows with figures and without a month.")
    return np.asarray(np.array(found, dtype=np.int32)[codes])


def _places(frame: pd.DataFrame, dataset: Dataset, layout: workbooks.Layout) -> tuple[Codes, Codes]:
    """Positions in the catalogue's lists of municipalities and counties."""
    if not layout.county:
        nowhere = np.full(len(frame), -1, dtype=np.int16)
        return nowhere, nowhere
    counties, municipalities = _known("county"), _known("municipality")
    (county_codes, county_names), (codes, names) = (
        labels(frame[field]) for field in (layout.county, dataset.keys["place"].variable)
    )
    pairs = county_codes * len(names) + codes
    found = np.full((len(county_names) * len(names), 2), -1, dtype=np.int16)
    for pair in np.flatnonzero(np.bincount(pairs, minlength=len(found))).tolist():
        county, name = county_names[pair // len(names)], names[pair % len(names)]
        if not workbooks.is_residual(county):
            code = workbooks.county_code(county)
            found[pair, 1] = counties[code]
            if not workbooks.is_residual(name):
                found[pair, 0] = municipalities[workbooks.municipality_code(name, code)]
        elif not workbooks.is_residual(name):
            raise SchemaError(f"The municipality {name!r} stands without a county in the workbook.")
    return found[pairs, 0], found[pairs, 1]


def _known(kind: str) -> dict[str, int]:
    codes = [code for code, one in catalogue.places().items() if one.kind == kind]
    return {code: at for at, code in enumerate(codes)}


def require_totals(table: pd.DataFrame, dataset: Dataset) -> None:
    """Raise SchemaError where a workbook is far from a total that others have published of it.

    A total that is not in the table, as that of another month, says nothing.

    Parameters
    ----------
    table
        What `read` returned.
    dataset
        Its dataset.
    """
    country = table[((table["place"] == COUNTRY) & (table["birth_region"] == TOTAL)).to_numpy()]
    for one in workbooks.reference_totals(dataset.id):
        rows = country[((country["period"] == one.month) & (country["sex"] == one.sex)).to_numpy()]
        for _, row in rows.iterrows():
            low, high = (row.get(f"{one.count}_{end}", row[one.count]) for end in ("low", "high"))
            if (
                not np.isnan(low)
                and not (1 - one.tolerance) * low <= one.value <= (1 + one.tolerance) * high
            ):
                read = f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"
                raise SchemaError(
                    f"The workbook of {dataset.id} adds up to {read} {one.count} ({one.sex}) in "
                    f"{one.month}, but {one.value:,.0f} were published (± "
                    f"{100 * one.tolerance:g} %; {one.source}). Its layout has changed or it is "
                    "not the whole file: compare it with the workbook's own totals."
                )


def _summed(rows: _Rows, dataset: Dataset, parts: Sequence[str]) -> pd.DataFrame:
    """Sum rows of one key, and to counties, the country and all the foreign-born.

    `parts` are the keys of which the file holds parts only, so that everybody together is a sum.
    """
    frames = []
    for level in _levels(rows, dataset):
        for regions in _regions(rows, everybody="birth_region" in parts):
            frames.append(_grouped(rows, level, regions))
    return concat(frames)


def _levels(rows: _Rows, dataset: Dataset) -> Iterator[_Level]:
    if "municipality" in dataset.places:
        yield _Level(rows.municipality, tuple(_known("municipality")), published=True)
        yield _Level(rows.county, tuple(_known("county")), published=False)
    yield _Level(np.zeros(len(rows.period), dtype=np.int8), (COUNTRY,), published=False)


def _regions(rows: _Rows, *, everybody: bool) -> Iterator[tuple[Codes, tuple[str, ...]]]:
    """The groups of the file, the foreign-born, and everybody: codes of rows, and words."""
    if "birth_region" not in rows.keys:
        yield np.zeros(len(rows.period), dtype=np.int8), (TOTAL,)
        return
    codes, words = rows.keys["birth_region"]
    yield codes, words
    abroad = [at for at, word in enumerate(words) if word not in (NATIVE_BORN, UNKNOWN)]
    if FOREIGN_BORN not in words and abroad:
        yield np.where(np.isin(codes, abroad), 0, -1).astype(np.int8), (FOREIGN_BORN,)
    if everybody:
        yield np.zeros(len(codes), dtype=np.int8), (TOTAL,)


def _grouped(rows: _Rows, level: _Level, regions: tuple[Codes, tuple[str, ...]]) -> pd.DataFrame:
    region, region_words = regions
    sex, sex_words = rows.keys.get("sex", (np.zeros(len(region), dtype=np.int8), (TOTAL,)))
    first = int(rows.period.min())
    months = int(rows.period.max()) - first + 1
    shape = (len(level.places), months, len(sex_words), len(region_words))
    size = math.prod(shape)
    use = (level.codes >= 0) & (region >= 0)
    ids = level.codes[use].astype(np.int64)
    for width, codes in zip(shape[1:], (rows.period - first, sex, region), strict=True):
        ids *= width
        ids += codes[use]
    number = np.bincount(ids, minlength=size)
    at = np.flatnonzero(number)
    where = np.unravel_index(at, shape)
    columns: dict[str, object] = {
        "place": pd.Categorical.from_codes(where[0], pd.Index(level.places, dtype="str")),
        "period": pd.PeriodIndex.from_ordinals(where[1] + first, freq="M"),
        "sex": pd.Categorical.from_codes(where[2], pd.Index(sex_words, dtype="str")),
        "birth_region": pd.Categorical.from_codes(where[3], pd.Index(region_words, dtype="str")),
    }
    for name, count in rows.counts.items():
        parts = {name: count.value}
        if count.bounds is not None:
            parts |= {f"{name}_low": count.bounds[0], f"{name}_high": count.bounds[1]}
        for column, figures in parts.items():
            columns[column] = np.bincount(ids, weights=figures[use], minlength=size)[at]
    summed = (number[at] > 1) | (not level.published)
    derived, published = STATUSES.index("derived"), STATUSES.index("final")
    columns["status"] = pd.Categorical.from_codes(
        np.where(summed, derived, published), categories=pd.Index(STATUSES, dtype="str")
    )
    return pd.DataFrame(columns)


def _finished(table: pd.DataFrame, dataset: Dataset, vintage: str) -> pd.DataFrame:
    if table.empty:
        raise SchemaError(f"The workbook of {dataset.id} has no figures.")
    _require_all_municipalities(table, dataset)
    columns: dict[str, object] = {
        "dataset": _everywhere(dataset.id, len(table)),
        "vintage": _everywhere(vintage, len(table)),
    }
    for key in ("place", "period", "sex", "birth_region"):
        columns[key] = table[key].array
    columns["age"] = _ages(table["period"].array.asi8)
    for name in dataset.counts:
        columns[name] = table[name].to_numpy()
        for bound in (f"{name}_low", f"{name}_high"):
            if bound in table:  # frames without a hidden count have none
                known = table[bound].to_numpy()
                columns[bound] = np.where(np.isnan(known), table[name].to_numpy(), known)
    columns["status"] = table["status"].array
    return pd.DataFrame(columns)


def _ages(months: Codes) -> pd.Categorical:
    first = int(months.min())
    ages = [
        workbooks.age_in(str(pd.Period(ordinal=one, freq="M")))
        for one in range(first, int(months.max()) + 1)
    ]
    spans = list(dict.fromkeys(ages))
    of_month = np.array([spans.index(age) for age in ages], dtype=np.int8)
    return pd.Categorical.from_codes(of_month[months - first], pd.Index(spans, dtype="str"))


def _everywhere(word: str, size: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.zeros(size, dtype=np.int8), pd.Index([word], dtype="str"))


def _require_all_municipalities(table: pd.DataFrame, dataset: Dataset) -> None:
    if "municipality" not in dataset.places:
        return
    last = table["period"].max()
    present = set(table["place"][(table["period"] == last).to_numpy()].astype(str))
    missing = [code for code in _known("municipality") if code not in present]
    if missing:
        named = ", ".join(catalogue.place_label(code) for code in missing[:5])
        raise SchemaError(
            f"The workbook of {dataset.id} has {290 - len(missing)} municipalities in {last}, "
            f"expected 290; lacking: {named}{' …' if len(missing) > 5 else ''}. Get the "
            "publisher's own file, with all municipalities."
        )
