"""JSON-stat: real answers first, then each form the standard allows, then laws."""

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import IntegstatsError, SchemaError, UnknownCodeError, UsageError
from integstats.formats import jsonstat
from integstats.formats.cube import Cube, Dimension, Unit

PLAIN: dict[str, Any] = {
    "version": "2.0",
    "class": "dataset",
    "label": "synthetic",
    "source": "nobody",
    "updated": "2026-08-28T06:00:00Z",
    "id": ["Region", "Kon", "ContentsCode", "Tid"],
    "size": [2, 2, 1, 2],
    "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
    "dimension": {
        "Region": {
            "label": "region",
            "category": {
                "index": {"0180": 0, "1283": 1},
                "label": {"0180": "Ettby", "1283": "Tvåby"},
            },
        },
        "Kon": {
            "label": "kön",
            "category": {"index": {"1": 0, "2": 1}, "label": {"1": "män", "2": "kvinnor"}},
        },
        "ContentsCode": {
            "label": "tabellinnehåll",
            "category": {
                "index": {"A": 0},
                "label": {"A": "antal"},
                "unit": {"A": {"base": "antal", "decimals": 0}},
            },
        },
        "Tid": {
            "label": "månad",
            "category": {"index": {"2020M01": 0, "2020M02": 1}, "label": {"2020M01": "januari"}},
        },
    },
    "value": [1, 2, 3, None, 5, 6.5, 7, 8],
    "status": {"3": ".."},
}
VALUES = [1.0, 2.0, 3.0, np.nan, 5.0, 6.5, 7.0, 8.0]


def _read(body: Any) -> Cube:
    return jsonstat.read(json.dumps(body).encode())


def _changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(PLAIN), **parts}


def _check(cube: Cube) -> None:
    """The cube is the plain one, whatever form it was written in."""
    np.testing.assert_array_equal(cube.values.reshape(-1), VALUES)
    assert dict(cube.status) == {3: ".."}
    assert [axis.codes for axis in cube.dimensions[:2]] == [("0180", "1283"), ("1", "2")]


# Real answers


def test_every_real_figure_of_scb_is_where_the_csv_says(shared: Path) -> None:
    stem = "TAB6260_25_places_2020M01-2026M06"
    cube = jsonstat.read((shared / "data" / "scb" / f"{stem}.json").read_bytes())
    frame = cube.to_frame()
    assert cube.shape == (25, 2, 1, 2, 11, 78)
    assert (cube.table_id, cube.language, cube.source) == ("TAB6260", "en", "Statistics Sweden")
    assert cube.updated == "2026-08-28T06:00:00Z"
    contents = cube.dimension("ContentsCode")
    assert {unit.base for unit in contents.units.values()} == {"number", "percent"}
    published = pd.read_csv(
        shared / "data" / "scb" / f"{stem}.csv", dtype={"Region": str, "Kon": str}
    )
    measures = list(published.columns[5:])
    wide = (
        frame.assign(
            measure=frame["ContentsCode"].cat.rename_categories(measures).astype("str"),
            Fodelseregion=frame["Fodelseregion"].astype("str"),
        )
        .drop(columns=["Alder", "ContentsCode", "status"])
        .astype({"Region": "str", "Kon": "str", "Tid": "period[M]"})
        .pivot(index=["Region", "Kon", "Fodelseregion", "Tid"], columns="measure", values="value")
    )
    regions = dict(zip(["in", "ut"], sorted(cube.dimension("Fodelseregion").codes), strict=True))
    published = published.assign(
        Fodelseregion=published["Fodelseregion"].map(regions),
        Tid=pd.PeriodIndex(published["Tid"].str.replace("M", "-"), freq="M"),
    ).set_index(["Region", "Kon", "Fodelseregion", "Tid"])
    assert len(wide) == len(published) == 7800
    np.testing.assert_array_equal(wide[measures].loc[published.index], published[measures])


