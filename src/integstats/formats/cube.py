"""The cube: what a publisher's table is before it becomes rows.

A statistical answer is a dense array with named axes. It is kept as that (values, symbols,
dimensions with codes, labels, units and notes) until somebody needs rows, because arithmetic,
selection and checks on the array are many times faster than on a long table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.formats.symbols import Symbols

Role = Literal["time", "metric", "geo"]

_PERIOD = re.compile(
    r"(?P<year>\d{4})"
    r"(?:M(?P<month>\d{1,2})|-(?P<iso_month>\d{2})|-?[QK](?P<quarter>\d))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Unit:
    """The unit of one measure.

    Attributes
    ----------
    base
        The unit in the publisher's words, such as ``"number"`` or ``"percent"``.
    decimals
        Decimals the publisher shows, or None when it does not say.
    """

    base: str
    decimals: int | None = None


@dataclass(frozen=True)
class Dimension:
    """One axis of a cube.

    Attributes
    ----------
    code, label
        The variable's code (always a string) and its text.
    codes, labels
        Codes and texts of the categories, in the order of the axis. Codes are unique, labels
        need not be.
    role
        ``"time"``, ``"metric"``, ``"geo"`` or None. SCB never marks ``"geo"``.
    units
        Unit of a category, by category code; only measures have one.
    notes, mandatory_notes
        The variable's notes, and those of them that must be shown wherever the data is.
    category_notes, mandatory_category_notes
        The same for single categories, by category code.
    elimination, elimination_code
        Whether the variable may be left out of a query, and the category that then stands for
        it; None when the publisher does not say.
    extension
        What the publisher said beyond this, as it came.
    """

    code: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    role: Role | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    mandatory_notes: tuple[str, ...] = ()
    category_notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mandatory_category_notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elimination: bool | None = None
    elimination_code: str | None = None
    extension: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.codes) != len(self.labels):
            raise SchemaError(
                f"Variable {self.code!r} has {len(self.codes)} codes and {len(self.labels)} "
                "labels; every category needs one of each."
            )
        if len(set(self.codes)) != len(self.codes):
            twice = next(code for code in self.codes if self.codes.count(code) > 1)
            raise SchemaError(
                f"Variable {self.code!r} has the category code {twice!r} more than once; codes "
                "must be unique."
            )

    def positions(self, codes: Sequence[str]) -> list[int]:
        """Return where on the axis these categories are.

        Raises
        ------
        UnknownCodeError
            The variable has no such category; the message names the nearest.
        """
        where = {code: at for at, code in enumerate(self.codes)}
        for code in codes:
            if code not in where:
                raise UnknownCodeError(
                    f"Unknown code in {self.code!r} ({self.label}): {code!r}."
                    f"{did_you_mean(code, self.codes)} It has {len(self.codes)} codes, "
                    f"{_sample(self.codes)}."
                )
        return [where[code] for code in codes]

    def select(self, positions: Sequence[int]) -> Dimension:
        """Return the dimension with only the categories at these positions, in this order."""
        codes = tuple(self.codes[at] for at in positions)
        kept = set(codes)
        return replace(
            self,
            codes=codes,
            labels=tuple(self.labels[at] for at in positions),
            units={code: unit for code, unit in self.units.items() if code in kept},
            category_notes={c: notes for c, notes in self.category_notes.items() if c in kept},
            mandatory_category_notes={
                c: notes for c, notes in self.mandatory_category_notes.items() if c in kept
            },
        )

    def periods(self) -> pd.PeriodIndex:
        """Return the categories as periods of one frequency.

        Raises
        ------
        SchemaError
            A code is no period, two are the same, or they are of several lengths.

        Examples
        --------
        >>> Dimension("Tid", "månad", ("2020M01", "2020M02"), ("", ""), role="time").periods()
        PeriodIndex(['2020-01', '2020-02'], dtype='period[M]')
        """
        periods = [parse_period(code) for code in self.codes]
        first: dict[str, str] = {}
        seen: dict[pd.Period, str] = {}
        for code, period in zip(self.codes, periods, strict=True):
            first.setdefault(period.freqstr, code)
            if period in seen:
                raise SchemaError(
                    f"Variable {self.code!r}: {seen[period]!r} and {code!r} are the same period."
                )
            seen[period] = code
        if len(first) > 1:
            raise SchemaError(
                f"Variable {self.code!r} mixes periods of several lengths: "
                f"{', '.join(repr(code) for code in first.values())}. Select those of one length."
            )
        return pd.PeriodIndex(periods, freq=next(iter(first), "M"))


@dataclass(frozen=True, eq=False)
class Cube:
    """A publisher's table as it was answered.

    Attributes
    ----------
    label, source, updated, table_id, language
        Title, publisher, time of the last update as the publisher wrote it, table id and
        language code; None where the answer does not say.
    dimensions
        The axes, slowest first.
    values
        float64 array with one axis per dimension; NaN is missing, never zero. Read-only.
    status
        Symbol of a cell by flat row-major position, for the cells that have one (``".."``,
        ``"."``, ``"-"``). Any mapping may be given; it is kept as `Symbols`.
    notes, mandatory_notes
        Notes to the whole table, and those of them that must be shown wherever the data is.
    extension
        What the publisher said beyond this, as it came.
    has_values
        False for an answer that describes a table and holds no figures; `values` is then all
        NaN and takes no memory.
    """

    label: str
    source: str | None
    updated: str | None
    table_id: str | None
    language: str | None
    dimensions: tuple[Dimension, ...]
    values: npt.NDArray[np.float64]
    status: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    mandatory_notes: tuple[str, ...] = ()
    extension: Mapping[str, Any] = field(default_factory=dict)
    has_values: bool = True

    def __post_init__(self) -> None:
        codes = [dimension.code for dimension in self.dimensions]
        if len(set(codes)) != len(codes):
            raise SchemaError(f"Two variables have the same code: {', '.join(map(repr, codes))}.")
        if self.values.dtype != np.float64 or self.values.shape != self.shape:
            raise SchemaError(
                f"The values of {self.label!r} are {self.values.dtype} of shape "
                f"{self.values.shape}; the variables {', '.join(map(repr, codes))} need float64 "
                f"of shape {self.shape}."
            )
        values = self.values.view()
        values.flags.writeable = False
        object.__setattr__(self, "values", values)
        if not isinstance(self.status, Symbols):
            marks = Symbols.at(self.size, list(self.status), list(self.status.values()))
            object.__setattr__(self, "status", marks)
        if len(self._symbols.codes) != self.size:
            raise SchemaError(
                f"{self.label!r} has {self.size} cells and symbols for {len(self._symbols.codes)}."
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of categories of each dimension."""
        return tuple(len(dimension.codes) for dimension in self.dimensions)

    @property
    def size(self) -> int:
        """Number of cells."""
        return math.prod(self.shape)

    @property
    def notes_to_show(self) -> tuple[str, ...]:
        """Every mandatory note: the table's, its variables' and its categories', once each."""
        found = list(self.mandatory_notes)
        for dimension in self.dimensions:
            found += [f"{dimension.label}: {note}" for note in dimension.mandatory_notes]
            label = dict(zip(dimension.codes, dimension.labels, strict=True))
            for code, notes in dimension.mandatory_category_notes.items():
                found += [f"{label[code]}: {note}" for note in notes]
        return tuple(dict.fromkeys(found))

    def dimension(self, code: str) -> Dimension:
        """Return the dimension with this code.

        Raises
        ------
        UnknownCodeError
            The cube has no such dimension.
        """
        return self.dimensions[self._axis(code)]

    def select(self, codes: Mapping[str, str | Sequence[str]]) -> Cube:
        """Return the part of the cube with these categories.

        Parameters
        ----------
        codes
            Category codes by dimension code; one code or several. The result has them in this
            order. Dimensions not named stay whole; none is dropped.

        Raises
        ------
        UnknownCodeError
            The cube has no such dimension or category.
        """
        values, status = self.values, self._symbols.codes.reshape(self.shape)
        dimensions = list(self.dimensions)
        for name, wanted in codes.items():
            axis = self._axis(name)
            chosen = (wanted,) if isinstance(wanted, str) else wanted
            positions = dimensions[axis].positions(chosen)
            dimensions[axis] = dimensions[axis].select(positions)
            if self.has_values:
                values = values.take(positions, axis=axis)
                status = status.take(positions, axis=axis)
        if not self.has_values:
            shape = tuple(len(dimension.codes) for dimension in dimensions)
            values, status = np.broadcast_to(np.nan, shape), np.broadcast_to(np.int8(0), shape)
        return replace(
            self,
            dimensions=tuple(dimensions),
            values=values,
            status=Symbols(status, self._symbols.symbols),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the cube as one row per cell, in row-major order.

        Returns
        -------
        pandas.DataFrame
            One categorical column per dimension, named by its code: the categories are the
            codes as strings, in the order of the cube; of a time dimension they are a
            `pandas.PeriodIndex`, so that a period takes one or two bytes a row and is parsed once
            (``.astype("period[M]")`` gives a plain Period column). Then `value` (float64, NaN
            where missing) and `status` (category of str, missing where the cell has no symbol).

        Raises
        ------
        UsageError
            The cube holds no values, being the description of a table.
        SchemaError
            A time code is no period, or a dimension is called ``value`` or ``status``.

        Examples
        --------
        >>> sex = Dimension("Kon", "kön", ("1", "2"), ("män", "kvinnor"))
        >>> time = Dimension("Tid", "år", ("2023", "2024"), ("2023", "2024"), role="time")
        >>> values = np.array([[5.0, 6.0], [7.0, np.nan]])
        >>> Cube("x", None, None, None, "sv", (sex, time), values, {3: ".."}).to_frame()
          Kon   Tid  value status
        0   1  2023    5.0    NaN
        1   1  2024    6.0    NaN
        2   2  2023    7.0    NaN
        3   2  2024    NaN     ..
        """
        if not self.has_values:
            raise UsageError(
                f"{self.label!r} describes a table and holds no values; ask the publisher for data."
            )
        columns: dict[str, Any] = {}
        for axis, dimension in enumerate(self.dimensions):
            if dimension.code in ("value", "status"):
                raise SchemaError(
                    f"A dimension is called {dimension.code!r}, which is the name of a column of "
                    "every frame; rename it in the cube first."
                )
            n = len(dimension.codes)
            codes = np.empty(self.shape, dtype=np.min_scalar_type(-max(n, 1)))
            codes[...] = np.arange(n).reshape([n if at == axis else 1 for at in range(codes.ndim)])
            categories = (
                dimension.periods()
                if dimension.role == "time"
                else pd.Index(dimension.codes, dtype="str")
            )
            columns[dimension.code] = _categorical(codes.reshape(-1), categories)
        columns["value"] = self.values.flatten()
        symbols = self._symbols
        columns["status"] = _categorical(symbols.codes - 1, pd.Index(symbols.symbols, dtype="str"))
        return pd.DataFrame(columns, copy=False)

    @property
    def _symbols(self) -> Symbols:
        assert isinstance(self.status, Symbols)
        return self.status

    def _axis(self, code: str) -> int:
        names = [dimension.code for dimension in self.dimensions]
        if code not in names:
            raise UnknownCodeError(
                f"Unknown variable: {code!r}.{did_you_mean(code, names)} "
                f"The cube has {', '.join(map(repr, names))}."
            )
        return names.index(code)


def parse_period(code: str) -> pd.Period:
    """Return the month, quarter or year that a publisher's time code means.

    Parameters
    ----------
    code
        ``2020M01`` or ``2020-01``, ``2020K2`` or ``2020Q2``, ``2020``.

    Raises
    ------
    SchemaError
        The code is an interval, a half-year or anything else; the message names it.

    Examples
    --------
    >>> parse_period("2020M01"), parse_period("2020K2"), parse_period("2020")
    (Period('2020-01', 'M'), Period('2020Q2', 'Q-DEC'), Period('2020', 'Y-DEC'))
    """
    found = _PERIOD.fullmatch(code)
    if found is None:
        _refuse_period(code)
    year, month = int(found["year"]), found["month"] or found["iso_month"]
    if month is not None:
        if not 1 <= int(month) <= 12:
            _refuse_period(code)
        return pd.Period(year=year, month=int(month), freq="M")
    if found["quarter"] is not None:
        if not 1 <= int(found["quarter"]) <= 4:
            _refuse_period(code)
        return pd.Period(year=year, quarter=int(found["quarter"]), freq="Q")
    return pd.Period(year=year, freq="Y")


def _refuse_period(code: str) -> NoReturn:
    raise SchemaError(
        f"Not a month, quarter or year: {code!r}. Time codes are read as 2020M01, 2020-01, "
        "2020K1, 2020Q1 or 2020; intervals, half-years and weeks are not supported."
    )


def _sample(codes: Sequence[str]) -> str:
    shown = ", ".join(repr(code) for code in codes[:5])
    return shown if len(codes) <= 5 else f"{shown}, …"


def _categorical(codes: npt.NDArray[Any], categories: pd.Index[Any]) -> pd.Categorical:
    dtype = pd.CategoricalDtype(categories)
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)
