"""A table of targets on slides, as a table; it needs python-pptx."""

from __future__ import annotations

from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from integstats.charts.chart import Chart
from integstats.charts.text_size import LINE, POINTS, text_width, wrapped
from integstats.reports.cells import ReaderTable, reader_table
from integstats.reports.native_chart import Box, rgb
from integstats.reports.slide_template import describe
from integstats.wording.printable import one_line

KIND = "target_table"
TEXT = 12
PAD = 0.08
WHITE = "#FFFFFF"
GRID_STYLE = "{5940675A-B579-460E-94D1-54222C63F5DA}"
"""PowerPoint's own id of the table style with thin lines and no colours."""


def rows_per_slide(found: ReaderTable, box: Box) -> tuple[range, ...]:
    """Return which rows stand on each slide, so that none is cut off."""
    widths = _widths(found, box.width)
    room = box.height - _row_height(found.headers, widths, bold=True)
    starts, used = [0], 0.0
    for at, row in enumerate(found.rows):
        high = _row_height(row, widths)
        if used and used + high > room:
            starts.append(at)
            used = 0.0
        used += high
    ends = [*starts[1:], len(found.rows)]
    return tuple(range(first, last) for first, last in zip(starts, ends, strict=True))


def add(slide: Any, chart: Chart, box: Box, rows: range, *, accent: str) -> None:
    """Put some rows of a chart's reader table on a slide, below its headers."""
    found = reader_table(chart)
    shown = [found.rows[at] for at in rows]
    widths = _widths(found, box.width)
    shape = slide.shapes.add_table(1 + len(shown), len(found.headers), *box.emu)
    describe(shape, name=chart.kind, alt=chart.alt.text)
    table = shape.table
    table.horz_banding = False
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = GRID_STYLE
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for at, texts in enumerate((found.headers, *shown)):
        table.rows[at].height = Inches(_row_height(texts, widths, bold=at == 0))
        for column, text in enumerate(texts):
            cell = table.cell(at, column)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_left = cell.margin_right = Inches(PAD)
            cell.margin_top = cell.margin_bottom = Inches(PAD / 2)
            _fill(cell, text, right=found.numeric[column], head=at == 0, accent=accent)


def _fill(cell: Any, text: str, *, right: bool, head: bool, accent: str) -> None:
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = one_line(text)
    run.font.size, run.font.bold = Pt(TEXT), head
    if head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(accent)
        run.font.color.rgb = rgb(WHITE)


def _widths(found: ReaderTable, total: float) -> list[float]:
    """Return the width of each column: what its texts need, less where all need more than is."""
    needed, least = [], []
    for at, header in enumerate(found.headers):
        texts = [row[at] for row in found.rows]
        words = [text_width(one, TEXT, True) for one in header.split(" ")]
        inside = [text_width(word, TEXT, False) for text in texts for word in text.split(" ")]
        least.append(max([*words, *inside]) + 2.5 * PAD)
        longest = max((text_width(text, TEXT, False) for text in texts), default=0.0)
        needed.append(max(longest + 2.5 * PAD, least[-1]))
    spare = total - sum(least)
    wish = [more - less for more, less in zip(needed, least, strict=True)]
    if spare <= 0:
        return [total * one / sum(least) for one in least]
    share = spare / sum(wish) if sum(wish) > spare else 1.0
    widths = [less + share * one for less, one in zip(least, wish, strict=True)]
    return [one * total / sum(widths) for one in widths]


def _row_height(texts: tuple[str, ...], widths: list[float], *, bold: bool = False) -> float:
    lines = max(
        len(wrapped(text, width - 2 * PAD, TEXT, bold))
        for text, width in zip(texts, widths, strict=True)
    )
    return lines * TEXT * LINE / POINTS + 2 * PAD
