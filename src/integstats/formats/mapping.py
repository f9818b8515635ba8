"""From a publisher's cube to the one table, by the catalogue's mapping of variables and codes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from integstats.catalogue import Dataset, KeyVariable, Series, years_of
from integstats.errors import SchemaError
from integstats.formats.cube import Cube, Dimension
from integstats.formats.symbols import Symbols
from integstats.table import STATUSES, concat, key_columns, sum_rows

SCHEMA_VERSION = 1
"""Rises whenever the same raw bytes give another table."""


def join(cubes: Sequence[Cube]) -> tuple[Cube, npt.NDArray[np.bool_]]:
    """Put the parts of one answer together again.

    Parameters
    ----------
    cubes
        Parts of one vintage of one table, in any order; they may overlap.

    Returns
    -------
    cube : Cube
        The smallest cube that holds every part; its codes in the order in which they first
        come, periods in time order.
    present : numpy.ndarray of bool
        Which of its cells any part has.

    Raises
    ------
    SchemaError
        When parts have different variables, or disagree about a cell they share.
    """
    first = cubes[0]
    for other in cubes[1:]:
        if {d.code for d in other.dimensions} != {d.code for d in first.dimensions}:
            raise SchemaError(
                f"The parts of {first.label!r} have different variables: "
                f"{', '.join(d.code for d in first.dimensions)} and "
                f"{', '.join(d.code for d in other.dimensions)}. Fetch the dataset again."
            )
    dimensions = tuple(_united(axis, cubes) for axis in first.dimensions)
    shape = tuple(len(d.codes) for d in dimensions)
    values = np.full(shape, np.nan)
    present = np.zeros(shape, dtype=bool)
    status: dict[int, str] = {}
    for cube in cubes:
        order = [[d.code for d in cube.dimensions].index(d.code) for d in dimensions]
        where = np.ix_(*(_positions(d, cube.dimension(d.code).codes) for d in dimensions))
        block = cube.values.transpose(order)
        old, seen = values[where], present[where]
        same = (old == block) | (np.isnan(old) & np.isnan(block))
        if (seen & ~same).any():
            raise SchemaError(_disagreement(dimensions, where, seen & ~same, old, block))
        values[where] = block
        present[where] = True
        if cube.status:
            flat = np.arange(math.prod(shape)).reshape(shape)[where]
            turned = np.arange(cube.size).reshape(cube.shape).transpose(order)
            position = np.empty(cube.size, dtype=np.int64)
            position[turned.reshape(-1)] = flat.reshape(-1)
            status.update({int(position[at]): symbol for at, symbol in cube.status.items()})
    return replace(first, dimensions=dimensions, values=values, status=status), present


def _united(axis: Dimension, cubes: Sequence[Cube]) -> Dimension:
    labels: dict[str, str] = {}
    for cube in cubes:
        part = cube.dimension(axis.code)
        labels.update(
            {c: t for c, t in zip(part.codes, part.labels, strict=True) if c not in labels}
        )
    codes = sorted(labels) if axis.role == "time" else list(labels)
    return replace(axis, codes=tuple(codes), labels=tuple(labels[code] for code in codes))


def _positions(dimension: Dimension, codes: Sequence[str]) -> list[int]:
    where = {code: at for at, code in enumerate(dimension.codes)}
    return [where[code] for code in codes]


def _disagreement(
    dimensions: Sequence[Dimension],
    where: tuple[npt.NDArray[np.intp], ...],
    differs: npt.NDArray[np.bool_],
    old: npt.NDArray[np.float64],
    new: npt.NDArray[np.float64],
) -> str:
    at = tuple(int(axis[0]) for axis in np.nonzero(differs))
    named = ", ".join(
        f"{d.code}={d.codes[int(np.ravel(axis)[i])]}"
        for d, axis, i in zip(dimensions, where, at, strict=True)
    )
    return (
        f"Two stored parts of one vintage disagree in {int(differs.sum())} cells, the first: "
        f"{named} is {old[at]} and {new[at]}. Delete the vintage and fetch it again."
    )


def resolved(dataset: Dataset, pins: Mapping[str, Any]) -> Dataset:
    """Return the dataset with the codes that were pinned when its figures were fetched.

    Parameters
    ----------
    dataset
        As the catalogue has it, some codes perhaps as patterns.
    pins
        The codes that were looked up, from the sidecar; parts may be missing.
    """
    known = pins.get("keys", {})
    codes = pins.get("grouping", {})

    def own(kind: str, entries: Mapping[str, str]) -> dict[str, str]:
        found = pins.get(kind, entries)
        return {name: found[name] for name in entries if name in found}

    return replace(
        dataset,
        keys={
            name: replace(key, codes=known[name]) if known.get(name) else key
            for name, key in dataset.keys.items()
        },
        counts=own("counts", dataset.counts),
        rates=own("rates", dataset.rates),
        amounts=own("amounts", dataset.amounts),
        fixed=pins.get("fixed", dataset.fixed),
        margins=pins.get("margins", dataset.margins),
        groupings=tuple(
            replace(one, code=codes.get(one.code, one.code)) for one in dataset.groupings
        ),
    )


def to_table(
    cube: Cube,
    present: npt.NDArray[np.bool_],
    *,
    dataset: Dataset,
    vintage: str,
    ages: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the one table: a row per key, a column per count, rate or amount.

    Parameters
    ----------
    cube, present
        What `join` returned.
    dataset
        The mapping: which variable is which key, which content is which column.
    vintage
        Id of the snapshot, for the column of that name.
    ages
        Age spans to sum where the dataset has single years; such rows have the status
        ``derived``. The single years stay as they are when left out. Other datasets are not
        affected.

    Returns
    -------
    pandas.DataFrame
        ``dataset``, ``vintage``, ``place``, ``period``, ``sex``, ``birth_region``, ``age``, extra
        keys, and the columns the cube has: counts; rates as shares 0-1, each followed by
        ``<rate>_margin`` (a share, half the width of the publisher's 95 % interval) where one is
        published, or by ``<rate>_status`` (the publisher's own mark of the figure, empty where it
        has none; a ``p`` in it makes the row preliminary) where the dataset keeps its flags;
        amounts as published; ``status``. A key the publisher does not split by holds
        its constant, else ``total``. Rates of a dataset with counts are left out: rates come from
        counts. Rows without any cell are left out.

    Raises
    ------
    SchemaError
        When a variable of the catalogue is not in the cube, or the cube has one (with more than
        one category) that the catalogue does not know.
    """
    if dataset.series:
        return _of_series(cube, present, dataset=dataset, vintage=vintage, ages=ages)
    metric = dataset.contents_variable
    margins = None
    for variable, code in dataset.margins.items():
        if code in cube.dimension(variable).codes:
            margins = cube.select({variable: code})
            cube, present = _only(cube, present, variable, dataset.fixed[variable])
    mapped = {spec.variable: key for key, spec in dataset.keys.items() if spec.variable}
    axes = [d.code for d in cube.dimensions]
    grouped = [dataset.grouping_variable] if dataset.groupings else []
    for needed in (metric, *mapped, *grouped):
        if needed not in axes:
            raise SchemaError(
                f"The answer for {dataset.id} has no variable {needed!r}; it has: "
                f"{', '.join(axes)}."
            )
    unknown = [
        d.code
        for d in cube.dimensions
        if d.code not in mapped and d.code not in (metric, *grouped) and len(d.codes) > 1
    ]
    if unknown:
        raise SchemaError(
            f"The answer for {dataset.id} is split by {', '.join(unknown)}, which the catalogue "
            "does not map to a key."
        )
    order = [axes.index(v) for v in axes if v != metric] + [axes.index(metric)]
    values = cube.values.transpose(order)
    has = present.transpose(order)
    key_axes = [d for d in cube.dimensions if d.code != metric]
    shape = values.shape[:-1]
    rows = has.any(axis=-1).reshape(-1)
    columns: dict[str, object] = {}
    size = int(rows.sum())

    def everywhere(text: str) -> pd.Categorical:
        return pd.Categorical.from_codes(np.zeros(size, dtype="int8"), [text])

    columns.update(dataset=everywhere(dataset.id), vintage=everywhere(vintage))
    for axis, dimension in enumerate(key_axes):
        index = np.arange(len(dimension.codes)).reshape(
            [-1 if at == axis else 1 for at in range(len(shape))]
        )
        codes = np.broadcast_to(index, shape).reshape(-1)[rows]
        if dimension.code in mapped:
            key = mapped[dimension.code]
            columns[key] = _key_column(dimension, codes, dataset.keys[key])
        elif dimension.code in grouped:
            columns.update(_grouping_columns(dimension, codes, dataset))
    for key, spec in dataset.keys.items():
        if key not in columns and spec.constant:
            columns[key] = everywhere(spec.constant)
    for key in ("sex", "birth_region", "age"):
        if key not in columns:
            columns[key] = everywhere("total")
    contents = cube.dimension(metric).codes

    def column(block: npt.NDArray[np.float64], code: str) -> npt.NDArray[np.float64]:
        found: npt.NDArray[np.float64] = block[..., contents.index(code)].reshape(-1)[rows]
        return found

    for name, code in {**dataset.counts, **dataset.amounts}.items():
        if code in contents:
            columns[name] = column(values, code)
    for name, code in dataset.rates.items():
        if code in contents:
            columns[name] = column(values, code) / 100
            if margins is not None:
                columns[f"{name}_margin"] = column(margins.values.transpose(order), code) / 100
    status = np.full(size, STATUSES.index(dataset.status), dtype="int8")
    if dataset.flags:
        flags = cube.status
        assert isinstance(flags, Symbols)
        words = ["", *flags.symbols]
        turned = flags.codes.reshape(cube.shape).transpose(order)
        for name, code in dataset.rates.items():
            if code in contents:
                at = turned[..., contents.index(code)].reshape(-1)[rows]
                columns[f"{name}_status"] = pd.Categorical.from_codes(at, pd.Index(words))
                provisional = np.isin(at, [i for i, flag in enumerate(words) if "p" in flag])
                status[provisional] = STATUSES.index("preliminary")
    columns["status"] = pd.Categorical.from_codes(status, categories=pd.Index(STATUSES))
    usual = ["dataset", "vintage", "place", "period", "sex", "birth_region", "age"]
    ordered = [*usual, *(name for name in columns if name not in usual)]
    table = pd.DataFrame({name: columns[name] for name in ordered})
    if ages is not None and dataset.keys["age"].single_years:
        return _summed_spans(table, ages)
    return table


