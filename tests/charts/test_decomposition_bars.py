"""Bars of what a difference consists of: they add up, they start at zero, they name no cause."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from integstats import charts
from integstats.analysis.decomposition import das_gupta, kitagawa
from integstats.analysis.oaxaca import oaxaca
from integstats.analysis.shift_share import shift_share
from integstats.charts import theme
from integstats.charts.decomposition_bars import draw, marks
from integstats.errors import IncomparableError, SchemaError, UnknownCodeError, UsageError
from integstats.wording.decomposition_parts import parts

PLACES: dict[str, Any] = {"population": "place", "first": "00", "second": "1280"}
JOBLESS: dict[str, Any] = {"numerator": "unemployed", "denominator": "labour_force"}
INVENTED = {"dataset": "synthetic-x", "place": "Exempelkommun A", "age": "20-64"}


def problems(chart: charts.Chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


@pytest.fixture(scope="module")
def parted(bas: pd.DataFrame) -> pd.DataFrame:
    """June 2026, women and men, foreign- and native-born."""
    kept = (
        (bas["period"].astype(str) == "2026-06")
        & (bas["sex"] != "total")
        & (bas["birth_region"] != "total")
    )
    return bas[kept.to_numpy()]


@pytest.fixture(scope="module")
def split(parted: pd.DataFrame) -> Any:
    """Why is unemployment higher in Malmö than in the country?"""
    return kitagawa(parted, groups=["birth_region", "sex"], **PLACES, **JOBLESS)


def of_places(result: Any, **more: Any) -> charts.Chart:
    return charts.decomposition_bars(result, measure="unemployment_rate", **PLACES, **more)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    ("size", "by_group"), [("report", True), ("slide", False), ("square", True)]
)
def test_malmo_against_the_country_keeps_every_rule(split, lang, size, by_group):
    assert problems(of_places(split, lang=lang, size=size, by_group=by_group)) == []


def test_bars_start_at_zero_and_add_up(split):
    data = marks(parts(split, first="00", second="1280", keys={}), names={})
    ax = Figure().subplots()
    with theme.styled(theme.size("report")):
        draw(ax, data)
    bars = ax.containers[0].patches
    assert [one.get_x() for one in bars] == pytest.approx([0] * len(bars))
    widths = np.array([one.get_width() for one in bars])
    depths = np.array(data.depths)
    terms = split.terms.iloc[0]
    assert widths[0] == pytest.approx(100 * (terms["rate_second"] - terms["rate_first"]))
    assert widths[depths == 1].sum() == pytest.approx(widths[0])
    assert widths[depths == 2].sum() == pytest.approx(widths[0])
    assert widths[depths == 1].tolist() == pytest.approx(
        [100 * terms["composition"], 100 * terms["rate"]]
    )


def test_every_bar_has_its_signed_value(split):
    chart = of_places(split)
    assert [one.text for one in chart.labels][:4] == ["+4,4", "+1,4", "−0,5", "+1,0"]


def test_the_text_says_what_composition_matches_and_what_it_does_not(split):
    chart = of_places(split)
    assert chart.title.text == (
        "Arbetslöshet, Malmö mot riket: olika sammansättning motsvarar räknemässigt 1,4 av 4,4 "
        "procentenheter"
    )
    assert "Resten, +3,0 procentenheter, motsvaras inte av olika sammansättning." in (
        chart.description.text
    )
    assert "inte varför" in " ".join(chart.footer)
    assert "Malmö (9,5\u00a0%) minus riket (5,1\u00a0%)" in chart.subtitle.text


def test_without_groups_nothing_is_said_of_them(split):
    assert "Läs gruppernas bidrag" in " ".join(of_places(split).footer)
    chart = of_places(split, by_group=False)
    assert "Läs gruppernas bidrag" not in " ".join(chart.footer)
    assert len(chart.data) == 3
    assert "group" not in chart.data


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_two_periods_tell_of_the_break_between_them(bas, lang):
    of_women = (bas["place"] == "1280") & (bas["sex"] == "women") & (bas["birth_region"] != "total")
    given = {"population": "period", "first": "2020-06", "second": "2026-06"}
    found = kitagawa(
        bas[of_women.to_numpy()], groups=["birth_region"], weights="first",
        numerator="employed", denominator="population", **given,
    )  # fmt: skip
    chart = charts.decomposition_bars(found, measure="employment_rate", lang=lang, **given)
    assert problems(chart) == []
    assert {"sv": "företagare", "en": "entrepreneurs"}[lang] in " ".join(chart.footer)
    assert {"sv": "Samverkan", "en": "Interaction"}[lang] in marks(
        parts(found, first="2020-06", second="2026-06", keys={}),
        names={},
        lang=lang,
    ).names


def test_a_blocking_break_between_two_periods_is_an_error():
    frame = pd.DataFrame(
        {
            "dataset": "scb-aku-month", "vintage": "2026-01-01.test", "place": "00", "age": "15-74",
            "sex": ["women", "men"] * 2, "period": ["2020-06"] * 2 + ["2022-06"] * 2,
            "unemployed": [8.0, 9, 7, 9], "labour_force": [100.0, 100, 110, 100],
        }
    )  # fmt: skip
    given = {"population": "period", "first": "2020-06", "second": "2022-06"}
    found = kitagawa(frame, groups=["sex"], **JOBLESS, **given)
    with pytest.raises(IncomparableError, match="both sides of a break"):
        charts.decomposition_bars(found, measure="unemployment_rate_aku", **given)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_factors(lang):
    frame = pd.DataFrame(
        {"period": ["2020", "2024"], "participation_rate": [0.78, 0.83], "in_work": [0.8, 0.85]}
    )
    found = das_gupta(frame, population="period", factors=["participation_rate", "in_work"])
    for size in ("report", "slide", "square"):
        chart = charts.decomposition_bars(
            found, measure="employment_rate", population="period", first="2020", second="2024",
            keys={**INVENTED, "sex": "women", "birth_region": "foreign_born"},
            names={"in_work": "employed" if lang == "en" else "sysselsatta"}, lang=lang, size=size,
        )  # fmt: skip
        assert problems(chart) == []
    assert chart.synthetic
    assert chart.data["contribution_pp"].tolist()[1:] == pytest.approx([4.125, 4.025])


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("persons", [20, 300])
def test_characteristics_of_persons(lang, persons):
    years = np.tile(np.arange(8.0, 18.0), persons // 10)
    frame = pd.DataFrame(
        {
            "born": np.repeat(["native_born", "foreign_born"], persons),
            "years": np.r_[years + 1, years],
            "employed": np.r_[(years > 10) * 1.0, (years > 11) * 1.0],
        }
    )
    found = oaxaca(
        frame, outcome="employed", group="born", first="native_born", second="foreign_born",
        predictors=["years"],
    )  # fmt: skip
    chart = charts.decomposition_bars(
        found, measure="employment_rate", population="birth_region", first="native_born",
        second="foreign_born", keys={**INVENTED, "sex": "women", "period": "2025"}, lang=lang,
    )  # fmt: skip
    assert problems(chart) == []
    # The gap is first minus second, as it is in the result.
    assert chart.data["contribution_pp"].iloc[0] == pytest.approx(100 * found.terms["gap"].iloc[0])
    few = {"sv": "färre än 50", "en": "fewer than 50"}[lang]
    assert (few in " ".join(chart.footer)) == (persons < 50)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_growth_of_a_count(bas, lang):
    groups = bas[((bas["birth_region"] != "total") & (bas["sex"] == "total")).to_numpy()]
    found = shift_share(
        groups, count="employed", groups=["birth_region"], reference="00", start="2020-06",
        end="2026-06",
    )  # fmt: skip
    given = {"population": "period", "first": "2020-06", "second": "2026-06"}
    for size, by_group in (("report", True), ("slide", False)):
        chart = charts.decomposition_bars(
            found, measure="employed", keys={"place": "Malmö"}, lang=lang, size=size,
            by_group=by_group, **given,
        )  # fmt: skip
        assert problems(chart) == []
    growth = found.terms.set_index("place").loc["1280", "growth"]
    assert chart.data["contribution"].iloc[0] == growth
    assert chart.data["contribution"].iloc[1:].sum() == pytest.approx(growth)
    with pytest.raises(SchemaError, match="keys="):
        charts.decomposition_bars(found, measure="employed", **given)
    with pytest.raises(UnknownCodeError, match="no row with place=Göteborg; it has place: 1280"):
        charts.decomposition_bars(
            shift_share(
                groups[groups["place"].isin(["00", "1280"]).to_numpy()], count="employed",
                groups=["birth_region"], reference="00", start="2020-06", end="2026-06",
            ),
            measure="employed", keys={"place": "Göteborg"}, **given,
        )  # fmt: skip


def made(first: list[float], second: list[float], n: float = 100.0) -> Any:
    """Return the split of rates of two age groups of an invented place."""
    frame = pd.DataFrame(
        {
            "dataset": "synthetic-x", "vintage": "2026-01-01.0", "place": "Malung-Sälen",
            "period": "2025", "sex": "women", "birth_region": ["foreign_born"] * 2
            + ["native_born"] * 2, "age": ["20-39", "40-64"] * 2,
            "unemployed": np.array([*first, *second]) * n, "labour_force": [n, 2 * n, 2 * n, n],
        }
    )  # fmt: skip
    return kitagawa(
        frame, population="birth_region", first="foreign_born", second="native_born",
        groups=["age"], **JOBLESS,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([0.0, 0.0], [1.0, 1.0]),
        ([0.5, 0.5], [0.5, 0.5]),
        ([0.1, 0.4], [0.3, 0.2]),
        ([0.9, 0.2], [0.1, 0.1]),
        ([0.0, 0.0], [0.0, 0.0]),
    ],
)
def test_awkward_rates_keep_every_rule(first, second, lang):
    chart = charts.decomposition_bars(
        made(first, second), measure="unemployment_rate", population="birth_region",
        first="foreign_born", second="native_born", lang=lang,
    )  # fmt: skip
    assert problems(chart) == []
    assert {"sv": "20–64 år", "en": "aged 20–64"}[lang] in chart.subtitle.text


def test_a_missing_count_is_a_clear_error():
    found = made([0.1, np.nan], [0.2, 0.2])
    with pytest.raises(SchemaError, match="a count is suppressed or missing in some group"):
        charts.decomposition_bars(
            found, measure="unemployment_rate", population="birth_region", first="foreign_born",
            second="native_born",
        )  # fmt: skip


def test_what_is_not_known_is_asked_for():
    frame = pd.DataFrame({"period": ["2020", "2024"], "rate": [0.4, 0.5]})
    found = das_gupta(frame, population="period", factors=["rate"])
    given = {"measure": "employment_rate", "population": "period", "first": "2020"}
    with pytest.raises(SchemaError, match="its dataset"):
        charts.decomposition_bars(found, second="2024", **given)
    with pytest.raises(SchemaError, match="its place, age"):
        charts.decomposition_bars(found, second="2024", keys={"dataset": "synthetic-x"}, **given)
    with pytest.raises(UnknownCodeError, match="Unknown population: '2025'"):
        charts.decomposition_bars(found, second="2025", keys=INVENTED, **given)
    with pytest.raises(SchemaError, match="which vintage"):
        charts.decomposition_bars(
            found, second="2024", keys={**INVENTED, "dataset": "scb-bas-year"}, **given
        )
    per_cent = das_gupta(frame.assign(rate=[40.0, 50.0]), population="period", factors=["rate"])
    with pytest.raises(SchemaError, match="shares 0 to 1; got 40"):
        charts.decomposition_bars(per_cent, second="2024", keys=INVENTED, **given)
    with pytest.raises(UsageError, match="Not a decomposition: DataFrame"):
        charts.decomposition_bars(frame, second="2024", keys=INVENTED, **given)


def test_too_many_bars_for_a_size_that_does_not_grow(split):
    with pytest.raises(UsageError, match=r"room for \d+ bars; got 11\. Leave out the groups"):
        of_places(split, size="slide")


def test_an_office_program_gets_the_same_bars(split):
    chart = of_places(split)
    native = chart.editable
    assert native is not None
    assert native.kind == "stacked_bar"
    together = [
        sum(one for one in values if one is not None)
        for values in zip(*(one.values for one in native.series), strict=True)
    ]
    assert together == pytest.approx(chart.data["contribution_pp"].tolist())
    assert set(chart.shown) <= set(chart.data.columns)
    assert {"share_first", "rate_second"} <= set(chart.shown)


def test_published_numbers_are_drawn(shared):
    """Das Gupta (1993), example 5.1, as shares: 44.7268 → 47.6940 = 1.2269 + 1.7403."""
    frame = pd.read_csv(shared / "data/method/dasgupta_eg5_1_headship.csv")
    frame = frame.assign(heads=frame["size"] * frame["rate"] / 100)
    found = kitagawa(
        frame, population="pop", first=1970, second=1985, groups=["age_group"],
        numerator="heads", denominator="size",
    )  # fmt: skip
    chart = charts.decomposition_bars(
        found, measure="employment_rate", population="pop", first="1970", second="1985",
        by_group=False, keys={**INVENTED, "period": "1985"},
    )  # fmt: skip
    assert chart.data["contribution_pp"].tolist() == pytest.approx(
        [2.9672, 1.2269, 1.7403], abs=5e-5
    )
