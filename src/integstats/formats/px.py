"""PX files, in which PxWeb servers and Swedish municipalities publish cubes.

The format is described at https://www.pxtools.net/px-file-format/ and, for the cells, at
https://www.scb.se/en/services/statistical-programs-for-px-files/px-file-format/data-in-the-px-file/.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from integstats.errors import SchemaError
from integstats.formats.cube import Cube, Dimension, Role, Unit, parse_period
from integstats.formats.figures import parse_lines
from integstats.formats.px_header import Header, Name
from integstats.formats.symbols import Symbols

# The four separators of cells are synonyms.
_LINES = bytes(ord("\n") if byte in b" ,;\t\r\n" else byte for byte in range(256))
_SYMBOLS = ("-", *("." * n for n in range(1, 8)))
_UNQUOTED_SYMBOL = re.compile(rb"^(-|\.{1,7})$", re.MULTILINE)
_ROLES: Mapping[str, Role] = {"t": "time", "time": "time", "g": "geo", "geographical": "geo"}


def read(data: bytes, *, language: str | None = None) -> Cube:
    """Decode a PX file.

    The code of a variable is its VARIABLECODE or else its name; the codes of its categories are
    its CODES or else its VALUES, and of a time variable whose codes are no periods those that
    TIMEVAL gives. A cell that holds a symbol (``"-"``, ``"."`` to ``"......."``) is NaN and has
    the symbol in `status`; ``"-"`` is not made 0. Only the CONTVARIABLE has units. Texts are
    UTF-8 if they can be that, else in the file's CODEPAGE, else Windows-1252. In a note ``#`` is
    a line end and ``##`` begins another note. Whatever the cube has no field for is in
    `extension` under the name it has in the file, such as ``CONTACT("Employed")``.

    Parameters
    ----------
    data
        The file.
    language
        One of the file's languages; None takes its first. What the file has only in its first
        language is taken from there.

    Raises
    ------
    SchemaError
        The bytes are no PX file, its parts contradict each other, or it uses KEYS (rows of zeros
        left out), which is not supported.
    UnknownCodeError
        The file does not have the language.

    Examples
    --------
    >>> file = b'''CHARSET="ANSI"; TITLE="Employed, DATA=yes; really"; STUB="place";
    ... HEADING="year"; VALUES("place")="A","B"; VALUES("year")="2023","2024";
    ... TIMEVAL("year")=TLIST(A1),"2023","2024"; DATA= 1 2.5 ".." "-" ;'''
    >>> read(file).to_frame()
      place  year  value status
    0     A  2023    1.0    NaN
    1     A  2024    2.5    NaN
    2     B  2023    NaN     ..
    3     B  2024    NaN      -
    """
    header = Header.read(data, language=language)
    if keys := header.entries("KEYS"):
        raise SchemaError(
            f"The PX file uses KEYS for {', '.join(map(repr, keys[0].keys))}: rows of zeros are "
            "left out, which is not supported. Ask the publisher for the file without KEYS."
        )
    names = header.variables()
    contents = header.text("CONTVARIABLE")
    dimensions = tuple(_dimension(header, name, metric=name.text == contents) for name in names)
    shape = tuple(len(dimension.codes) for dimension in dimensions)
    values, status = _cells(data[header.end :], math.prod(shape))
    notes, shown = header.notes("NOTE")
    for keyword in ("CELLNOTEX", "CELLNOTE"):
        for entry in header.entries(keyword):
            place = ", ".join(key for key in entry.keys if key != "*")
            notes += (f"{place}: {entry.text}",)
            shown += (f"{place}: {entry.text}",) if keyword == "CELLNOTEX" else ()
    updates = [entry.text for entry in header.entries("LAST-UPDATED")]
    label = next(filter(None, map(header.text, ("TITLE", "DESCRIPTION", "CONTENTS"))), "")
    return Cube(
        label=label,
        source=header.text("SOURCE"),
        updated=max(updates, default=None),
        table_id=header.text("TABLEID") or header.text("MATRIX"),
        language=header.language,
        dimensions=dimensions,
        values=values.reshape(shape),
        status=status,
        notes=notes,
        mandatory_notes=shown,
        extension=header.rest(),
    )


def _dimension(header: Header, name: Name, *, metric: bool) -> Dimension:
    labels = header.items("VALUES", name)
    if not labels:
        raise SchemaError(f"The PX file has no VALUES for its variable {name.text!r}.")
    native = header.native_items("VALUES", name)
    codes = header.items("CODES", name) or native or labels
    times = header.items("TIMEVAL", name)
    kind = header.text("VARIABLE-TYPE", name) or ""
    role = _ROLES.get(kind.lower())
    if times:
        role, codes = "time", _time_codes(codes, times)
    elif metric:
        role = "metric"
    elif role is None and header.text("MAP", name):
        role = "geo"
    if not len(codes) == len(labels) == len(native or labels):
        raise SchemaError(
            f"The PX file gives its variable {name.text!r} {len(labels)} VALUES, "
            f"{len(native)} in its first language, and {len(codes)} CODES; it needs as many."
        )
    categories = dict(zip(codes, map(Name, labels, native or labels), strict=True))
    notes, shown = header.notes("NOTE", name)
    of_categories = {code: header.notes("VALUENOTE", name, at) for code, at in categories.items()}
    total = header.text("ELIMINATION", name)
    return Dimension(
        code=header.text("VARIABLECODE", name) or name.native,
        label=name.text,
        codes=codes,
        labels=labels,
        role=role,
        units=_units(header, name, categories) if metric else {},
        notes=notes,
        mandatory_notes=shown,
        category_notes={code: texts for code, (texts, _) in of_categories.items() if texts},
        mandatory_category_notes={
            code: texts for code, (_, texts) in of_categories.items() if texts
        },
        elimination=total not in (None, "NO"),
        elimination_code=next(
            (
                code
                for code, at in categories.items()
                if total not in (None, "YES", "NO") and total in (*at, code)
            ),
            None,
        ),
    )


def _units(header: Header, name: Name, categories: Mapping[str, Name]) -> dict[str, Unit]:
    decimals = header.text("SHOWDECIMALS") or header.text("DECIMALS")
    base = header.text("UNITS") or ""
    units = {}
    for code, at in categories.items():
        digits = header.text("PRECISION", name, at) or decimals
        units[code] = Unit(header.text("UNITS", at) or base, int(digits) if digits else None)
    return units


def _time_codes(codes: tuple[str, ...], times: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes, or what TIMEVAL has in their place if only that can be read as periods."""
    scale, *values = times
    letter = {"A": "", "M": "M", "Q": "Q"}.get(scale.removeprefix("TLIST(")[:1].upper())
    if len(values) != len(codes) or letter is None:
        return codes
    from_values = tuple(
        f"{value[:4]}{letter}{value[4:]}" if value.isdigit() else value for value in values
    )
    try:
        for code in codes:
            parse_period(code)
    except SchemaError:
        return from_values
    return codes


