"""From a publisher's cube to the one table, by the catalogue's mapping of variables and codes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from integstats.catalogue import Dataset
from integstats.errors import SchemaError
from integstats.formats.cube import Cube, Dimension
from integstats.table import STATUSES

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


def to_table(
    cube: Cube, present: npt.NDArray[np.bool_], *, dataset: Dataset, vintage: str
) -> pd.DataFrame:
    """Return the one table: a row per key, a column per count.

    Parameters
    ----------
    cube, present
        What `join` returned.
    dataset
        The mapping: which variable is which key, which content is which count.
    vintage
        Id of the snapshot, for the column of that name.

    Returns
    -------
    pandas.DataFrame
        ``dataset``, ``vintage``, ``place``, ``period``, ``sex``, ``birth_region``, ``age``, extra
        keys, the counts the cube has, ``status``. A key the publisher does not split by holds
        ``total``. Published rates are left out: rates come from counts. Rows without any cell
        are left out.

    Raises
    ------
    SchemaError
        When a variable of the catalogue is not in the cube, or the cube has one (with more than
        one category) that the catalogue does not know.
    """
    metric = dataset.contents_variable
    mapped = {spec.variable: key for key, spec in dataset.keys.items()}
    axes = [d.code for d in cube.dimensions]
    for needed in (metric, *mapped):
        if needed not in axes:
            raise SchemaError(
                f"The answer for {dataset.id} has no variable {needed!r}; it has: "
                f"{', '.join(axes)}."
            )
    unknown = [
        d.code
        for d in cube.dimensions
        if d.code not in mapped and d.code != metric and len(d.codes) > 1
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
    for name, text in (("dataset", dataset.id), ("vintage", vintage)):
        columns[name] = pd.Categorical.from_codes(np.zeros(size, dtype="int8"), [text])
    for axis, dimension in enumerate(key_axes):
        if dimension.code not in mapped:
            continue
        key = mapped[dimension.code]
        index = np.arange(len(dimension.codes)).reshape(
            [-1 if at == axis else 1 for at in range(len(shape))]
        )
        codes = np.broadcast_to(index, shape).reshape(-1)[rows]
        columns[key] = _key_column(dimension, codes, dataset.keys[key].codes)
    for key in ("sex", "birth_region", "age"):
        if key not in columns:
            columns[key] = pd.Categorical.from_codes(np.zeros(size, dtype="int8"), ["total"])
    contents = cube.dimension(metric)
    for count, code in dataset.counts.items():
        if code in contents.codes:
            columns[count] = values[..., contents.codes.index(code)].reshape(-1)[rows]
    status = STATUSES.index(dataset.status)
    columns["status"] = pd.Categorical.from_codes(
        np.full(size, status, dtype="int8"), categories=pd.Index(STATUSES)
    )
    usual = ["dataset", "vintage", "place", "period", "sex", "birth_region", "age"]
    ordered = [*usual, *(name for name in columns if name not in usual)]
    return pd.DataFrame({name: columns[name] for name in ordered})


def _key_column(
    dimension: Dimension, codes: npt.NDArray[np.intp], words: Mapping[str, str]
) -> object:
    if dimension.role == "time":
        return dimension.periods().take(codes)
    known = dict(zip(words.values(), words, strict=True))
    labels = [known.get(code, code) for code in dimension.codes]
    return pd.Categorical.from_codes(
        codes.astype("int32"), categories=pd.Index(labels, dtype="str")
    )
