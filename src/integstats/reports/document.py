"""A report as a Word document, what a board paper is made of."""

from __future__ import annotations

from integstats.reports.archive import dated
from integstats.reports.extras import require_office
from integstats.reports.report import Report


def docx(report: Report) -> bytes:
    """Return a report as a Word document.

    Headings, texts and pictures in reading order; every picture has its alternative text and its
    long description, every table a header row that repeats and no merged cells. The figures of a
    chart stand in a table where their latest periods fit in thirty rows; all are in the workbook.
    The same report has the same bytes.

    Raises
    ------
    UsageError
        When python-docx is not installed.
    """
    require_office("docx", writes=".docx")
    from integstats.reports import word

    return dated(word.written(report), report.dated)
