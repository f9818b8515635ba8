"""The texts of a chart or a report as plain text, for whoever reads or posts them elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from integstats.charts.chart import Chart
from integstats.reports.exhibits import exhibits
from integstats.reports.report import Report
from integstats.wording import report_sentences
from integstats.wording.printable import printable


def of_chart(chart: Chart) -> bytes:
    """Return title, verdict, alt text and long description of a chart."""
    verdict = "" if chart.verdict is None else chart.verdict.text
    return _joined([*_named(chart), verdict, _alt(chart), chart.description.text, *chart.footer])


def of_report(report: Report) -> bytes:
    """Return all that a report says, each chart by its alt text and description, nothing twice."""
    parts = [report.title.text, *(one.text for one in report.lead)]
    for section, shown in zip(report.sections, exhibits(report), strict=True):
        parts += [section.heading.upper(), *(one.text for one in section.paragraphs)]
        for one in shown:
            parts += [*_named(one.chart), one.verdict, _alt(one.chart), one.description, *one.notes]
    return _joined(
        [*parts, report_sentences.heading("sources", report.lang).upper(), *report.footer]
    )


def _named(chart: Chart) -> tuple[str, str]:
    return chart.title.text, chart.subtitle.text


def _alt(chart: Chart) -> str:
    return f"{'Alternativtext' if chart.lang == 'sv' else 'Alt text'}: {chart.alt.text}"


def _joined(parts: Iterable[str]) -> bytes:
    return printable("\n\n".join(one for one in parts if one) + "\n").encode("utf-8")
