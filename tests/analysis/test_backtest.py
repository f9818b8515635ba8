from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from integstats.analysis.backtest import (
    half_width,
    independent_errors,
    interval_score,
    intervals,
    non_overlapping,
    rolling_origin,
    scores,
)
from integstats.analysis.methods import METHODS
from integstats.errors import SchemaError, UsageError


def last_value(values: np.ndarray, horizon: int, season: int) -> np.ndarray:
    return np.repeat(values[-1], horizon)


def monthly(values: np.ndarray) -> pd.Series:
    return pd.Series(values, pd.period_range("2010-01", periods=len(values), freq="M"))


def white(count: int, *, seed: int = 1) -> pd.Series:
    return monthly(np.random.default_rng(seed).normal(0, 1, count))


class TestRollingOrigin:
    def test_only_what_was_known_is_used(self) -> None:
        seen: list[tuple[float, int]] = []

        def spy(values: np.ndarray, horizon: int, season: int) -> np.ndarray:
            seen.append((values[-1], len(values)))
            values[:] = -99  # the method cannot reach the data
            return np.zeros(horizon)

        series = monthly(np.arange(48.0))
        result = rolling_origin(series, spy, horizons=[1, 6], kind="gap")
        assert seen == [(float(n - 1), n) for n in range(36, 48)]
        assert result["error"].equals(result["actual"])
        assert len(result) == 12 + 7
        assert (result["period"] - result["origin"]).map(lambda x: x.n).equals(result["horizon"])

    @pytest.mark.parametrize("name", METHODS)
    def test_a_name_is_the_method_of_that_name(self, name: str) -> None:
        by_name = rolling_origin(white(60), name, horizons=[1, 12], kind="gap")
        by_function = rolling_origin(white(60), METHODS[name], horizons=[1, 12], kind="gap")
        pd.testing.assert_frame_equal(by_name, by_function)

    def test_a_name_that_no_method_has(self) -> None:
        allowed = r"Unknown method: 'seasonal_leve'.*'seasonal_level'.*seasonal_level, or a func"
        with pytest.raises(UsageError, match=allowed):
            rolling_origin(white(60), "seasonal_leve", horizons=[1], kind="gap")

    def test_order_of_rows_is_irrelevant_and_the_input_stays(self) -> None:
        series = white(60).sample(frac=1, random_state=2)
        before = series.copy()
        result = rolling_origin(series, last_value, horizons=[3, 1], kind="gap")
        pd.testing.assert_series_equal(series, before)
        expected = rolling_origin(series.sort_index(), last_value, horizons=[1, 3], kind="gap")
        pd.testing.assert_frame_equal(result, expected)

    def test_missing_never_becomes_a_number(self) -> None:
        values = white(60).to_numpy().copy()
        values[[40, 50]] = np.nan
        result = rolling_origin(monthly(values), last_value, horizons=[1, 2], kind="gap")
        assert pd.Period("2013-05", "M") not in set(result["origin"])
        assert result["error"].isna().equals(result["actual"].isna())
        assert set(result.loc[result["error"].isna(), "period"].astype(str)) == {
            "2013-05",
            "2014-03",
        }

    def test_a_12_month_mean_forecasts_only_the_months_not_known(self) -> None:
        series = white(60)
        result = rolling_origin(
            series, last_value, horizons=[1, 5, 12], kind="gap", reading="mean_12m"
        )
        at = result[result["origin"] == pd.Period("2013-06", "M")].set_index("horizon")["forecast"]
        values = series.to_numpy()
        for h in (1, 5, 12):
            known = values[41 - (12 - h) + 1 : 42]
            assert at[h] == pytest.approx((known.sum() + h * values[41]) / 12)
        actual = series.rolling(12).mean().reindex(result["period"]).to_numpy()
        np.testing.assert_allclose(result["actual"], actual)

    def test_first_origin_and_step(self) -> None:
        result = rolling_origin(
            white(60), last_value, horizons=[1], first_origin="2014-01", step=3, kind="gap"
        )
        assert result["origin"].astype(str).tolist() == ["2014-01", "2014-04", "2014-07", "2014-10"]

    def test_a_series_too_short_gives_no_rows(self) -> None:
        result = rolling_origin(white(36), last_value, horizons=[1], kind="gap")
        assert result.empty
        assert list(result.columns)[:3] == ["origin", "horizon", "period"]

    def test_refusals(self) -> None:
        with pytest.raises(UsageError, match="1 or more"):
            rolling_origin(white(60), last_value, horizons=[0], kind="gap")
        with pytest.raises(UsageError, match="one per period ahead"):
            rolling_origin(white(60), lambda *_: np.zeros(1), horizons=[2], kind="gap")
        with pytest.raises(SchemaError, match="outside the series"):
            rolling_origin(white(60), last_value, horizons=[1], first_origin="2030-01", kind="gap")
        with pytest.raises(SchemaError, match="Divide per cent"):
            rolling_origin(white(60) * 100, last_value, horizons=[1])