def _of_series(
    cube: Cube,
    present: npt.NDArray[np.bool_],
    *,
    dataset: Dataset,
    vintage: str,
    ages: Sequence[str] | None,
) -> pd.DataFrame:
    """One table after the other: of each series, whose codes all stand for the same words."""
    axis = [d.code for d in cube.dimensions].index(dataset.contents_variable)
    held = cube.dimensions[axis]
    tables = []
    for one in dataset.series:
        codes = [code for code in one.codes.values() if code in held.codes]
        if codes:
            tables.append(
                to_table(
                    cube.select({held.code: codes}),
                    present.take(held.positions(codes), axis=axis),
                    dataset=_alone(dataset, one),
                    vintage=vintage,
                    ages=ages,
                )
            )
    if not tables:
        raise SchemaError(
            f"The answer for {dataset.id} has none of the contents that the catalogue names; it "
            f"has: {', '.join(held.codes)}."
        )
    whole = concat(tables)
    values = [name for name in (*dataset.counts, *dataset.rates) if name in whole]
    rest = [name for name in whole.columns if name not in (*values, "status")]
    return whole[[*rest, *values, "status"]]


def _alone(dataset: Dataset, series: Series) -> Dataset:
    """The dataset as if it had this series only, its words being constants."""
    constants = {
        key: KeyVariable(key, "", {word: ""}, word)
        for key, spec in dataset.keys.items()
        if not spec.variable
        for word in [series.words.get(key, spec.constant)]
    }
    return replace(
        dataset,
        series=(),
        keys={**dataset.keys, **constants},
        counts={name: code for name, code in series.codes.items() if name in dataset.counts},
        rates={name: code for name, code in series.codes.items() if name in dataset.rates},
    )


