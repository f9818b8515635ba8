"""What a page and a document say around charts and tables, and which rows a table leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from integstats.catalogue import Language, Source
from integstats.wording import numbers
from integstats.wording.columns import MISSING
from integstats.wording.terms import Words, pick

LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
"""The languages as office programs call them."""
LABELS: Words = {
    "skip": ("Hoppa till innehållet", "Skip to the content"),
    "chart": ("Diagram", "Chart"),
    "table": ("Tabell", "Table"),
    "scroll_chart": ("kan rullas i sidled", "can be scrolled sideways"),
    "hint": (
        "Rulla bilden i sidled för att se hela.",
        "Scroll the picture sideways to see it all.",
    ),
    "scroll_table": ("kan rullas", "can be scrolled"),
    "figures": ("Siffrorna i diagram", "The figures of chart"),
    "description": ("Beskrivning av diagram", "Description of chart"),
    "contents": ("Innehåll", "Contents"),
    "licence": ("Licens", "Licence"),
    "updated": ("uppdaterad", "updated"),
    "table_id": ("tabell", "table"),
    "page": ("Sida", "Page"),
    "not_shown": ("uppgiften visas inte", "not shown"),
    "invented": (
        "Påhittade tal. Siffrorna beskriver inget verkligt område.",
        "Invented figures. They describe no real area.",
    ),
}


def label(name: str, lang: Language = "sv") -> str:
    """Return a fixed word of a page or document.

    Examples
    --------
    >>> label("chart"), label("chart", "en")
    ('Diagram', 'Chart')
    """
    return pick(LABELS, name, lang)


def shortened(
    *, since: str, shown: int, total: int, sheet: str, workbook: str, lang: Language = "sv"
) -> str:
    """Return which rows a table shows, and where the others are.

    Parameters
    ----------
    since
        The first period shown, in words; blank where the table is simply its first rows.
    shown, total
        How many rows are shown, and how many there are.
    sheet, workbook
        Stems of the data sheet and the workbook that hold all.
    lang
        Language.

    Examples
    --------
    >>> shortened(since="mars 2025", shown=30, total=99, sheet="gap", workbook="malmo")
    'Tabellen börjar med mars 2025. Alla rader finns i malmo.xlsx och gap.csv.'
    >>> shortened(since="", shown=0, total=580, sheet="gap", workbook="malmo")
    'Tabellen har 580 rader. De finns i malmo.xlsx och gap.csv.'
    """
    rows, of = (numbers.count(one, lang=lang) for one in (shown, total))
    swedish = lang == "sv"
    where = f"{workbook}.xlsx {'och' if swedish else 'and'} {sheet}.csv."
    if not shown:
        if swedish:
            return f"Tabellen har {of} rader. De finns i {where}"
        return f"The table has {of} rows. They are in {where}"
    if swedish:
        what = f"börjar med {since}" if since else f"visar {rows} av {of} rader"
        return f"Tabellen {what}. Alla rader finns i {where}"
    what = f"begins with {since}" if since else f"shows {rows} of {of} rows"
    return f"The table {what}. All rows are in {where}"


def for_all_rows(alike: Sequence[tuple[str, str]], lang: Language = "sv") -> str:
    """Return what is the same in all rows of a table, by header.

    Examples
    --------
    >>> for_all_rows([("Område", "Malmö"), ("Ålder", "20–64")])
    'I alla rader: Område: Malmö. Ålder: 20–64.'
    """
    said = " ".join(f"{header}: {text}." for header, text in alike)
    return f"{'I alla rader' if lang == 'sv' else 'In all rows'}: {said}"


def missing(lang: Language = "sv") -> str:
    """Return what two dots in a table mean."""
    if lang == "sv":
        return f"{MISSING} betyder att uppgiften saknas."
    return f"{MISSING} means that the figure is missing."


def source_text(source: Source, lang: Language = "sv") -> str:
    """Return a source as an entry in a list, without its name: who, which table, when updated."""
    publisher = source.dataset.publisher
    who = publisher.name_sv if lang == "sv" else publisher.name_en
    parts = [who]
    if source.dataset.table_id:
        parts.append(f"{label('table_id', lang)} {source.dataset.table_id}")
    parts.append(f"{label('updated', lang)} {source.updated}")
    licence = f" {label('licence', lang)}: {publisher.licence}." if publisher.licence else ""
    return f"{', '.join(parts)}.{licence}"
