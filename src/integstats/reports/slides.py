"""A report as slides whose charts can be edited."""

from __future__ import annotations

from integstats.reports.archive import dated
from integstats.reports.extras import require_office
from integstats.reports.report import Report


def pptx(report: Report) -> bytes:
    """Return a report as a PowerPoint presentation in 16 : 9.

    A title slide, but for a chart that stands alone, and a slide per chart: the message as title,
    the chart drawn by PowerPoint itself where it can be, what is measured, the verdict and the
    source as text. A table of targets is a table. A chart with more bars than can be read goes on
    over several slides; one with very many shows the first and says so. Every chart, table and
    picture has its alternative text, every text its language; the notes have the long text. The
    same report has the same bytes.

    Raises
    ------
    UsageError
        When python-pptx or openpyxl is not installed.
    """
    require_office("pptx", writes=".pptx")
    require_office("openpyxl", writes=".pptx")
    from integstats.reports import presentation

    return dated(presentation.written(report), report.dated)
