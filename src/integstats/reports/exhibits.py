"""What stands around a chart in a page or a document: number, heading, caption, description."""

from __future__ import annotations

from dataclasses import dataclass

from integstats.charts.chart import Chart
from integstats.reports.report import Report, Section
from integstats.wording.claims import Text


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A chart and its words, none of them said twice.

    Attributes
    ----------
    number
        Its place among all charts of the report, from 1.
    chart
        The chart.
    heading
        Its title, where its section has several charts; else blank.
    verdict
        What is judged, where the section does not say it already; else blank.
    caption
        The subtitle, after the title where no heading has said it.
    description
        The long description, where the section does not say it already; else blank.
    notes
        What stands below the chart but not below the whole report.
    """

    number: int
    chart: Chart
    heading: str
    verdict: str
    caption: str
    description: str
    notes: tuple[str, ...]


def exhibits(report: Report) -> tuple[tuple[Exhibit, ...], ...]:
    """Return the charts of each section with what stands around them."""
    found: list[tuple[Exhibit, ...]] = []
    number = 0
    for section in report.sections:
        own = []
        for chart in section.charts:
            number += 1
            own.append(_exhibit(report, section, chart, number))
        found.append(tuple(own))
    return tuple(found)


def _exhibit(report: Report, section: Section, chart: Chart, number: int) -> Exhibit:
    title, subtitle = chart.title.text, chart.subtitle.text
    heading = title if len(section.charts) > 1 else ""
    told = heading or title == report.title.text
    return Exhibit(
        number=number,
        chart=chart,
        heading=heading,
        verdict=_unless_said(chart.verdict, section),
        caption=subtitle if told else f"{title}. {subtitle}",
        description=_unless_said(chart.description, section),
        notes=tuple(note for note in chart.footer if note not in report.footer),
    )


def _unless_said(text: Text | None, section: Section) -> str:
    """Return a text, or nothing where every sentence of it stands in the section."""
    if text is None:
        return ""
    said = {claim.render(one.lang) for one in section.paragraphs for claim in one.claims}
    again = [claim.render(text.lang) in said for claim in text.claims]
    return "" if again and all(again) else text.text
