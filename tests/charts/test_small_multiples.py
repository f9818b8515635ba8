from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.small_multiples import draw, marks
from integstats.errors import SchemaError, SmallBaseWarning, UnknownCodeError, UsageError

CITIES = ["00", "0180", "1280", "1480"]


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.fixture(scope="module")
def all_rates() -> pd.DataFrame:
    return ig.rates(ig.load("scb-bas-month"))


@pytest.fixture(scope="module")
def cities(all_rates) -> pd.DataFrame:
    return all_rates[all_rates["place"].isin(CITIES).to_numpy()]


def made(
    number: int = 3,
    *,
    periods: int = 18,
    rate: float = 0.6,
    slope: float = 0.001,
    n: float = 400.0,
    names: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Invented rates of foreign-born women; the last place has the highest."""
    places = names or tuple(f"Exempelkommun {at}" for at in range(number))
    months = pd.period_range("2024-01", periods=periods, freq="M")
    rows = [
        {
            "dataset": "synthetic-bas",
            "vintage": "2026-01-01.00000000",
            "place": place,
            "period": month,
            "sex": "women",
            "birth_region": "foreign_born",
            "age": "20-64",
            "employed": n * float(np.clip(rate + slope * late + 0.0005 * at, 0, 1)),
            "population": n,
            "status": "final",
        }
        for at, place in enumerate(places)
        for late, month in enumerate(months)
    ]
    return ig.rates(pd.DataFrame(rows), "employment_rate")


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_three_cities_keep_every_rule(cities, lang, size):
    assert problems(charts.small_multiples(cities, lang=lang, size=size)) == []


def test_the_counties_keep_every_rule(all_rates):
    counties = all_rates[(all_rates["place"].astype(str).str.len() == 2).to_numpy()]
    chart = charts.small_multiples(counties, measure="unemployment_rate")
    assert problems(chart) == []
    assert len(chart.figure.axes) == 21
    assert "Tunn linje: riket." in chart.subtitle.text


def test_the_highest_last_value_comes_first_and_the_country_has_no_panel(cities):
    data = marks(cities, "unemployment_rate")
    assert data.places == ("1280", "1480", "0180")
    assert (np.diff(data.last) < 0).all()
    chart = charts.small_multiples(cities, measure="unemployment_rate")
    assert "Sorterat efter värdet i juni 2026 (vid namnet), högst först." in chart.subtitle.text
    assert chart.data["place"].unique().tolist() == ["1280", "1480", "0180", "00"]


def test_lines_are_at_the_rates_of_the_place_and_of_the_country(cities):
    data = marks(cities, "unemployment_rate")
    axes = Figure().subplots(1, 3)
    with theme.styled(theme.size("report")):
        draw(axes, data)
    rows = cities[((cities["sex"] == "women") & (cities["birth_region"] == "foreign_born"))]
    for ax, place in zip(axes, data.places, strict=True):
        for key, color in ((place, theme.FOREIGN_WOMEN), ("00", theme.NATIVE)):
            drawn = [line for line in ax.lines if line.get_color() == color]
            found = np.concatenate([line.get_ydata() for line in drawn])
            wanted = rows[(rows["place"] == key).to_numpy()].sort_values("period")
            assert np.allclose(found, wanted["unemployment_rate"])


def test_no_line_crosses_the_break_of_2024(cities):
    axes = Figure().subplots(1, 3)
    draw(axes, marks(cities, "employment_rate"))
    crossing = [
        line
        for ax in axes
        for line in ax.lines
        if min(line.get_xdata()) < 2023.99 and max(line.get_xdata()) > 2024.01
    ]
    assert crossing == []
    chart = charts.small_multiples(cities)
    assert any("Prickad lodrät linje: tidsseriebrott i januari 2024." in n for n in chart.footer)


def test_all_panels_have_the_same_axes(cities):
    panels = charts.small_multiples(cities).figure.axes
    assert len({ax.get_ylim() for ax in panels}) == 1
    assert len({ax.get_xlim() for ax in panels}) == 1


@pytest.mark.parametrize("number", [1, 11, 33, 49])
def test_any_number_of_places_keeps_every_rule(number):
    chart = charts.small_multiples(made(number))
    assert problems(chart) == []
    assert len(chart.figure.axes) == number


@pytest.mark.slow
def test_290_places_keep_every_rule():
    assert problems(charts.small_multiples(made(290, periods=6))) == []


def test_the_time_axis_is_repeated_in_a_tall_picture():
    figure = charts.small_multiples(made(40, periods=6)).figure
    with_axis = [ax for ax in figure.axes if any(t.get_text() for t in ax.get_xticklabels())]
    columns = len({round(ax.get_position().x0, 6) for ax in figure.axes})
    assert len(with_axis) == 2 * columns


@pytest.mark.parametrize("size", ["slide", "square"])
def test_too_many_places_for_a_size_that_does_not_grow(size):
    with pytest.raises(UsageError, match=r"room for \d+ panels; got 40"):
        charts.small_multiples(made(40), size=size)


@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_long_names_fit(size):
    names = ("Upplands-Bro", "Malung-Sälen", "Kommunalförbundet Södertörns sju kommuner")
    assert problems(charts.small_multiples(made(names=names), size=size)) == []


@pytest.mark.parametrize(
    ("rate", "slope"), [(0.0, 0.0), (1.0, 0.0), (0.9, 0.02), (0.3, -0.02), (0.5, 0.0)]
)
def test_awkward_rates_keep_every_rule(rate, slope):
    chart = charts.small_multiples(made(rate=rate, slope=slope), lang="en")
    assert problems(chart) == []


def test_one_period_alone_is_told_as_levels():
    chart = charts.small_multiples(made(periods=1))
    assert problems(chart) == []
    assert chart.title.text == (
        "Utrikes födda kvinnor: sysselsättningsgraden är 60,0–60,1 procent i 3 områden"
    )
    assert len(chart.editable.series) == 1


def test_one_place_and_one_period():
    chart = charts.small_multiples(made(1, periods=1), lang="en")
    assert problems(chart) == []
    assert chart.title.text.endswith("is 60.0 per cent in Exempelkommun 0")


def test_a_value_kept_back_and_one_not_fetched_are_two_things():
    rates = made(4)
    last = (rates["period"] == rates["period"].max()).to_numpy()
    rates.loc[last & (rates["place"] == "Exempelkommun 1").to_numpy(), "employment_rate"] = np.nan
    rates = rates[~(last & (rates["place"] == "Exempelkommun 2").to_numpy())]
    chart = charts.small_multiples(rates)
    assert problems(chart) == []
    texts = [one.get_text() for one in chart.figure.texts]
    assert texts.count("visas inte") == texts.count("inte hämtad") == 1
    assert "Uppgiften i juni 2025 visas inte (för få personer) för Exempelkommun 1." in chart.footer
    assert "Uppgift i juni 2025 är inte hämtad för Exempelkommun 2." in chart.footer


def test_a_small_base_is_starred_and_explained():
    with pytest.warns(SmallBaseWarning):
        few = made(names=("Exempelby",), n=40.0)
    chart = charts.small_multiples(pd.concat([made(2), few]))
    assert problems(chart) == []
    starred = [one.text for one in chart.labels if "*" in one.text]
    assert len(starred) == 1
    assert any(note.startswith("* Få personer: färre än 50") for note in chart.footer)


def test_invented_figures_are_marked_once_in_every_block():
    figure = charts.small_multiples(made(49)).figure
    marked = [ax for ax in figure.axes if any("PÅHITTADE" in t.get_text() for t in ax.texts)]
    assert 1 <= len(marked) < 6


def test_the_native_chart_has_the_first_and_the_last_value(cities):
    chart = charts.small_multiples(cities, measure="unemployment_rate", lang="en")
    editable = chart.editable
    assert editable.categories == ("Malmö", "Gothenburg", "Stockholm", "Sweden")
    assert [one.name for one in editable.series] == ["January 2020", "June 2026"]
    assert editable.series[1].values[:3] == tuple(marks(cities, "unemployment_rate").last)
    assert set(chart.shown) <= set(chart.data.columns)


def test_all_missing_is_an_error():
    with pytest.raises(SchemaError, match="every employment_rate is missing"):
        charts.small_multiples(made().assign(employment_rate=np.nan))


def test_what_it_cannot_draw_is_named(cities):
    with pytest.raises(UnknownCodeError, match=r"No rows with sex 'woman'\. Did you mean 'women'"):
        charts.small_multiples(cities, sex="woman")
    with pytest.raises(SchemaError, match=r"call rates\(\) first"):
        charts.small_multiples(cities.drop(columns="employment_rate"))
    other = cities.assign(age="16-64")
    with pytest.raises(SchemaError, match="draws one age; got 2: 20-64, 16-64"):
        charts.small_multiples(pd.concat([cities, other]))


def test_the_table_is_left_as_it_was(cities):
    before = cities.copy()
    charts.small_multiples(cities)
    pd.testing.assert_frame_equal(cities, before)
