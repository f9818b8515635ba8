"""docs/columns.md says what the results really have: every column, in order, with its dtype."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from columns_page import columns_of, columns_of_dataset, sections

import integstats as ig
from integstats import catalogue
from integstats.analysis.backtest import intervals, rolling_origin, scores
from integstats.analysis.breaks import mark_breaks
from integstats.analysis.convergence import beta_convergence, sigma_convergence
from integstats.analysis.decomposition import das_gupta, kitagawa
from integstats.analysis.forecast import forecast
from integstats.analysis.funnel import funnel, funnel_limits
from integstats.analysis.local_trend import local_linear_trend
from integstats.analysis.oaxaca import oaxaca
from integstats.analysis.peers import nearest
from integstats.analysis.ranking import differences_from, rank_confidence_sets, rank_places
from integstats.analysis.series import from_table
from integstats.analysis.shift_share import shift_share
from integstats.analysis.shrinkage import shrink
from integstats.analysis.splice import splice
from integstats.analysis.statuses import status_changes
from integstats.analysis.trends import change_same_month, rolling_rate, seasonal, seasonal_adjust
from integstats.loading.vintages import revisions_by_lag

COUNTS = {"numerator": "unemployed", "denominator": "labour_force"}


def results() -> dict[str, pd.DataFrame]:
    """Every result of the page, made from the embedded snapshot."""
    bas = ig.load("scb-bas-month")
    rates = ig.rates(bas)
    published = bas[(bas["status"] == "preliminary").to_numpy()]
    month = rates[(rates["period"] == "2026-06").to_numpy()]
    places = month[((month["sex"] == "women") & (month["birth_region"] == "foreign_born"))]
    counties = places[(places["place"].astype(str).str.len() == 2).to_numpy()]
    alone = counties[(counties["place"] != "00").to_numpy()]
    parts = rates[((rates["sex"] != "total") & (rates["birth_region"] != "total")).to_numpy()]
    years = parts[parts["period"].isin([pd.Period("2025-06"), pd.Period("2026-06")]).to_numpy()]
    sweden = (years["place"] == "00").to_numpy()
    women = rates[
        (
            (rates["place"] == "00")
            & (rates["sex"] == "women")
            & (rates["birth_region"] == "foreign_born")
        ).to_numpy()
    ]
    line = from_table(women, "unemployment_rate")
    both = years[(years["sex"] == "women") & (years["birth_region"] == "foreign_born")]
    both = both[(both["place"] != "00").to_numpy()]
    old, new = women[women["period"] < "2024-01"], women[women["period"] > "2022-12"]
    past = rolling_origin(line, "seasonal_naive", horizons=[1, 2])
    tested = intervals(past, confidence=0.8)
    split = kitagawa(
        years[sweden],
        population="period",
        first="2025-06",
        second="2026-06",
        groups=["birth_region"],
        numerator="employed",
        denominator="population",
    )
    gupta = das_gupta(
        years[sweden & (years["sex"] == "women").to_numpy()],
        population="period",
        factors=["employment_rate"],
        groups=["birth_region"],
        size="population",
    )
    shifted = shift_share(
        years,
        count="employed",
        groups=["birth_region"],
        reference="00",
        start="2025-06",
        end="2026-06",
    )
    shrunk = shrink(alone, **COUNTS)
    seen = funnel(alone, **COUNTS)
    looked = forecast(line, horizon=2)
    people = pd.DataFrame(
        {
            "wage": [10.0, 12, 15, 8, 9, 12],
            "years": [1.0, 2, 4, 1, 2, 4],
            "born": ["native"] * 3 + ["foreign"] * 3,
        }
    )
    wages = oaxaca(
        people, outcome="wage", group="born", first="native", second="foreign", predictors=["years"]
    )
    target = ig.Target.halve(
        "unemployment_rate",
        dataset="scb-bas-month",
        places=["Malmö"],
        sex="women",
        birth_region="foreign_born",
        age="20-64",
        baseline="2024-06",
        deadline="2026-06",
    )
    return {
        "ig.load": bas,
        "ig.rates": rates,
        "ig.pool": ig.pool(bas, ["Malmö", "Göteborg"]),
        "ig.gaps": ig.gaps(month, "employment_rate"),
        "ig.gender_gap": ig.gender_gap(month, "employment_rate"),
        "ig.double_gap": ig.double_gap(month, "employment_rate"),
        "ig.track(…).to_frame()": ig.track(target, bas).to_frame(),
        "ig.programmes.frame": ig.programmes.frame([ig.programmes.outcome(16, 22)]),
        "ig.datasets": ig.datasets(),
        "ig.measures": ig.measures(),
        "ig.places": ig.places("Malm"),
        "revisions_by_lag": revisions_by_lag(places, places),
        "status_changes": status_changes(published, start="2025-06", end="2026-06"),
        "mark_breaks": mark_breaks(bas, "students"),
        "splice": splice(old, new, measure="unemployment_rate", by="overlap_ratio"),
        "nearest": nearest(alone, "Dalarna", indicators=["unemployment_rate"]),
        "differences_from": differences_from(counties, reference="00", **COUNTS),
        "rank_places": rank_places(alone, better="down", draws=100, **COUNTS),
        "rank_confidence_sets": rank_confidence_sets([1, 2], [0.5, 0.5], better="up", draws=100),
        "shrink(…).table": shrunk.table,
        "shrink(…).priors": shrunk.priors,
        "funnel(…).table": seen.table,
        "funnel(…).groups": seen.groups,
        "funnel_limits": funnel_limits([10, 100], 0.5),
        "kitagawa(…).terms": split.terms,
        "kitagawa(…).groups": split.groups,
        "das_gupta(…).rates": gupta.rates,
        "das_gupta(…).standardised": gupta.standardised,
        "das_gupta(…).effects": gupta.effects,
        "shift_share(…).terms": shifted.terms,
        "shift_share(…).groups": shifted.groups,
        "sigma_convergence(…).spread": sigma_convergence(both, value="unemployment_rate").spread,
        "beta_convergence(…).coefficients": beta_convergence(
            both, value="unemployment_rate", start="2025-06", end="2026-06"
        ).coefficients,
        "noise_in_sums": ig.noise_in_sums(bas, sums={"labour_force": ["employed", "unemployed"]}),
        "oaxaca(…).terms": wages.terms,
        "oaxaca(…).variables": wages.variables,
        "seasonal": seasonal(line),
        "seasonal_adjust": seasonal_adjust(women, "unemployment_rate"),
        "rolling_rate": rolling_rate(women, **COUNTS),
        "change_same_month": change_same_month(women, "unemployment_rate"),
        "local_linear_trend(…).frame": local_linear_trend(line).frame,
        "rolling_origin": past,
        "intervals": tested,
        "scores": scores(tested),
        "forecast(…).frame": looked.frame,
        "forecast(…).backtest": looked.backtest,
        "forecast(…).errors": looked.errors,
    }


@pytest.fixture(scope="module")
def real() -> dict[str, pd.DataFrame]:
    return results()


def test_every_result_has_its_section_and_no_section_is_left_over(
    real: dict[str, pd.DataFrame],
) -> None:
    described = {name for name, rows in sections().items() if rows}
    shared = {"Keys", "Counts of scb-bas-month", "Words", "Columns of other datasets", "Datasets"}
    assert described - shared == set(real)


def test_every_dataset_has_its_columns_on_the_page() -> None:
    page = sections()
    dtypes = {}
    for name in ("Keys", "Counts of scb-bas-month", "Columns of other datasets"):
        for words, dtype in page[name]:
            for column in re.findall(r"`(.+?)`", words):
                assert dtypes.setdefault(column, dtype) == dtype, column
    described = [re.findall(r"`(.+?)`", words)[0] for words, _ in page["Datasets"]]
    assert described == list(catalogue.datasets())
    used = set()
    for name, dataset in catalogue.datasets().items():
        marks = [f"{rate}_status" for rate in dataset.rates if dataset.flags]
        margins = [f"{rate}_margin" for rate in dataset.rates if dataset.margins]
        figures = [*dataset.counts, *dataset.rates, *dataset.amounts, *margins]
        columns = [*dataset.extra_keys, *figures, *marks]
        assert columns_of_dataset(name) == columns, name
        assert {dtypes[column] for column in figures} == {"float64"}, name
        assert {dtypes[column] for column in (*dataset.extra_keys, *marks)} <= {"category"}, name
        used |= set(columns)
    named = {re.findall(r"`(.+?)`", words)[0] for words, _ in page["Columns of other datasets"]}
    assert named <= used, "a column that no dataset has any more"


def test_the_periods_of_the_datasets_are_those_of_the_page() -> None:
    dtypes = {"M": "period[M]", "Q": "period[Q-DEC]", "Y": "period[Y-DEC]"}
    said = [dtype for _, dtype in sections()["Datasets"]]
    assert said == [dtypes[one.frequency] for one in catalogue.datasets().values()]


def test_the_columns_and_dtypes_are_those_of_the_page(real: dict[str, pd.DataFrame]) -> None:
    page = sections()
    for name, frame in real.items():
        got = [(str(column), str(dtype)) for column, dtype in frame.dtypes.items()]
        assert got == columns_of(name, page), name
        index = [
            (*re.findall(r"`(.+?)`", what), dtype)
            for what, dtype in page[name]
            if what.startswith("*index*")
        ]
        if index:
            named = (frame.index.name,) if frame.index.name else ()
            assert index == [(*named, str(frame.index.dtype))], name
        else:
            assert list(frame.index) == list(range(len(frame))) or name in UNSORTED, name


UNSORTED = ("seasonal_adjust", "rolling_rate", "change_same_month")
"""These keep the index of their input."""
