"""The figures of a chart as readers see them in a table: words for codes, numbers with units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from integstats.charts.chart import Chart
from integstats.wording import columns, numbers
from integstats.wording.document_words import for_all_rows, label, missing

NOTE = "note"
PATH = "path"
SUPPRESSED = "suppressed"
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class ReaderTable:
    """A table of texts.

    Attributes
    ----------
    headers
        One for each column.
    rows
        The texts of each row, as many as headers; none is empty.
    numeric
        Whether a column holds figures, which are set to the right.
    total
        How many rows there are, those that were left out included.
    since
        The first period shown, in words, where earlier ones were left out; else blank.
    notes
        What must be known to read the cells.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    total: int
    since: str = ""
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether no row was left out."""
        return len(self.rows) == self.total


def reader_table(chart: Chart, *, most: int | None = None) -> ReaderTable:
    """Return the figures of a chart as a reader's table: the columns `Chart.shown`, or all.

    Parameters
    ----------
    chart
        The chart.
    most
        Rows at most: those of the latest periods, whole ones; where a single period has more, its
        first rows.

    Returns
    -------
    ReaderTable
        Cells as `integstats.wording.columns.cell` writes them. A missing figure in a row that is
        suppressed says so; on a target path, where there is no interval and no number of persons
        to miss, stands a dash. What is the same in all rows is a note instead of a column.
    """
    names = chart.shown or tuple(str(one) for one in chart.data)
    described = [columns.described(name, kind=chart.kind) for name in names]
    data, since = _latest(chart.data, most)
    units = data["unit"] if "unit" in data else [""] * len(data)
    rows = tuple(
        tuple(
            absent
            if absent and columns.is_missing(value)
            else columns.cell(one, value, row_unit=str(unit), lang=chart.lang)
            for one, value in zip(described, values, strict=True)
        )
        for values, unit, absent in zip(
            data[list(names)].itertuples(index=False, name=None),
            units,
            _absent(data, label("not_shown", chart.lang)),
            strict=True,
        )
    )
    headers = tuple(one.header(chart.lang) for one in described)
    numeric = tuple(pd.api.types.is_numeric_dtype(data[name]) for name in names)
    same = _same(rows, numeric)
    lacking = any(text == columns.MISSING for row in rows for text in row)
    alike = [(headers[at], rows[0][at]) for at in same if rows[0][at] != columns.NOTHING]
    return ReaderTable(
        headers=_without(headers, same),
        rows=tuple(_without(row, same) for row in rows),
        numeric=_without(numeric, same),
        total=len(chart.data),
        since="" if since is None else numbers.period(since, lang=chart.lang),
        notes=(
            *((for_all_rows(alike, chart.lang),) if alike else ()),
            *((missing(chart.lang),) if lacking else ()),
        ),
    )


def _same(rows: Sequence[tuple[str, ...]], numeric: Sequence[bool]) -> list[int]:
    """Return the columns of words that say the same in all of several rows; never all of them."""
    words = [at for at, one in enumerate(numeric) if not one]
    found = [at for at in words if len(rows) > 1 and len({row[at] for row in rows}) == 1]
    return found[1:] if found == words else found


def _without(items: tuple[_Item, ...], left_out: Sequence[int]) -> tuple[_Item, ...]:
    return tuple(one for at, one in enumerate(items) if at not in left_out)


def _latest(data: pd.DataFrame, most: int | None) -> tuple[pd.DataFrame, object | None]:
    """Return the rows of the latest periods, in their order, and the first period of them."""
    if most is None or len(data) <= most:
        return data, None
    if "period" in data:
        rows = data["period"].value_counts().sort_index(ascending=False).cumsum()
        kept = rows[(rows <= most).to_numpy()]
        if len(kept):
            return data[data["period"].isin(kept.index).to_numpy()], kept.index[-1]
        data = data[(data["period"] == rows.index[0]).to_numpy()]
    return data.iloc[:most], None


def _absent(data: pd.DataFrame, suppressed: str) -> list[str]:
    """Return for each row what stands for a missing figure; blank where it is simply missing."""
    notes = data[[name for name in data if name == NOTE or str(name).endswith(f"_{NOTE}")]]
    hidden = (notes.astype(str) == SUPPRESSED).any(axis="columns")
    path = data["line"].astype(str) == PATH if "line" in data else [False] * len(data)
    return [
        columns.NOTHING if on_path else suppressed if one else ""
        for on_path, one in zip(path, hidden, strict=True)
    ]
