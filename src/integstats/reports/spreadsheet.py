"""Workbooks of plain tables, and the figures inside a native chart; it needs openpyxl.

Text is always a string of its own kind, never a formula, whatever it begins with. The file is
dated by the figures, so that the same content has the same bytes.
"""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo

from integstats.catalogue import Language
from integstats.charts.editable import Editable
from integstats.reports.archive import dated
from integstats.wording import numbers
from integstats.wording.document_words import LANGUAGES
from integstats.wording.printable import printable

CORE = "docProps/core.xml"
LONGEST = 32_767
"""Characters that a cell can hold."""
WIDEST = 70
"""Characters beyond which the text of a column is wrapped."""
HEADER_WIDTH = 22
"""Characters beyond which a header is wrapped."""
LINK = "0B5394"
FONT, POINTS, LINE = "Calibri", 11, 15.0
"""The text of every cell; the height of a line in points."""
BROADEST = 280
"""Characters that a printed page in landscape can still be read with."""
_FORMULA_LIKE = ("=", "+", "-", "@", "'", "\t", "\r")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True)
class Cell:
    """What a cell holds, and how.

    Attributes
    ----------
    value
        A text, a number or a day; never missing.
    number_format
        Of a number or a day; blank for text.
    to_sheet, link
        The sheet or the web page that it leads to.
    """

    value: str | float | int | datetime
    number_format: str = ""
    to_sheet: str = ""
    link: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table: a header for each column, and rows of as many cells."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def number_format(unit: str, *, lang: Language, decimals: int | None = None) -> str:
    """Return a number format of office programs, which write it by the rules of their language.

    Parameters
    ----------
    unit
        ``share`` or ``percent``, ``pp``, ``ratio``, ``count``, ``whole``, ``years`` or another.
    lang
        Language; Swedish has a space before the per cent sign.
    decimals
        How many; as is usual for the unit when left out.

    Examples
    --------
    >>> number_format("share", lang="en"), number_format("pp", lang="sv", decimals=0)
    ('0.0%', '0')
    """
    usual = {"share": 1, "percent": 1, "pp": 1, "ratio": 2, "count": 0, "whole": 0, "years": 0}
    count = usual.get(unit, 3) if decimals is None else decimals
    digits = "0." + "0" * count if count else "0"
    if unit in ("share", "percent"):
        return f'{digits}"{numbers.NO_BREAK}"%' if lang == "sv" else f"{digits}%"
    return "#,##0" if unit == "count" else digits


def put(sheet: Any, row: int, column: int, value: str | float | int | datetime) -> Any:
    """Write a cell and return it; what begins like a formula stays text when it is edited too."""
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        text = printable(value)[:LONGEST]
        cell.value = text
        cell.data_type = "s"
        if text.startswith(_FORMULA_LIKE):
            cell.quotePrefix = True
    else:
        cell.value = value
    return cell


def book_of(
    sheets: Sequence[Sheet], *, title: str, author: str, lang: Language, accent: str, day: date
) -> bytes:
    """Return a workbook of tables, each on a sheet of its own.

    Parameters
    ----------
    sheets
        In order; their names are different, each at most 31 characters.
    title, author, lang
        For its properties.
    accent
        Colour behind the headers, dark enough for white text.
    day
        What it is dated.
    """
    book = Workbook()
    book.remove(book.active)
    for number, sheet in enumerate(sheets, start=1):
        _table(book.create_sheet(sheet.name), sheet, number, accent.removeprefix("#").upper())
    found = book.properties
    found.title, found.creator, found.lastModifiedBy = printable(title), author, author
    found.creator = found.lastModifiedBy = printable(author)
    found.language = LANGUAGES[lang]
    found.created = datetime.combine(day, time())
    return saved(book, day)


