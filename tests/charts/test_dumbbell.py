from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from integstats import charts
from integstats.charts import theme
from integstats.charts.dumbbell import draw, marks
from integstats.errors import SchemaError, UsageError


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.mark.parametrize(("lang", "size"), [("sv", "report"), ("sv", "square"), ("en", "report")])
def test_riket_cities_and_counties_keep_every_rule(gaps, lang, size):
    assert problems(charts.dumbbell(gaps, lang=lang, size=size)) == []


def test_three_places_on_a_slide(gaps):
    few = gaps[gaps["place"].isin(["00", "1280", "1480"]).to_numpy()]
    assert problems(charts.dumbbell(few, size="slide")) == []


def test_the_largest_gap_of_women_comes_first(gaps):
    data = marks(gaps, "employment_rate")
    women = data.by_sex["women"]["gap_pp"].to_numpy()
    assert (np.diff(women) <= 0).all()
    assert data.places[0] == "1280"
    assert [str(one) for one in data.by_sex["men"]["place"]] == list(data.places)


def test_dots_are_at_the_rates_and_whiskers_at_the_interval(gaps):
    data = marks(gaps, "employment_rate")
    axes = Figure().subplots(1, 2)
    with theme.styled(theme.size("report")):
        draw(axes, data)
    women = data.by_sex["women"]
    native, own = (one.get_xdata() for one in axes[0].lines)
    assert np.allclose(own, women["rate_foreign_born"])
    assert np.allclose(native, women["rate_native_born"])
    whiskers = axes[0].collections[1].get_segments()
    ends = np.array([[one[0][0], one[1][0]] for one in whiskers])
    assert np.allclose(100 * (women["rate_native_born"] - ends[:, 0]), women["gap_low"])
    assert np.allclose(100 * (women["rate_native_born"] - ends[:, 1]), women["gap_high"])


def test_for_a_rate_that_should_be_low_the_foreign_born_are_to_the_right(bas):
    import integstats as ig

    data = marks(ig.gaps(ig.rates(bas), "unemployment_rate"), "unemployment_rate")
    axes = Figure().subplots(1, 2)
    draw(axes, data)
    native, own = (one.get_xdata() for one in axes[0].lines)
    assert (own > native).all()
    ends = np.array([[one[0][0], one[1][0]] for one in axes[0].collections[1].get_segments()])
    assert ((ends.min(axis=1) < own) & (own < ends.max(axis=1))).all()


def test_the_height_grows_with_the_places(invented):
    heights = []
    for number in (2, 49):
        chart = charts.dumbbell(
            invented(tuple(f"Exempelkommun {n}" for n in range(number)), periods=1)
        )
        assert problems(chart) == []
        heights.append(chart.figure.get_figheight())
    assert heights[0] == pytest.approx(theme.size("report").height)
    assert heights[1] > 9


@pytest.mark.parametrize("size", ["slide", "square"])
def test_too_many_places_for_a_size_that_does_not_grow(invented, size):
    frame = invented(tuple(f"Exempelkommun {n}" for n in range(40)), periods=1)
    with pytest.raises(UsageError, match=r"room for \d+ places; got 40"):
        charts.dumbbell(frame, size=size)


@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_long_names_fit(invented, size):
    chart = charts.dumbbell(invented(("Upplands-Bro", "Malung-Sälen"), periods=1), size=size)
    assert problems(chart) == []


@pytest.mark.parametrize(("own", "native"), [(0.9, 0.6), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5)])
def test_awkward_rates_keep_every_rule(invented, own, native):
    frame = invented(("Exempelkommun A", "Exempelkommun B"), periods=1, own=own, native=native)
    assert problems(charts.dumbbell(frame)) == []


def test_a_suppressed_place_keeps_its_row_and_says_so(invented):
    frame = invented(("Exempelkommun A", "Exempelkommun B", "Exempelkommun C"), periods=1)
    hidden = (frame["place"] == "Exempelkommun B").to_numpy()
    frame.loc[hidden, ["gap_pp", "gap_low", "gap_high", "rate_foreign_born"]] = np.nan
    chart = charts.dumbbell(frame)
    assert problems(chart) == []
    assert "Uppgiften visas inte (för få personer) för Exempelkommun B." in chart.footer
    names = [one.get_text() for one in chart.figure.axes[0].get_yticklabels()]
    assert names[-1] == "Exempelkommun B"


