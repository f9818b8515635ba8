"""A report as a workbook: its figures, and what every name in it means."""

from __future__ import annotations

from integstats.reports.extras import require_office
from integstats.reports.report import Report


def xlsx(report: Report) -> bytes:
    """Return a report as an Excel workbook.

    A cover with links, a data sheet per chart, a sheet of targets where any is followed,
    definitions, sources and notes. Each sheet is one table with one header row; no cell is merged
    or empty, numbers are numbers and all text is text, whatever it begins with. The same report
    has the same bytes.

    Raises
    ------
    UsageError
        When openpyxl is not installed.
    """
    require_office("openpyxl", writes=".xlsx")
    from integstats.reports import workbook_sheets

    return workbook_sheets.written(report)
