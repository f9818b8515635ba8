"""Where did they go: real figures first, then the laws of the split."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import integstats as ig
from integstats import catalogue
from integstats.analysis.decomposition import das_gupta
from integstats.analysis.statuses import COMPONENTS, status_changes
from integstats.catalogue import Break
from integstats.errors import (
    BreakWarning,
    IncomparableError,
    IntegstatsWarning,
    SchemaError,
    SmallBaseWarning,
    UnknownCodeError,
    UsageError,
)

MEASURES = ["unemployment_rate", "employment_rate", "participation_rate"]
UNBROKEN = {"start": "2025-05", "end": "2026-05"}


@pytest.fixture(scope="module")
def bas() -> pd.DataFrame:
    return ig.load("scb-bas-month")


@pytest.fixture(scope="module")
def published(bas: pd.DataFrame) -> pd.DataFrame:
    """Rows as the publisher gives them: women and men, native- and foreign-born."""
    return bas[(bas["status"] == "preliminary").to_numpy()].reset_index(drop=True)


def changes(table: pd.DataFrame, **options: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return status_changes(table, **{**UNBROKEN, **options})


def one_key(found: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    rows = np.ones(len(found), dtype=bool)
    for key, value in wanted.items():
        rows &= (found[key] == value).to_numpy()
    return found[rows].set_index("component")


# Known answers


def august(bas: pd.DataFrame, count: str, month: int = 8) -> pd.Series:
    """Native-born women and men in Sweden by year."""
    rows = bas[
        ((bas["place"] == "00") & (bas["sex"] == "total") & (bas["birth_region"] == "native_born"))
        & (bas["period"].dt.month == month)
    ]
    return rows.set_index(rows["period"].dt.year)[count]


def test_native_born_students_in_august_fell_by_about_half_in_2024(bas: pd.DataFrame) -> None:
    students, other = august(bas, "students"), august(bas, "other")
    assert students.loc[2020:2023].between(38_000, 45_000).all()
    assert students.loc[2024:2025].between(25_000, 26_000).all()
    fall = students.loc[2020:2023].mean() - students.loc[2024:2025].mean()
    rise = other.loc[2024:2025].mean() - other.loc[2020:2023].mean()
    assert 1.0 < rise / fall < 1.4
    for month in (5, 6, 9, 10):
        was = august(bas, "students", month)
        assert was.loc[2024:2025].mean() > 0.9 * was.loc[2020:2023].mean()


def test_the_split_shows_it_and_says_so(bas: pd.DataFrame) -> None:
    sweden = bas[(bas["place"] == "00").to_numpy()]
    with pytest.warns(BreakWarning, match="bas-students-august-2024") as caught:
        found = status_changes(sweden, start="2023-08", end="2024-08")
    assert len(caught) == 1
    native = one_key(found, sex="total", birth_region="native_born")
    assert -20_000 < native.loc["students", "change"] < -18_000
    assert 26_000 < native.loc["other", "change"] < 28_000
    for name in ("students", "other"):
        assert "bas-students-august-2024" in native.loc[name, "note"]
    assert "bas-students-august-2024" not in native.loc["sick", "note"]


def test_retired_carry_the_note_on_the_pension_age(bas: pd.DataFrame) -> None:
    with pytest.warns(BreakWarning, match="bas-retired-2023"):
        found = status_changes(bas, start="2022-12", end="2023-12")
    sweden = one_key(found, place="00", sex="total", birth_region="total")
    assert sweden.loc["retired", "count_start"] == pytest.approx(46_900, abs=20)
    assert sweden.loc["retired", "count_end"] == pytest.approx(35_869, abs=20)
    assert sweden["note"].map(lambda note: "bas-retired-2023" in note).to_dict() == {
        name: name == "retired" for name in COMPONENTS
    }


def test_nothing_is_warned_of_where_no_break_lies(published: pd.DataFrame) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = status_changes(published, **UNBROKEN)
    assert set(found["note"]) == {""}


def test_the_residual_is_as_large_as_the_measured_noise(bas: pd.DataFrame) -> None:
    """1.45 persons per published count: √14 times that for women or men of one birth region."""
    pairs = [("2020-03", "2021-03"), ("2021-09", "2022-09"), ("2024-02", "2025-02")]
    found = pd.concat([changes(bas, start=start, end=end) for start, end in pairs])
    each = found[(found["component"] == "sick").to_numpy()]
    assert sorted(each["cells"].unique()) == [14, 28, 56]
    for cells, expected in [(14, 1.45 * 14**0.5), (28, 1.45 * 28**0.5)]:
        rows = each[(each["cells"] == cells).to_numpy()]
        assert len(rows) == 300
        assert rows["residual"].std() == pytest.approx(expected, rel=0.12)
        assert rows["tolerance"].unique() == pytest.approx([4.5 * expected])
        assert not rows["beyond_tolerance"].any()
        # In percentage points the spread differs from row to row; its own tolerance fits.
        scaled = rows["residual_pp"] / (rows["tolerance_pp"] / 4.5)
        assert scaled.std() == pytest.approx(1, rel=0.15)


def test_effects_of_count_and_population_are_das_guptas(bas: pd.DataFrame) -> None:
    malmo = bas[(bas["place"] == "1280").to_numpy()]
    women = one_key(
        changes(malmo, measure="employment_rate"), sex="women", birth_region="foreign_born"
    )
    two = pd.DataFrame(
        {
            "period": ["start", "end"],
            "employed": women.loc["employed", ["count_start", "count_end"]].to_numpy(dtype=float),
            "per_head": 1
            / women.loc["population", ["count_start", "count_end"]].to_numpy(dtype=float),
        }
    )
    split = das_gupta(two, population="period", factors=["employed", "per_head"]).effects
    effect = split[split["from_population"] == "start"].set_index("factor")["effect"]
    # Population acts through both: as people who might be employed, and as the base.
    people = -women.loc["unemployed", "contribution_pp"] / women.loc["unemployed", "change"]
    base = women.loc["population", "contribution_pp"] - people * women.loc["population", "change"]
    assert base == pytest.approx(100 * effect["per_head"])
    count = women["contribution_pp"].sum() + women["residual_pp"].iloc[0] - base
    assert count == pytest.approx(100 * effect["employed"])


def test_malmo_from_june_2025_to_june_2026(bas: pd.DataFrame) -> None:
    found = changes(bas, start="2025-06", end="2026-06")
    women = one_key(found, place="1280", sex="women", birth_region="foreign_born")
    assert women["change"].to_dict() == {
        "employed": 900.0,
        "unemployed": -311.0,
        "students": -9.0,
        "retired": -16.0,
        "sick": -29.0,
        "other": 47.0,
        "population": 584.0,
    }
    assert women["residual"].iloc[0] == -311 - (-900 + 9 + 16 + 29 - 47 + 584)
    assert women["change_pp"].iloc[0] == pytest.approx(
        100 * (6487 / 38138 - 6798 / 37546), abs=0.01
    )


# Cells that were summed


def test_a_published_total_is_one_cell_and_a_derived_one_is_two() -> None:
    table = synthetic(1).assign(sex="total")
    assert changes(table)["cells"].unique().tolist() == [14]
    assert changes(table.assign(status="derived"))["cells"].unique().tolist() == [28]
    participation = changes(table, measure="participation_rate")
    assert participation["cells"].unique().tolist() == [12]


@pytest.mark.parametrize("measure", MEASURES)
def test_the_tolerance_in_points_by_hand(measure: str) -> None:
    """One more person in a cell moves the residual by the cell's weight; noise adds in squares."""
    table = synthetic(6, keys=1)
    for name in ("employed", "unemployed", "students", "retired", "sick", "other"):
        table[name] += 1000
    table["population"] = table[list(COMPONENTS[:6])].sum(axis=1)
    table["labour_force"] = table["employed"] + table["unemployed"]
    found = changes(table, measure=measure)
    squares = 0.0
    for row in (0, 1):
        for name in (*COMPONENTS, "labour_force"):
            moved = table.copy()
            moved.loc[row, name] += 0.01
            away = changes(moved, measure=measure)["residual_pp"] - found["residual_pp"]
            squares += (away.iloc[0] / 0.01) ** 2
    assert found["tolerance_pp"].iloc[0] == pytest.approx(4.5 * 1.45 * squares**0.5, rel=0.02)


