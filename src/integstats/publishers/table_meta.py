"""What a PxWeb table has: its variables and codes, and which of them an expression means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integstats.errors import (
    IntegstatsError,
    SourceChangedError,
    UnknownCodeError,
    UsageError,
    did_you_mean,
)

_COUNTED = re.compile(r"(TOP|BOTTOM)\((\d+)(?:,(\d+))?\)", re.IGNORECASE)
_BOUNDED = re.compile(r"(FROM|TO|RANGE)\((.+)\)", re.IGNORECASE)
_STARRED = re.compile(r"\*?[^*]*\*?")
_KEYWORD = re.compile(r"(TOP|BOTTOM|FROM|TO|RANGE)\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote; a mandatory one must be shown wherever the figures are."""

    text: str
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a content: its name, and with how many decimals it is published."""

    base: str
    decimals: int


@dataclass(frozen=True, slots=True)
class CodeListRef:
    """A code list a variable can be asked through (type ``Valueset`` or ``Aggregation``)."""

    id: str
    label: str
    type: str


@dataclass(frozen=True, slots=True)
class VariableMeta:
    """A variable of a table.

    Attributes
    ----------
    code, label
        How it is asked for, and how it is shown.
    codes, labels
        Its values in the table's order, and their labels in the same order.
    elimination
        Whether it may be left out (its values are then summed out by the publisher).
    elimination_code
        The value that stands for all of them when it is left out, where there is one.
    time, metric
        Whether it is the table's time variable, or holds its contents.
    units
        Per content code; empty for other variables.
    reference_periods
        Per content code, what period or point in time a value refers to.
    notes, value_notes
        On the variable, and per code.
    codelists
        The code lists it can be asked through.
    """

    code: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    elimination: bool
    elimination_code: str | None = None
    time: bool = False
    metric: bool = False
    units: Mapping[str, Unit] = field(default_factory=dict)
    reference_periods: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    value_notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    codelists: tuple[CodeListRef, ...] = ()


@dataclass(frozen=True, slots=True)
class TableMeta:
    """A table's metadata, as far as a request needs it, and the answer it was read from.

    Attributes
    ----------
    id
        The table as it was asked for.
    label, source, language
        The title, who publishes it, and the language both are in.
    updated
        When the publisher last updated it, as published (ISO 8601, UTC).
    variables
        In the order of the cube.
    notes
        On the whole table.
    codelists
        The code lists applied, per variable; they are sent with every data request.
    body, url, fetched_at
        The metadata answer, its address, and when it came (UTC).
    """

    id: str
    label: str
    source: str
    language: str
    updated: str
    variables: tuple[VariableMeta, ...]
    notes: tuple[Note, ...]
    codelists: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str
    fetched_at: datetime

    def variable(self, code: str, *, pinned: bool = False) -> VariableMeta:
        """Return the variable of this code; capitals do not matter.

        Raises
        ------
        UnknownCodeError
            When there is none; `SourceChangedError` if ``pinned``, see :meth:`resolve`.
        """
        by_code = {variable.code.casefold(): variable for variable in self.variables}
        found = by_code.get(code.casefold())
        if found is None:
            known = [variable.code for variable in self.variables]
            raise gone(
                f"Table {self.id} has no variable {code!r}.{did_you_mean(code, known)} "
                f"It has {', '.join(known)}.",
                pinned,
            )
        return found

    def resolve(self, variable: str, expression: str, *, pinned: bool = False) -> tuple[str, ...]:
        """Return the codes that one code or expression means, in the order of the cube.

        The expressions are those of PxWebApi 2, with the server's meaning: ``*`` and ``ab*``,
        ``*ab``, ``*ab*``; ``?`` for one character; ``TOP(n[,offset])``, ``BOTTOM(n[,offset])``,
        ``FROM(code)``, ``TO(code)``, ``RANGE(code,code)``. On the time variable ``TOP(n)`` is the n
        newest periods and ``BOTTOM(n)`` the oldest; on any other, the first and the last n values.
        A code of the table is always that code, whatever it looks like. Capitals do not matter.

        Parameters
        ----------
        variable
            The code of the variable.
        expression
            A code or an expression.
        pinned
            The code does not come from a user but was pinned by a catalogue: that it is gone means
            that the publisher has changed the table.

        Raises
        ------
        UnknownCodeError
            When the table has no such variable or code, or the expression fits no code
            (`SourceChangedError` if ``pinned``).
        UsageError
            When the expression cannot be read.
        """
        found = self.variable(variable, pinned=pinned)
        if not isinstance(expression, str):
            raise UsageError(
                f"Codes are text: {found.code} was given {expression!r}. Write it in quotes."
            )
        code = _same(found.codes, expression)
        if code is not None:
            return (code,)
        codes = self._expand(found, expression, pinned)
        if not codes:
            raise self._unknown(found, expression, pinned)
        return codes

    def _expand(
        self, variable: VariableMeta, expression: str, pinned: bool
    ) -> tuple[str, ...] | None:
        codes = variable.codes
        if "*" in expression:
            if not _STARRED.fullmatch(expression):
                raise _illegal(variable, expression, "a * may stand first, last, or both")
            return _like(codes, expression, "*", ".*")
        if "?" in expression:
            return _like(codes, expression, "?", ".")
        if counted := _COUNTED.fullmatch(expression):
            count, offset = int(counted[2]), int(counted[3] or 0)
            if count == 0:
                raise _illegal(variable, expression, "the number must be at least 1")
            from_the_end = (counted[1].upper() == "TOP") == variable.time
            if from_the_end:
                stop = max(0, len(codes) - offset)
                return codes[max(0, stop - count) : stop]
            return codes[offset : offset + count]
        if bounded := _BOUNDED.fullmatch(expression):
            word, inside = bounded[1].upper(), bounded[2]
            limits = inside.split(",") if word == "RANGE" else [inside]
            if len(limits) != 1 + (word == "RANGE"):
                raise _illegal(variable, expression, "RANGE takes two codes")
            places = []
            for limit in limits:
                code = _same(codes, limit)
                if code is None:
                    raise self._unknown(variable, limit, pinned)
                places.append(codes.index(code))
            first = 0 if word == "TO" else min(places)
            last = len(codes) - 1 if word == "FROM" else max(places)
            return codes[first : last + 1]
        if _KEYWORD.match(expression):
            raise _illegal(variable, expression, "write TOP(12), FROM(2024M01) or RANGE(a,b)")
        return None

    def _unknown(self, variable: VariableMeta, code: str, pinned: bool) -> IntegstatsError:
        label = dict(zip(map(str.casefold, variable.labels), variable.codes, strict=True)).get(
            code.casefold()
        )
        near = (
            f" That is a label, its code is {label!r}."
            if label is not None
            else did_you_mean(code, variable.codes)
        )
        return gone(
            f"Table {self.id} has no value {code!r} of {variable.code} ({variable.label}).{near} "
            f"It has {len(variable.codes)}, {variable.codes[0]!r} to {variable.codes[-1]!r}.",
            pinned,
        )


def gone(message: str, pinned: bool) -> IntegstatsError:
    """Return the error for something a table does not have, by whoever said that it has."""
    if pinned:
        return SourceChangedError(
            f"{message} The publisher has changed the table: bring the catalogue up to date."
        )
    return UnknownCodeError(message)


def read_table_meta(
    parsed: Any,
    *,
    table_id: str,
    codelists: Mapping[str, str],
    body: bytes,
    url: str,
    fetched_at: datetime,
) -> TableMeta:
    """Read a JSON-stat 2 metadata answer.

    Raises
    ------
    SourceChangedError
        When it is not one.
    """
    try:
        role = parsed.get("role") or {}
        variables = tuple(
            _variable(code, size, parsed["dimension"][code], role)
            for code, size in zip(parsed["id"], parsed["size"], strict=True)
        )
        extension = parsed.get("extension") or {}
        return TableMeta(
            id=table_id,
            label=parsed.get("label") or "",
            source=parsed.get("source") or "",
            language=(extension.get("px") or {}).get("language") or "",
            updated=parsed.get("updated") or "",
            variables=variables,
            notes=_notes(parsed.get("note"), extension.get("noteMandatory")),
            codelists=dict(codelists),
            body=body,
            url=url,
            fetched_at=fetched_at,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceChangedError(
            f"The metadata of table {table_id} cannot be read ({type(error).__name__}: {error}); "
            f"{url} does not answer as PxWebApi 2 does. Open the address and compare."
        ) from error


def category_codes(dimension: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the codes of a JSON-stat dimension in order: by position, not as they happen to stand.

    Raises
    ------
    KeyError, TypeError, ValueError
        When it has none, or their positions are not 0, 1, 2, …
    """
    category = dimension["category"]
    index = category.get("index")
    if index is None:  # allowed where there is one value only
        index = list(category["label"])
        if len(index) != 1:
            raise ValueError("several values without an index")
    if isinstance(index, Mapping):
        if sorted(index.values()) != list(range(len(index))):
            raise ValueError("an index that does not count 0, 1, 2, …")
        index = sorted(index, key=index.__getitem__)
    if len(set(index)) != len(index):
        raise ValueError("a code that occurs twice")
    return tuple(index)


