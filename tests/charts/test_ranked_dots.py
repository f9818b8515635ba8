from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.ranked_dots import draw, marks
from integstats.errors import SchemaError, UnknownCodeError, UsageError


@pytest.fixture(scope="module")
def everywhere() -> pd.DataFrame:
    """Counties, three cities and the country, of one month."""
    return ig.gaps(ig.rates(ig.load("scb-bas-month", start="2026-06")), "employment_rate")


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


def named(count: int) -> tuple[str, ...]:
    return tuple(f"Exempelkommun {number + 1}" for number in range(count))


@pytest.mark.parametrize(
    ("lang", "highlight", "sex"),
    [("sv", "Malmö", "women"), ("en", None, "men"), ("sv", "Västra Götalands län", "total")],
)
def test_counties_and_cities_keep_every_rule(everywhere, lang, highlight, sex):
    chart = charts.ranked_dots(everywhere, lang=lang, highlight=highlight, sex=sex)
    assert problems(chart) == []
    assert chart.title.words() <= 15


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["slide", "square"])
def test_few_places_in_sizes_that_do_not_grow(gaps, lang, size):
    few = gaps[gaps["place"].isin(["00", "1280", "1480", "12"]).to_numpy()]
    for highlight in (None, "Malmö"):
        chart = charts.ranked_dots(few, lang=lang, size=size, highlight=highlight)
        assert problems(chart) == []


def test_the_rank_of_a_place_is_a_set_in_words(everywhere):
    chart = charts.ranked_dots(everywhere, highlight="Malmö")
    row = chart.data.set_index("place").loc["1280"]
    assert 1 <= row["rank_low"] < row["rank_high"] == 24
    ranks = f"{row['rank_low']}–{row['rank_high']}"
    assert chart.title.text.startswith(
        f"Utrikes födda kvinnor: Malmö har plats {ranks}\xa0av\xa024"
    )
    assert ranks in [one.text for one in chart.labels]
    assert "rank" not in chart.data.columns


def test_the_country_is_a_line_and_not_ranked(everywhere):
    data = marks(everywhere)
    assert "00" not in data.places
    known = everywhere.query("place == '00' and sex == 'women'")["gap_pp"]
    assert data.country == pytest.approx(float(known.iloc[0]))
    chart = charts.ranked_dots(everywhere)
    last = chart.data.iloc[-1]
    assert last["place"] == "00"
    assert pd.isna(last["rank_low"])
    assert any(one.text.startswith("Riket ") for one in chart.labels)
    without = everywhere[(everywhere["place"] != "00").to_numpy()]
    assert problems(charts.ranked_dots(without)) == []
    with pytest.raises(UsageError, match="does not rank the country"):
        charts.ranked_dots(everywhere, highlight="riket")


def test_the_smallest_gap_comes_first_and_has_the_best_ranks(everywhere):
    rows = marks(everywhere).rows
    assert (np.diff(rows["gap_pp"]) >= 0).all()
    assert rows["rank_low"].iloc[0] == 1
    assert rows["rank_high"].iloc[-1] == 24
    position = np.arange(1, 25)
    assert (rows["rank_low"] <= position).all()
    assert (position <= rows["rank_high"]).all()


def test_dots_and_whiskers_are_at_the_gap_and_its_interval(everywhere):
    data = marks(everywhere, highlight="Malmö")
    axes = Figure().subplots()
    draw(axes, data)
    rest, own = axes.collections
    ends = np.array([[one[0][0], one[1][0]] for one in rest.get_segments()])
    others = data.rows[(data.rows["place"] != "1280").to_numpy()]
    assert np.allclose(ends, others[["gap_low", "gap_high"]])
    assert len(own.get_segments()) == 1
    line = axes.lines[0]
    assert np.allclose(line.get_xdata(), data.country)


def test_places_whose_intervals_all_overlap_are_not_ordered(invented):
    places = named(6)
    frame = invented(places, periods=1)
    chart = charts.ranked_dots(frame)
    assert problems(chart) == []
    assert "slumpen kan förklara ordningen mellan 6 områden" in chart.title.text
    assert (chart.data["rank_low"] == 1).all()
    assert (chart.data["rank_high"] == 6).all()
    one = charts.ranked_dots(frame, highlight=places[2], lang="en")
    assert "cannot be ranked among 6 areas" in one.title.text
    assert problems(one) == []


def test_intervals_that_share_a_value_overrule_the_comparison_of_pairs(invented):
    frame = invented(named(2), periods=1, n=1e6)
    assert marks(frame).rows["rank_high"].tolist() == [2, 2]
    apart = frame.assign(gap_low=frame["gap_pp"] - 0.1, gap_high=frame["gap_pp"] + 0.1)
    assert marks(apart).rows["rank_high"].tolist() == [1, 2]


def test_two_places_that_differ_are_named_in_the_title(invented):
    frame = invented(("Upplands-Bro", "Malung-Sälen"), periods=1, n=1e6)
    frame = frame.assign(gap_low=frame["gap_pp"] - 0.1, gap_high=frame["gap_pp"] + 0.1)
    for size in ("report", "slide", "square"):
        chart = charts.ranked_dots(frame, size=size)
        assert problems(chart) == []
        assert chart.title.text.endswith("är minst i Malung-Sälen och störst i Upplands-Bro")
    chart = charts.ranked_dots(frame, highlight="Malung-Sälen")
    assert "har säkerställd plats 1\xa0av\xa02" in chart.title.text


def test_one_place_alone_is_told_as_a_level(invented):
    chart = charts.ranked_dots(invented(periods=1))
    assert problems(chart) == []
    assert chart.title.text.endswith("i Exempelkommun A är 20,0 procentenheter")
    assert "Plats" not in " ".join(chart.footer)


