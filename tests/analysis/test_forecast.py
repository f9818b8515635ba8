from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.analysis.backtest import half_width
from integstats.analysis.forecast import Forecast, forecast, probability_reached
from integstats.analysis.methods import seasonal_naive
from integstats.errors import SchemaError, UsageError

WAVE = np.sin(2 * np.pi * np.arange(12) / 12)


def monthly(values: np.ndarray, start: str = "2010-01") -> pd.Series:
    return pd.Series(values, pd.period_range(start, periods=len(values), freq="M"))


def wandering(count: int, *, seed: int = 1, step: float = 0.002) -> pd.Series:
    """A synthetic rate: a level that wanders, and a season."""
    rng = np.random.default_rng(seed)
    level = 0.2 + np.cumsum(rng.normal(0, step, count))
    return monthly(level + 0.01 * np.resize(WAVE, count))


def linkoping(shared: Path, region: str, group: str) -> pd.Series:
    frame = pd.read_csv(shared / "data/linkoping/linkoping_riket_af_monthly_2008_long.csv")
    frame = frame[(frame["region"] == region) & (frame["grupp"] == group)]
    wide = frame.pivot(index="manad", columns="matt", values="value")
    rate = wide["Arbetslösa"] / wide["Arbetskraft"]
    return rate.set_axis(pd.PeriodIndex(rate.index, freq="M"))


