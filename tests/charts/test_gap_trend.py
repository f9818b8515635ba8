from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from af_workbooks import one_place_workbook
from matplotlib.figure import Figure

import integstats as ig
from integstats import catalogue, charts
from integstats.charts import theme
from integstats.charts.gap_trend import draw, marks
from integstats.errors import SchemaError, UnknownCodeError
from integstats.formats import workbook


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


def drawn(chart) -> str:
    return "\n".join(
        one.get_text() for one in chart.figure.findobj(lambda one: hasattr(one, "get_text"))
    )


@pytest.mark.parametrize(("lang", "size"), [("sv", "report"), ("sv", "slide"), ("en", "square")])
def test_malmo_keeps_every_rule(gaps, lang, size):
    chart = ig.charts.gap_trend(gaps, place="Malmö", lang=lang, size=size)
    assert problems(chart) == []


def test_the_last_gap_stands_at_the_end_of_its_line_with_its_interval(gaps):
    chart = charts.gap_trend(gaps, place="Malmö")
    last = gaps[(gaps["place"] == "1280") & (gaps["period"] == "2026-06")].set_index("sex")
    assert round(last.loc["women", "gap_pp"], 1) == 21.3
    assert "Kvinnor 21,3 (20,8–21,8)" in [one.text for one in chart.labels]
    assert "Män 12,7 (12,2–13,2)" in [one.text for one in chart.labels]


def test_the_name_and_the_sheet(gaps):
    chart = charts.gap_trend(gaps, place="Malmö")
    assert chart.name == "sysselsattningsgap_malmo"
    assert set(chart.data["sex"]) == {"women", "men"}
    assert set(chart.data["place"]) == {"1280"}


def test_drawing_does_not_change_the_table(gaps):
    before = gaps.copy()
    charts.gap_trend(gaps, place="Malmö").figure  # noqa: B018
    pd.testing.assert_frame_equal(gaps, before)


def test_marks_are_at_the_figures(gaps):
    rows = gaps[(gaps["place"] == "1280").to_numpy()]
    data = marks(rows, "employment_rate")
    figure = Figure()
    upper, lower = figure.subplots(2)
    with theme.styled(theme.size("report")):
        draw((upper, lower), data)
    women = data.by_sex["women"]
    values = np.concatenate(
        [one.get_ydata() for one in lower.lines if one.get_color() == theme.FOREIGN_WOMEN]
    )
    assert np.allclose(values, women["gap_pp"])
    assert len(upper.lines) == 2 * 4 + 1  # four rates cut by one break, and the break itself


def test_a_break_is_a_gap_and_a_text(gaps):
    chart = charts.gap_trend(gaps, place="Malmö")
    assert "Tidsseriebrott\njanuari 2024" in drawn(chart)


def test_one_period_is_drawn_as_markers(invented):
    chart = charts.gap_trend(invented(periods=1))
    assert problems(chart) == []
    assert all(len(one.get_xdata()) == 1 for one in chart.figure.axes[0].lines)


@pytest.mark.parametrize(
    ("own", "native"), [(0.85, 0.6), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0), (0.5, 0.5)]
)
def test_awkward_rates_keep_every_rule(invented, own, native):
    assert problems(charts.gap_trend(invented(own=own, native=native))) == []


@pytest.mark.parametrize("freq", ["Q", "Y"])
def test_quarters_and_years(invented, freq):
    assert problems(charts.gap_trend(invented(periods=9, freq=freq))) == []


@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_long_names_fit(invented, size):
    chart = charts.gap_trend(invented(("Upplands-Bro och Malung-Sälen",)), size=size)
    assert problems(chart) == []


def test_missing_figures_leave_a_gap_and_a_label_at_the_last_one(invented):
    frame = invented()
    late = (frame["period"] > "2025-03").to_numpy()
    frame.loc[late, ["gap_pp", "gap_low", "gap_high", "rate_foreign_born"]] = np.nan
    chart = charts.gap_trend(frame)
    assert problems(chart) == []
    assert len([one for one in chart.labels if one.text.startswith("Kvinnor")]) == 1


def test_all_missing_is_an_error(invented):
    frame = invented().assign(gap_pp=np.nan)
    with pytest.raises(SchemaError, match="every gap_pp is missing"):
        charts.gap_trend(frame)


def test_invented_figures_carry_a_watermark(invented):
    chart = charts.gap_trend(invented())
    assert chart.synthetic
    assert drawn(chart).count("PÅHITTADE TAL") == 2
    assert "Påhittade tal" in chart.footer[-1]


def test_real_figures_carry_none(gaps):
    assert "PÅHITTADE" not in drawn(charts.gap_trend(gaps, place="Malmö"))


def test_both_sexes_together_where_that_is_all_there_is(gaps):
    total = gaps[((gaps["sex"] == "total") & (gaps["place"] == "1280")).to_numpy()]
    chart = charts.gap_trend(total)
    assert problems(chart) == []
    assert any(one.text.startswith("Utrikes födda 1") for one in chart.labels)