def test_recorded_scb_data_and_metadata(shared: Path) -> None:
    folder = shared / "data" / "pxweb" / "v2_scb"
    raw = json.loads((folder / "TAB6471_data.json").read_bytes())
    cube = jsonstat.read((folder / "TAB6471_data.json").read_bytes())
    assert cube.values.reshape(-1).tolist() == raw["value"]
    assert not cube.status
    assert [axis.role for axis in cube.dimensions] == [None, None, None, "metric", "time"]
    assert len(cube.mandatory_notes) == 4
    assert cube.notes_to_show[-1].startswith("ålder: Med ålder avses uppnådd ålder")
    sex = cube.dimension("Kon")
    assert (sex.elimination, sex.elimination_code) == (True, "TotSa")
    men, women = (cube.select({"Kon": code}).values for code in ("1", "2"))
    total = cube.select({"Kon": "TotSa"}).values
    # Disclosure noise: three published figures need not add up exactly.
    assert 0 < np.abs(men + women - total).max() < 4.5 * 1.45 * 3**0.5

    metadata = jsonstat.read((folder / "TAB6471_metadata.json").read_bytes())
    assert metadata.shape == (312, 134, 3, 1, 16)
    assert not metadata.has_values
    assert np.isnan(metadata.values).all()
    assert metadata.dimension("Region").labels[:2] == ("Riket", "Stockholms län")
    assert metadata.dimension("Region").extension["show"] == "code_value"
    assert metadata.dimension("Tid").elimination is False


@pytest.mark.parametrize(("table", "places"), [("TAB6260", 78), ("TAB2948", 60)])
def test_metadata_of_the_labour_market_tables(shared: Path, table: str, places: int) -> None:
    data = (
        shared / "data" / "pxweb" / "v2_scb_transcribed" / f"scb_{table}.meta.json"
    ).read_bytes()
    cube = jsonstat.read(data)
    assert (cube.table_id, cube.shape) == (table, (312, 3, 20, 3, 11, places))
    age = cube.dimension("Alder")
    assert age.labels[age.positions(["060-64"])[0]] == "60–64 years"
    assert len(cube.dimension("Tid").periods()) == places


def test_older_scb_answer_keeps_the_time_as_it_was_written(shared: Path) -> None:
    cube = jsonstat.read(
        (shared / "data" / "pxweb" / "older_pxwebpy" / "response_se.json").read_bytes()
    )
    assert cube.updated == "2024-01-12T05: 52: 00Z"
    assert cube.table_id == "TAB3554"
    assert cube.shape == (3, 1, 1, 3)
    assert str(cube.to_frame()["Tid"].cat.categories.dtype) == "period[Y-DEC]"


def test_symbols_of_the_servers_form_stay_with_their_cells(shared: Path) -> None:
    path = shared / "data" / "pxweb" / "synthetic" / "TAB6260_slice_SYNTHETIC_values.json"
    frame = jsonstat.read(path.read_bytes()).to_frame()
    marked = frame[frame["status"].notna()]
    assert marked.index.tolist() == [5]
    assert (marked["status"].item(), np.isnan(marked["value"].item())) == ("..", True)
    assert frame["value"].notna().sum() == 47


def test_jsonstat_org_sample_of_version_2(shared: Path) -> None:
    cube = jsonstat.read((shared / "data" / "jsonstat" / "galicia-2.0.json").read_bytes())
    assert cube.dimension("birth").role == cube.dimension("residence").role == "geo"
    assert cube.dimension("concept").codes == ("pop",)
    frame = cube.to_frame().set_index(["birth", "age", "gender", "residence"])["value"]
    # Census populations of Galicia as its statistical institute publishes them.
    assert frame["T", "T", "T", "T"].tolist() == [2695880.0, 2772928.0]
    totals = cube.select({"birth": "T", "age": "T"}).values
    total, men, women = (totals[0, 0, sex] for sex in range(3))
    assert np.abs(men + women - total).max() <= 1
    provinces = cube.select({"residence": ["15", "27", "32", "36"]}).values.sum(axis=4)
    assert np.nanmax(np.abs(provinces - cube.values[..., 0, :])) <= 2


def test_jsonstat_org_sample_of_version_1_with_two_data_sets(shared: Path) -> None:
    data = (shared / "data" / "jsonstat" / "oecd-canada.json").read_bytes()
    with pytest.raises(UsageError, match="2 data sets: 'oecd', 'canada'"):
        jsonstat.read(data)
    with pytest.raises(UnknownCodeError, match=r"'ocd'\. Did you mean 'oecd'"):
        jsonstat.read(data, dataset="ocd")
    raw = json.loads(data)
    for name in ("oecd", "canada"):
        cube = jsonstat.read(data, dataset=name)
        assert list(cube.shape) == raw[name]["dimension"]["size"]
        assert cube.label == raw[name]["label"]


