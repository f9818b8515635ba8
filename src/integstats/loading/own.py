"""Figures that a municipality keeps itself: a CSV or XLSX file becomes the one table.

A small mapping says which column is what. The file is read where it is, every time; nothing of it
is stored, copied or sent anywhere. Formulas are not computed, and a file with personal identity
numbers in any column is refused: this package is about counts of persons, not about persons.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.formats import worksheet
from integstats.formats.xlsx import MAGIC
from integstats.loading import identity_numbers
from integstats.table import BIRTH_REGIONS, SEXES, STATUSES, TOTAL, add_totals, check, sort

NEEDED = ("place", "period", "age")
"""Keys that every mapping must name, as a column or as a constant."""
USUAL_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sex": {
        "women": ("women", "kvinnor", "kvinna", "k"),
        "men": ("men", "män", "man", "m"),
        "total": ("total", "totalt", "båda könen", "samtliga", "alla"),
    },
    "birth_region": {
        "foreign_born": ("foreign_born", "utrikes födda", "utrikes född"),
        "native_born": ("native_born", "inrikes födda", "inrikes född"),
        "total": ("total", "totalt", "samtliga", "alla"),
    },
}
"""What is understood without being declared; case does not count."""
_FIELDS = ("id", "as_of", "sheet", "status", "missing", "keys", "constants", "words", "counts")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MONTH = re.compile(r"(\d{4})(?:-|M|)(0[1-9]|1[0-2])(?:-01)?", re.IGNORECASE)
_QUARTER = re.compile(r"(\d{4})-?[QK]([1-4])", re.IGNORECASE)
_BELOW = re.compile(r"<\s*(\d+)")


@dataclass(frozen=True)
class OwnMapping:
    """Which column of a file is what.

    Attributes
    ----------
    id
        Id of the dataset, beginning with ``own-``; invented figures have ``synthetic`` in it.
    as_of
        Date of the figures, as 2026-09-30.
    keys
        Our key: the column that holds it. Names beyond place, period, sex, birth_region and age
        are extra keys.
    constants
        Our key: what it is in the whole file.
    counts
        Our count: the column that holds it.
    words
        Our key: our word: what the file writes for it.
    sheet
        Name of the sheet of a workbook; the first when empty.
    missing
        Signs that stand for a missing figure, beside an empty cell.
    status
        ``final`` or ``preliminary``.
    """

    id: str
    as_of: str
    keys: Mapping[str, str]
    constants: Mapping[str, str]
    counts: Mapping[str, str]
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    sheet: str = ""
    missing: tuple[str, ...] = ()
    status: str = "final"


def own(path: Path | str, *, mapping: Path | str | Mapping[str, Any]) -> pd.DataFrame:
    """Read a municipality's own figures as the one table; they stay where they are.

    Parameters
    ----------
    path
        A CSV file (separated by ``;``, ``,`` or tabs; UTF-8 or Windows-1252) or an XLSX workbook.
    mapping
        A TOML file that says which column is what, or the same as a dict: ``id`` (begins with
        ``own-``), ``as_of`` (date of the figures), ``[keys]`` (our key = the file's column: place,
        period, sex, birth_region, age, and any further name as an extra key), ``[constants]`` (keys
        that are the same everywhere), ``[counts]`` (our count = the file's column), and where
        needed ``[words.sex]`` (our word = list of the file's words), ``sheet``, ``missing`` (list
        of signs), ``status`` (final or preliminary). Place, period and age must be named; sex and
        birth_region are ``total`` where they are not.

    Returns
    -------
    pandas.DataFrame
        The one table, with `dataset` the id and `vintage` the date and 8 digits of the file's
        checksum. A count written ``<5`` is missing and has ``<count>_low`` and ``<count>_high``.
        Totals over sex and birth region are added as by `load`. A place that the catalogue does
        not know keeps its name where the id contains ``synthetic``: it is invented too.

    Raises
    ------
    UsageError
        When the file or the mapping is not there.
    SchemaError
        When the mapping is not complete, a column is not in the file, a cell is a formula or no
        count, a key is empty or stands on two rows, or a column holds personal identity numbers.
    UnknownCodeError
        When a place or a word is not known; an invented place needs an id with ``synthetic``.
    """
    source = Path(path)
    declared = read_mapping(mapping)
    content = _bytes(source, "file with figures")
    frame = _frame(content, declared)
    _refuse_identity_numbers(frame, source.name)
    table = _table(frame, declared, hashlib.sha256(content).hexdigest()[:8])
    check(table)
    return sort(add_totals(table))


def read_mapping(mapping: Path | str | Mapping[str, Any]) -> OwnMapping:
    """Return a mapping from its TOML file or a dict, checked.

    Raises
    ------
    UsageError
        When the file is not there.
    SchemaError
        When it is not TOML, or a field is unknown, missing or not what it must be.
    """
    if isinstance(mapping, Mapping):
        given = dict(mapping)
    else:
        try:
            given = tomllib.loads(_bytes(Path(mapping), "mapping").decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SchemaError(f"{mapping} is not TOML: {error}.") from error
    for name in given:
        if name not in _FIELDS:
            raise SchemaError(
                f"The mapping has an unknown field {name!r}.{did_you_mean(name, _FIELDS)} It may "
                f"have: {', '.join(_FIELDS)}."
            )
    keys, constants = _texts(given, "keys"), _texts(given, "constants")
    counts = _texts(given, "counts")
    name, as_of = str(given.get("id", "")), str(given.get("as_of", ""))
    status = str(given.get("status", "final"))
    lacking = [key for key in NEEDED if key not in keys and key not in constants]
    faults = [
        (not re.fullmatch(r"own-[a-z0-9-]+", name), f"id {name!r}, expected own- and a-z, 0-9, -"),
        (not _is_date(as_of), f"as_of {as_of!r}, expected the date of the figures as 2026-09-30"),
        (bool(lacking), f"no {', '.join(lacking)}, expected under [keys] or [constants]"),
        (bool(keys.keys() & constants), "a key both under [keys] and [constants]"),
        (not counts, "no [counts], expected at least one, as employed = 'Sysselsatta'"),
        (status not in STATUSES[:2], f"status {status!r}, expected final or preliminary"),
    ]
    for one in (*keys, *constants, *counts):
        taken = one in ("dataset", "vintage", "status", "note") or one in catalogue.unsummable()
        faults.append((not _NAME.fullmatch(one) or taken, f"the name {one!r}, which is not free"))
    for wrong, fault in faults:
        if wrong:
            raise SchemaError(f"The mapping has {fault}.")
    words = {
        key: {word: tuple(map(str, texts)) for word, texts in known.items()}
        for key, known in given.get("words", {}).items()
    }
    return OwnMapping(
        id=name,
        as_of=as_of,
        keys=keys,
        constants=constants,
        counts=counts,
        words=words,
        sheet=str(given.get("sheet", "")),
        missing=tuple(map(str, given.get("missing", ()))),
        status=status,
    )


def _texts(given: Mapping[str, Any], name: str) -> dict[str, str]:
    found = given.get(name, {})
    if not isinstance(found, Mapping) or not all(isinstance(one, str) for one in found.values()):
        raise SchemaError(f"The mapping has {name} {found!r}, expected names in quotes.")
    return dict(found)


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _bytes(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"The {what} {path} cannot be read: {error.strerror or error}.") from error


def _frame(content: bytes, mapping: OwnMapping) -> pd.DataFrame:
    """All columns as text, the index being the row in the file."""
    required = [*mapping.keys.values(), *mapping.counts.values()]
    if content[:4] == MAGIC or content[:4] == b"\xd0\xcf\x11\xe0":
        return worksheet.read(content, mapping.sheet or None, required)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    separator = max(";,\t", key=head.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    header = [" ".join(name.split()) for name in rows[0]] if rows else []
    for name in required:
        if header.count(name) != 1:
            raise SchemaError(
                f"The file has the column {name!r} {header.count(name)} times, expected once."
                f"{did_you_mean(name, header)} It has: {', '.join(header)}."
            )
    width = max(map(len, rows))
    names = [name or f"column {at + 1}" for at, name in enumerate(header)]
    names += [f"column {at + 1}" for at in range(len(header), width)]
    body = {
        at: [one.strip() for one in row]
        for at, row in enumerate(rows[1:], start=2)
        if any(one.strip() for one in row)
    }
    for at, row in body.items():
        for name, cell in zip(names, row, strict=False):
            if cell.startswith("="):
                raise SchemaError(
                    f"Row {at} of the column {name!r} is a formula. Formulas are not computed: "
                    "write the figures themselves."
                )
    cells = [[cell or None for cell in row] + [None] * (width - len(row)) for row in body.values()]
    return pd.DataFrame(cells, columns=names, index=pd.Index(list(body), name="row"), dtype="str")


def _refuse_identity_numbers(frame: pd.DataFrame, file: str) -> None:
    for at, name in enumerate(frame.columns):
        named = identity_numbers.stands_in([name])
        if named or identity_numbers.stands_in(frame.iloc[:, at].dropna().unique()):
            shown = f"column {at + 1}" if named else f"the column {name!r}"
            raise SchemaError(
                f"{file} has personal identity numbers in {shown}. Only counts of persons belong "
                "here: remove the column, or count the persons first."
            )


def _table(frame: pd.DataFrame, mapping: OwnMapping, digest: str) -> pd.DataFrame:
    size = len(frame)
    if not size:
        raise SchemaError("The file has no rows below its header.")
    usual = ("place", "period", "sex", "birth_region", "age")
    extra = [key for key in (*mapping.keys, *mapping.constants) if key not in usual]
    columns: dict[str, Any] = {
        "dataset": _category([mapping.id] * size),
        "vintage": _category([f"{mapping.as_of}.{digest}"] * size),
    }
    for key in (*usual, *extra):
        texts = _key_texts(frame, mapping, key)
        if key == "period":
            columns[key] = _periods(texts)
        else:
            meant = _place if key == "place" else partial(_meant, key)
            found = {text: meant(text, mapping) for text in dict.fromkeys(texts)}
            first = {"sex": SEXES, "birth_region": BIRTH_REGIONS}.get(key, ())
            columns[key] = _category([found[text] for text in texts], first)
    for name, column in mapping.counts.items():
        low, high = _counts(frame, column, mapping)
        columns[name] = np.where(low == high, low, np.nan)
        if (low < high).any():
            columns |= {f"{name}_low": low, f"{name}_high": high}
    columns["status"] = _category([mapping.status] * size, STATUSES)
    return pd.DataFrame(columns)


def _category(words: Sequence[str], first: Sequence[str] = ()) -> pd.Categorical:
    rest = [word for word in dict.fromkeys(words) if word not in first]
    return pd.Categorical(words, categories=pd.Index([*first, *rest], dtype="str"))


def _key_texts(frame: pd.DataFrame, mapping: OwnMapping, key: str) -> list[str]:
    if key not in mapping.keys:
        return [mapping.constants.get(key, TOTAL)] * len(frame)
    column = frame[mapping.keys[key]]
    empty = column.index[column.isna()]
    if len(empty):
        raise SchemaError(
            f"The column {column.name!r} ({key}) is empty in row {empty[0]}"
            f"{f' and {len(empty) - 1} more' if len(empty) > 1 else ''}. Fill it in or remove the "
            "rows."
        )
    return [" ".join(str(text).split()) for text in column]


def _place(text: str, mapping: OwnMapping) -> str:
    try:
        return catalogue.resolve(text).key
    except UnknownCodeError:
        if "synthetic" not in mapping.id:
            raise
        return text


def _meant(key: str, text: str, mapping: OwnMapping) -> str:
    declared = mapping.words.get(key, {})
    for known in (declared, USUAL_WORDS.get(key, {})):
        for word, texts in known.items():
            if text.casefold() in (word, *(one.casefold() for one in texts)):
                return word
    if not declared and key not in USUAL_WORDS:
        return text
    words = {*declared, *USUAL_WORDS.get(key, {})}
    raise UnknownCodeError(
        f"Unknown word for {key}: {text!r}.{did_you_mean(text, words)} Say under [words.{key}] of "
        f"the mapping which of {', '.join(sorted(words))} it means."
    )


def _periods(texts: Sequence[str]) -> pd.PeriodIndex:
    found = {text: _period(text) for text in dict.fromkeys(texts)}
    lengths = {one.freqstr: text for text, one in found.items()}
    if len(lengths) > 1:
        raise SchemaError(
            f"The periods are of several lengths, as {' and '.join(map(repr, lengths.values()))}. "
            "Keep months, quarters and years in files of their own."
        )
    return pd.PeriodIndex([found[text] for text in texts], freq=next(iter(lengths)))


def _period(text: str) -> pd.Period:
    month, quarter = _MONTH.fullmatch(text), _QUARTER.fullmatch(text)
    if month is not None:
        return pd.Period(f"{month[1]}-{month[2]}", freq="M")
    if quarter is not None:
        return pd.Period(f"{quarter[1]}Q{quarter[2]}", freq="Q")
    if re.fullmatch(r"\d{4}", text):
        return pd.Period(text, freq="Y")
    raise SchemaError(
        f"Not a period: {text!r}. Write a month as 2024-06, a quarter as 2024Q2, a year as 2024."
    )


def _counts(
    frame: pd.DataFrame, column: str, mapping: OwnMapping
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    cells = frame[column]
    parsed = np.empty((len(cells), 2))
    for at, (row, cell) in enumerate(cells.items()):
        parsed[at] = _count("" if pd.isna(cell) else str(cell), column, row, mapping.missing)
    return parsed[:, 0], parsed[:, 1]


def _count(cell: str, column: str, row: object, missing: Sequence[str]) -> tuple[float, float]:
    if not cell or cell in missing:
        return np.nan, np.nan
    below = _BELOW.fullmatch(cell)
    if below is not None:
        return 0.0, float(below[1]) - 1
    try:
        figure = float(re.sub(r"\s", "", cell).replace(",", "."))
    except ValueError:
        figure = -1.0
    if not 0 <= figure < np.inf:
        raise SchemaError(
            f"Row {row} of the column {column!r} has {cell!r}, expected a count, <5 for a hidden "
            "one, or nothing. Signs for a missing figure are listed in the mapping: missing = "
            "['..']."
        )
    return figure, figure
