"""The records that a pivot table keeps inside its workbook, whatever its filters show.

A cache is a table: its definition names the fields and lists the values shared by many records;
its records hold, cell by cell, the number of a shared value (``x``), a value of their own (``n``,
``s``, ``d``, ``b``, ``e``) or nothing (``m``, which keeps its column).
"""

from __future__ import annotations

import re
import xml.parsers.expat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pandas as pd

from integstats.errors import SchemaError, did_you_mean
from integstats.formats import xlsx
from integstats.formats.figures import parse_lines
from integstats.formats.xlsx import Progress

_DEFINITION = re.compile(r"xl/pivotCache/[^/]*[Dd]efinition[^/]*\.xml")
_CELLS = tuple((f'<{kind} v="/>'.encode(), kind.encode()) for kind in "xnsdbe")
_TAGS = (*_CELLS, (b"<m/>", b"m"), (b"<r>", b"r"))
_SPACE = b" \t\r\n"
_END = re.compile(rb"\s*(<extLst.*)?</pivotCacheRecords>\s*", re.DOTALL)
_CHUNK = 4 * 2**20


@dataclass
class Cache:
    """One cache of a workbook: where it lies, its fields, and what their numbers stand for.

    Attributes
    ----------
    part, records
        Names of the parts with the definition and the records.
    fields
        Names of the fields that have a cell in every record; calculated fields have none.
    items
        Shared values of each field, as written; None where one is missing.
    numeric
        Whether all shared values of a field are numbers.
    count
        Number of records, or None where the definition does not say.
    """

    part: str
    records: str = ""
    fields: list[str] = field(default_factory=list)
    items: list[list[str | None]] = field(default_factory=list)
    numeric: list[bool] = field(default_factory=list)
    count: int | None = None


def caches(workbook: zipfile.ZipFile) -> list[Cache]:
    """Return the pivot caches of an opened workbook, without their records."""
    parts = sorted(filter(_DEFINITION.fullmatch, workbook.namelist()), key=lambda p: (len(p), p))
    return [_defined(workbook, part) for part in parts]


def read(
    file: Path | bytes, fields: Sequence[str], *, progress: Progress | None = None
) -> pd.DataFrame:
    """Read fields of the one pivot cache that has them all.

    The file is read as a stream: memory holds the result and a few MB more.

    Parameters
    ----------
    file
        The workbook, or its bytes.
    fields
        Names of fields; case does not count. The cache is found by them, not by its number.
    progress
        Called with bytes of XML read and in all.

    Returns
    -------
    pandas.DataFrame
        One row per record; a column per field, named as in `fields`: float64 where all values are
        numbers, otherwise a category of str (numbers as written). Missing cells are NaN.

    Raises
    ------
    SchemaError
        The file is no workbook, no cache or more than one has the fields, the cache keeps no
        records, a record has too few or too many cells, or records are lacking.
    """
    with xlsx.opened(file) as workbook:
        cache = _chosen(caches(workbook), fields)
        names = [name.strip().casefold() for name in cache.fields]
        wanted = [names.index(name.strip().casefold()) for name in fields]
        columns = [_Column(cache.items[at], cache.numeric[at]) for at in wanted]
        try:
            size = workbook.getinfo(cache.records).file_size
        except KeyError:
            raise SchemaError(
                f"The pivot cache with {fields[0]} keeps no records: the workbook was saved "
                "without its source data. Get the publisher's own file."
            ) from None

        def read_by(blocks: Callable[[IO[bytes]], Iterator[_Block] | None]) -> int:
            rows = done = 0
            with xlsx.stream(workbook, cache.records) as source:
                for block in blocks(source) or ():
                    kinds, values = _grid(block, len(cache.fields), rows)
                    for column, at in zip(columns, wanted, strict=True):
                        column.take(kinds[:, at], values, at)
                    rows += len(kinds)
                    done += block.size
                    if progress is not None:
                        progress(min(done, size), size)
            if progress is not None:
                progress(size, size)
            return rows

        try:
            rows = read_by(_scanned)
        except _UnusualError:
            columns = [_Column(cache.items[at], cache.numeric[at]) for at in wanted]
            rows = read_by(_parsed)
    if cache.count is not None and rows != cache.count:
        raise SchemaError(
            f"The pivot cache with {fields[0]} has {rows:,} records and says it has "
            f"{cache.count:,}. The file is cut short or damaged: download it again."
        )
    return pd.DataFrame(
        {name: column.values() for name, column in zip(fields, columns, strict=True)}
    )


