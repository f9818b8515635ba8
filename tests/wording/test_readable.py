from __future__ import annotations

import pandas as pd
import pytest

import integstats as ig
from integstats.errors import SchemaError, UnknownCodeError


def test_the_gaps_of_malmo_in_swedish() -> None:
    bas = ig.load("scb-bas-month", places=["Malmö"], start="2026-06")
    gaps = ig.gaps(ig.rates(bas), "employment_rate")
    shown = ig.readable(gaps, columns=["place", "period", "sex", "gap_pp", "rate_foreign_born"])
    assert shown.index.tolist() == ["Malmö"] * 3
    assert shown.columns.name == "Område"
    women = shown[(shown["Kön"] == "kvinnor").to_numpy()].iloc[0]
    assert women.tolist() == ["juni 2026", "kvinnor", "21,3", "62,6\u00a0%"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_cell_is_empty_and_rows_stay_in_order(lang: str) -> None:
    bas = ig.load("scb-bas-month", places=["Malmö", "riket"], start="2026-05")
    shown = ig.readable(bas, lang=lang)
    assert len(shown) == len(bas)
    assert (shown != "").to_numpy().all()
    assert not set(shown.columns) & set(bas.columns)


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(SchemaError, match="readable"):
        ig.readable(pd.DataFrame({"place": ["00"]}), columns=["gap_pp"])


def test_a_column_nobody_has() -> None:
    with pytest.raises(UnknownCodeError, match=r"Unknown column: 'plaice'\. Did you mean 'place'"):
        ig.readable(pd.DataFrame({"plaice": ["00"]}))
