"""The eleven rules, pace, persons and Eurostat's ratio: pure numbers."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integstats.targets.chance import Basis, ahead_probability, z_score
from integstats.targets.path import goal_value, path_gradient, path_value
from integstats.targets.verdict import (
    Status,
    cagr_ratio,
    judge,
    judge_change,
    pace,
    reaches,
    share_done,
    shortfall,
    status_of,
)

SHARES = st.floats(0.001, 0.999)


def test_the_rules_have_the_statuses_of_the_method_in_its_order() -> None:
    assert [status_of(rule) for rule in range(1, 12)] == [
        "cannot_judge", "met", "missed", "below_target", "worse", "too_early",
        "no_certain_change", "ahead", "not_distinct", "behind", "far_behind",
    ]  # fmt: skip
    assert len(get_args(Status)) == 11


@pytest.mark.parametrize(
    ("z", "expected_z", "probability", "share", "rule"),
    [
        (-1.646, 9, 0, -1, 5),
        (-1.646, 0, 0, -1, 5),
        (-1.645, 9, 0, -1, 7),
        (9, 1.644, 0.99, 2, 6),
        (1.6, 1.6, 0.5, 1, 6),
        (1.644, 1.645, 0.5, 1, 7),
        (1.645, 1.645, 0.80, 1, 8),
        (9, 9, 0.7999, 1, 9),
        (9, 9, 0.5, 1, 9),
        (9, 9, 0.2001, 0.9, 9),
        (9, 9, 0.20, 0.60, 10),
        (9, 9, 0.20, 0.5999, 11),
        (9, 9, 0.0, 0.1, 11),
    ],
)
def test_rules_five_to_eleven_at_their_thresholds(
    z: float, expected_z: float, probability: float, share: float, rule: int
) -> None:
    assert judge_change([z], [expected_z], [probability], [share]).tolist() == [rule]


@pytest.mark.parametrize(
    ("hindered", "at_deadline", "reached", "stays_reached", "rule"),
    [
        (True, True, True, True, 1),
        (False, True, True, True, 2),
        (False, True, False, False, 3),
        (False, False, True, True, 4),
        (False, False, True, False, 5),
        (False, False, False, False, 5),
    ],
)
def test_the_first_four_rules_come_first(
    hindered: bool, at_deadline: bool, reached: bool, stays_reached: bool, rule: int
) -> None:
    found = judge(
        hindered=np.array([hindered]),
        at_deadline=np.array([at_deadline]),
        reached=np.array([reached]),
        stays_reached=np.array([stays_reached]),
        change=np.array([5]),
    )
    assert found.tolist() == [rule]


def on_the_path(
    b: float, amount: float, f: float, n: int, *, kind: str, path: str, better: str
) -> tuple[float, float, int]:
    """z, P and the rule of a place exactly on its path."""
    sign = 1 if better == "down" else -1
    basis = Basis("share", better, 2.1, n=np.array([float(n)]))
    goal = goal_value(np.array([b]), kind=kind, amount=amount)
    p = path_value(b, goal, f, path=path)
    variances = {"baseline_variance": basis.variance(b), "reading_variance": basis.variance(p)}
    z = z_score(b, p, sign=sign, **variances)
    gradient = path_gradient(b, goal, f, kind=kind, path=path)
    probability = ahead_probability(p, p, gradient=gradient, sign=sign, **variances)
    rule = judge_change(z, z, probability, share_done(b, p, p, sign=sign))
    return float(z[0]), float(probability[0]), int(rule[0])


@pytest.mark.parametrize("path", ["linear", "geometric"])
@given(b=SHARES, cut=st.floats(0.01, 0.99), f=st.floats(0.01, 0.99), n=st.integers(30, 10**6))
def test_on_the_path_is_never_worse_or_behind(
    path: str, b: float, cut: float, f: float, n: int
) -> None:
    for kind, amount in (("relative_reduction", cut), ("level", b * (1 - cut))):
        z, probability, rule = on_the_path(b, amount, f, n, kind=kind, path=path, better="down")
        assert probability == 0.5
        assert rule == (9 if z >= 1.645 else 6)


@given(b=SHARES, cut=st.floats(0.01, 0.99), f=st.floats(0.01, 0.99), n=st.integers(30, 10**6))
def test_on_the_path_upwards_too(b: float, cut: float, f: float, n: int) -> None:
    level = b + (1 - b) * cut
    z, probability, rule = on_the_path(b, level, f, n, kind="level", path="linear", better="up")
    assert probability == 0.5
    assert rule == (9 if z >= 1.645 else 6)


@given(b=SHARES, amount=st.floats(0.01, 1))
def test_on_the_path_at_the_deadline_has_reached_the_target(b: float, amount: float) -> None:
    goal = goal_value(b, kind="relative_reduction", amount=amount)
    at_end = path_value(b, goal, 1.0, path="linear")
    assert reaches(at_end, goal, sign=1)
    assert reaches(at_end, goal, sign=-1)
    assert not reaches(at_end + 1e-6, goal, sign=1)
    assert not reaches(at_end - 1e-6, goal, sign=-1)


def test_a_missing_reading_reaches_nothing() -> None:
    assert not reaches(math.nan, 0.1, sign=1)


def test_share_done_is_signed_by_better() -> None:
    assert share_done(0.20, 0.15, 0.15, sign=1) == pytest.approx(1)
    assert share_done(0.20, 0.22, 0.15, sign=1) == pytest.approx(-0.4)
    assert share_done(0.60, 0.66, 0.70, sign=-1) == pytest.approx(0.6)
    assert np.isnan(share_done(0.20, 0.15, 0.20, sign=1))


@given(count=st.integers(0, 5000), base=st.integers(1, 5000), p=st.floats(0, 1))
def test_persons_from_whole_counts(count: int, base: int, p: float) -> None:
    count = min(count, base)
    down = shortfall(p, count, base, better="down")
    assert down.allowed == math.floor(p * base + 1e-9)
    assert down.lacking == max(0, count - down.allowed)
    assert down.ahead == max(0, down.allowed - count)
    up = shortfall(p, count, base, better="up")
    assert up.allowed == math.ceil(p * base - 1e-9)
    assert up.lacking == max(0, up.allowed - count)
    assert up.ahead == max(0, count - up.allowed)


@given(
    count=st.floats(0, 5000), rest=st.floats(0.5, 5000), p=st.floats(0, 1),
)  # fmt: skip
def test_means_lack_persons_exactly_when_the_level_is_not_reached(
    count: float, rest: float, p: float
) -> None:
    base = count + rest
    found = shortfall(p, count, base, better="down")
    assert (found.lacking > 0) == (count - p * base > 1e-9)
    assert found.lacking == 0 or found.ahead == 0
    # Enough fewer persons reach it, and one fewer than that does not.
    assert count - found.lacking <= p * base + 1e-8
    assert found.lacking == 0 or count - (found.lacking - 1) > p * base


@given(count=st.integers(0, 5000), rest=st.integers(1, 5000), p=st.floats(0, 1))
def test_persons_mirror(count: int, rest: int, p: float) -> None:
    base = count + rest
    down = shortfall(p, count, base, better="down")
    up = shortfall(1 - p, rest, base, better="up")
    assert (down.lacking, down.ahead) == (up.lacking, up.ahead)
    assert down.allowed + up.allowed == base


def test_persons_of_a_count() -> None:
    assert shortfall(500.0, 480, math.nan, better="up").lacking == 20
    assert shortfall(500.0, 480, math.nan, better="down").ahead == 20


def test_the_example_of_the_charts_page() -> None:
    found = pace(baseline=0.184, reading=0.130, goal=0.092, months_passed=18, months_left=6, sign=1)
    assert found.so_far == pytest.approx(0.0030)
    assert found.required == pytest.approx(0.0063, abs=5e-5)
    assert found.quotient == pytest.approx(2.1, abs=0.05)
    assert share_done(0.184, 0.130, 0.184 - 0.75 * 0.092, sign=1) == pytest.approx(0.78, abs=0.005)


def test_pace_at_the_ends_of_the_window() -> None:
    first = pace(baseline=0.2, reading=0.2, goal=0.1, months_passed=0, months_left=24, sign=1)
    last = pace(baseline=0.2, reading=0.1, goal=0.1, months_passed=24, months_left=0, sign=1)
    worse = pace(baseline=0.2, reading=0.22, goal=0.1, months_passed=12, months_left=12, sign=1)
    assert math.isnan(first.so_far)
    assert first.required == pytest.approx(0.1 / 24)
    assert math.isnan(last.required)
    assert worse.so_far < 0
    assert math.isnan(worse.quotient)


@given(b=SHARES, y=SHARES, goal=SHARES, passed=st.integers(1, 23))
def test_pace_mirrors(b: float, y: float, goal: float, passed: int) -> None:
    months = {"months_passed": passed, "months_left": 24 - passed}
    down = pace(baseline=b, reading=y, goal=goal, sign=1, **months)
    up = pace(baseline=1 - b, reading=1 - y, goal=1 - goal, sign=-1, **months)
    assert up.so_far == pytest.approx(down.so_far, abs=1e-12)
    assert up.required == pytest.approx(down.required, abs=1e-12)


def test_eurostats_ratio_asks_a_straight_path_to_accelerate() -> None:
    found = cagr_ratio(baseline=0.20, reading=0.15, goal=0.10, months_passed=12, months=24)
    assert found == pytest.approx(0.854, abs=0.0005)


@pytest.mark.parametrize(
    ("baseline", "goal", "passed"), [(0.0, 0.1, 12), (0.2, 0.2, 12), (0.2, 0.1, 0), (-1, -2, 12)]
)
def test_eurostats_ratio_where_growth_has_no_meaning(
    baseline: float, goal: float, passed: int
) -> None:
    assert math.isnan(
        cagr_ratio(baseline=baseline, reading=0.1, goal=goal, months_passed=passed, months=24)
    )
