"""PX files: real ones first, then each peculiarity of the format, then laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import SchemaError, UnknownCodeError
from integstats.formats import jsonstat, px
from integstats.formats.cube import Cube, Unit

PLAIN = """CHARSET="ANSI";
AXIS-VERSION="2000";
LANGUAGE="sv";
MATRIX="SYN";
TITLE="Syntetisk tabell efter kommun, kön och år";
CONTENTS="Syntetisk";
UNITS="antal";
STUB="kommun","kön";
HEADING="år";
VALUES("kommun")="Åby","Östby";
VALUES("kön")="män","kvinnor";
VALUES("år")="2023","2024";
CODES("kommun")="0001","0002";
CODES("kön")="1","2";
TIMEVAL("år")=TLIST(A1),"2023","2024";
LAST-UPDATED="20260828 08:00";
SOURCE="ingen";
DATA=
1 2
3 4
5 6
7 8 ;
"""
ROWS = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]


def _read(text: str, **options: str) -> Cube:
    return px.read(text.encode("cp1252"), **options)


def _with(old: str, new: str) -> str:
    assert old in PLAIN
    return PLAIN.replace(old, new)


def _cells(text: str) -> Cube:
    return _read(PLAIN[: PLAIN.index("DATA=")] + f"DATA={text}")


# Real files

FILES = Path("data") / "pxweb" / "px_files"
WITHOUT_PERIODS = {"HalfYearStatistics": "1995H1", "WeeklyStatisticsWithTwoContent": "2023U29"}


def _file(shared: Path, name: str) -> Cube:
    return px.read((shared / FILES / f"{name}.px").read_bytes())


def test_every_stored_file_is_read(shared: Path) -> None:
    paths = sorted((shared / "data").rglob("*.px"))
    assert len(paths) == 43
    for path in paths:
        cube = px.read(path.read_bytes())
        missing = np.flatnonzero(np.isnan(cube.values.reshape(-1)))
        assert missing.tolist() == list(cube.status), path.name
        if path.stem in WITHOUT_PERIODS:
            with pytest.raises(SchemaError, match=f"'{WITHOUT_PERIODS[path.stem]}'"):
                cube.to_frame()
        else:
            assert len(cube.to_frame()) == cube.size, path.name


def test_population_of_sweden_and_its_parts(shared: Path) -> None:
    cube = _file(shared, "statisticssweden_PxWeb/BE0101A1hier")
    sweden = cube.select({"region": "00"}).values.sum(axis=(0, 1, 2))
    # Population on 31 December 2001-2004 as Statistics Sweden publishes it.
    assert sweden.tolist() == [8_909_128, 8_940_788, 8_975_670, 9_011_392]
    codes = cube.dimension("region").codes
    for digits, places in ((2, 21), (4, 290)):
        parts = [code for code in codes if len(code) == digits and code != "00"]
        assert len(parts) == places
        whole = cube.select({"region": parts}).values.sum(axis=(0, 1, 2))
        assert whole.tolist() == sweden.tolist()
    assert cube.dimension("region").elimination_code == "00"
    assert cube.dimension("sex").elimination is True
    assert cube.dimension("period").elimination is False


def test_births_in_a_file_without_the_closing_semicolon(shared: Path) -> None:
    cube = _file(shared, "statisticssweden_PxWeb/BE0101D1")
    births = cube.values.sum(axis=3)
    # Live births 2002 and 2003 as Statistics Sweden publishes them.
    assert births[0, -1].tolist() == [95_815, 99_157]
    np.testing.assert_array_equal(births[:, :-1].sum(axis=1), births[:, -1])


@pytest.mark.parametrize(
    ("name", "parts", "total", "within"),
    [
        ("PxWebApi_tinydatabase/TAB001", (0, 1), 2, 0),
        ("PCAxis.Serializers/TAB2936", (0, 1), 2, 0.11),
    ],
)
def test_women_and_men_are_the_total(
    shared: Path, name: str, parts: tuple[int, int], total: int, within: float
) -> None:
    cube = _file(shared, name)
    axis = next(at for at, d in enumerate(cube.dimensions) if d.code in ("SEX", "Kon"))
    women, men, both = (cube.values.take(at, axis=axis) for at in (*parts, total))
    assert np.isfinite(women + men - both).any()
    assert np.nanmax(np.abs(women + men - both)) <= within


def test_linkoping_quarters_are_those_of_the_long_table(shared: Path) -> None:
    cube = px.read((shared / "data" / "px" / "ksi2242.px").read_bytes())
    assert (cube.table_id, cube.updated, cube.language) == ("KSI10", "20260312", "sv")
    assert cube.notes[0].startswith("Kommunstyrelsens indikatorer uppdateras fyra gånger om året.")
    frame = cube.to_frame()
    label = dict(zip(cube.dimensions[3].codes, cube.dimensions[3].labels, strict=True))
    keys = ["ar", "kvartal_nr", "kommun_kod", "indikator"]
    mine = pd.DataFrame(
        {
            "ar": frame["tid"].astype("int64"),
            "kvartal_nr": frame["kvartal"].str[1:].astype("int64"),
            "kommun_kod": frame["kommun"].astype("str"),
            "indikator": frame["indikator"].astype("str").map(label),
            "value": frame["value"],
        }
    )
    path = shared / "data" / "linkoping" / "linkoping_ksi2242_labour_long.csv"
    long = pd.read_csv(path, dtype={"kommun_kod": str})
    both = long.merge(mine, on=keys, how="outer", suffixes=("", "_px"), indicator=True)
    both = both[both["indikator"].isin(long["indikator"].unique())]
    assert (both["_merge"] == "both").sum() == len(long) == 42_400
    np.testing.assert_array_equal(both["value"], both["value_px"])
    unemployed, foreign, native = (
        cube.select({"indikator": code}).values
        for code in ("AntArbetslösa", "AntUtrikesarb", "AntInrikesarb")
    )
    assert np.isfinite(unemployed).sum() == 1280
    # The unweighted means of the groups of municipalities are rounded.
    assert np.nanmax(np.abs(foreign + native - unemployed)) <= 2
    assert set(frame["status"].cat.categories) == {"-", ".."}


def test_linkoping_months_are_those_of_the_long_table(shared: Path) -> None:
    cube = px.read((shared / "data" / "px" / "ksi5555.px").read_bytes())
    cube = cube.select({"tabelluppgift": "Grund"})
    frame = cube.to_frame()
    region, indicator = (
        dict(zip(axis.codes, axis.labels, strict=True)) for axis in cube.dimensions[3:]
    )
    mine = pd.DataFrame(
        {
            "manad": frame["tid"].astype("str") + "-" + frame["månad"].astype("str"),
            "region": frame["region"].astype("str").map(region),
            "indikator": frame["indikator"].astype("str").map(indicator),
            "value": frame["value"],
        }
    )
    long = pd.read_csv(shared / "data" / "linkoping" / "linkoping_ksi5555_monthly_long.csv")
    keys = ["manad", "region", "indikator"]
    pd.testing.assert_frame_equal(
        mine.dropna().sort_values(keys, ignore_index=True),
        long.sort_values(keys, ignore_index=True),
    )


@pytest.mark.parametrize("table", ["tab001", "tab003", "tab004"])
def test_the_server_says_the_same_of_its_example_tables(shared: Path, table: str) -> None:
    folder = shared / "data" / "pxweb" / "v2_server_test_fixtures" / "ExpectedJson"
    expected = jsonstat.read((folder / f"MetadataById_{table}_js2.json").read_bytes())
    cube = _file(shared, f"PxWebApi_tinydatabase/{table.upper()}")
    assert (cube.label, cube.source, cube.language) == (
        expected.label,
        expected.source,
        expected.language,
    )
    assert cube.table_id == expected.table_id
    assert cube.notes == expected.notes
    for mine, theirs in zip(cube.dimensions, expected.dimensions, strict=True):
        for name in ("code", "label", "codes", "labels", "role", "units", "notes",
                     "category_notes", "elimination", "elimination_code"):  # fmt: skip
            assert getattr(mine, name) == getattr(theirs, name), (mine.code, name)


def test_the_server_reads_one_cell_of_its_example_as_we_do(shared: Path) -> None:
    folder = shared / "data" / "pxweb" / "v2_server_test_fixtures" / "ExpectedJson"
    few = px.read((folder / "tab4_fewcells.px").read_bytes())
    whole = _file(shared, "PxWebApi_tinydatabase/TAB004")
    chosen = {axis.code: axis.codes for axis in few.dimensions}
    assert few.values.tolist() == whole.select(chosen).values.tolist() == [[[[445.0]]]]


def test_swedish_texts_have_the_same_codes_and_values(shared: Path) -> None:
    for name in ("TAB001", "TAB002", "TAB003", "TAB004", "TAB005"):
        data = (shared / FILES / "PxWebApi_tinydatabase" / f"{name}.px").read_bytes()
        english, swedish = px.read(data), px.read(data, language="sv")
        assert (english.language, swedish.language) == ("en", "sv")
        np.testing.assert_array_equal(english.values, swedish.values)
        for ours, theirs in zip(english.dimensions, swedish.dimensions, strict=True):
            assert ours.codes == theirs.codes
            assert (ours.code, ours.role) == (theirs.code, theirs.role)
            assert ours.elimination_code == theirs.elimination_code
    assert swedish.dimension("REGION").labels[0] == "Riket"
    assert swedish.dimension("LANDUSECLASS").label == "markanvändning"
    assert swedish.dimension("ContentsCode").units == {"Landuse": Unit("Hektar", 0)}


def test_three_languages_share_one_set_of_cells(shared: Path) -> None:
    data = (shared / FILES / "PCAxis.Serializers" / "WierdTimeWithOneValue.px").read_bytes()
    cube = px.read(data, language="en")
    time = cube.dimension("Vuosi")
    assert (time.label, time.codes, time.labels) == ("Year", ("2023",), ("2023*",))
    assert time.notes == ("* preliminary data",)
    assert time.category_notes == {"2023": ("* preliminary data",)}
    assert cube.dimension("Kunta").elimination_code == "SSS"
    with pytest.raises(UnknownCodeError, match=r"no texts in 'no'.* It has 'fi', 'sv', 'en'"):
        px.read(data, language="no")


def test_notes_of_every_kind(shared: Path) -> None:
    cube = _file(shared, "statisticssweden_PxWeb/BE0101F1allKeywords")
    assert cube.notes[:2] == ("Mandatory table note", "Optional table note")
    assert cube.dimension("var1stub").notes == (
        "Mandatory footnote for var1stub.",
        "Optional footnote for var1stub.",
    )
    assert cube.dimension("var1stub").mandatory_category_notes == {
        "12": ("Mandatory valuenote for variable 1 value 2",)
    }
    shown = cube.notes_to_show
    assert (
        "var2val1, var4val2: Mandatory cellnote for variable 2 value 1 and variable 4 value 2"
        in (shown)
    )
    assert len(shown) == 11
    assert not [note for note in shown if "ptional" in note]
    assert "var2val1, var4val1: Optional cellnote" in " ".join(cube.notes)
    repeated = _file(shared, "PCAxis.Serializers/BE0101A1_with_notes").dimension("region")
    assert len(repeated.mandatory_category_notes["01"]) == 2
    assert len(repeated.category_notes["01"]) == 3


def test_keywords_without_a_field_are_kept_by_their_name(shared: Path) -> None:
    cube = _file(shared, "statisticssweden_PxWeb/BE0101F1allKeywords")
    assert cube.extension["DATASYMBOLNIL"] == "nil"
    assert cube.extension['CFPRICES("var4val2")'] == "F"
    assert cube.extension['CONTACT("var4val1")'].startswith("Ewa Eriksson, SCB#Tel:")
    assert not {"TITLE", "STUB", 'VALUES("var1stub")', "DATA"} & cube.extension.keys()
    assert json.loads(jsonstat.write(cube))["extension"]["SURVEY"] == "Survey name"


def test_all_symbols_of_a_real_file(shared: Path) -> None:
    cube = _file(shared, "statisticssweden_PxWeb/BE0101F1nildotnosymbol")
    assert cube.to_frame()["status"].dropna().tolist()[:4] == ["-", ".", "..", "..."]
    assert cube.values.reshape(-1)[4:8].tolist() == [0, 0, 0, 0]
    assert dict(cube.status)[21] == "......"


def test_precision_of_a_content_is_its_decimals(shared: Path) -> None:
    contents = _file(shared, "PCAxis.Serializers/WeeklyStatisticsWithTwoContent")
    assert contents.dimension("ContentsCode").units == {
        "Vekt": Unit("tonn", 0),
        "Kilopris": Unit("kr", 2),
    }


# Peculiarities of the format


def test_plain_with_crlf_in_windows_1252() -> None:
    for text in (PLAIN, PLAIN.replace("\n", "\r\n")):
        cube = _read(text)
        assert cube.values.reshape(-1).tolist() == ROWS
        assert cube.label == "Syntetisk tabell efter kommun, kön och år"
        assert cube.dimension("kommun").codes == ("0001", "0002")
        assert cube.dimension("kommun").labels == ("Åby", "Östby")
        assert (cube.source, cube.updated, cube.table_id) == ("ingen", "20260828 08:00", "SYN")
        assert str(cube.to_frame()["år"].cat.categories.dtype) == "period[Y-DEC]"
        assert cube.extension["UNITS"] == "antal"


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        ("iso-8859-1", "latin-1"),
        ("ISO-8859-1", "cp1252"),
        ("Windows-1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("iso-8859-1", "utf-8"),
        ("cp850", "cp850"),
    ],
)
def test_code_pages(page: str, encoding: str) -> None:
    text = _with('LANGUAGE="sv";', f'CODEPAGE="{page}";\nLANGUAGE="sv";')
    assert px.read(text.encode(encoding)).dimension("kommun").labels == ("Åby", "Östby")


def test_characters_that_only_windows_1252_has() -> None:
    text = _with('LANGUAGE="sv";', 'CODEPAGE="iso-8859-1";\nLANGUAGE="sv";')
    assert _read(text.replace("Åby", "20–64 år")).dimension("kommun").labels[0] == "20–64 år"


@pytest.mark.parametrize(
    ("page", "message"),
    [("klingon", "Unknown CODEPAGE in the PX file: 'klingon'"), ("ascii", "not in the code page")],
)
def test_code_pages_that_cannot_be(page: str, message: str) -> None:
    text = _with('LANGUAGE="sv";', f'CODEPAGE="{page}";\nLANGUAGE="sv";')
    with pytest.raises(SchemaError, match=message):
        _read(text)


def test_note_containing_data() -> None:
    cube = _read(_with('SOURCE="ingen";', 'NOTE="Se DATA=\nDATA=1 2 3;";\nSOURCE="ingen";'))
    assert cube.values.reshape(-1).tolist() == ROWS
    assert cube.notes == ("Se DATA=\nDATA=1 2 3;",)


def test_note_with_semicolon_equals_and_several_lines() -> None:
    notes = 'NOTEX="a; b=c, (d) [e] DATA"\n" fortsätter#ny rad##annan not";\nNOTE("kön")="k;=";\n'
    cube = _read(_with("DATA=", f"{notes}DATA="))
    assert cube.values.reshape(-1).tolist() == ROWS
    assert cube.mandatory_notes == ("a; b=c, (d) [e] DATA fortsätter\nny rad", "annan not")
    assert cube.dimension("kön").notes == ("k;=",)
    assert cube.notes_to_show == cube.mandatory_notes


def test_repeated_notes_are_all_kept() -> None:
    cube = _read(_with("DATA=", 'NOTE="en";\nNOTE="två";\nNOTEX="tre";\nDATA='))
    assert cube.notes == ("tre", "en", "två")
    assert cube.mandatory_notes == ("tre",)


def test_symbols_are_missing_with_their_symbol() -> None:
    symbols = ["-", ".", "..", "...", "....", ".....", "......", "......."]
    cube = _cells(" ".join(f'"{symbol}"' for symbol in symbols) + " ;")
    assert np.isnan(cube.values).all()
    assert dict(cube.status) == dict(enumerate(symbols))


def test_symbols_without_quotes() -> None:
    cube = _cells('- . .. ... -1 .5 ".." -;')
    assert dict(cube.status) == {0: "-", 1: ".", 2: "..", 3: "...", 6: "..", 7: "-"}
    assert cube.values.reshape(-1)[4:6].tolist() == [-1.0, 0.5]


def test_decimals_and_negatives() -> None:
    cube = _cells("1.5 -2 -0.25 4 1e3 0.10 00.5 8.00\n;\n")
    assert cube.values.reshape(-1).tolist() == [1.5, -2, -0.25, 4, 1000, 0.1, 0.5, 8]


def test_commas_and_parentheses_in_labels() -> None:
    text = _with('"Åby","Östby"', '"Åby, (norra)",\n"Öst; by = ""lilla"""')
    cube = _read(text)
    assert cube.dimension("kommun").labels[0] == "Åby, (norra)"
    assert cube.values.reshape(-1).tolist() == ROWS


