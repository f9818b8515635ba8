from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import integstats as ig
from integstats.errors import SchemaError, UnknownCodeError, UsageError
from integstats.loading.own import own, read_mapping
from integstats.table import check, key_columns

MAPPING = """
id = "own-synthetic-placements"
as_of = "2026-09-30"
missing = [".."]

[keys]
place = "Kommun"
period = "Månad"
sex = "Kön"
programme = "Insats"

[constants]
age = "20-64"
birth_region = "foreign_born"

[words.programme]
language = ["Svenska för jobbet"]
work = ["Praktik", "Arbete"]

[counts]
participants = "Deltagare"
in_work = "I arbete efter"
"""
CSV = """\
Kommun;Månad;Kön;Insats;Deltagare;I arbete efter;Anteckning
Lomma;2026-01;Kvinnor;Praktik;22;16;
Lomma;2026-01;Män;Praktik;1 020;<5;bra
Lomma;2026-02;Kvinnor;svenska för jobbet;12,5;..;
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def written(tmp_path: Path, text: str = CSV, encoding: str = "utf-8") -> Path:
    path = tmp_path / "synthetic_own.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_file_becomes_the_one_table(tmp_path: Path, mapping: Path) -> None:
    table = own(written(tmp_path), mapping=mapping)
    check(table)
    assert key_columns(table)[-1] == "programme"
    assert table["period"].dtype == "period[M]"
    women = table[(table["sex"] == "women") & (table["programme"] == "work")].iloc[0]
    assert (women["place"], women["participants"], women["in_work"]) == ("1262", 22, 16)
    assert set(table["birth_region"]) == {"foreign_born"}
    assert set(table["dataset"]) == {"own-synthetic-placements"}
    assert all(one.startswith("2026-09-30.") for one in table["vintage"])


def test_hidden_and_missing_counts_are_neither_zero_nor_summed(
    tmp_path: Path, mapping: Path
) -> None:
    table = own(written(tmp_path), mapping=mapping)
    men = table[table["sex"] == "men"].iloc[0]
    assert np.isnan(men["in_work"])
    assert (men["in_work_low"], men["in_work_high"]) == (0, 4)
    assert men["participants"] == 1020
    both = table[(table["sex"] == "total") & (table["programme"] == "work")].iloc[0]
    assert (both["participants"], both["status"]) == (1042, "derived")
    assert (both["in_work_low"], both["in_work_high"]) == (16, 20)
    assert table[table["programme"] == "language"]["in_work"].isna().all()


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-8", ",")]
)
def test_the_ways_a_spreadsheet_saves_a_csv(
    tmp_path: Path, mapping: Path, encoding: str, separator: str
) -> None:
    text = CSV.replace("12,5", "12").replace(";", separator)
    table = own(written(tmp_path, text, encoding), mapping=mapping)
    pd.testing.assert_series_equal(
        table["participants"],
        own(written(tmp_path, CSV.replace("12,5", "12")), mapping=mapping)["participants"],
    )


def book(rows: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_a_workbook_is_read_like_a_csv(tmp_path: Path, mapping: Path) -> None:
    rows = [line.split(";") for line in CSV.splitlines()]
    plain = [["Uppföljning av insatser"], [], rows[0]]
    plain += [
        [*row[:4], float(row[4].replace(" ", "").replace(",", ".")), *row[5:]] for row in rows[1:]
    ]
    path = tmp_path / "synthetic_own.xlsx"
    path.write_bytes(book(plain))
    pd.testing.assert_frame_equal(
        own(path, mapping=mapping).drop(columns="vintage"),
        own(written(tmp_path), mapping=mapping).drop(columns="vintage"),
    )


def test_a_formula_is_refused_with_its_cell(tmp_path: Path, mapping: Path) -> None:
    rows: list[list[Any]] = [line.split(";") for line in CSV.splitlines()]
    rows[2][4] = "=1+1"
    path = tmp_path / "synthetic_own.xlsx"
    path.write_bytes(book(rows))
    with pytest.raises(SchemaError, match=r"Cell E3 .* is a formula"):
        own(path, mapping=mapping)
    text = CSV.replace(";22;", ";=2+20;")
    with pytest.raises(SchemaError, match=r"Row 2 of the column 'Deltagare' is a formula"):
        own(written(tmp_path, text), mapping=mapping)


@pytest.mark.parametrize("number", ["670919-9530", "196709199530", "701063-2391"])
def test_personal_identity_numbers_are_refused_in_any_column(
    tmp_path: Path, mapping: Path, number: str
) -> None:
    text = CSV.replace("bra", f"se {number}")
    with pytest.raises(SchemaError, match="personal identity numbers in the column 'Anteck") as got:
        own(written(tmp_path, text), mapping=mapping)
    assert number not in str(got.value)
    beyond = CSV.replace("bra", f"bra;{number}")
    with pytest.raises(SchemaError, match="in the column 'column 8'"):
        own(written(tmp_path, beyond), mapping=mapping)
    headed = CSV.replace("Anteckning", number)
    with pytest.raises(SchemaError, match="in column 7") as got:
        own(written(tmp_path, headed), mapping=mapping)
    assert number not in str(got.value)


def test_they_are_refused_as_numbers_of_a_workbook_too(tmp_path: Path, mapping: Path) -> None:
    rows: list[list[Any]] = [line.split(";") for line in CSV.splitlines()]
    rows[1][6] = 196709199530
    path = tmp_path / "synthetic_own.xlsx"
    path.write_bytes(book(rows))
    with pytest.raises(SchemaError, match="personal identity numbers in the column 'Anteckning'"):
        own(path, mapping=mapping)


@pytest.mark.parametrize(
    ("old", "new", "error", "match"),
    [
        ("Kvinnor;P", "Damer;P", UnknownCodeError, r"Unknown word for sex: 'Damer'.*words\.sex"),
        (";Praktik;22", ";Annat;22", UnknownCodeError, r"Unknown word for programme: 'Annat'"),
        (";2026-02;", ";våren;", SchemaError, "Not a period: 'våren'"),
        (";2026-02;", ";2026;", SchemaError, "of several lengths"),
        (";2026-02;", ";;", SchemaError, r"'Månad' \(period\) is empty in row 4"),
        (";22;", ";-1;", SchemaError, r"Row 2 of the column 'Deltagare' has '-1'"),
        (";22;", ";många;", SchemaError, r"has 'många', expected a count"),
        (";22;", ";72 %;", SchemaError, r"has '72 %', expected a count"),
        ("Deltagare", "Deltagre", SchemaError, r"'Deltagare' 0 times.*Did you mean 'Deltagre'"),
        ("Anteckning", "Kommun", SchemaError, "'Kommun' 2 times"),
        ("Lomma;2026-02;Kvinnor;svenska för jobbet", "Lomma;2026-01;Kvinnor;Praktik",
         SchemaError, "keys on more than one row"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_named(
    tmp_path: Path, mapping: Path, old: str, new: str, error: type[Exception], match: str
) -> None:
    assert old in CSV
    with pytest.raises(error, match=match):
        own(written(tmp_path, CSV.replace(old, new, 1)), mapping=mapping)


def test_a_place_that_is_unknown_is_named(tmp_path: Path, mapping: Path) -> None:
    mapping.write_text(MAPPING.replace("own-synthetic-", "own-"), encoding="utf-8")
    with pytest.raises(UnknownCodeError, match=r"'Loma'\. Did you mean 'Lomma'"):
        own(written(tmp_path, CSV.replace("Lomma;2026-01;K", "Loma;2026-01;K")), mapping=mapping)


def test_invented_figures_may_have_invented_places(tmp_path: Path, mapping: Path) -> None:
    text = CSV.replace("Lomma;2026-02", "Exempelkommun;2026-02")
    table = own(written(tmp_path, text), mapping=mapping)
    assert set(table["place"]) == {"1262", "Exempelkommun"}
    assert table.loc[table["place"] == "Exempelkommun", "period"].astype(str).eq("2026-02").all()


def test_invented_places_can_be_followed(tmp_path: Path) -> None:
    table = own(
        written(tmp_path, "kvartal,platser\n2024Q4,120\n2025Q4,220\n2026Q2,322\n"),
        mapping={
            "id": "own-synthetic-places",
            "as_of": "2026-09-30",
            "keys": {"period": "kvartal"},
            "constants": {"place": "Exempelkommun", "age": "20-64"},
            "counts": {"places": "platser"},
        },
    )
    target = ig.Target.add_count(
        "places",
        500,
        places=["Exempelkommun"],
        dataset="own-synthetic-places",
        age="20-64",
        better="up",
        baseline="2024Q4",
        deadline="2026Q4",
        reading="quarter",
    )
    track = ig.track(target, table)
    assert (target.places, track.latest.value) == (("Exempelkommun",), 322)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("own-synthetic", "synthetic", "id 'synthetic-placements', expected own-"),
        ("2026-09-30", "i höstas", "as_of 'i höstas', expected the date"),
        ('age = "20-64"', "", r"no age, expected under \[keys\] or \[constants\]"),
        ("[counts]", "[count]", r"unknown field 'count'\. Did you mean 'counts'"),
        ("participants =", "dataset =", "the name 'dataset', which is not free"),
        ("participants =", "employment_rate =", "the name 'employment_rate', which is not free"),
        ('age = "20-64"', 'age = "20-64"\nsex = "women"', "a key both under"),
        ('as_of = "', 'status = "sann"\nas_of = "', "status 'sann', expected final or"),
        ('id = "', "id = ", "is not TOML"),
        ('"Deltagare"', "5", "expected names in quotes"),
    ],
)
def test_what_is_wrong_in_the_mapping_is_named(
    tmp_path: Path, mapping: Path, old: str, new: str, match: str
) -> None:
    assert old in MAPPING
    mapping.write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError, match=match):
        own(written(tmp_path), mapping=mapping)


def test_a_mapping_can_be_a_dict(tmp_path: Path) -> None:
    table = own(
        written(tmp_path, "år,antal\n2024,5\n2025,6\n"),
        mapping={
            "id": "own-synthetic-small",
            "as_of": "2026-01-01",
            "keys": {"period": "år"},
            "constants": {"place": "Malmö", "age": "20-64"},
            "counts": {"participants": "antal"},
        },
    )
    assert table["participants"].tolist() == [5, 6]
    assert set(table["sex"]) == set(table["birth_region"]) == {"total"}
    assert str(table["period"].dtype) == "period[Y-DEC]"


def test_a_file_that_is_not_there(tmp_path: Path, mapping: Path) -> None:
    with pytest.raises(UsageError, match=r"file with figures .*cannot be read"):
        own(tmp_path / "none.csv", mapping=mapping)
    with pytest.raises(UsageError, match=r"mapping .*cannot be read"):
        own(written(tmp_path), mapping=tmp_path / "none.toml")


def test_nothing_is_copied_anywhere(
    tmp_path: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("INTEGSTATS_DATA", str(data))
    file = written(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    own(file, mapping=mapping)
    assert {path.name for path in tmp_path.iterdir()} == before
    assert not data.exists()


def test_own_figures_have_the_measures_whose_counts_they_have(tmp_path: Path) -> None:
    lines = ["Kommun;Månad;Kön;Född;Arbetslösa;Arbetskraft"]
    for month in ("2026-01", "2026-02"):
        for sex in ("Kvinnor", "Män"):
            for born, count in (("Utrikes födda", 20), ("Inrikes födda", 10)):
                lines.append(f"Lomma;{month};{sex};{born};{count};100")
    table = own(
        written(tmp_path, "\n".join(lines)),
        mapping={
            "id": "own-synthetic-bas",
            "as_of": "2026-03-01",
            "keys": {"place": "Kommun", "period": "Månad", "sex": "Kön", "birth_region": "Född"},
            "constants": {"age": "20-64"},
            "counts": {"unemployed": "Arbetslösa", "labour_force": "Arbetskraft"},
        },
    )
    gaps = ig.gaps(ig.rates(table), "unemployment_rate")
    assert gaps["gap_pp"].round(6).unique().tolist() == [10.0]


def test_the_mapping_of_the_documentation_is_one() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "own-figures.md"
    example = page.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    assert read_mapping(tomllib.loads(example)).counts["in_work"] == "I arbete efter"
