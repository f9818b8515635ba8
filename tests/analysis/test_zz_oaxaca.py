"""Blinder–Oaxaca: wages of native and foreign-born workers as R's oaxaca prints them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.analysis.oaxaca import Oaxaca, oaxaca
from integstats.errors import SchemaError, UnknownCodeError, UsageError

PREDICTORS = ["age", "female", "LTHS", "some.college", "college", "advanced.degree"]


def chicago(shared: Path, weights: str | float) -> Oaxaca:
    frame = pd.read_csv(shared / "data/method/oaxaca_chicago.csv")
    return oaxaca(
        frame, outcome="real.wage", group="foreign.born", first=0, second=1,
        predictors=PREDICTORS, weights=weights,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict:
    answers = json.loads((shared / "data/method/known_answers.json").read_text("utf-8"))
    return next(one for one in answers if one["id"] == "oaxaca_chicago")["expected"]


def test_threefold(shared: Path, expected: dict) -> None:
    terms = chicago(shared, "pooled").terms.iloc[0]
    assert [terms["n_first"], terms["n_second"]] == expected["n"]
    assert [terms["mean_first"], terms["mean_second"]] == pytest.approx(expected["means"], abs=5e-6)
    for name in ("gap", "endowments", "coefficients", "interaction"):
        assert terms[name] == pytest.approx(expected[name], abs=1e-6)


@pytest.mark.parametrize(
    ("weights", "name"),
    [
        ("second", "w0"),
        ("first", "w1"),
        ("reimers", "reimers0.5"),
        (0.5, "reimers0.5"),
        ("cotton", "cotton0.4309309"),
        ("neumark", "neumark(-1)"),
        ("pooled", "pooled_with_indicator(-2)"),
    ],
)
def test_twofold(shared: Path, expected: dict, weights: str | float, name: str) -> None:
    found = chicago(shared, weights)
    got = found.terms[["explained", "unexplained"]].iloc[0].tolist()
    assert got == pytest.approx(expected["twofold"][name], abs=1e-6)
    assert found.variables["explained"].sum() == pytest.approx(got[0])
    assert found.variables["unexplained"].sum() == pytest.approx(got[1])


def people(seed: int, size: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"group": rng.permutation(["a", "b"] * (size // 2)), "x": rng.normal(size=size)}
    )
    frame["trained"] = rng.random(size) < 0.5
    frame["y"] = 1 + frame["x"] + 0.5 * (frame["group"] == "a") + rng.normal(size=size)
    return frame


def test_the_gap_is_first_minus_second_whatever_its_sign() -> None:
    frame = people(1)
    options = {"outcome": "y", "group": "group", "predictors": ["x", "trained"]}
    there = oaxaca(frame, first="a", second="b", weights="second", **options).terms.iloc[0]
    back = oaxaca(frame, first="b", second="a", weights="first", **options).terms.iloc[0]
    for name in ("gap", "explained", "unexplained"):
        assert there[name] == pytest.approx(-back[name])


def test_rows_with_a_missing_value_are_left_out_and_the_input_stays() -> None:
    frame = people(2)
    frame.loc[:4, "x"] = np.nan
    before = frame.copy()
    found = oaxaca(
        frame, outcome="y", group="group", first="a", second="b", predictors=["x"]
    ).terms.iloc[0]
    pd.testing.assert_frame_equal(frame, before)
    assert found["n_first"] + found["n_second"] == 35


def test_wrong_calls() -> None:
    frame = people(3)
    options = {"outcome": "y", "group": "group", "first": "a", "second": "b"}
    with pytest.raises(UsageError, match="Did you mean 'neumark'"):
        oaxaca(frame, predictors=["x"], weights="nuemark", **options)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="within 0 to 1"):
        oaxaca(frame, predictors=["x"], weights=1.5, **options)
    with pytest.raises(SchemaError, match="must be numeric"):
        oaxaca(frame.assign(x="text"), predictors=["x"], **options)
    with pytest.raises(SchemaError, match="determine each other"):
        oaxaca(frame.assign(z=1.0), predictors=["x", "z"], **options)
    with pytest.raises(UnknownCodeError, match="group='c'"):
        oaxaca(frame, outcome="y", group="group", first="a", second="c", predictors=["x"])


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from(["first", "second", "reimers", "cotton", "neumark", "pooled", 0.3]),
)
def test_terms_add_up_to_the_gap(seed: int, weights: str | float) -> None:
    found = oaxaca(
        people(seed), outcome="y", group="group", first="a", second="b",
        predictors=["x", "trained"], weights=weights,  # type: ignore[arg-type]
    )  # fmt: skip
    terms = found.terms.iloc[0]
    assert terms["gap"] == pytest.approx(terms["mean_first"] - terms["mean_second"])
    for names in (["endowments", "coefficients", "interaction"], ["explained", "unexplained"]):
        assert terms[names].sum() == pytest.approx(terms["gap"])
        for name in names:
            assert found.variables[name].sum() == pytest.approx(terms[name], abs=1e-9)