def test_text_continued_on_the_next_line() -> None:
    cube = _read(_with('"Åby","Östby"', '"Å"\n"by",\n"Östby"'))
    assert cube.dimension("kommun").labels == ("Åby", "Östby")


@pytest.mark.parametrize(
    "cells",
    ["1 2 3 4 5 6 7 8;", "1\t2\t3 4\t5 6 7 8 ;", "1,2,3,4,5,6,7,8;", "1;2;3;4;5;6;7;8;",
     "\r\n1 2\r\n3 4\r\n5 6\r\n7 8\r\n;\r\n\x1a", "1 2 3 4 5 6 7 8 \n",
     "  1  2 3  4\n\n5 6 7 8 ; "],
)  # fmt: skip
def test_cells_in_any_layout(cells: str) -> None:
    assert _cells(cells).values.reshape(-1).tolist() == ROWS


def test_two_languages() -> None:
    text = _with('LANGUAGE="sv";', 'LANGUAGE="sv";\nLANGUAGES="sv","en";').replace(
        "DATA=",
        'TITLE[en]="Synthetic table";\nSTUB[en]="place","sex";\nHEADING[en]="year";\n'
        'VALUES[en]("place")="Aby","Ostby";\nVALUES[en]("sex")="men","women";\n'
        'VALUES[en]("year")="2023","2024";\nNOTEX="på svenska";\n'
        'VALUENOTE("kön","kvinnor")="not";\nDATA=',
    )
    cube = _read(text, language="en")
    assert cube.label == "Synthetic table"
    assert [axis.label for axis in cube.dimensions] == ["place", "sex", "year"]
    assert [axis.code for axis in cube.dimensions] == ["kommun", "kön", "år"]
    assert cube.dimension("kommun").labels == ("Aby", "Ostby")
    assert cube.dimension("kommun").codes == ("0001", "0002")
    assert cube.dimension("år").role == "time"
    assert cube.notes_to_show == ("på svenska",)
    assert cube.dimension("kön").category_notes == {"2": ("not",)}
    assert _read(text).label == _read(text, language="sv").label
    assert _read(text).dimension("kön").labels == ("män", "kvinnor")
    with pytest.raises(UnknownCodeError, match="It has 'sv', 'en'"):
        _read(text, language="fi")