def test_a_pooled_group_tolerates_the_noise_of_all_its_members(bas: pd.DataFrame) -> None:
    cities = ig.pool(bas, ["Malmö", "Göteborg", "Stockholm"])
    found = changes(cities)
    cells = found.groupby(["sex", "birth_region"], observed=True)["cells"].first()
    assert cells[("women", "foreign_born")] == 3 * 14
    assert cells[("total", "foreign_born")] == 3 * 28
    assert cells[("total", "total")] == 3 * 56


def test_a_member_that_is_missing_adds_no_noise(bas: pd.DataFrame) -> None:
    with_gap = bas[(bas["place"] != "1480").to_numpy()]
    cities = ig.pool(with_gap, ["Malmö", "Göteborg", "Stockholm"], allow_partial=True)
    found = changes(cities)
    assert one_key(found, sex="women", birth_region="foreign_born")["cells"].iloc[0] == 2 * 14


def test_a_sum_beyond_the_noise_is_reported_once(published: pd.DataFrame) -> None:
    spoilt = published.copy()
    at = ((spoilt["place"] == "1280") & (spoilt["period"] == "2026-05")).to_numpy()
    spoilt.loc[at, "other"] += 60
    with pytest.warns(IntegstatsWarning, match="In 4 of 100 comparisons") as caught:
        found = status_changes(spoilt, **UNBROKEN)
    assert len(caught) == 1
    assert set(found.loc[found["beyond_tolerance"], "place"]) == {"1280"}


