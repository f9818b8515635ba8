from __future__ import annotations

import pandas as pd
import pytest
from pxweb_standin import PxWebStandIn

import integstats as ig
from integstats.analysis.breaks import refuse_mixed
from integstats.errors import IncomparableError, SnapshotMissingError, UnknownCodeError
from integstats.loading import compare


def test_two_sources_stand_side_by_side_and_keep_their_names(server: PxWebStandIn) -> None:
    ig.fetch("scb-bas-month-final", places=["Malmö"])
    found = ig.compare_sources("Malmö", start="2024-12", end="2024-12")
    assert sorted(found["dataset"].unique()) == ["scb-bas-month", "scb-bas-month-final"]
    assert found["period"].unique().tolist() == ["2024-12"]
    assert found["value"].between(0, 1).all()
    assert found["definition"].str.len().min() > 20


def test_two_sources_are_never_one_series(server: PxWebStandIn) -> None:
    ig.fetch("scb-bas-month-final", places=["Malmö"])
    both = pd.concat(
        [
            ig.load("scb-bas-month", places=["Malmö"]),
            ig.load("scb-bas-month-final", places=["Malmö"]),
        ],
        ignore_index=True,
    )
    with pytest.raises(IncomparableError, match="scb-bas-month-final"):
        refuse_mixed(both, "unemployment_rate")


def test_a_place_that_no_source_has_and_an_unknown_theme() -> None:
    with pytest.raises(SnapshotMissingError, match="integstats fetch"):
        ig.compare_sources("Mölndal")
    with pytest.raises(UnknownCodeError, match="participation"):
        ig.compare_sources("Malmö", theme="inkomst")


def test_of_a_dataset_with_keys_of_its_own_only_the_totals_are_compared() -> None:
    frame = pd.DataFrame(
        {
            "dataset": ["d"] * 3,
            "place": ["1280"] * 3,
            "length_of_stay": ["total", "0-1", "10-"],
            "employed": [5.0, 1.0, 4.0],
            "status": ["final"] * 3,
        }
    )
    assert compare._totals(frame)["employed"].tolist() == [5.0]
    without = frame[(frame["length_of_stay"] != "total").to_numpy()]
    assert compare._totals(without).empty
