"""Empirical Bayes shrinkage: a published fit, the degenerate cases, and the law."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from integstats.analysis.shrinkage import fit_beta_prior, shrink
from integstats.errors import SchemaError, UsageError


def places(count: list[float], nobs: list[float], **keys: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"place": [f"P{at}" for at in range(len(count))], "x": count, "n": nobs, **keys}
    )


def test_sex_ratio_of_6115_families_in_saxony() -> None:
    """Males among the first 12 children of families of 13 (Geissler 1889).

    Maximum likelihood as printed in Wikipedia's article on the distribution: 34.09558 and
    31.5715, log-likelihood −12492.9, AIC 24989.74. The likelihood is flat: its own optimum lies
    0.007 from the printed one.
    """
    families = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]
    males = np.repeat(np.arange(13), families)
    prior = fit_beta_prior(males, 12)
    assert prior.converged
    assert prior.places == 6115
    assert (prior.a, prior.b) == pytest.approx((34.09558, 31.5715), rel=3e-4)
    assert 2 * 2 - 2 * prior.log_likelihood == pytest.approx(24989.74, abs=0.005)


def test_log_likelihood_is_scipys() -> None:
    x, n = np.array([1, 8, 20, 4]), np.array([20, 20, 50, 40])
    prior = fit_beta_prior(x, n)
    expected = stats.betabinom.logpmf(x, n, prior.a, prior.b).sum()
    assert prior.log_likelihood == pytest.approx(expected)
    for a, b in [(prior.a * 1.05, prior.b), (prior.a, prior.b * 0.95)]:
        assert stats.betabinom.logpmf(x, n, a, b).sum() < expected


def test_it_finds_the_prior_that_made_the_data() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(50, 20_000, 290)
    x = rng.binomial(n, rng.beta(30, 120, 290))
    prior = fit_beta_prior(x, n)
    assert prior.mean == pytest.approx(0.2, abs=0.01)
    assert prior.concentration == pytest.approx(150, rel=0.3)


@pytest.mark.parametrize(
    ("count", "nobs", "mean"),
    [
        ([5, 5, 5], [10, 10, 10], 0.5),  # all rates equal
        ([10, 10], [100, 101], 20 / 201),  # less apart than chance
        ([3], [10], 0.3),  # one place
        ([0, 1, 0, 1], [1, 1, 1, 1], 0.5),  # one person per place says nothing of the spread
        ([0, 0], [10, 20], 0.0),
        ([10, 20], [10, 20], 1.0),
    ],
)
def test_places_that_do_not_differ_share_one_rate(
    count: list[float], nobs: list[float], mean: float
) -> None:
    prior = fit_beta_prior(count, nobs)
    assert np.isinf(prior.concentration)
    assert prior.converged
    assert prior.mean == pytest.approx(mean)
    result = shrink(places(count, nobs), numerator="x", denominator="n").table
    assert result["shrunk_rate"].tolist() == pytest.approx([mean] * len(count))
    assert (result["weight_own"] == 0).all()
    assert (result["shrunk_low"] <= mean).all()
    assert (result["shrunk_high"] >= mean).all()
    assert (result["shrunk_high"] > result["shrunk_low"]).all()


def test_missing_and_empty_places() -> None:
    frame = places([1, 8, 20, 4, np.nan, 0, 9], [20, 20, 50, 40, 30, 0, 5])
    found = shrink(frame, numerator="x", denominator="n")
    prior = found.priors.iloc[0]
    assert prior["places"] == 4
    last = found.table.iloc[4:]
    assert last["rate"].isna().all()
    assert last["shrunk_rate"].isna().tolist() == [True, False, True]
    assert last["shrunk_rate"].iloc[1] == pytest.approx(prior["mean"])


def test_the_interval_holds_the_promised_part_of_the_posterior() -> None:
    x, n = np.array([1, 8, 20, 4]), np.array([20, 20, 50, 40])
    found = shrink(places(x, n), numerator="x", denominator="n", confidence=0.9)
    prior = found.priors.iloc[0]
    posterior = stats.beta(x + prior["a"], n - x + prior["b"])
    assert posterior.cdf(found.table["shrunk_low"]) == pytest.approx(0.05)
    assert posterior.cdf(found.table["shrunk_high"]) == pytest.approx(0.95)
    assert posterior.mean() == pytest.approx(found.table["shrunk_rate"].to_numpy())


def test_places_of_nobody_and_everybody_are_not_shrunk() -> None:
    found = shrink(places([0, 10, 0, 10], [10] * 4), numerator="x", denominator="n")
    assert found.table["shrunk_rate"].tolist() == pytest.approx([0, 1, 0, 1], abs=1e-4)
    assert found.priors["converged"].all()


def test_each_group_has_its_own_prior_and_the_input_stays() -> None:
    women = places([1, 8, 20, 4], [20, 20, 50, 40], sex="women")
    men = places([2, 3, 30, 9], [30, 20, 50, 40], sex="men")
    frame = pd.concat([women, men], ignore_index=True).iloc[[0, 4, 1, 5, 2, 6, 3, 7]]
    before = frame.copy()
    found = shrink(frame, numerator="x", denominator="n")
    pd.testing.assert_frame_equal(frame, before)
    assert found.priors["sex"].tolist() == ["women", "men"]
    alone = fit_beta_prior(women["x"], women["n"])
    assert found.priors["a"].iloc[0] == pytest.approx(alone.a)
    rows = found.table["sex"] == "women"
    expected = (women["x"] + alone.a) / (women["n"] + alone.a + alone.b)
    assert found.table.loc[rows, "shrunk_rate"].tolist() == pytest.approx(expected.tolist())


def test_wrong_calls() -> None:
    with pytest.raises(SchemaError, match="No place has a rate"):
        fit_beta_prior([np.nan], [10])
    with pytest.raises(SchemaError, match="needs the column"):
        shrink(places([1], [2]), numerator="unemployed", denominator="n")
    twice = pd.concat([places([1], [2]), places([1], [2])])
    with pytest.raises(SchemaError, match="more than one row"):
        shrink(twice, numerator="x", denominator="n")
    with pytest.raises(UsageError, match="confidence"):
        shrink(places([1, 2], [9, 9]), numerator="x", denominator="n", confidence=1.5)


group = st.lists(
    st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=12,
)


@settings(max_examples=15, deadline=None)
@given(group)
def test_a_shrunk_rate_lies_between_the_own_rate_and_the_prior(rows: list[tuple[int, int]]) -> None:
    x, n = (list(column) for column in zip(*rows, strict=True))
    found = shrink(places(x, n), numerator="x", denominator="n")
    own, shrunk = found.table["rate"], found.table["shrunk_rate"]
    mean = found.priors["mean"].iloc[0]
    assert found.priors["converged"].all()
    assert (shrunk >= np.minimum(own, mean) - 1e-9).all()
    assert (shrunk <= np.maximum(own, mean) + 1e-9).all()
    assert (found.table["shrunk_low"] <= found.table["shrunk_high"]).all()
    assert shrunk.to_numpy() == pytest.approx(
        (found.table["weight_own"] * own + (1 - found.table["weight_own"]) * mean).to_numpy()
    )
