"""The data sheet of a chart, as a file that people open in a spreadsheet."""

from __future__ import annotations

import io

import pandas as pd

from integstats.charts.chart import Chart
from integstats.wording import numbers
from integstats.wording.printable import printable

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv(chart: Chart) -> bytes:
    """Return the data sheet as CSV.

    Swedish: UTF-8 with a byte order mark, semicolons, decimal commas, as Swedish Excel opens it.
    English: plain. Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    swedish = chart.lang == "sv"
    frame = pd.DataFrame(
        {
            harmless(str(name)): [_cell(one, comma=swedish) for one in chart.data[name]]
            for name in chart.data
        }
    )
    target = io.StringIO()
    frame.to_csv(target, index=False, sep=";" if swedish else ",", lineterminator="\r\n")
    return target.getvalue().encode("utf-8-sig" if swedish else "utf-8")


def _cell(value: object, *, comma: bool) -> str:
    if isinstance(value, float):
        if value != value:
            return ""
        plain = format(numbers.exact(value), "f")
        return plain.replace(".", ",") if comma else plain
    return harmless(value) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """Return printable text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Malmö")
    ("'=1+1", 'Malmö')
    """
    text = printable(text)
    return f"'{text}" if text.startswith(FORMULA) else text