def test_version_1_of_pxweb(shared: Path) -> None:
    cube = jsonstat.read((shared / "data" / "jsonstat" / "statswe.json").read_bytes())
    assert cube.shape == (1, 1, 20, 2, 1, 28)
    assert [axis.role for axis in cube.dimensions][-2:] == ["metric", "time"]
    assert cube.values[0, 0, -1, -1, 0, -1] == 137


def test_the_servers_own_metadata_of_its_example_tables(shared: Path) -> None:
    folder = shared / "data" / "pxweb" / "v2_server_test_fixtures" / "ExpectedJson"
    cube = jsonstat.read((folder / "MetadataById_tab004_js2.json").read_bytes())
    assert cube.notes == ("Footnote text", ".. = Data not available")
    assert cube.notes_to_show == ()
    gases = cube.dimension("GREENHOUSEGAS")
    assert gases.category_notes == {"SF6_CO2-ekv.": ("Footnote text",)}
    assert cube.dimension("ContentsCode").units == {
        "Emission": Unit("Device varies with the subject", 0)
    }


# Each form the standard allows


def test_plain_with_null_and_status() -> None:
    cube = _read(PLAIN)
    _check(cube)
    assert (cube.label, cube.source, cube.updated) == ("synthetic", "nobody", PLAIN["updated"])
    assert cube.to_frame()["status"].tolist()[3] == ".."
    assert cube.dimension("ContentsCode").units == {"A": Unit("antal", 0)}
    assert cube.dimension("Tid").labels == ("januari", "2020M02")


def test_sparse_value_object() -> None:
    sparse = {str(at): value for at, value in enumerate(PLAIN["value"]) if value is not None}
    _check(_read(_changed(value=sparse)))


def test_sparse_value_object_where_all_cells_are_missing() -> None:
    cube = _read(_changed(value={}, status=".."))
    assert cube.has_values
    assert np.isnan(cube.values).all()


@pytest.mark.parametrize(
    "status",
    [
        {"3": ".."},
        {"3": "..", "4": None},
        {"3": "..", "4": ""},
        [None, None, None, "..", None, None, None, None],
        ["", "", "", "..", "", "", "", ""],
    ],
)
def test_status_as_object_or_array(status: Any) -> None:
    _check(_read(_changed(status=status)))


@pytest.mark.parametrize("status", ["p", ["p"]])
def test_one_status_for_all_cells(status: Any) -> None:
    cube = _read(_changed(status=status))
    assert dict(cube.status) == dict.fromkeys(range(8), "p")
    assert cube.to_frame()["status"].tolist() == ["p"] * 8


def test_status_that_is_no_text_is_kept_as_text() -> None:
    assert dict(_read(_changed(status={"3": 2})).status) == {3: "2"}


def test_index_as_list() -> None:
    body = _changed()
    body["dimension"]["Region"]["category"]["index"] = ["0180", "1283"]
    _check(_read(body))


def test_index_order_is_not_label_order() -> None:
    body = _changed()
    body["dimension"]["Region"]["category"]["label"] = {"1283": "Tvåby", "0180": "Ettby"}
    cube = _read(body)
    _check(cube)
    assert cube.dimension("Region").labels == ("Ettby", "Tvåby")


def test_index_object_that_is_not_sorted() -> None:
    body = _changed()
    body["dimension"]["Region"]["category"]["index"] = {"1283": 1, "0180": 0}
    cube = _read(body)
    _check(cube)
    assert cube.dimension("Region").labels == ("Ettby", "Tvåby")


def test_duplicate_category_labels() -> None:
    body = _changed()
    body["dimension"]["Region"]["category"]["label"] = {"0180": "Sammaby", "1283": "Sammaby"}
    cube = _read(body)
    _check(cube)
    assert cube.to_frame()["Region"].nunique() == 2


