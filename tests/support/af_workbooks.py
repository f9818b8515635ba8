"""Synthetic workbooks in the shape of Arbetsförmedlingen's, with invented figures.

The names of places are real, because the readers must find them; no figure is.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from integstats import catalogue

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Cell = str | float | None
GROUPS = ("TOT", "KVI", "MAN", "INR", "INRK", "INRM", "UTR", "UTRK", "UTRM", "UNG", "GYK")
SHARE_FIELDS = (
    *("PERIOD", "LAN", "KOM"),
    *(f"{group}SOK" for group in GROUPS),
    *(f"{group}AK" for group in GROUPS),
)
TIME_COUNTS = (
    "ARBETSLÖSA",
    *(f"Utan arbete mer än {months} månader" for months in (6, 12, 24)),
)


def places() -> list[tuple[str, str, str]]:
    """Code, county and name of every municipality, as the workbooks spell them."""
    known = catalogue.places()
    return [
        (one.code, known[one.code[:2]].name, one.name)
        for one in known.values()
        if one.kind == "municipality"
    ]


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    caches: Sequence[tuple[Sequence[str], Iterable[Sequence[Cell]]]] = (),
    saved: str = "2026-09-11T06:12:00Z",
    calculated: Sequence[str] = ("Andel",),
    dimension: str = "A1",
) -> bytes:
    """An .xlsx with sheets of inline texts (and a wrong dimension) and pivot caches."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(
            "docProps/core.xml",
            '<cp:coreProperties xmlns:cp="x" xmlns:dcterms="y">'
            f"<dcterms:modified>{saved}</dcterms:modified></cp:coreProperties>",
        )
        tabs = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in enumerate(sheets, start=1)
        )
        zipped.writestr(
            "xl/workbook.xml",
            f'{DECLARATION}<workbook {NAMESPACE} xmlns:r="{RELATION}"><sheets>{tabs}</sheets>'
            "</workbook>",
        )
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{RELATION}/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        zipped.writestr(
            "xl/_rels/workbook.xml.rels", f"{DECLARATION}<Relationships>{links}</Relationships>"
        )
        for n, rows in enumerate(sheets.values(), start=1):
            body = "".join(map(_row, range(1, len(rows) + 1), rows))
            zipped.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'{DECLARATION}<worksheet {NAMESPACE}><dimension ref="{dimension}"/><sheetData>'
                f"{body}</sheetData></worksheet>",
            )
        for n, (fields, records) in enumerate(caches, start=1):
            definition, body = cache(fields, records, calculated=calculated)
            zipped.writestr(f"xl/pivotCache/pivotCacheDefinition{n}.xml", definition)
            zipped.writestr(
                f"xl/pivotCache/_rels/pivotCacheDefinition{n}.xml.rels",
                f'<Relationships><Relationship Id="rId1" Type="{RELATION}/pivotCacheRecords" '
                f'Target="pivotCacheRecords{n}.xml"/></Relationships>',
            )
            zipped.writestr(f"xl/pivotCache/pivotCacheRecords{n}.xml", body)
    return target.getvalue()


def cache(
    fields: Sequence[str],
    records: Iterable[Sequence[Cell]],
    *,
    calculated: Sequence[str] = (),
) -> tuple[str, str]:
    """Definition and records of a pivot cache: texts are shared, numbers are not."""
    kept = list(records)
    shared: list[dict[Cell, int]] = [{} for _ in fields]
    textual = [any(isinstance(row[at], str) for row in kept) for at in range(len(fields))]
    lines = []
    for row in kept:
        cells = []
        for at, cell in enumerate(row):
            if cell is None:
                cells.append("<m/>")
            elif textual[at]:
                cells.append(f'<x v="{shared[at].setdefault(cell, len(shared[at]))}"/>')
            else:
                cells.append(f'<n v="{cell!r}"/>')
        lines.append(f"<r>{''.join(cells)}</r>")
    described = "".join(
        f"<cacheField name={quoteattr(name)}><sharedItems>"
        + "".join(
            f"<s v={quoteattr(one)}/>" if isinstance(one, str) else f'<n v="{one!r}"/>'
            for one in shared[at]
        )
        + "</sharedItems></cacheField>"
        for at, name in enumerate(fields)
    )
    described += "".join(
        f'<cacheField name={quoteattr(name)} formula="x" databaseField="0"/>' for name in calculated
    )
    return (
        f'{DECLARATION}<pivotCacheDefinition {NAMESPACE} recordCount="{len(kept)}">'
        f"<cacheFields>{described}</cacheFields></pivotCacheDefinition>",
        f'{DECLARATION}<pivotCacheRecords {NAMESPACE} count="{len(kept)}">{"".join(lines)}'
        "</pivotCacheRecords>",
    )