def _cells(text: bytes, size: int) -> tuple[npt.NDArray[np.float64], Symbols]:
    lines = text.rstrip(b"\x00\x1a").translate(_LINES)
    # SCB's own files may lack the ";" that closes DATA, but not the space after the last cell.
    if not lines.endswith(b"\n"):
        raise SchemaError(
            f"The PX file is cut off: it ends {text[-20:]!r}, without a space or ';' after the "
            "last cell. Fetch it again."
        )
    missing = [f'"{symbol}"' for symbol in _SYMBOLS]
    try:
        values = parse_lines(lines, missing=missing, blank_lines=True)
    except SchemaError:
        lines = _UNQUOTED_SYMBOL.sub(rb'"\1"', lines)
        values = parse_lines(lines, missing=missing, blank_lines=True)
    characters = np.frombuffer(lines, dtype=np.uint8)
    quotes = np.flatnonzero(characters == ord('"'))
    positions = np.flatnonzero(~np.isfinite(values))
    if len(values) != size or len(positions) != len(quotes) // 2:
        raise SchemaError(
            f"The PX file's DATA has {len(values)} cells, {len(positions)} of them without a "
            f"number and {len(quotes) // 2} with a symbol; its variables give {size} cells."
        )
    dots = np.diff(quotes)[::2] - 1
    which = np.where(characters[quotes[::2] + 1] == ord("-"), 0, dots)
    present, number = np.unique(which, return_inverse=True)
    codes = np.zeros(size, dtype=np.int8)
    codes[positions] = number + 1
    return values, Symbols(codes, [_SYMBOLS[symbol] for symbol in present])
