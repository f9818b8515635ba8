from __future__ import annotations

import warnings

import invented_stay
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images
from statsmodels.stats.proportion import proportion_confint

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.stay_marks import draw, marks
from integstats.errors import SchemaError, UnknownCodeError, UsageError

SEXES = ["women", "men"]


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    """All ages and levels of education together, of one invented place."""
    found = invented_stay.table(("Exempelkommun A",))
    whole = found[((found["age"] == "20-64") & (found["education"] == "total")).to_numpy()]
    keys = [name for name in whole.columns if whole[name].dtype == "category"]
    return whole.astype(dict.fromkeys(keys, str)).reset_index(drop=True)


@pytest.fixture(scope="module")
def both(counts) -> pd.DataFrame:
    return rates_of(counts[counts["sex"].isin(SEXES).to_numpy()])


def rates_of(counts: pd.DataFrame) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ig.rates(counts.reset_index(drop=True))


def five(counts: pd.DataFrame, *, more: int = 0) -> pd.DataFrame:
    """Women, the longest stay in two parts; with `more` in as many more."""
    women = counts[(counts["sex"] == "women").to_numpy()]
    long = women[(women["length_of_stay"] == "10-").to_numpy()]
    halves = [
        long.assign(
            length_of_stay=code,
            population=(long["population"] * part).round(),
            employed=(long["employed"] * part).round(),
        )
        for code, part in (
            ("10-19", 0.4),
            ("20-", 0.6),
            *((f"{20 + at}-{20 + at}", 0.1) for at in range(1, more + 1)),
        )
    ]
    rest = women[(women["length_of_stay"] != "10-").to_numpy()]
    return rates_of(pd.concat([rest, *halves], ignore_index=True))


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_women_and_men_keep_every_rule(both, lang, size):
    assert problems(charts.stay_lines(both, lang=lang, size=size)) == []


@pytest.mark.parametrize("size", ["report", "slide"])
@pytest.mark.parametrize("measure", ["employment_rate", "unemployment_rate"])
def test_both_sexes_together_keep_every_rule(counts, size, measure):
    total = rates_of(counts[(counts["sex"] == "total").to_numpy()])
    assert problems(charts.stay_lines(total, size=size, measure=measure)) == []


@pytest.mark.parametrize(
    ("lang", "size"),
    [("sv", "report"), ("en", "report"), ("sv", "square"), ("en", "square"), ("sv", "slide")],
)
def test_more_than_four_lengths_of_stay_have_a_panel_each(counts, lang, size):
    chart = charts.stay_lines(five(counts), lang=lang, size=size)
    assert problems(chart) == []
    assert len(chart.figure.axes) == 5
    names = {"sv": "20+ år", "en": "20+ years"}[lang]
    assert names in [one.get_text() for one in chart.figure.texts]
    assert {"sv": "Grå linje: inrikes födda", "en": "Grey line: native-born"}[lang] in (
        chart.subtitle.text
    )


def test_more_than_four_for_both_sexes_or_too_many_for_a_slide_is_refused(counts):
    with pytest.raises(UsageError, match="too little room for 10 panels"):
        charts.stay_lines(five(counts, more=5), size="slide")
    assert len(charts.stay_lines(five(counts, more=5)).figure.axes) == 10
    women = five(counts)
    two = pd.concat([women, women.assign(sex="men")], ignore_index=True)
    with pytest.raises(SchemaError, match="Select one sex first"):
        charts.stay_lines(two)


def test_lines_are_ordered_and_heavier_the_longer_the_stay(both):
    for lines in marks(both, "employment_rate").panels.values():
        native, *own = lines
        assert native.stay == ""
        assert [one.stay for one in own] == ["0-1", "2-3", "4-9", "10-"]
        assert np.all(np.diff([one.width for one in own]) > 0)
        assert len({one.dashes for one in own}) == 4
        assert len({one.color for one in own}) == 1


