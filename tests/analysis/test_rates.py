from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import integstats as ig
from integstats.errors import (
    IncomparableError,
    SchemaError,
    SmallBaseWarning,
    UnknownCodeError,
)
from integstats.formats import jsonstat


def counts(unemployed: float, labour_force: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "dataset": ["scb-bas-month"],
            "unemployed": [unemployed],
            "labour_force": [labour_force],
        }
    )


def test_every_published_rate_follows_from_its_counts() -> None:
    """SCB prints the three rates itself; ours may differ by rounding and the disclosure noise."""
    from integstats import catalogue, store

    what = catalogue.dataset("scb-bas-month")
    part = store.snapshots(what.id)[0].parts[0]
    cube = jsonstat.read(store.read(part))
    checked = 0
    for name, code in what.published_rates.items():
        measure = catalogue.measure(name)
        top, base, printed = (
            cube.select({what.contents_variable: c}).values
            for c in (what.counts[measure.numerator], what.counts[measure.denominator], code)
        )
        assert np.abs(100 * top / base - printed).max() <= 0.0501
        checked += printed.size
    assert checked == 23_400


@pytest.mark.parametrize(
    ("base", "shown", "note"),
    [(29, False, "suppressed"), (30, True, "small_base"), (49, True, "small_base"), (50, True, "")],
)
def test_small_bases_are_noted_and_the_smallest_not_shown(
    base: float, shown: bool, note: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallBaseWarning)
        found = ig.rates(counts(5, base), "unemployment_rate").iloc[0]
    assert found["unemployment_rate_note"] == note
    assert np.isnan(found["unemployment_rate"]) is not shown or not shown
    assert (not np.isnan(found["unemployment_rate"])) == shown


def test_one_warning_summarises_all_small_bases() -> None:
    frame = pd.concat([counts(5, 40), counts(5, 20), counts(5, 500)], ignore_index=True)
    with pytest.warns(SmallBaseWarning, match=r"2 of 3 rates .* 1 below 30") as caught:
        ig.rates(frame, "unemployment_rate")
    assert len(caught) == 1


def test_an_unknown_measure_names_the_near_one() -> None:
    with pytest.raises(UnknownCodeError, match="unemployment_rate"):
        ig.rates(counts(5, 500), "unemployment")


def test_a_measure_of_another_source_is_refused() -> None:
    with pytest.raises(IncomparableError, match="registered_unemployment_rate"):
        ig.rates(counts(5, 500), "registered_unemployment_rate")


def test_a_missing_count_column_is_named() -> None:
    with pytest.raises(SchemaError, match="employed, population"):
        ig.rates(counts(5, 500), "employment_rate")


@settings(max_examples=80, deadline=None)
@given(
    st.floats(0, 1e6) | st.just(np.nan),
    st.floats(0, 1e6) | st.just(np.nan),
)
def test_a_missing_count_never_becomes_a_number(top: float, base: float) -> None:
    frame = counts(top, base)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallBaseWarning)
        rate = ig.rates(frame)["unemployment_rate"].iloc[0]
    if np.isnan(top) or np.isnan(base) or base < 30:
        assert np.isnan(rate)
    else:
        assert rate == top / base
    assert frame.equals(counts(top, base))
