"""The parts of a Word document; only `document` imports it, since it needs python-docx."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from integstats.charts import theme
from integstats.charts.chart import Chart
from integstats.reports.cells import ReaderTable, reader_table
from integstats.reports.exhibits import Exhibit, exhibits
from integstats.reports.report import Report
from integstats.wording.document_words import LANGUAGES, label, shortened, source_text
from integstats.wording.printable import address, printable
from integstats.wording.report_sentences import heading

FONT = "Arial"
WIDTH = Cm(16)
"""Between the margins of a page; as wide as a chart of the report size."""
TALLEST = Cm(21)
LOGO_HEIGHT = Cm(1.2)
MOST_ROWS = 30
SMALL, TABLE_TEXT, NARROW = "Small Text", "Table Text", "Table Text Narrow"
TABLE_POINTS = {TABLE_TEXT: 8.5, NARROW: 7.5}
CELL_MARGIN = Pt(2.5)
LETTER = 0.64
"""Width of a letter, as a part of its height, bold ones included."""
_POINTS = {"Normal": 11, "Title": 20, "Heading 1": 15, "Heading 2": 12, "Caption": 10}
_RULE = "BFBFBF"


def written(report: Report) -> bytes:
    """Return the document as python-docx writes it; its archive bears the time of writing."""
    document = Document()
    _set_page(document)
    _set_styles(document, report)
    _set_properties(document, report)
    _head_and_foot(document, report)
    document.add_paragraph(printable(report.title.text), style="Title")
    if report.synthetic:
        document.add_paragraph(label("invented", report.lang))
    for text in report.lead:
        document.add_paragraph(printable(text.text))
    for section, shown in zip(report.sections, exhibits(report), strict=True):
        if section.heading:
            document.add_heading(printable(section.heading), level=1)
        for text in section.paragraphs:
            document.add_paragraph(printable(text.text))
        for exhibit in shown:
            _exhibit(document, report, exhibit, level=2 if section.heading else 1)
    _sources(document, report)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _set_page(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin, page.bottom_margin = Cm(2.5), Cm(2)


def _set_styles(document: Any, report: Report) -> None:
    """Set font, sizes, colours and language once, where an organisation can change them."""
    styles = document.styles
    for name, points in {SMALL: 9, **TABLE_POINTS}.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.font.size = Pt(points)
    accent = RGBColor.from_string(report.organisation.accent.removeprefix("#").upper())
    for name, size in _POINTS.items():
        style = styles[name]
        style.font.size, style.font.name = Pt(size), FONT
        fonts = style.element.rPr.rFonts
        for theme_font in [one for one in fonts.attrib if one.endswith("Theme")]:
            del fonts.attrib[theme_font]
        for script in ("w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), FONT)
        if name != "Normal":
            style.font.bold = name != "Caption"
            style.font.color.rgb = accent
    styles["Caption"].font.color.rgb = RGBColor.from_string(theme.TEXT.removeprefix("#"))
    for border in styles["Title"].element.pPr.findall(qn("w:pBdr")):
        styles["Title"].element.pPr.remove(border)
    styles["Normal"].paragraph_format.space_after = Pt(8)
    styles["Title"].paragraph_format.space_after = Pt(14)
    styles["Heading 1"].paragraph_format.space_before = Pt(18)
    styles["Heading 1"].paragraph_format.space_after = Pt(6)
    styles[SMALL].paragraph_format.space_before = Pt(4)
    for name in TABLE_POINTS:
        styles[name].paragraph_format.space_after = Pt(0)
    for one in styles.element.iter(qn("w:lang")):
        for script in ("w:val", "w:eastAsia"):
            one.set(qn(script), LANGUAGES[report.lang])


def _set_properties(document: Any, report: Report) -> None:
    found = document.core_properties
    found.title = printable(report.title.text)
    found.author = found.last_modified_by = printable(report.organisation.name) or "integstats"
    found.language = LANGUAGES[report.lang]
    found.comments = found.keywords = found.subject = found.category = ""
    found.created = found.modified = datetime.combine(report.dated, time(), UTC)
    found.revision = 1
    package = document.part.package
    for key in [key for key, one in package.rels.items() if one.reltype.endswith("/thumbnail")]:
        del package.rels[key]


def _head_and_foot(document: Any, report: Report) -> None:
    by = report.organisation
    section = document.sections[0]
    head = section.header.paragraphs[0]
    if by.logo is not None:
        picture = head.add_run().add_picture(io.BytesIO(by.logo), height=LOGO_HEIGHT)
        if picture.width > WIDTH // 2:
            picture.width, picture.height = _fitted(picture, WIDTH // 2)
        _describe(picture, name="Logo", alt=by.name)
    elif by.name:
        head.add_run(printable(by.name))
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot.add_run(f"{label('page', report.lang)} ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = foot.add_run("1")
    field.append(number._r)
    foot._p.append(field)


def _exhibit(document: Any, report: Report, exhibit: Exhibit, *, level: int) -> None:
    chart, name = exhibit.chart, f"{label('chart', report.lang)} {exhibit.number}"
    if exhibit.heading:
        document.add_heading(printable(exhibit.heading), level=level)
    if exhibit.verdict:
        document.add_paragraph(printable(exhibit.verdict))
    holder = document.add_paragraph()
    holder.paragraph_format.keep_with_next = True
    picture = holder.add_run().add_picture(io.BytesIO(chart.png()), width=WIDTH)
    if picture.height > TALLEST:
        picture.width, picture.height = _fitted(picture, picture.width * TALLEST // picture.height)
    _describe(picture, name=name, alt=chart.alt.text, title=chart.title.text)
    _caption(document, f"{name}.", exhibit.caption)
    if exhibit.description:
        document.add_paragraph(printable(exhibit.description))
    for note in exhibit.notes:
        document.add_paragraph(printable(note), style=SMALL)
    _figures(document, report, chart, exhibit.number)


def _caption(document: Any, name: str, text: str) -> Any:
    paragraph = document.add_paragraph(style="Caption")
    paragraph.add_run(name).bold = True
    paragraph.add_run(printable(f" {text}"))
    return paragraph


def _figures(document: Any, report: Report, chart: Chart, number: int) -> None:
    found = reader_table(chart, most=MOST_ROWS)
    fits = found.whole or bool(found.since)
    if fits:
        name = f"{label('table', report.lang)} {number}."
        what = f"{label('figures', report.lang)} {number}."
        above = _caption(document, name, what)
        above.paragraph_format.keep_with_next = True
        _table(document, found, name=f"{name} {what}", alt=printable(chart.title.text))
    rest = shortened(
        since=found.since,
        shown=len(found.rows) if fits else 0,
        total=found.total,
        sheet=chart.name,
        workbook=report.name,
        lang=report.lang,
    )
    for note in (*(found.notes if fits else ()), *([] if found.whole else [rest])):
        document.add_paragraph(note, style=SMALL)


def _table(document: Any, found: ReaderTable, *, name: str, alt: str) -> None:
    table = document.add_table(rows=1 + len(found.rows), cols=len(found.headers))
    properties = table._tbl.tblPr
    for tag, value in (("w:tblCaption", name), ("w:tblDescription", alt)):
        described = OxmlElement(tag)
        described.set(qn("w:val"), value)
        properties.append(described)
    properties.insert_element_before(_rules(), "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(_margins(), "w:tblLook")
    table.autofit = False
    style, widths = _fitting(found)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    texts = (found.headers, *found.rows)
    for at, (row, cells) in enumerate(zip(table._tbl.tr_lst, texts, strict=True)):
        row_properties = row.get_or_add_trPr()
        row_properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            row_properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width, numeric in zip(
            row.tc_lst, cells, widths, found.numeric, strict=True
        ):
            cell.width = width
            _fill(cell, text, style=style, right=numeric, bold=at == 0)


def _fill(cell: Any, text: str, *, style: str, right: bool, bold: bool) -> None:
    """Write a cell on its elements: a table's own objects take a second for thirty rows."""
    paragraph = cell.p_lst[0]
    paragraph.style = style.replace(" ", "")
    if right:
        paragraph.get_or_add_pPr().jc_val = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_r()
    if bold:
        run.get_or_add_rPr()._add_b()
    run.text = printable(text)


