"""An ordinary sheet of a workbook whose table begins somewhere below a title.

The header row is found by the names it must have. The size that a sheet says it has
(``<dimension>``) is not trusted: some programs write a wrong one.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from integstats.errors import SchemaError, did_you_mean
from integstats.formats import xlsx
from integstats.formats.xlsx import Progress

HEADER_WITHIN = 30
"""Rows among which the header must be."""
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_DATES = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].')


def read(
    file: Path | bytes,
    sheet: str | None,
    required: Sequence[str],
    *,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Read the table of a sheet, everything as text.

    The sheet is read as a stream: memory holds the result and the workbook's list of texts.

    Parameters
    ----------
    file
        The workbook, or its bytes.
    sheet
        The name on the tab, or None for the first sheet.
    required
        Columns the table must have. The first row that names them all, within 30 rows, is the
        header; case and surplus spaces do not count.
    progress
        Called with bytes of XML read and in all.

    Returns
    -------
    pandas.DataFrame
        Every column of the sheet as a category of str, the required ones named as in `required`,
        the others as in the header, or ``column F`` where it is empty. Empty cells are missing,
        numbers are as written, dates ISO 8601. The index ``row`` is the row on the sheet; rows
        without any text are left out.

    Raises
    ------
    SchemaError
        The file is no workbook, or has no such sheet or header; a cell below the header is a
        formula (it is named: formulas are never computed); a required column stands there twice.
    """
    with xlsx.opened(file) as workbook:
        part = _part(xlsx.sheets(workbook), sheet)
        reader = _Reader(
            sheet or "the first sheet",
            required,
            shared=_shared_strings(workbook),
            dates=_date_styles(workbook),
            epoch=_epoch(workbook),
        )
        size = max(workbook.getinfo(part).file_size, 1)
        done = 0

        def told(count: int) -> None:
            nonlocal done
            done += count
            if progress is not None:
                progress(done, size)

        with xlsx.stream(workbook, part) as source:
            xlsx.parse(source, start=reader.start, end=reader.end, text=reader.text, told=told)
    return reader.table()


def sheet_names(file: Path | bytes) -> tuple[str, ...]:
    """Return the names on the tabs, in their order."""
    with xlsx.opened(file) as workbook:
        return tuple(xlsx.sheets(workbook))


def _part(known: dict[str, str], sheet: str | None) -> str:
    if not known:
        raise SchemaError("The workbook has no sheets. Save it again as .xlsx.")
    if sheet is None:
        return next(iter(known.values()))
    for name, part in known.items():
        if name.strip().casefold() == sheet.strip().casefold():
            return part
    raise SchemaError(
        f"The workbook has no sheet {sheet!r}.{did_you_mean(sheet, known)} It has: "
        f"{', '.join(known)}."
    )


