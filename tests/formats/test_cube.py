"""The cube and its parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import SchemaError, UnknownCodeError, UsageError
from integstats.formats.cube import Cube, Dimension, Unit, parse_period
from integstats.formats.symbols import Symbols


def _axis(code: str, codes: str, **more: object) -> Dimension:
    names = tuple(codes.split())
    return Dimension(code, code.lower(), names, tuple(f"text {n}" for n in names), **more)


def _cube(*dimensions: Dimension, status: dict[int, str] | None = None, **more: object) -> Cube:
    shape = tuple(len(d.codes) for d in dimensions)
    values = np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    return Cube("table", "SCB", None, None, "sv", dimensions, values, status or {}, **more)


REGION = _axis("Region", "00 0180 1283")
SEX = _axis("Kon", "1 2")
TIME = _axis("Tid", "2020M01 2020M02", role="time")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("2020M01", pd.Period("2020-01", "M")),
        ("2020M1", pd.Period("2020-01", "M")),
        ("2020-12", pd.Period("2020-12", "M")),
        ("2020K2", pd.Period("2020Q2", "Q-DEC")),
        ("2020Q4", pd.Period("2020Q4", "Q-DEC")),
        ("2020-Q4", pd.Period("2020Q4", "Q-DEC")),
        ("2020", pd.Period("2020", "Y-DEC")),
    ],
)
def test_period_codes_of_the_publishers_are_read(code: str, expected: pd.Period) -> None:
    assert parse_period(code) == expected
    assert parse_period(code).freqstr == expected.freqstr


@pytest.mark.parametrize(
    "code",
    ["2006_2008", "2006-2008", "2020-21", "2020H1", "2020W05", "2020U05", "2020M13", "2020M00",
     "2020K5", "2020K0", "20201", "2020/21", "202001", "tot", "", " 2020", "2020 "],
)  # fmt: skip
def test_other_time_codes_are_refused_by_name(code: str) -> None:
    with pytest.raises(SchemaError, match=r"Not a month, quarter or year") as caught:
        parse_period(code)
    assert repr(code) in str(caught.value)


def test_frame_has_one_row_a_cell_in_cube_order() -> None:
    frame = _cube(REGION, SEX, TIME, status={11: "..", 0: "."}).to_frame()
    assert list(frame.columns) == ["Region", "Kon", "Tid", "value", "status"]
    assert frame["Region"].tolist() == ["00"] * 4 + ["0180"] * 4 + ["1283"] * 4
    assert frame["Kon"].tolist() == ["1", "1", "2", "2"] * 3
    assert frame["Tid"].tolist() == [pd.Period("2020-01"), pd.Period("2020-02")] * 6
    assert frame["value"].tolist() == list(map(float, range(12)))
    assert frame["status"].dropna().to_dict() == {0: ".", 11: ".."}


def test_columns_and_types_do_not_depend_on_the_data() -> None:
    with_symbols = _cube(REGION, TIME, status={0: ".."}).to_frame()
    without, empty = _cube(REGION, TIME).to_frame(), _cube(_axis("Region", ""), TIME).to_frame()
    for frame in (with_symbols, without, empty):
        assert list(frame.columns) == ["Region", "Tid", "value", "status"]
        assert frame["status"].cat.categories.dtype == "str"
        assert frame["status"].cat.codes.dtype == np.int8
        assert frame["Tid"].cat.categories.dtype == "period[M]"
        assert frame["value"].dtype == np.float64
    assert (without["status"].isna().all(), len(empty)) == (True, 0)


def test_labels_that_are_the_same_stay_apart_by_code() -> None:
    twins = Dimension("Region", "region", ("1440", "1860"), ("Ale", "Ale"))
    assert _cube(twins).to_frame()["Region"].tolist() == ["1440", "1860"]


def test_frame_takes_16_bytes_a_cell_for_six_dimensions() -> None:
    big = _axis("Region", " ".join(str(1000 + n) for n in range(290)))
    axes = [_axis(code, "1 2 3 4 5 6 7") for code in "ABCD"]
    frame = _cube(big, *axes, TIME).to_frame()
    assert frame.memory_usage(index=False, deep=False).sum() / len(frame) < 16.1


def test_changing_a_frame_does_not_change_the_cube() -> None:
    cube = _cube(REGION, TIME)
    frame = cube.to_frame()
    frame.loc[0, "value"] = 99.0
    frame["value"].to_numpy(copy=True)[:] = 1
    assert cube.values[0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        cube.values[0, 0] = 1.0


def test_the_given_array_is_not_locked() -> None:
    values = np.zeros(3)
    Cube("x", None, None, None, None, (REGION,), values)
    values[0] = 1.0
    assert values[0] == 1.0


def test_time_of_several_lengths_is_refused() -> None:
    mixed = _axis("Tid", "2020 2021 2021M01", role="time")
    with pytest.raises(SchemaError, match=r"'Tid' mixes .* '2020', '2021M01'"):
        _cube(mixed).to_frame()


def test_one_period_written_twice_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"'2020M01' and '2020-01' .* same period"):
        _cube(_axis("Tid", "2020M01 2020-01", role="time")).to_frame()


def test_a_table_without_values_gives_no_rows_of_missing_values() -> None:
    cube = Cube(
        "table", None, None, None, None, (REGION,), np.broadcast_to(np.nan, 3), has_values=False
    )
    assert cube.select({"Region": "1283"}).shape == (1,)
    with pytest.raises(UsageError, match="describes a table and holds no values"):
        cube.select({"Region": "1283"}).to_frame()


def test_description_of_a_table_larger_than_memory_takes_none() -> None:
    axes = [_axis(code, " ".join(map(str, range(3000)))) for code in "ABCD"]
    shape = (3000,) * 4
    values = np.broadcast_to(np.nan, shape)
    cube = Cube("x", None, None, None, None, tuple(axes), values, has_values=False)
    assert cube.size == 3000**4
    assert cube.select({"A": ["7"]}).shape == (1, 3000, 3000, 3000)
    assert dict(cube.status) == {}


@pytest.mark.parametrize("name", ["value", "status"])
def test_a_dimension_may_not_take_the_name_of_a_column(name: str) -> None:
    with pytest.raises(SchemaError, match=f"dimension is called '{name}'"):
        _cube(_axis(name, "a b")).to_frame()


def test_select_keeps_order_values_symbols_and_notes() -> None:
    region = _axis(
        "Region",
        "00 0180 1283",
        units={"00": Unit("n"), "1283": Unit("n", 1)},
        category_notes={"00": ("a",), "1283": ("b", "c")},
        mandatory_category_notes={"00": ("a",), "1283": ("b",)},
    )
    cube = _cube(region, SEX, status={1: "..", 4: "."}, mandatory_notes=("noise",))
    part = cube.select({"Region": ["1283", "00"], "Kon": "2"})
    assert part.values.tolist() == [[5.0], [1.0]]
    assert dict(part.status) == {1: ".."}
    assert part.dimension("Region").codes == ("1283", "00")
    assert part.dimension("Region").labels == ("text 1283", "text 00")
    assert part.notes_to_show == ("noise", "text 00: a", "text 1283: b")
    only = cube.select({"Region": ["1283"]})
    assert only.dimension("Region").units == {"1283": Unit("n", 1)}
    assert only.notes_to_show == ("noise", "text 1283: b")
    assert cube.shape == (3, 2)


def test_unknown_names_are_answered_with_the_nearest() -> None:
    cube = _cube(REGION, TIME)
    with pytest.raises(
        UnknownCodeError, match=r"Unknown variable: 'region'. Did you mean 'Region'"
    ):
        cube.select({"region": ["00"]})
    with pytest.raises(
        UnknownCodeError, match=r"in 'Region' \(region\): '180'. Did you mean '0180'"
    ):
        cube.select({"Region": ["180"]})
    with pytest.raises(UnknownCodeError, match="The cube has 'Region', 'Tid'"):
        cube.dimension("Kön")


def test_notes_that_must_be_shown_are_named_once() -> None:
    age = _axis("Alder", "060-64", notes=("n", "m"), mandatory_notes=("m",))
    cube = _cube(age, notes=("x", "y"), mandatory_notes=("y", "y"))
    assert cube.notes_to_show == ("y", "alder: m")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dimension("A", "a", ("1", "1"), ("x", "y")), "code '1' more than once"),
        (lambda: Dimension("A", "a", ("1",), ("x", "y")), "1 codes and 2 labels"),
        (lambda: _cube(SEX, SEX), "same code: 'Kon', 'Kon'"),
        (lambda: Cube("x", None, None, None, None, (SEX,), np.zeros(3)), r"of shape \(2,\)"),
        (lambda: Cube("x", None, None, None, None, (SEX,), np.zeros(2, int)), "int64"),
        (lambda: _cube(SEX, status={2: ".."}), "cell 2 of a cube of 2 cells"),
        (lambda: _cube(SEX, status={-1: ".."}), "cell -1 of a cube of 2 cells"),
        (lambda: _cube(SEX, status=Symbols(np.ones(3, int), ("x",))), "2 cells and symbols for 3"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(make: object, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        make()  # type: ignore[operator]


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.integers(0, 49), st.text(min_size=1, max_size=2), max_size=50))
def test_symbols_read_as_the_mapping_they_were_made_of(cells: dict[int, str]) -> None:
    symbols = Symbols.at(50, list(cells), list(cells.values()))
    assert dict(symbols) == cells
    assert len(symbols) == len(cells)
    assert [symbols.get(at) for at in (-1, 50)] == [None, None]


def test_more_symbols_than_a_byte_holds() -> None:
    cells = {at: f"s{at}" for at in range(300)}
    assert dict(Symbols.at(300, list(cells), list(cells.values()))) == cells


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=0, max_size=4),
    st.data(),
)
def test_selecting_then_framing_is_framing_then_selecting(
    shape: list[int], data: st.DataObject
) -> None:
    axes = [
        _axis(f"D{at}", " ".join(f"c{n}" for n in range(size))) for at, size in enumerate(shape)
    ]
    size = int(np.prod(shape, dtype=int))
    marks = data.draw(st.dictionaries(st.integers(0, size - 1), st.sampled_from([".", ".."]))
                      if size else st.just({}))  # fmt: skip
    cube = _cube(*axes, status=marks)
    wanted = {axis.code: [c for c in axis.codes if data.draw(st.booleans())] for axis in axes}
    part, whole = cube.select(wanted).to_frame(), cube.to_frame()
    keep = pd.Series(True, index=whole.index)
    for code, chosen in wanted.items():
        keep &= whole[code].isin(chosen)
    expected = whole[keep].astype("object").reset_index(drop=True)
    pd.testing.assert_frame_equal(part.astype("object"), expected)
