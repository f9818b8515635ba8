"""What change a place can show, against METHOD's answers and against its own formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.power import normal_power_het

from integstats.errors import TargetError, UsageError
from integstats.targets.detectability import POWER, SURE, detectability, frame, persons_needed
from integstats.targets.target import Target
from integstats.targets.track import track
from integstats.wording.detectability_sentences import detectability_text

GIVEN: dict[str, Any] = {
    "places": "Malmö", "sex": "women", "birth_region": "foreign_born",
    "baseline": "2024-06", "deadline": "2026-06",
}  # fmt: skip


@pytest.mark.parametrize(
    ("base", "half_time", "end"), [(0.16, 928, 201), (0.20, 711, 155)]
)  # METHOD section 7
def test_persons_for_a_halving(base: float, half_time: int, end: int) -> None:
    found = persons_needed(base, [0.75 * base, 0.5 * base])
    assert found.tolist() == [half_time, end]


@given(st.floats(0.02, 0.6), st.floats(0.3, 0.95))
@settings(max_examples=60, deadline=None)
def test_power_is_four_of_five(base: float, left: float) -> None:
    """statsmodels gives at least 80 per cent power with n persons, and less with fewer."""
    y = base * left
    n = float(persons_needed(base, y))
    spread = np.sqrt(base * (1 - base) + y * (1 - y))

    def power(persons: float) -> float:
        found = normal_power_het(
            base - y, persons, 0.05, std_null=spread, std_alternative=spread, alternative="larger"
        )
        return float(found)

    assert power(n) >= 0.80 - 1e-9
    assert power(n - 1) < 0.80 or n == 1


def test_no_change_needs_more_than_all() -> None:
    assert persons_needed([0.2, np.nan], 0.2)[0] == np.inf
    assert np.isnan(persons_needed([0.2, np.nan], 0.2)[1])
    with pytest.raises(UsageError, match="Divide per cent by 100"):
        persons_needed(16, 8)


def test_smallest_change_agrees_with_the_persons_needed(
    made: Callable[..., pd.DataFrame],
) -> None:
    """Without noise the smallest change with 711 persons from 20 per cent is 5 points."""
    table = made(unemployed=[142.2] * 30, labour_force=711.0, dataset="own-figures")
    target = Target.halve(
        "unemployment_rate", **{**GIVEN, "baseline": "2021-01", "deadline": "2023-01"},
        dataset="own-figures", age="20-64",
    )  # fmt: skip
    [found] = detectability(target, table)
    assert (found.needed_half_time, found.needed_end) == (711, 155)
    assert found.smallest == pytest.approx(0.05, abs=5e-5)
    assert found.advice == "enough"
    z = (found.baseline - (found.baseline - found.smallest)) / np.sqrt(
        (0.2 * 0.8 + (0.2 - found.smallest) * (0.8 + found.smallest)) / 711
    )
    assert z == pytest.approx(SURE + POWER, abs=1e-9)


def test_each_place_by_itself(bas: pd.DataFrame) -> None:
    target = Target.halve("unemployment_rate", **GIVEN)
    found = detectability(target, bas, places=["Gotlands län", "Malmö"])
    table = frame(found)
    assert table["place"].tolist() == ["09", "1280"]
    assert table["advice"].tolist() == ["only_at_deadline", "enough"]
    assert table["n"].tolist() == pytest.approx([1285.08, 35954.17], abs=0.01)
    assert table["needed_half_time"].tolist() == [1664, 816]
    gotland, malmo = found
    assert "minst 1\u202f664 personer: följ målet tillsammans med fler kommuner" in (
        gotland.sentence()
    )
    assert "personer krävs" not in malmo.sentence()


def test_the_first_period_is_the_one_of_the_verdict(bas: pd.DataFrame) -> None:
    """Rule 6 says too early until then: cut the figures before and at that period."""
    target = Target.halve("unemployment_rate", **{**GIVEN, "places": "Gotlands län"})
    [found] = detectability(target, bas)
    cut = bas[(bas["period"] <= target.baseline_period + 3).to_numpy()]
    early = track(target, cut).verdict
    assert early.status == "too_early"
    assert early.first_judgeable is not None
    # The persons of the latest reading differ a little from those of the baseline.
    assert abs(early.first_judgeable.ordinal - found.first_judgeable.ordinal) <= 1


def test_later_figures_are_not_needed(bas: pd.DataFrame) -> None:
    target = Target.halve("unemployment_rate", **GIVEN)
    known = bas[(bas["period"] <= target.baseline_period).to_numpy()]
    assert frame(detectability(target, known)).equals(frame(detectability(target, bas)))


def test_too_few_gets_advice(made: Callable[..., pd.DataFrame]) -> None:
    table = made(unemployed=[15.0] * 30, labour_force=100.0)
    target = Target.halve(
        "unemployment_rate", **{**GIVEN, "baseline": "2021-01", "deadline": "2023-01"}
    )
    [found] = detectability(target, table)
    assert found.advice == "too_few"
    assert found.first_judgeable == target.deadline_period
    text = found.sentence()
    assert "räcker inte ens vid måldatumet" in text
    assert "förläng målperioden" in text
    small = made(unemployed=[3.0] * 30, labour_force=20.0)
    [none] = detectability(target, small)
    assert (none.advice, none.sentence()) == ("no_figures", "")


@pytest.mark.parametrize(
    "target",
    [
        Target.close_gap("employment_rate", by_share=0.2, **GIVEN),
        Target.close_gap("unemployment_rate", to_ratio=2.0, **GIVEN),
        Target.add_count("employed", 3000, **GIVEN),
        Target.reach("employment_rate", 0.7, **GIVEN),
    ],
    ids=lambda one: f"{one.kind}-{one.unit}",
)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_kind_has_words(bas: pd.DataFrame, target: Target, lang: Any) -> None:
    [found] = detectability(target, bas)
    text = detectability_text(found, lang=lang)
    assert text.problems() == ()
    assert found.smallest > 0
    assert np.isnan(found.needed_end) == (target.unit != "share")


def test_a_rank_is_refused(bas: pd.DataFrame) -> None:
    with pytest.raises(TargetError, match="rank"):
        detectability(Target.reach_rank("employment_rate", 1, **GIVEN), bas)
