from __future__ import annotations

import pandas as pd
import pytest

import integstats as ig
from integstats.analysis.forecast import Forecast, forecast
from integstats.catalogue import Language
from integstats.errors import SchemaError, UnknownCodeError
from integstats.wording import numbers
from integstats.wording.columns import column


def test_the_gaps_of_malmo_in_swedish() -> None:
    bas = ig.load("scb-bas-month", places=["Malmö"], start="2026-06")
    gaps = ig.gaps(ig.rates(bas), "employment_rate")
    shown = ig.readable(gaps, columns=["place", "period", "sex", "gap_pp", "rate_foreign_born"])
    assert shown.index.tolist() == ["Malmö"] * 3
    assert shown.columns.name == "Område"
    women = shown[(shown["Kön"] == "kvinnor").to_numpy()].iloc[0]
    assert women.tolist() == ["juni 2026", "kvinnor", "21,3", "62,6\u00a0%"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_cell_is_empty_and_rows_stay_in_order(lang: str) -> None:
    bas = ig.load("scb-bas-month", places=["Malmö", "riket"], start="2026-05")
    shown = ig.readable(bas, lang=lang)
    assert len(shown) == len(bas)
    assert (shown != "").to_numpy().all()
    assert not set(shown.columns) & set(bas.columns)


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(SchemaError, match="readable"):
        ig.readable(pd.DataFrame({"place": ["00"]}), columns=["gap_pp"])


def test_a_column_that_only_own_figures_have_keeps_its_name() -> None:
    frame = pd.DataFrame({"place": ["00"], "programme": ["a"], "hours": [12.0]})
    shown = ig.readable(frame)
    assert shown.columns.tolist() == ["programme", "hours"]
    assert shown.iloc[0].tolist() == ["a", "12"]


@pytest.fixture(scope="module")
def found() -> Forecast:
    bas = ig.load("scb-bas-month", places=["Malmö"])
    rates = ig.rates(bas)
    women = rates[
        ((rates["sex"] == "women") & (rates["birth_region"] == "foreign_born")).to_numpy()
    ]
    series = women.set_index("period")["unemployment_rate"].sort_index()
    return forecast(series, horizon=12)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_forecast_is_read_by_its_kind_and_unit(found: Forecast, lang: Language) -> None:
    ahead = ig.readable(found.frame, kind="forecast", unit="share", lang=lang)
    points = ahead[column("point").header(lang)]
    assert points.str.endswith("%").all()
    worth = ig.readable(found.backtest, kind="forecast", unit="share", lang=lang)
    mae = worth[column("mae").header(lang)]
    assert mae.str.contains("procentenhet" if lang == "sv" else "percentage point").all()
    assert worth[column("covered").header(lang)].str.fullmatch(r"\d+|\.\.").all()
    assert not worth[column("method").header(lang)].str.contains("_").any()


def test_errors_of_a_forecast_have_their_origin_and_no_danish_one(found: Forecast) -> None:
    names = ["origin", "period", "error"]
    shown = ig.readable(found.errors.head(3), columns=names, kind="forecast", unit="share")
    assert shown.columns.name == "Prognosens utgångsperiod"
    assert shown.index[0] == numbers.period(str(found.errors["origin"].iloc[0]))
    error = 100 * found.errors["error"].iloc[0]
    assert shown["Prognosfel"].iloc[0] == numbers.points(error, decimals=2)


def test_how_often_a_change_was_reached_is_a_number_by_place() -> None:
    by_place = pd.DataFrame({"place": ["1280"], "windows": [49], "reached": [12]})
    shown = ig.readable(by_place, kind="by_place")
    assert shown["Tidsfönster med lika stor förändring som målet"].tolist() == ["12"]


def test_the_unit_of_a_row_wins() -> None:
    both = pd.DataFrame({"unit": ["pp"], "value": [12.34]})
    assert ig.readable(both, columns=["value"], unit="share").index.tolist() == ["12,3"]


def test_an_unknown_unit_names_the_near_one() -> None:
    with pytest.raises(UnknownCodeError, match="Did you mean 'share'"):
        ig.readable(pd.DataFrame({"value": [0.1]}), unit="shares")
