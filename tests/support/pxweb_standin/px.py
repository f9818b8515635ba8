"""A table from a PX file, with the metadata the real server makes of one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from .table import ArrayValues, Document, Table

KEYWORD = re.compile(
    r'\s*([A-Z0-9-]+)(?:\[(\w+)\])?(?:\(("[^"]*"(?:,"[^"]*")*)\))?=((?:"[^"]*"|[^;"])*);'
)
ITEM = re.compile(r'(?:"[^"]*"|[^,"])+')
STRING = re.compile(r'"([^"]*)"')
SHOW = {"0": "code", "1": "value", "2": "code_value", "3": "value_code"}
MEASURING = {"S": "Stock", "F": "Flow", "A": "Average"}
PRICE = {"C": "Current", "F": "Fixed"}
ADJUSTMENT = {(True, True): "WorkAndSes", (False, True): "SesOnly", (True, False): "WorkOnly"}
TIME_UNIT = {"A1": "Annual", "Q1": "Quarterly", "M1": "Monthly", "W1": "Weekly"}
SYMBOLS = {"." * n: f"DATASYMBOL{n}" for n in range(1, 7)} | {"-": "DATASYMBOLNIL"}


class _Keywords:
    """The keywords of a PX file; a keyword of another language falls back on the first one's."""

    def __init__(self, text: str) -> None:
        self._values: dict[tuple[str, str | None, tuple[str, ...]], list[str]] = {}
        head, _, data = text.partition("\nDATA=")
        for name, language, subkeys, value in KEYWORD.findall(head):
            key = (name, language or None, tuple(STRING.findall(subkeys)))
            self._values[key] = [_string(item) for item in ITEM.findall(value)]
        self.data = data.rpartition(";")[0].split()
        self.language = self._values["LANGUAGE", None, ()][0]
        self.languages = self._values.get(("LANGUAGES", None, ()), [self.language])

    def list(self, name: str, *subkeys: str, language: str | None = None) -> list[str] | None:
        other = None if language == self.language else language
        found = self._values.get((name, other, subkeys))
        return found if found is not None else self._values.get((name, None, subkeys))

    def maybe(self, name: str, *subkeys: str, language: str | None = None) -> str | None:
        found = self.list(name, *subkeys, language=language)
        return None if found is None else ",".join(found)

    def text(self, name: str, *subkeys: str, language: str | None = None) -> str:
        found = self.maybe(name, *subkeys, language=language)
        if found is None:
            raise ValueError(f"no {name}{list(subkeys) or ''} in the px file")
        return found

    def yes(self, name: str, *subkeys: str) -> bool:
        return self.maybe(name, *subkeys) == "YES"


def _string(item: str) -> str:
    parts = STRING.findall(item)
    return "".join(parts) if parts else item.strip()


def _moment(text: str) -> str:
    """A px date is in the publisher's local time; the API says it in UTC."""
    local = datetime.strptime(text, "%Y%m%d %H:%M").replace(tzinfo=ZoneInfo("Europe/Stockholm"))
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_px(
    path: Path, paths: dict[str, list[list[Document]]] | None = None, **others: Any
) -> Table:
    """A table from a PX file with a contents and a time variable.

    `paths` says where the table stands in the database, by language; `others` are more fields
    of `Table`.
    """
    raw = path.read_bytes()
    codepage = re.search(rb'CODEPAGE="([^"]+)"', raw)
    keys = _Keywords(raw.decode(codepage[1].decode() if codepage else "iso-8859-1"))
    metadata = {language: _metadata(keys, language) for language in keys.languages}
    document = metadata[keys.language]
    names = document["id"]
    codes = {n: list(document["dimension"][n]["category"]["index"]) for n in names}
    symbols = [_symbol(keys, token) for token in keys.data]
    numbers = [np.nan if s else float(t) for t, s in zip(keys.data, symbols, strict=True)]
    status = np.array(symbols) if any(symbols) else None
    table_id = document["extension"]["px"]["tableid"]
    time = next(n for n in _variables(keys, keys.language) if keys.maybe("TIMEVAL", n))
    unit = re.match(r"TLIST\((\w+)", (keys.list("TIMEVAL", time) or [""])[0])
    fields = {
        "sort_code": table_id,
        "time_unit": TIME_UNIT.get(unit[1], "Other") if unit else "Other",
        "discontinued_in_data": False,
    }
    return Table(
        table_id,
        metadata,
        ArrayValues(codes, np.array(numbers), status),
        paths=paths or {},
        **(fields | others),
    )


