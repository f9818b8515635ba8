"""What the columns of results and of charts' data sheets are called, and how a cell is written.

The words lie in ``columns.toml`` beside this module. A name that stands there is one column; a
name with a part in angle brackets is a pattern, ``n_<group>``, tried when nothing else fits.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.catalogue import Language
from integstats.errors import UnknownCodeError, did_you_mean
from integstats.wording import numbers, phrases, terms
from integstats.wording.printable import one_line

Unit = Literal[
    "text",
    "word",
    "place",
    "places",
    "period",
    "age",
    "share",
    "pp",
    "ratio",
    "count",
    "whole",
    "number",
    "value",
    "difference",
    "flag",
    "note",
]
UNITS: tuple[Unit, ...] = get_args(Unit)
MISSING = ".."
"""Written where a figure is missing: an empty cell could be taken for a zero or a mistake."""
OWN = (
    "Kolumn i de egna uppgifterna; den som lämnat dem vet vad den betyder.",
    "A column of the own figures; whoever gave them knows what it means.",
)
"""The definition of a column that only a user's own figures have."""
NOTHING = "–"
"""Written where a note or a list has nothing to say."""
VALUE_UNITS: Mapping[str, Unit] = MappingProxyType(
    {"share": "share", "pp": "pp", "ratio": "ratio", "persons": "count", "rank": "whole"}
)
"""What the column ``unit`` of a row says of its columns of the unit ``value``."""
_PATTERNS = {
    "measure": r"[a-z][a-z0-9_]*",
    "count": r"[a-z][a-z0-9_]*",
    "group": r".+",
    "series": r".+",
    "column": r".+",
    "level": r"\d+(?:_\d+)?",
}


@dataclass(frozen=True)
class Column:
    """A column in the words of a reader.

    Attributes
    ----------
    name
        The code name.
    unit
        ``text``; ``word``, a code with words (`word`); ``place``, ``places`` (several, joined by a
        semicolon); ``period``; ``age``; ``share`` (0–1); ``pp`` (percentage points); ``ratio``;
        ``count`` (persons); ``whole`` (other whole numbers); ``number``; ``value`` (its unit stands
        in the column ``unit`` of the row, or is that of the series); ``difference`` (of two such
        values: where they are shares it is stored as 0–1 and read as percentage points); ``flag``;
        ``note``.
    headers, definitions
        In Swedish and English.
    """

    name: str
    unit: Unit
    headers: tuple[str, str]
    definitions: tuple[str, str]

    def header(self, lang: Language = "sv") -> str:
        """What stands above the column."""
        return self.headers[0 if lang == "sv" else 1]

    def definition(self, lang: Language = "sv") -> str:
        """What the column holds, in a sentence."""
        return self.definitions[0 if lang == "sv" else 1]