def _defined(workbook: zipfile.ZipFile, part: str) -> Cache:
    cache = Cache(part)
    kept = shared = False
    textual = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal kept, shared, textual
        if element == "pivotCacheDefinition" and "recordCount" in attributes:
            cache.count = int(attributes["recordCount"])
        elif element == "cacheField":
            kept = attributes.get("databaseField", "1") not in ("0", "false")
            textual = False
            if kept:
                cache.fields.append(attributes["name"])
                cache.items.append([])
                cache.numeric.append(True)
        elif element == "sharedItems":
            shared = kept
        elif shared and element in "xnsdbem":
            cache.items[-1].append(None if element == "m" else attributes["v"])
            if element not in "nm":
                cache.numeric[-1] = False

    def end(element: str) -> None:
        nonlocal shared
        if element == "sharedItems":
            shared = False

    with xlsx.stream(workbook, part) as source:
        xlsx.parse(source, start=start, end=end)
    related = [one for one in xlsx.relations(workbook, part).values() if "ecords" in one]
    cache.records = related[0] if related else re.sub("([Dd])efinition", _records_of, part)
    return cache


def _records_of(found: re.Match[str]) -> str:
    return "Records" if found[1] == "D" else "records"


def _chosen(known: Sequence[Cache], fields: Sequence[str]) -> Cache:
    wanted = {name.strip().casefold() for name in fields}
    fitting = {
        (tuple(one.fields), one.count): one
        for one in reversed(known)
        if wanted <= {name.strip().casefold() for name in one.fields}
    }
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    if fitting:
        raise SchemaError(
            f"{len(fitting)} pivot caches have the fields {', '.join(fields)}: "
            f"{', '.join(one.part for one in fitting.values())}. Name a field that only one has."
        )
    if not known:
        raise SchemaError(
            "The workbook has no pivot cache. It was perhaps saved again as a plain table; get "
            "the publisher's own file."
        )
    nearest = max(known, key=lambda one: len(wanted & {n.strip().casefold() for n in one.fields}))
    names = {name.strip().casefold() for name in nearest.fields}
    missing = [name for name in fields if name.strip().casefold() not in names]
    raise SchemaError(
        f"No pivot cache of the workbook has the field{'s' * (len(missing) > 1)} "
        f"{', '.join(missing)}.{did_you_mean(missing[0], nearest.fields)} The nearest has: "
        f"{', '.join(nearest.fields)}."
    )


class _UnusualError(Exception):
    """The records are not written in the plain way; the XML parser must read them."""


@dataclass(frozen=True)
class _Block:
    """Some records: a letter per element (``r`` begins a record), and a line per element."""

    kinds: bytes
    lines: bytes
    size: int


def _scanned(source: IO[bytes]) -> Iterator[_Block]:
    """Read records as Excel writes them, several times as fast as an XML parser does.

    Whatever does not consist of exactly these elements, ``<r>``, ``</r>``, ``<m/>`` and
    ``<x v="…"/>`` with any of the letters, without character references, is left to the parser.
    """
    rest = source.read(_CHUNK)
    begin = rest.find(b"<r>")
    head = rest[:begin] if begin >= 0 else rest
    if (
        b"<!" in head
        or b"<pivotCacheRecords" not in head
        or (b"encoding=" in head and not re.search(rb"encoding=[\"'](utf-8|us-ascii)", head, re.I))
    ):
        raise _UnusualError
    if begin < 0:
        if not head.rstrip().endswith((b"</pivotCacheRecords>", b"/>")) or source.read(1):
            raise _UnusualError
        return
    rest = rest[begin:]
    while True:
        cut = rest.rfind(b"</r>") + len(b"</r>")
        if cut >= len(b"</r>"):
            yield _scan(rest[:cut])
            rest = rest[cut:]
        piece = source.read(_CHUNK)
        if not piece:
            break
        rest += piece
    if not _END.fullmatch(rest):
        raise _UnusualError


def _scan(chunk: bytes) -> _Block:
    if b"&" in chunk:
        raise _UnusualError
    text = chunk.replace(b"</r>", b"")
    bytes_ = np.frombuffer(text, dtype=np.uint8)
    quote = (bytes_ == ord('"')).view(np.uint8)
    inside = np.bitwise_xor.accumulate(quote)  # 1 from an opening quote up to before its closing
    kinds = bytes_[inside == 0].tobytes()  # the values are gone, and the opening quotes
    for tag, letter in _TAGS:
        kinds = kinds.replace(tag, letter)
    kinds = kinds.translate(None, _SPACE)
    if kinds.strip(b"rxnsdbem"):
        raise _UnusualError
    lines = bytes_[(inside > quote) | (bytes_ == ord("<"))].tobytes()
    if b"\n" in lines:  # a value over several lines
        raise _UnusualError
    return _Block(kinds, lines.replace(b"<", b"\n")[1:] + b"\n", len(chunk))


def _parsed(source: IO[bytes]) -> Iterator[_Block]:
    """Read records in any lawful spelling."""
    kinds: list[str] = []
    lines: list[str] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        element = name.rpartition(":")[2]
        if (depth == 2 and element == "r") or (depth == 3 and element in "xnsdbem"):
            kinds.append(element)
            lines.append(attributes.get("v", "").replace("\n", " "))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = xlsx.refuse_doctype
    size = 0
    while piece := source.read(xlsx.CHUNK):
        parser.Parse(piece)
        size += len(piece)
        begun = "".join(kinds).rfind("r")
        if begun > 0:
            yield _block(kinds[:begun], lines[:begun], size)
            size = 0
            del kinds[:begun], lines[:begun]
    parser.Parse(b"", True)
    if kinds:
        yield _block(kinds, lines, size)


