"""Checked inputs: what is refused, and how rows are grouped."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from integstats.analysis.inputs import counts, floats, group_keys, row_groups, shares
from integstats.errors import SchemaError


def test_numbers_are_finite_or_missing() -> None:
    assert np.isnan(floats([1, None, np.nan], name="x")).tolist() == [False, True, True]
    with pytest.raises(SchemaError, match="x has infinite values"):
        floats([1, np.inf], name="x")
    with pytest.raises(SchemaError, match="x has 2 values below 0"):
        counts([-1.0, -2.0, np.nan], name="x")


def test_a_count_above_its_denominator_is_no_share() -> None:
    share, valid = shares(np.array([3.0, 2.0, 0.0]), np.array([2.0, 2.0, 0.0]))
    assert valid.tolist() == [False, True, False]
    assert np.isnan(share).tolist() == [True, False, True]


def test_every_key_but_the_consumed_groups_the_rows() -> None:
    frame = pd.DataFrame(
        {
            "place": ["A", "B", "A", "B"],
            "sex": ["men", "men", "women", "women"],
            "education": ["low"] * 4,
            "status": ["final"] * 4,
            "x": [1.0, 2.0, 3.0, 4.0],
        }
    )
    keys = group_keys(frame, consumed=["place"], what="it")
    assert keys == ["sex", "education"]
    assert [rows.tolist() for rows in row_groups(frame, keys)] == [[0, 1], [2, 3]]
    with pytest.raises(SchemaError, match="it has 2 keys on more than one row"):
        group_keys(frame.drop(columns="sex"), consumed=["place"], what="it")
    with pytest.raises(SchemaError, match="without rows"):
        group_keys(frame.iloc[:0], consumed=["place"], what="it")
