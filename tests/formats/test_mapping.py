from __future__ import annotations

from dataclasses import replace
from itertools import product
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integstats import catalogue
from integstats.catalogue import Dataset, Grouping, KeyVariable
from integstats.errors import SchemaError
from integstats.formats import mapping
from integstats.formats.cube import Cube, Dimension

ROLES = {"Tid": "time", "Innehåll": "metric"}


def cube(values: np.ndarray | None = None, **codes: list[str]) -> Cube:
    """A cube with these codes; figures 0, 1, 2, … when none are given."""
    shape = tuple(len(members) for members in codes.values())
    figures = np.arange(np.prod(shape), dtype=float) if values is None else values
    dimensions = tuple(
        Dimension(name, name, tuple(members), tuple(members), role=ROLES.get(name))  # type: ignore[arg-type]
        for name, members in codes.items()
    )
    return Cube("Påhittat", None, None, None, "sv", dimensions, figures.reshape(shape))


def key(name: str, variable: str = "", *, constant: str = "", **codes: str) -> KeyVariable:
    return KeyVariable(name, variable, MappingProxyType(codes), constant)


def dataset(**changes: object) -> Dataset:
    """An invented yearly dataset with one count, split by region, sex and year."""
    plain = replace(
        catalogue.dataset("scb-bas-year"),
        id="synthetic-mapping",
        status="final",
        contents_variable="Innehåll",
        counts={"employed": "E"},
        published_rates={},
        keys={
            "place": key("place", "Region"),
            "sex": key("sex", "Kön", women="2", men="1"),
            "period": key("period", "Tid"),
        },
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def table(figures: Cube, described: Dataset, ages: list[str] | None = None) -> pd.DataFrame:
    present = np.ones(figures.shape, dtype=bool)
    return mapping.to_table(figures, present, dataset=described, vintage="v", ages=ages)


PLAIN = {"Region": ["00", "12"], "Kön": ["1", "2"], "Innehåll": ["E"], "Tid": ["2023", "2024"]}


# --- the parts of one answer ----------------------------------------------------------------------


@given(st.permutations([(r, t) for r in ("00", "12", "1280") for t in ("2022", "2023", "2024")]))
def test_parts_in_any_order_make_the_whole(order: list[tuple[str, str]]) -> None:
    whole = cube(Region=["00", "12", "1280"], Kön=["1", "2"], Tid=["2022", "2023", "2024"])
    parts = [whole.select({"Region": [r], "Tid": [t]}) for r, t in order]
    joined, present = mapping.join(parts)
    assert present.all()
    assert joined.dimension("Tid").codes == ("2022", "2023", "2024")
    asked = {"Region": whole.dimension("Region").codes}
    assert np.array_equal(joined.select(asked).values, whole.values)


def test_cells_that_no_part_has_are_told_apart_from_missing_ones() -> None:
    whole = cube(np.array([[1.0, np.nan], [3.0, 4.0]]), Region=["00", "12"], Tid=["2023", "2024"])
    joined, present = mapping.join([whole.select({"Region": "00"}), whole.select({"Tid": "2023"})])
    assert present.tolist() == [[True, True], [True, False]]
    assert np.array_equal(joined.values, [[1, np.nan], [3, np.nan]], equal_nan=True)


def test_parts_may_overlap_where_they_agree_and_missing_agrees_with_missing() -> None:
    whole = cube(np.array([[1.0, np.nan]]), Region=["00"], Tid=["2023", "2024"])
    joined, _ = mapping.join([whole, whole])
    assert np.array_equal(joined.values, whole.values, equal_nan=True)


def test_parts_that_disagree_are_an_error_that_names_the_cell() -> None:
    one = cube(Region=["00", "12"], Tid=["2023"])
    other = cube(np.array([[0.0], [6.0]]), Region=["00", "12"], Tid=["2023"])
    with pytest.raises(SchemaError, match=r"1 cells, the first: Region=12, Tid=2023 is 1.0 and 6"):
        mapping.join([one, other])
    with pytest.raises(SchemaError, match="different variables"):
        mapping.join([one, cube(Region=["00"], Kön=["1"])])


def test_parts_whose_variables_stand_in_another_order_fit() -> None:
    one = cube(Region=["00", "12"], Tid=["2023"])
    turned = cube(np.array([[0.0, 1.0]]), Tid=["2023"], Region=["00", "12"])
    joined, _ = mapping.join([one, turned])
    assert np.array_equal(joined.values, one.values)


# --- the one table --------------------------------------------------------------------------------


def test_a_row_per_key_and_a_column_per_count() -> None:
    found = table(cube(**PLAIN), dataset())
    assert list(found.columns) == [
        *("dataset", "vintage", "place", "period", "sex", "birth_region", "age"),
        *("employed", "status"),
    ]
    expected = list(product(["00", "12"], ["men", "women"], ["2023", "2024"]))
    rows = found[["place", "sex", "period"]].astype(str)
    assert [tuple(row) for row in rows.to_numpy()] == expected
    assert found["employed"].tolist() == list(range(8))
    assert set(found["birth_region"]) == {"total"}
    assert set(found["status"]) == {"final"}


@given(st.permutations(list(PLAIN)))
def test_the_order_of_the_variables_does_not_matter(order: list[str]) -> None:
    usual = table(cube(**PLAIN), dataset())
    turned = cube(**PLAIN).values.transpose([list(PLAIN).index(name) for name in order])
    found = table(cube(turned, **{name: PLAIN[name] for name in order}), dataset())
    keys = ["place", "sex", "period"]
    pd.testing.assert_frame_equal(
        found.astype({"place": str, "sex": str}).sort_values(keys, ignore_index=True),
        usual.astype({"place": str, "sex": str}).sort_values(keys, ignore_index=True),
    )


def test_rows_without_any_cell_are_left_out_and_missing_cells_stay() -> None:
    whole = cube(**PLAIN)
    figures = Cube(
        *("x", None, None, None, "sv"), whole.dimensions, np.where(whole.values == 0, np.nan, 1.0)
    )
    present = np.ones(figures.shape, dtype=bool)
    present[1] = False
    found = mapping.to_table(figures, present, dataset=dataset(), vintage="v")
    assert set(found["place"]) == {"00"}
    assert found["employed"].isna().tolist() == [True, False, False, False]


def test_a_variable_without_a_key_is_an_error_unless_it_has_one_code() -> None:
    split = cube(Sektor=["a", "b"], **PLAIN)
    with pytest.raises(SchemaError, match="split by Sektor"):
        table(split, dataset())
    assert len(table(split.select({"Sektor": "b"}), dataset())) == 8
    with pytest.raises(SchemaError, match="no variable 'Kön'; it has: Region, Innehåll, Tid"):
        table(cube(**{k: v for k, v in PLAIN.items() if k != "Kön"}), dataset())


def test_what_the_table_does_not_split_by_holds_its_constant() -> None:
    keys = {**dataset().keys, "age": key("age", constant="20-64")}
    found = table(cube(**PLAIN), dataset(keys=keys))
    assert set(found["age"]) == {"20-64"}
    assert set(found["birth_region"]) == {"total"}


def test_rates_are_divided_by_a_hundred_once_and_amounts_not_at_all() -> None:
    figures = cube(
        np.array([[[[62.5], [310.0]]]]),
        **(PLAIN | {"Region": ["00"], "Kön": ["1"], "Innehåll": ["R", "M"], "Tid": ["2024"]}),
    )
    described = dataset(counts={}, rates={"share_rate": "R"}, amounts={"median": "M"})
    found = table(figures, described)
    assert found["share_rate"].tolist() == [0.625]
    assert found["median"].tolist() == [310.0]
    assert not described.additive
    assert dataset().additive


def test_a_published_rate_beside_its_counts_is_left_out() -> None:
    figures = cube(**(PLAIN | {"Innehåll": ["E", "R"]}))
    found = table(figures, dataset(published_rates={"employment_rate": "R"}))
    assert "employment_rate" not in found.columns
    assert found["employed"].tolist() == [0, 1, 4, 5, 8, 9, 12, 13]


MARGINS = {
    "Innehåll": ["SYS"],
    "Mått": ["procent", "felmarginal"],
    "Tid": ["2023", "2024"],
    "Region": ["00"],
    "Kön": ["2"],
}


def test_margins_of_error_stand_beside_their_rates() -> None:
    figures = cube(np.array([60.0, 61.0, 1.5, 1.6]), **MARGINS)
    described = dataset(
        counts={},
        rates={"share_rate": "SYS"},
        fixed={"Mått": "procent"},
        margins={"Mått": "felmarginal"},
    )
    found = table(figures, described)
    assert found["share_rate"].tolist() == [0.6, 0.61]
    assert found["share_rate_margin"].tolist() == [0.015, 0.016]
    without = table(figures.select({"Mått": "procent"}), described)
    assert without["share_rate"].tolist() == [0.6, 0.61]
    assert "share_rate_margin" not in without.columns


# --- one variable with several groupings ---------------------------------------------------------

BACKGROUND = (
    Grouping("TOT", {}),
    Grouping("SE", {"birth_region": "native_born"}),
    Grouping("UTL", {"birth_region": "foreign_born"}),
    Grouping("INT1", {"birth_region": "foreign_born", "length_of_stay": "0-1"}),
    Grouping("20-24", {"age": "20-24"}),
)
GROUPED = {
    "birth_region": key("birth_region", constant="total"),
    "length_of_stay": key("length_of_stay", constant="total"),
    "age": key("age", constant="20-65"),
}


def grouped() -> Dataset:
    return dataset(
        keys={**dataset().keys, **GROUPED}, grouping_variable="Bakgrund", groupings=BACKGROUND
    )


def test_each_code_of_a_grouping_becomes_its_keys_and_nothing_is_summed() -> None:
    codes = [one.code for one in BACKGROUND]
    found = table(
        cube(Bakgrund=codes, Region=["00"], Kön=["2"], Innehåll=["E"], Tid=["2024"]), grouped()
    )
    assert found["employed"].tolist() == [0, 1, 2, 3, 4]
    rows = found[["birth_region", "length_of_stay", "age"]].astype(str).to_numpy().tolist()
    assert rows == [
        ["total", "total", "20-65"],
        ["native_born", "total", "20-65"],
        ["foreign_born", "total", "20-65"],
        ["foreign_born", "0-1", "20-65"],
        ["total", "total", "20-24"],
    ]


def test_an_unknown_code_of_a_grouping_is_an_error() -> None:
    figures = cube(Bakgrund=["TOT", "NY"], Region=["00"], Kön=["2"], Innehåll=["E"], Tid=["2024"])
    with pytest.raises(SchemaError, match=r"has NY in Bakgrund.*it maps: TOT, SE"):
        table(figures, grouped())


# --- single years ---------------------------------------------------------------------------------


def years(ages: list[str], values: np.ndarray | None = None) -> Cube:
    codes = {"Region": ["00"], "Kön": ["2"], "Ålder": ages, "Innehåll": ["E"], "Tid": ["2024"]}
    return cube(values, **codes)


def by_year() -> Dataset:
    age = KeyVariable("age", "Ålder", MappingProxyType({}), single_years=True)
    return dataset(keys={**dataset().keys, "age": age})


def test_single_years_are_summed_to_each_span_and_marked_derived() -> None:
    figures = years(["19", "20", "21", "22"])
    found = table(figures, by_year(), ["20-22", "19-20", "21"])
    assert found[["age", "employed", "status"]].astype({"age": str}).values.tolist() == [
        ["20-22", 6.0, "derived"],
        ["19-20", 1.0, "derived"],
        ["21", 2.0, "final"],
    ]
    assert list(found.columns) == list(table(figures, by_year()).columns)


def test_a_span_of_which_a_year_is_not_there_has_no_row_and_a_missing_year_no_sum() -> None:
    assert table(years(["20", "22"]), by_year(), ["20-22"]).empty
    missing = years(["20", "21"], np.array([1.0, np.nan]))
    found = table(missing, by_year(), ["20-21"])
    assert len(found) == 1
    assert found["employed"].isna().all()


def test_ages_of_other_datasets_are_never_summed() -> None:
    keys = {**dataset().keys, "age": key("age", "Ålder")}
    found = table(years(["20-24", "25-29", "20-29"]), dataset(keys=keys), ["20-29"])
    assert found["age"].astype(str).tolist() == ["20-24", "25-29", "20-29"]


# --- pinned codes ---------------------------------------------------------------------------------


def test_pinned_codes_take_the_place_of_patterns_in_the_catalogues_order() -> None:
    plain = catalogue.dataset("scb-integration-county")
    pins = {
        "rates": {"openly_unemployed_rate": "O", "employment_rate": "E"},
        "keys": {"sex": {"women": "9"}},
        "grouping": {"label:^samtliga utrikes födda$": "U"},
    }
    found = mapping.resolved(plain, pins)
    assert dict(found.rates) == {"employment_rate": "E", "openly_unemployed_rate": "O"}
    assert list(found.rates) == ["employment_rate", "openly_unemployed_rate"]
    assert found.keys["sex"].codes == {"women": "9"}
    assert found.keys["education"] == plain.keys["education"]
    assert "U" in [one.code for one in found.groupings]
    assert [one.words for one in found.groupings] == [one.words for one in plain.groupings]
    assert mapping.resolved(plain, {}) == plain
