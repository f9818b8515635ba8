from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

import integstats as ig
from integstats.errors import SchemaError, UnknownCodeError, UsageError


@pytest.fixture(scope="module")
def june() -> pd.DataFrame:
    return ig.rates(ig.load("scb-bas-month", start="2026-06"))


@pytest.mark.parametrize(
    ("place", "sex", "gap"),
    [("1280", "women", 21.3), ("1280", "men", 12.7), ("00", "women", 16.8), ("00", "men", 11.5)],
)
def test_employment_gaps_of_june_2026(june: pd.DataFrame, place: str, sex: str, gap: float) -> None:
    found = ig.gaps(june, "employment_rate").set_index(["place", "sex"])
    assert found.loc[(place, sex), "gap_pp"] == pytest.approx(gap, abs=0.1)


def test_the_interval_is_newcombes(june: pd.DataFrame) -> None:
    counted = june.set_index(["place", "sex", "birth_region"])
    for measure, top, base, order in [
        ("employment_rate", "employed", "population", ("native_born", "foreign_born")),
        ("unemployment_rate", "unemployed", "labour_force", ("foreign_born", "native_born")),
    ]:
        row = ig.gaps(june, measure).set_index(["place", "sex"]).loc[("09", "women")]
        one, other = (counted.loc[("09", "women", birth)] for birth in order)
        low, high = confint_proportions_2indep(
            one[top], one[base], other[top], other[base], method="newcomb", compare="diff"
        )
        assert row["gap_low"] == pytest.approx(100 * low, abs=1e-9)
        assert row["gap_high"] == pytest.approx(100 * high, abs=1e-9)
        assert row["gap_low"] < row["gap_pp"] < row["gap_high"]


def test_the_double_gap_of_july_2023() -> None:
    """SCB BAS 2023-07, ages 15–74: 72.9, 72.8, 66.0 and 61.2 per cent."""
    frame = pd.DataFrame(
        {
            "sex": ["men", "women", "men", "women"],
            "birth_region": ["native_born", "native_born", "foreign_born", "foreign_born"],
            "employed": [729.0, 728, 660, 612],
            "population": [1000.0] * 4,
            "employment_rate": [0.729, 0.728, 0.660, 0.612],
            "status": "preliminary",
        }
    )
    row = ig.double_gap(frame, "employment_rate").iloc[0]
    assert row["double_gap_pp"] == pytest.approx(11.7)
    assert row["sex_native_pp"] == pytest.approx(0.1)
    assert row["birth_women_pp"] == pytest.approx(11.6)
    assert row["interaction_pp"] == pytest.approx(-4.7)


def test_both_orders_of_the_double_gap_add_up(june: pd.DataFrame) -> None:
    for measure in ("employment_rate", "unemployment_rate"):
        found = ig.double_gap(june, measure)
        whole = found["double_gap_pp"]
        assert np.allclose(whole, found["sex_native_pp"] + found["birth_women_pp"])
        assert np.allclose(whole, found["birth_men_pp"] + found["sex_foreign_pp"])


def test_comparators_are_what_they_say(june: pd.DataFrame) -> None:
    rate = june.set_index(["place", "sex", "birth_region"])["employment_rate"]
    foreign = rate[("1280", "women", "foreign_born")]
    for comparator, sex in [("same_sex", "women"), ("all_natives", "total"), ("native_men", "men")]:
        found = ig.gaps(june, "employment_rate", comparator=comparator)
        gap = found.set_index(["place", "sex"]).loc[("1280", "women"), "gap_pp"]
        assert gap == pytest.approx(100 * (rate[("1280", sex, "native_born")] - foreign))


def relabelled(table: pd.DataFrame, column: str, first: str, second: str) -> pd.DataFrame:
    swap = {first: second, second: first}
    return table.assign(
        **{column: table[column].astype(object).map(lambda word: swap.get(word, word))}
    )