class _Reader:
    """Takes the elements of one sheet as they come."""

    def __init__(
        self,
        sheet: str,
        required: Sequence[str],
        *,
        shared: Sequence[str],
        dates: frozenset[int],
        epoch: datetime,
    ) -> None:
        self._sheet, self._required = sheet, {_folded(name): name for name in required}
        self._shared, self._dates, self._epoch = shared, dates, epoch
        self._row = 0
        self._at = -1
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._reading = self._formula = False
        self._cells: dict[int, str] = {}
        self._above: list[str] = []
        self._header: dict[int, str] = {}
        self._rows = array("q")
        self._codes: dict[int, array[int]] = {}
        self._known: dict[int, dict[str, int]] = {}

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self._at = _number(place[1]) if place else self._at + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._pieces.clear()
            self._formula = False
        elif element in ("v", "t"):
            self._reading = True
        elif element == "f":
            self._formula = True
        elif element == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._at = -1
            self._cells.clear()
        elif element == "rPh":  # how to pronounce it
            self._kind = "rPh"

    def text(self, piece: str) -> None:
        if self._reading and self._kind != "rPh":
            self._pieces.append(piece)

    def end(self, element: str) -> None:
        if element in ("v", "t"):
            self._reading = False
        elif element == "rPh":
            self._kind = "inlineStr"
        elif element == "c":
            self._cell()
        elif element == "row":
            self._end_of_row()

    def table(self) -> pd.DataFrame:
        if not self._header:
            raise self._no_header()
        columns = {}
        for at, name in self._header.items():
            codes = np.array(self._codes.get(at, ()), dtype=np.int32)
            padded = np.full(len(self._rows), -1, dtype=np.int32)
            padded[: len(codes)] = codes
            categories = pd.Index(list(self._known.get(at, ())), dtype="str")
            columns[name] = pd.Categorical.from_codes(padded, categories=categories)
        return pd.DataFrame(columns, index=pd.Index(np.array(self._rows), name="row"))

    def _cell(self) -> None:
        if self._formula and self._header:
            raise SchemaError(
                f"Cell {_letters(self._at)}{self._row} of {self._sheet} is a formula. Formulas are "
                "not computed: copy the figures and paste them as values."
            )
        text = "".join(self._pieces)
        if self._kind == "s" and text:
            text = self._shared[int(text)]
        elif self._kind == "n" and text and self._style and int(self._style) in self._dates:
            text = _as_date(text, self._epoch)
        elif self._kind == "b" and text:
            text = "TRUE" if text == "1" else "FALSE"
        text = text.strip()
        if text:
            self._cells[self._at] = text

    def _end_of_row(self) -> None:
        if not self._header:
            self._look_for_header()
            return
        if not self._cells:
            return
        for at, text in self._cells.items():
            codes = self._codes.get(at)
            if codes is None:
                codes = self._codes[at] = array("i")
                self._known[at] = {}
                self._header.setdefault(at, f"column {_letters(at)}")
            codes.extend((-1,) * (len(self._rows) - len(codes)))
            known = self._known[at]
            codes.append(known.setdefault(text, len(known)))
        self._rows.append(self._row)

    def _look_for_header(self) -> None:
        if self._row > HEADER_WITHIN:
            raise self._no_header()
        self._above += self._cells.values()
        names = [_folded(text) for text in self._cells.values()]
        if not set(self._required) <= set(names):
            return
        for name in self._required:
            if names.count(name) > 1:
                raise SchemaError(
                    f"Row {self._row} of {self._sheet} has the column "
                    f"{self._required[name]!r} {names.count(name)} times. Remove one."
                )
        taken: dict[str, int] = {}
        for at, text in self._cells.items():
            name = self._required.get(_folded(text), " ".join(text.split()))
            if name in taken:
                name = f"{name} (column {_letters(at)})"
            taken[name] = at
            self._header[at] = name

    def _no_header(self) -> SchemaError:
        seen = {_folded(text) for text in self._above}
        missing = [name for key, name in self._required.items() if key not in seen]
        lacking = missing or list(self._required.values())
        return SchemaError(
            f"No row among the first {HEADER_WITHIN} of {self._sheet} has the column"
            f"{'s' * (len(lacking) > 1)} {', '.join(map(repr, lacking))}."
            f"{did_you_mean(lacking[0], self._above)}"
        )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _number(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1


def _letters(at: int) -> str:
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _as_date(text: str, epoch: datetime) -> str:
    moment = epoch + timedelta(days=float(text))
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return moment.strftime("%Y-%m-%d") if moment.time().isoformat() == "00:00:00" else str(moment)


def _shared_strings(workbook: zipfile.ZipFile) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    reading = spoken = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal reading, spoken
        if element == "si":
            pieces.clear()
        elif element == "rPh":
            spoken = True
        elif element == "t":
            reading = not spoken

    def end(element: str) -> None:
        nonlocal reading, spoken
        if element == "t":
            reading = False
        elif element == "rPh":
            spoken = False
        elif element == "si":
            found.append("".join(pieces))

    def text(piece: str) -> None:
        if reading:
            pieces.append(piece)

    if "xl/sharedStrings.xml" in workbook.namelist():
        with xlsx.stream(workbook, "xl/sharedStrings.xml") as source:
            xlsx.parse(source, start=start, end=end, text=text)
    return found


def _date_styles(workbook: zipfile.ZipFile) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a date."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if element == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif element == "cellXfs":
            inside = True
        elif element == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(element: str) -> None:
        nonlocal inside
        if element == "cellXfs":
            inside = False

    if "xl/styles.xml" in workbook.namelist():
        with xlsx.stream(workbook, "xl/styles.xml") as source:
            xlsx.parse(source, start=start, end=end)
    return frozenset(
        number
        for number, style in enumerate(styles)
        if style in _DATES or re.search("[yYdD]", _LITERAL.sub("", formats.get(style, "")))
    )


def _epoch(workbook: zipfile.ZipFile) -> datetime:
    """The day that counts as 0; since Excel counts a day too many in 1900, a day early."""
    since_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if element == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")

    with xlsx.stream(workbook, "xl/workbook.xml") as source:
        xlsx.parse(source, start=start)
    return datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
