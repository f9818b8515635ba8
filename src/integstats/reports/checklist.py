"""What was proven of the accessibility of a pack, and what a person must look at."""

from __future__ import annotations

from collections.abc import Sequence

from integstats.catalogue import Language
from integstats.reports.report import Report
from integstats.wording.printable import printable

_Both = tuple[str, str]

_TITLE: _Both = ("Tillgänglighet", "Accessibility")
_CLAIM: _Both = (
    "Exporterna är byggda och automatiskt provade mot de krav i EN 301 549 (WCAG 2.1 AA) som "
    "gäller diagram, tabeller och text. Det som maskiner inte kan prova står i en checklista i "
    "paketet. Ansvaret ligger kvar hos den som publicerar.",
    "The exports are built for, and tested by machine against, the requirements of EN 301 549 "
    "(WCAG 2.1 AA) that concern charts, tables and text. What machines cannot test is in a "
    "checklist in the pack. The responsibility remains with the publisher.",
)
_TESTED: _Both = (
    "Provat av maskiner, i programmets egna tester och inte på just dessa filer",
    "Tested by machines, in the program's own tests and not on these very files",
)
_MACHINE: tuple[_Both, ...] = (
    (
        "Webbsidan: inga fel mot WCAG 2.1 A och AA som axe-core kan hitta. Ingen vågrät rullning "
        "av sidan vid 360, 768 och 1280 bildpunkters bredd. Rubriker i ordning, språk, "
        "tabellrubriker, textalternativ.",
        "The web page: no violation of WCAG 2.1 A and AA that axe-core can find. No sideways "
        "scrolling of the page at widths of 360, 768 and 1280 pixels. Headings in order, "
        "language, table headers, text alternatives.",
    ),
    (
        "Word-dokumentet: textalternativ på varje bild, rubriknivåer utan hopp, upprepad "
        "rubrikrad, inga sammanfogade celler, språk och titel. Omvandlat till taggad PDF med "
        "LibreOffice: taggar, språk, titel, rubriker, tabellrubriker och textalternativ finns.",
        "The Word document: a text alternative for every picture, heading levels without gaps, "
        "a repeated header row, no merged cells, language and title. Converted to a tagged PDF "
        "by LibreOffice: tags, language, title, headings, table headers and text alternatives "
        "are there.",
    ),
    (
        "PowerPoint-bilderna: egen titel på varje bild, textalternativ på varje diagram, tabell "
        "och bild, läsordningen titel, diagram, text, språk på all text, ingen text under "
        "12 punkter och inget utanför bilden.",
        "The PowerPoint slides: a title of its own on every slide, a text alternative for every "
        "chart, table and picture, the reading order title, chart, text, the language of all "
        "text, no text below 12 points and nothing outside the slide.",
    ),
    (
        "Excel-arbetsboken: varje blad är en tabell med en rubrikrad, inga sammanfogade eller "
        "tomma celler, varje kolumn förklarad, språk och titel.",
        "The Excel workbook: every sheet is one table with one header row, no merged or empty "
        "cells, every column explained, language and title.",
    ),
    (
        "Diagrammen: kontrast minst 4,5 : 1 för text och 3 : 1 för linjer, färger som kan skiljas "
        "åt vid nedsatt färgseende, ingen text utanför bilden eller på annan text, textalternativ "
        "på 80–600 tecken med första och sista värdet.",
        "The charts: a contrast of at least 4.5 : 1 for text and 3 : 1 for lines, colours that "
        "can be told apart with impaired colour vision, no text outside the picture or on other "
        "text, a text alternative of 80–600 characters with the first and the last value.",
    ),
)
_CHECK: _Both = ("Detta måste en människa kontrollera", "This a person must check")
_PERSON: tuple[_Both, ...] = (
    (
        "Säger textalternativet det som bilden visar, i det sammanhang där den publiceras?",
        "Does the text alternative say what the picture shows, where it is published?",
    ),
    (
        "Är texten begriplig för dem som ska läsa den? Förklara ord som målbana och "
        "osäkerhetsintervall om läsarna inte känner dem.",
        "Is the text clear to those who will read it? Explain words such as target path and "
        "uncertainty interval if the readers do not know them.",
    ),
    (
        "Läs igenom webbsidan och dokumentet med en skärmläsare och med enbart tangentbord.",
        "Go through the web page and the document with a screen reader, and with the keyboard "
        "alone.",
    ),
    (
        "Om bilden (.png eller .svg) används någon annanstans: kopiera textalternativet ur .txt "
        "dit, och lägg tabellen eller en länk till den bredvid.",
        "If the picture (.png or .svg) is used elsewhere: copy the text alternative from the .txt "
        "along with it, and put the table or a link to it beside it.",
    ),
    (
        "Om texten eller diagrammen ändras: ändra textalternativen också.",
        "If texts or charts are changed: change the text alternatives too.",
    ),
    (
        "Öppna dokumentet, bilderna och arbetsboken i de program ni använder. De har provats i "
        "LibreOffice, inte i Microsoft Office.",
        "Open the document, the slides and the workbook in the programs that you use. They were "
        "tested in LibreOffice, not in Microsoft Office.",
    ),
    (
        "I PowerPoint: kontrollera läsordningen, och att inget hamnar utanför bilden med er egen "
        "mall.",
        "In PowerPoint: check the reading order, and that nothing leaves the slide with your own "
        "template.",
    ),
    (
        "I en PDF som ni själva gör: spara med taggar och dokumenttitel, och prova den med ett "
        "verktyg för PDF/UA. Ingen fullständig PDF/UA-provning har gjorts.",
        "In a PDF that you make yourselves: save it with tags and the document's title, and test "
        "it with a tool for PDF/UA. No complete test against PDF/UA has been made.",
    ),
    (
        "Sidan där filerna publiceras: språk, rubriker, länktexter och er "
        "tillgänglighetsredogörelse.",
        "The site where the files are published: language, headings, link texts and your "
        "accessibility statement.",
    ),
)
_LOGO: _Both = (
    "Logotypen: är den läsbar mot vit bakgrund, och räcker namnet {name} som dess textalternativ?",
    "The logo: is it legible on white, and does the name {name} suffice as its text alternative?",
)


def checklist(report: Report) -> bytes:
    """Return the checklist of accessibility as plain text, in the language of the report."""
    lang = report.lang
    logo = [_LOGO] if report.organisation.logo is not None else []
    by_hand = [_in(one, lang).format(name=report.organisation.name) for one in (*logo, *_PERSON)]
    parts = (
        _in(_TITLE, lang).upper(),
        report.title.text,
        _in(_CLAIM, lang),
        _in(_TESTED, lang) + ":",
        _listed("-", [_in(one, lang) for one in _MACHINE]),
        _in(_CHECK, lang) + ":",
        _listed("[ ]", by_hand),
    )
    return printable("\n\n".join(parts) + "\n").encode("utf-8")


def _in(words: _Both, lang: Language) -> str:
    return words[0 if lang == "sv" else 1]


def _listed(mark: str, lines: Sequence[str]) -> str:
    return "\n".join(f"{mark} {one}" for one in lines)
