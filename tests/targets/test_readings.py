"""What a target is read from: twelve months, the same month, one month; gaps and headcounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from integstats import catalogue
from integstats.analysis.gaps import gaps
from integstats.analysis.rates import rates
from integstats.errors import SchemaError, SnapshotMissingError, TargetError
from integstats.table import concat
from integstats.targets.readings import read, smoothed
from integstats.targets.target import Target

GROUP: dict[str, Any] = {
    "sex": "women", "birth_region": "foreign_born", "age": "20-64", "dataset": "scb-bas-month",
}  # fmt: skip
Build = Callable[..., pd.DataFrame]


def halve(place: str = "Malmö", **changes: Any) -> Target:
    given = {"places": [place], "baseline": "2024-06", "deadline": "2026-06", **GROUP, **changes}
    return Target.halve("unemployment_rate", **given)


def at(found: Any, period: str, *, row: int = 0) -> pd.Series:
    return found.frame(row).set_index("period").loc[period]


def test_malmo_from_the_published_counts(bas: pd.DataFrame) -> None:
    found = read(bas, halve(), ["1280"])
    rows = bas[
        (bas["place"] == "1280") & (bas["sex"] == "women") & (bas["birth_region"] == "foreign_born")
    ].set_index("period")
    for end, shown in (("2024-06", 17.84), ("2026-06", 17.88)):
        year = rows.loc[pd.period_range(end=end, periods=12, freq="M")]
        reading = at(found, end)
        assert reading["value"] == pytest.approx(
            year["unemployed"].sum() / year["labour_force"].sum(), rel=1e-12
        )
        assert 100 * reading["value"] == pytest.approx(shown, abs=0.005)
        assert reading["n"] == pytest.approx(year["labour_force"].mean())
        assert reading["count"] == pytest.approx(year["unemployed"].mean())
        assert reading["low"] < reading["value"] < reading["high"]
        month = rows.loc[end]
        assert reading["month_value"] == month["unemployed"] / month["labour_force"]


@pytest.mark.parametrize(
    ("place", "sex", "quotient"),
    [
        ("00", "women", 0.736),
        ("00", "men", 0.647),
        ("1280", "women", 0.748),
        ("1280", "men", 0.683),
        ("23", "women", 0.598),
        ("24", "men", 0.502),
    ],
)
def test_the_best_two_years_of_the_method_page(
    bas: pd.DataFrame, place: str, sex: str, quotient: float
) -> None:
    value = read(bas, halve(sex=sex), [place]).value[0]
    over = value[24:] / value[:-24]
    assert np.isfinite(over).sum() == 43
    assert np.nanmin(over) == pytest.approx(quotient, abs=0.0005)


def test_a_year_needs_all_its_months(made: Build) -> None:
    counts = np.full(30, 40.0)
    counts[7] = np.nan
    found = read(made(unemployed=counts, labour_force=200.0), halve(baseline="2021-09"), ["1280"])
    assert np.isnan(found.value[0, :19]).all()
    assert found.value[0, 19:] == pytest.approx(0.2)
    assert np.isnan(found.single[0, 7])
    assert found.single[0, 8] == pytest.approx(0.2)


def test_a_month_that_is_not_there_is_not_zero(made: Build) -> None:
    table = made(unemployed=[40.0] * 30, labour_force=200.0).drop(index=7)
    found = read(table, halve(baseline="2021-09"), ["1280"])
    assert np.isnan(found.value[0, 18])
    assert not np.isnan(found.value[0, 19])
    assert found.cells.present[0].sum() == 29


def test_the_same_month_only(made: Build) -> None:
    table = made(unemployed=np.arange(1.0, 31), labour_force=100.0)
    found = read(
        table, halve(baseline="2020-03", deadline="2023-03", reading="same_month"), ["1280"]
    )
    assert np.flatnonzero(~np.isnan(found.value[0])).tolist() == [2, 14, 26]
    assert found.value[0, [2, 14, 26]] == pytest.approx([0.03, 0.15, 0.27])
    assert found.single[0] == pytest.approx(np.arange(1.0, 31) / 100)


def test_the_month_itself(made: Build) -> None:
    table = made(unemployed=np.arange(1.0, 31), labour_force=100.0)
    found = read(table, halve(baseline="2020-03", reading="month"), ["1280"])
    assert found.value[0] == pytest.approx(np.arange(1.0, 31) / 100)


@pytest.mark.parametrize(
    ("freq", "baseline", "reading", "shown"),
    [
        ("Q", "2021Q1", None, [np.nan, np.nan, np.nan, 0.025, 0.035]),
        ("Q", "2020Q1", "same_quarter", [0.01, np.nan, np.nan, np.nan, 0.05]),
        ("Q", "2020Q1", "quarter", [0.01, 0.02, 0.03, 0.04, 0.05]),
        ("Y", "2020", None, [0.01, 0.02, 0.03, 0.04, 0.05]),
    ],
)
def test_quarters_and_years(
    made: Build, freq: str, baseline: str, reading: str | None, shown: list[float]
) -> None:
    table = made(
        unemployed=[1.0, 2, 3, 4, 5], labour_force=100.0, dataset="own-x",
        freq=freq, start="2020",
    )  # fmt: skip
    deadline = {"2021Q1": "2023Q1", "2020Q1": "2023Q1", "2020": "2025"}[baseline]
    more = {"reading": reading} if reading else {}
    target = halve(dataset="own-x", baseline=baseline, deadline=deadline, **more)
    assert read(table, target, ["1280"]).value[0] == pytest.approx(shown, nan_ok=True)


def test_fewer_than_thirty_persons_are_no_rate(made: Build) -> None:
    table = made(unemployed=5.0, labour_force=[29.0] * 12 + [31.0] * 12)
    found = read(table, halve(baseline="2020-12"), ["1280"])
    assert np.isnan(found.value[0, 11])
    assert found.own.n[0, 11] == 29
    assert found.value[0, 17] == pytest.approx(5 / 30)
    assert np.isnan(found.single[0, :12]).all()


def test_a_gap_has_both_groups(bas: pd.DataFrame) -> None:
    target = Target.close_gap(
        "employment_rate", to_pp=5, places=["Malmö"], baseline="2024-06", deadline="2026-06",
        sex="women",
    )  # fmt: skip
    month = at(read(bas, target, ["1280"]), "2026-06")
    assert month["month_value"] == pytest.approx(21.3, abs=0.05)
    assert month["value"] == pytest.approx(100 * (month["comparator_rate"] - month["own_rate"]))
    assert month["low"] < month["value"] < month["high"]
    assert month["n"] > 30_000
    assert month["comparator_n"] > 30_000


@pytest.mark.parametrize("comparator", ["same_sex", "all_natives", "native_men"])
def test_a_months_gap_is_that_of_the_gap_table(bas: pd.DataFrame, comparator: Any) -> None:
    target = Target.close_gap(
        "employment_rate", to_pp=5, places=["riket"], baseline="2024-06", deadline="2026-06",
        sex="women", comparator=comparator, reading="month",
    )  # fmt: skip
    found = at(read(bas, target, ["00"]), "2026-06")
    month = bas[(bas["place"] == "00") & (bas["period"] == "2026-06")]
    table = gaps(rates(month), "employment_rate", comparator=comparator)
    row = table[table["sex"] == "women"].iloc[0]
    assert found[["value", "low", "high"]].tolist() == pytest.approx(
        row[["gap_pp", "gap_low", "gap_high"]].tolist()
    )


def test_an_unemployment_gap_is_positive_where_the_foreign_born_have_more(
    bas: pd.DataFrame,
) -> None:
    target = Target.close_gap(
        "unemployment_rate", by_share=0.5, places=["riket"], baseline="2024-06",
        deadline="2026-06",
    )  # fmt: skip
    ratio = Target.close_gap(
        "unemployment_rate", to_ratio=1.5, places=["riket"], baseline="2024-06",
        deadline="2026-06",
    )  # fmt: skip
    assert (read(bas, target, ["00"]).value[0, 11:] > 0).all()
    found = read(bas, ratio, ["00"])
    assert (found.value[0, 11:] > 1).all()
    assert (found.low[0, 11:] < found.value[0, 11:]).all()


def test_a_headcount_is_read_as_a_mean(bas: pd.DataFrame) -> None:
    given = {"places": ["riket"], "baseline": "2024-06", "deadline": "2026-06", **GROUP}
    found = read(bas, Target.reduce("unemployed", 0.5, **given), ["00"])
    month = at(found, "2026-06")
    assert month["value"] == pytest.approx(month["count"])
    assert np.isnan(month["n"])
    half = 1.959964 * np.sqrt(month["value"] + 2.1)
    assert [month["low"], month["high"]] == pytest.approx(
        [month["value"] - half, month["value"] + half]
    )


def test_several_places_at_once_are_what_each_is_alone(bas: pd.DataFrame) -> None:
    together = read(bas, halve(), ["00", "1280", "12"])
    for row, place in enumerate(together.places):
        alone = read(bas, halve(), [place])
        pd.testing.assert_frame_equal(together.frame(row), alone.frame(0))


def test_a_reading_does_not_mix_two_sides_of_a_break(
    made: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made_break("2021-06")
    monkeypatch.setattr(catalogue, "breaks_for", lambda **_: (one,))
    table = made(unemployed=[40.0] * 36, labour_force=200.0)
    value = read(table, halve(baseline="2020-12"), ["1280"]).value[0]
    assert np.isnan(value[17:28]).all()
    assert not np.isnan(value[[16, 28]]).any()


def made_break(first_period: str) -> catalogue.Break:
    return catalogue.Break(
        id="made", datasets=("*",), measures=(), ages=(), places=(), first_period=first_period,
        effect="blocks", text_sv="", text_en="", evidence="", url="",
    )  # fmt: skip


def test_a_sum_of_preliminary_figures_is_preliminary(made: Build) -> None:
    target = halve(baseline="2020-12")
    for status, preliminary in (("derived", True), ("preliminary", True), ("final", False)):
        table = made(unemployed=[40.0] * 12, labour_force=200.0, status=status)
        assert read(table, target, ["1280"]).cells.preliminary.all() == preliminary
    table = made(unemployed=[40.0] * 12, labour_force=200.0).assign(unemployed_status="preliminary")
    assert read(table, target, ["1280"]).cells.preliminary.all()


def test_inputs_stay_as_they_are(made: Build) -> None:
    table = made(unemployed=[40.0] * 12, labour_force=200.0)
    before = table.copy(deep=True)
    frame = read(table, halve(baseline="2020-12"), ["1280"]).frame(0)
    frame["value"] = 0.0
    pd.testing.assert_frame_equal(table, before)


def test_smoothed_is_a_plain_mean_of_whole_years() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 1000, (3, 40)).astype(float)
    expected = pd.DataFrame(values.T).rolling(12).mean().to_numpy().T
    assert smoothed(values, "mean_12m") == pytest.approx(expected, nan_ok=True)
    assert np.isnan(smoothed(values[:, :5], "mean_12m")).all()


@pytest.mark.parametrize(
    ("change", "target", "error", "message"),
    [
        ({"place": "1281"}, {}, SnapshotMissingError, "for Malmö.*integstats fetch scb-bas-month"),
        ({"dataset": "own-x"}, {}, TargetError, "dataset 'scb-bas-month'.*it has: own-x"),
        ({"sex": "men"}, {}, TargetError, "no figures for women foreign_born.*men foreign_born"),
        ({"freq": "Q", "start": "2020Q1"}, {}, TargetError, "frequency Q"),
        ({}, {"age": "16-64"}, TargetError, "age '16-64'.*it has: 20-64"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(
    made: Build, change: dict[str, Any], target: dict[str, Any], error: type, message: str
) -> None:
    table = made(**{"unemployed": [40.0] * 12, "labour_force": 200.0, **change})
    with pytest.raises(error, match=message) as caught:
        read(table, halve(baseline="2020-12", **target), ["1280"])
    assert "\n" not in str(caught.value)


def test_a_place_missing_from_own_figures_is_not_fetched(made: Build) -> None:
    table = made(unemployed=[40.0] * 12, labour_force=200.0, dataset="own-x")
    with pytest.raises(SnapshotMissingError, match=r"for Göteborg.*Add them to it"):
        read(table, halve("Göteborg", dataset="own-x"), ["1480"])


def test_two_rows_for_one_cell_are_refused(made: Build) -> None:
    table = made(unemployed=[40.0] * 12, labour_force=200.0)
    other = made(unemployed=[40.0] * 12, labour_force=200.0, vintage="2026-09-28.test")
    with pytest.raises(SchemaError, match="choose one vintage"):
        read(concat([table, other]), halve(baseline="2020-12"), ["1280"])


def test_missing_columns_are_named(made: Build) -> None:
    table = made(unemployed=[40.0] * 12, labour_force=200.0)
    with pytest.raises(SchemaError, match="labour_force"):
        read(table.drop(columns="labour_force"), halve(), ["1280"])
    with pytest.raises(SchemaError, match="must hold pandas Periods"):
        read(table.assign(period="2020-01"), halve(), ["1280"])
