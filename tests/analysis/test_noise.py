from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import integstats as ig
from integstats import catalogue
from integstats.analysis.noise import noise_in_parts, noise_in_sums
from integstats.errors import SchemaError, UnknownCodeError, UsageError

COUNTIES = [one.code for one in catalogue.places().values() if one.kind == "county"]
SUMS = {
    "labour_force": ["employed", "unemployed"],
    "population": ["employed", "unemployed", "students", "retired", "sick", "other"],
}
COUNTS = [*SUMS["population"], *SUMS]


@pytest.fixture(scope="module")
def bas() -> pd.DataFrame:
    return ig.load("scb-bas-month")


def test_the_sums_within_places_give_the_variance_of_the_catalogue(bas: pd.DataFrame) -> None:
    """15,600 sums, of 3 and 7 published counts: 2.1 persons² each, the root of which is 1.45."""
    found = noise_in_sums(bas, sums=SUMS).set_index("measure")
    assert found["cells"].tolist() == [3 * 7800, 7 * 7800]
    expected = catalogue.dataset("scb-bas-month").noise_variance
    assert found["variance"].to_numpy() == pytest.approx(expected, rel=0.05)
    assert found["sd"].to_numpy() == pytest.approx(1.45, rel=0.03)
    assert found["mean"].abs().max() < 0.1
    assert not found["beyond_tolerance"].any()


def test_the_counties_against_sweden_give_the_same(bas: pd.DataFrame) -> None:
    found = noise_in_parts(bas, key="place", whole="00", parts=COUNTIES, counts=COUNTS)
    assert found["measure"].tolist() == COUNTS
    assert (found["cells"] == 22 * 312).all()
    assert found["variance"].mean() == pytest.approx(2.1, rel=0.02)
    assert found["variance"].between(1.6, 2.5).all()
    assert not found["beyond_tolerance"].any()


def test_sums_of_our_own_are_left_out(bas: pd.DataFrame) -> None:
    month = bas[(bas["period"] == "2026-06").to_numpy()]
    published = month[(month["status"] == "preliminary").to_numpy()]
    assert len(published) < len(month)
    assert noise_in_sums(month, sums=SUMS).equals(noise_in_sums(published, sums=SUMS))
    with pytest.raises(SchemaError, match="derived"):
        noise_in_parts(month, key="sex", whole="total", parts=["women", "men"], counts=["sick"])


def rows(values: np.ndarray, noise: np.ndarray) -> pd.DataFrame:
    """Two counts and their sum, each with its own noise."""
    whole = values.sum(axis=1)
    published = np.column_stack([values, whole]) + noise
    frame = pd.DataFrame(published, columns=["employed", "unemployed", "labour_force"])
    return frame.assign(place=[f"{at:04d}" for at in range(len(frame))], status="final")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 1.45, 4.0]))
def test_noise_put_in_comes_out(seed: int, sd: float) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(100, 5_000, size=(4_000, 2)).astype(float)
    frame = rows(values, random.normal(0, sd, size=(4_000, 3)))
    within = noise_in_sums(frame, sums={"labour_force": ["employed", "unemployed"]})
    assert within["sd"].item() == pytest.approx(sd, rel=0.08)
    long = frame.drop(columns="status").melt("place", var_name="sex", value_name="count")
    across = noise_in_parts(
        long.assign(status="final"),
        key="sex",
        whole="labour_force",
        parts=["employed", "unemployed"],
        counts=["count"],
    )
    columns = ["cells", "mean", "sd", "residual"]
    assert across[columns].to_numpy() == pytest.approx(within[columns].to_numpy())


def test_a_missing_count_is_no_sum() -> None:
    frame = rows(np.full((3, 2), 100.0), np.zeros((3, 3)))
    frame.loc[0, "employed"] = np.nan
    frame.loc[1, "labour_force"] = 209.0
    found = noise_in_sums(frame, sums={"labour_force": ["employed", "unemployed"]}).iloc[0]
    assert (found["cells"], found["mean"], found["residual"]) == (6, -4.5, 9.0)
    assert found["variance"] == pytest.approx(81 / 2 / 3)


def test_a_sum_that_does_not_hold_lies_beyond_the_tolerance() -> None:
    frame = rows(np.full((200, 2), 100.0), np.zeros((200, 3)))
    frame.loc[0, "labour_force"] = 900.0
    found = noise_in_sums(frame, sums={"labour_force": ["employed", "unemployed"]}).iloc[0]
    assert found["beyond_tolerance"]
    assert found["residual"] == 700.0


def test_a_place_without_all_parts_is_not_compared() -> None:
    frame = pd.DataFrame(
        {
            "place": ["A", "A", "A", "B", "B"],
            "sex": ["women", "men", "total", "women", "total"],
            "employed": [10.0, 20.0, 31.0, 5.0, 50.0],
            "status": "final",
        }
    )
    found = noise_in_parts(
        frame, key="sex", whole="total", parts=["women", "men"], counts=["employed"]
    )
    assert found[["cells", "mean"]].to_numpy().tolist() == [[3.0, -1.0]]


def test_the_table_is_not_changed(bas: pd.DataFrame) -> None:
    month = bas[(bas["period"] == "2026-06").to_numpy()]
    before = month.copy()
    noise_in_sums(month, sums=SUMS)
    noise_in_parts(month, key="place", whole="00", parts=COUNTIES, counts=["sick"])
    pd.testing.assert_frame_equal(month, before)


def test_errors_say_what_to_do(bas: pd.DataFrame) -> None:
    month = bas[(bas["period"] == "2026-06").to_numpy()]
    with pytest.raises(UsageError, match="at least one sum"):
        noise_in_sums(month, sums={})
    with pytest.raises(UsageError, match="at least one sum"):
        noise_in_sums(month, sums={"labour_force": []})
    with pytest.raises(SchemaError, match="employd"):
        noise_in_sums(month, sums={"labour_force": ["employd"]})
    with pytest.raises(UnknownCodeError, match="'2'"):
        noise_in_parts(month, key="place", whole="00", parts=["01", "2"], counts=["sick"])
    with pytest.raises(UsageError, match="at least one of parts"):
        noise_in_parts(month, key="place", whole="00", parts=[], counts=["sick"])
    with pytest.raises(SchemaError):
        noise_in_parts(
            pd.concat([month, month]), key="place", whole="00", parts=["01"], counts=["sick"]
        )
