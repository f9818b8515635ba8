"""Peers by distance: scipy's pairwise distances first, then the laws and the refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import distance

from integstats.analysis.peers import nearest
from integstats.errors import SchemaError, UnknownCodeError, UsageError

INDICATORS = ["size", "income", "unemployment"]


@pytest.fixture(scope="module")
def municipalities(shared: Path) -> pd.DataFrame:
    """Real population, income and unemployment of 290 municipalities, one year."""
    panel = pd.read_parquet(shared / "data/kolada/panel_municipal_N03937.parquet")
    panel = panel[panel["year"] == 2022]
    return pd.DataFrame(
        {
            "place": panel["region_code"].astype("category"),
            "size": np.log(panel["population"]),
            "income": panel["median_income_tkr"],
            "unemployment": panel["unemployment_rate"],
        }
    ).reset_index(drop=True)


@pytest.mark.parametrize("metric", ["seuclidean", "mahalanobis"])
def test_distances_are_scipys(municipalities: pd.DataFrame, metric: str) -> None:
    """pdist takes the variances or the covariance from the rows by itself."""
    pairwise = distance.squareform(distance.pdist(municipalities[INDICATORS], metric))
    codes = municipalities["place"].tolist()
    expected = dict(zip(codes, pairwise[codes.index("1280")], strict=True))
    found = nearest(municipalities, "Malmö", indicators=INDICATORS, n=400, metric=metric)
    assert len(found) == 289
    assert found["candidates"].unique().tolist() == [289]
    assert found["distance"].tolist() == pytest.approx([expected[one] for one in found["place"]])
    assert found["distance"].is_monotonic_increasing
    assert found["rank"].tolist() == list(range(1, 290))
    assert set(found["peer_of"]) == {"1280"}


def test_the_three_cities_are_nearest_each_other_in_size(municipalities: pd.DataFrame) -> None:
    for city, others in {"Göteborg": {"0180", "1280"}, "Malmö": {"1480", "0380"}}.items():
        found = nearest(municipalities, city, indicators=["size"], n=2)
        assert set(found["place"]) == others


def test_the_differences_make_up_the_distance(municipalities: pd.DataFrame) -> None:
    found = nearest(municipalities, "0580", indicators=INDICATORS)
    assert len(found) == 7
    apart = found[[f"{name}_difference" for name in INDICATORS]]
    assert np.allclose(np.sqrt((apart**2).sum(axis=1)), found["distance"])
    own = municipalities.set_index("place").loc["0580"]
    for name in INDICATORS:
        deviation = municipalities[name].std()
        away = (found[name] - own[name]) / deviation
        assert np.allclose(away, found[f"{name}_difference"])


def invented(seed: int = 0, places: int = 12) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    codes = [f"synthetic-{n:02}" for n in range(places)]
    values = rng.normal(size=(places, 3))
    return pd.DataFrame(values, columns=INDICATORS).assign(place=codes)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 1000),
    st.floats(0.01, 100),
    st.floats(-50, 50),
    st.sampled_from(["seuclidean", "mahalanobis"]),
)
def test_units_and_order_do_not_matter(seed: int, scale: float, shift: float, metric: Any) -> None:
    frame = invented(seed)
    first = nearest(frame, "synthetic-03", indicators=INDICATORS, metric=metric)
    moved = frame.assign(size=frame["size"] * scale + shift).iloc[::-1]
    second = nearest(moved, "synthetic-03", indicators=INDICATORS[::-1], metric=metric)
    assert first["place"].tolist() == second["place"].tolist()
    assert np.allclose(first["distance"], second["distance"])


def test_an_indicator_given_twice_counts_once_only_with_mahalanobis() -> None:
    frame = invented(places=40)
    rng = np.random.default_rng(1)
    frame["again"] = frame["size"] + rng.normal(scale=0.01, size=40)
    once, twice = ["size", "income"], ["size", "again", "income"]
    order = {
        name: nearest(frame, "synthetic-00", indicators=columns, metric=metric, n=39)
        .set_index("place")["distance"]
        .sort_index()
        for name, columns, metric in [
            ("once", once, "seuclidean"),
            ("twice", twice, "seuclidean"),
        ]
    }
    assert (order["twice"] >= order["once"]).all()
    assert np.corrcoef(order["twice"], order["once"])[0, 1] < 0.99


def test_groups_are_searched_by_themselves() -> None:
    women, men = invented(1).assign(sex="women"), invented(2).assign(sex="men")
    both = nearest(pd.concat([women, men]), "synthetic-00", indicators=INDICATORS, n=3)
    assert both.groupby("sex").size().to_dict() == {"women": 3, "men": 3}
    alone = nearest(men, "synthetic-00", indicators=INDICATORS, n=3)
    assert both[both["sex"] == "men"]["place"].tolist() == alone["place"].tolist()


def test_counties_and_the_country_are_no_peers_of_a_municipality() -> None:
    frame = pd.DataFrame(
        {
            "place": ["00", "12", "1280", "1283", "1480", "0180"],
            "size": [1.0, 1.0, 1.0, 2.0, 3.0, 5.0],
        }
    )
    found = nearest(frame, "1280", indicators=["size"])
    assert found["place"].tolist() == ["1283", "1480", "0180"]


def test_equal_distances_stand_in_the_order_of_codes() -> None:
    frame = pd.DataFrame({"place": ["C", "B", "A"], "size": [1.0, 1.0, 0.0]})
    assert nearest(frame, "A", indicators=["size"])["place"].tolist() == ["B", "C"]


def test_a_place_that_lacks_an_indicator_is_not_compared() -> None:
    frame = invented()
    frame.loc[1, "income"] = np.nan
    found = nearest(frame, "synthetic-00", indicators=INDICATORS, n=50)
    assert "synthetic-01" not in set(found["place"])
    assert set(found["candidates"]) == {10}
    dropped = nearest(frame.drop(index=1), "synthetic-00", indicators=INDICATORS, n=50)
    assert np.allclose(found["distance"], dropped["distance"])
    with pytest.raises(SchemaError, match="lacks income"):
        nearest(frame, "synthetic-01", indicators=INDICATORS)


def test_what_cannot_be_asked_is_said() -> None:
    frame = invented()
    cases: list[tuple[type[Exception], str, str, dict[str, Any]]] = [
        (UnknownCodeError, "not among the places", "Malmö", {}),
        (UnknownCodeError, "Unknown municipality", "Malmøø", {}),
        (UsageError, "seuclidean, mahalanobis", "synthetic-00", {"metric": "euclid"}),
        (UsageError, "one or more", "synthetic-00", {"indicators": []}),
        (UsageError, "n=0", "synthetic-00", {"n": 0}),
        (SchemaError, "education", "synthetic-00", {"indicators": ["education"]}),
        (
            UsageError,
            "follow from the others",
            "synthetic-00",
            {"indicators": ["size", "size_too"], "metric": "mahalanobis"},
        ),
        (SchemaError, "same in every place", "synthetic-00", {"indicators": ["flat"]}),
    ]
    frame = frame.assign(size_too=2 * frame["size"], flat=1.0)
    for error, said, place, options in cases:
        with pytest.raises(error, match=said):
            nearest(frame, place, **{"indicators": INDICATORS, **options})
    with pytest.raises(SchemaError, match="load two or more"):
        nearest(frame.iloc[:2], "synthetic-00", indicators=INDICATORS)
    with pytest.raises(SchemaError, match="more than one row"):
        nearest(pd.concat([frame, frame]), "synthetic-00", indicators=INDICATORS)
