"""Several sources of one place: each by itself, with its definition, its breaks and its age."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.source_comparison import draw, marks
from integstats.errors import SchemaError, UsageError
from integstats.wording.source_series import of_group, series_of

MONTHS = [str(one) for one in pd.period_range("2020-01", "2026-06", freq="M")]
YEARS = [str(one) for one in range(2020, 2026)]


def problems(chart: charts.Chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.fixture(scope="module")
def stored() -> pd.DataFrame:
    """What the embedded snapshot says of Malmö: all groups of one dataset."""
    return ig.compare_sources("Malmö")


def made(
    name: str, measure: str, periods: list[str], value: float, *, age: str | list[str] = "20-64",
    n: float = 70_000.0, place: str = "1280", **more: object,
) -> pd.DataFrame:  # fmt: skip
    """Return an invented source in the shape of `compare_sources`."""
    return pd.DataFrame(
        {
            "dataset": f"synthetic-{name}", "vintage": "2026-01-01.0", "measure": measure,
            "place": place, "period": periods, "sex": "total", "birth_region": "foreign_born",
            "age": age, "value": value - 0.0005 * np.arange(len(periods)), "n": n,
            "status": "final", "definition": "", **more,
        }
    )  # fmt: skip


def registered() -> pd.DataFrame:
    ages = ["16-64" if one < "2023" else "16-65" if one < "2026" else "16-66" for one in MONTHS]
    return made("af", "registered_unemployment_rate", MONTHS, 0.27, age=ages)


def several(number: int) -> pd.DataFrame:
    frames = [
        made("bas", "unemployment_rate", MONTHS, 0.20),
        registered(),
        made("kolada", "unemployment_rate_kolada", YEARS, 0.21, n=float("nan")),
        made("mean", "registered_unemployment_rate_kolada", YEARS, 0.25, age="18-65"),
        made("aku", "unemployment_rate_aku", MONTHS, 0.23, age="15-74"),
        made("final", "unemployment_rate", MONTHS[:60], 0.201),
    ]
    return pd.concat(frames[:number], ignore_index=True)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    ("number", "size"),
    [(1, "report"), (4, "report"), (6, "report"), (2, "slide"), (4, "square")],
)
def test_one_to_six_sources_keep_every_rule(number, size, lang):
    assert problems(charts.source_comparison(several(number), lang=lang, size=size)) == []


@pytest.mark.parametrize("sex", ["women", "men", "total"])
def test_the_stored_source_alone_keeps_every_rule(stored, sex):
    for birth_region in ("foreign_born", "native_born"):
        chart = charts.source_comparison(stored, sex=sex, birth_region=birth_region)
        assert problems(chart) == []
    assert "Preliminära uppgifter." in chart.footer[-1]
    assert "Tidsseriebrott januari 2024: BAS." in chart.footer


@pytest.mark.parametrize("theme_name", ["employment", "participation"])
def test_other_themes_of_the_stored_source(theme_name):
    found = ig.compare_sources("Malmö", theme=theme_name)
    assert problems(charts.source_comparison(found)) == []


def test_each_series_is_a_line_of_its_own_values():
    frame = several(4)
    series = list(series_of(of_group(frame, "total", "foreign_born")))
    data = marks(series, sex="total", birth_region="foreign_born")
    ax = Figure().subplots()
    with theme.styled(theme.size("report")):
        draw([ax], data)
    assert not data.apart
    for one, line in zip(series, data.lines, strict=True):
        own = frame[(frame["dataset"] == one.dataset).to_numpy()]
        assert line.y.tolist() == own["value"].tolist()
    styles = {(one.get_linestyle(), one.get_marker()) for one in ax.lines}
    assert {marker for _, marker in styles} >= {"o", "s", "D", "^"}


def test_no_line_crosses_a_change_of_age():
    series = list(series_of(of_group(registered(), "total", "foreign_born")))
    assert [one.cuts for one in series] == [("2023-01", "2026-01")]
    data = marks(series, sex="total", birth_region="foreign_born")
    ax = Figure().subplots()
    draw([ax], data)
    spans = [one.get_xdata() for one in ax.lines if len(one.get_xdata()) > 2]
    assert len(spans) == 3
    for cut in (2023.0, 2026.0):
        assert not any(one.min() < cut < one.max() for one in spans)
    chart = charts.source_comparison(registered())
    assert any("januari 2023 och januari 2026" in one for one in chart.footer)
    assert "16–64, 16–65 och 16–66 år" in chart.subtitle.text


def test_a_year_beside_months_stands_in_the_middle_of_the_year():
    def last(number: int) -> float:
        series = list(series_of(of_group(several(4)[lambda f: f["age"].isin(ages)], "total",
                                         "foreign_born")))  # fmt: skip
        return marks(series, sex="total", birth_region="foreign_born").lines[number].x[-1]

    ages = ["18-65"]
    assert last(0) == 2025.0
    ages = ["18-65", "20-64"]
    assert last(2) == 2025.5


def test_more_than_four_have_a_panel_each_on_the_same_axes():
    figure = charts.source_comparison(several(6)).figure
    assert len(figure.axes) == 6
    limits = {(one.get_xlim(), one.get_ylim()) for one in figure.axes}
    assert len(limits) == 1
    assert len(charts.source_comparison(several(4)).figure.axes) == 1


def test_each_series_says_what_it_counts_of_whom_and_when():
    labels = [one.text.replace("\n", " ") for one in charts.source_comparison(several(2)).labels]
    assert labels == [
        "●\u00a016,2\u00a0% Arbetslösa som andel av arbetskraften (BAS), 20–64 år, juni 2026",
        "■\u00a023,2\u00a0% Inskrivna arbetslösa som andel av arbetskraften (Arbetsförmedlingen), "
        "16–66 år, juni 2026",
    ]


def test_the_same_measure_in_two_datasets_is_told_apart(stored):
    chart = charts.source_comparison(pd.concat([several(1), several(6).tail(60)]))
    assert "datamängder, var för sig" in chart.title.text
    assert ["synthetic-bas" in one.text for one in chart.labels] == [True, False]
    assert problems(chart) == []


def test_datasets_that_lack_the_group_are_named():
    lacking = made("aku", "unemployment_rate_aku", MONTHS, 0.1, birth_region="native_born")
    chart = charts.source_comparison(pd.concat([several(2), lacking]))
    assert "Uppgift om utrikes födda saknas i: synthetic-aku." in chart.footer
    assert problems(chart) == []


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_suppressed_few_and_single_figures_keep_every_rule(lang):
    some, none = several(2), made("aku", "unemployment_rate_aku", MONTHS, np.nan)
    some.loc[10:14, "value"] = np.nan
    few = made("kolada", "unemployment_rate_kolada", YEARS[:1], 0.2, n=34.0)
    chart = charts.source_comparison(pd.concat([some, few, none]), lang=lang)
    assert problems(chart) == []
    said = " ".join(chart.footer)
    assert {"sv": "5 uppgifter visas inte", "en": "5 figures are not shown"}[lang] in said
    assert {"sv": "färre än 50 personer", "en": "fewer than 50 persons"}[lang] in said
    assert {"sv": "ingen uppgift visas", "en": "no figure is shown"}[lang] in said


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_nobody_and_everybody_keep_every_rule(level):
    frame = several(2).assign(value=level)
    assert problems(charts.source_comparison(frame)) == []


@pytest.mark.parametrize("size", ["report", "square"])
@pytest.mark.parametrize("place", ["0139", "2023"])
def test_long_names_fit(place, size):
    assert problems(charts.source_comparison(several(4).assign(place=place), size=size)) == []


def test_too_many_for_a_size_that_does_not_grow():
    with pytest.raises(UsageError, match="too little room for 6 series"):
        charts.source_comparison(several(6), size="slide")


def test_what_cannot_be_drawn_is_said():
    frame = several(2)
    with pytest.raises(SchemaError, match="every value is missing"):
        charts.source_comparison(frame.assign(value=np.nan))
    with pytest.raises(SchemaError, match="no rows of sex=women"):
        charts.source_comparison(frame, sex="women")
    with pytest.raises(SchemaError, match="draws one place; got 2: 1280, 00"):
        charts.source_comparison(pd.concat([frame, frame.assign(place="00")]))
    with pytest.raises(SchemaError, match="more than one row"):
        charts.source_comparison(pd.concat([frame, frame]))
    with pytest.raises(SchemaError, match="needs the column value"):
        charts.source_comparison(frame.drop(columns="value"))
    both = pd.concat([frame, made("x", "employment_rate", MONTHS, 0.7)])
    with pytest.raises(SchemaError, match="several things: employment, unemployment"):
        charts.source_comparison(both)


def test_an_office_program_gets_lines_or_points():
    months = charts.source_comparison(several(2)).editable
    mixed = charts.source_comparison(several(3)).editable
    assert months is not None
    assert mixed is not None
    assert (months.kind, mixed.kind, mixed.x_unit) == ("line", "scatter", "years")
    assert months.series[0].values[-1] == several(1)["value"].iloc[-1]
    chart = charts.source_comparison(several(2))
    assert set(chart.shown) <= set(chart.data.columns)


def test_invented_figures_carry_a_watermark():
    chart = charts.source_comparison(several(2))
    assert chart.synthetic
    assert any(one.get_text() == "PÅHITTADE TAL" for one in chart.figure.axes[0].texts)


def test_two_stored_datasets_stand_side_by_side(server):
    ig.fetch("scb-bas-month-final", places=["Malmö"])
    found = ig.compare_sources("Malmö", start="2023-01")
    for lang in ("sv", "en"):
        chart = charts.source_comparison(found, sex="women", lang=lang)
        assert problems(chart) == []
    assert len(chart.sources) == 2
    labels = " ".join(one.text.replace("\n", " ") for one in chart.labels)
    assert "monthly, final" in labels
    assert "monthly, preliminary" in labels
