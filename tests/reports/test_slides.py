from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from pptx import Presentation
from pptx.oxml.ns import qn
from sample_reports import HOSTILE, bars, invented, of_real_figures, said

import integstats as ig
from integstats.charts.editable import Editable, Series
from integstats.errors import UsageError
from integstats.reports import extras
from integstats.reports.cells import reader_table
from integstats.reports.report import Report, of_chart
from integstats.reports.slides import pptx

MODERATE = 12
"""Points: no text on a slide is smaller."""


@pytest.fixture(scope="module")
def report() -> Report:
    return of_real_figures()


@pytest.fixture(scope="module")
def content(report: Report) -> bytes:
    return pptx(report)


def opened(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def parts(content: bytes, pattern: str) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if re.fullmatch(pattern, name)
        }


def shown(slide: Any) -> str:
    return "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)


def test_a_title_slide_and_a_slide_per_chart(report: Report, content: bytes) -> None:
    deck = opened(content)
    assert round(deck.slide_width / deck.slide_height, 3) == round(16 / 9, 3)
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles == [report.title.text, *(one.title.text for one in report.charts)]
    assert len(set(titles)) == len(titles)
    assert report.lead[0].text in shown(deck.slides[0])
    assert "Malmö stad" in shown(deck.slides[0])


def test_every_placeholder_is_filled(content: bytes) -> None:
    for slide in opened(content).slides:
        assert all(one.text_frame.text.strip() for one in slide.placeholders)


def test_every_chart_picture_and_table_has_its_alternative_text(
    report: Report, content: bytes
) -> None:
    known = {one.alt.text for one in report.charts} | {"Malmö stad"}
    found = []
    for slide in opened(content).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                continue
            [properties] = shape._element.iterfind(f".//{qn('p:cNvPr')}")
            assert properties.get("descr") in known
            found.append(properties.get("descr"))
    assert len(found) == 3 + 4  # three charts, the logo on four slides


def test_the_reading_order_is_title_chart_text(report: Report, content: bytes) -> None:
    for slide, chart in zip(list(opened(content).slides)[1:], report.charts, strict=True):
        first, second, third, *rest = slide.shapes
        assert first.text_frame.text == chart.title.text
        assert not second.has_text_frame
        assert chart.subtitle.text.startswith(third.text_frame.text.split(".")[0])
        assert "TAB6260" in [one for one in rest if one.has_text_frame][-1].text_frame.text


def test_the_verdict_stands_on_the_slide_and_all_of_it_in_the_notes(
    report: Report, content: bytes
) -> None:
    chart = report.charts[2]
    slide = opened(content).slides[3]
    assert chart.verdict is not None
    assert "Om målet hade gällt: Ingen säkerställd förändring." in shown(slide)
    notes = slide.notes_slide.notes_text_frame.text
    for text in (chart.description.text, chart.verdict.text, *chart.footer):
        assert text in notes