def test_no_heading() -> None:
    text = _with('STUB="kommun","kön";\nHEADING="år";\n', 'STUB="kommun","kön","år";\n')
    assert _read(text).values.reshape(-1).tolist() == ROWS


def test_no_stub() -> None:
    text = _with('STUB="kommun","kön";\nHEADING="år";\n', 'HEADING="kommun","kön","år";\n')
    assert _read(text).values.reshape(-1).tolist() == ROWS


def test_keys_are_refused_by_name() -> None:
    text = _with("DATA=", 'KEYS("kommun")=CODES;\nDATA=')
    with pytest.raises(SchemaError, match="uses KEYS for 'kommun'"):
        _read(text)


def test_codes_are_the_values_of_the_first_language_where_there_are_none() -> None:
    text = _with('CODES("kommun")="0001","0002";\n', "")
    assert _read(text).dimension("kommun").codes == ("Åby", "Östby")


@pytest.mark.parametrize(
    ("values", "timeval", "codes"),
    [
        ('"jan","feb"', 'TLIST(M1),"202301","202302"', ("2023M01", "2023M02")),
        ('"I","II"', 'TLIST(Q1),"20231","20232"', ("2023Q1", "2023Q2")),
        ('"I","II"', 'TLIST(Q1),"2023K1","2023K2"', ("2023K1", "2023K2")),
        ('"23","24"', 'TLIST(A1),"2023","2024"', ("2023", "2024")),
        ('"2023M01","2023M02"', 'TLIST(M1),"202301","202302"', ("2023M01", "2023M02")),
        ('"2023","2024"', 'TLIST(A1,"2023"-"2024")', ("2023", "2024")),
        ('"I","II"', 'TLIST(H1),"20231","20232"', ("I", "II")),
    ],
)
def test_timeval_gives_the_periods_that_texts_do_not(
    values: str, timeval: str, codes: tuple[str, ...]
) -> None:
    text = _with('"2023","2024";\nCODES', f"{values};\nCODES")
    text = text.replace('TLIST(A1),"2023","2024"', timeval)
    time = _read(text).dimension("år")
    assert (time.codes, time.role) == (codes, "time")


