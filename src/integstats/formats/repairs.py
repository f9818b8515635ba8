"""What some publishers' answers leave unsaid, said: their time variable, and what has no figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from integstats.formats.cube import Cube
from integstats.formats.symbols import Symbols


def with_time(cube: Cube, variable: str) -> Cube:
    """Return the cube with the role of time given to a variable; some answers name no roles."""
    return replace(
        cube,
        dimensions=tuple(
            replace(one, role="time") if one.code == variable else one for one in cube.dimensions
        ),
    )


def completed(cube: Cube, asked: Mapping[str, tuple[str, ...]]) -> Cube:
    """Return the cube with every code that was asked for, missing where no figure came.

    So a place without figures is known to have none, and is not asked for again and again.
    Periods are left as they came: one that is not published yet is not a missing figure.

    Parameters
    ----------
    cube
        What came.
    asked
        Codes per variable.

    Examples
    --------
    >>> from integstats.formats.cube import Dimension
    >>> geo = Dimension("geo", "", ("SE",), ("Sweden",))
    >>> one = Cube("x", None, None, None, None, (geo,), np.array([5.0]))
    >>> completed(one, {"geo": ("DK", "SE")}).values.tolist()
    [nan, 5.0]
    """
    dimensions, where = [], []
    for dimension in cube.dimensions:
        codes = dimension.codes
        if dimension.role != "time":
            wanted = asked.get(dimension.code, codes)
            codes = (*wanted, *(code for code in codes if code not in wanted))
        labels = dict(zip(dimension.codes, dimension.labels, strict=True))
        texts = tuple(labels.get(code, code) for code in codes)
        dimensions.append(replace(dimension, codes=codes, labels=texts))
        where.append([codes.index(code) for code in dimension.codes])
    shape = tuple(len(dimension.codes) for dimension in dimensions)
    values = np.full(shape, np.nan)
    values[np.ix_(*where)] = cube.values
    flat = np.arange(values.size).reshape(shape)[np.ix_(*where)].reshape(-1)
    status = Symbols.at(
        values.size, [flat[at] for at in cube.status], [cube.status[at] for at in cube.status]
    )
    return replace(cube, dimensions=tuple(dimensions), values=values, status=status)
