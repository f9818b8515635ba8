"""The invented figures by length of stay are what their description says."""

from __future__ import annotations

import doctest
import warnings

import invented_stay
import numpy as np
import pandas as pd
import pytest

from integstats import table as one_table
from integstats.analysis.decomposition import kitagawa
from integstats.analysis.rates import rates

COUNTS = list(invented_stay.COUNTS)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return invented_stay.table()


def test_it_is_the_one_table_of_invented_figures(found):
    one_table.check(found)
    assert one_table.key_columns(found)[-2:] == ["education", "length_of_stay"]
    assert found["dataset"].astype(str).unique().tolist() == ["synthetic-stay"]
    assert found["place"].astype(str).str.startswith("Exempelkommun").all()


def test_its_examples_hold():
    assert doctest.testmod(invented_stay).failed == 0


def test_every_total_is_the_sum_of_its_parts(found):
    totals = {"sex": "total", "age": "20-64", "education": "total", "length_of_stay": "total"}
    keys = ["place", "period", "sex", "birth_region", "age", "education", "length_of_stay"]
    plain = found.astype({key: str for key in keys if key != "period"})
    for key, total in totals.items():
        whole = plain[plain[key] == total]
        parts = plain[plain[key] != total]
        if key == "length_of_stay":
            whole = whole[whole["birth_region"] == "foreign_born"]
        others = [one for one in keys if one != key]
        sums = parts.groupby(others)[COUNTS].sum()
        assert sums.index.symmetric_difference(whole.set_index(others).index).empty
        pd.testing.assert_frame_equal(sums, whole.set_index(others)[COUNTS].sort_index())


def test_counts_are_whole_and_the_labour_force_is_within_the_population(found):
    assert (found[COUNTS] == found[COUNTS].round()).all(axis=None)
    assert (found["labour_force"] == found["employed"] + found["unemployed"]).all()
    assert (found["labour_force"] <= found["population"]).all()


def test_the_seed_decides_and_a_place_does_not_depend_on_the_others(found):
    alone = invented_stay.table(("Exempelkommun B",))
    keys = one_table.key_columns(alone)
    here, there = (
        one.astype(dict.fromkeys(keys, str)).set_index(keys)[COUNTS].sort_index()
        for one in (alone, found[(found["place"] == "Exempelkommun B").to_numpy()])
    )
    pd.testing.assert_frame_equal(here, there)
    other = invented_stay.table(("Exempelkommun B",), seed=1)
    assert other["population"].sum() != alone["population"].sum()


def test_what_the_model_promises_holds_in_the_figures(found):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown = rates(found, "employment_rate")
    whole = shown[
        ((shown["age"] == "20-64") & (shown["education"] == "total")).to_numpy()
        & (shown["period"] == pd.Period("2024", "Y")).to_numpy()
    ]
    for (_, sex), one in whole[(whole["sex"] != "total").to_numpy()].groupby(
        ["place", "sex"], observed=True
    ):
        own = one[(one["birth_region"] == "foreign_born").to_numpy()].set_index("length_of_stay")
        rate = [own["employment_rate"][stay] for stay in invented_stay.STAYS]
        assert (np.diff(rate) > 0).all(), sex
        native = one[(one["birth_region"] == "native_born").to_numpy()]
        assert float(native["employment_rate"].iloc[0]) > own["employment_rate"]["total"]


def test_the_difference_between_the_birth_regions_can_be_decomposed(found):
    chosen = (
        (found["place"] == "Exempelkommun A")
        & (found["sex"] == "women")
        & (found["length_of_stay"] == "total")
        & (found["education"] != "total")
        & (found["age"] != "20-64")
        & (found["period"] == pd.Period("2024", "Y"))
    )
    split = kitagawa(
        found[chosen.to_numpy()],
        population="birth_region",
        first="foreign_born",
        second="native_born",
        groups=["education", "age"],
        numerator="employed",
        denominator="population",
    )
    [terms] = split.terms.to_dict("records")
    assert terms["difference"] == pytest.approx(terms["composition"] + terms["rate"])
    assert terms["composition"] > 0.01
    assert terms["rate"] > 0.05
