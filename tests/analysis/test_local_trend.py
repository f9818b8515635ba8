from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from integstats.analysis.local_trend import local_linear_trend
from integstats.errors import SchemaError

# Killed in road traffic in Finland 1970-2003.
FINLAND = [
    1055, 1143, 1156, 1086, 865, 910, 804, 709, 610, 650, 551, 555, 569, 604, 541, 541, 612,
    581, 653, 734, 649, 632, 601, 484, 480, 441, 404, 438, 400, 431, 396, 433, 415, 379,
]  # fmt: skip


def test_road_deaths_in_finland() -> None:
    """Commandeur & Koopman (2007), An introduction to state space time series analysis, 3.4."""
    series = pd.Series(FINLAND, pd.period_range("1970", periods=34, freq="Y"))
    trend = local_linear_trend(series, kind="count")
    assert trend.converged
    # The book leaves the constant of the two observations that start the trend out.
    assert (trend.log_likelihood + np.log(2 * np.pi)) / 34 == pytest.approx(0.7864746, abs=1e-6)
    assert trend.irregular_variance == pytest.approx(0.00320083, rel=1e-3)
    assert trend.slope_variance == pytest.approx(0.00153314, rel=1e-3)
    assert trend.level_variance < 1e-6
    first = trend.frame.iloc[0]
    assert np.log(first["level"]) == pytest.approx(7.0133, abs=1e-4)
    assert first["yearly_change"] / first["level"] == pytest.approx(0.0068482, abs=2e-5)
    assert np.isnan(trend.seasonal_variance)


def simulated(count: int = 120) -> tuple[pd.Series, np.ndarray]:
    rng = np.random.default_rng(8)
    slope = -0.004 + np.cumsum(rng.normal(0, 0.0005, count))
    level = -2 + np.cumsum(slope + rng.normal(0, 0.01, count))
    wave = 0.08 * np.sin(2 * np.pi * np.arange(count) / 12)
    logit = level + wave + rng.normal(0, 0.02, count)
    series = pd.Series(
        1 / (1 + np.exp(-logit)), pd.period_range("2012-01", periods=count, freq="M")
    )
    return series, 1 / (1 + np.exp(-level))


def test_the_interval_holds_the_level_behind_simulated_months() -> None:
    series, level = simulated()
    frame = local_linear_trend(series, confidence=0.95).frame
    inside = (frame["level_low"] <= level) & (level <= frame["level_high"])
    assert inside.mean() > 0.85
    assert (abs(frame["level"] - level)).mean() < (abs(series.to_numpy() - level)).mean() / 2
    narrow = local_linear_trend(series, confidence=0.5).frame
    assert (narrow["level_low"] > frame["level_low"]).all()


def test_a_missing_month_stays_missing_and_rows_may_be_shuffled() -> None:
    series, _ = simulated(60)
    gap = pd.Period("2014-03", "M")
    frame = local_linear_trend(series.drop(gap).sample(frac=1, random_state=1)).frame
    assert frame.loc[gap].isna().all()
    assert frame.drop(gap).notna().all(axis=None)


def test_rates_of_zero_are_moved_and_counted() -> None:
    series, _ = simulated(48)
    series.iloc[[3, 17]] = 0.0
    trend = local_linear_trend(series)
    assert trend.moved == 2
    assert trend.frame["observed"].iloc[3] == 0
    assert trend.frame["level_low"].gt(0).all()


def test_too_short_and_per_cent() -> None:
    series, _ = simulated(60)
    with pytest.raises(SchemaError, match="at least 36"):
        local_linear_trend(series.iloc[:30])
    with pytest.raises(SchemaError, match="Divide per cent"):
        local_linear_trend(series * 100)
