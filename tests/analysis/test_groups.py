from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import integstats as ig
from integstats import catalogue
from integstats.errors import IncomparableError, SnapshotMissingError
from integstats.table import value_columns

COUNTIES = [one.code for one in catalogue.places().values() if one.kind == "county"]


@pytest.fixture(scope="module")
def bas() -> pd.DataFrame:
    return ig.load("scb-bas-month")


def test_the_counties_sum_to_sweden_within_the_disclosure_noise(bas: pd.DataFrame) -> None:
    """22 cells of standard deviation 1.45 are compared: 4.5 · 1.45 · √22 = 30.6 persons."""
    published = bas[bas["status"] == "preliminary"]
    keys = ["period", "sex", "birth_region"]
    pooled = ig.pool(published, COUNTIES).set_index(keys).sort_index()
    sweden = published[published["place"] == "00"].set_index(keys).sort_index()
    counts = value_columns(published)
    difference = (pooled[counts] - sweden[counts]).to_numpy()
    assert difference.shape == (312, 8)
    assert np.abs(difference).max() <= 4.5 * 1.45 * np.sqrt(22)
    assert difference.std() == pytest.approx(1.45 * np.sqrt(22), rel=0.1)


def test_a_missing_member_is_named_with_the_fetch_command(bas: pd.DataFrame) -> None:
    with pytest.raises(SnapshotMissingError, match=r"Hörby.*integstats fetch .*Skåne Nordost"):
        ig.pool(bas, "Skåne Nordost")


def test_a_partial_pool_says_what_it_lacks(bas: pd.DataFrame) -> None:
    found = ig.pool(bas, ["Malmö", "Lund"], allow_partial=True)
    assert found["missing_members"].unique().tolist() == ["1281"]
    whole = ig.pool(bas, ["Malmö", "Göteborg"])
    assert whole["missing_members"].unique().tolist() == [""]
    with pytest.raises(SnapshotMissingError):
        ig.pool(bas, ["Lund", "Lomma"], allow_partial=True)


@pytest.mark.parametrize("places", [["Skåne", "Malmö"], ["riket", "Dalarna"]])
def test_places_that_overlap_are_refused(bas: pd.DataFrame, places: list[str]) -> None:
    with pytest.raises(IncomparableError, match="counted twice"):
        ig.pool(bas, places)


def test_a_member_without_a_count_gives_no_sum(bas: pd.DataFrame) -> None:
    frame = bas[bas["period"] == "2026-06"].copy()
    at = (frame["place"] == "1280") & (frame["sex"] == "women")
    frame.loc[at, "unemployed"] = np.nan
    pooled = ig.pool(frame, ["Malmö", "Göteborg"])
    women = pooled["sex"] == "women"
    assert pooled.loc[women, "unemployed"].isna().all()
    assert pooled.loc[women, "employed"].notna().all()


@settings(max_examples=20, deadline=None)
@given(st.permutations(["01", "12", "14", "25"]), st.integers(1, 3))
def test_pooling_disjoint_groups_is_free_of_order(order: list[str], cut: int) -> None:
    frame = ig.load("scb-bas-month", places=["01", "12", "14", "25"], start="2026-06")
    whole = ig.pool(frame, order)
    one, other = ig.pool(frame, order[:cut]), ig.pool(frame, order[cut:])
    keys = ["sex", "birth_region"]
    left = whole.set_index(keys)["unemployed"].sort_index()
    right = (
        one.set_index(keys)["unemployed"].sort_index()
        + other.set_index(keys)["unemployed"].sort_index()
    )
    assert left.equals(right)