def test_units_and_decimals_of_the_contents_variable() -> None:
    text = _with("DATA=", 'CONTVARIABLE="kön";\nUNITS("män")="personer";\nSHOWDECIMALS=1;\n'
                 'PRECISION("kön","kvinnor")=2;\nDATA=')  # fmt: skip
    axis = _read(text).dimension("kön")
    assert axis.role == "metric"
    assert axis.units == {"1": Unit("personer", 1), "2": Unit("antal", 2)}


def test_elimination() -> None:
    text = _with("DATA=", 'ELIMINATION("kommun")="Östby";\nELIMINATION("kön")=YES;\nDATA=')
    place, sex, year = _read(text).dimensions
    assert (place.elimination, place.elimination_code) == (True, "0002")
    assert (sex.elimination, sex.elimination_code) == (True, None)
    assert (year.elimination, year.elimination_code) == (False, None)


def test_a_category_called_no_is_not_the_total() -> None:
    text = _with('CODES("kommun")="0001","0002"', 'CODES("kommun")="NO","YES"')
    assert _read(text).dimension("kommun").elimination_code is None
    for word, expected in (("NO", False), ("YES", True)):
        place = _read(text.replace("DATA=", f'ELIMINATION("kommun")={word};DATA=')).dimensions[0]
        assert (place.elimination, place.elimination_code) == (expected, None)


