"""What a workbook says beside its figures."""

from __future__ import annotations

from integstats.catalogue import Language
from integstats.wording import columns
from integstats.wording.terms import Words, pick

SHEETS: Words = {
    "cover": ("Omslag", "Cover"),
    "data": ("Data", "Data"),
    "targets": ("Mål", "Targets"),
    "definitions": ("Definitioner", "Definitions"),
    "sources": ("Källor", "Sources"),
    "notes": ("Anmärkningar", "Notes"),
}
KINDS: Words = {
    "gap_trend": ("Gap över tid", "Gap over time"),
    "target_path": ("Målbana", "Target path"),
    "target_table": ("Alla mål", "All targets"),
    "outlook": ("Prognos", "Forecast"),
    "base_rate": ("Tidigare förändringar", "Past changes"),
    "dumbbell": ("Jämförelse", "Comparison"),
    "ranked_dots": ("Jämförelse", "Comparison"),
    "small_multiples": ("Områden över tid", "Areas over time"),
    "funnel": ("Trattdiagram", "Funnel plot"),
    "choropleth": ("Karta", "Map"),
    "status_waterfall": ("Nettoförändring", "Net change"),
    "length_of_stay": ("Vistelsetid", "Length of stay"),
}
"""What the data sheet of a kind of chart is called, after its number."""
HEADERS: Words = {
    "what": ("Uppgift", "Item"),
    "content": ("Innehåll", "Content"),
    "term": ("Begrepp", "Term"),
    "code": ("Kodnamn", "Code name"),
    "unit": ("Enhet", "Unit"),
    "definition": ("Definition", "Definition"),
    "concerns": ("Gäller", "Concerns"),
    "note": ("Anmärkning", "Note"),
    "target": ("Mål", "Target"),
    "place": ("Område", "Area"),
    "value": ("Värde", "Value"),
    "publisher": ("Utgivare", "Publisher"),
    "register": ("Register", "Register"),
    "table": ("Tabell", "Table"),
    "name": ("Tabellens namn", "Name of the table"),
    "dataset": ("Datamängd", "Data set"),
    "vintage": ("Version", "Version"),
    "updated": ("Uppdaterad", "Updated"),
    "obtained": ("Hur uppgifterna erhållits", "How the figures were obtained"),
    "licence": ("Licens", "Licence"),
    "url": ("Webbadress", "Web address"),
    "sha256": ("Råfilernas kontrollsummor (SHA-256)", "Checksums of the raw files (SHA-256)"),
}
COVER: Words = {
    "title": ("Titel", "Title"),
    "lead": ("Sammanfattning", "Summary"),
    "organisation": ("Utgivare", "Publisher"),
    "updated": ("Uppgifterna uppdaterade", "Figures updated"),
    "invented": ("Påhittade tal", "Invented figures"),
    "sheet": ("Blad", "Sheet"),
    "targets": (
        "Varje måls utgångsläge, senaste avläsning, målbana, bedömning, takt och personer.",
        "Baseline, latest reading, path, verdict, pace and persons of each target.",
    ),
    "definitions": (
        "Vad varje kolumn, mått och uppgift betyder, med kodnamn.",
        "What every column, measure and fact means, with its code name.",
    ),
    "sources": ("Varifrån uppgifterna kommer.", "Where the figures come from."),
    "notes": (
        "Tecken, förbehåll och beskrivningar av diagrammen.",
        "Signs, reservations and descriptions of the charts.",
    ),
}
OBTAINED: Words = {
    "fetched": ("hämtad", "fetched"),
    "carried over": ("återgiven", "carried over"),
    "saved by hand": ("sparad för hand", "saved by hand"),
    "unknown": ("okänt", "unknown"),
}
UNITS: Words = {
    "share": ("procent (lagrat som 0–1)", "per cent (stored as 0–1)"),
    "pp": ("procentenheter", "percentage points"),
    "ratio": ("kvot", "ratio"),
    "count": ("personer", "persons"),
    "whole": ("heltal", "whole number"),
    "number": ("tal", "number"),
    "value": ("enligt radens enhet", "by the unit of the row"),
    "difference": ("skillnad i radens enhet", "difference in the unit of the row"),
    "flag": ("ja eller nej", "yes or no"),
    "period": ("period", "period"),
    "age": ("år", "years"),
}
"""The units of `integstats.wording.columns.Column` in words; all others are text."""
TEXT = ("text", "text")
SIGNS: Words = {
    columns.MISSING: ("uppgiften saknas eller visas inte", "the figure is missing or not shown"),
    columns.NOTHING: ("inget att anmärka", "nothing to note"),
}
GENERAL: Words = {
    "all": ("Alla blad", "All sheets"),
    "shares": (
        "Andelar är lagrade som tal mellan 0 och 1 och visas som procent. Skillnader mellan "
        "andelar är procentenheter.",
        "Shares are stored as numbers between 0 and 1 and shown as per cent. Differences between "
        "shares are percentage points.",
    ),
    "no_source": (
        "Uppgifterna har ingen publicerad källa.",
        "The figures have no published source.",
    ),
}


def unit(name: str, lang: Language = "sv") -> str:
    """Return a unit in words.

    Examples
    --------
    >>> unit("pp"), unit("word")
    ('procentenheter', 'text')
    """
    return pick(UNITS, name, lang) if name in UNITS else TEXT[0 if lang == "sv" else 1]


def data_sheet(number: int, kind: str, lang: Language = "sv") -> str:
    """Return the name of the data sheet of a chart.

    Examples
    --------
    >>> data_sheet(1, "gap_trend"), data_sheet(2, "another")
    ('Data 1 Gap över tid', 'Data 2')
    """
    name = f"{pick(SHEETS, 'data', lang)} {number}"
    return f"{name} {pick(KINDS, kind, lang)}" if kind in KINDS else name
