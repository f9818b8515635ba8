from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from integstats.analysis.series import (
    check_kind,
    from_scale,
    from_table,
    regular,
    rolling_mean,
    season_length,
    to_scale,
)
from integstats.errors import SchemaError, UsageError


def test_a_left_out_period_is_missing_and_order_does_not_matter() -> None:
    index = pd.PeriodIndex(["2024Q4", "2024Q1", "2024Q2"], freq="Q")
    result = regular(pd.Series([4, 1, 2], index))
    assert result.index.astype(str).tolist() == ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]
    np.testing.assert_array_equal(result, [1, 2, np.nan, 4])


@pytest.mark.parametrize(
    ("values", "index", "message"),
    [
        ([1.0, 2.0], pd.PeriodIndex(["2024-01", "2024-01"], freq="M"), "2024-01"),
        ([1.0, 2.0], pd.PeriodIndex(["2024-01", None], freq="M"), "missing period"),
        ([1.0, 2.0], pd.Index([0, 1]), "PeriodIndex"),
        ([np.nan, np.nan], pd.PeriodIndex(["2024-01", "2024-02"], freq="M"), "no known value"),
        (["a", "b"], pd.PeriodIndex(["2024-01", "2024-02"], freq="M"), "must hold numbers"),
        ([np.inf, 1.0], pd.PeriodIndex(["2024-01", "2024-02"], freq="M"), "infinite"),
    ],
)
def test_what_is_no_series_is_refused(values: list[object], index: pd.Index, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        regular(pd.Series(values, index))


def test_more_than_one_series_names_the_keys_that_vary() -> None:
    frame = pd.DataFrame(
        {
            "place": ["00", "12"],
            "sex": ["women", "women"],
            "period": pd.PeriodIndex(["2024-01", "2024-01"], freq="M"),
            "unemployed": [1.0, 2.0],
        }
    )
    with pytest.raises(SchemaError, match=r"place: 00, 12"):
        from_table(frame, "unemployed")
    assert from_table(frame[frame["place"] == "12"], "unemployed").tolist() == [2.0]


def test_only_months_quarters_and_years() -> None:
    assert season_length(pd.Series(index=pd.PeriodIndex(["2024"], freq="Y"), dtype=float)) == 1
    with pytest.raises(UsageError, match="monthly, quarterly or yearly"):
        season_length(pd.Series(index=pd.PeriodIndex(["2024-01-01"], freq="D"), dtype=float))


def test_per_cent_are_not_taken_for_shares() -> None:
    with pytest.raises(SchemaError, match="Divide per cent by 100"):
        check_kind(np.array([0.4, 8.1]), "rate")
    check_kind(np.array([-3.0, np.nan, 120.0]), "gap")


@given(arrays(float, 6, elements=st.floats(0.001, 0.999)))
@settings(max_examples=30)
def test_the_scales_are_undone(shares: np.ndarray) -> None:
    np.testing.assert_allclose(from_scale(to_scale(shares, "rate"), "rate"), shares, atol=1e-12)
    np.testing.assert_allclose(
        from_scale(to_scale(1000 * shares, "count"), "count"), np.maximum(1000 * shares, 0.5)
    )


def test_a_missing_value_makes_every_window_it_is_in_missing() -> None:
    values = np.arange(30.0)
    values[14] = np.nan
    result = rolling_mean(values, 12)
    assert np.isnan(result[14:26]).all()
    assert result[26] == pytest.approx(np.arange(15, 27).mean())
    assert np.isnan(rolling_mean(np.ones(3), 12)).all()
