"""Intervals, variances and smallest bases, held against published figures first."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from integstats.analysis.small_numbers import (
    difference_interval,
    judge_base,
    proportion_interval,
    rate_variance,
)
from integstats.errors import SchemaError, UsageError

SHARE_METHODS = ("wilson", "wilsoncc", "clopper_pearson", "jeffreys", "agresti_coull", "wald")
DIFFERENCE_METHODS = (
    "newcombe",
    "newcombecc",
    "agresti_caffo",
    "miettinen_nurminen",
    "miettinen_nurminen_corrected",
    "wald",
)


def known(shared: Path, name: str) -> dict:
    answers = json.loads((shared / "data/method/known_answers.json").read_text("utf-8"))
    return next(one for one in answers if one["id"] == name)


def test_shares_equal_the_known_answers(shared: Path) -> None:
    answer = known(shared, "wilson_newcombe")
    compared = 0
    for share, methods in answer["expected"].items():
        count, nobs = map(int, share.split("/"))
        for method, expected in methods.items():
            got = proportion_interval(count, nobs, method=method)
            assert np.array(got) == pytest.approx(expected, abs=answer["tolerance"]), (
                share,
                method,
            )
            compared += 1
    assert compared == 15


def test_differences_equal_the_known_answers(shared: Path) -> None:
    answer = known(shared, "diff_two_props")
    expected = answer["expected"]["7/34 vs 1/34"]
    for method, interval in expected.items():
        got = difference_interval(7, 34, 1, 34, method=method)
        assert np.array(got) == pytest.approx(interval, abs=answer["tolerance"]), method
    got = difference_interval(5, 56, 0, 29)
    assert np.array(got) == pytest.approx(answer["expected"]["5/56 vs 0/29"], abs=5e-4)


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [
        ("wald", 0.0575, 0.3425),
        ("miettinen_nurminen", 0.0533, 0.3377),  # Newcombe's method 5, Mee
        ("miettinen_nurminen_corrected", 0.0528, 0.3382),
        ("newcombe", 0.0524, 0.3339),
        ("newcombecc", 0.0428, 0.3422),
    ],
)
def test_newcombe_1998_table_ii_first_case(method: str, low: float, high: float) -> None:
    got = difference_interval(56, 70, 48, 80, method=method)  # type: ignore[arg-type]
    assert np.array(got) == pytest.approx([low, high], abs=5.1e-5)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((2, 10, 1, 10), -0.2595, 0.4454),  # R contingencytables, issue 58
        ((0, 16, 15, 72), -0.3164, -0.0056),  # Ritland et al. 2007, the same package
        ((0, 10, 0, 20), -0.166, 0.284),  # R sasLM: nobody counted on either side
    ],
)
def test_miettinen_and_nurminen_with_their_factor(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    got = difference_interval(*counts, method="miettinen_nurminen_corrected")
    assert np.array(got) == pytest.approx([low, high], abs=5.1e-4)


def test_the_share_of_the_programme_in_lomma() -> None:
    low, high = proportion_interval(16, 22)
    assert (round(float(low), 3), round(float(high), 3)) == (0.518, 0.868)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("newcombe", "newcomb"), ("agresti_caffo", "agresti-caffo"), ("wald", "wald")],
)
def test_closed_forms_equal_statsmodels(ours: str, theirs: str) -> None:
    rng = np.random.default_rng(1)
    n1, n2 = rng.integers(1, 500, (2, 300))
    x1, x2 = rng.binomial(n1, 0.3), rng.binomial(n2, 0.1)
    got = difference_interval(x1, n1, x2, n2, confidence=0.9, method=ours)  # type: ignore[arg-type]
    for row in range(len(n1)):
        expected = confint_proportions_2indep(
            x1[row], n1[row], x2[row], n2[row], method=theirs, alpha=0.1
        )
        assert (got.low[row], got.high[row]) == pytest.approx(expected, abs=1e-12)


def test_variance_of_a_rate_with_disclosure_noise() -> None:
    chance, noise = 0.1 * 0.9 / 50, 2.1 * (1 + 0.01) / 2500
    assert rate_variance(0.1, 50, noise_variance=2.1) == pytest.approx(chance + noise)
    assert rate_variance(0.1, 50, noise_variance=0) == pytest.approx(chance)


def test_what_a_base_can_bear() -> None:
    assert list(judge_base([0, 29.9, 30, 49.9, 50, np.nan])) == [
        "no_rate",
        "no_rate",
        "small",
        "small",
        "sufficient",
        "missing",
    ]
    assert judge_base([20.0, 60.0])[0] < judge_base([20.0, 60.0])[1]


@pytest.mark.parametrize("method", SHARE_METHODS)
def test_what_is_no_share_stays_missing(method: str) -> None:
    count, nobs = [5.0, np.nan, 5.0, 0.0, 6.0], [10.0, 10.0, np.nan, 0.0, 5.0]
    low, high = proportion_interval(count, nobs, method=method)  # type: ignore[arg-type]
    assert np.isnan(low).tolist() == [False, True, True, True, True]
    assert np.isnan(high).tolist() == [False, True, True, True, True]


@pytest.mark.parametrize("method", DIFFERENCE_METHODS)
def test_a_difference_needs_both_shares(method: str) -> None:
    low, high = difference_interval(
        [5, np.nan, 5, 5, 9],
        [10, 10, 10, 10, 8],
        [3, 3, 0, np.nan, 3],
        [9, 9, 0, 9, 9],
        method=method,  # type: ignore[arg-type]
    )
    assert np.isnan(low).tolist() == [False, True, True, True, True]
    assert np.isnan(high).tolist() == [False, True, True, True, True]


def test_counts_broadcast_and_keep_their_shape() -> None:
    low, high = proportion_interval(np.ones((2, 3)), 10)
    assert low.shape == high.shape == (2, 3)
    assert proportion_interval(1, 10).low.shape == ()


def test_wrong_calls_say_what_is_allowed() -> None:
    with pytest.raises(UsageError, match="Did you mean 'wilson'"):
        proportion_interval(1, 2, method="wilsn")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="between 0 and 1"):
        proportion_interval(1, 2, confidence=95)
    with pytest.raises(SchemaError, match="count has 1 values below 0"):
        proportion_interval([-1, 2], 5)
    with pytest.raises(SchemaError, match="do not fit together"):
        difference_interval([1, 2], [5, 5, 5], 1, 2)
    with pytest.raises(SchemaError, match="must hold numbers"):
        proportion_interval(["<5"], [10])
    with pytest.raises(UsageError, match="noise_variance"):
        rate_variance(0.1, 10, noise_variance=-1)


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=300)
@given(counts, st.sampled_from([m for m in SHARE_METHODS if m != "wald"]))
def test_an_interval_of_a_share_holds_it_and_mirrors(share: tuple[int, int], method: str) -> None:
    x, n = share
    low, high = proportion_interval(x, n, method=method)  # type: ignore[arg-type]
    assert 0 <= low <= x / n + 1e-12
    assert x / n - 1e-12 <= high <= 1
    other = proportion_interval(n - x, n, method=method)  # type: ignore[arg-type]
    assert [float(1 - other.high), float(1 - other.low)] == pytest.approx(
        [float(low), float(high)], abs=1e-9
    )
    wider = proportion_interval(x, n, confidence=0.99, method=method)  # type: ignore[arg-type]
    assert wider.low <= low + 1e-12
    assert wider.high >= high - 1e-12


@settings(max_examples=300)
@given(counts, counts, st.sampled_from(DIFFERENCE_METHODS))
def test_an_interval_of_a_difference_turns_with_its_groups(
    first: tuple[int, int], second: tuple[int, int], method: str
) -> None:
    there = difference_interval(*first, *second, method=method)  # type: ignore[arg-type]
    back = difference_interval(*second, *first, method=method)  # type: ignore[arg-type]
    assert [float(-back.high), float(-back.low)] == pytest.approx(
        [float(there.low), float(there.high)], abs=1e-7
    )
    if method not in ("wald", "agresti_caffo"):
        difference = first[0] / first[1] - second[0] / second[1]
        assert -1 - 1e-12 <= there.low <= difference + 1e-9
        assert difference - 1e-9 <= there.high <= 1 + 1e-12