def test_the_drawn_values_are_the_rates_and_the_strokes_the_intervals(both):
    data = marks(both, "employment_rate")
    with theme.styled(theme.size("report")):
        axes = Figure().subplots(1, 2)
        draw(axes, data)
    women = both[(both["sex"] == "women").to_numpy()]
    # The native-born first; then each line and the stroke at its end.
    for line, stay in zip(axes[0].lines[1::2], ("0-1", "2-3", "4-9", "10-"), strict=True):
        rows = women[(women["length_of_stay"] == stay).to_numpy()].sort_values("period")
        assert np.allclose(line.get_ydata(), rows["employment_rate"])
    # Wilson, 95 per cent, of the last year.
    last = women[((women["length_of_stay"] == "0-1") & (women["period"] == "2024")).to_numpy()]
    [row] = last.to_dict("records")
    expected = proportion_confint(row["employed"], row["population"], method="wilson")
    assert sorted(axes[0].lines[2].get_ydata()) == pytest.approx(sorted(expected))


def test_end_labels_name_the_stay_the_rate_and_the_persons(both):
    chart = charts.stay_lines(both)
    rows = chart.data[(chart.data["sex"] == "women").to_numpy()].set_index("length_of_stay")
    last = rows[(rows["period"] == rows["period"].max()).to_numpy()]
    texts = [one.text.replace("\u202f", "").replace("\u00a0", " ") for one in chart.labels]
    for stay, words in (("0-1", "0–1 år"), ("10-", "10+ år")):
        share = f"{100 * last['employment_rate'][stay]:.1f}".replace(".", ",")
        assert f"{words} {share} % ({last['population'][stay]:.0f})" in texts
    assert any(one.startswith("Inrikes födda ") for one in texts)


def test_invented_figures_carry_the_watermark(both):
    chart = charts.stay_lines(both)
    assert chart.synthetic
    assert any(one.get_text() == "PÅHITTADE TAL" for ax in chart.figure.axes for one in ax.texts)
    assert "Påhittade tal, utan källa." in chart.footer[-1]


def test_without_counts_there_are_no_intervals_and_it_says_so(both):
    plain = both.drop(columns=["population", "labour_force", "employed", "unemployed"])
    for size in ("report", "slide"):
        chart = charts.stay_lines(plain, size=size)
        assert problems(chart) == []
        assert "inte publicerat" in " ".join(chart.footer)
        assert not any("(" in one.text for one in chart.labels)
    assert chart.data["low"].isna().all()
    assert "low" not in chart.shown


def test_published_shares_of_the_integration_table_have_their_sources(both):
    """The table by length of stay publishes shares of ages 20-65 from 2022, without counts."""
    since = both[(both["period"] >= pd.Period("2022", "Y")).to_numpy()]
    plain = since.drop(columns=["population", "labour_force", "employed", "unemployed"])
    published = plain.assign(
        dataset="scb-integration-municipality",
        vintage="2025-12-16.00000000",
        place="1280",
        age="20-65",
    )
    chart = charts.stay_lines(published)
    assert problems(chart) == []
    assert not chart.synthetic
    assert "TAB6383" in chart.footer[-1]


@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_one_year_alone_and_long_names_keep_every_rule(both, size):
    one = both[(both["period"] == both["period"].max()).to_numpy()].assign(place="0139+2023")
    chart = charts.stay_lines(one, size=size)
    assert "Upplands-Bro och Malung-Sälen" in chart.subtitle.text
    assert problems(chart) == []


@pytest.mark.parametrize("share", [0.0, 1.0, 0.5])
def test_awkward_rates_keep_every_rule(counts, share):
    women = counts[(counts["sex"] == "women").to_numpy()]
    even = rates_of(women.assign(employed=women["population"] * share))
    assert problems(charts.stay_lines(even)) == []


def test_few_persons_have_hollow_dots_and_hidden_ones_are_named(counts):
    women = counts[(counts["sex"] == "women").to_numpy()]
    small = women["length_of_stay"] == "0-1"
    hidden = women["length_of_stay"] == "2-3"
    few = women.assign(
        population=women["population"].mask(small, 40.0).mask(hidden, 20.0),
        employed=women["employed"].mask(small, 12.0).mask(hidden, 9.0),
    )
    chart = charts.stay_lines(rates_of(few))
    assert problems(chart) == []
    told = " ".join(chart.footer)
    assert "Ihåliga punkter: färre än 50 utrikes födda kvinnor med vistelsetid 0–1 år." in told
    assert "Uppgiften visas inte (för få personer) för utrikes födda kvinnor" in told
    faces = [one.get_markerfacecolor() for one in chart.figure.axes[0].lines]
    assert theme.BACKGROUND in faces


