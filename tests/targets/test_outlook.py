"""The probability of meeting a target: only beside what such forecasts have been worth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from integstats import catalogue
from integstats.analysis.forecast import forecast, probability_reached
from integstats.catalogue import Break
from integstats.errors import TargetError
from integstats.targets.outlook import outlook
from integstats.targets.target import Target

GIVEN: dict[str, Any] = {
    "places": "Malmö", "sex": "women", "birth_region": "foreign_born", "baseline": "2024-06",
    "deadline": "2026-12",
}  # fmt: skip


def reduced(share: float, **changes: Any) -> Target:
    return Target.reduce("unemployment_rate", share, **{**GIVEN, **changes})


def test_it_is_the_forecast_with_its_past_beside_it(bas: pd.DataFrame) -> None:
    found = outlook(reduced(0.2), bas)
    assert (found.reason, found.horizon, str(found.origin)) == ("", 6, "2026-06")
    rows = bas[
        (bas["place"] == "1280") & (bas["sex"] == "women") & (bas["birth_region"] == "foreign_born")
    ]
    series = pd.Series(
        (rows["unemployed"] / rows["labour_force"]).to_numpy(), pd.PeriodIndex(rows["period"])
    )
    asked = forecast(series.sort_index(), horizon=6, reading="mean_12m")
    expected = probability_reached(asked, found.goal, period="2026-12")
    assert found.probability == expected.probability
    assert found.own is not None
    assert found.naive is not None
    assert found.naive.method == "seasonal_naive"
    assert found.own.errors >= 19
    for past in (found.own, found.naive):
        assert past.mae > 0
        assert 0 <= past.coverage_80 <= 1
        assert 0 < past.probability < 1


def test_an_easier_target_is_at_least_as_probable(bas: pd.DataFrame) -> None:
    found = [outlook(reduced(share), bas).probability for share in (0.01, 0.05, 0.2, 0.5)]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("deadline", "reason"),
    [
        ("2026-06", "deadline_published"),
        ("2028-06", "coverage_unknown"),
        ("2029-06", "too_few_errors"),
    ],
)
def test_it_is_refused_with_the_reason(bas: pd.DataFrame, deadline: str, reason: str) -> None:
    found = outlook(reduced(0.2, deadline=deadline), bas)
    assert found.reason == reason
    assert math.isnan(found.probability)
    assert math.isnan(found.low)


def test_short_and_broken_series(
    made: Callable[..., pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = made(unemployed=[200.0] * 8, labour_force=2000.0)
    target = reduced(0.2, baseline="2020-03", deadline="2021-03", reading="month")
    assert outlook(target, short).reason == "short_series"
    small = made(unemployed=[2.0] * 20, labour_force=20.0)
    later = reduced(0.2, baseline="2020-03", deadline="2022-03", reading="month")
    assert outlook(later, small).reason == "baseline_missing"
    one = Break(
        id="made-break", datasets=("*",), measures=(), ages=(), places=(), effect="blocks",
        first_period="2020-06", text_sv="", text_en="", evidence="", url="",
    )  # fmt: skip
    monkeypatch.setattr(catalogue, "breaks_for", lambda **_: (one,))
    assert outlook(target, short).reason == "break"


@pytest.mark.parametrize(
    "target",
    [
        Target.close_gap("employment_rate", to_pp=20, **{**GIVEN, "birth_region": ""}),
        Target.close_gap("unemployment_rate", to_ratio=2.0, **GIVEN),
        Target.add_count("employed", 100, **GIVEN),
        Target.reach("employment_rate", 0.66, **GIVEN),
    ],
    ids=lambda one: f"{one.kind}-{one.unit}",
)
def test_every_unit_is_forecast(bas: pd.DataFrame, target: Target) -> None:
    found = outlook(target, bas)
    assert found.reason == ""
    assert 0 < found.probability < 1
    assert found.forecast is not None
    assert np.isfinite(found.forecast.frame["point"].iloc[-1])


def test_outside_the_data(bas: pd.DataFrame) -> None:
    with pytest.raises(TargetError, match="outside the data"):
        outlook(reduced(0.2, baseline="2018-06", deadline="2028-06"), bas)


@pytest.mark.parametrize("deadline", ["2026-03", "2027-06"])
def test_the_figures_sources_are_known_also_where_it_is_refused(bas, deadline):
    found = outlook(reduced(0.2, deadline=deadline), bas)
    assert bool(found.reason) == (deadline == "2026-03")
    assert [one.dataset.table_id for one in found.sources] == ["TAB6260"]
