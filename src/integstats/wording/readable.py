"""Any result as a table that people read: words for codes, numbers with units, no code names."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from integstats.catalogue import Language
from integstats.errors import UnknownCodeError, did_you_mean
from integstats.table import require
from integstats.wording.columns import VALUE_UNITS, cell, described


def readable(
    table: pd.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    kind: str = "",
    unit: str = "",
    lang: Language = "sv",
) -> pd.DataFrame:
    """Return a result in the words of its readers, for a notebook, a document or a screen.

    Parameters
    ----------
    table
        A public result: the one table, or what a function of the package returned. A column that
        none of them has, as a key of own figures, keeps its name.
    columns
        Which columns, in order, by their code names; all when left out. A column ``unit`` says
        what its row is counted in, shown or not.
    lang
        Language.

    Returns
    -------
    pandas.DataFrame
        Text only, for reading and not for computing: as many rows as `table`, headers instead of
        code names, decimal commas in Swedish, ``..`` where a figure is missing. The first column
        is the index, so that it is a header of its row.

    Raises
    ------
    SchemaError
        When a column named is not there.
    UnknownCodeError
        When there is no such unit.

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["1280", "00"], "gap_pp": [21.3312, float("nan")]})
    >>> readable(frame).reset_index().to_numpy().tolist()
    [['Malmö', '21,3'], ['Sverige', '..']]
    >>> readable(frame, columns=["gap_pp"], lang="en").index.tolist()
    ['21.3', '..']
    >>> ahead = pd.DataFrame({"origin": pd.period_range("2026-06", periods=1, freq="M"),
    ...                       "forecast": [0.174], "error": [-0.0052]})
    >>> shown = readable(ahead, kind="forecast", unit="share")
    >>> shown.columns.name, *shown.index, *shown.iloc[0]
    ('Prognosens utgångsperiod', 'juni 2026', '17,4\xa0%', '−0,52 procentenheter')
    """
    if unit and unit not in VALUE_UNITS:
        raise UnknownCodeError(
            f"Unknown unit: {unit!r}.{did_you_mean(unit, VALUE_UNITS)} Known: "
            f"{', '.join(VALUE_UNITS)}."
        )
    names = list(table.columns if columns is None else columns)
    require(table, names, what="readable()")
    found = [described(str(one), kind=kind) for one in names]
    units = table["unit"].astype(str) if "unit" in table else [unit] * len(table)
    rows = [
        [
            cell(one, value, row_unit=row_unit, lang=lang)
            for one, value in zip(found, values, strict=True)
        ]
        for values, row_unit in zip(
            table[names].itertuples(index=False, name=None), units, strict=True
        )
    ]
    headers = [one.header(lang) for one in found]
    made = pd.DataFrame(rows, columns=headers, dtype=object).set_index(headers[0])
    # The corner of the table names the index; a name of its own would be a second line of headers.
    return made.rename_axis(None).rename_axis(columns=headers[0])