def _variable(code: str, size: int, dimension: Any, role: Any) -> VariableMeta:
    category = dimension["category"]
    extension = dimension.get("extension") or {}
    codes = category_codes(dimension)
    if len(codes) != size:
        raise ValueError(f"{code} has {len(codes)} values where {size} are announced")
    labels = category.get("label") or {}
    mandatory = extension.get("categoryNoteMandatory") or {}
    return VariableMeta(
        code=code,
        label=dimension.get("label") or code,
        codes=codes,
        labels=tuple(labels.get(value, value) for value in codes),
        elimination=bool(extension.get("elimination", False)),
        elimination_code=extension.get("eliminationValueCode"),
        time=code in role.get("time", ()),
        metric=code in role.get("metric", ()),
        units={
            value: Unit(unit.get("base") or "", int(unit.get("decimals") or 0))
            for value, unit in (category.get("unit") or {}).items()
        },
        reference_periods=dict(extension.get("refperiod") or {}),
        notes=_notes(dimension.get("note"), extension.get("noteMandatory")),
        value_notes={
            value: _notes(texts, mandatory.get(value))
            for value, texts in (category.get("note") or {}).items()
        },
        codelists=tuple(
            CodeListRef(listed["id"], listed.get("label") or "", listed.get("type") or "")
            for listed in extension.get("codelists") or ()
        ),
    )


def _notes(texts: Sequence[str] | None, mandatory: Mapping[str, bool] | None) -> tuple[Note, ...]:
    marked = mandatory or {}
    return tuple(
        Note(text, bool(marked.get(str(number), False))) for number, text in enumerate(texts or ())
    )


def _same(codes: Iterable[str], wanted: str) -> str | None:
    """Return the code itself, else the first that differs in capitals only, as the server does."""
    folded = wanted.casefold()
    near = [code for code in codes if code.casefold() == folded]
    return wanted if wanted in near else next(iter(near), None)


def _like(codes: Iterable[str], pattern: str, sign: str, meaning: str) -> tuple[str, ...]:
    fits = re.compile(meaning.join(map(re.escape, pattern.split(sign))), re.IGNORECASE | re.DOTALL)
    return tuple(code for code in codes if fits.fullmatch(code))


def _illegal(variable: VariableMeta, expression: str, advice: str) -> UsageError:
    return UsageError(
        f"The expression {expression!r} for {variable.code} cannot be read: {advice}."
    )