def _table(made: Any, sheet: Sheet, number: int, accent: str) -> None:
    for column, header in enumerate(sheet.headers, start=1):
        cell = put(made, 1, column, header)
        cell.font = Font(name=FONT, size=POINTS, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=accent)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    widths = [_width(sheet, at) for at in range(len(sheet.headers))]
    made.row_dimensions[1].height = _height(sheet.headers, widths)
    for row, cells in enumerate(sheet.rows, start=2):
        height = _height([one.value for one in cells], widths)
        for column, one in enumerate(cells, start=1):
            _fill(made, row, column, one, tall=height > LINE)
        if height > LINE:
            made.row_dimensions[row].height = height
    letters = [get_column_letter(at) for at in range(1, len(sheet.headers) + 1)]
    for letter, width in zip(letters, widths, strict=True):
        made.column_dimensions[letter].width = width
    table = Table(displayName=f"T{number}", ref=f"A1:{letters[-1]}{len(sheet.rows) + 1}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    made.add_table(table)
    made.freeze_panes = "A2"
    made.page_setup.orientation = "landscape"
    made.page_setup.paperSize = made.PAPERSIZE_A4
    if sum(widths) <= BROADEST:
        made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
        made.sheet_properties.pageSetUpPr.fitToPage = True
    made.print_title_rows = "1:1"


def _fill(made: Any, row: int, column: int, one: Cell, *, tall: bool) -> None:
    """Write a cell; its alignment only where it is not that of every cell, since it is slow."""
    cell = put(made, row, column, one.value)
    if one.number_format:
        cell.number_format = one.number_format
    day = isinstance(one.value, datetime)
    if tall or day:
        cell.alignment = Alignment(
            wrap_text=isinstance(one.value, str) and len(one.value) > WIDEST,
            vertical="top" if tall else None,
            horizontal="left" if day else None,
        )
    if one.to_sheet:
        place = "'{}'!A1".format(one.to_sheet.replace("'", "''"))
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=one.to_sheet)
    elif one.link:
        cell.hyperlink = one.link
    if one.to_sheet or one.link:
        cell.font = Font(name=FONT, size=POINTS, color=LINK, underline="single")


def _width(sheet: Sheet, at: int) -> float:
    texts = [row[at] for row in sheet.rows]
    longest = max((len(_shown(one)) for one in texts), default=0)
    header = sheet.headers[at]
    word = max(map(len, header.split(" ")))
    return min(max(longest, word + 3, min(len(header) + 3, HEADER_WIDTH), 8) + 1, WIDEST)


def _height(values: Sequence[object], widths: Sequence[float]) -> float:
    """Return the height of a row in points: no program is sure to make room for wrapped text."""
    lines = [
        len(textwrap.wrap(value, int(width))) if isinstance(value, str) else 1
        for value, width in zip(values, widths, strict=True)
    ]
    return LINE * min(max(lines), 27)


def _shown(cell: Cell) -> str:
    return cell.value if isinstance(cell.value, str) else "0" * 9


def embedded(editable: Editable, *, values: str, across: str, day: date) -> bytes:
    """Return the workbook that an office program opens when the figures of a chart are edited.

    The cells lie where python-pptx refers to them: categories in the first column and a series in
    each of the others; of a scatter the series below each other, an empty row between them.

    Parameters
    ----------
    editable
        The chart.
    values, across
        Number formats of its values, and of the horizontal axis of a scatter.
    day
        What it is dated.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    if editable.kind == "scatter":
        row = 1
        for series in editable.series:
            put(sheet, row, 2, series.name)
            _column(sheet, row + 1, 1, series.x, across)
            _column(sheet, row + 1, 2, series.values, values)
            row += len(series.x) + 2
    else:
        for row, category in enumerate(editable.categories, start=2):
            put(sheet, row, 1, category)
        for column, series in enumerate(editable.series, start=2):
            put(sheet, 1, column, series.name)
            _column(sheet, 2, column, series.values, values)
    return saved(book, day)


def _column(
    sheet: Any, first: int, column: int, values: Sequence[float | None], in_format: str
) -> None:
    for row, value in enumerate(values, start=first):
        if value is not None:
            put(sheet, row, column, value).number_format = in_format


def saved(book: Any, day: date) -> bytes:
    """Return a workbook as a file that says it was made on a day."""
    book.properties.created = datetime.combine(day, time())
    target = io.BytesIO()
    book.save(target)
    moment = datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    stamped = io.BytesIO()
    with zipfile.ZipFile(target) as before, zipfile.ZipFile(stamped, "w") as after:
        for one in before.infolist():
            content = before.read(one)
            if one.filename == CORE:
                content = _STAMP.sub(rb"\g<1>" + moment + rb"\g<2>", content)
            after.writestr(one, content)
    return dated(stamped.getvalue(), day)