@pytest.mark.parametrize(
    ("statement", "role"),
    [
        ('VARIABLE-TYPE("kommun")="G"', "geo"),
        ('VARIABLE-TYPE("kommun")="Geographical"', "geo"),
        ('MAP("kommun")="karta"', "geo"),
        ('VARIABLE-TYPE("kommun")="Time"', "time"),
        ('VARIABLE-TYPE("kommun")="V"', None),
        ('CONTVARIABLE="kommun"', "metric"),
    ],
)
def test_roles(statement: str, role: str | None) -> None:
    cube = _read(_with("DATA=", f"{statement};\nDATA="))
    assert [axis.role for axis in cube.dimensions] == [role, None, "time"]


def test_the_first_language_may_be_named() -> None:
    cube = _read(_with("DATA=", 'NOTE[sv]="en not";\nDATA='))
    assert cube.notes == ("en not",)
    assert _read(PLAIN, language="sv").label == cube.label


def test_repeated_keywords_without_a_field_are_all_kept() -> None:
    cube = _read(_with("DATA=", 'LINK="en";\nLINK="två";\nDATA='))
    assert cube.extension["LINK"] == "en\ntvå"


def test_the_newest_content_dates_the_table() -> None:
    dates = {"män": "20260101 08:00", "kvinnor": "20260301 08:00", "alla": "20251201 08:00"}
    lines = "".join(f'LAST-UPDATED("{text}")="{date}";\n' for text, date in dates.items())
    text = _with('LAST-UPDATED="20260828 08:00";\n', lines)
    assert _read(text).updated == "20260301 08:00"


