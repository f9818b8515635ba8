"""Convergence of German counties as the R package REAT computes it, and laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.analysis.convergence import beta_convergence, sigma_convergence
from integstats.errors import SchemaError, UnknownCodeError, UsageError


@pytest.fixture(scope="module")
def counties(shared: Path) -> pd.DataFrame:
    raw = pd.read_csv(
        shared / "data/method/reat_german_counties_gdppc.csv", dtype={"region_code": str}
    )
    long = raw.melt(["region_code", "regional"], var_name="period", value_name="gdp")
    long["period"] = pd.PeriodIndex(long["period"].str[-4:], freq="Y")
    long["west"] = (long["regional"] == "West").astype(float)
    return long.rename(columns={"region_code": "place"})


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict:
    answers = json.loads((shared / "data/method/known_answers.json").read_text("utf-8"))
    return next(one for one in answers if one["id"] == "convergence")["expected"]


def test_beta_of_402_counties(counties: pd.DataFrame, expected: dict) -> None:
    found = beta_convergence(counties, value="gdp", start="2010", end="2014")
    assert found.beta == pytest.approx(expected["beta_2010_2014"], abs=1e-8)
    assert found.coefficients.loc[1, "standard_error"] == pytest.approx(expected["se"], abs=1e-8)
    assert found.reat_lambda == pytest.approx(expected["lambda"], abs=1e-8)
    assert found.reat_half_life == pytest.approx(expected["halflife"], abs=1e-5)
    assert found.places - 2 == expected["n_df"]


def test_the_speed_solves_its_own_equation(counties: pd.DataFrame) -> None:
    """With yearly growth on the left, β = −(1 − exp(−λT))/T: what REAT's nls fits."""
    found = beta_convergence(counties, value="gdp", start="2010", end="2014")
    assert -(1 - np.exp(-found.speed * 4)) / 4 == pytest.approx(found.beta)
    assert found.half_life == pytest.approx(np.log(2) / found.speed)


def test_sigma_of_402_counties(counties: pd.DataFrame, expected: dict) -> None:
    later = counties[counties["period"] >= pd.Period("2010", "Y")]
    found = sigma_convergence(later, value="gdp", log=True)
    cv = found.spread.set_index("period")["cv"]
    assert cv[pd.Period("2010", "Y")] == pytest.approx(expected["cv_2010"], abs=1e-8)
    assert cv[pd.Period("2014", "Y")] == pytest.approx(expected["cv_2014"], abs=1e-8)
    assert found.spread["places"].tolist() == [402] * 5
    assert found.quotient > 1
    assert found.trend < 0
    assert found.f_statistic == pytest.approx(found.quotient**2)


def test_conditions_are_taken_at_the_start(counties: pd.DataFrame) -> None:
    found = beta_convergence(counties, value="gdp", start="2000", end="2014", conditions=["west"])
    assert found.coefficients["term"].tolist() == ["constant", "initial", "west"]
    wide = counties.pivot(index="place", columns="period", values="gdp")
    start, end = (np.log(wide[pd.Period(year, "Y")]) for year in ("2000", "2014"))
    west = counties.groupby("place")["west"].first()
    design = np.column_stack([np.ones(len(start)), start, west])
    slopes = np.linalg.lstsq(design, (end - start) / 14, rcond=None)[0]
    assert found.coefficients["estimate"].tolist() == pytest.approx(slopes.tolist())


def test_levels_from_counts_over_months() -> None:
    months = pd.PeriodIndex(["2020-01"] * 3 + ["2021-07"] * 3, freq="M")
    frame = pd.DataFrame(
        {
            "place": list("ABC") * 2,
            "period": months,
            "x": [10.0, 20, 40, 12, 20, 36],
            "n": [100.0] * 6,
        }
    )
    found = beta_convergence(frame, numerator="x", denominator="n", start="2020-01", end="2021-07")
    assert found.years == 1.5
    assert found.beta < 0
    sigma = sigma_convergence(frame, numerator="x", denominator="n")
    assert sigma.spread["sd"].tolist() == pytest.approx(
        [np.std([0.1, 0.2, 0.4]), np.std([0.12, 0.2, 0.36])]
    )
    assert np.isnan(sigma.trend)


