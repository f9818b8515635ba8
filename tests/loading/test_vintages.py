from __future__ import annotations

import pandas as pd
import pytest
from pxweb_standin import PxWebStandIn

import integstats as ig
from integstats.errors import SnapshotMissingError, UnknownCodeError
from integstats.loading.vintages import revisions_by_lag

PLACE = ["Mölndal"]
CELL = {"Region": ["1481"], "Kon": ["2"], "Alder": ["20-64"], "Fodelseregion": ["ut"]}


def revise(server: PxWebStandIn, by: float) -> None:
    server.tables["TAB6260"].revise(
        {**CELL, "ContentsCode": ["000006HI"], "Tid": ["2026M05", "2026M06"]},
        lambda value: value + by,
    )
    server.tables["TAB6260"].updated = "2026-09-28T06:00:00Z"


def test_revised_figures_are_counted_and_shown(server: PxWebStandIn) -> None:
    ig.fetch("scb-bas-month", places=PLACE)
    revise(server, 7)
    result = ig.fetch("scb-bas-month", places=PLACE)
    found = ig.diff("scb-bas-month")
    assert found.revised_cells == result.revised_cells == 2
    assert found.largest == {"persons": 7}
    assert found.places == ("1481",)
    assert found.revisions["count"].unique().tolist() == ["employed"]
    assert found.revisions["change"].tolist() == [7, 7]
    assert found.new_periods == ()
    assert found.after == result.vintage


def test_reworded_labels_and_vanished_codes_are_listed(server: PxWebStandIn) -> None:
    ig.fetch("scb-bas-month", places=PLACE)
    table = server.tables["TAB6260"]
    table.relabel("Fodelseregion", "ut", "född utanför Sverige", language="sv")
    table.updated = "2026-09-28T06:00:00Z"
    ig.fetch("scb-bas-month", places=PLACE)
    found = ig.diff("scb-bas-month")
    assert [(one[0], one[1], one[3]) for one in found.renamed] == [
        ("Fodelseregion", "ut", "född utanför Sverige")
    ]
    assert found.vanished == ()


def test_one_vintage_cannot_be_compared() -> None:
    with pytest.raises(SnapshotMissingError, match="integstats fetch scb-bas-month"):
        ig.diff("scb-bas-month")
    with pytest.raises(UnknownCodeError, match="2026-08-28"):
        ig.diff("scb-bas-month", before="2020-01-01.00000000")


def test_revisions_are_told_by_how_old_the_figure_was(server: PxWebStandIn) -> None:
    old = ig.load("scb-bas-month", places=["riket"])
    women = (old["sex"] == "women") & (old["birth_region"] == "foreign_born")
    last = old["period"] == pd.Period("2026-06", "M")
    new = old.assign(unemployed=old["unemployed"].where(~(women & last), old["unemployed"] + 10))
    found = revisions_by_lag(old, new).set_index(["lag", "count"])
    assert found.loc[(0, "unemployed"), "revised"] == 1
    assert found.loc[(0, "unemployed"), "largest"] == 10
    assert found.loc[(1, "unemployed"), "revised"] == 0
    assert found.loc[(0, "employed"), "revised"] == 0
    assert found.index.get_level_values("lag").max() == 77