@pytest.mark.parametrize(("lang", "code"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_every_text_names_its_language(lang: str, code: str) -> None:
    found = pptx(of_real_figures(lang))
    pattern = r"ppt/(slides|notesSlides|charts|slideLayouts|slideMasters)/[^/]*\.xml"
    for name, root in parts(found, pattern).items():
        for run in root.iter(qn("a:r"), qn("a:fld")):
            assert run.find(qn("a:rPr")).get("lang") == code, name
        for one in root.iter(qn("a:defRPr"), qn("a:endParaRPr")):
            assert one.get("lang") == code, name
    for root in parts(found, r"ppt/charts/[^/]*\.xml").values():
        assert root.find(qn("c:lang")).get("val") == code
    assert opened(found).core_properties.language == code


def test_native_charts_show_what_the_editable_says(report: Report, content: bytes) -> None:
    seen = 0
    for slide, chart in zip(list(opened(content).slides)[1:], report.charts, strict=True):
        graphic = [one for one in slide.shapes if one.has_chart]
        if chart.editable is None:
            assert not graphic
            continue
        drawn = graphic[0].chart
        seen += 1
        assert list(drawn.plots[0].categories) == list(chart.editable.categories)
        for mine, series in zip(drawn.plots[0].series, chart.editable.series, strict=True):
            assert mine.name == series.name
            assert tuple(mine.values) == pytest.approx(series.values, nan_ok=True)
            if series.width:
                assert f"#{mine.format.line.color.rgb}" == series.color
        assert drawn.chart_title.text_frame.text == chart.editable.value_axis
        book = load_workbook(io.BytesIO(drawn.part.chart_workbook.xlsx_part.blob))
        rows = list(book.active.iter_rows(values_only=True))
        assert rows[0][1:] == tuple(one.name for one in chart.editable.series)
        assert [row[0] for row in rows[1:]] == list(chart.editable.categories)
        for at, series in enumerate(chart.editable.series, start=1):
            assert [row[at] for row in rows[1:]] == pytest.approx(list(series.values))
    assert seen == 2


def test_no_text_is_small(content: bytes) -> None:
    for root in parts(content, r"ppt/(slides|charts)/[^/]*\.xml").values():
        for one in root.iter(qn("a:rPr"), qn("a:defRPr")):
            assert int(one.get("sz", 1400)) >= MODERATE * 100


def test_nothing_lies_outside_the_slide(content: bytes) -> None:
    deck = opened(content)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= deck.slide_width
            assert 0 <= shape.top <= shape.top + shape.height <= deck.slide_height


def test_a_chart_that_stands_alone_is_one_slide(report: Report) -> None:
    chart = report.charts[0]
    [slide] = opened(pptx(of_chart(chart))).slides
    assert slide.shapes.title.text == chart.title.text


def test_the_shaded_area_of_the_picture_is_not_said_of_a_chart_without_one(
    report: Report, content: bytes
) -> None:
    assert "Skuggat" in report.charts[0].subtitle.text
    assert "Skuggat" not in shown(opened(content).slides[1])


def test_a_table_of_targets_is_a_table(report: Report) -> None:
    chart = replace(
        report.charts[2],
        kind="target_table",
        editable=None,
        data=report.charts[2].data.head(40),
        shown=("place", "period", "value", "low", "high", "status"),
    )
    slides = list(opened(pptx(of_chart(chart))).slides)
    assert len(slides) > 1
    rows = []
    for slide in slides:
        [table] = [one.table for one in slide.shapes if one.has_table]
        texts = [[cell.text for cell in row.cells] for row in table.rows]
        assert texts[0] == list(reader_table(chart).headers)
        assert table.first_row
        assert all(text for row in texts for text in row)
        rows += texts[1:]
        assert not list(table._tbl.iter(qn("a:gridSpan")))
    assert rows == [list(one) for one in reader_table(chart).rows]
    assert len(rows) == 40
    titles = [one.shapes.title.text for one in slides]
    assert titles[0].endswith(f"(1/{len(slides)})")
    assert len(set(titles)) == len(titles)


def test_many_bars_go_on_over_slides_and_very_many_say_so() -> None:
    some = invented(bars(40), words="Exempelkommun")
    drawn = [
        [shape.chart for shape in slide.shapes if shape.has_chart]
        for slide in opened(pptx(some)).slides
    ][1:]
    names = [name for [one] in drawn for name in one.plots[0].categories]
    assert names == list(bars(40).categories)
    assert len(drawn) > 1
    assert (
        len({(one.value_axis.minimum_scale, one.value_axis.maximum_scale) for [one] in drawn}) == 1
    )
    many = list(opened(pptx(invented(bars(290), words="Exempelkommun"))).slides)
    assert len(many) == 2
    assert re.search(r"Visar de \d+ första av 290", shown(many[1]))


def test_invented_figures_say_so_on_every_slide() -> None:
    for slide in opened(pptx(invented(bars()))).slides:
        assert "PÅHITTADE TAL" in shown(slide)


@pytest.mark.parametrize("kind", ["bar", "line", "scatter", "stacked_column"])
def test_hostile_words_stay_words(kind: Any) -> None:
    x = (1.0, 2.0) if kind == "scatter" else ()
    series = (
        Series(HOSTILE, (1.0, None), "#C34A00", x=x, marker="circle"),
        Series("carrier", (0.5, 2.0), None, x=x),
    )
    names = () if kind == "scatter" else (HOSTILE, "+1")
    made = Editable(kind, names, series, HOSTILE, "pp", category_axis=HOSTILE)
    content = pptx(invented(made, words=HOSTILE))
    visible = HOSTILE.replace("\x0b", "\ufffd").replace("\x00", "\ufffd")
    deck = opened(content)
    assert [one.shapes.title.text for one in deck.slides] == [visible, visible]
    [frame] = [one for one in deck.slides[1].shapes if one.has_chart]
    assert frame.chart.plots[0].series[0].name == visible
    [properties] = frame._element.iterfind(f".//{qn('p:cNvPr')}")
    assert properties.get("descr") == visible
    book = load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in "sn" for cell in cells)
    assert visible in [cell.value for cell in cells]


def test_lines_that_end_apart_are_named_and_others_have_a_legend() -> None:
    def drawn(last: float) -> Any:
        made = Editable(
            "line",
            ("jan 2024", "feb 2024"),
            (
                Series("kvinnor", (0.1, 0.2), "#C34A00"),
                Series("män", (0.5, last), "#12436D", dash="dash"),
            ),
            "Andel",
            "percent",
            low=0.0,
            high=1.0,
        )
        slide = opened(pptx(invented(made))).slides[1]
        return next(one.chart for one in slide.shapes if one.has_chart)

    apart, near = drawn(0.8), drawn(0.22)
    assert not apart.has_legend
    labels = [one._element.findall(f".//{qn('c:dLbl')}") for one in apart.plots[0].series]
    assert [len(one) for one in labels] == [1, 1]
    assert labels[0][0].find(qn("c:idx")).get("val") == "1"
    assert labels[0][0].find(qn("c:showSerName")).get("val") == "1"
    assert near.has_legend
    assert not near._chartSpace.findall(f".//{qn('c:dLbl')}")


def test_what_carries_other_bars_is_not_seen() -> None:
    made = Editable(
        "stacked_bar",
        ("a", "b"),
        (
            Series("bär", (1.0, 2.0), None),
            Series("syns", (1.0, None), "#12436D"),
            Series("syns också", (None, 1.0), "#C34A00"),
        ),
        "Personer",
        "count",
    )
    slide = opened(pptx(invented(made))).slides[1]
    chart = next(one.chart for one in slide.shapes if one.has_chart)
    hidden = chart.plots[0].series[0]._element
    assert hidden.find(f"{qn('c:spPr')}/{qn('a:noFill')}") is not None
    assert not chart.has_legend


def test_the_parts_of_a_long_chart_have_an_axis_with_a_tick_at_zero() -> None:
    values = tuple(-7.0 + at for at in range(40))
    made = replace(bars(40), series=(Series("Kvinnor", values, "#C34A00"),))
    axes = [
        shape.chart.value_axis
        for slide in list(opened(pptx(invented(made, words="Exempelkommun"))).slides)[1:]
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert len(axes) > 1
    assert {(one.minimum_scale, one.maximum_scale) for one in axes} == {(-10.0, 40.0)}


def test_the_same_report_has_the_same_bytes(content: bytes) -> None:
    assert pptx(of_real_figures()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(2026, 8, 28, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"W3CDTF\">([^<]*)<", core)) == {"2026-08-28T00:00:00Z"}
    properties = opened(content).core_properties
    assert (properties.title, properties.author) == (
        "Utrikes födda på arbetsmarknaden i Malmö",
        "Malmö stad",
    )


def test_without_the_extra_the_message_says_what_to_install(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"integstats\[office\]"):
        pptx(report)


def test_a_picture_that_cannot_be_drawn_alone_is_shown_whole(report: Report) -> None:
    def refuse(canvas: Any) -> None:
        if canvas.size.width > 7:
            raise UsageError("too little room")
        report.charts[1].painter(canvas)

    chart = replace(report.charts[1], painter=refuse, title=said("Hel bild"))
    [slide] = opened(pptx(of_chart(chart))).slides
    [picture] = [one for one in slide.shapes if hasattr(one, "image")]
    assert picture.image.blob == chart.png()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "malmo.pptx"
    path.write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert (tmp_path / "malmo.pdf").read_bytes().startswith(b"%PDF")


def test_the_public_chart_is_written_by_its_suffix(report: Report, tmp_path: Path) -> None:
    path = ig.charts.Chart.save(report.charts[0], tmp_path / "a.pptx")
    assert len(opened(path.read_bytes()).slides) == 1