def test_two_dimensions_with_one_label() -> None:
    body = _changed()
    body["dimension"]["Kon"]["label"] = "region"
    cube = _read(body)
    _check(cube)
    assert list(cube.to_frame().columns)[:2] == ["Region", "Kon"]


def test_dimension_without_index() -> None:
    body = _changed()
    del body["dimension"]["ContentsCode"]["category"]["index"]
    cube = _read(body)
    _check(cube)
    assert cube.dimension("ContentsCode").codes == ("A",)


def test_no_contents_code() -> None:
    body = _changed(id=["Region", "Kon", "Tid"], size=[2, 2, 2], role={"time": ["Tid"]})
    del body["dimension"]["ContentsCode"]
    _check(_read(body))


def test_no_label() -> None:
    body = _changed()
    del body["label"]
    for dimension in body["dimension"].values():
        dimension.pop("label")
        dimension["category"].pop("label")
    cube = _read(body)
    _check(cube)
    assert cube.label == ""
    assert (cube.dimensions[0].label, cube.dimensions[0].labels) == ("Region", ("0180", "1283"))


def test_status_retained_in_the_frame() -> None:
    assert _read(PLAIN).to_frame()["status"].dropna().to_dict() == {3: ".."}


def test_a_status_beside_a_number_keeps_both() -> None:
    frame = _read(_changed(status={"0": "p"})).to_frame()
    assert frame.loc[0, ["value", "status"]].tolist() == [1.0, "p"]


def test_single_cell_and_single_dimension() -> None:
    body = {
        "class": "dataset",
        "id": ["Tid"],
        "size": [1],
        "role": {"time": ["Tid"]},
        "dimension": {"Tid": {"category": {"label": {"2020": "2020"}}}},
        "value": [None],
    }
    frame = _read(body).to_frame()
    assert frame["Tid"].tolist() == [pd.Period("2020")]
    assert frame["value"].isna().all()


def test_dimension_without_categories_gives_no_rows() -> None:
    body = _changed(size=[0, 2, 1, 2], value=[], status={})
    body["dimension"]["Region"]["category"] = {"index": {}, "label": {}}
    cube = _read(body)
    assert cube.has_values
    assert len(cube.to_frame()) == 0


@pytest.mark.parametrize("nothing", [{"value": []}, {"value": {}}, {}])
def test_answer_without_values_describes_a_table(nothing: dict[str, Any]) -> None:
    body = _changed()
    del body["value"], body["status"]
    cube = _read(body | nothing)
    assert not cube.has_values
    assert cube.shape == (2, 2, 1, 2)


def test_version_1_has_id_size_and_role_in_the_dimension() -> None:
    body = _changed()
    inner = {key: body.pop(key) for key in ("id", "size", "role")}
    body["dimension"] |= inner
    del body["version"], body["class"]
    cube = _read({"dataset": body})
    _check(cube)
    assert cube.dimension("Tid").role == "time"
    _check(jsonstat.read(json.dumps({"dataset": body}).encode(), dataset="dataset"))


def test_codes_that_are_numbers_become_strings() -> None:
    body = _changed()
    body["dimension"]["Kon"]["category"] = {"index": [1, 2], "label": {"1": "män", "2": "kvinnor"}}
    cube = _read(body)
    _check(cube)
    assert cube.dimension("Kon").labels == ("män", "kvinnor")


def test_mandatory_notes_of_table_variable_and_category() -> None:
    body = _changed(
        note=["one", "two"], extension={"noteMandatory": {"1": True}, "px": {"matrix": "M"}}
    )
    body["dimension"]["Kon"] |= {
        "note": ["three", "four"],
        "extension": {
            "noteMandatory": {"0": True, "1": False},
            "categoryNoteMandatory": {"2": {"0": True}},
        },
    }
    body["dimension"]["Kon"]["category"]["note"] = {"1": ["five"], "2": ["six", "seven"]}
    cube = _read(body)
    assert cube.notes == ("one", "two")
    assert cube.notes_to_show == ("two", "kön: three", "kvinnor: six")
    assert cube.dimension("Kon").category_notes == {"1": ("five",), "2": ("six", "seven")}
    assert (cube.table_id, cube.extension) == ("M", {"px": {"matrix": "M"}})