def test_a_break_is_a_gap_a_line_and_a_text(both):
    plain = both.drop(columns=["population", "labour_force", "employed", "unemployed"])
    crossing = plain.assign(
        dataset="scb-integration-municipality",
        vintage="2025-12-16.00000000",
        place="1280",
        age="20-65",
    )
    women = crossing[(crossing["sex"] == "women").to_numpy()]
    chart = charts.stay_lines(women)
    assert [one.rule for one in charts.lint(chart) if one.rule == 1] == []
    texts = [one.get_text() for one in chart.figure.axes[0].texts]
    assert any("tidsseriebrott" in one.casefold() for one in texts)
    assert "Till och med 2021 avser tabellen 20–64 år enligt RAMS" in " ".join(chart.footer)
    assert None in chart.editable.series[0].values
    assert "mellan 2022 och 2024" in chart.description.text
    assert "mellan 2019" not in chart.description.text


def test_nothing_known_is_an_error(both):
    with pytest.raises(SchemaError, match="every employment_rate by length of stay is missing"):
        charts.stay_lines(both.assign(employment_rate=np.nan))
    with pytest.raises(SchemaError, match="every employment_rate by length of stay is missing"):
        charts.stay_lines(both[(both["length_of_stay"] == "total").to_numpy()])


def test_what_cannot_be_one_chart_is_refused(both):
    found = rates_of(invented_stay.table(("Exempelkommun A",)))
    with pytest.raises(SchemaError, match="draws one age; got 4"):
        charts.stay_lines(found)
    with pytest.raises(SchemaError, match="draws education total; got post_secondary"):
        charts.stay_lines(found[(found["age"] == "20-64").to_numpy()])
    two = pd.concat([both, both.assign(place="Exempelkommun B")], ignore_index=True)
    with pytest.raises(SchemaError, match="draws one place; got 2"):
        charts.stay_lines(two)
    with pytest.raises(SchemaError, match="needs the column"):
        charts.stay_lines(both.drop(columns="length_of_stay"))
    with pytest.raises(SchemaError, match="got none"):
        charts.stay_lines(both.iloc[:0])
    with pytest.raises(SchemaError, match="on more than one row"):
        charts.stay_lines(pd.concat([both, both], ignore_index=True))
    with pytest.raises(UnknownCodeError, match="employment_rat"):
        charts.stay_lines(both, measure="employment_rat")
    with pytest.raises((UnknownCodeError, UsageError), match="Unknown size"):
        charts.stay_lines(both, size="poster")


def test_an_office_program_draws_the_same_lines(both):
    before = both.copy()
    chart = charts.stay_lines(both)
    pd.testing.assert_frame_equal(both, before)
    native = chart.editable
    assert native.kind == "line"
    assert native.categories == tuple(str(year) for year in invented_stay.YEARS)
    assert len(native.series) == 2 * 5
    names = [one.name for one in native.series]
    assert names[:2] == ["Kvinnor, inrikes födda", "Kvinnor, 0–1 år"]
    assert set(chart.shown) <= set(chart.data.columns)
    rows = chart.data[((chart.data["sex"] == "women") & (chart.data["length_of_stay"] == "0-1"))]
    assert native.series[1].values == pytest.approx(tuple(rows["employment_rate"]))


def test_the_marks_look_as_they_did(both, tmp_path, request):
    """Marks without any text, which depends on neither words nor fonts."""
    with theme.styled(theme.size("report")):
        figure = Figure(figsize=(4, 3))
        draw(figure.subplots(1, 2), marks(both, "employment_rate"))
        for one in figure.axes:
            one.set_axis_off()
        actual = tmp_path / "stay_lines.png"
        figure.savefig(actual, dpi=50, metadata={"Software": None})
    baseline = request.path.parent / "baseline" / "stay_lines.png"
    assert compare_images(str(baseline), str(actual), tol=2) is None