def share_records(months: Sequence[str], *, residual: int = 7) -> list[list[Cell]]:
    """Invented records of the share file: all municipalities, and persons without one.

    Foreign-born women of place number n in month number m: 10 + n + m of 100 + n.
    """
    rows: list[list[Cell]] = []
    for m, month in enumerate(months):
        for n, (_, county, name) in enumerate(places()):
            rows.append([month, county, name, *_share(10 + n + m, 100 + n)])
        rows.append([month, "Skåne län", "Uppgift saknas", *[float(residual)] * 11, *[None] * 11])
    return rows


def _share(base: int, force: int) -> list[Cell]:
    """Groups in the order of GROUPS: women and men, native- and foreign-born, and their sums."""
    sok = {"UTRK": base, "UTRM": base + 1, "INRK": base + 2, "INRM": base + 3}
    ak = {"UTRK": force + 1 / 12, "UTRM": force + 2, "INRK": 9 * force, "INRM": 9 * force + 0.5}
    figures: list[Cell] = []
    for own in (sok, ak):
        whole: dict[str, float] = {
            **own,
            "INR": own["INRK"] + own["INRM"],
            "UTR": own["UTRK"] + own["UTRM"],
            "KVI": own["INRK"] + own["UTRK"],
            "MAN": own["INRM"] + own["UTRM"],
            "TOT": sum(own.values()),
            "UNG": 1,
            "GYK": 2,
        }
        figures += [whole[group] for group in GROUPS]
    return figures


def share_workbook(months: Sequence[str], **options: int) -> bytes:
    """The file of registered unemployed as a share of the labour force."""
    return workbook(
        {"Info": [["Syntetisk fil"]], "Antal": [["PERIOD"]], "Andel": [["PERIOD"]]},
        caches=[(SHARE_FIELDS, share_records(months, **options))],
    )


def one_place_workbook(months: Sequence[str], *, place: str = "Malmö") -> bytes:
    """The share file with one municipality in all months, and the others in the last one only."""
    records = [row for row in share_records(months) if row[2] == place or row[0] == months[-1]]
    return workbook({"Info": [["Syntetisk fil"]]}, caches=[(SHARE_FIELDS, records)])


def time_workbook(
    months: Sequence[str], *, regions: Sequence[str] = ("Sverige", "Europa", "Övriga länder")
) -> bytes:
    """The file of time without work: counts below 5 hidden in Bjurholm, on every sheet."""
    heads = {
        "Total": ("", [""]),
        "Kön": ("KOEN", ["K", "M"]),
        "Ålder": ("ALDER", ["18-24 år"]),
        "Födelseland": ("FÖDELSELAND", regions),
    }
    sheets: dict[str, list[list[Cell]]] = {"Info": [["Syntetisk fil"]]}
    for name, (field, words) in heads.items():
        own = [field] if field else []
        rows: list[list[Cell]] = [["Inskrivna arbetslösa"], [], ["Källa"], []]
        rows.append(["PERIOD", "LÄN", "KOMMUN", *own, *TIME_COUNTS])
        for month in months:
            for n, (code, county, place) in enumerate(places()):
                for word in words:
                    whole = (60 + 6 * n) // len(words)
                    few = "<5" if code == "2403" else whole // 10
                    counts = [whole, whole // 2, whole // 5, few]
                    rows.append([month, county, place, *([word] if field else []), *counts])
        sheets[name] = rows
    return workbook(sheets)


def _row(number: int, cells: Sequence[Cell]) -> str:
    found = []
    for at, cell in enumerate(cells):
        place = f"{chr(ord('A') + at)}{number}"
        if isinstance(cell, str) and cell.startswith("="):
            found.append(f'<c r="{place}"><f>{escape(cell[1:])}</f><v>1</v></c>')
        elif isinstance(cell, str):
            found.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        elif cell is not None:
            found.append(f'<c r="{place}"><v>{cell!r}</v></c>')
    return f'<row r="{number}">{"".join(found)}</row>'