def test_what_a_unit_says_beyond_base_and_decimals_is_kept() -> None:
    body = _changed()
    unit = {"label": "kronor", "decimals": 1, "multiplier": 6}
    body["dimension"]["ContentsCode"]["category"]["unit"] = {"A": unit}
    axis = _read(body).dimension("ContentsCode")
    assert axis.units == {"A": Unit("kronor", 1)}
    assert axis.extension["unit"] == {"A": {"label": "kronor", "multiplier": 6}}


# How the numbers may be written


@pytest.mark.parametrize(
    "text",
    [
        "[1,2,3,null,5,6.5,7,8]",
        "[ 1 ,\t2,\r\n 3 , null,5,65e-1,7.0,8E0 ]",
        "\n[\n    1,\n    2,\n    3,\n    null,\n    5,\n    6.5,\n    7,\n    8\n  ]",
    ],
)
def test_numbers_in_any_layout(text: str) -> None:
    body = json.dumps(_changed(value="@")).replace('"@"', text)
    _check(jsonstat.read(body.encode()))
    _check(jsonstat.read(b"\xef\xbb\xbf" + body.encode()))


def test_numbers_are_the_nearest_floats() -> None:
    texts = ["0.1", "-0.0", "1e-320", "123456789012345678", "2.2250738585072011e-308",
             "9007199254740993", "0.30000000000000004", "1e308"]  # fmt: skip
    body = json.dumps(_changed(value="@", status={})).replace('"@"', f"[{','.join(texts)}]")
    values = jsonstat.read(body.encode()).values.reshape(-1)
    assert values.tobytes() == np.array([float(text) for text in texts]).tobytes()


@pytest.mark.parametrize(
    "extra",
    [
        {"value": [1, 2]},
        {"value": [9, 9, 9, 9, 9, 9, 9, 9]},
        {"text": 'a "value": [1] in a text', "value": ["x"]},
        {"value": []},
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_another_member_called_value_is_not_taken_for_the_values(
    extra: dict[str, Any], first: bool
) -> None:
    body = _changed()
    body = {"extension": extra, **body} if first else {**body, "extension": extra}
    cube = _read(body)
    _check(cube)
    assert cube.extension == extra


def test_text_that_looks_like_the_values_is_left_alone() -> None:
    note = 'see "value": [1, 2] and \\"value\\":[3]'
    cube = _read(_changed(note=[note]))
    _check(cube)
    assert cube.notes == (note,)


def test_value_array_elsewhere_while_the_values_are_sparse() -> None:
    sparse = {str(at): value for at, value in enumerate(PLAIN["value"]) if value is not None}
    cube = _read(_changed(value=sparse, extension={"value": [1, 2, 3]}))
    _check(cube)
    assert cube.extension == {"value": [1, 2, 3]}


# What is refused, and how


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty answer"),
        (b"  \n", "an empty answer"),
        (b"<!DOCTYPE html><html><body>503</body></html>", "a web page or XML that begins"),
        (b'"region";"kon"\n', "15 bytes that begin .*region"),
        (b"[1, 2]", r"got \[1,2\], not an object"),
        (b"null", "got null, not an object"),
        (b'{"type": "Parameter error", "title": "Non-existent table", "status": 404}',
         r"'type', 'title', 'status' \(title: 'Non-existent table'\)"),
        (b'{"class": "collection", "label": "Tables", "link": {"item": []}}',
         r"of class 'collection' \(label: 'Tables'\). Ask for one data set"),
        (b'{"class": "dimension", "category": {"index": ["a"]}}', "of class 'dimension'"),
        (b"{}", r"with the keys \(none\)"),
        (b"\xff\xfe{}", "not complete JSON"),
    ],
)  # fmt: skip
def test_what_is_no_jsonstat_is_refused_by_what_it_is(data: bytes, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        jsonstat.read(data)


def _in(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        for key in path[:-1]:
            body = body[key]
        body[path[-1]] = to

    return change


REGION = ("dimension", "Region", "category")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_in("value", to=[1, 2, 3]), r"shape \(3,\); the sizes give 8 cells"),
        (_in("value", to=[*range(9)]), r"shape \(9,\)"),
        (_in("value", to=[[1, 2], [3, 4], [5, 6], [7, 8]]), r"shape \(4, 2\)"),
        (_in("value", to=["..", 2, 3, 4, 5, 6, 7, 8]), "not numbers and nulls"),
        (_in("value", to={"8": 1}), "Cell 8 is given; the sizes give 8"),
        (_in("value", to={"-1": 1}), "Cell -1 is given"),
        (_in("value", to={"a": 1}), "Cells are given by number"),
        (_in("value", to=5), r"shape \(\)"),
        (_in("status", to={"8": ".."}), "Cell 8 is given"),
        (_in("status", to=["..", ".."]), "2 symbols for 8 cells"),
        (_in("status", to=7), "status must be an object; got '7'"),
        (_in("size", to=[2, 2, 1]), "as many sizes as ids"),
        (_in("size", to=[3, 2, 1, 2]), "'Region' has 2 categories; its size says 3"),
        (_in("id", to=["Region", "Kön", "ContentsCode", "Tid"]), "'Kön'"),
        (_in("id", to=["Kon", "Kon", "ContentsCode", "Tid"]), "same code"),
        (_in("id", to=None), "as many sizes as ids"),
        (_in(*REGION, "index", to={"0180": 0, "1283": 2}), "from 0 without gaps"),
        (_in(*REGION, "index", to={"0180": 0, "1283": 0}), "from 0 without gaps"),
        (_in(*REGION, "index", to={"0180": "0", "1283": "1"}), "from 0 without gaps"),
        (_in(*REGION, "index", to=None), "no category.index, .* got 2 labels"),
        (_in(*REGION, "index", to=["0180", "0180"]), "'0180' more than once"),
        (_in(*REGION, "label", to=["Ettby", "Tvåby"]), "category.label of 'Region' must be"),
        (_in("dimension", "Region", to=[]), "must be an object|no category.index"),
    ],
)  # fmt: skip
def test_parts_that_contradict_each_other_are_refused(
    change: Callable[[dict[str, Any]], None], message: str
) -> None:
    body = _changed()
    change(body)
    with pytest.raises(SchemaError, match=message):
        _read(body)