class TestHalfWidth:
    def test_the_rank(self) -> None:
        assert half_width(np.arange(1, 40), confidence=0.95) == 38
        assert half_width(-np.arange(1.0, 10), confidence=0.8) == 8
        assert np.isnan(half_width([1.0, 2, 3], confidence=0.8))
        assert half_width([1.0, 2, 3, 4], confidence=0.8) == 4

    def test_fewer_than_19_errors_give_no_95_per_cent_interval(self) -> None:
        errors = np.append(np.arange(1.0, 19), np.nan)
        assert np.isnan(half_width(errors, confidence=0.95))
        assert half_width(np.append(errors, 19), confidence=0.95) == 19

    def test_overlapping_errors_are_worth_fewer(self) -> None:
        errors = np.arange(1.0, 101)
        assert half_width(errors, confidence=0.8, independent=100) == 81
        assert half_width(errors, confidence=0.8, independent=10) == 88
        assert half_width(errors, confidence=0.8, independent=4) == 100
        assert half_width(errors, confidence=0.95, independent=4) == 100
        assert np.isnan(half_width(errors, confidence=0.95, independent=3.9))

    @given(arrays(float, st.integers(19, 60), elements=st.floats(-5, 5)), st.integers(1, 20))
    @settings(max_examples=40)
    def test_laws(self, errors: np.ndarray, horizon: int) -> None:
        origins = pd.period_range("2000-01", periods=len(errors), freq="M")
        apart = independent_errors(origins, horizon)
        narrow, wide = (half_width(errors, confidence=c, independent=apart) for c in (0.8, 0.95))
        assert narrow <= half_width(errors, confidence=0.8, independent=1)
        assert half_width(errors, confidence=0.8) <= narrow
        assert np.isnan(wide) or wide >= narrow
        assert half_width(errors[::-1], confidence=0.8, independent=apart) == narrow
        assert half_width(3 * errors, confidence=0.8, independent=apart) == pytest.approx(
            3 * narrow
        )

    @pytest.mark.parametrize(("count", "confidence"), [(19, 0.95), (30, 0.95), (9, 0.8), (50, 0.8)])
    def test_coverage_of_exchangeable_errors_is_exact(self, count: int, confidence: float) -> None:
        """With exchangeable errors the next is covered with probability rank / (n + 1)."""
        draws = np.random.default_rng(count).standard_t(3, (4000, count + 1))
        widths = np.array([half_width(one[:-1], confidence=confidence) for one in draws])
        exact = np.ceil((count + 1) * confidence - 1e-9) / (count + 1)
        assert (abs(draws[:, -1]) <= widths).mean() == pytest.approx(exact, abs=0.018)
        assert exact >= confidence - 1e-12


