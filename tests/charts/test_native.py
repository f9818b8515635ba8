"""What office programs draw: the drawn figures, each a cell of the data sheet."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.targets.base_rate import base_rate
from integstats.targets.outlook import outlook


@pytest.fixture(scope="module")
def track(bas, target):
    return ig.track(target(), bas)


@pytest.fixture(scope="module")
def drawn(bas, gaps, target, track):
    malmo = gaps[(gaps["place"] == "1280").to_numpy()]
    return {
        "gap_trend": charts.gap_trend(malmo),
        "dumbbell": charts.dumbbell(gaps),
        "target_path": charts.target_path(track),
        "base_rate": charts.base_rate(base_rate(target(), bas)),
        "outlook": charts.outlook(outlook(target(), bas), track),
    }


KINDS = ["gap_trend", "dumbbell", "target_path", "base_rate", "outlook"]


def values_of(series) -> list[float]:
    return [one for one in series.values if one is not None]


def cells_of(chart) -> np.ndarray:
    return chart.data.select_dtypes("number").to_numpy(dtype=float).ravel()


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_a_cell_of_the_data_sheet(drawn, kind):
    chart = drawn[kind]
    cells = set(cells_of(chart).tolist())
    for series in chart.editable.series:
        values = values_of(series)
        assert values, series.name
        assert set(values) <= cells, series.name


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_s_table_has_columns_of_the_sheet_that_say_something(drawn, kind):
    chart = drawn[kind]
    assert len(set(chart.shown)) == len(chart.shown)
    sheet = chart.data[list(chart.shown)]
    for name in sheet.select_dtypes(exclude="number"):
        assert sheet[name].nunique() > 1, name
    assert sheet.select_dtypes("number").notna().any().all()


@pytest.mark.parametrize("kind", KINDS)
def test_series_are_told_apart_by_name_and_differ_in_look(drawn, kind):
    found = drawn[kind].editable.series
    assert len({one.name for one in found}) == len(found)
    assert all(one.name[:1].isupper() for one in found)


def test_the_lines_of_a_gap_look_as_drawn(drawn):
    looks = {
        one.name: (one.color, one.dash, one.width) for one in drawn["gap_trend"].editable.series
    }
    assert looks == {
        "Utrikes födda kvinnor": (theme.FOREIGN_WOMEN, "solid", 2.0),
        "Utrikes födda män": (theme.FOREIGN_MEN, "solid", 2.0),
        "Inrikes födda kvinnor": (theme.NATIVE, "solid", 1.4),
        "Inrikes födda män": (theme.NATIVE, "dash", 1.4),
    }


def test_the_axis_of_rates_is_cut_where_it_is_drawn_so(drawn):
    editable = drawn["gap_trend"].editable
    assert (editable.low, editable.high) == (0.5, 0.9)


def test_a_break_is_an_empty_place_on_the_axis(drawn):
    editable = drawn["gap_trend"].editable
    at = editable.categories.index("tidsseriebrott")
    assert editable.categories[at - 1 : at + 2] == ("dec 2023", "tidsseriebrott", "jan 2024")
    assert all(one.values[at] is None for one in editable.series)
    assert all(one.values[at - 1] is not None for one in editable.series)


def test_english_categories_and_names(gaps):
    malmo = gaps[(gaps["place"] == "1280").to_numpy()]
    editable = charts.gap_trend(malmo, lang="en").editable
    assert editable.categories[0] == "Jan 2020"
    assert "break in the series" in editable.categories
    assert editable.series[0].name == "Foreign-born women"


def test_a_value_alone_has_the_marker_it_is_drawn_with(invented):
    editable = charts.gap_trend(invented(periods=1)).editable
    markers = {one.name: one.marker for one in editable.series}
    assert markers["Utrikes födda kvinnor"] == "circle"
    assert markers["Utrikes födda män"] == "square"


def test_a_missing_month_is_a_gap_in_its_own_place(invented):
    frame = invented(periods=6)
    hole = (frame["period"] == pd.Period("2024-03", "M")).to_numpy()
    editable = charts.gap_trend(frame[~hole]).editable
    assert editable.categories[2] == "mar 2024"
    assert {one.values[2] for one in editable.series} == {None}


def test_the_path_of_a_target(drawn, track):
    by_name = {one.name: one for one in drawn["target_path"].editable.series}
    assert set(by_name) == {
        "Malmö, månadsvärden",
        "Malmö, tolvmånadersmedel",
        "Riket, tolvmånadersmedel",
        "Målbana",
        "Mål",
    }
    path, goal = by_name["Målbana"], by_name["Mål"]
    assert (path.dash, path.color) == ("dash", theme.TARGET)
    assert values_of(path)[-1] == values_of(goal)[0] == track.goal
    assert (goal.width, goal.marker) == (0, "circle")
    assert by_name["Riket, tolvmånadersmedel"].color == theme.NATIVE
    assert by_name["Malmö, månadsvärden"].width < by_name["Malmö, tolvmånadersmedel"].width
    assert drawn["target_path"].editable.categories[-1] == "jun 2027"


@pytest.mark.parametrize(
    ("goal", "unit", "words"),
    [
        (
            ig.Target.close_gap(
                "employment_rate", places="Malmö", sex="women", by_share=0.5, baseline="2024-06",
                deadline="2028-06",
            ),
            "pp",
            "procentenheter",
        ),
        (
            ig.Target.close_gap(
                "unemployment_rate", places="Malmö", sex="women", to_ratio=2.0,
                baseline="2024-06", deadline="2028-06",
            ),
            "ratio",
            "Kvoten",
        ),
        (
            ig.Target.add_count(
                "employed", 5000, places="Malmö", sex="women", birth_region="foreign_born",
                dataset="scb-bas-month", baseline="2024-06", deadline="2027-06", better="up",
            ),
            "count",
            "Antalet",
        ),
    ],
    ids=["gap", "ratio", "count"],
)  # fmt: skip
def test_targets_of_other_units(bas, goal, unit, words):
    editable = charts.target_path(ig.track(goal, bas)).editable
    assert editable.unit == unit
    assert words in editable.value_axis


def test_bars_of_a_gap_stand_in_the_order_of_the_places(drawn, gaps):
    chart = drawn["dumbbell"]
    women, men = chart.editable.series
    assert chart.editable.categories[0] == "Malmö"
    assert (np.diff(women.values) <= 0).all()
    row = chart.data[((chart.data["place"] == "1280") & (chart.data["sex"] == "men")).to_numpy()]
    assert men.values[0] == row["gap_pp"].item()
    assert (chart.editable.kind, chart.editable.unit, chart.editable.low) == ("bar", "pp", None)


def test_a_suppressed_place_is_an_empty_bar(invented):
    frame = invented(("Exempelkommun A", "Exempelkommun B"), periods=1)
    hidden = (frame["place"] == "Exempelkommun B").to_numpy()
    frame.loc[hidden, ["gap_pp", "gap_low", "gap_high", "rate_foreign_born"]] = np.nan
    editable = charts.dumbbell(frame).editable
    assert editable.categories == ("Exempelkommun A", "Exempelkommun B")
    assert all(one.values[1] is None for one in editable.series)


def test_columns_of_a_base_rate_are_the_bars(drawn):
    chart = drawn["base_rate"]
    every, own = chart.editable.series
    assert (every.name, own.name) == ("Alla 6 områden", "Malmö")
    assert sum(every.values) == pytest.approx(1)
    assert sum(own.values) == pytest.approx(1)
    # Empty places lead out to the target, where no bar is drawn.
    heights = [one.get_height() for one in chart.figure.axes[0].patches]
    assert every.values[:3] == (0, 0, 0)
    assert np.allclose(heights[: len(every.values) - 3], every.values[3:])
    assert chart.editable.categories[0] == "−50,0 till −47,5\u00a0%"
    assert chart.editable.category_axis.endswith("Mål: halvering, −50\u00a0%")
    assert chart.data["windows"].sum() == 258
    assert chart.data["own_windows"].sum() == 43
    assert set(chart.data["unit"]) == {"share"}


def test_a_base_rate_of_a_gap_counts_percentage_points(bas):
    goal = ig.Target.close_gap(
        "employment_rate", places="Malmö", sex="women", to_pp=20, baseline="2024-06",
        deadline="2026-06",
    )  # fmt: skip
    chart = charts.base_rate(base_rate(goal, bas))
    assert set(chart.data["unit"]) == {"pp"}
    assert not any("%" in one for one in chart.editable.categories)


def test_a_base_rate_alone_has_one_series(bas, target):
    alone = bas[(bas["place"] == "1280").to_numpy()]
    chart = charts.base_rate(base_rate(target(), alone))
    assert [one.name for one in chart.editable.series] == ["Malmö"]
    assert chart.shown == ("change_from", "change_to", "own_windows", "own_windows_share")


def test_an_outlook_has_the_ends_of_its_intervals_as_thin_lines(drawn):
    chart = drawn["outlook"]
    by_name = {one.name: one for one in chart.editable.series}
    assert by_name["Prognos"].dash == "dash"
    assert by_name["Säsongsnaiv prognos"].dash == "dot"
    ends = [one for name, one in by_name.items() if "gräns" in name]
    assert len(ends) == 4
    assert max(one.width for one in ends) < by_name["Prognos"].width
    assert [one.dash for one in ends] == ["solid", "solid", "dot", "dot"]
    low = by_name["Prognos, 80\u00a0%, nedre gräns"].values
    high = by_name["Prognos, 80\u00a0%, övre gräns"].values
    forecast = by_name["Prognos"].values
    pairs = [one for one in zip(low, forecast, high, strict=True) if None not in one]
    assert len(pairs) == 13
    assert all(first <= middle <= last for first, middle, last in pairs)
    reading = by_name["Malmö, tolvmånadersmedel"].values
    joined = [one for one in zip(reading, forecast, strict=True) if None not in one]
    assert len(joined) == 1
    assert joined[0][0] == joined[0][1]
    assert math.isclose(by_name["Mål"].values[-1], chart.facts["goal"])


def test_no_figures_at_all_still_make_an_axis(track):
    hidden = track.series.assign(**dict.fromkeys(["value", "low", "high", "month_value"], np.nan))
    bare = dataclasses.replace(track, series=hidden, comparison=None)
    editable = charts.target_path(bare).editable
    assert not values_of(editable.series[0])
    assert editable.categories[-1] == "jun 2027"