def _block(kinds: Sequence[str], lines: Sequence[str], size: int) -> _Block:
    return _Block("".join(kinds).encode(), ("\n".join(lines) + "\n").encode(), size)


class _Values:
    """The values of a block, as numbers or as text, whichever a column needs."""

    def __init__(self, block: _Block, width: int) -> None:
        self._block, self._width = block, width
        self._numbers: npt.NDArray[np.float64] | None = None
        self._text: list[bytes] | None = None

    def numbers(self, at: int) -> npt.NDArray[np.float64]:
        if self._numbers is None:
            if self._block.kinds.strip(b"rxnm"):
                lines = b"".join(
                    (line if chr(kind) in "xn" else b"") + b"\n"
                    for kind, line in zip(self._block.kinds, self._split(), strict=True)
                )
            else:
                lines = self._block.lines
            self._numbers = parse_lines(lines, missing=[""], blank_lines=False)
        return self._numbers.reshape(-1, self._width)[:, at + 1]

    def text(self, at: int) -> list[str]:
        return [line.decode("utf-8") for line in self._split()[at + 1 :: self._width]]

    def _split(self) -> list[bytes]:
        if self._text is None:
            self._text = self._block.lines.split(b"\n")[:-1]
        return self._text


def _grid(block: _Block, fields: int, before: int) -> tuple[npt.NDArray[np.uint8], _Values]:
    """The letters of a block, a row per record and a column per field, and the values."""
    width = fields + 1
    letters = np.frombuffer(block.kinds, dtype=np.uint8)
    starts = np.flatnonzero(letters == ord("r"))
    expected = np.arange(len(starts)) * width
    if len(letters) != len(starts) * width or (starts != expected).any():
        odd = np.flatnonzero(np.diff(np.append(starts, len(letters))) != width)
        at = int(odd[0])
        cells = int(np.diff(np.append(starts, len(letters)))[at]) - 1
        raise SchemaError(
            f"Record {before + at + 1:,} of the pivot cache has {cells} cells, expected {fields}. "
            "The file is damaged: download it again."
        )
    return letters.reshape(-1, width)[:, 1:], _Values(block, width)


_Codes = npt.NDArray[np.int32]
_Figures = npt.NDArray[np.float64]


class _Column:
    """One field, growing block by block."""

    def __init__(self, items: Sequence[str | None], numeric: bool) -> None:
        self._number: dict[str, int] = {}
        self._places = np.array(
            [-1 if item is None else self._code(item) for item in items], dtype=np.int32
        )
        self._numeric = numeric
        self._blocks: list[tuple[int, _Codes | None, _Figures | None]] = []

    def _code(self, text: str) -> int:
        return self._number.setdefault(text, len(self._number))

    def take(self, kinds: npt.NDArray[np.uint8], values: _Values, at: int) -> None:
        """Add one block: of each record a shared value (a code), a number, or neither."""
        shared, number = kinds == ord("x"), kinds == ord("n")
        own = ~(shared | number | (kinds == ord("m")))
        codes: _Codes | None = None
        figures: _Figures | None = None
        if shared.any() or own.any():
            codes = np.full(len(kinds), -1, dtype=np.int32)
        if codes is not None and shared.any():
            index = values.numbers(at)[shared]
            if not ((index >= 0) & (index < len(self._places))).all():
                raise SchemaError(
                    f"The pivot cache refers to shared value {int(np.nanmax(index))} of a field "
                    f"that has {len(self._places)}. The file is damaged: download it again."
                )
            codes[shared] = self._places[index.astype(np.int64)]
        if codes is not None and own.any():
            self._numeric = False
            text = values.text(at)
            codes[own] = [self._code(text[row]) for row in np.flatnonzero(own)]
        if number.any():
            figures = np.where(number, values.numbers(at), np.nan)
        self._blocks.append((len(kinds), codes, figures))

    def values(self) -> npt.NDArray[np.float64] | pd.Categorical:
        """All values: figures if every one is a number, otherwise texts."""
        size = sum(rows for rows, _, _ in self._blocks)
        numbers = np.full(size if self._numeric else 0, np.nan)
        texts = np.full(0 if self._numeric else size, -1, dtype=np.int32)
        items = np.array([*map(float, self._number if self._numeric else ()), np.nan])
        first = 0
        for rows, codes, figures in self._blocks:
            here = slice(first, first + rows)
            if self._numeric and figures is not None:
                numbers[here] = figures
            if self._numeric and codes is not None:
                numbers[here] = np.where(codes >= 0, items[codes], numbers[here])
            if not self._numeric and codes is not None:
                texts[here] = codes
            if not self._numeric and figures is not None:
                for row in np.flatnonzero(~np.isnan(figures)):
                    texts[first + row] = self._code(f"{figures[row]:.15g}")
            first += rows
        if self._numeric:
            return numbers
        return pd.Categorical.from_codes(texts, pd.Index(list(self._number), dtype="str"))