@pytest.mark.parametrize(
    ("bad", "cells"),
    [("NaN", 1), ("1,,2", 2), ("1,,2", 3), (",1", 1), ("Infinity", 1), ("0x1", 1),
     ("1 2", 1), ("1 2", 2), ('"1"e', 1), ("1;2", 2), ("..", 1), ("nul", 1)],
)  # fmt: skip
def test_values_that_are_no_json_numbers_are_refused(bad: str, cells: int) -> None:
    category = {"index": [str(at) for at in range(cells)]}
    body = {"id": ["A"], "size": [cells], "dimension": {"A": {"category": category}}, "value": "@"}
    assert _read(body | {"value": [1] * cells}).size == cells
    with pytest.raises(SchemaError, match="not complete JSON"):
        jsonstat.read(json.dumps(body).replace('"@"', f"[{bad}]").encode())


@pytest.mark.parametrize(
    ("text", "value"), [("+1", 1), ("01", 1), (".5", 0.5), ("1.", 1), ("1,", 1)]
)
def test_numbers_spelled_otherwise_than_in_json_are_what_they_say(text: str, value: float) -> None:
    body = {"id": ["A"], "size": [1], "dimension": {"A": {"category": {"index": ["a"]}}}}
    data = json.dumps(body | {"value": "@"}).replace('"@"', f"[{text}]")
    assert jsonstat.read(data.encode()).values.tolist() == [value]


def test_an_answer_cut_off_anywhere_is_refused() -> None:
    data = json.dumps(PLAIN).encode()
    for length in range(len(data)):
        with pytest.raises(SchemaError, match="Not JSON-stat"):
            jsonstat.read(data[:length])


PATHS = [
        ("id",), ("size",), ("role",), ("role", "time"), ("dimension",), ("value",), ("status",),
        ("label",), ("note",), ("extension",), ("class",), ("dimension", "Region"), REGION,
        (*REGION, "index"), (*REGION, "label"), (*REGION, "note"), (*REGION, "unit"),
        ("dimension", "Region", "note"), ("dimension", "Region", "extension"),
        ("dimension", "ContentsCode", "category", "unit", "A"),
]  # fmt: skip
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=3) | st.just("Region"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["0180", "0", "px", "noteMandatory", "base", "time", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATHS), JUNK)
def test_no_answer_ends_in_anything_but_a_cube_or_our_error(
    path: tuple[str, ...], junk: Any
) -> None:
    body = _changed()
    _in(*path, to=junk)(body)
    try:
        cube = _read(body)
    except IntegstatsError:
        return
    assert cube.shape == tuple(body["size"])