def test_the_height_grows_with_the_places(invented):
    heights = {
        count: charts.ranked_dots(invented(named(count), periods=1)).figure.get_figheight()
        for count in (2, 60, 290)
    }
    assert heights[2] == pytest.approx(theme.size("report").height)
    assert heights[2] < heights[60] < heights[290]
    assert problems(charts.ranked_dots(invented(named(60), periods=1))) == []


@pytest.mark.parametrize("size", ["slide", "square"])
def test_too_many_places_for_a_size_that_does_not_grow(invented, size):
    with pytest.raises(UsageError, match=r"room for \d+ places; got 290"):
        charts.ranked_dots(invented(named(290), periods=1), size=size)


@pytest.mark.parametrize(("own", "native"), [(0.9, 0.6), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5)])
def test_awkward_rates_keep_every_rule(invented, own, native):
    frame = invented(named(3), periods=1, own=own, native=native)
    assert problems(charts.ranked_dots(frame)) == []


def test_few_persons_are_hollow_and_said(invented):
    frame = invented(named(3), periods=1, n=45)
    chart = charts.ranked_dots(frame)
    assert problems(chart) == []
    assert any(one.startswith("Färre än 50 personer") for one in chart.footer)
    hollow = [one for one in chart.figure.axes[0].lines if one.get_markerfacecolor() == "#FFFFFF"]
    assert sum(len(one.get_xdata()) for one in hollow) == 3


def test_a_suppressed_place_keeps_its_row_and_says_so(invented):
    frame = invented(named(3), periods=1)
    hidden = (frame["place"] == "Exempelkommun 2").to_numpy()
    frame.loc[hidden, ["gap_pp", "gap_low", "gap_high", "rate_foreign_born"]] = np.nan
    chart = charts.ranked_dots(frame)
    assert problems(chart) == []
    assert "Uppgiften visas inte (för få personer) för Exempelkommun 2." in chart.footer
    names = [one.get_text() for one in chart.figure.axes[0].get_yticklabels()]
    assert names[-1] == "Exempelkommun 2"
    assert pd.isna(chart.data["rank_low"].iloc[-1])


def test_figures_without_persons_are_drawn_and_not_ranked(invented):
    frame = invented(named(4), periods=1)
    unknown = ["gap_low", "gap_high", "n_foreign_born", "n_native_born"]
    partly = frame.copy()
    partly.loc[(partly["place"] == "Exempelkommun 2").to_numpy(), unknown] = np.nan
    chart = charts.ranked_dots(partly, lang="en")
    assert problems(chart) == []
    assert any(one.startswith("Not ranked: 1 of 4 areas") for one in chart.footer)
    chart = charts.ranked_dots(frame.assign(**dict.fromkeys(unknown, np.nan)))
    assert problems(chart) == []
    assert "utan bedömning av osäkerhet" in chart.alt.text


def test_persons_in_two_places_at_once_are_said(everywhere):
    assert any("ligger i varandra" in one for one in charts.ranked_dots(everywhere).footer)
    counties = everywhere[(everywhere["place"].astype(str).str.len() == 2).to_numpy()]
    chart = charts.ranked_dots(counties)
    assert not any("ligger i varandra" in one for one in chart.footer)
    assert "21 län" in chart.subtitle.text


def test_a_native_chart_has_a_bar_for_every_place_and_names_its_interval(everywhere):
    chart = charts.ranked_dots(everywhere, highlight="Malmö")
    native = chart.editable
    assert native.kind == "stacked_bar"
    assert len(native.categories) == 25
    assert "Malmö (20,8–21,8)" in native.categories
    values = np.array([one.values for one in native.series], dtype=float)
    assert (np.isfinite(values).sum(axis=0) == 1).all()
    assert np.allclose(np.nansum(values, axis=0), chart.data["gap_pp"])
    assert set(chart.shown) <= set(chart.data.columns)


def test_the_input_is_not_changed(gaps):
    before = gaps.copy()
    charts.ranked_dots(gaps, highlight="Malmö")
    pd.testing.assert_frame_equal(gaps, before)


def test_a_period_can_be_named(gaps):
    chart = charts.ranked_dots(gaps, period="2024-06")
    assert {str(one) for one in chart.data["period"]} == {"2024-06"}
    with pytest.raises(SchemaError, match="run from 2020-01 to 2026-06"):
        charts.ranked_dots(gaps, period="2019-06")


def test_what_cannot_be_drawn_is_refused(gaps, invented):
    with pytest.raises(SchemaError, match="every gap_pp is missing"):
        charts.ranked_dots(invented().assign(gap_pp=np.nan))
    with pytest.raises(SchemaError, match="gap_low"):
        charts.ranked_dots(gaps.drop(columns="gap_low"))
    with pytest.raises(UnknownCodeError, match="Did you mean 'women'"):
        charts.ranked_dots(gaps, sex="woman")
    with pytest.raises(UnknownCodeError, match="no rows of Lund"):
        charts.ranked_dots(gaps, highlight="Lund")
    both = pd.concat([gaps, gaps.assign(age="16-64")])
    with pytest.raises(SchemaError, match="draws one age; got 2"):
        charts.ranked_dots(both)


def test_the_marks_look_as_they_did(gaps, tmp_path, request):
    """Marks without any text, which depends on neither words nor fonts."""
    with theme.styled(theme.size("report")):
        figure = Figure(figsize=(4, 3))
        axes = figure.subplots()
        draw(axes, marks(gaps, period="2026-06", highlight="Malmö"))
        axes.set_axis_off()
        actual = tmp_path / "ranked_dots.png"
        figure.savefig(actual, dpi=50, metadata={"Software": None})
    baseline = request.path.parent / "baseline" / "ranked_dots.png"
    assert compare_images(str(baseline), str(actual), tol=2) is None