# Laws


def synthetic(seed: int, *, keys: int = 3) -> pd.DataFrame:
    """Invented counts of two months with disclosure noise in every cell."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(keys):
        for period in ("2025-05", "2026-05"):
            parts = rng.integers(20, 4000, 6).astype(float)
            noisy = np.maximum(parts + rng.normal(0, 1.45, 6).round(), 0)
            row = dict(zip(COMPONENTS[:6], noisy, strict=True))
            row |= {"population": parts.sum() + 1, "labour_force": parts[:2].sum() - 1}
            rows.append(row | {"education": f"level-{n}", "period": pd.Period(period, "M")})
    return pd.DataFrame(rows).assign(
        dataset="scb-bas-month",
        vintage="2026-08-28.00000000",
        place="1280",
        sex="women",
        birth_region="foreign_born",
        age="20-64",
        status="preliminary",
    )


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), measure=st.sampled_from(MEASURES))
def test_the_terms_add_up(seed: int, measure: str) -> None:
    found = changes(synthetic(seed), measure=measure)
    each = found.groupby("education")
    sums, first = each[["contribution", "contribution_pp"]].sum(), each.first()
    assert np.allclose(sums["contribution"] + first["residual"], first["numerator_change"])
    assert np.allclose(sums["contribution_pp"] + first["residual_pp"], first["change_pp"])
    assert (found.loc[found["explained"], "contribution_pp"] == 0).all()
    assert not found["beyond_tolerance"].any()
    what = catalogue.measure(measure)
    table = synthetic(seed).set_index(["education", "period"])
    rate = (table[what.numerator] / table[what.denominator]).unstack()
    assert np.allclose(first["change_pp"], 100 * (rate["2026-05"] - rate["2025-05"]))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), measure=st.sampled_from(MEASURES))
def test_exchanging_the_periods_flips_every_sign(seed: int, measure: str) -> None:
    forth = changes(synthetic(seed), measure=measure)
    back = changes(synthetic(seed), measure=measure, start=UNBROKEN["end"], end=UNBROKEN["start"])
    signed = ["change", "contribution", "contribution_pp", "numerator_change", "change_pp"]
    for name in (*signed, "residual", "residual_pp"):
        assert np.allclose(forth[name], -back[name]), name
    for name in ("tolerance", "tolerance_pp", "cells", "explained", "beyond_tolerance"):
        assert np.allclose(forth[name], back[name]), name
    assert np.allclose(forth["count_start"], back["count_end"])


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seed: int, random: Any) -> None:
    table = synthetic(seed)
    order = list(range(len(table)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(changes(table), changes(table.iloc[order].reset_index(drop=True)))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), name=st.sampled_from([*COMPONENTS, "labour_force"]))
def test_a_missing_count_never_becomes_a_number(seed: int, name: str) -> None:
    table = synthetic(seed)
    table.loc[0, name] = np.nan
    found = changes(table)
    spoilt = found[(found["education"] == "level-0").to_numpy()]
    whole = found[(found["education"] != "level-0").to_numpy()]
    assert not whole[["change", "contribution_pp", "residual"]].isna().any().any()
    if name == "labour_force":
        assert not spoilt["change"].isna().any()
    else:
        own = spoilt.set_index("component").loc[name]
        assert np.isnan(own["change"])
        assert np.isnan(own["count_start"])
        assert spoilt["residual"].isna().all()
    assert spoilt["residual_pp"].isna().all()
    assert not spoilt["beyond_tolerance"].any()


def test_a_key_with_one_period_keeps_its_rows_and_gets_no_change() -> None:
    table = synthetic(1).iloc[1:].reset_index(drop=True)
    found = changes(table)
    lone = found[(found["education"] == "level-0").to_numpy()]
    assert lone["component"].tolist() == list(COMPONENTS)
    assert lone["count_end"].notna().all()
    assert (
        lone[["count_start", "change", "contribution", "residual", "change_pp"]].isna().all().all()
    )
    assert set(lone["status"]) == {"preliminary"}
    assert set(lone["cells"]) == {7}


def test_no_rate_below_thirty_persons_but_the_counts_stay() -> None:
    table = synthetic(1, keys=1)
    table.loc[0, "labour_force"] = 29.0
    with pytest.warns(SmallBaseWarning):
        found = status_changes(table, **UNBROKEN)
    assert found[["contribution_pp", "change_pp", "residual_pp", "rate_start"]].isna().all().all()
    assert found[["change", "contribution", "residual"]].notna().all().all()


def test_inputs_are_left_alone() -> None:
    table = synthetic(2)
    before = table.copy(deep=True)
    changes(table)
    pd.testing.assert_frame_equal(table, before)


# What cannot be compared


def test_a_blocking_break_between_the_periods_is_refused(
    monkeypatch: pytest.MonkeyPatch, published: pd.DataFrame
) -> None:
    made = Break(
        id="synthetic-break",
        datasets=("scb-bas-month",),
        measures=("sick",),
        ages=(),
        places=("1280",),
        first_period="2026-01",
        effect="blocks",
        text_sv="",
        text_en="Invented.",
        evidence="",
        url="",
    )
    monkeypatch.setattr(catalogue.reading, "breaks", lambda: (made,))
    with pytest.raises(IncomparableError, match=r"Malmö: the break synthetic-break \(2026-01\)"):
        status_changes(published, **UNBROKEN)
    stockholm = published[(published["place"] == "0180").to_numpy()]
    assert len(changes(stockholm)) == 4 * len(COMPONENTS)
    assert len(changes(published, start="2026-01", end="2026-05"))


def test_periods_of_two_vintages_are_not_one_comparison() -> None:
    table = synthetic(3)
    table["vintage"] = np.where(table["period"] == "2025-05", "2026-01-01.0", "2026-08-28.0")
    with pytest.raises(IncomparableError, match="vintage 2026-01-01"):
        status_changes(table, **UNBROKEN)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"measure": "employed"}, UnknownCodeError, "participation_rate"),
        ({"start": "2019-01"}, UnknownCodeError, "2025-05 to 2026-05"),
        ({"start": "2026-05"}, UsageError, "same period"),
        ({"start": "juni"}, SchemaError, "2024-06"),
    ],
)
def test_what_cannot_be_asked_is_said(
    options: dict[str, str], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        status_changes(synthetic(4), **{**UNBROKEN, **options})


def test_a_table_without_a_status_or_with_double_rows_is_refused() -> None:
    with pytest.raises(SchemaError, match="retired"):
        status_changes(synthetic(5).drop(columns="retired"), **UNBROKEN)
    doubled = pd.concat([synthetic(5), synthetic(5)], ignore_index=True)
    with pytest.raises(SchemaError, match="more than one row"):
        status_changes(doubled, **UNBROKEN)