def _symbol(keys: _Keywords, token: str) -> str:
    quoted = STRING.fullmatch(token)
    if not quoted:
        return ""
    name = SYMBOLS[quoted[1]]
    return keys.maybe(name) or quoted[1]


def _variables(keys: _Keywords, language: str) -> list[str]:
    stub, heading = (keys.list(n, language=language) or [] for n in ("STUB", "HEADING"))
    return [*stub, *heading]


def _codes(keys: _Keywords, variable: str) -> list[str]:
    """The codes of a variable, by its name in the file's own language."""
    return keys.list("CODES", variable) or keys.list("VALUES", variable) or []


def _notes(text: str | None) -> list[str]:
    return [note for note in (text or "").split("##") if note]


def _metadata(keys: _Keywords, language: str) -> Document:
    own = _variables(keys, keys.language)
    named = _variables(keys, language)
    ids = [keys.text("VARIABLECODE", name) for name in own]
    id_of = dict(zip(own, ids, strict=True))
    contents = keys.text("CONTVARIABLE")
    time = next(n for n in own if keys.maybe("TIMEVAL", n))
    geo = [id_of[n] for n in own if keys.maybe("VARIABLE-TYPE", n) == "G" or keys.maybe("MAP", n)]
    role = {"time": [id_of[time]], "geo": geo, "metric": [id_of[contents]]}
    updated = [
        value
        for (name, _, _), found in keys._values.items()
        if name == "LAST-UPDATED"
        for value in found
    ]
    document: Document = {
        "version": "2.0",
        "class": "dataset",
        "label": keys.text("TITLE", language=language),
        "source": keys.text("SOURCE", language=language),
        "updated": _moment(max(updated)),
        "note": _notes(keys.maybe("NOTEX", language=language))
        + _notes(keys.maybe("NOTE", language=language)),
        "role": {kind: names for kind, names in role.items() if names},
        "id": ids,
        "size": [len(_codes(keys, name)) for name in own],
        "dimension": {
            id_of[name]: _dimension(keys, language, name, text, is_contents=name == contents)
            for name, text in zip(own, named, strict=True)
        },
        "extension": {"px": _px(keys, language, id_of)},
        "value": [],
    }
    contacts = _contacts(keys, contents)
    if contacts:
        document["extension"]["contact"] = contacts
    return document


def _dimension(
    keys: _Keywords, language: str, name: str, text: str, *, is_contents: bool
) -> Document:
    codes = _codes(keys, name)
    labels = keys.list("VALUES", text, language=language) or codes
    eliminated = keys.maybe("ELIMINATION", text, language=language)
    category: Document = {
        "index": {code: i for i, code in enumerate(codes)},
        "label": dict(zip(codes, labels, strict=True)),
    }
    notes = {
        code: _notes(keys.maybe("VALUENOTE", text, label, language=language))
        for code, label in zip(codes, labels, strict=True)
    }
    if any(notes.values()):
        category["note"] = {code: note for code, note in notes.items() if note}
    extension: Document = {
        "elimination": eliminated not in (None, "NO"),
        "show": SHOW[keys.maybe("PRESTEXT", name) or "1"],
        "codelists": [],
    }
    if eliminated in labels:
        extension["eliminationValueCode"] = codes[labels.index(eliminated)]
    if is_contents:
        own = keys.list("VALUES", name) or codes
        decimals = int(keys.maybe("SHOWDECIMALS") or keys.text("DECIMALS"))
        category["unit"] = {
            code: {
                "base": keys.text("UNITS", label, language=language),
                "decimals": int(keys.maybe("PRECISION", name, label) or decimals),
            }
            for code, label in zip(codes, labels, strict=True)
        }
        extension |= _of_contents(keys, dict(zip(codes, own, strict=True)))
    dimension: Document = {"label": text, "category": category, "extension": extension}
    if keys.maybe("NOTE", text, language=language):
        dimension["note"] = _notes(keys.maybe("NOTE", text, language=language))
    described = {
        code: keys.maybe("META-ID", text, label, language=language)
        for code, label in zip(codes, labels, strict=True)
    } | {keys.text("VARIABLECODE", name): keys.maybe("META-ID", text, language=language)}
    if any(described.values()):
        known = {code: meta for code, meta in described.items() if meta}
        dimension["link"] = {"describedby": [{"extension": known}]}
    return dimension


