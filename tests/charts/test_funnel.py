from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.funnel import draw, marks
from integstats.errors import SchemaError, UnknownCodeError


@pytest.fixture(scope="module")
def month() -> pd.DataFrame:
    """Foreign-born women of June 2026 in the counties and the three cities."""
    bas = ig.load("scb-bas-month", start="2026-06")
    kept = (bas["birth_region"] == "foreign_born") & (bas["sex"] == "women")
    return bas[(kept & (bas["place"] != "00")).to_numpy()]


@pytest.fixture(scope="module")
def counties(month) -> pd.DataFrame:
    return month[(month["place"].astype(str).str.len() == 2).to_numpy()]


def employment(table: pd.DataFrame, **more) -> ig.Funnel:
    return ig.funnel(table, numerator="employed", denominator="population", **more)


def unemployment(table: pd.DataFrame, **more) -> ig.Funnel:
    return ig.funnel(table, numerator="unemployed", denominator="labour_force", **more)


def made(rates, persons, names: tuple[str, ...] = (), **keys) -> pd.DataFrame:
    """Counts of invented places with these rates."""
    rates, persons = np.broadcast_arrays(np.atleast_1d(rates), np.atleast_1d(persons))
    names = names or tuple(f"Exempelkommun {at + 1}" for at in range(len(rates)))
    shared = {"dataset": "synthetic-bas", "vintage": "2026-01-01.00000000", "sex": "women",
              "birth_region": "foreign_born", "age": "20-64", "status": "final"}  # fmt: skip
    frame = pd.DataFrame({**shared, **keys, "place": list(names)})
    return frame.assign(
        period=pd.Period("2026-06", "M"),
        employed=np.rint(rates * persons),
        population=persons.astype(float),
    )


