"""Many places at once: false discoveries, differences from the country, confidence of ranks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportions_ztest

from integstats.analysis.ranking import (
    benjamini_hochberg,
    differences_from,
    rank_confidence_sets,
    rank_places,
)
from integstats.errors import SchemaError, UnknownCodeError, UsageError

# OECD, PISA 2018: mean score in mathematics and its standard error.
PISA = {
    "Australia": (491.3600, 1.9398), "Austria": (498.9423, 2.9710), "Belgium": (508.0703, 2.2627),
    "Canada": (512.0169, 2.3575), "Chile": (417.4066, 2.4159), "Colombia": (390.9323, 2.9896),
    "Czech Republic": (499.4677, 2.4607), "Denmark": (509.3984, 1.7350),
    "Estonia": (523.4146, 1.7436), "Finland": (507.3014, 1.9679), "France": (495.4076, 2.3202),
    "Germany": (500.0438, 2.6471), "Greece": (451.3703, 3.0912), "Hungary": (481.0826, 2.3196),
    "Iceland": (495.1874, 1.9531), "Ireland": (499.6329, 2.1986), "Israel": (463.0345, 3.4986),
    "Italy": (486.5899, 2.7800), "Japan": (526.9733, 2.4715), "Korea": (525.9330, 3.1214),
    "Latvia": (496.1263, 1.9628), "Lithuania": (481.1912, 1.9533), "Luxembourg": (483.4215, 1.0976),
    "Mexico": (408.8015, 2.4932), "Netherlands": (519.2310, 2.6323),
    "New Zealand": (494.4897, 1.7059), "Norway": (500.9638, 2.2190), "Poland": (515.6479, 2.6021),
    "Portugal": (492.4874, 2.6846), "Slovak Republic": (486.1649, 2.5556),
    "Slovenia": (508.8975, 1.3639), "Spain": (481.3926, 1.4624), "Sweden": (502.3877, 2.6543),
    "Switzerland": (515.3147, 2.9080), "Turkey": (453.5078, 2.2604),
    "United Kingdom": (501.7699, 2.5644), "United States": (478.2447, 3.2354),
}  # fmt: skip
NAMES = np.array(list(PISA))
SCORE, ERROR = np.array(list(PISA.values())).T


def test_benjamini_and_hochberg_1995(shared: Path) -> None:
    answers = json.loads((shared / "data/method/known_answers.json").read_text("utf-8"))
    expected = next(one for one in answers if one["id"] == "bh_1995")["expected"]
    found = benjamini_hochberg(expected["p"])
    assert found.adjusted.tolist() == pytest.approx(expected["adj"], abs=1e-8)
    assert found.reject.sum() == expected["reject_bh"]


def test_missing_p_values_count_for_nothing() -> None:
    found = benjamini_hochberg([0.02, np.nan, 0.03])
    assert found.adjusted[[0, 2]].tolist() == benjamini_hochberg([0.02, 0.03]).adjusted.tolist()
    assert np.isnan(found.adjusted[1])
    assert found.reject.tolist() == [True, False, True]
    assert not benjamini_hochberg([np.nan]).reject.any()


def test_yekutieli_is_stricter() -> None:
    p = [0.001, 0.01, 0.02, 0.2]
    harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4
    by = benjamini_hochberg(p, procedure="by").adjusted
    assert by.tolist() == pytest.approx(np.minimum(benjamini_hochberg(p).adjusted * harmonic, 1))


def test_ranks_of_pisa_2018_as_csranks_prints_them() -> None:
    """Vignette of the R package csranks 1.2.2 (Monte Carlo, so the seed could move an edge)."""
    lower = rank_confidence_sets(SCORE, ERROR, better="up", sides="lower", draws=4000)
    among_best = set(NAMES[(lower["rank_low"] <= 5).to_numpy()])
    assert among_best == {
        "Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan", "Korea", "Netherlands",
        "Poland", "Slovenia", "Sweden", "Switzerland",
    }  # fmt: skip
    at_90 = rank_confidence_sets(
        SCORE, ERROR, better="up", sides="lower", confidence=0.9, draws=4000
    )
    assert among_best - set(NAMES[(at_90["rank_low"] <= 5).to_numpy()]) == {"Sweden"}
    assert (lower["rank_high"] == 37).all()
    marginal = rank_confidence_sets(SCORE, ERROR, better="up", simultaneous=False)
    britain = marginal.iloc[list(NAMES).index("United Kingdom")]
    assert britain[["rank", "rank_low", "rank_high"]].tolist() == [13, 8, 23]
    together = rank_confidence_sets(SCORE, ERROR, better="up")
    last = together[np.isin(NAMES, ["Chile", "Mexico", "Colombia"])]
    others = together[~np.isin(NAMES, ["Chile", "Mexico", "Colombia"])]
    assert last["rank_low"].min() > others["rank_high"].max()


@pytest.mark.parametrize("simultaneous", [True, False])
def test_equal_places_may_have_any_rank_and_distant_ones_only_theirs(simultaneous: bool) -> None:
    equal = rank_confidence_sets([1.0] * 6, [0.1] * 6, better="up", simultaneous=simultaneous)
    assert equal[["rank", "rank_low", "rank_high"]].values.tolist() == [[1, 1, 6]] * 6
    apart = rank_confidence_sets(
        [3.0, 1.0, 2.0], [1e-4] * 3, better="down", simultaneous=simultaneous
    )
    assert apart[["rank", "rank_low", "rank_high"]].values.tolist() == [
        [r, r, r] for r in (3, 1, 2)
    ]


def test_a_place_without_an_estimate_gets_no_rank() -> None:
    found = rank_confidence_sets([1.0, np.nan, 3.0], [0.1, 0.1, 0.1], better="up")
    assert found["rank"].isna().tolist() == [False, True, False]
    assert found["rank_high"].dropna().tolist() == [2, 1]
    assert rank_confidence_sets([1.0], [0.1], better="up")["rank_high"].tolist() == [1]


@pytest.mark.parametrize("simultaneous", [True, False])
@pytest.mark.parametrize("sides", ["two-sided", "lower", "upper"])
def test_sets_are_nested_in_draws_steps_and_families(simultaneous: bool, sides: str) -> None:
    rng = np.random.default_rng(5)
    value, error = rng.normal(0, 2, 12), rng.uniform(0.3, 1, 12)

    def sets(**changed: object) -> pd.DataFrame:
        options = {"simultaneous": simultaneous, "sides": sides, **changed}
        return rank_confidence_sets(value, error, better="up", **options)  # type: ignore[arg-type]

    found, single = sets(), sets(stepdown=False)
    assert (single["rank_low"] <= found["rank_low"]).all()
    assert (single["rank_high"] >= found["rank_high"]).all()
    family = sets(simultaneous=True)
    assert (family["rank_low"] <= found["rank_low"]).all()
    assert (family["rank_high"] >= found["rank_high"]).all()
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank_high"] >= found["rank"]).all()
    if sides == "lower":
        assert (found["rank_high"] == 12).all()
    if sides == "upper":
        assert (found["rank_low"] == 1).all()
    pd.testing.assert_frame_equal(found, sets())


@pytest.mark.parametrize("simultaneous", [True, False])
def test_simulated_coverage_is_at_least_as_promised(simultaneous: bool) -> None:
    rng = np.random.default_rng(11)
    truth = np.array([0.0, 0.0, 0.5, 1.0, 3.0, 3.0])
    best = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    worst = (truth[None, :] >= truth[:, None]).sum(axis=1)
    covered = []
    for run in range(250):
        drawn = truth + rng.normal(0, 0.6, 6)
        sets = rank_confidence_sets(
            drawn, [0.6] * 6, better="up", confidence=0.9, simultaneous=simultaneous,
            draws=200, seed=run,
        )  # fmt: skip
        covered.append((sets["rank_low"] <= best) & (sets["rank_high"] >= worst))
    hits = np.array(covered, dtype=bool)
    rate = hits.all(axis=1).mean() if simultaneous else hits.mean(axis=0).min()
    # Two standard errors of 250 runs below the promise.
    assert rate >= 0.9 - 2 * np.sqrt(0.9 * 0.1 / 250)


def country(**places: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "place": ["00", *places],
            "sex": "total",
            "x": [900.0, *(x for x, _ in places.values())],
            "n": [10_000.0, *(n for _, n in places.values())],
        }
    )


def test_a_place_is_compared_with_the_rest_of_the_country() -> None:
    frame = country(A=(200, 1000), B=(40, 500), C=(6, 25), D=(np.nan, 500))
    before = frame.copy()
    found = differences_from(frame, reference="00", numerator="x", denominator="n")
    pd.testing.assert_frame_equal(frame, before)
    assert found["place"].tolist() == ["A", "B", "C", "D"]
    assert found["reference_rate"].iloc[:2].tolist() == pytest.approx([700 / 9000, 860 / 9500])
    z, p = proportions_ztest([200, 700], [1000, 9000])
    assert (found["z"].iloc[0], found["p_value"].iloc[0]) == pytest.approx((z, p))
    assert found["difference_pp"].iloc[0] == pytest.approx(20 - 100 * 700 / 9000)
    assert found["p_adjusted"].iloc[:2].tolist() == pytest.approx(
        benjamini_hochberg(found["p_value"].iloc[:2]).adjusted.tolist()
    )
    assert found["differs"].tolist() == [True, False, False, False]
    assert found["base"].astype(str).tolist() == ["sufficient"] * 2 + ["no_rate", "sufficient"]
    assert found["p_value"].isna().tolist() == [False, False, True, True]
    assert found["rate"].isna().tolist() == [False, False, False, True]


def test_a_place_outside_is_compared_with_all_of_it_and_noise_makes_cautious() -> None:
    frame = country(A=(120, 1000))
    options = {"reference": "00", "numerator": "x", "denominator": "n"}
    found = differences_from(frame, contains_places=False, **options)
    z, _ = proportions_ztest([120, 900], [1000, 10_000])
    assert found["z"].iloc[0] == pytest.approx(z)
    assert found["reference_rate"].iloc[0] == 0.09
    noisy = differences_from(frame, contains_places=False, noise_variance=2.1, **options)
    assert abs(noisy["z"].iloc[0]) < abs(z)


def test_each_group_is_a_family_with_its_own_reference() -> None:
    women = country(A=(200, 1000), B=(110, 1000)).assign(sex="women")
    men = country(A=(95, 1000), B=(90, 1000)).assign(sex="men")
    found = differences_from(
        pd.concat([women, men]), reference="00", numerator="x", denominator="n"
    )
    alone = differences_from(women, reference="00", numerator="x", denominator="n")
    pd.testing.assert_frame_equal(found[found["sex"] == "women"], alone)
    with pytest.raises(UnknownCodeError, match="sex=men"):
        differences_from(
            pd.concat([women, men.iloc[1:]]), reference="00", numerator="x", denominator="n"
        )


def test_ranks_of_a_table() -> None:
    frame = pd.DataFrame(
        {
            "place": list("ABCD"),
            "sex": "women",
            "x": [0.0, 40.0, 90.0, 3.0],
            "n": [100.0, 200.0, 200.0, 20.0],
        }
    )
    found = rank_places(frame, numerator="x", denominator="n", better="down")
    assert found["rank"].tolist() == [1, 2, 3, pd.NA]
    assert found["rank_high"].tolist() == [1, 2, 3, pd.NA]
    assert (found["ranked"] == 3).all()
    assert found["standard_error"].iloc[0] > 0
    turned = rank_places(frame, numerator="x", denominator="n", better="up")
    assert turned["rank"].tolist() == [3, 2, 1, pd.NA]


def test_wrong_calls() -> None:
    with pytest.raises(SchemaError, match="within 0 to 1"):
        benjamini_hochberg([0.5, 1.2])
    with pytest.raises(SchemaError, match="above 0"):
        rank_confidence_sets([1, 2], [0.0, 0.1], better="up")
    with pytest.raises(SchemaError, match="one length"):
        rank_confidence_sets([1, 2, 3], [0.1, 0.1], better="up")
    with pytest.raises(UsageError, match="Did you mean 'down'"):
        rank_confidence_sets([1, 2], [0.1, 0.1], better="dwn")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="100 or more"):
        rank_confidence_sets([1, 2], [0.1, 0.1], better="up", draws=10)
    with pytest.raises(UnknownCodeError, match="No row of the reference '01'"):
        differences_from(country(A=(1, 40)), reference="01", numerator="x", denominator="n")
    with pytest.raises(SchemaError, match="contains_places=False"):
        differences_from(country(A=(1, 40_000)), reference="00", numerator="x", denominator="n")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_keep_their_order_and_never_fall(p: list[float]) -> None:
    adjusted = benjamini_hochberg(p).adjusted
    assert (adjusted >= np.array(p) - 1e-12).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= -1e-12).all()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 2)), min_size=2, max_size=8),
    st.booleans(),
)
def test_turning_the_scale_turns_the_ranking(
    places: list[tuple[float, float]], simultaneous: bool
) -> None:
    value, error = np.array(places).T
    options = {"simultaneous": simultaneous, "draws": 100}
    up = rank_confidence_sets(value, error, better="up", **options)
    down = rank_confidence_sets(-value, error, better="down", **options)
    columns = ["rank", "rank_low", "rank_high"]
    pd.testing.assert_frame_equal(up[columns], down[columns])
