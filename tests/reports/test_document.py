from __future__ import annotations

import dataclasses
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from sample_reports import MARKUP, gaps_of, hostile, malmo, single

import integstats as ig
from integstats.errors import OutputError, UsageError
from integstats.reports import extras, pdf
from integstats.reports.archive import dated
from integstats.reports.document import docx
from integstats.reports.organisation import Organisation
from integstats.reports.report import of_chart
from integstats.wording.claims import Text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DC = "{http://purl.org/dc/elements/1.1/}"
DCTERMS = "{http://purl.org/dc/terms/}"


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read(name))


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    """Style and text of every paragraph of the body, those in tables included."""
    found = []
    for one in part(content, "word/document.xml").iter(f"{W}p"):
        style = one.find(f"{W}pPr/{W}pStyle")
        text = "".join(run.text or "" for run in one.iter(f"{W}t"))
        found.append(("Normal" if style is None else str(style.get(f"{W}val")), text))
    return found


@pytest.fixture(scope="module")
def report() -> bytes:
    return docx(malmo())


def test_every_picture_has_an_alternative_text(report: bytes) -> None:
    pictures = list(part(report, "word/document.xml").iter(f"{WP}docPr"))
    charts = malmo().charts
    assert [one.get("descr") for one in pictures] == [one.alt.text for one in charts]
    assert [one.get("title") for one in pictures] == [one.title.text for one in charts]
    assert len({one.get("id") for one in pictures}) == len(charts)
    logos = [
        one.get("descr")
        for name in zipfile.ZipFile(io.BytesIO(report)).namelist()
        if name.startswith("word/header")
        for one in part(report, name).iter(f"{WP}docPr")
    ]
    assert logos == ["Malmö stad"]


def test_pictures_fill_the_page_and_leave_it_nowhere(report: bytes) -> None:
    widest, tallest = 16 * 360_000, 21 * 360_000
    extents = list(part(report, "word/document.xml").iter(f"{WP}extent"))
    assert [int(one.get("cx", 0)) for one in extents] == [widest] * 3
    tall = ig.charts.dumbbell(
        ig.gaps(ig.rates(ig.load("scb-bas-month", places=["Skåne län"])), "employment_rate")
    )
    narrow = dataclasses.replace(tall, least=14.0)
    found = next(part(docx(of_chart(narrow)), "word/document.xml").iter(f"{WP}extent"))
    assert int(found.get("cy", 0)) <= tallest
    assert int(found.get("cx", 0)) < widest


def test_tables_have_a_header_row_that_repeats_and_no_merged_cells(report: bytes) -> None:
    tables = list(part(report, "word/document.xml").iter(f"{W}tbl"))
    assert len(tables) == 3
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [
            at == 0 for at in range(len(rows))
        ]
        assert len({len(row.findall(f"{W}tc")) for row in rows}) == 1
        assert len(rows) <= 31
        assert not list(table.iter(f"{W}gridSpan")) + list(table.iter(f"{W}vMerge"))
        for cell in table.iter(f"{W}tc"):
            assert "".join(one.text or "" for one in cell.iter(f"{W}t")).strip()
        assert table.find(f"{W}tblPr/{W}tblCaption") is not None
        widths = [int(one.get(f"{W}w", 0)) for one in table.findall(f"{W}tblGrid/{W}gridCol")]
        assert sum(widths) <= 16 / 2.54 * 1440 + len(widths)


def test_headings_are_in_order(report: bytes) -> None:
    styles = [style for style, _ in paragraphs(report) if style.startswith(("Title", "Heading"))]
    assert styles == ["Title", "Heading1", "Heading2", "Heading2", "Heading1", "Heading1"]
    assert paragraphs(report)[0] == ("Title", malmo().title.text)
    assert all(text.strip() for style, text in paragraphs(report) if style.startswith("Heading"))


def test_every_text_is_there_and_the_source_line_last(report: bytes) -> None:
    texts = [text for _, text in paragraphs(report)]
    found = malmo()
    said = "\n".join(texts)
    for chart in found.charts:
        assert chart.subtitle.text in said
        assert chart.description.text in said
        assert all(note in said for note in chart.footer)
    for wanted in (*found.lead, *(one for section in found.sections for one in section.paragraphs)):
        assert wanted.text in texts
    assert texts[-1] == found.footer[-1]
    pictures = [style for style, text in paragraphs(report) if not text]
    assert pictures == ["Normal"] * len(found.charts)


