"""A report as one self-contained web page: nothing is loaded from anywhere else."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from integstats.charts import theme
from integstats.charts.chart import Chart
from integstats.reports.cells import ReaderTable, reader_table
from integstats.reports.exhibits import Exhibit, exhibits
from integstats.reports.report import Report
from integstats.wording.document_words import label, shortened, source_text
from integstats.wording.printable import address, printable
from integstats.wording.report_sentences import heading

MOST_ROWS = 200
SMALLEST_TEXT = 8
"""Points: below it the picture no longer shrinks with the window but is scrolled."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the page may load: its own styles and the logo inside it; no script at all."""
_TAG = re.compile(r"<[^<>]*>")
_NAMED = re.compile(r'(\bid="|href="#|url\(#)')
_LABELLED = re.compile(r'aria-labelledby="([^"]*)"')


def html(report: Report) -> bytes:
    """Return a report as a web page.

    Headings in order, the charts as pictures with their texts, each with its long description and
    its figures in a table; of more than two hundred rows the latest. The same report has the same
    bytes.
    """
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{report.lang}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(report.title.text)}</title>",
        f"<style>\n{_styles(report)}</style>",
        "</head>",
        "<body>",
        f'<a class="skip" href="#main">{label("skip", report.lang)}</a>',
        *_header(report),
        '<main id="main" tabindex="-1">',
        f"<h1>{_text(report.title.text)}</h1>",
        *_invented(report),
        *_paragraphs([one.text for one in report.lead]),
        *_contents(report),
        *_sections(report),
        *_sources(report),
        "</main>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _text(text: str) -> str:
    return escape(printable(text))


def _paragraphs(texts: Sequence[str], style: str = "") -> Iterator[str]:
    opening = f'<p class="{style}">' if style else "<p>"
    for one in texts:
        yield f"{opening}{_text(one)}</p>"


def _styles(report: Report) -> str:
    text = files("integstats.reports").joinpath("page.css").read_text(encoding="utf-8")
    return text.replace("ACCENT", report.organisation.accent)


def _header(report: Report) -> Iterator[str]:
    by = report.organisation
    if by.logo is not None:
        data = base64.b64encode(by.logo).decode("ascii")
        picture = f'src="data:image/{by.logo_type};base64,{data}"'
        yield f'<header><img {picture} alt="{_text(by.name)}"></header>'
    elif by.name:
        yield f"<header><p>{_text(by.name)}</p></header>"


def _invented(report: Report) -> Iterator[str]:
    if report.synthetic:
        yield from _paragraphs([label("invented", report.lang)], "invented")


def _contents(report: Report) -> Iterator[str]:
    """Yield links to the sections of a report that has several."""
    headed = [(at, one.heading) for at, one in enumerate(report.sections, 1) if one.heading]
    if len(headed) < 2:
        return
    links = [f'<li><a href="#section-{at}">{_text(title)}</a></li>' for at, title in headed]
    yield f'<nav aria-label="{label("contents", report.lang)}"><ul>{"".join(links)}</ul></nav>'


def _sections(report: Report) -> Iterator[str]:
    for at, (section, shown) in enumerate(
        zip(report.sections, exhibits(report), strict=True), start=1
    ):
        if section.heading:
            yield f'<h2 id="section-{at}">{_text(section.heading)}</h2>'
        yield from _paragraphs([one.text for one in section.paragraphs])
        for exhibit in shown:
            yield from _exhibit(report, exhibit, level=3 if section.heading else 2)


def _exhibit(report: Report, exhibit: Exhibit, *, level: int) -> Iterator[str]:
    lang, number = report.lang, exhibit.number
    name = f"{label('chart', lang)} {number}"
    if exhibit.heading:
        yield f"<h{level}>{_text(exhibit.heading)}</h{level}>"
    if exhibit.verdict:
        yield from _paragraphs([exhibit.verdict])
    yield "<figure>"
    yield _region("scroll", f"{name}, {label('scroll_chart', lang)}")
    yield _picture(exhibit.chart, f"chart-{number}")
    yield "</div>"
    yield f'<p class="hint">{label("hint", lang)}</p>'
    yield f"<figcaption><strong>{name}.</strong> {_text(exhibit.caption)}</figcaption>"
    yield "</figure>"
    if exhibit.description:
        yield f"<details><summary>{label('description', lang)} {number}</summary>"
        yield from _paragraphs([exhibit.description])
        yield "</details>"
    yield from _paragraphs(exhibit.notes, "note")
    yield from _figures(report, exhibit)


def _region(style: str, name: str) -> str:
    return f'<div class="{style}" role="region" aria-label="{name}" tabindex="0">'


def _picture(chart: Chart, name: str) -> str:
    """Return the chart as a part of the page: its ids its own, its size that of the window."""
    svg = chart.svg().decode("utf-8")
    svg = _TAG.sub(lambda tag: _renamed(tag[0], name), svg[svg.index("<svg") :])
    size = theme.size(chart.size)
    least = size.width * 72 * SMALLEST_TEXT / size.body
    svg = re.sub(r' (?:width|height)="[^"]*"', "", svg[: svg.index(">")]) + svg[svg.index(">") :]
    svg = svg.replace("<svg", f'<svg id="{name}" style="min-width:{least:.0f}pt"', 1)
    return re.sub(r"(<style[^>]*>)\*", rf"\1#{name} *", svg)


def _renamed(tag: str, name: str) -> str:
    tag = _NAMED.sub(rf"\1{name}-", tag)
    return _LABELLED.sub(
        lambda ids: f'aria-labelledby="{" ".join(f"{name}-{one}" for one in ids[1].split())}"', tag
    )


def _figures(report: Report, exhibit: Exhibit) -> Iterator[str]:
    chart, number = exhibit.chart, exhibit.number
    found = reader_table(chart, most=MOST_ROWS)
    name = f"{label('table', report.lang)} {number}"
    yield _region("tall", f"{name}, {label('scroll_table', report.lang)}")
    caption = f"{label('figures', report.lang)} {number}"
    yield f"<table><caption><strong>{name}.</strong> {caption}.</caption>"
    yield f"<thead>{_row(found, found.headers, scope='col')}</thead>"
    yield "<tbody>"
    yield from (_row(found, row) for row in found.rows)
    yield "</tbody></table></div>"
    rest = shortened(
        since=found.since,
        shown=len(found.rows),
        total=found.total,
        sheet=chart.name,
        workbook=report.name,
        lang=report.lang,
    )
    yield from _paragraphs([*found.notes, *([] if found.whole else [rest])], "note")


def _row(found: ReaderTable, texts: Sequence[str], *, scope: str = "") -> str:
    """Return a row whose first cell names it, or one of headers."""
    cells = []
    for at, (text, numeric) in enumerate(zip(texts, found.numeric, strict=True)):
        style = ' class="number"' if numeric else ""
        kind = scope or ("row" if at == 0 else "")
        tag, of = ("th", f' scope="{kind}"') if kind else ("td", "")
        cells.append(f"<{tag}{of}{style}>{_text(text)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _sources(report: Report) -> Iterator[str]:
    yield f"<h2>{heading('sources', report.lang)}</h2>"
    if report.sources:
        yield "<ul>"
        for source in report.sources:
            name, url = _text(source.dataset.name(report.lang)), address(source.dataset.url)
            linked = f'<a href="{escape(url)}">{name}</a>' if url else name
            yield f"<li>{linked}. {_text(source_text(source, report.lang))}</li>"
        yield "</ul>"
    yield from _paragraphs(report.footer)