@cache
def _read() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the entries of columns by name, and the lists of words for codes."""
    text = files("integstats.wording").joinpath("columns.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    words = found.pop("words")
    return MappingProxyType(found), MappingProxyType(words)


def _entries() -> Mapping[str, Any]:
    return _read()[0]


def column(name: str, *, kind: str = "") -> Column:
    """Return what a column is called and means.

    Parameters
    ----------
    name
        Code name of a column of a public result (``docs/columns.md``) or of a chart's data sheet.
    kind
        Kind of the chart or result it stands in, where a name means several things: ``target`` is
        a share in a funnel plot, and the id of a target elsewhere; ``origin`` is a period in a
        ``forecast``, and where people come from elsewhere.

    Raises
    ------
    UnknownCodeError
        When no result has such a column.

    Examples
    --------
    >>> column("gap_pp").header(), column("gap_pp").unit
    ('Gap (procentenheter)', 'pp')
    >>> column("n_foreign_born").header(), column("low_99_8").header("en")
    ('Antal personer, utrikes födda', 'Lower bound 99.8%')
    """
    found = _of_kind(name, kind) if kind else None
    found = found or _known(name)
    if found is None:
        fixed = [one for one in _entries() if "<" not in one and "." not in one]
        raise UnknownCodeError(
            f"Unknown column: {name!r}.{did_you_mean(name, fixed)} The columns of every result "
            "are listed in docs/columns.md."
        )
    return found


def _of_kind(name: str, kind: str) -> Column | None:
    own = {one.removeprefix(f"{kind}."): one for one in _entries() if one.startswith(f"{kind}.")}
    return _matching(name, own)


@cache
def _known(name: str) -> Column | None:
    own = {one: one for one in _entries() if "." not in one}
    return _matching(name, own)


def _matching(name: str, entries: Mapping[str, str]) -> Column | None:
    """Return the column of the entry with this name, else of the first pattern that fits."""
    if name in entries:
        return _made(name, _entries()[entries[name]], {})
    for pattern, entry in entries.items():
        fits = _pattern(pattern).fullmatch(name) if "<" in pattern else None
        if fits is None:
            continue
        found = _made(name, _entries()[entry], fits.groupdict())
        if found is not None:
            return found
    return None


def described(name: str, *, kind: str = "") -> Column:
    """Return what a column is called and means, a user's own by its own name.

    Examples
    --------
    >>> described("gap_pp").header(), described("programme").header()
    ('Gap (procentenheter)', 'programme')
    """
    try:
        return column(name, kind=kind)
    except UnknownCodeError:
        header = one_line(name)
        return Column(name, "text", (header, header), OWN)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"<(\w+)>", pattern)
    return re.compile(
        "".join(
            f"(?P<{one}>{_PATTERNS[one]})" if at % 2 else re.escape(one)
            for at, one in enumerate(parts)
        )
    )


def _made(name: str, entry: Mapping[str, Any], parts: Mapping[str, str]) -> Column | None:
    """Return the column of an entry; nothing where a part of the name has no words."""
    words: list[dict[str, str]] = []
    for lang in ("sv", "en"):
        said = {part: _part(part, code, lang) for part, code in parts.items()}
        if None in said.values():
            return None
        filled = {part: one for part, one in said.items() if one is not None}
        if "measure" in parts:
            filled["definition"] = catalogue.measure(parts["measure"]).words(lang)["definition"]
        words.append(filled)
    unit = entry["unit"]
    if unit == "<column>":
        base = _known(parts["column"])
        if base is None or base.unit not in (
            "share",
            "pp",
            "ratio",
            "count",
            "number",
            "value",
            "difference",
        ):
            return None
        unit = base.unit
    both = [[_upper(one.format(**said)) for one in entry[lang]]
            for lang, said in zip(("sv", "en"), words, strict=True)]  # fmt: skip
    (sv, means), (en, means_en) = both
    return Column(name, unit, (sv, en), (means, means_en))


def _part(part: str, code: str, lang: Language) -> str | None:
    """Return a part of a name in words, or nothing where it has none."""
    if part == "measure":
        found = catalogue.measures().get(code)
        return found.words(lang)["name"] if found else None
    if part == "count":
        return _count(code, lang)
    if part == "level":
        return numbers.number(
            float(code.replace("_", ".")), decimals=1 if "_" in code else 0, lang=lang
        )
    if part == "group":
        return _group(code, lang)
    known = _known(code)
    return known.header(lang) if known else None


def _count(code: str, lang: Language) -> str | None:
    if code in _entries():
        known = _known(code)
        return known.header(lang) if known is not None and known.unit == "count" else None
    names = {name for one in catalogue.datasets().values() for name in one.counts}
    names |= {
        part for one in catalogue.measures().values() for part in (one.numerator, one.denominator)
    }
    return phrases.counted_word(code, lang) if code in names else None


def _group(code: str, lang: Language) -> str:
    birth, _, sex = code.rpartition("_")
    if f"{birth}_born" in terms.BORN and sex in terms.SEXES:
        return phrases.who(phrases.group_code(f"{birth}_born", sex), lang)
    return _coded("birth_region", code, lang) or _coded("sex", code, lang) or code.replace("_", " ")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def word(name: str, value: str, lang: Language = "sv") -> str:
    """Return a code of a column in words; the code itself where it has none.

    Parameters
    ----------
    name
        Code name of the column.
    value
        What the cell holds.
    lang
        Language.

    Examples
    --------
    >>> word("sex", "women"), word("status", "preliminary", "en"), word("measure", "unemployed")
    ('kvinnor', 'preliminary', 'arbetslösa')
    >>> word("length_of_stay", "4-9"), word("length_of_stay", "10-")
    ('4–9 år', '10 år eller mer')
    """
    listed = "status" if name.endswith("_status") or name == "verdict" else name
    said = _coded(listed, value, lang)
    if said is not None:
        return said
    if listed == "status" and value in terms.VERDICTS:
        return terms.pick(terms.VERDICTS, value, lang)
    for listed, words in (("reading", terms.READINGS), ("comparator", terms.COMPARATORS)):
        if name == listed and value in words:
            return terms.pick(words, value, lang)
    if value in catalogue.measures():
        return catalogue.measure(value).words(lang)["name"]
    if name == "length_of_stay":
        return _years(value, lang)
    if name in ("measure", "component", "numerator", "denominator"):
        return phrases.counted_word(value, lang)
    return value


def _coded(listed: str, value: str, lang: Language) -> str | None:
    found = _read()[1].get(listed, {}).get(value)
    return None if found is None else str(found[0 if lang == "sv" else 1])


def _years(span: str, lang: Language) -> str:
    first, dash, last = span.partition("-")
    if dash and first.isdigit() and not last:
        return f"{first} år eller mer" if lang == "sv" else f"{first} years or more"
    return f"{numbers.span(span)} {'år' if lang == 'sv' else 'years'}"


def unit_of(one: Column, row_unit: str = "") -> Unit:
    """Return the unit a cell is stored in: its column's, or of a value or difference its row's.

    Examples
    --------
    >>> unit_of(column("value"), "share"), unit_of(column("n"), "share"), unit_of(column("value"))
    ('share', 'count', 'number')
    """
    own = one.unit not in ("value", "difference")
    return one.unit if own else VALUE_UNITS.get(row_unit, "number")


def cell(one: Column, value: object, *, row_unit: str = "", lang: Language = "sv") -> str:
    """Return a cell as a table for readers shows it, on one line; never empty.

    Parameters
    ----------
    one
        The column.
    value
        What the cell holds: a missing figure is written ``..``, an empty note as a dash.
    row_unit
        What the column ``unit`` of the row says.
    lang
        Language.

    Examples
    --------
    >>> cell(column("gap_pp"), 12.34), cell(column("n"), 38000.0, lang="en")
    ('12,3', '38,000')
    >>> cell(column("error"), -0.0123, row_unit="share"), cell(column("error"), -12, row_unit="pp")
    ('\u22121,23 procentenheter', '\u221212,0')
    >>> cell(column("place"), "1280"), cell(column("period"), "2026-06")
    ('Malmö', 'juni 2026')
    >>> cell(column("n"), None), cell(column("note"), "")
    ('..', '–')
    """
    unit = unit_of(one, row_unit)
    if is_missing(value):
        return NOTHING if unit in ("note", "places") else MISSING
    if isinstance(value, bool | np.bool_):
        return {"sv": ("nej", "ja"), "en": ("no", "yes")}[lang][int(value)]
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        if one.unit == "difference" and unit == "share":
            return numbers.points(100 * float(value), decimals=2, lang=lang)
        return _figure(float(value), unit, lang)
    return one_line(_said(str(value), unit, one.name, lang))


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing: no figure, no period, or an empty text.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing(""), is_missing(0.0)
    (True, True, False)
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    if isinstance(value, float | np.floating):
        return not math.isfinite(value)
    return isinstance(value, str) and not value.strip()


def _figure(value: float, unit: Unit, lang: Language) -> str:
    if unit == "share":
        return numbers.percent(value, lang=lang)
    decimals = {"count": 0, "whole": 0, "flag": 0, "pp": 1, "ratio": 2}.get(unit, 3)
    if unit == "text" and value.is_integer():
        decimals = 0
    return numbers.number(value, decimals=decimals, lang=lang)


def _said(text: str, unit: Unit, name: str, lang: Language) -> str:
    if unit == "place":
        return phrases.place_name(text, lang)
    if unit == "places":
        return ", ".join(catalogue.place_label(one, lang) for one in text.split(";"))
    if unit == "period":
        return numbers.period(text, lang=lang)
    if unit == "age":
        return numbers.span(text)
    if unit == "word":
        return word(name, text, lang)
    if unit == "note":
        known = {one.id: one.text(lang) for one in catalogue.breaks()}
        parts = text.split(";")
        return "; ".join(_coded("note", one, lang) or known.get(one, one) for one in parts)
    return text