@pytest.fixture(scope="module")
def registered():
    """Gaps of Malmö in a workbook of Arbetsförmedlingen's shape: three spans of ages in turn."""
    months = [str(one) for one in pd.period_range("2022-06", "2026-08", freq="M")]
    dataset = catalogue.dataset("af-registered-share")
    table = workbook.read(one_place_workbook(months), dataset=dataset, vintage="2026-09-11.0")
    table = table[(table["place"] == "1280").to_numpy()].reset_index(drop=True)
    return ig.gaps(ig.rates(table), "registered_unemployment_rate")


REGISTERED = {"measure": "registered_unemployment_rate"}


@pytest.mark.parametrize(("lang", "size"), [("sv", "report"), ("en", "slide"), ("sv", "square")])
def test_a_series_whose_ages_change_keeps_every_rule(registered, lang, size):
    assert problems(charts.gap_trend(registered, lang=lang, size=size, **REGISTERED)) == []


def test_a_series_whose_ages_change_is_drawn_in_pieces_and_says_so(registered):
    chart = charts.gap_trend(registered, **REGISTERED)
    text = drawn(chart)
    for month in ("2023", "2026"):
        assert f"Tidsseriebrott\njanuari {month}" in text
    assert "16–66 år, Malmö. Före januari 2026: 16–65 år; före januari 2023: 16–64 år." in (
        chart.subtitle.text
    )
    pieces = [len(line.get_xdata()) for line in chart.figure.axes[0].lines[2:]]
    assert pieces == [7, 36, 8] * 4, "two breaks, then four rates in three pieces"
    notes = [one.text for one in chart.optional_notes]
    assert [one[:38] for one in notes] == [
        "Tidsseriebrottet: Från januari 2023 av",
        "Tidsseriebrottet: Från januari 2026 av",
    ]
    assert set(chart.data["age"]) == {"16-64", "16-65", "16-66"}


def test_the_message_compares_on_one_side_of_a_break_only(registered):
    chart = charts.gap_trend(registered, **REGISTERED)
    assert "sedan januari 2026" in chart.title.text
    assert "januari 2026 och augusti 2026" in chart.description.text
    assert "2022" not in chart.description.text


def test_several_ages_that_do_not_follow_each_other_need_a_choice(registered):
    with pytest.raises(SchemaError, match="draws one age; got 3"):
        charts.gap_trend(registered.assign(dataset="own-figures"), **REGISTERED)
    older = registered[(registered["age"] == "16-65").to_numpy()].assign(age="16-64")
    with pytest.raises(SchemaError, match="more than one row"):
        charts.gap_trend(pd.concat([registered, older]), **REGISTERED)


def test_another_comparator_has_one_line_of_natives(bas):
    table = ig.gaps(ig.rates(bas), "employment_rate", comparator="all_natives")
    chart = charts.gap_trend(table, place="Malmö", comparator="all_natives")
    assert problems(chart) == []
    assert [one.text for one in chart.labels if one.text.startswith("Inrikes")] == [
        "Inrikes födda 82,8\u00a0%"
    ]


def test_a_partial_group_says_so(bas):
    pooled = ig.pool(bas, ["Malmö", "Lund"], allow_partial=True)
    table = ig.gaps(ig.rates(pooled), "employment_rate")
    if "missing_members" not in table:
        members = str(pooled["missing_members"].iloc[0])
        table = table.assign(missing_members=members)
    chart = charts.gap_trend(table)
    assert "Lund saknas" in drawn(chart).replace("\n", " ")
    assert problems(chart) == []


def test_several_places_need_a_choice(gaps):
    with pytest.raises(SchemaError, match="draws one place; got 6"):
        charts.gap_trend(gaps)


def test_a_place_that_is_not_there_is_named(gaps):
    with pytest.raises(UnknownCodeError, match="no rows of Lund"):
        charts.gap_trend(gaps, place="Lund")


def test_a_missing_column_is_named(gaps):
    with pytest.raises(SchemaError, match="gap_low"):
        charts.gap_trend(gaps.drop(columns="gap_low"), place="Malmö")


def test_a_period_that_stands_twice_is_an_error(invented):
    frame = invented()
    with pytest.raises(SchemaError, match="more than one row"):
        charts.gap_trend(pd.concat([frame, frame]))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_rates_without_counts_have_no_interval_and_say_so(gaps, lang):
    unsure = gaps[(gaps["place"] == "1280").to_numpy()].assign(
        gap_low=np.nan, gap_high=np.nan, n_foreign_born=np.nan, n_native_born=np.nan
    )
    for frame in (unsure, unsure[(unsure["period"] == unsure["period"].max()).to_numpy()]):
        chart = charts.gap_trend(frame, lang=lang)
        assert problems(chart) == []
        assert {"sv": "Skuggat", "en": "Shaded"}[lang] not in chart.subtitle.text
        word = {"sv": "utan bedömning av osäkerhet", "en": "without an assessment"}[lang]
        assert word in chart.alt.text