def _only(
    cube: Cube, present: npt.NDArray[np.bool_], variable: str, code: str
) -> tuple[Cube, npt.NDArray[np.bool_]]:
    axis = [d.code for d in cube.dimensions].index(variable)
    positions = cube.dimension(variable).positions([code])
    return cube.select({variable: code}), present.take(positions, axis=axis)


def _grouping_columns(
    dimension: Dimension, codes: npt.NDArray[np.intp], dataset: Dataset
) -> dict[str, pd.Categorical]:
    """The key columns that one variable with several groupings stands for."""
    words = {one.code: one.words for one in dataset.groupings}
    strange = [code for code in dimension.codes if code not in words]
    if strange:
        raise SchemaError(
            f"The answer for {dataset.id} has {', '.join(strange)} in {dimension.code}, which the "
            f"catalogue does not map; it maps: {', '.join(words)}."
        )
    columns = {}
    for key in dict.fromkeys(key for one in dataset.groupings for key in one.words):
        constant = dataset.keys[key].constant
        held = [words[code].get(key, constant) for code in dimension.codes]
        known = list(dict.fromkeys(held))
        number = np.array([known.index(word) for word in held], dtype="int8")
        columns[key] = pd.Categorical.from_codes(number[codes], pd.Index(known, dtype=object))
    return columns


def _summed_spans(table: pd.DataFrame, ages: Sequence[str]) -> pd.DataFrame:
    """Sum single years to the spans of which every year is there."""
    by = [key for key in key_columns(table) if key != "age"]
    held = table["age"].astype(object)
    spans = []
    for age in ages:
        years = years_of(age)
        rows = table[held.isin(years).to_numpy()]
        if len(years) > 1:
            rows = sum_rows(rows, by, complete=len(years))
        whole = pd.Categorical([age] * len(rows), categories=pd.Index([age], dtype=object))
        spans.append(rows.assign(age=whole)[list(table.columns)])
    return concat(spans)


def _key_column(dimension: Dimension, codes: npt.NDArray[np.intp], key: KeyVariable) -> object:
    if dimension.role == "time":
        return dimension.periods().take(codes)
    labels = [key.word(code) for code in dimension.codes]
    return pd.Categorical.from_codes(
        codes.astype("int32"), categories=pd.Index(labels, dtype=object)
    )