def _rules() -> Any:
    """Thin lines between rows, none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        rule = OxmlElement(f"w:{side}")
        for key, value in {"val": "single", "sz": "4", "space": "0", "color": _RULE}.items():
            rule.set(qn(f"w:{key}"), value)
        borders.append(rule)
    return borders


def _margins() -> Any:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(CELL_MARGIN.twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _fitting(found: ReaderTable) -> tuple[str, list[Emu]]:
    """Return the style in which no word is broken, and the widths; long cells get what is over."""
    columns = [tuple(texts) for texts in zip(found.headers, *found.rows, strict=True)]
    words = [max(len(word) for text in texts for word in _words(text)) for texts in columns]
    texts = [max(len(text) for text in texts[1:]) for texts in columns]
    style, points = next(
        (one for one in TABLE_POINTS.items() if sum(_needed(words, one[1])) <= WIDTH),
        (NARROW, TABLE_POINTS[NARROW]),
    )
    least, most = _needed(words, points), _needed(texts, points)
    longer = [max(0, whole - word) for whole, word in zip(most, least, strict=True)]
    over = WIDTH - sum(least)
    if over < 0:
        return style, [Emu(WIDTH * one // sum(least)) for one in least]
    part = min(1.0, over / max(1, sum(longer)))
    even = (over - part * sum(longer)) / len(least)
    return style, [
        Emu(int(one + part * more + even)) for one, more in zip(least, longer, strict=True)
    ]


def _needed(letters: Sequence[int], points: float) -> list[int]:
    """Return how wide columns must be for so many letters, in the unit of the document."""
    return [int(Pt(one * points * LETTER) + 2 * CELL_MARGIN) for one in letters]


def _words(text: str) -> list[str]:
    """Return what a line of text cannot be broken within."""
    return re.split("[ –-]", text)


def _sources(document: Any, report: Report) -> None:
    document.add_heading(heading("sources", report.lang), level=1)
    for source in report.sources:
        entry = document.add_paragraph(style="List Bullet")
        name = printable(source.dataset.name(report.lang))
        url = address(source.dataset.url)
        if url:
            _link(entry, name, url)
            entry.add_run(". ")
        else:
            entry.add_run(f"{name}. ")
        entry.add_run(printable(source_text(source, report.lang)))
    for line in report.footer:
        document.add_paragraph(printable(line))


def _link(paragraph: Any, text: str, url: str) -> None:
    link = OxmlElement("w:hyperlink")
    to = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), to)
    run = paragraph.add_run(text)
    run.font.underline = True
    run.font.color.rgb = RGBColor.from_string("12436D")
    link.append(run._r)
    paragraph._p.append(link)


def _describe(picture: Any, *, name: str, alt: str, title: str = "") -> None:
    properties = picture._inline.docPr
    properties.set("name", printable(name))
    properties.set("descr", printable(alt))
    if title:
        properties.set("title", printable(title))
    picture._inline.graphic.graphicData.pic.nvPicPr.cNvPr.set("descr", printable(alt))


def _fitted(picture: Any, width: int) -> Sequence[Emu]:
    return Emu(width), Emu(picture.height * width // picture.width)