def _of_contents(keys: _Keywords, label_of: dict[str, str]) -> Document:
    """What a contents variable says of each of its codes."""

    def each(name: str) -> dict[str, str | None]:
        return {code: keys.maybe(name, label) for code, label in label_of.items()}

    result: Document = {
        "measuringType": {c: MEASURING.get(v or "", "Other") for c, v in each("STOCKFA").items()},
        "priceType": {c: PRICE.get(v or "", "NotApplicable") for c, v in each("CFPRICES").items()},
        "adjustment": {
            code: ADJUSTMENT.get((keys.yes("DAYADJ", label), keys.yes("SEASADJ", label)), "None")
            for code, label in label_of.items()
        },
    }
    for member, name in (("refperiod", "REFPERIOD"), ("basePeriod", "BASEPERIOD")):
        said = {code: text for code, text in each(name).items() if text is not None}
        if said:
            result[member] = said
    return result


def _contacts(keys: _Keywords, contents: str) -> list[Document]:
    """Contacts, each once: `first#last#prefix#phone#mail#organisation##||…` is taken apart."""
    found: list[Document] = []
    for label in keys.list("VALUES", contents) or []:
        text = keys.maybe("CONTACT", label) or ""
        for part in text.split("||") if "||" in text else _notes(text):
            contact: Document = {"raw": part}
            if "||" in text:
                first, last, prefix, phone, mail, organisation, *_ = [*part.split("#"), *[""] * 6]
                name = f"{first} {last}".strip()
                raw = f"{first} {last}, {organisation}#{prefix} {phone}#{mail}##".split("##")[0]
                contact = {
                    "name": name,
                    "organization": organisation,
                    "phone": phone,
                    "mail": mail,
                    "raw": raw,
                }
            if contact not in found:
                found.append(contact)
    return found


def _px(keys: _Keywords, language: str, id_of: dict[str, str]) -> Document:
    def ids(keyword: str) -> list[str]:
        return [id_of[name] for name in keys.list(keyword) or []]

    members: Document = {
        "infofile": keys.maybe("INFOFILE"),
        "tableid": keys.text("TABLEID"),
        "decimals": int(keys.maybe("SHOWDECIMALS") or keys.text("DECIMALS")),
        "official-statistics": keys.yes("OFFICIAL-STATISTICS"),
        "aggregallowed": keys.maybe("AGGREGALLOWED") != "NO",
        "copyright": keys.yes("COPYRIGHT"),
        "language": language,
        "contents": keys.text("CONTENTS", language=language),
        "descriptiondefault": keys.yes("DESCRIPTIONDEFAULT"),
        "heading": ids("HEADING"),
        "stub": ids("STUB"),
        "matrix": keys.text("MATRIX"),
        "subject-code": keys.text("SUBJECT-CODE"),
        "subject-area": keys.text("SUBJECT-AREA", language=language),
        "survey": keys.maybe("SURVEY", language=language),
        "link": keys.maybe("LINK", language=language),
        "updateFrequency": keys.maybe("UPDATE-FREQUENCY", language=language),
    }
    following = keys.maybe("NEXT-UPDATE")
    if following is not None:
        members["nextUpdate"] = _moment(following)
    return {name: value for name, value in members.items() if value is not None}