def test_weights_and_sample() -> None:
    frame = pd.DataFrame(
        {
            "place": list("ABC") * 2,
            "period": [2020] * 3 + [2021] * 3,
            "v": [1.0, 2, 3, 1, 2, 4],
            "w": [1.0, 1, 2, 1, 1, 2],
        }
    )
    repeated = [1.0, 2, 3, 3]
    weighted = sigma_convergence(frame, value="v", weights="w")
    assert weighted.spread.loc[0, "sd"] == pytest.approx(np.std(repeated))
    assert weighted.spread.loc[0, "mean"] == pytest.approx(np.mean(repeated))
    assert np.isnan(weighted.p_value)
    assert sigma_convergence(frame, value="v", sample=True).spread.loc[0, "sd"] == 1.0


def test_places_that_lack_a_period_are_left_out_of_all() -> None:
    frame = pd.DataFrame(
        {
            "place": list("ABC") * 2,
            "period": [2020] * 3 + [2021] * 3,
            "v": [1.0, 2, 90, 1, 2, np.nan],
        }
    )
    before = frame.copy()
    found = sigma_convergence(frame, value="v")
    pd.testing.assert_frame_equal(frame, before)
    assert found.spread["places"].tolist() == [2, 2]
    assert found.quotient == 1.0


def test_equal_places_have_no_quotient() -> None:
    frame = pd.DataFrame({"place": list("AB") * 2, "period": [1, 1, 2, 2], "v": [0.0] * 4})
    found = sigma_convergence(frame, value="v")
    assert np.isnan(found.quotient)
    assert np.isnan(found.spread["cv"]).all()


def test_wrong_calls() -> None:
    frame = pd.DataFrame(
        {"place": list("ABC") * 2, "period": [1, 1, 1, 2, 2, 2], "v": [0.0, 1, 2, 1, 2, 3]}
    )
    with pytest.raises(UsageError, match="either value, or"):
        sigma_convergence(frame)
    with pytest.raises(UsageError, match="either value, or"):
        sigma_convergence(frame, value="v", numerator="v", denominator="v")
    with pytest.raises(UsageError, match="either value, or"):
        sigma_convergence(frame, numerator="v")
    with pytest.raises(SchemaError, match="no logarithm"):
        beta_convergence(frame, value="v", start=1, end=2)
    with pytest.raises(UnknownCodeError, match="period 3"):
        beta_convergence(frame, value="v", start=1, end=3)
    with pytest.raises(UsageError, match="must be after"):
        beta_convergence(frame.assign(v=1.0), value="v", start=2, end=1)
    with pytest.raises(SchemaError, match="too alike"):
        beta_convergence(frame.assign(v=1.0), value="v", start=1, end=2)
    with pytest.raises(SchemaError, match="more than one row"):
        sigma_convergence(pd.concat([frame, frame]), value="v")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.floats(0.01, 0.9), min_size=4, max_size=10, unique_by=lambda v: round(v, 3)),
    st.floats(0.1, 0.9),
)
def test_gaps_that_shrink_by_a_fixed_share_give_that_speed(rates: list[float], kept: float) -> None:
    """ln y moves from its mean's distance d to kept·d in 5 years: λ = −ln(kept)/5, exactly."""
    log = np.log(rates)
    later = np.exp(log.mean() + kept * (log - log.mean()))
    frame = pd.DataFrame(
        {
            "place": [f"P{at}" for at in range(len(rates))] * 2,
            "period": np.repeat([2015, 2020], len(rates)),
            "rate": [*rates, *later],
        }
    )
    found = beta_convergence(frame, value="rate", start=2015, end=2020)
    assert found.speed == pytest.approx(-np.log(kept) / 5, rel=1e-6)
    assert sigma_convergence(frame, value="rate", log=True).quotient == pytest.approx(1 / kept)
