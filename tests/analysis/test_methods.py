from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from integstats.analysis.methods import seasonal_level, seasonal_naive

WAVE = np.sin(2 * np.pi * np.arange(12) / 12)


@given(arrays(float, st.integers(24, 70), elements=st.floats(-3, 3)), st.sampled_from([12, 4]))
@settings(max_examples=40)
def test_whole_years_ahead_the_level_method_is_the_naive_one(
    values: np.ndarray, season: int
) -> None:
    level, naive = (one(values, 24, season) for one in (seasonal_level, seasonal_naive))
    at = slice(season - 1, None, season)
    np.testing.assert_allclose(level[at], naive[at], atol=1e-9)


@given(st.floats(-5, 5), st.floats(-0.1, 0.1), st.integers(24, 60))
@settings(max_examples=30)
def test_a_straight_line_with_a_fixed_season(start: float, pace: float, count: int) -> None:
    season = np.resize(WAVE, count + 12)
    values = start + pace * np.arange(count) + season[:count]
    expected = start + pace * (count - 1) + season[count : count + 12]
    np.testing.assert_allclose(seasonal_level(values, 12, 12), expected, atol=1e-9)


def test_a_missing_value_is_never_a_forecast() -> None:
    values = np.arange(40.0)
    values[30] = np.nan
    assert np.isnan(seasonal_naive(values, 12, 12)).tolist() == [False, False, True] + 9 * [False]
    # Known in other years, so the season of that month is known.
    assert not np.isnan(seasonal_level(values, 12, 12)).any()
    assert np.isnan(seasonal_level(np.append(values, np.nan), 12, 12)).all()
    assert np.isnan(seasonal_level(values[:23], 12, 12)).all()
    assert np.isnan(seasonal_naive(np.arange(5.0), 12, 12)).sum() == 7


def test_years_have_no_season() -> None:
    for method in (seasonal_level, seasonal_naive):
        assert method(np.array([1.0, 2, 5]), 2, 1).tolist() == [5, 5]