# Writing


TEXT = st.text(max_size=4)
CODES = st.lists(
    st.text(min_size=1, max_size=3) | st.sampled_from(["value", "00", "dimension"]),
    max_size=4,
    unique=True,
)
NOTES = st.lists(TEXT, max_size=2).map(tuple)


@st.composite
def dimensions(draw: st.DrawFn, code: str) -> Dimension:
    codes = tuple(draw(CODES))
    notes = draw(NOTES)
    category_notes = {item: (f"a{item}", "b") for item in codes if draw(st.integers(0, 3)) == 0}
    return Dimension(
        code,
        draw(TEXT),
        codes,
        tuple(draw(TEXT) for _ in codes),
        role=draw(st.sampled_from(["time", "metric", "geo", None])),
        units={item: Unit("n", draw(st.none() | st.integers(0, 3))) for item in codes[:1]},
        notes=notes,
        mandatory_notes=notes if draw(st.booleans()) else (),
        category_notes=category_notes,
        mandatory_category_notes={item: texts[1:] for item, texts in category_notes.items()},
        elimination=draw(st.sampled_from([True, False, None])),
        elimination_code=codes[0] if codes and draw(st.booleans()) else None,
        extension=draw(
            st.sampled_from([{}, {"show": "code"}, {"value": [1, 2], "x": {"y": None}}])
        ),
    )


@st.composite
def cubes(draw: st.DrawFn) -> Cube:
    names = draw(st.lists(st.text(min_size=1, max_size=3), max_size=4, unique=True))
    axes = tuple(draw(dimensions(name)) for name in names)
    shape = tuple(len(axis.codes) for axis in axes)
    size = int(np.prod(shape, dtype=int))
    has_values = draw(st.booleans()) or size == 0
    figures = st.floats(allow_infinity=False, width=64) | st.integers(-9, 10**6).map(float)
    values = np.full(shape, np.nan)
    status = {}
    if has_values:
        values = np.array([draw(figures) for _ in range(size)], dtype=float).reshape(shape)
        marked = st.dictionaries(
            st.integers(0, max(size - 1, 0)), st.sampled_from("p."), max_size=3
        )
        status = draw(marked) if size else {}
    notes = draw(NOTES)
    return Cube(
        draw(TEXT),
        draw(st.none() | TEXT.filter(bool)),
        draw(st.sampled_from([None, "2026-08-28T06:00:00Z"])),
        draw(st.sampled_from([None, "TAB1"])),
        draw(st.sampled_from([None, "sv"])),
        axes,
        values,
        status,
        notes,
        notes[:0] if draw(st.booleans()) else notes,
        draw(st.sampled_from([{}, {"px": {"decimals": 0}}, {"contact": [{"raw": "x"}]}])),
        has_values,
    )


@settings(max_examples=80, deadline=None)
@given(cubes())
def test_what_is_written_is_read_again(cube: Cube) -> None:
    again = jsonstat.read(jsonstat.write(cube))
    assert again.dimensions == cube.dimensions
    assert again.values.tobytes() == cube.values.tobytes() or np.array_equal(
        again.values, cube.values, equal_nan=True
    )
    assert dict(again.status) == dict(cube.status)
    for name in ("label", "source", "updated", "table_id", "language", "notes", "mandatory_notes",
                 "extension", "has_values"):  # fmt: skip
        assert getattr(again, name) == getattr(cube, name), name


def test_what_is_written_is_valid_for_another_reader() -> None:
    pyjstat = pytest.importorskip("pyjstat.pyjstat")
    written = jsonstat.write(_read(PLAIN)).decode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = pyjstat.Dataset.read(written).write("dataframe", naming="id")
    np.testing.assert_array_equal(frame["value"].astype(float), VALUES)
    assert frame["Region"].tolist() == ["0180"] * 4 + ["1283"] * 4
