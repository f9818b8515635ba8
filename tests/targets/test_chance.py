"""Variances, z and P: the formulas, their limits, and their mirror images."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from integstats.targets.chance import (
    Z_CERTAIN,
    Basis,
    ahead_probability,
    smallest_certain_change,
    z_score,
)

SHARES = st.floats(0.01, 0.99)
PERSONS = st.integers(30, 100_000)


def share(n: float, *, better: str = "down", noise: float = 2.1) -> Basis:
    return Basis("share", better, noise, n=np.array([float(n)]))


def gap(n: float, comparator: float, comparator_n: float, *, unit: str, better: str) -> Basis:
    return Basis(
        unit, better, 0.0, n=np.array([float(n)]),
        comparator=np.array([comparator]), comparator_n=np.array([float(comparator_n)]),
    )  # fmt: skip


def z(basis: Basis, b: float, y: float, sign: int) -> float:
    values = np.array([b]), np.array([y])
    [found] = z_score(
        basis.scaled(values[0]),
        basis.scaled(values[1]),
        baseline_variance=basis.variance(values[0]),
        reading_variance=basis.variance(values[1]),
        sign=sign,
    )
    return float(found)


def test_the_variance_of_a_share() -> None:
    assert share(100).variance([0.2]) == pytest.approx([0.2 * 0.8 / 100 + 2.1 * 1.04 / 100**2])


def test_the_variance_of_a_gap_is_both_in_percentage_points() -> None:
    basis = gap(1000, 0.05, 4000, unit="pp", better="down")
    expected = 1e4 * (0.15 * 0.85 / 1000 + 0.05 * 0.95 / 4000)
    assert basis.rate_at([10.0]) == pytest.approx([0.15])
    assert basis.variance([10.0]) == pytest.approx([expected])


def test_an_employment_gap_is_the_other_way_round() -> None:
    basis = gap(1000, 0.85, 4000, unit="pp", better="up")
    assert basis.rate_at([20.0]) == pytest.approx([0.65])


def test_the_variance_of_a_ratio_is_that_of_its_log() -> None:
    basis = gap(1000, 0.05, 4000, unit="ratio", better="down")
    expected = 0.85 / (0.15 * 1000) + 0.95 / (0.05 * 4000)
    assert basis.variance([3.0]) == pytest.approx([expected])
    assert np.isnan(basis.variance([0.0])).all()
    assert np.isnan(basis.scaled([0.0])).all()


def test_the_variance_of_a_count_is_itself_and_the_noise() -> None:
    basis = Basis("persons", "down", 2.1, n=np.array([np.nan]))
    assert basis.variance([400.0]) == pytest.approx([402.1])


def test_the_log_of_a_ratio_agrees_with_its_delta_method() -> None:
    # Drawn once with a fixed seed: 200,000 ratios of two binomial shares.
    rng = np.random.default_rng(7)
    ratios = (rng.binomial(2000, 0.15, 200_000) / 2000) / (rng.binomial(9000, 0.05, 200_000) / 9000)
    basis = gap(2000, 0.05, 9000, unit="ratio", better="down")
    assert np.log(ratios).var() == pytest.approx(float(basis.variance([3.0])[0]), rel=0.02)


@given(b=SHARES, y=SHARES, n=PERSONS)
def test_better_up_mirrors_better_down(b: float, y: float, n: int) -> None:
    down = z(share(n, noise=0), b, y, 1)
    up = z(share(n, better="up", noise=0), 1 - b, 1 - y, -1)
    assert up == pytest.approx(down, rel=1e-6, abs=1e-6)


@given(b=SHARES, y=SHARES, p=SHARES, n=PERSONS, g=st.floats(0, 1))
def test_the_other_side_of_the_path_has_the_other_probability(
    b: float, y: float, p: float, n: int, g: float
) -> None:
    basis = share(n)
    variances = {"reading_variance": basis.variance([y]), "baseline_variance": basis.variance([b])}
    ahead = ahead_probability([p], [y], gradient=g, sign=1, **variances)
    mirrored = ahead_probability([p], [y], gradient=g, sign=-1, **variances)
    assert ahead + mirrored == pytest.approx(1)
    assert ahead == pytest.approx(
        norm.cdf((p - y) / np.sqrt(variances["reading_variance"] + g**2 * basis.variance([b])))
    )


def test_without_variance_the_probability_is_certain() -> None:
    found = ahead_probability(
        [0.1, 0.1, 0.1], [0.05, 0.1, 0.2],
        reading_variance=0.0, baseline_variance=0.0, gradient=0.5, sign=1,
    )  # fmt: skip
    assert found.tolist() == [1.0, 0.5, 0.0]


def test_without_variance_there_is_no_z() -> None:
    assert np.isnan(z(share(100, noise=0), 0.0, 0.0, 1))
    assert np.isfinite(z(share(100, noise=2.1), 0.0, 0.0, 1))
    assert np.isnan(z(share(100, noise=0), 1.0, 0.0, 1))
    assert np.isfinite(z(share(100, noise=2.1), 1.0, 0.0, 1))
    assert np.isfinite(z(share(100, noise=0), 1.0, 0.5, 1))


@pytest.mark.parametrize(
    ("basis", "b", "sign"),
    [
        (share(900), 0.2, 1),
        (share(900, better="up"), 0.7, -1),
        (gap(900, 0.05, 4000, unit="pp", better="down"), 12.0, 1),
        (gap(900, 0.85, 4000, unit="pp", better="up"), 20.0, 1),
        (gap(900, 0.05, 4000, unit="ratio", better="down"), 3.0, 1),
        (gap(900, 0.85, 4000, unit="ratio", better="up"), 0.75, -1),
        (Basis("persons", "down", 2.1, n=np.array([np.nan])), 800.0, 1),
        (Basis("persons", "up", 2.1, n=np.array([np.nan])), 800.0, -1),
    ],
)
def test_the_smallest_certain_change_is_just_certain(basis: Basis, b: float, sign: int) -> None:
    [change] = smallest_certain_change(
        np.array([b]), baseline_variance=basis.variance([b]), basis=basis, sign=sign
    )
    assert change > 0
    assert z(basis, b, b - sign * change, sign) == pytest.approx(Z_CERTAIN, abs=1e-6)
    assert z(basis, b, b - sign * 0.99 * change, sign) < Z_CERTAIN


@given(b=SHARES, n=PERSONS)
def test_no_change_shows_where_even_the_best_is_uncertain(b: float, n: int) -> None:
    basis = share(n)
    [change] = smallest_certain_change(
        np.array([b]), baseline_variance=basis.variance([b]), basis=basis, sign=1
    )
    best = z(basis, b, 0.0, 1)
    assert np.isnan(change) == (best < Z_CERTAIN)
    assert np.isnan(change) or 0 < change <= b
