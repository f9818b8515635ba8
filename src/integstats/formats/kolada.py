"""Kolada's values (API v3): a list of one entry per key figure, place and year, into a cube."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from integstats.errors import SchemaError
from integstats.formats.cube import Cube, Dimension
from integstats.formats.repairs import completed

VARIABLES = ("kpi", "municipality", "gender", "period")


def read(data: bytes, asked: Mapping[str, tuple[str, ...]]) -> Cube:
    """Decode the pages of one answer.

    A value that is ``null``, deleted (``isdeleted``) or not there is missing. The mean of a group
    of municipalities (an id that begins with G) is unweighted: it is left out.

    Parameters
    ----------
    data
        One page, or a JSON list of the pages of one answer.
    asked
        Codes per variable; the cube has all of them, but periods without any value.

    Returns
    -------
    Cube
        ``kpi`` × ``municipality`` × ``gender`` × ``period``; values as published (per cent for
        the rates), symbols where Kolada's ``status`` says something.

    Raises
    ------
    SchemaError
        The bytes are no such answer, or a value stands in it twice and differs.

    Examples
    --------
    >>> page = b'''{"count": 1, "next_url": null, "values": [{"kpi": "N02268", "period": 2023,
    ...   "municipality": "1481", "values": [{"gender": "K", "value": 71.5, "status": ""}]}]}'''
    >>> read(page, {}).to_frame()[["municipality", "gender", "value"]].values.tolist()
    [['1481', 'K', 71.5]]
    """
    found: dict[tuple[str, ...], tuple[float, str]] = {}
    for entry in _entries(data):
        try:
            place, year = str(entry["municipality"]), str(entry["period"])
            if place.startswith("G") or entry.get("isdeleted"):
                continue
            for one in entry["values"]:
                if one.get("isdeleted"):
                    continue
                value = np.nan if one.get("value") is None else float(one["value"])
                cell: tuple[str, ...] = (str(entry["kpi"]), place, str(one["gender"]), year)
                new = (value, str(one.get("status") or ""))
                if cell in found and not np.array_equal(found[cell][0], value, equal_nan=True):
                    raise SchemaError(
                        f"Kolada's answer has {', '.join(cell)} twice, as {found[cell][0]} and "
                        f"{value}. Fetch it again."
                    )
                found[cell] = new
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SchemaError(
                f"Not a value of Kolada's ({type(error).__name__}: {error}): {str(entry)[:100]}."
            ) from None
    dimensions = tuple(
        Dimension(
            name,
            name,
            codes := tuple(sorted({cell[axis] for cell in found})),
            codes,
            role="time" if name == "period" else "metric" if name == "kpi" else None,
        )
        for axis, name in enumerate(VARIABLES)
    )
    shape = tuple(len(dimension.codes) for dimension in dimensions)
    where = {d.code: {code: at for at, code in enumerate(d.codes)} for d in dimensions}
    values = np.full(shape, np.nan)
    status = {}
    for cell, (value, symbol) in found.items():
        at = tuple(where[name][code] for name, code in zip(VARIABLES, cell, strict=True))
        values[at] = value
        if symbol:
            status[int(np.ravel_multi_index(at, shape))] = symbol
    cube = Cube("Kolada", "Kolada", None, None, "sv", dimensions, values, status)
    return completed(cube, asked)


def _entries(data: bytes) -> list[Any]:
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise SchemaError(f"Not an answer of Kolada: no whole JSON ({error}).") from None
    pages = body if isinstance(body, list) else [body]
    if not all(isinstance(page, dict) and isinstance(page.get("values"), list) for page in pages):
        raise SchemaError(f"Not an answer of Kolada: got {data[:80]!r}.")
    return [entry for page in pages for entry in page["values"]]
