from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import integstats as ig
from integstats import catalogue, store
from integstats.errors import (
    ChecksumError,
    SchemaError,
    SnapshotMissingError,
    UnknownCodeError,
)
from integstats.formats import jsonstat
from integstats.loading import sources


def test_the_embedded_snapshot_holds_what_the_readme_says() -> None:
    bas = ig.load("scb-bas-month")
    assert bas["place"].nunique() == 25
    assert (str(bas["period"].min()), str(bas["period"].max())) == ("2020-01", "2026-06")
    assert set(bas["age"]) == {"20-64"}
    published = bas[bas["status"] == "preliminary"]
    assert len(published) == 25 * 78 * 4
    part = store.snapshots("scb-bas-month")[0].parts[0]
    assert jsonstat.read(store.read(part)).size == 85_800


@pytest.mark.parametrize(
    ("birth", "sex", "more", "per_cent"),
    [
        ("native_born", "men", 24_486, 1.3),
        ("foreign_born", "men", 84_600, 16.4),
        ("native_born", "women", 33_122, 1.9),
        ("foreign_born", "women", 81_061, 18.1),
    ],
)
def test_employed_in_sweden_from_october_2020_to_october_2023(
    birth: str, sex: str, more: int, per_cent: float
) -> None:
    bas = ig.load("scb-bas-month", places="riket")
    employed = bas.set_index(["sex", "birth_region", "period"])["employed"]
    before, after = (
        employed[(sex, birth, pd.Period(month, "M"))] for month in ("2020-10", "2023-10")
    )
    assert after - before == more
    assert 100 * (after / before - 1) == pytest.approx(per_cent, abs=0.05)


def test_the_rows_agree_with_another_file_of_the_same_figures(shared: Path) -> None:
    other = pd.read_csv(
        shared / "data" / "scb" / "TAB6260_25_places_2020M01-2026M06.csv", dtype=str
    )
    assert len(other) == 7_800
    keys = ["place", "sex", "birth_region", "period"]
    other = other.assign(
        place=other["Region"],
        sex=other["Kon"].map({"1": "men", "2": "women"}),
        birth_region=other["Fodelseregion"].map({"in": "native_born", "ut": "foreign_born"}),
        period=other["Tid"].str.replace("M", "-"),
    ).set_index(keys)
    bas = ig.load("scb-bas-month")
    counts = list(catalogue.dataset("scb-bas-month").counts)
    own = bas[bas["status"] == "preliminary"].astype(dict.fromkeys(keys, str)).set_index(keys)
    expected = other[counts].astype(float)
    pd.testing.assert_frame_equal(own.loc[expected.index, counts], expected)


def test_what_is_missing_is_named_with_what_is_there_and_the_command() -> None:
    with pytest.raises(SnapshotMissingError) as caught:
        ig.load("scb-bas-month", places=["Malmö", "Mölndal"])
    message = str(caught.value)
    assert "Mölndal" in message
    assert "Malmö" in message
    assert message.endswith("integstats fetch scb-bas-month --places Mölndal")
    assert caught.value.exit_code == 3


def test_a_group_is_asked_for_by_its_name() -> None:
    with pytest.raises(SnapshotMissingError, match='--places "Familjen Helsingborg"'):
        ig.load("scb-bas-month", places=["Familjen Helsingborg"])


def test_another_age_is_asked_for_by_the_command() -> None:
    with pytest.raises(SnapshotMissingError, match="--age 16-64"):
        ig.load("scb-bas-month", places=["Malmö"], age="16-64")


def test_periods_are_selected_and_a_period_outside_says_what_there_is() -> None:
    bas = ig.load("scb-bas-month", places="riket", start="2024-01", end="2024-03")
    assert bas["period"].nunique() == 3
    with pytest.raises(SchemaError, match="2020-01 to 2026-06"):
        ig.load("scb-bas-month", start="2031-01")


def test_an_unknown_vintage_names_the_stored_ones() -> None:
    with pytest.raises(UnknownCodeError, match=r"2026-08-28\."):
        ig.load("scb-bas-month", vintage="2026-01-01.00000000")


def test_a_corrupted_byte_is_noticed(tmp_path: Path) -> None:
    stored = store.snapshots("scb-bas-month")[0]
    folder = tmp_path / "raw" / "scb" / "scb-bas-month" / stored.vintage
    shutil.copytree(stored.folder, folder)
    part = next(folder.glob("part-*.json"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    with pytest.raises(ChecksumError, match=part.name):
        ig.load("scb-bas-month", data_dir=tmp_path)


def test_totals_are_the_sums_of_their_parts() -> None:
    bas = ig.load("scb-bas-month", places="Malmö", start="2026-06")
    values = bas.set_index(["sex", "birth_region"])["unemployed"]
    assert values["total", "total"] == sum(
        values[sex, birth] for sex in ("women", "men") for birth in ("foreign_born", "native_born")
    )
    assert np.array_equal(
        bas["status"] == "derived", (bas["sex"] == "total") | (bas["birth_region"] == "total")
    )


def test_sources_say_how_the_figures_were_obtained() -> None:
    source = sources(ig.load("scb-bas-month", places="riket", start="2026-06"))[0]
    assert source.dataset.table_id == "TAB6260"
    assert source.updated == "2026-08-28"
    assert source.obtained == "carried over"
    assert source.fetched_at is None
    assert len(source.sha256[0]) == 64
