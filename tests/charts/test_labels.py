from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from integstats.charts.labels import spread

VALUES = st.lists(st.floats(0, 100), min_size=1, max_size=8)


@given(VALUES)
def test_labels_never_overlap_and_keep_their_order(wanted):
    placed = spread(wanted, [4.0] * len(wanted), low=-100, high=200)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 4.0 - 1e-9).all()


@given(VALUES)
def test_labels_that_fit_stay_inside(wanted):
    placed = spread(wanted, [4.0] * len(wanted), low=0, high=100)
    assert placed.min() >= 2.0 - 1e-9
    assert placed.max() <= 98.0 + 1e-9


@given(VALUES)
def test_labels_apart_from_each_other_stay_where_they_are(wanted):
    far = [20.0 * at + value / 10 for at, value in enumerate(wanted)]
    assert np.allclose(spread(far, [4.0] * len(far), low=-50, high=500), far)


def test_the_moves_are_as_small_as_possible():
    assert spread([10.0, 10.0, 10.0], [2.0] * 3, low=0, high=50).tolist() == [8.0, 10.0, 12.0]


def test_two_crowds_that_meet_are_moved_as_one():
    placed = spread([10, 10, 13, 13], [2.0] * 4, low=0, high=50)
    assert placed.tolist() == [8.5, 10.5, 12.5, 14.5]