class TestForecast:
    def test_it_stands_beside_the_naive_one(self) -> None:
        series = wandering(120)
        result = forecast(series, horizon=12)
        assert (result.method, result.reason) == ("seasonal_level", "better_than_naive")
        assert result.origin == series.index[-1]
        np.testing.assert_allclose(result.frame["naive"], series.iloc[-12:])
        frame = result.frame
        assert frame["period"].iloc[-1] == series.index[-1] + 12
        for prefix, point in (("", "point"), ("naive_", "naive")):
            order = [f"{prefix}low_95", f"{prefix}low_80", point]
            order += [f"{prefix}high_80", f"{prefix}high_95"]
            assert (frame[order].diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)
        maes = result.backtest.groupby("method")["mae"].mean()
        assert maes["seasonal_level"] < maes["seasonal_naive"]
        assert set(result.backtest["confidence"]) == {0.80, 0.95}

    def test_the_interval_is_the_quantile_of_the_stated_errors(self) -> None:
        result = forecast(wandering(120), horizon=3)
        row = result.frame.iloc[2]
        errors = result.errors.loc[result.errors["horizon"] == 3, "error"]
        assert row["errors"] == len(errors) == 120 - 36 - 2
        assert row["independent_errors"] == pytest.approx(1 + (len(errors) - 1) / 3)
        width = half_width(errors, confidence=0.8, independent=row["independent_errors"])
        assert row["high_80"] - row["point"] == pytest.approx(width)
        tested = result.backtest.query("horizon == 3 and method == 'seasonal_level'")
        np.testing.assert_allclose(tested["mae"], errors.abs().mean())

    def test_where_it_is_not_better_naive_is_used_and_said(self) -> None:
        """Years that repeat with noise: last month says nothing about this one."""
        rng = np.random.default_rng(5)
        year = rng.normal(0, 0.02, 12)
        values = 0.2 + np.resize(year, 120) + np.resize([0.03, -0.03], 120)
        values[::7] += 0.02
        series = monthly(values)
        result = forecast(series, horizon=12)
        assert (result.method, result.reason) == ("seasonal_naive", "not_better_than_naive")
        np.testing.assert_array_equal(result.frame["point"], result.frame["naive"])
        asked = forecast(series, horizon=12, method="seasonal_level")
        assert (asked.method, asked.reason) == ("seasonal_level", "asked_for")

    def test_order_of_rows_is_irrelevant_and_the_input_stays(self) -> None:
        series = wandering(80)
        shuffled = series.sample(frac=1, random_state=4)
        before = shuffled.copy()
        result = forecast(shuffled, horizon=6)
        pd.testing.assert_series_equal(shuffled, before)
        pd.testing.assert_frame_equal(result.frame, forecast(series, horizon=6).frame)

    def test_fewer_than_19_errors_give_no_95_per_cent_interval(self) -> None:
        result = forecast(wandering(36 + 20), horizon=3)
        frame = result.frame.set_index("horizon")
        assert frame["errors"].tolist() == [20, 19, 18]
        assert frame["low_95"].isna().tolist() == [False, False, True]
        assert frame["low_80"].notna().all()

    def test_a_short_series_has_a_forecast_and_no_intervals(self) -> None:
        result = forecast(wandering(30), horizon=6)
        assert (result.method, result.reason) == ("seasonal_naive", "too_few_errors")
        assert result.frame["point"].notna().all()
        assert result.frame[["low_80", "high_80", "low_95", "high_95"]].isna().all(axis=None)
        assert result.backtest.empty
        with pytest.raises(SchemaError, match="one year"):
            forecast(wandering(11), horizon=1)

    def test_the_last_months_not_yet_known_are_forecast(self) -> None:
        series = wandering(80)
        late = series.copy()
        late.iloc[-2:] = np.nan
        result = forecast(late, horizon=4)
        assert result.origin == series.index[-3]
        pd.testing.assert_frame_equal(result.frame, forecast(series.iloc[:-2], horizon=4).frame)

    def test_a_missing_month_stays_missing_in_the_naive_forecast(self) -> None:
        series = wandering(80)
        series.iloc[-5] = np.nan
        frame = forecast(series, horizon=12).frame
        assert frame["naive"].isna().sum() == 1
        assert frame["naive_low_80"].isna().sum() == 1
        mean = forecast(series, horizon=12, reading="mean_12m", method="seasonal_naive").frame
        assert mean["point"].isna().all()

    def test_a_12_month_mean(self) -> None:
        series = wandering(100)
        months = forecast(series, horizon=24, method="seasonal_level").frame["point"]
        means = forecast(series, horizon=24, method="seasonal_level", reading="mean_12m").frame
        assert means["point"].iloc[23] == pytest.approx(months.iloc[12:].mean())
        joined = np.append(series.iloc[-7:], months.iloc[:5])
        assert means["point"].iloc[4] == pytest.approx(joined.mean())

    @pytest.mark.parametrize("kind", ["rate", "count", "gap"])
    def test_every_kind_keeps_to_its_values(self, kind: str) -> None:
        rng = np.random.default_rng(6)
        values = {
            "rate": rng.beta(0.3, 3, 90),
            "count": rng.poisson(3, 90).astype(float),
            "gap": rng.normal(0, 9, 90),
        }[kind]
        frame = forecast(monthly(values), horizon=12, kind=kind).frame
        assert frame["low_95"].min() < (0.001 if kind != "gap" else -5)
        if kind != "gap":
            assert frame[["low_95", "naive_low_95"]].min(axis=None) >= 0
        if kind == "rate":
            assert frame[["high_95", "naive_high_95"]].max(axis=None) <= 1

    def test_an_own_method(self) -> None:
        def half(values: np.ndarray, horizon: int, season: int) -> np.ndarray:
            return np.zeros(horizon)

        result = forecast(wandering(80), horizon=2, method=half)
        assert (result.method, result.reason) == ("own", "asked_for")
        assert result.frame["point"].tolist() == [0.5, 0.5]  # logit 0

    def test_years_and_quarters(self) -> None:
        yearly = pd.Series(np.linspace(0.1, 0.3, 30), pd.period_range("1990", periods=30, freq="Y"))
        result = forecast(yearly, horizon=2)
        assert (result.method, result.reason) == ("seasonal_naive", "not_better_than_naive")
        assert result.frame["point"].tolist() == pytest.approx([0.3, 0.3])
        quarters = wandering(90).iloc[2::3]
        quarters.index = pd.period_range("2000Q1", periods=30, freq="Q")
        assert str(forecast(quarters, horizon=4).frame["period"].iloc[0]) == "2007Q3"

    def test_refusals(self) -> None:
        with pytest.raises(UsageError, match="Did you mean 'seasonal_naive'"):
            forecast(wandering(60), horizon=1, method="seasonal_naiv")
        with pytest.raises(UsageError, match="1 or more"):
            forecast(wandering(60), horizon=0)
        with pytest.raises(UsageError, match="Unknown reading"):
            forecast(wandering(60), horizon=1, reading="mean")
        with pytest.raises(SchemaError, match="Divide per cent"):
            forecast(wandering(60) * 100, horizon=1)

    def test_the_result_is_frozen(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            forecast(wandering(60), horizon=1).method = "other"  # type: ignore[misc]


class TestRealSeries:
    @pytest.mark.parametrize("region", ["Riket", "Linköping"])
    def test_foreign_born_registered_unemployment(self, shared: Path, region: str) -> None:
        """Better than naive within the year, the same a year ahead, as docs/ says."""
        result = forecast(linkoping(shared, region, "UTRIKES"), horizon=12)
        assert result.method == "seasonal_level"
        mae = result.backtest.query("confidence == 0.8").pivot(
            index="horizon", columns="method", values="mae"
        )
        assert (mae["seasonal_level"] < mae["seasonal_naive"]).iloc[:11].all()
        assert mae.loc[12, "seasonal_level"] == pytest.approx(mae.loc[12, "seasonal_naive"])
        assert mae.loc[1, "seasonal_level"] < 0.25 * mae.loc[1, "seasonal_naive"]

    def test_known_error_of_seasonal_naive(self, shared: Path) -> None:
        """METHOD 6: 1.91 pp 24 months ahead (Sweden, half-yearly origins from December 2014)."""
        values = linkoping(shared, "Riket", "UTRIKES").to_numpy()
        errors = [
            values[at + 24] - seasonal_naive(values[: at + 1], 24, 12)[-1]
            for at in range(83, len(values) - 24, 6)
        ]
        assert 100 * np.mean(np.abs(errors)) == pytest.approx(1.91, abs=0.005)


def made(errors: np.ndarray, *, point: float = 0.10, horizon: int = 1) -> Forecast:
    """A forecast one month ahead with given errors, for checking the arithmetic."""
    origin = pd.Period("2024-12", "M")
    origins = pd.period_range("2010-01", periods=len(errors), freq="M")
    return Forecast(
        origin=origin,
        method="seasonal_level",
        reason="asked_for",
        kind="rate",
        reading="period",
        frame=pd.DataFrame(
            {
                "period": [origin + horizon],
                "horizon": [horizon],
                "point": [point],
                "errors": [len(errors)],
                "independent_errors": [1 + (len(errors) - 1) / horizon],
            }
        ),
        backtest=pd.DataFrame(),
        errors=pd.DataFrame({"horizon": horizon, "origin": origins, "error": errors}),
    )


class TestProbability:
    def test_by_hand(self) -> None:
        errors = np.linspace(-0.019, 0.019, 39)  # −19 … 19 thousandths
        reached = probability_reached(made(errors), 0.095, period="2025-01")
        # 0.10 + e ≤ 0.095 for e ≤ −0.005: 15 of 39, the same with the signs turned.
        assert reached.probability == pytest.approx(15.5 / 40)
        assert (reached.low, reached.high) == pytest.approx((15 / 40, 16 / 40))
        assert (reached.errors, reached.independent_errors, reached.reason) == (39, 39, "")

    def test_errors_count_with_both_signs(self) -> None:
        result = made(np.full(20, 0.02))
        up = probability_reached(result, 0.11, period="2025-01", better="up")
        down = probability_reached(result, 0.09, period="2025-01", better="down")
        assert up.probability == down.probability == pytest.approx(10.5 / 21)

    def test_it_agrees_with_the_interval(self) -> None:
        errors = np.random.default_rng(7).normal(0, 0.01, 199)
        width = half_width(errors, confidence=0.8)
        reached = probability_reached(made(errors), 0.1 - width, period="2025-01")
        assert reached.probability == pytest.approx(0.1, abs=0.006)

    def test_overlapping_errors_leave_more_doubt(self) -> None:
        errors = np.linspace(-0.01, 0.01, 25)
        month = probability_reached(made(errors), 0.05, period="2025-01")
        year = probability_reached(made(errors, horizon=12), 0.05, period="2025-12")
        assert month.probability == pytest.approx(0.5 / 26)
        assert year.probability == pytest.approx(0.5 / 4)
        assert (year.low, year.high) == pytest.approx((0, 0.25))

    def test_too_few_errors_are_no_probability(self) -> None:
        reached = probability_reached(made(np.full(18, 0.01)), 0.05, period="2025-01")
        assert np.isnan([reached.probability, reached.low, reached.high]).all()
        assert (reached.reason, reached.errors) == ("too_few_errors", 18)
        missing = probability_reached(made(np.full(30, 0.01), point=np.nan), 0.05, period="2025-01")
        assert np.isnan(missing.probability)
        assert missing.reason == "no_forecast"

    @given(st.lists(st.floats(0.01, 0.4), min_size=2, max_size=2), st.booleans())
    @settings(max_examples=25, deadline=None)
    def test_laws(self, levels: list[float], up: bool) -> None:
        result = made(np.random.default_rng(9).normal(0, 0.03, 60), point=0.2)
        better = "up" if up else "down"
        easy, hard = sorted(levels, reverse=not up)
        first, second = (
            probability_reached(result, level, period="2025-01", better=better).probability
            for level in (easy, hard)
        )
        assert 0 < second <= first < 1

    def test_refusals(self) -> None:
        result = made(np.full(30, 0.01))
        with pytest.raises(UsageError, match="longer horizon"):
            probability_reached(result, 0.05, period="2026-01")
        with pytest.raises(UsageError, match="Divide per cent"):
            probability_reached(result, 5.0, period="2025-01")
        with pytest.raises(SchemaError, match="Not a period: 'soon'"):
            probability_reached(result, 0.05, period="soon")
        with pytest.raises(UsageError, match="Unknown better"):
            probability_reached(result, 0.05, period="2025-01", better="lower")