def test_relabelling_flips_the_sign(june: pd.DataFrame) -> None:
    flipped = relabelled(june, "birth_region", "foreign_born", "native_born")
    before = ig.gaps(june, "unemployment_rate")
    after = ig.gaps(flipped, "unemployment_rate")
    keys = ["place", "sex"]
    a, b = before.set_index(keys).sort_index(), after.set_index(keys).sort_index()
    assert np.allclose(a["gap_pp"], -b["gap_pp"])
    assert np.allclose(a["gap_low"], -b["gap_high"])
    assert np.allclose(a["ratio"] * b["ratio"], 1)
    women = ig.gender_gap(june, "employment_rate").set_index(["place", "birth_region"])
    men = ig.gender_gap(relabelled(june, "sex", "women", "men"), "employment_rate")
    assert np.allclose(
        women["gap_pp"].sort_index(),
        -men.set_index(["place", "birth_region"])["gap_pp"].sort_index(),
    )


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(random: object) -> None:
    table = ig.rates(ig.load("scb-bas-month", places=["Malmö", "riket"], start="2026-05"))
    order, columns = list(range(len(table))), list(table.columns)
    random.shuffle(order)  # type: ignore[attr-defined]
    random.shuffle(columns)  # type: ignore[attr-defined]
    first = ig.gaps(table, "employment_rate")
    second = ig.gaps(table.iloc[order][columns], "employment_rate")
    keys = ["place", "period", "sex"]
    pd.testing.assert_frame_equal(
        first.astype({"place": str, "sex": str}).sort_values(keys, ignore_index=True),
        second.astype({"place": str, "sex": str})[first.columns].sort_values(
            keys, ignore_index=True
        ),
    )


def by_education() -> pd.DataFrame:
    rows = [
        {"education": level, "birth_region": birth, "unemployed": n, "labour_force": 1000.0}
        for level, birth, n in [
            ("low", "foreign_born", 300.0),
            ("low", "native_born", 150.0),
            ("high", "foreign_born", 120.0),
            ("high", "native_born", 30.0),
        ]
    ]
    frame = pd.DataFrame(rows).assign(dataset="scb-bas-month", place="00", status="final")
    return ig.rates(frame, "unemployment_rate")


def test_an_extra_key_is_grouped_by() -> None:
    found = ig.gaps(by_education(), "unemployment_rate").set_index("education")["gap_pp"]
    assert found.to_dict() == pytest.approx({"low": 15.0, "high": 9.0})


def test_a_gap_can_be_taken_over_another_key() -> None:
    found = ig.gaps(
        by_education(), "unemployment_rate", by="education", group="low", reference="high"
    ).set_index("birth_region")
    assert found["gap_pp"].to_dict() == pytest.approx({"foreign_born": 18.0, "native_born": 12.0})
    assert list(found["n_low"]) == [1000.0, 1000.0]


def test_what_cannot_be_compared_is_said_in_one_line(june: pd.DataFrame) -> None:
    with pytest.raises(UnknownCodeError, match="same_sex"):
        ig.gaps(june, "employment_rate", comparator="same_six")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="high, low"):
        ig.gaps(by_education(), "unemployment_rate", by="education")
    with pytest.raises(UnknownCodeError, match="'middle'"):
        ig.gaps(
            by_education(), "unemployment_rate", by="education", group="low", reference="middle"
        )
    with pytest.raises(SchemaError, match=r"call rates\(\) first"):
        ig.gaps(june.drop(columns="employment_rate"), "employment_rate")
    with pytest.raises(SchemaError, match="more than one row"):
        ig.gaps(pd.concat([june, june], ignore_index=True), "employment_rate")


def test_a_group_without_reference_keeps_its_row_and_gets_no_number() -> None:
    frame = by_education()
    lonely = frame[~((frame["education"] == "low") & (frame["birth_region"] == "native_born"))]
    lonely = lonely.assign(status=["final", "final", "preliminary"])
    found = ig.gaps(lonely, "unemployment_rate").set_index("education")
    assert found.loc["high", "status"] == "preliminary"
    assert np.isnan(found.loc["low", "gap_pp"])
    assert np.isnan(found.loc["low", "gap_low"])
    assert found.loc["low", ["status", "note"]].tolist() == ["final", ""]
    assert found.loc["high", "gap_pp"] == pytest.approx(9.0)


def test_a_suppressed_rate_gives_no_gap() -> None:
    frame = by_education()
    frame.loc[0, "unemployment_rate"] = np.nan
    row = ig.gaps(frame, "unemployment_rate").set_index("education").loc["low"]
    assert row[["gap_pp", "gap_low", "gap_high", "ratio"]].isna().all()