class TestIntervals:
    def constant(self, values: np.ndarray, horizon: int, season: int) -> np.ndarray:
        return np.zeros(horizon)

    def test_each_interval_uses_only_what_was_known_then(self) -> None:
        test = rolling_origin(white(120), self.constant, horizons=[1, 6], kind="gap")
        result = intervals(test, confidence=0.8, kind="gap")
        for row in result[result["horizon"] == 6].iloc[[20, 50]].itertuples():
            known = test[(test["horizon"] == 6) & (test["period"] <= row.origin)]
            apart = independent_errors(pd.PeriodIndex(known["origin"]), 6)
            width = half_width(known["error"], confidence=0.8, independent=apart)
            assert row.errors == len(known)
            assert row.high == pytest.approx(row.forecast + width)
        later = test.copy()
        later.loc[later["period"] > pd.Period("2015-01", "M"), ["actual", "error"]] *= 50
        before = result[result["origin"] <= pd.Period("2015-01", "M")]
        again = intervals(later, confidence=0.8, kind="gap")
        np.testing.assert_array_equal(
            before["high"], again.loc[again["origin"] <= pd.Period("2015-01", "M"), "high"]
        )

    def test_a_fixed_calibration(self) -> None:
        test = rolling_origin(white(120), self.constant, horizons=[1], kind="gap")
        result = intervals(test, confidence=0.95, kind="gap", calibrate_until="2015-12")
        assert result["origin"].min() == pd.Period("2015-12", "M")
        assert result["errors"].unique().tolist() == [36]
        known = test.loc[test["period"] <= pd.Period("2015-12", "M"), "error"]
        width = half_width(known, confidence=0.95)
        np.testing.assert_allclose(result["high"] - result["forecast"], width)

    def test_coverage_on_independent_errors(self) -> None:
        covered = []
        for seed in range(12):
            test = rolling_origin(white(150, seed=seed), self.constant, horizons=[1], kind="gap")
            covered.append(scores(intervals(test, confidence=0.8, kind="gap"))["coverage"].iloc[0])
        assert np.mean(covered) == pytest.approx(0.8, abs=0.04)

    def test_intervals_of_rates_stay_within_0_and_1(self) -> None:
        values = monthly(np.random.default_rng(3).beta(0.5, 0.5, 90))
        test = rolling_origin(values, last_value, horizons=[1])
        result = intervals(test, confidence=0.95).dropna()
        assert result["low"].min() == 0
        assert result["high"].max() == 1

    def test_too_few_errors_are_no_interval(self) -> None:
        test = rolling_origin(white(60), self.constant, horizons=[1], kind="gap")
        result = intervals(test, confidence=0.95, kind="gap")
        few = result["errors"] < 19
        assert few.sum() == 19
        assert result.loc[few, ["low", "high", "covered", "score"]].isna().all(axis=None)
        assert result.loc[~few, "low"].notna().all()


class TestScores:
    def test_interval_score_by_hand(self) -> None:
        """Gneiting & Raftery (2007): width, plus 2/α of what is missed on either side."""
        result = interval_score([1.0, 3.0, 4.5, np.nan], 2.0, 4.0, confidence=0.95)
        np.testing.assert_allclose(result, [42.0, 2.0, 22.0, np.nan])

    @given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 3))
    @settings(max_examples=40)
    def test_no_interval_scores_better_than_a_point_on_the_outcome(
        self, actual: float, low: float, width: float
    ) -> None:
        assert interval_score([actual], low, low + width, confidence=0.8)[0] >= 0

    def test_wilson_on_non_overlapping_origins(self) -> None:
        """Newcombe (1998): 16 of 22 → 51.8–86.8 %."""
        origin = pd.period_range("2000-01", periods=64, freq="M")
        covered = np.zeros(64)
        covered[::3] = [1.0] * 16 + [0.0] * 6
        tested = pd.DataFrame(
            {
                "origin": origin,
                "horizon": 3,
                "confidence": 0.95,
                "error": np.where(np.arange(64) % 2, 1.0, -3.0),
                "covered": covered,
                "score": 2.0,
            }
        )
        row = scores(tested).iloc[0]
        assert (row["independent"], row["covered"]) == (22, 16)
        assert row["coverage_low"] == pytest.approx(0.518483, abs=5e-6)
        assert row["coverage_high"] == pytest.approx(0.868492, abs=5e-6)
        assert row["coverage"] == pytest.approx(16 / 64)
        assert row["mae"] == 2

    def test_nothing_to_divide_is_missing(self) -> None:
        test = rolling_origin(white(45), last_value, horizons=[1], kind="gap")
        row = scores(intervals(test, confidence=0.95, kind="gap")).iloc[0]
        assert row["origins"] == 9
        assert row["intervals"] == row["independent"] == 0
        assert row[["coverage", "score", "coverage_low", "coverage_high"]].isna().all()

    def test_origins_apart(self) -> None:
        origins = pd.PeriodIndex(["2020-09", "2020-01", "2020-05", "2020-07"], freq="M")
        assert non_overlapping(origins, 4).tolist() == [True, True, True, False]