def by_chance(places: int, *, seed: int = 1, spread: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    persons = np.exp(rng.normal(6.5, 1.2, places)).astype(int) + 30
    rates = np.clip(rng.normal(0.6, spread, places) if spread else 0.6, 0.01, 0.99)
    return made(rng.binomial(persons, rates) / persons, persons)


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_counties_keep_every_rule(counties, lang, size):
    chart = charts.funnel(employment(counties), lang=lang, size=size)
    assert problems(chart) == []
    assert {"sv": "16 av 21 län", "en": "16 of 21 counties"}[lang] in chart.title.text


def test_how_many_would_be_outside_by_chance_and_overdispersion_are_said(counties):
    footer = " ".join(charts.funnel(employment(counties)).footer)
    assert "Utanför gränserna för 95 procent: 19 av 21 län, av en slump ungefär 1." in footer
    assert "Utanför gränserna för 99,8 procent: 16 av 21 län, av en slump färre än 1." in footer
    assert "överspridning, 26,2 gånger slumpens varians" in footer


@pytest.mark.parametrize("kind", ["multiplicative", "additive"])
@pytest.mark.parametrize("scale", ["identity", "root"])
def test_widened_limits_are_recognised_and_said(month, kind, scale):
    found = unemployment(month, overdispersion=kind, scale=scale)
    data = marks(found, measure="unemployment_rate")
    assert data.lines.widened
    names = ["low_95", "high_99_8"]
    at = found.table.set_index("place").loc[data.table["place"], names]
    assert np.allclose(data.table[names], at)
    chart = charts.funnel(found, measure="unemployment_rate", highlight="Malmö")
    assert problems(chart) == []
    assert "vidgade gränserna" in chart.title.text
    assert any(one.startswith("Gränserna är vidgade") for one in chart.footer)
    assert any("ligger i varandra" in one for one in chart.footer)


@pytest.mark.parametrize("interpolation", ["spiegelhalter", "cautious", "none"])
def test_every_place_that_is_outside_and_no_other_lies_beyond_its_line(interpolation):
    data = marks(employment(by_chance(200, spread=0.03), interpolation=interpolation))
    rows = data.shown
    for level, low, high in data.pairs:
        beyond = (rows["rate"] < rows[low]) | (rows["rate"] > rows[high])
        assert beyond.tolist() == (rows["outside"] >= level).tolist()
    assert not data.lines.widened


def test_drawn_lines_go_through_the_limits_of_the_places():
    data = marks(employment(by_chance(50)))
    x = data.curves["nobs"].to_numpy()
    for _, *both in data.pairs:
        for name in both:
            between = np.interp(data.shown["population"], x, data.curves[name])
            assert np.abs(between - data.shown[name]).max() < 0.02


def test_chance_alone_is_not_told_as_news():
    chart = charts.funnel(employment(by_chance(290)))
    assert problems(chart) == []
    assert "slumpen kan förklara skillnaderna" in chart.title.text
    assert "överspridning" not in " ".join(chart.footer)


def test_only_places_outside_the_limits_and_the_highlighted_one_are_named():
    table = by_chance(120, seed=3, spread=0.02)
    found = employment(table)
    rows = found.table
    inside = str(rows.loc[rows["side"] == "within", "place"].iloc[0])
    outside = set(rows.loc[(rows["outside"] > 0).to_numpy(), "place"].astype(str))
    chart = charts.funnel(found, highlight=inside, lang="en")
    assert problems(chart) == []
    written = {one.get_text() for one in chart.figure.axes[0].texts if one.get_text()}
    written -= {"INVENTED FIGURES"}
    assert inside in written
    assert written - {inside} <= outside
    assert len(written) > 1
    assert "lies within what chance usually gives" in chart.title.text
    assert any(one.startswith("Names stand") for one in chart.footer)


@pytest.mark.parametrize(("lang", "size"), [("sv", "slide"), ("en", "square")])
def test_290_places_in_sizes_that_do_not_grow(lang, size):
    found = employment(by_chance(290, seed=2, spread=0.02))
    chart = charts.funnel(found, lang=lang, size=size, highlight="Exempelkommun 7")
    assert problems(chart) == []
    assert "Exempelkommun 7" in [one.get_text() for one in chart.figure.axes[0].texts]


def test_sure_and_likely_are_told_apart():
    persons = np.array([400] * 9 + [400])
    rates = np.array([0.6] * 9 + [0.0])
    for own, words in (
        (0.54, "är lägre än slumpen brukar ge"),
        (0.50, "är lägre än slumpen kan förklara"),
        (0.70, "är högre än slumpen kan förklara"),
        (0.61, "ligger inom vad slumpen brukar ge"),
    ):
        found = employment(made(np.where(rates, rates, own), persons), target=0.6)
        chart = charts.funnel(found, highlight="Exempelkommun 10")
        assert chart.title.text.endswith(words)
        assert problems(chart) == []


def test_the_axis_of_persons_is_logarithmic_where_places_differ_much():
    log = charts.funnel(employment(made([0.6, 0.5, 0.7], [40, 900, 90_000])))
    axes = log.figure.axes[0]
    assert axes.get_xscale() == "log"
    assert "logaritmisk" in axes.get_xlabel()
    assert "1\u202f000" in [one.get_text() for one in axes.get_xticklabels()]
    assert problems(log) == []
    linear = charts.funnel(employment(made([0.6, 0.5, 0.7], [1000, 2000, 3000])))
    assert linear.figure.axes[0].get_xscale() == "linear"
    assert problems(linear) == []


@pytest.mark.parametrize("rates", [[0.0, 0.0, 0.1], [1.0, 1.0, 0.9], [0.5, 0.5, 0.5], [0.0, 1.0]])
@pytest.mark.parametrize("persons", [60, 5000])
def test_awkward_rates_keep_every_rule(rates, persons):
    assert problems(charts.funnel(employment(made(rates, persons)))) == []


@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_long_names_fit(size):
    table = made([0.9, 0.3, 0.6], [500, 520, 90_000], ("Upplands-Bro", "Malung-Sälen", "C"))
    chart = charts.funnel(employment(table), size=size, highlight="Upplands-Bro")
    assert problems(chart) == []
    written = [one.get_text() for one in chart.figure.axes[0].texts]
    assert {"Upplands-Bro", "Malung-Sälen"} <= set(written)


def test_few_persons_are_hidden_or_hollow_and_said():
    chart = charts.funnel(employment(made([0.2, 0.5, 0.6, 0.7], [29, 45, 400, 500])))
    assert problems(chart) == []
    row = chart.data.set_index("place").loc["Exempelkommun 1"]
    assert np.isnan(row["rate"])
    assert row["side"] == "missing"
    assert "Uppgiften visas inte (för få personer) för Exempelkommun 1." in chart.footer
    assert any(one.startswith("Färre än 50 personer") for one in chart.footer)
    assert "3 områden" in chart.subtitle.text


def test_other_groups_levels_and_targets():
    native = made([0.7, 0.8, 0.9], [400, 500, 600], birth_region="native_born", sex="total")
    chart = charts.funnel(employment(native, confidence=[0.9], target=0.75))
    assert problems(chart) == []
    assert [one.text for one in chart.labels][:3] == ["Jämförelse\n75,0\xa0%", "90\xa0%", "90\xa0%"]
    assert "Inrikes födda" in chart.title.text
    three = employment(by_chance(30), confidence=[0.5, 0.95, 0.999])
    assert problems(charts.funnel(three, size="square")) == []


def test_a_native_chart_has_the_places_and_the_lines(counties):
    chart = charts.funnel(employment(counties), highlight="Skåne län")
    native = chart.editable
    assert native.kind == "scatter"
    points = [one for one in native.series if one.width == 0]
    assert sum(len(one.values) for one in points) == 21
    lines = [one for one in native.series if one.width > 0]
    assert [one.name for one in lines].count("99,8\xa0%") == 2
    assert len({len(one.values) for one in lines}) == 1
    assert set(chart.shown) <= set(chart.data.columns)


def test_what_cannot_be_drawn_is_refused(month, counties):
    bas = ig.load("scb-bas-month", start="2026-05")
    both = bas[((bas["birth_region"] == "foreign_born") & (bas["place"] != "00")).to_numpy()]
    with pytest.raises(SchemaError, match="draws one period; got 2"):
        charts.funnel(employment(both))
    country = bas[((bas["period"] == "2026-06") & (bas["sex"] == "women")).to_numpy()]
    country = country[(country["birth_region"] == "foreign_born").to_numpy()]
    with pytest.raises(SchemaError, match="leave it out before"):
        charts.funnel(employment(country))
    with pytest.raises(SchemaError, match="unemployment_rate"):
        charts.funnel(employment(counties), measure="unemployment_rate")
    with pytest.raises(SchemaError, match="at least 2 places with a rate; got 1"):
        charts.funnel(employment(made([0.5, 0.5], [500, 20])))
    with pytest.raises(SchemaError, match="at least 2 places with a rate; got 0"):
        charts.funnel(employment(made([0.5, 0.5], [20, 20]), target=0.5))
    with pytest.raises(UnknownCodeError, match="The funnel has no Lund"):
        charts.funnel(employment(month), highlight="Lund")
    expected = employment(counties, target=1.0, distribution="poisson")
    with pytest.raises(SchemaError, match="limits of shares"):
        charts.funnel(expected)
    bare = employment(counties)
    limits = [name for name in bare.table if name.startswith(("low_", "high_"))]
    with pytest.raises(SchemaError, match="needs limits"):
        charts.funnel(dataclasses.replace(bare, table=bare.table.drop(columns=limits)))


def test_the_result_is_not_changed(counties):
    found = employment(counties)
    before = found.table.copy()
    charts.funnel(found)
    pd.testing.assert_frame_equal(found.table, before)


def test_the_marks_look_as_they_did(counties, tmp_path, request):
    """Marks without any text, which depends on neither words nor fonts."""
    with theme.styled(theme.size("report")):
        figure = Figure(figsize=(4, 3))
        axes = figure.subplots()
        draw(axes, marks(employment(counties), highlight="Skåne län"))
        axes.set_axis_off()
        actual = tmp_path / "funnel.png"
        figure.savefig(actual, dpi=50, metadata={"Software": None})
    baseline = request.path.parent / "baseline" / "funnel.png"
    assert compare_images(str(baseline), str(actual), tol=2) is None