# What is refused, and how


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Not a PX file: .* at byte 0 of 0"),
        ("<!DOCTYPE html><html></html>", "Not a PX file.*DOCTYPE"),
        ('{"class": "dataset"}', "Not a PX file"),
        (PLAIN[:200], "Not a PX file: expected a KEYWORD"),
        (_with('VALUES("kön")="män","kvinnor";\n', ""), "no VALUES for its variable 'kön'"),
        (_with('CODES("kön")="1","2"', 'CODES("kön")="1"'), "2 VALUES, 2 in .* and 1 CODES"),
        (_with('"Åby","Östby"', '"Åby","Åby"').replace('CODES("kommun")="0001","0002";', ""),
         "'Åby' more than once"),
        (_with('STUB="kommun","kön";\nHEADING="år";\n', ""), "name 0 variables"),
        (_with("7 8 ;", "7 ;"), "has 7 cells, .* give 8 cells"),
        (_with("7 8 ;", "7 8 9 ;"), "has 9 cells"),
        (_with("7 8 ;", "7 x ;"), "Not a number: 'x'"),
        (_with("7 8 ;", '7 "x" ;'), "Not a number: '\"x\"'"),
        (_with("7 8 ;", "7 nan ;"), "1 of them without a number and 0 with a symbol"),
        (_with("7 8 ;", "7 inf ;"), "1 of them without a number"),
        (_with("7 8 ;", "7 8"), "cut off: it ends .*7 8"),
        (_with("1 2\n3 4\n5 6\n7 8 ;", ";"), "has 0 cells"),
    ],
)  # fmt: skip
def test_what_is_no_whole_px_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        _read(text.rstrip())


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = PLAIN.encode("cp1252")
    whole = data.index(b"7 8 ;") + 4
    for length in range(whole):
        with pytest.raises(SchemaError):
            px.read(data[:length])
    for length in range(whole, len(data)):
        assert px.read(data[:length]).values.reshape(-1).tolist() == ROWS


