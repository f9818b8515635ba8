from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import SourceChangedError, UnknownCodeError, UsageError
from integstats.publishers.call_plan import Plan, best_grid, plan_calls
from integstats.publishers.table_meta import TableMeta, VariableMeta


def table(**sizes: int) -> TableMeta:
    """A synthetic table: variables in capitals are mandatory, T is time."""
    variables = tuple(
        VariableMeta(
            code=name,
            label=f"the {name.lower()}",
            codes=tuple(f"{name.lower()}{number:04}" for number in range(size)),
            labels=tuple(f"label {number}" for number in range(size)),
            elimination=name.islower(),
            time=name == "T",
        )
        for name, size in sizes.items()
    )
    return TableMeta(
        id="TAB0",
        label="synthetic",
        source="nobody",
        language="sv",
        updated="2026-01-01T06:00:00Z",
        variables=variables,
        notes=(),
        codelists={},
        body=b"",
        url="",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def plan(meta: TableMeta, selection: Any, max_cells: int = 150_000, **kwargs: Any) -> Plan:
    return plan_calls(
        meta, selection, max_cells=max_cells, calls_per_window=3, window=1.0, **kwargs
    )


# Shapes, the fewest calls possible, and the calls of the best grid, as measured by others; the
# well-kept clients need up to 312 for the fourth, and some of them cannot divide the sixth.
KNOWN = [
    ((290, 2, 10, 3, 3, 60), 21, 22),
    ((312, 2, 8, 4, 2, 20), 6, 6),
    ((312, 2, 10, 3, 6, 84), 63, 63),
    ((312, 4, 102, 2, 2, 57), 194, 198),
    ((6160, 2, 3, 3, 15), 12, 12),
    ((1, 400, 540), 2, 2),
    ((1, 2000, 3000), 40, 40),
    ((312, 2, 210, 25), 22, 23),
]


@pytest.mark.parametrize(("shape", "lower_bound", "calls"), KNOWN)
def test_known_shapes(shape: tuple[int, ...], lower_bound: int, calls: int) -> None:
    assert -(-math.prod(shape) // 150_000) == lower_bound
    assert math.prod(best_grid(shape, 150_000)) == calls
    assert calls <= lower_bound * 1.052  # R pxweb's worst


def test_all_of_bas_is_five_calls() -> None:
    meta = table(REGION=312, SEX=3, BIRTH=3, T=78, CONTENTS=11)
    selection = {
        "Region": meta.variables[0].codes[:290],
        "Sex": ["sex0000", "sex0001"],
        "Birth": ["birth0001", "birth0002"],
        "T": ["*"],
        "Contents": meta.variables[4].codes[:7],
    }
    got = plan(meta, selection)
    assert got.cells == 633_360
    assert got.lower_bound == len(got.calls) == 5
    assert got.seconds == 1.0
    assert {call.shape for call in got.calls} == {(58, 2, 2, 78, 7)}


def brute_force(shape: tuple[int, ...], limit: int) -> int:
    """Every way to cut every dimension."""
    return min(
        math.prod(pieces)
        for pieces in itertools.product(*(range(1, size + 1) for size in shape))
        if math.prod(-(-size // k) for size, k in zip(shape, pieces, strict=True)) <= limit
    )


shapes = st.lists(st.integers(1, 9), min_size=1, max_size=4).map(tuple)


@settings(max_examples=250, deadline=None)
@given(shape=shapes, limit=st.integers(1, 400))
def test_no_grid_is_better(shape: tuple[int, ...], limit: int) -> None:
    grid = best_grid(shape, limit)
    assert math.prod(-(-size // k) for size, k in zip(shape, grid, strict=True)) <= limit
    assert math.prod(grid) == brute_force(shape, limit)
    assert math.prod(grid) >= -(-math.prod(shape) // limit)


def test_of_equal_grids_the_one_that_cuts_least_and_first() -> None:
    assert best_grid([4, 4], 8) == (2, 1)  # not (1, 2)
    assert best_grid([4, 4], 4) == (4, 1)  # not (2, 2)


@settings(max_examples=100, deadline=None)
@given(shape=shapes, limit=st.integers(1, 60))
def test_the_blocks_are_the_cube_each_cell_once_in_order(
    shape: tuple[int, ...], limit: int
) -> None:
    meta = table(**dict(zip("ABCD", shape, strict=False)))
    got = plan(meta, {variable.code: ["*"] for variable in meta.variables}, limit)
    assert got.shape == shape
    seen = set()
    for call in got.calls:
        assert call.cells <= limit
        for start, (name, codes) in zip(call.offset, call.selection.items(), strict=True):
            assert codes == got.selection[name][start : start + len(codes)]
        seen |= set(itertools.product(*call.selection.values()))
    assert len(seen) == got.cells == sum(call.cells for call in got.calls)
    assert [call.offset for call in got.calls] == sorted(call.offset for call in got.calls)


def test_codes_come_once_and_in_the_order_of_the_table() -> None:
    meta = table(A=5, T=3)
    got = plan(meta, {"T": ["t0002", "TOP(2)", "t0001"], "a": ["A0003", "a0001", "a0003"]})
    assert got.selection == {"A": ("a0001", "a0003"), "T": ("t0001", "t0002")}
    assert list(got.selection) == ["A", "T"]


def test_an_expression_counts_as_what_it_means() -> None:
    meta = table(A=10, T=60)
    assert plan(meta, {"A": ["*"], "T": ["FROM(t0010)"]}).cells == 500
    assert plan(meta, {"A": ["a000?"], "T": ["TOP(12)"]}, max_cells=60).lower_bound == 2
    assert plan(meta, {"A": "*", "T": "TOP(12)"}).cells == 120  # one text is one expression


def test_what_is_left_out_is_named() -> None:
    meta = table(A=5, b=4, T=3)
    got = plan(meta, {"A": ["*"], "T": ["*"]})
    assert (got.eliminated, got.shape) == (("b",), (5, 3))
    with pytest.raises(
        UsageError, match=r"TAB0 needs a selection for A, which may not be left out"
    ):
        plan(meta, {"T": ["*"]})
    with pytest.raises(SourceChangedError, match="needs a selection for A"):
        plan(meta, {"T": ["*"]}, pinned=True)


def test_nothing_is_left_to_the_default_selection() -> None:
    with pytest.raises(UsageError, match="Nothing is selected of table TAB0"):
        plan(table(a=5, b=4), {})
    with pytest.raises(UsageError, match="No code of A is selected"):
        plan(table(A=5), {"A": []})


def test_a_variable_named_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="A of table TAB0 is selected twice"):
        plan(table(A=5), {"A": ["*"], "a": ["a0000"]})


def test_who_named_the_code_decides_the_error() -> None:
    meta = table(A=5)
    with pytest.raises(UnknownCodeError, match=r"TAB0 has no value 'a0009' of A"):
        plan(meta, {"A": ["a0000", "a0009"]})
    with pytest.raises(SourceChangedError, match="bring the catalogue up to date"):
        plan(meta, {"A": ["a0000", "a0009"]}, pinned=True)
    with pytest.raises(UnknownCodeError, match="has no variable 'AA'"):
        plan(meta, {"AA": ["*"]})


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(UsageError, match="No call can hold 0 cells"):
        plan(table(A=5), {"A": ["*"]}, max_cells=0)


@pytest.mark.parametrize(
    ("calls", "per_window", "seconds"), [(1, 3, 0.0), (3, 3, 0.0), (4, 3, 10.0), (30, 3, 90.0)]
)
def test_the_least_seconds_the_limit_allows(calls: int, per_window: int, seconds: float) -> None:
    got = plan_calls(
        table(A=calls), {"A": ["*"]}, max_cells=1, calls_per_window=per_window, window=10.0
    )
    assert (len(got.calls), got.seconds) == (calls, seconds)
