"""The sheets of a workbook; only `workbook` imports it, since it needs openpyxl."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.catalogue import Language, Source
from integstats.charts.chart import Chart
from integstats.reports.report import Report
from integstats.reports.spreadsheet import Cell, Sheet, book_of, number_format
from integstats.wording import columns, phrases
from integstats.wording.columns import Column
from integstats.wording.document_words import label
from integstats.wording.printable import address, printable
from integstats.wording.target_facts import Fact, facts
from integstats.wording.terms import pick
from integstats.wording.workbook_words import (
    COVER,
    GENERAL,
    HEADERS,
    OBTAINED,
    SHEETS,
    SIGNS,
    data_sheet,
    unit,
)

PLACE_CODE = "place_code"
LAST = ("dataset", "vintage", "target")
"""Columns that say where a row is from, right of what readers look for."""


@dataclass(frozen=True)
class _Data:
    """The data sheet of a chart, and the columns it has."""

    sheet: Sheet
    chart: Chart
    columns: tuple[Column, ...]


def written(report: Report) -> bytes:
    """Return the workbook."""
    lang = report.lang
    data = [_data(at, chart, lang) for at, chart in enumerate(report.charts, start=1)]
    told = [tuple(facts(one, lang=lang)) for one in report.tracks]
    later = [
        *([("targets", _targets(report, told))] if told else []),
        ("definitions", _definitions(data, told, report)),
        ("sources", _sources(report)),
        ("notes", _notes(report, data)),
    ]
    sheets = [_cover(report, data, later), *(one.sheet for one in data), *(s for _, s in later)]
    return book_of(
        sheets,
        title=report.title.text,
        author=report.organisation.name or "integstats",
        lang=lang,
        accent=report.organisation.accent,
        day=report.dated,
    )


def _headers(names: Sequence[str], lang: Language) -> tuple[str, ...]:
    return tuple(pick(HEADERS, one, lang) for one in names)


def _cover(report: Report, data: Sequence[_Data], later: Sequence[tuple[str, Sheet]]) -> Sheet:
    lang = report.lang
    rows: list[tuple[Cell, ...]] = [(_cover_word("title", lang), Cell(report.title.text))]
    rows += [(_cover_word("lead", lang), Cell(one.text)) for one in report.lead]
    if report.synthetic:
        rows.append((_cover_word("invented", lang), Cell(label("invented", lang))))
    if report.organisation.name:
        rows.append((_cover_word("organisation", lang), Cell(report.organisation.name)))
    if report.sources:
        rows.append((_cover_word("updated", lang), _day(report.dated)))
    for one in data:
        about = f"{one.chart.title.text}. {one.chart.subtitle.text}"
        rows.append((Cell(one.sheet.name, to_sheet=one.sheet.name), Cell(about)))
    for key, sheet in later:
        rows.append((Cell(sheet.name, to_sheet=sheet.name), _cover_word(key, lang)))
    return Sheet(pick(SHEETS, "cover", lang), _headers(("what", "content"), lang), tuple(rows))


def _cover_word(key: str, lang: Language) -> Cell:
    return Cell(pick(COVER, key, lang))


def _day(day: date) -> Cell:
    return Cell(datetime.combine(day, time()), "yyyy-mm-dd")


def _data(number: int, chart: Chart, lang: Language) -> _Data:
    """Return the data sheet of a chart: its words for codes, and the code of each place beside."""
    described, cells = [], []
    data = chart.data
    units = data["unit"].astype(str) if "unit" in data else [""] * len(data)
    for name in sorted(map(str, data), key=lambda one: one in LAST):
        one = columns.described(name, kind=chart.kind)
        if one.unit == "place" and name == "place":
            described.append(columns.column(PLACE_CODE))
            cells.append([Cell(str(code)) for code in data[name]])
        described.append(one)
        cells.append(
            [
                _cell(one, value, str(row_unit), lang)
                for value, row_unit in zip(data[name], units, strict=True)
            ]
        )
    rows = tuple(zip(*cells, strict=True))
    headers = tuple(one.header(lang) for one in described)
    sheet = Sheet(data_sheet(number, chart.kind, lang), headers, rows)
    return _Data(sheet, chart, tuple(described))


def _cell(one: Column, value: Any, row_unit: str, lang: Language) -> Cell:
    if columns.is_missing(value):
        return Cell(columns.cell(one, None, lang=lang))
    if isinstance(value, pd.Period) and value.freqstr[0] == "M":
        return Cell(value.start_time.to_pydatetime(), "yyyy-mm")
    if isinstance(value, pd.Period) and value.freqstr[0] == "Y":
        return Cell(value.year, "0")
    if pd.api.types.is_number(value) and not pd.api.types.is_bool(value):
        kind = columns.unit_of(one, row_unit)
        as_given = "General" if kind == "text" else number_format(kind, lang=lang)
        return Cell(float(value), as_given)
    return Cell(columns.cell(one, value, row_unit=row_unit, lang=lang))


def _targets(report: Report, told: Sequence[tuple[Fact, ...]]) -> Sheet:
    lang = report.lang
    rows = tuple(
        (
            Cell(track.target.id),
            Cell(phrases.place_name(track.place, lang)),
            Cell(fact.header),
            Cell(fact.value)
            if isinstance(fact.value, str)
            else Cell(fact.value, number_format(fact.unit, lang=lang)),
            Cell(unit(fact.unit, lang)),
            Cell(fact.name),
        )
        for track, found in zip(report.tracks, told, strict=True)
        for fact in found
    )
    headers = _headers(("target", "place", "what", "value", "unit", "code"), lang)
    return Sheet(pick(SHEETS, "targets", lang), headers, rows)


def _definitions(data: Sequence[_Data], told: Sequence[tuple[Fact, ...]], report: Report) -> Sheet:
    lang = report.lang
    found = {
        (one.header(lang), one.name): (unit(one.unit, lang), one.definition(lang))
        for sheet in data
        for one in sheet.columns
    }
    for fact in (fact for facts_of in told for fact in facts_of):
        found.setdefault((fact.header, fact.name), (unit(fact.unit, lang), fact.definition))
    for measure in _measures(report):
        words = catalogue.measure(measure).words(lang)
        meaning = " ".join(words[key] for key in ("definition", "trap") if words.get(key))
        header = words["name"][:1].upper() + words["name"][1:]
        found[header, measure] = (unit("share", lang), meaning)
    rows = tuple(
        (Cell(header), Cell(code), Cell(in_words), Cell(meaning))
        for (header, code), (in_words, meaning) in found.items()
    )
    headers = _headers(("term", "code", "unit", "definition"), lang)
    return Sheet(pick(SHEETS, "definitions", lang), headers, rows)


def _measures(report: Report) -> Iterator[str]:
    """Yield every measure that the figures may be of, each once."""
    known = catalogue.measures()
    named = [track.target.measure for track in report.tracks]
    for chart in report.charts:
        named += [str(one) for one in chart.data if one in known]
        named += [str(one) for one in chart.data.get("measure", pd.Series(dtype=str)).unique()]
    for source in report.sources:
        named += source.dataset.measures
    yield from (one for one in dict.fromkeys(named) if one in known)


def _sources(report: Report) -> Sheet:
    lang = report.lang
    names = (
        *("publisher", "register", "table", "name", "dataset", "vintage", "updated"),
        *("obtained", "licence", "url", "definition", "sha256"),
    )
    rows = [_source(one, lang) for one in report.sources]
    if not rows:
        nothing = Cell(columns.NOTHING)
        rows = [(Cell(pick(GENERAL, "no_source", lang)), *[nothing] * (len(names) - 1))]
    return Sheet(pick(SHEETS, "sources", lang), _headers(names, lang), tuple(rows))


def _source(source: Source, lang: Language) -> tuple[Cell, ...]:
    dataset, publisher = source.dataset, source.dataset.publisher
    fetched = f" {source.fetched_at[:10]}" if source.fetched_at else ""
    how = pick(OBTAINED, source.obtained, lang) + fetched
    note = source.note(lang)
    return (
        _said(publisher.name_sv if lang == "sv" else publisher.name_en),
        _said(dataset.register(lang)),
        _said(dataset.table_id),
        _said(dataset.name(lang)),
        _said(dataset.id),
        _said(source.vintage),
        _day(date.fromisoformat(source.updated)) if source.updated else _said(""),
        _said(note or how),
        _said(publisher.licence),
        Cell(dataset.url or columns.NOTHING, link=address(dataset.url)),
        _said(dataset.definition(lang)),
        _said("; ".join(source.sha256)),
    )


def _said(text: str) -> Cell:
    return Cell(text.strip() or columns.NOTHING)


def _notes(report: Report, data: Sequence[_Data]) -> Sheet:
    lang = report.lang
    everywhere = pick(GENERAL, "all", lang)
    notes = [(everywhere, f"{sign} : {pick(SIGNS, sign, lang)}") for sign in SIGNS]
    notes.append((everywhere, pick(GENERAL, "shares", lang)))
    if report.synthetic:
        notes.append((everywhere, label("invented", lang)))
    notes += [(everywhere, one) for one in report.footer]
    for one in data:
        verdict = [one.chart.verdict.text] if one.chart.verdict is not None else []
        texts = [one.chart.alt.text, one.chart.description.text, *verdict]
        texts += [note for note in one.chart.footer if note not in report.footer]
        notes += [(one.sheet.name, text) for text in texts if text]
    rows = tuple((Cell(about), Cell(printable(text))) for about, text in notes)
    return Sheet(pick(SHEETS, "notes", lang), _headers(("concerns", "note"), lang), rows)