def test_all_missing_is_an_error(invented):
    with pytest.raises(SchemaError, match="every gap_pp is missing"):
        charts.dumbbell(invented().assign(gap_pp=np.nan))


def test_a_period_can_be_named(gaps):
    chart = charts.dumbbell(gaps, period="2024-06")
    assert {str(one) for one in chart.data["period"]} == {"2024-06"}
    assert "2024-06" in chart.name


def test_a_period_outside_is_an_error(gaps):
    with pytest.raises(SchemaError, match="run from 2020-01 to 2026-06"):
        charts.dumbbell(gaps, period="2019-06")


def two_countries(invented, *, places=("1280", "1480", "dk:461")):
    """Invented figures of Swedish places, and of Danish ones as published: rates alone."""
    frame = invented(places, periods=1, freq="Y").assign(age="16-64")
    danish = frame["place"].str.startswith("dk:").to_numpy()
    frame.loc[danish, "dataset"] = "synthetic-ras"
    unknown = ["gap_low", "gap_high", "n_foreign_born", "n_native_born"]
    frame.loc[danish, unknown] = np.nan
    return frame


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
@pytest.mark.parametrize(
    "places", [("1280", "1480", "dk:461"), ("1280", "dk:461"), ("dk:101", "dk:461"), ("dk:461",)]
)
def test_danish_places_beside_swedish_ones_say_whom_they_count(invented, places, size, lang):
    chart = charts.dumbbell(two_countries(invented, places=places), size=size, lang=lang)
    assert problems(chart) == []
    [note] = [one for one in chart.notes if "herkomst" in one.text]
    assert "Odense" in note.text
    shown = " ".join(one.get_text() for one in chart.figure.texts)
    assert "herkomst" in shown or "nte samma grupp" in shown or "ot the same group" in shown
    assert chart.footer[-1].startswith(("Påhittade tal", "Invented figures"))


def test_places_without_an_interval_are_not_counted_and_it_is_said(invented):
    chart = charts.dumbbell(two_countries(invented))
    assert chart.title.text == (
        "Utrikes födda kvinnor och män: lägre sysselsättningsgrad i 2 av 2 områden"
    )
    assert "3 områden" in chart.subtitle.text
    assert any(one.endswith("inte bland de räknade: Odense.") for one in chart.footer)


def test_swedish_places_alone_need_no_note_on_the_concept(gaps):
    assert not any("herkomst" in one.text for one in charts.dumbbell(gaps).notes)


def test_two_datasets_of_one_country_are_refused(invented):
    frame = invented(("1280", "1480"), periods=1)
    frame.loc[(frame["place"] == "1480").to_numpy(), "dataset"] = "synthetic-aku"
    with pytest.raises(SchemaError, match="one dataset of a country; got 2: synthetic-bas, synth"):
        charts.dumbbell(frame)


def test_published_sources_of_both_countries_are_named(invented):
    names = {"synthetic-bas": "scb-bas-year", "synthetic-ras": "dst-ras200"}
    frame = two_countries(invented)
    chart = charts.dumbbell(frame.assign(dataset=frame["dataset"].map(names)))
    assert problems(chart) == []
    assert {one.dataset.id for one in chart.sources} == set(names.values())
    assert "tabell RAS200" in chart.footer[-1]


def test_the_texts_speak_of_women_and_of_men(gaps):
    chart = charts.dumbbell(gaps)
    assert chart.title.text == (
        "Utrikes födda kvinnor och män: lägre sysselsättningsgrad än inrikes födda i alla 6 områden"
    )
    for text in (chart.alt.text, chart.description.text):
        assert "Utrikes födda kvinnor: skillnaden är" in text
        assert "Utrikes födda män: skillnaden är" in text
    assert "för utrikes födda kvinnor i 6 av 6 områden och för utrikes födda män i 6 av 6" in (
        chart.description.text
    )
    assert {"total", "women", "men"} == set(chart.data["sex"])
