"""The texts of a chart or a report as plain text, for whoever reads or posts them elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from integstats.charts.chart import Chart
from integstats.reports.report import Report
from integstats.wording import report_sentences


def of_chart(chart: Chart) -> bytes:
    """Return title, verdict, alt text and long description of a chart."""
    return _joined([*_chart_parts(chart), *chart.footer])


def of_report(report: Report) -> bytes:
    """Return all that a report says, each chart by its alt text and description."""
    parts = [report.title.text, *(one.text for one in report.lead)]
    for section in report.sections:
        parts += [section.heading.upper(), *(one.text for one in section.paragraphs)]
        for chart in section.charts:
            parts += _chart_parts(chart)
    return _joined(
        [*parts, report_sentences.heading("sources", report.lang).upper(), *report.footer]
    )


def _chart_parts(chart: Chart) -> list[str]:
    alt = "Alternativtext: " if chart.lang == "sv" else "Alt text: "
    verdict = [chart.verdict.text] if chart.verdict is not None else []
    return [
        chart.title.text,
        chart.subtitle.text,
        *verdict,
        alt + chart.alt.text,
        chart.description.text,
    ]


def _joined(parts: Iterable[str]) -> bytes:
    return ("\n\n".join(one for one in parts if one) + "\n").encode("utf-8")