@pytest.mark.parametrize(("lang", "written"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_language_and_title_are_set_everywhere(lang: Any, written: str) -> None:
    content = docx(malmo(lang))
    defaults = part(content, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    assert defaults is not None
    assert defaults.get(f"{W}val") == written
    for name in ("word/document.xml", "word/styles.xml"):
        for one in part(content, name).iter(f"{W}lang"):
            assert one.get(f"{W}val") == written
    core = part(content, "docProps/core.xml")
    assert core.findtext(f"{DC}language") == written
    assert core.findtext(f"{DC}title") == malmo(lang).title.text
    assert core.findtext(f"{DC}creator") == "Malmö stad"
    assert core.findtext(f"{DCTERMS}created") == "2026-08-28T00:00:00Z"
    assert core.findtext(f"{DCTERMS}modified") == "2026-08-28T00:00:00Z"


def test_headings_have_the_colour_of_the_organisation(report: bytes) -> None:
    styles = part(report, "word/styles.xml")
    colours = {
        str(one.get(f"{W}styleId")): str(found.get(f"{W}val"))
        for one in styles.iter(f"{W}style")
        if (found := one.find(f"{W}rPr/{W}color")) is not None
    }
    assert {colours[name] for name in ("Title", "Heading1", "Heading2")} == {"005CA9"}


def test_the_same_report_has_the_same_bytes(report: bytes) -> None:
    assert docx(malmo()) == report
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(2026, 8, 28, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name]


def test_an_archive_made_anew_keeps_its_parts() -> None:
    before = io.BytesIO()
    with zipfile.ZipFile(before, "w") as archive:
        archive.writestr("b.txt", "å")
        archive.writestr("a.txt", "")
    with zipfile.ZipFile(io.BytesIO(dated(before.getvalue(), date(1980, 1, 1)))) as archive:
        assert archive.namelist() == ["b.txt", "a.txt"]
        assert archive.read("b.txt").decode() == "å"
        assert archive.testzip() is None


def test_a_table_that_is_too_long_is_in_the_workbook() -> None:
    chart = ig.charts.gap_trend(gaps_of("Exempelkommun A", periods=40))
    found = [text for _, text in paragraphs(docx(of_chart(chart)))]
    assert (
        f"Tabellen börjar med februari 2026. Alla rader finns i {chart.name}.xlsx och "
        in "".join(found)
    )
    one_period = dataclasses.replace(chart, data=chart.data.assign(period=chart.data["period"][0]))
    content = docx(of_chart(one_period))
    assert not list(part(content, "word/document.xml").iter(f"{W}tbl"))
    assert "Tabellen har 80 rader. De finns i" in "".join(text for _, text in paragraphs(content))


def test_names_stay_text() -> None:
    content = docx(hostile())
    said = "".join(text for _, text in paragraphs(content))
    assert "<script>" in said
    assert "Påhittade tal" in said
    assert part(content, "docProps/core.xml").findtext(f"{DC}creator") == MARKUP


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "a\x00b\x0bc\ud800d", "]]>", "<w:p/>"])
def test_any_text_can_be_a_title(text: str) -> None:
    report = dataclasses.replace(
        single(), title=Text("sv", text, ()), organisation=Organisation(text)
    )
    content = docx(report)
    clean = re.sub("[\x00\x0b\ud800]", "\ufffd", text)
    assert paragraphs(content)[0] == ("Title", clean)
    assert part(content, "docProps/core.xml").findtext(f"{DC}title") == clean


def test_only_web_addresses_become_links() -> None:
    dataset = dataclasses.replace(malmo().sources[0].dataset, url="file:///etc/passwd")
    source = dataclasses.replace(malmo().sources[0], dataset=dataset)
    content = docx(dataclasses.replace(malmo(), sources=(source,)))
    assert not list(part(content, "word/document.xml").iter(f"{W}hyperlink"))
    assert list(part(docx(malmo()), "word/document.xml").iter(f"{W}hyperlink"))


def test_a_missing_extra_names_its_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r'pip install "integstats\[office\]"'):
        docx(single())


@pytest.fixture(scope="module")
def tagged(report: bytes) -> Any:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not here: tags of a PDF were not read")
    if not any(shutil.which(name) for name in pdf.PROGRAMS):
        pytest.skip("LibreOffice (soffice) is not here: the tagged PDF was not made")
    return pypdf.PdfReader(io.BytesIO(pdf.pdf(report)))


def elements(node: Any) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""
    children = node.get("/K", [])
    for one in children if isinstance(children, list) else [children]:
        found = one.get_object()
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from elements(found)


def test_the_pdf_is_tagged_and_says_language_and_title(tagged: Any) -> None:
    root = tagged.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "sv-SE"
    assert tagged.metadata.title == malmo().title.text
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_the_tags_of_the_pdf_are_those_of_the_document(tagged: Any) -> None:
    found = list(elements(tagged.trailer["/Root"]["/StructTreeRoot"]))
    kinds = [str(one["/S"]) for one in found]
    figures = [one for one in found if one["/S"] == "/Figure"]
    alts = [str(one.get("/Alt", "")) for one in figures]
    for chart in malmo().charts:
        assert any(chart.alt.text in alt for alt in alts)
    assert all(alts)
    assert kinds.count("/Table") == 3
    headers = sum(len(table) for table in _header_rows(found))
    assert kinds.count("/TH") == headers > 0
    headings = [one for one in kinds if re.fullmatch("/H[1-6]", one)]
    assert headings.count("/H2") == 2
    assert all(page.get("/StructParents") is not None for page in tagged.pages)


def _header_rows(found: list[Any]) -> list[list[Any]]:
    rows = [next(elements_of(one, "/TR")) for one in found if one["/S"] == "/Table"]
    return [list(elements_of(row, "/TH")) for row in rows]


def elements_of(node: Any, kind: str) -> Iterator[Any]:
    return (one for one in elements(node) if one["/S"] == kind)


def test_a_pdf_without_libreoffice_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match="LibreOffice"):
        pdf.pdf(b"")


def test_a_conversion_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = shutil.which("false")
    assert failing is not None
    monkeypatch.setattr(pdf.shutil, "which", lambda name: failing)
    with pytest.raises(OutputError, match="did not make a PDF"):
        pdf.pdf(b"")
