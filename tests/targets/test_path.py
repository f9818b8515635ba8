"""The path: its ends, its middle, and how it moves with the baseline."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integstats.targets.path import goal_value, path_gradient, path_value

SHARES = st.floats(0.001, 0.999)
FRACTIONS = st.floats(0, 1)


def test_halfway_to_a_half() -> None:
    assert path_value(0.20, 0.10, 0.5, path="linear") == pytest.approx(0.15)
    assert path_value(0.20, 0.05, 0.5, path="geometric") == pytest.approx(0.10)


def test_where_each_kind_leads() -> None:
    baseline = np.array([0.2, 0.1])
    assert goal_value(baseline, kind="relative_reduction", amount=0.25) == pytest.approx(
        [0.15, 0.075]
    )
    assert goal_value(baseline, kind="level", amount=0.08).tolist() == [0.08, 0.08]
    assert goal_value(np.array([100.0]), kind="added_count", amount=-30).tolist() == [70.0]
    assert goal_value(np.array([np.nan]), kind="count", amount=50).tolist() == [50.0]


@pytest.mark.parametrize("path", ["linear", "geometric"])
@given(b=SHARES, goal=SHARES)
def test_the_ends_are_exact(path: str, b: float, goal: float) -> None:
    ends = path_value(b, goal, [0, 1], path=path)
    assert ends.tolist() == [b, goal]


@given(b=SHARES, f=FRACTIONS)
def test_a_target_at_the_baseline_is_a_flat_path(b: float, f: float) -> None:
    assert path_value(b, b, f, path="linear") == b


def test_a_geometric_path_needs_both_ends_above_zero() -> None:
    assert np.isnan(path_value([0.0, 0.2], [0.1, 0.0], 0.5, path="geometric")).all()


@pytest.mark.parametrize("path", ["linear", "geometric"])
@pytest.mark.parametrize(
    ("kind", "amount"),
    [("relative_reduction", 0.5), ("level", 0.07), ("gap_pp", 0.03), ("count", 0.4)],
)
@given(b=st.floats(0.05, 0.9), f=FRACTIONS)
def test_the_gradient_is_the_derivative(
    path: str, kind: str, amount: float, b: float, f: float
) -> None:
    def at(baseline: float) -> float:
        goal = goal_value(baseline, kind=kind, amount=amount)
        return float(path_value(baseline, goal, f, path=path))

    step = 1e-6
    slope = (at(b + step) - at(b - step)) / (2 * step)
    goal = goal_value(b, kind=kind, amount=amount)
    assert path_gradient(b, goal, f, kind=kind, path=path) == pytest.approx(slope, abs=1e-5)


def test_an_added_count_shifts_the_whole_path() -> None:
    assert path_gradient(100.0, 600.0, [0, 0.5, 1], kind="added_count", path="linear").tolist() == [
        1, 1, 1,
    ]  # fmt: skip


def test_halving_nothing_stays_at_nothing() -> None:
    assert path_value(0.0, 0.0, 0.5, path="linear") == 0
    gradient = path_gradient(0.0, 0.0, 0.5, kind="relative_reduction", path="linear")
    assert np.isfinite(gradient)
