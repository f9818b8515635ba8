from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from af_workbooks import Cell, workbook

from integstats.errors import SchemaError
from integstats.formats import worksheet

ROWS: list[list[Cell]] = [
    ["En titel", None, "PERIOD"],
    [],
    ["PERIOD", "Kommun  ", "Antal"],
    ["2026-08", "Lomma", 12],
    [],
    ["2026-08", None, "<5", "utanför"],
]


def test_the_header_is_found_and_rows_keep_their_numbers() -> None:
    read = worksheet.read(workbook({"Blad": ROWS}), "blad", ["KOMMUN", "antal"])
    assert list(read.columns) == ["PERIOD", "KOMMUN", "antal", "column D"]
    assert list(read.index) == [4, 6]
    assert read["antal"].tolist() == ["12", "<5"]
    assert read["KOMMUN"].isna().tolist() == [False, True]
    assert read["column D"].tolist()[1] == "utanför"


def test_a_wrong_dimension_is_not_believed(shared: Path) -> None:
    """A real file written by openxlsx: read_only openpyxl returns one row of 386."""
    read = worksheet.read(shared / "data/af/varsel_manad.xlsx", None, ["tid", "region", "antal"])
    assert len(read) == 385
    assert read[["tid", "antal"]].iloc[0].tolist() == ["1992-01", "490"]
    assert read["tid"].iloc[-1] == "2024-01"


def test_the_stored_synthetic_file_has_its_header_on_row_5(shared: Path) -> None:
    file = next((shared / "data/af/synthetic").glob("*tid-utan*.xlsx"))
    read = worksheet.read(file, "Födelseland", ["PERIOD", "FÖDELSELAND", "ARBETSLÖSA"])
    assert read.index[0] == 6
    assert set(read["FÖDELSELAND"]) == {"Sverige", "Europa", "Övriga länder"}
    assert "<5" in set(read["Utan arbete mer än 24 månader"])


def test_openpyxl_writes_what_we_read() -> None:
    """Shared strings, dates by their style, booleans, decimals; made by another library."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["månad", "dag", "sant", "tal", "text"])
    sheet.append([dt.date(2024, 6, 1), dt.datetime(2024, 6, 1, 12, 30), True, 0.1, " a  b "])
    sheet["A3"] = 45444
    sheet["A3"].number_format = '[$-41D]mmm" "yy'
    sheet["B3"] = 3
    sheet["B3"].number_format = '0" dagar"'
    target = io.BytesIO()
    book.save(target)
    read = worksheet.read(target.getvalue(), None, ["månad", "tal"])
    assert read.iloc[0].tolist() == ["2024-06-01", "2024-06-01 12:30:00", "TRUE", "0.1", "a  b"]
    assert read.iloc[1].tolist()[:2] == ["2024-06-01", "3"]


def test_a_formula_is_named_and_never_computed() -> None:
    rows = [["PERIOD", "Antal"], ["2026-08", 3], ["2026-08", "=SUM(B2:B2)"]]
    with pytest.raises(SchemaError, match=r"Cell B3 of Blad is a formula"):
        worksheet.read(workbook({"Blad": rows}), "Blad", ["PERIOD", "Antal"])


@pytest.mark.parametrize(
    ("rows", "required", "match"),
    [
        (ROWS, ["PERIOD", "Antall"], r"'Antall'\. Did you mean 'Antal'"),
        ([["x"]] * 40, ["PERIOD"], "No row among the first 30"),
        ([["PERIOD", "Antal", "antal"]], ["PERIOD", "Antal"], "'Antal' 2 times"),
        ([], ["PERIOD"], "No row among the first 30"),
    ],
)
def test_a_lacking_header_is_named(rows: list[list[Cell]], required: list[str], match: str) -> None:
    with pytest.raises(SchemaError, match=match):
        worksheet.read(workbook({"Blad": rows}), "Blad", required)


def test_a_lacking_sheet_is_named() -> None:
    content = workbook({"Kön": ROWS, "Info": []})
    with pytest.raises(SchemaError, match=r"no sheet 'Könn'\. Did you mean 'Kön'.*Kön, Info"):
        worksheet.read(content, "Könn", ["PERIOD"])
    assert worksheet.sheet_names(content) == ("Kön", "Info")


def test_an_empty_table_has_its_columns() -> None:
    read = worksheet.read(workbook({"Blad": [["PERIOD", "Antal"]]}), None, ["PERIOD"])
    assert list(read.columns) == ["PERIOD", "Antal"]
    assert read.empty
