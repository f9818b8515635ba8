"""Funnel limits and dispersion: published probabilities, a library's estimate, and laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from integstats.analysis.dispersion import Dispersion, estimate_dispersion
from integstats.analysis.funnel import funnel, funnel_limits
from integstats.errors import SchemaError, UsageError

OBSERVED = np.array([100, 150, 180, 80, 120, 225.0])
EXPECTED = np.array([108, 112, 165, 95, 100, 220.0])


def test_false_alarms_of_prediction_limits_as_published() -> None:
    """Seaton and Manktelow (2012), BMC Medical Research Methodology 12:98, table 1.

    Probability that a place in control falls outside 95 % Poisson prediction limits, 1 to 50
    expected events: median, least and largest, below and above.
    """
    expected = np.arange(1, 50.005, 0.01)
    limits = funnel_limits(
        expected, 1, confidence=[0.95], distribution="poisson", interpolation="none"
    )
    chance = stats.poisson(expected)
    below = chance.cdf(np.rint(limits["low_95"] * expected) - 1)
    above = chance.sf(np.rint(limits["high_95"] * expected))
    assert [np.median(below), below.min(), below.max()] == pytest.approx(
        [0.0186, 0, 0.0250], abs=5.1e-5
    )
    assert [np.median(above), above.min(), above.max()] == pytest.approx(
        [0.0201, 0.0052, 0.0250], abs=5.1e-5
    )


def test_interpolation_by_hand_from_a_printed_binomial_table() -> None:
    """n = 10, ½: P(R ≤ 1) = .0107, P(R ≤ 2) = .0547; P(R ≤ 7) = .9453, P(R ≤ 8) = .9893."""
    limits = funnel_limits(10, 0.5, confidence=[0.95]).iloc[0]
    assert limits["low_95"] == pytest.approx((2 - (0.0547 - 0.025) / 0.0440) / 10, abs=1e-4)
    assert limits["high_95"] == pytest.approx((8 - (0.9893 - 0.975) / 0.0440) / 10, abs=1e-4)
    mirrored = funnel_limits(10, 0.5, confidence=[0.95], interpolation="cautious").iloc[0]
    assert mirrored["low_95"] + mirrored["high_95"] == pytest.approx(1)
    plain = funnel_limits(10, 0.5, confidence=[0.95], interpolation="none").iloc[0]
    assert (plain["low_95"], plain["high_95"]) == (0.2, 0.8)


def test_tau2_is_dersimonian_and_lairds() -> None:
    x, n = np.array([30, 12, 25, 8, 90]), np.array([100, 100, 120, 90, 400])
    target = x.sum() / n.sum()
    found = estimate_dispersion(x, n, target, proportion=0)
    theirs = combine_effects(x / n, target * (1 - target) / n, method_re="chi2")
    assert found.tau2 == pytest.approx(theirs.tau2)
    assert found.phi == pytest.approx(theirs.q / len(x))


def test_dispersion_of_standardised_ratios_step_by_step() -> None:
    """The two recipes in use for ratios, written out: SHMI (log, truncated) and CQC (root)."""
    z = np.sqrt(EXPECTED) * np.log(OBSERVED / EXPECTED)
    kept = (z > np.quantile(z, 0.1)) & (z < np.quantile(z, 0.9))
    phi = np.mean(z[kept] ** 2)
    weight = EXPECTED[kept]
    places = kept.sum()
    tau2 = (places * phi - (places - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    found = estimate_dispersion(
        OBSERVED, EXPECTED, 1, distribution="poisson", scale="log", extremes="truncate"
    )
    assert found == Dispersion(pytest.approx(phi), pytest.approx(tau2), 4)
    limits = funnel_limits(
        EXPECTED,
        1,
        confidence=[0.95],
        distribution="poisson",
        scale="log",
        overdispersion="additive",
        dispersion=found,
    )
    half = 1.959964 * np.sqrt(1 / EXPECTED + tau2)
    assert limits["low_95"].to_numpy() == pytest.approx(np.exp(-half), rel=1e-6)
    assert limits["high_95"].to_numpy() == pytest.approx(np.exp(half), rel=1e-6)

    z = 2 * (np.sqrt(OBSERVED) - np.sqrt(EXPECTED))
    z = np.clip(z, np.quantile(z, 0.1), np.quantile(z, 0.9))
    found = estimate_dispersion(OBSERVED, EXPECTED, 1, distribution="poisson", scale="root")
    assert found.phi == pytest.approx(np.mean(z**2))
    limits = funnel_limits(
        EXPECTED,
        1,
        confidence=[0.998],
        distribution="poisson",
        scale="root",
        overdispersion="multiplicative",
        dispersion=found,
    )
    half = 3.090232 * np.sqrt(found.phi / (4 * EXPECTED))
    assert limits["high_99_8"].to_numpy() == pytest.approx((1 + half) ** 2, rel=1e-6)


def test_limits_are_never_narrower_than_chance() -> None:
    n = [40, 400, 4000]
    exact = funnel_limits(n, 0.2)
    for kind in ("multiplicative", "additive"):
        same = funnel_limits(n, 0.2, overdispersion=kind, dispersion=Dispersion(0.4, 0.0, 3))
        pd.testing.assert_frame_equal(same, exact)
        wide = funnel_limits(n, 0.2, overdispersion=kind, dispersion=Dispersion(4.0, 0.01, 3))
        assert (wide["high_95"] > exact["high_95"]).all()
        assert (wide["low_95"] < exact["low_95"]).all()


def test_the_places_that_stand_out() -> None:
    frame = pd.DataFrame(
        {
            "place": list("ABCDE"),
            "sex": "women",
            "x": [30.0, 5.0, 15.0, np.nan, 0.0],
            "n": [100.0, 100.0, 100.0, 100.0, 0.0],
        }
    )
    before = frame.copy()
    found = funnel(frame, numerator="x", denominator="n", target=0.15)
    pd.testing.assert_frame_equal(frame, before)
    assert found.table["side"].tolist() == ["above", "below", "within", "missing", "missing"]
    assert found.table["outside"].tolist()[:3] == [0.998, 0.95, 0.0]
    assert found.groups.loc[0, ["sex", "target", "places"]].tolist() == ["women", 0.15, 3]
    assert found.table.columns.tolist() == [
        "place", "sex", "x", "n", "rate", "target", "z",
        "low_95", "high_95", "low_99_8", "high_99_8", "side", "outside",
    ]  # fmt: skip


def test_each_group_is_a_funnel_of_its_own() -> None:
    one = pd.DataFrame({"place": list("AB"), "x": [10.0, 30.0], "n": [100.0, 100.0]})
    both = pd.concat([one.assign(sex="women"), one.assign(sex="men", x=[20.0, 60.0])])
    found = funnel(both, numerator="x", denominator="n")
    assert found.groups["target"].tolist() == pytest.approx([0.2, 0.4])
    assert found.table["target"].tolist() == pytest.approx([0.2, 0.2, 0.4, 0.4])


def test_nobody_unemployed_anywhere_stands_out_nowhere() -> None:
    frame = pd.DataFrame({"place": list("AB"), "x": [0.0, 0.0], "n": [100.0, 50.0]})
    for kind in (None, "multiplicative", "additive"):
        found = funnel(frame, numerator="x", denominator="n", overdispersion=kind)
        assert found.table["side"].tolist() == ["within", "within"]
    everybody = frame.assign(x=frame["n"])
    assert funnel(everybody, numerator="x", denominator="n").table["outside"].tolist() == [0, 0]


def test_wrong_calls() -> None:
    with pytest.raises(UsageError, match="needs dispersion"):
        funnel_limits(100, 0.2, overdispersion="additive")
    with pytest.raises(UsageError, match="Unknown distribution"):
        funnel_limits(100, 0.2, distribution="normal")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="is for ratios"):
        funnel_limits(100, 0.2, scale="log")
    with pytest.raises(SchemaError, match="share, 0 to 1"):
        funnel_limits(100, 20)
    with pytest.raises(SchemaError, match="above 0"):
        funnel_limits(100, 0, distribution="poisson")
    with pytest.raises(SchemaError, match="at least 2 places"):
        estimate_dispersion([1], [10], 0.1)
    with pytest.raises(UsageError, match=r"below 0\.5"):
        estimate_dispersion([1, 2], [10, 10], 0.1, proportion=0.5)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 3000), st.floats(0.01, 0.99), st.sampled_from(["binomial", "poisson"]))
def test_chance_crosses_a_cautious_limit_as_seldom_as_promised(
    n: int, target: float, distribution: str
) -> None:
    limits = funnel_limits(
        n,
        target,
        distribution=distribution,  # type: ignore[arg-type]
        interpolation="cautious",
    ).iloc[0]
    chance = stats.binom(n, target) if distribution == "binomial" else stats.poisson(n * target)
    for level, label in ((0.95, "95"), (0.998, "99_8")):
        below = chance.cdf(np.ceil(limits[f"low_{label}"] * n - 1e-9) - 1)
        above = chance.sf(np.floor(limits[f"high_{label}"] * n + 1e-9))
        assert below <= (1 - level) / 2 + 1e-9
        assert above <= (1 - level) / 2 + 1e-9
    assert limits["low_99_8"] <= limits["low_95"] <= limits["high_95"] <= limits["high_99_8"]