FIGURE = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.decimals(-1000, 1000, places=2).map(str),
    st.sampled_from(['"-"', '"."', '".."', '"......."']),
)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.data())
def test_cells_stand_where_they_were_written(
    slow: int, middle: int, fast: int, data: st.DataObject
) -> None:
    size = slow * middle * fast
    cells = data.draw(st.lists(FIGURE, min_size=size, max_size=size))
    breaks = data.draw(st.lists(st.sampled_from([" ", "\n", " \r\n", "\t"]), min_size=size,
                                max_size=size))  # fmt: skip
    header = 'CHARSET="ANSI";STUB="a","b";HEADING="c";'
    for name, count in zip("abc", (slow, middle, fast), strict=True):
        header += f'VALUES("{name}")=' + ",".join(f'"{name}{at}"' for at in range(count)) + ";"
    body = "".join(cell + gap for cell, gap in zip(cells, breaks, strict=True))
    cube = _read(f"{header}DATA={body};")
    assert cube.shape == (slow, middle, fast)
    expected = [np.nan if cell[0] == '"' else float(cell) for cell in cells]
    np.testing.assert_array_equal(cube.values.reshape(-1), expected)
    assert dict(cube.status) == {
        at: cell.strip('"') for at, cell in enumerate(cells) if cell[0] == '"'
    }
