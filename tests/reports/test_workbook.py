from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sample_reports import HOSTILE, invented, of_real_figures

from integstats.errors import UsageError
from integstats.reports import extras
from integstats.reports.report import Report
from integstats.reports.workbook import xlsx
from integstats.wording import columns, numbers


@pytest.fixture(scope="module")
def report() -> Report:
    return of_real_figures()


@pytest.fixture(scope="module")
def content(report: Report) -> bytes:
    return xlsx(report)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return opened(content)


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def rows(sheet: Any) -> list[dict[str, Any]]:
    header, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in found]


def test_the_sheets_are_those_of_a_publication(book: Workbook) -> None:
    assert book.sheetnames == [
        "Omslag",
        "Data 1 Gap över tid",
        "Data 2 Jämförelse",
        "Data 3 Målbana",
        "Mål",
        "Definitioner",
        "Källor",
        "Anmärkningar",
    ]
    english = opened(xlsx(of_real_figures("en"))).sheetnames
    assert english[0] == "Cover"
    assert english[-4:] == ["Targets", "Definitions", "Sources", "Notes"]


@pytest.mark.parametrize("made", ["real", "hostile"])
def test_every_sheet_is_one_whole_table(made: str, content: bytes) -> None:
    found = opened(content if made == "real" else xlsx(invented(None, words=HOSTILE)))
    names = [one.casefold() for one in found.sheetnames]
    assert len(set(names)) == len(names)
    assert all(len(one) <= 31 and not re.search(r"[\[\]:*?/\\]", one) for one in names)
    for sheet in found:
        [table] = sheet.tables.values()
        assert table.ref == sheet.dimensions
        assert table.headerRowCount == 1
        header = [cell.value for cell in sheet[1]]
        assert [one.name for one in table.tableColumns] == header
        assert len({one.casefold() for one in header}) == len(header)
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes == "A2"
        assert sheet.max_row > 1
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.value not in (None, ""), (sheet.title, cell.coordinate)
                assert cell.data_type in "snd", (sheet.title, cell.coordinate)
                begins = isinstance(cell.value, str) and cell.value[0] in "=+-@"
                assert cell.quotePrefix or not begins


def test_the_data_sheets_hold_the_figures(report: Report, book: Workbook) -> None:
    for sheet, chart in zip(book.worksheets[1:4], report.charts, strict=True):
        found = rows(sheet)
        assert len(found) == len(chart.data)
        for name in chart.data:
            header = columns.column(name, kind=chart.kind).header()
            given = chart.data[name]
            if given.dtype == "float64":
                shown = [one[header] for one in found]
                assert [None if one == ".." else one for one in shown] == [
                    None if one != one else pytest.approx(one) for one in given
                ]


def test_numbers_are_shown_by_their_unit(book: Workbook) -> None:
    sheet = book["Data 1 Gap över tid"]
    header = {cell.value: cell.column for cell in sheet[1]}
    formats = {name: sheet.cell(row=2, column=at).number_format for name, at in header.items()}
    assert formats["Andel, utrikes födda"] == f'0.0"{numbers.NO_BREAK}"%'
    assert formats["Gap (procentenheter)"] == "0.0"
    assert formats["Antal personer, utrikes födda"] == "#,##0"
    assert formats["Period"] == "yyyy-mm"
    first = rows(sheet)[0]
    assert first["Period"] == datetime(2020, 1, 1)
    assert (first["Områdeskod"], first["Område"], first["Kön"]) == ("1280", "Malmö", "kvinnor")
    path = rows(book["Data 3 Målbana"])
    assert {one["Linje"] for one in path} == {"utfall", "jämförelse", "målbana"}


def test_the_cover_leads_to_every_other_sheet(report: Report, book: Workbook) -> None:
    cover = book.worksheets[0]
    links = {
        cell.value: cell.hyperlink.location for cell in cover["A"] if cell.hyperlink is not None
    }
    assert list(links) == book.sheetnames[1:]
    assert all(place == f"'{name}'!A1" for name, place in links.items())
    said = {row["Uppgift"]: row["Innehåll"] for row in rows(cover)}
    assert said["Titel"] == report.title.text
    assert said["Utgivare"] == "Malmö stad"
    assert said["Uppgifterna uppdaterade"] == datetime(2026, 8, 28)
    assert report.charts[0].title.text in said["Data 1 Gap över tid"]


