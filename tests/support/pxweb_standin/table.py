"""What the stand-in serves: a table's metadata, its cells and its codelists."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Codes = Mapping[str, Sequence[str]]
Document = dict[str, Any]

# Members of a dimension that hold one entry per code.
BY_CODE_IN_CATEGORY = ("label", "note", "unit")
BY_CODE_IN_EXTENSION = (
    "categoryNoteMandatory",
    "refperiod",
    "measuringType",
    "priceType",
    "adjustment",
    "basePeriod",
    "alternativeText",
)


class Cells(NamedTuple):
    """A block of cells: NaN where there is no figure, and why (a symbol, or "")."""

    values: np.ndarray
    status: np.ndarray | None = None


Values = Callable[[Codes], Cells]


class ArrayValues:
    """Cells held in an array whose axes are labelled with codes."""

    def __init__(self, codes: Codes, values: np.ndarray, status: np.ndarray | None = None) -> None:
        self.codes = {name: list(members) for name, members in codes.items()}
        shape = tuple(len(members) for members in self.codes.values())
        self.values = np.asarray(values, dtype=float).reshape(shape)
        self.status = None if status is None else np.asarray(status, dtype="U7").reshape(shape)
        self._position = {
            name: {code: i for i, code in enumerate(members)}
            for name, members in self.codes.items()
        }

    def __call__(self, codes: Codes) -> Cells:
        index = np.ix_(*[[self._position[n][c] for c in codes[n]] for n in self.codes])
        return Cells(self.values[index], None if self.status is None else self.status[index])

    def covered(self, codes: Codes) -> tuple[list[list[int]], dict[str, list[str]]]:
        """Which of the codes asked for are held: their positions in the question, and they."""
        held = {n: [c for c in codes[n] if c in self._position[n]] for n in self.codes}
        places = [[i for i, c in enumerate(codes[n]) if c in self._position[n]] for n in self.codes]
        return places, held


class HashedValues:
    """SYNTHETIC whole numbers 0-9999 that depend on nothing but the codes of the cell."""

    def __init__(self, names: Iterable[str], salt: str = "") -> None:
        self.names = list(names)
        self.salt = salt

    def __call__(self, codes: Codes) -> Cells:
        return Cells(np.floor(uniform([codes[n] for n in self.names], self.salt) * 10_000))


class Overlay:
    """Cells of `top` where it holds them, else those of `base`."""

    def __init__(self, base: Values, top: ArrayValues) -> None:
        self.base, self.top = base, top

    def __call__(self, codes: Codes) -> Cells:
        places, held = self.top.covered(codes)
        names = list(self.top.codes)
        if all(len(held[n]) == len(codes[n]) for n in names):
            return self.top(codes)
        cells = self.base(codes)
        if not all(held.values()):
            return cells
        values, upper = cells.values.copy(), self.top(held)
        values[np.ix_(*places)] = upper.values
        if cells.status is None and upper.status is None:
            return Cells(values)
        status = np.full(values.shape, "", dtype="U7")
        if cells.status is not None:
            status[...] = cells.status
        status[np.ix_(*places)] = "" if upper.status is None else upper.status
        return Cells(values, status)


def uniform(axes: Sequence[Sequence[str]], salt: str) -> np.ndarray:
    """Numbers in [0, 1), one per combination of the codes of the axes; no state, no seed."""
    total: np.ndarray = np.zeros([1] * len(axes), dtype=np.uint64)
    for i, members in enumerate(axes):
        keys = [
            hashlib.blake2b(f"{salt}|{i}|{c}".encode(), digest_size=8).digest() for c in members
        ]
        shape = [1] * len(axes)
        shape[i] = len(members)
        total = total + np.array([int.from_bytes(k) for k in keys], dtype=np.uint64).reshape(shape)
    mixed = total
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray((mixed ^ (mixed >> np.uint64(31))) / 2.0**64)


@dataclass(frozen=True)
class CodelistValue:
    """One code of a codelist, its label by language, and the codes of the table it stands for."""

    code: str
    label: dict[str, str]
    members: tuple[str, ...]


@dataclass(frozen=True)
class Codelist:
    """A value set (a choice among a variable's codes) or an aggregation (sums of them)."""

    id: str
    type: str
    label: dict[str, str]
    values: tuple[CodelistValue, ...]
    elimination: bool = False
    elimination_code: str | None = None

    @classmethod
    def from_json(cls, path: Path) -> Codelist:
        """A codelist as the API answered it, in one language."""
        document = json.loads(path.read_text(encoding="utf-8"))
        language = document["language"]
        return cls(
            id=document["id"],
            type=document["type"],
            label={language: document["label"]},
            values=tuple(
                CodelistValue(v["code"], {language: v["label"]}, tuple(v["valueMap"]))
                for v in document["values"]
            ),
            elimination=document["elimination"],
            elimination_code=document.get("eliminationValueCode"),
        )


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in the language, else in any it exists in."""
    return texts[language] if language in texts else next(iter(texts.values()))


@dataclass
class Table:
    """A table: metadata per language, a source of cells, and what only the server knows of it.

    ``metadata`` maps a language to a JSON-stat 2 dataset without figures, in the form of the
    metadata endpoint. ``values`` gets the codes wanted of every variable and returns the block of
    cells. ``eliminated_by`` names the code an omitted variable stands for where the metadata does
    not say; without either, an omitted variable is summed over all its codes.
    """

    id: str
    metadata: dict[str, Document]
    values: Values
    codelists: dict[str, list[Codelist]] = field(default_factory=dict)
    eliminated_by: dict[str, str] = field(default_factory=dict)
    paths: dict[str, list[list[Document]]] = field(default_factory=dict)
    sort_code: str | None = None
    time_unit: str = "Monthly"
    discontinued: bool | None = None
    # SCB's data answers carry `"discontinued": null`; the px server's do not.
    discontinued_in_data: bool = True

    @property
    def updated(self) -> str:
        """When the publisher last changed the table; setting it changes every language."""
        return str(next(iter(self.metadata.values()))["updated"])

    @updated.setter
    def updated(self, moment: str) -> None:
        for document in self.metadata.values():
            document["updated"] = moment

    def codes(self, variable: str) -> list[str]:
        """The codes of a variable, in order."""
        return ordered_codes(next(iter(self.metadata.values()))["dimension"][variable])

    def drop_code(self, variable: str, code: str) -> None:
        """Take a code out of the table, as a publisher does who discontinues it."""
        for dimension in self._dimensions(variable):
            keep = [c for c in ordered_codes(dimension) if c != code]
            subset(dimension, keep)
        self._count_again()

    def rename_code(self, variable: str, old: str, new: str) -> None:
        """Give a code another name; its cells stay what they were."""
        for dimension in self._dimensions(variable):
            parts = [dimension["category"], dimension.get("extension", {})]
            for part in parts:
                for name in ("index", *BY_CODE_IN_CATEGORY, *BY_CODE_IN_EXTENSION):
                    if isinstance(part.get(name), dict):
                        part[name] = {new if c == old else c: v for c, v in part[name].items()}
        inner = self.values
        self.values = lambda codes: inner(
            {n: [old if n == variable and c == new else c for c in cs] for n, cs in codes.items()}
        )

    def add_code(self, variable: str, code: str, label: str | None = None) -> None:
        """Append a code, for instance a new month; hashed figures exist for any code."""
        for dimension in self._dimensions(variable):
            category = dimension["category"]
            category["index"][code] = len(category["index"])
            category["label"][code] = label or code
        self._count_again()

    def relabel(self, variable: str, code: str, label: str, *, language: str | None = None) -> None:
        """Change the label of a code, in one language or in all."""
        for name, document in self.metadata.items():
            if language in (None, name):
                document["dimension"][variable]["category"]["label"][code] = label

    def revise(
        self, where: Codes, change: float | Callable[[np.ndarray], Any], status: str = ""
    ) -> None:
        """Replace the cells with these codes (all codes of a variable not named) from now on.

        `change` is the new figure, or a function of the old ones; `status` the symbol beside it.
        """
        inner = self.values

        def revised(codes: Codes) -> Cells:
            cells = inner(codes)
            places = [
                [i for i, c in enumerate(cs) if n not in where or c in where[n]]
                for n, cs in codes.items()
            ]
            index = np.ix_(*places)
            values = cells.values.copy()
            values[index] = change(values[index]) if callable(change) else change
            if cells.status is None and not status:
                return Cells(values)
            symbols = (
                np.full(values.shape, "", dtype="U7")
                if cells.status is None
                else cells.status.copy()
            )
            symbols[index] = status
            return Cells(values, symbols)

        self.values = revised

    def add_codelist(self, variable: str, codelist: Codelist) -> None:
        """Offer one more codelist for a variable."""
        self.codelists.setdefault(variable, []).append(codelist)

    def _dimensions(self, variable: str) -> list[Document]:
        return [document["dimension"][variable] for document in self.metadata.values()]

    def _count_again(self) -> None:
        for document in self.metadata.values():
            document["size"] = [
                len(document["dimension"][n]["category"]["index"]) for n in document["id"]
            ]


def ordered_codes(dimension: Document) -> list[str]:
    """The codes of a JSON-stat dimension, by position."""
    index = dimension["category"]["index"]
    return sorted(index, key=index.__getitem__)


def subset(dimension: Document, codes: Sequence[str]) -> None:
    """Leave only these codes in a JSON-stat dimension, in this order, in place."""
    category = dimension["category"]
    category["index"] = {code: i for i, code in enumerate(codes)}
    extension = dimension.get("extension", {})
    for part, names in ((category, BY_CODE_IN_CATEGORY), (extension, BY_CODE_IN_EXTENSION)):
        for name in names:
            if name in part:
                part[name] = {c: part[name][c] for c in codes if c in part[name]}
                if not part[name] and name != "label":
                    del part[name]


def from_jsonstat(path: Path, **others: Any) -> Table:
    """A table from a JSON-stat 2 answer; without figures in the file they are SYNTHETIC.

    `others` are fields of `Table`. The language is the one the file names.
    """
    document = json.loads(path.read_text(encoding="utf-8"))
    figures, symbols = document.pop("value", []), document.pop("status", {})
    document["value"] = []
    for dimension in document["dimension"].values():
        dimension["extension"].setdefault("codelists", [])
    codes = {name: ordered_codes(document["dimension"][name]) for name in document["id"]}
    table_id = document["extension"]["px"]["tableid"]
    values: Values = HashedValues(codes, table_id)
    if figures:
        status = np.full(len(figures), "", dtype="U7")
        for position, symbol in symbols.items():
            status[int(position)] = symbol
        numbers = np.array([np.nan if v is None else v for v in figures], dtype=float)
        values = ArrayValues(codes, numbers, status if symbols else None)
    language = document["extension"]["px"]["language"]
    return Table(**{"id": table_id, "metadata": {language: document}, "values": values} | others)


def copied(document: Document) -> Document:
    """A deep copy of a JSON document."""
    return copy.deepcopy(document)