def test_every_header_is_defined_with_its_code_name(report: Report, book: Workbook) -> None:
    defined = {(row["Begrepp"], row["Kodnamn"]) for row in rows(book["Definitioner"])}
    for sheet, chart in zip(book.worksheets[1:4], report.charts, strict=True):
        codes = {columns.column(name, kind=chart.kind).header(): name for name in chart.data}
        for cell in sheet[1]:
            assert (cell.value, codes.get(cell.value, "place_code")) in defined
    told = {row["Kodnamn"]: row for row in rows(book["Definitioner"])}
    assert told["unemployment_rate"]["Begrepp"] == "Arbetslöshet (BAS)"
    assert "AKU" in told["unemployment_rate"]["Definition"]
    assert "försiktigt" in told["verdict.z"]["Definition"]


def test_the_target_sheet_has_the_numbers_of_the_track(report: Report, book: Workbook) -> None:
    facts = report.tracks[0].facts()
    found = {row["Kodnamn"]: row for row in rows(book["Mål"])}
    for name in ("baseline.value", "latest.value", "goal", "verdict.z", "persons.target.lacking"):
        assert found[name]["Värde"] == pytest.approx(facts[name])
    assert found["pace.required"]["Värde"] == pytest.approx(100 * facts["pace.required"])
    assert found["pace.required"]["Enhet"] == "procentenheter"
    assert found["decided"]["Värde"] == "nej"
    assert found["verdict.status"]["Värde"] == ("Om målet hade gällt: Ingen säkerställd förändring")
    assert found["place"]["Värde"] == "Malmö"


def test_sources_and_notes_say_where_the_figures_come_from(report: Report, book: Workbook) -> None:
    [source] = rows(book["Källor"])
    assert source["Tabell"] == "TAB6260"
    assert source["Uppdaterad"] == datetime(2026, 8, 28)
    assert source["Råfilernas kontrollsummor (SHA-256)"] == "; ".join(report.sources[0].sha256)
    notes = [row["Anmärkning"] for row in rows(book["Anmärkningar"])]
    assert any(one.startswith(columns.MISSING) for one in notes)
    assert all(one in notes for one in report.footer)
    assert all(one.description.text in notes for one in report.charts)


def test_hostile_words_stay_words() -> None:
    found = opened(xlsx(invented(None, words=HOSTILE)))
    visible = HOSTILE.replace("\x0b", "\ufffd").replace("\x00", "\ufffd")
    data = rows(found.worksheets[1])
    assert {row["programme"] for row in data} == {visible}
    assert found.properties.title == visible
    assert [row["Gap (procentenheter)"] for row in data][-1] == ".."
    cover = {row["Uppgift"]: row["Innehåll"] for row in rows(found.worksheets[0])}
    assert cover["Utgivare"] == visible
    assert "Påhittade tal" in cover


def test_a_column_of_own_figures_has_its_own_name() -> None:
    found = opened(xlsx(invented(None)))
    told = {row["Kodnamn"]: row for row in rows(found["Definitioner"])}
    assert told["programme"]["Begrepp"] == "programme"
    assert "egna uppgifterna" in told["programme"]["Definition"]


@pytest.mark.parametrize(("lang", "code"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_the_file_names_its_language_and_title(lang: str, code: str) -> None:
    found = opened(xlsx(of_real_figures(lang))).properties
    assert (found.language, found.creator) == (code, "Malmö stad")
    assert found.title == "Utrikes födda på arbetsmarknaden i Malmö"
    assert found.created == found.modified == datetime(2026, 8, 28)


def test_the_same_report_has_the_same_bytes(content: bytes) -> None:
    assert xlsx(of_real_figures()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(2026, 8, 28, 0, 0, 0)}


def test_without_the_extra_the_message_says_what_to_install(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"integstats\[office\]"):
        xlsx(report)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "malmo.xlsx"
    path.write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert (tmp_path / "malmo.pdf").read_bytes().startswith(b"%PDF")
