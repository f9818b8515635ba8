"""JSON-stat, the form in which SCB, Statistics Denmark and Eurostat answer.

Reads version 2 and version 1 (``{"dataset": {...}}``), writes version 2. The format is described
at https://json-stat.org/full/; what PxWeb adds (mandatory notes, elimination) stands in its
``extension`` objects.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.formats.cube import Cube, Dimension, Role, Unit
from integstats.formats.figures import parse_lines
from integstats.formats.symbols import Symbols

_ROLES: tuple[Role, ...] = ("time", "metric", "geo")
_VALUE_ARRAY = re.compile(rb'"value"\s*:\s*\[')
# Stands for the value array in the text that is left when the array has been cut out.
_CUT = "\x00values"
# Commas become line ends, and whatever cannot stand in an array of numbers and nulls becomes a
# character that the number parser refuses.
_LINES = bytes(
    ord("\n") if byte == ord(",") else ord(" ") if byte in b" \t\r\n" else byte
    if byte in b"0123456789+-.eEnul" else ord("?")
    for byte in range(256)
)  # fmt: skip


def read(data: bytes, *, dataset: str | None = None) -> Cube:
    """Decode a JSON-stat answer.

    Accepts what the standard allows: dense and sparse values; symbols as object, array or one
    string; the categories' index as array or as object (then ordered by its numbers); no index
    where there is one category; no labels (the code then stands in). `category.child`,
    `category.coordinates`, `link` and `href` are left out.

    Parameters
    ----------
    data
        The answer as it came.
    dataset
        Name of the data set, needed where a version 1 answer holds several.

    Returns
    -------
    Cube
        With ``has_values`` False where the answer describes a table: SCB's metadata answers have
        ``"value": []``.

    Raises
    ------
    SchemaError
        The bytes are no JSON-stat data set, or its parts contradict each other; the message says
        what was got.
    UsageError, UnknownCodeError
        The answer holds several data sets and none was chosen, or not the chosen one.

    Examples
    --------
    >>> answer = b'''{"class": "dataset", "label": "Employed", "id": ["Region", "Tid"],
    ...   "size": [1, 2], "role": {"time": ["Tid"]}, "dimension": {
    ...     "Region": {"category": {"label": {"1283": "Helsingborg"}}},
    ...     "Tid": {"category": {"index": ["2020M01", "2020M02"]}}},
    ...   "value": [61000, null], "status": {"1": ".."}}'''
    >>> read(answer).to_frame()
      Region      Tid    value status
    0   1283  2020-01  61000.0    NaN
    1   1283  2020-02      NaN     ..
    """
    body, numbers = _parse(data, dataset)
    axes = body["dimension"]
    # Version 1 keeps id, size and role inside the dimension object.
    ids, sizes, roles = (body.get(key, axes.get(key)) for key in ("id", "size", "role"))
    if not isinstance(ids, list) or not isinstance(sizes, list) or len(ids) != len(sizes):
        raise SchemaError(
            f"A JSON-stat data set needs as many sizes as ids: got id {ids!r}, size {sizes!r}."
        )
    roles = _object(roles, "role")
    role_of = {code: role for role in _ROLES for code in _texts(roles.get(role))}
    dimensions = tuple(
        _dimension(code, _object(axes.get(code), f"dimension {code!r}"), size, role_of.get(code))
        for code, size in zip(map(str, ids), sizes, strict=True)
    )
    shape = tuple(len(dimension.codes) for dimension in dimensions)
    size = math.prod(shape)
    value = body.get("value", []) if numbers is None else numbers
    # Nothing given for any cell describes a table, unless the cells are said to be missing.
    has_values = size == 0 or bool(body.get("status")) or (value is numbers or bool(value))
    extension = _object(body.get("extension"), "extension")
    notes = _texts(body.get("note"))
    mandatory = _marked(notes, extension.pop("noteMandatory", None))
    px = _object(extension.pop("px", None), "extension.px")
    table_id, language = px.pop("tableid", px.get("matrix")), px.pop("language", None)
    if px:
        extension["px"] = px
    return Cube(
        label=_text(body.get("label")) or "",
        source=_text(body.get("source")),
        updated=_text(body.get("updated")),
        table_id=_text(table_id),
        language=_text(language),
        dimensions=dimensions,
        values=(
            _values(value, size).reshape(shape) if has_values else np.broadcast_to(np.nan, shape)
        ),
        status=_status(body.get("status"), size) if has_values else {},
        notes=notes,
        mandatory_notes=mandatory,
        extension=extension,
        has_values=has_values,
    )


def write(cube: Cube) -> bytes:
    """Encode a cube as JSON-stat 2, so that `read` gives the same cube again.

    Values are written as floats; a cube without values gets ``"value": []``.
    """
    extension = dict(cube.extension)
    px = {"tableid": cube.table_id, "language": cube.language}
    px = {key: value for key, value in px.items() if value is not None}
    if px or "px" in extension:
        extension["px"] = {**extension.get("px", {}), **px}
    body = {
        "version": "2.0",
        "class": "dataset",
        "label": cube.label,
        "source": cube.source,
        "updated": cube.updated,
        "note": cube.notes,
        "role": {
            role: [axis.code for axis in cube.dimensions if axis.role == role] for role in _ROLES
        },
        "id": [axis.code for axis in cube.dimensions],
        "size": cube.shape,
        "dimension": {axis.code: _written(axis) for axis in cube.dimensions},
        "extension": extension | _marks("noteMandatory", cube.notes, cube.mandatory_notes),
        "value": np.ascontiguousarray(cube.values).reshape(-1) if cube.has_values else [],
        "status": {str(position): symbol for position, symbol in cube.status.items()},
    }
    optional = ("source", "updated", "note", "extension", "status")
    kept = {key: part for key, part in body.items() if key not in optional or part}
    return orjson.dumps(kept, option=orjson.OPT_SERIALIZE_NUMPY)


def _parse(data: bytes, name: str | None) -> tuple[dict[str, Any], npt.NDArray[Any] | None]:
    """Return the data set and, where they could be cut out and parsed apart, its values.

    The first array called "value" is cut out. Where that is not the data set's, or not one of
    plain numbers and nulls, the answer goes through the JSON parser whole.
    """
    cut = _cut_values(data)
    if cut is not None:
        rest, numbers = cut
        body = _dataset(_loads(rest, data), name)
        if body.get("value") == _CUT:
            return body, numbers
    return _dataset(_loads(data, data), name), None


def _cut_values(data: bytes) -> tuple[bytes, npt.NDArray[np.float64]] | None:
    # In valid JSON this pattern can only be a key: inside a string its quotes would be escaped.
    found = _VALUE_ARRAY.search(data)
    if found is None:
        return None
    start, end = found.end(), data.find(b"]", found.end())
    if end < 0:
        return None
    try:
        numbers = parse_lines(
            data[start:end].translate(_LINES), missing=["null"], blank_lines=False
        )
    except SchemaError:
        return None
    if not numbers.size:
        return None
    return data[: start - 1] + orjson.dumps(_CUT) + data[end + 1 :], numbers


def _loads(text: bytes, data: bytes) -> Any:
    try:
        return orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        start = data[:200].lstrip()
        if not start:
            got = "an empty answer"
        elif start.startswith(b"<"):
            got = f"a web page or XML that begins {start[:60]!r}"
        else:
            got = f"{len(data)} bytes that begin {start[:40]!r} and end {data[-20:]!r}"
        raise SchemaError(
            f"Not JSON-stat: got {got}, which is not complete JSON ({error.msg}). Fetch it again."
        ) from None


def _dataset(answer: Any, name: str | None) -> dict[str, Any]:
    if not isinstance(answer, dict):
        got = orjson.dumps(answer)[:60].decode(errors="replace")
        raise SchemaError(f"Not JSON-stat: got {got}, not an object.")
    kind = answer.get("class", "dataset")
    if kind != "dataset":
        raise SchemaError(
            f"Not a JSON-stat data set: got one of class {kind!r}"
            f"{_said(answer)}. Ask for one data set of it."
        )
    if isinstance(answer.get("dimension"), dict):
        found = {"dataset": answer}
    else:
        found = {
            str(key): part
            for key, part in answer.items()
            if isinstance(part, dict) and isinstance(part.get("dimension"), dict)
        }
    if not found:
        raise SchemaError(
            "Not JSON-stat: got a JSON object without a data set, with the keys "
            f"{', '.join(map(repr, list(answer)[:8])) or '(none)'}{_said(answer)}."
        )
    if name is None and len(found) > 1:
        raise UsageError(
            f"The answer holds {len(found)} data sets: {', '.join(map(repr, found))}. "
            "Name one with dataset=."
        )
    chosen = next(iter(found)) if name is None else name
    if chosen not in found:
        raise UnknownCodeError(
            f"Unknown data set: {chosen!r}.{did_you_mean(chosen, found)} "
            f"The answer holds {', '.join(map(repr, found))}."
        )
    return found[chosen]


def _said(answer: Mapping[str, Any]) -> str:
    for key in ("label", "title", "detail", "error", "message"):
        if isinstance(answer.get(key), str):
            return f" ({key}: {answer[key][:100]!r})"
    return ""


def _dimension(code: str, body: dict[str, Any], size: Any, role: Role | None) -> Dimension:
    category = _object(body.get("category"), f"category of {code!r}")
    labels, units, noted = (
        _object(category.get(key), f"category.{key} of {code!r}")
        for key in ("label", "unit", "note")
    )
    index = category.get("index")
    if index is None and len(labels) == 1:
        index = list(labels)
    if isinstance(index, dict):
        numbers = sorted(number for number in index.values() if isinstance(number, int))
        if numbers != list(range(len(index))):
            raise SchemaError(
                f"Variable {code!r} does not number its {len(index)} categories from 0 without "
                "gaps; their order is unknown."
            )
        index = sorted(index, key=index.__getitem__)
    if not isinstance(index, list):
        raise SchemaError(
            f"Variable {code!r} has no category.index, which may be left out only with one "
            f"category and its label; got {len(labels)} labels."
        )
    if len(index) != size:
        raise SchemaError(f"Variable {code!r} has {len(index)} categories; its size says {size}.")
    codes = tuple(str(item) for item in index)
    extension = _object(body.get("extension"), f"extension of {code!r}")
    notes = _texts(body.get("note"))
    category_notes = {key: _texts(note) for key, note in noted.items()}
    marks = _object(extension.pop("categoryNoteMandatory", None), "categoryNoteMandatory")
    of_units = {key: _object(unit, f"unit {key!r} of {code!r}") for key, unit in units.items()}
    more = {
        key: rest
        for key, unit in of_units.items()
        if (rest := {part: unit[part] for part in unit if part not in ("base", "decimals")})
    }
    if more:
        extension.setdefault("unit", more)
    return Dimension(
        code=code,
        label=code if body.get("label") is None else str(body["label"]),
        codes=codes,
        labels=tuple(str(labels.get(item, item)) for item in codes),
        role=role,
        units={
            key: Unit(str(unit.get("base", unit.get("label", ""))), unit.get("decimals"))
            for key, unit in of_units.items()
        },
        notes=notes,
        mandatory_notes=_marked(notes, extension.pop("noteMandatory", None)),
        category_notes=category_notes,
        mandatory_category_notes={
            key: shown
            for key, texts in category_notes.items()
            if (shown := _marked(texts, marks.get(key)))
        },
        elimination=extension.pop("elimination", None),
        elimination_code=extension.pop("eliminationValueCode", None),
        extension=extension,
    )


def _written(axis: Dimension) -> dict[str, Any]:
    extension: dict[str, Any] = {
        **axis.extension,
        **_marks("noteMandatory", axis.notes, axis.mandatory_notes),
    }
    marks = {
        code: _marks("", axis.category_notes[code], shown)[""]
        for code, shown in axis.mandatory_category_notes.items()
    }
    if marks:
        extension["categoryNoteMandatory"] = marks
    if axis.elimination is not None:
        extension["elimination"] = axis.elimination
    if axis.elimination_code is not None:
        extension["eliminationValueCode"] = axis.elimination_code
    category = {
        "index": {code: position for position, code in enumerate(axis.codes)},
        "label": dict(zip(axis.codes, axis.labels, strict=True)),
        "unit": {
            code: {"base": unit.base}
            | ({} if unit.decimals is None else {"decimals": unit.decimals})
            for code, unit in axis.units.items()
        },
        "note": axis.category_notes,
    }
    return {
        "label": axis.label,
        **({"note": axis.notes} if axis.notes else {}),
        "category": {key: part for key, part in category.items() if part or key == "index"},
        "extension": extension,
    }


def _values(value: Any, size: int) -> npt.NDArray[np.float64]:
    given = list(value.values()) if isinstance(value, dict) else value
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SchemaError(f"The values are not numbers and nulls: {error}.") from None
    if isinstance(value, dict):
        whole = np.full(size, np.nan)
        whole[_positions(value, size)] = values
        return whole
    if values.shape != (size,):
        raise SchemaError(
            f"The values have the shape {values.shape}; the sizes give {size} cells in a row."
        )
    return values


def _status(status: Any, size: int) -> Mapping[int, str]:
    if isinstance(status, list) and len(status) == 1 != size:
        status = status[0]
    if isinstance(status, str):
        return Symbols(np.broadcast_to(np.int8(1), size), (status,))
    if isinstance(status, list):
        if len(status) != size:
            raise SchemaError(f"The data set has {len(status)} symbols for {size} cells.")
        status = dict(enumerate(status))
    marked = _object(status, "status")
    if set(map(type, marked.values())) - {str} or "" in marked.values():
        marked = {key: str(mark) for key, mark in marked.items() if mark}
    return Symbols.at(size, _positions(marked, size), marked.values())


def _positions(cells: Mapping[Any, Any], size: int) -> npt.NDArray[np.int64]:
    try:
        where = np.fromiter(map(int, cells), dtype=np.int64, count=len(cells))
    except ValueError as error:
        raise SchemaError(f"Cells are given by number: {error}.") from None
    outside = where[(where < 0) | (where >= size)]
    if outside.size:
        raise SchemaError(f"Cell {outside[0]} is given; the sizes give {size} cells.")
    return where


def _object(part: Any, name: str) -> dict[str, Any]:
    if part is not None and not isinstance(part, dict):
        raise SchemaError(f"JSON-stat: {name} must be an object; got {str(part)[:60]!r}.")
    return dict(part or {})


def _text(part: Any) -> str | None:
    return None if part is None else str(part)


def _texts(notes: Any) -> tuple[str, ...]:
    if isinstance(notes, list):
        return tuple(map(str, notes))
    return () if notes is None else (str(notes),)


def _marked(notes: tuple[str, ...], marks: Any) -> tuple[str, ...]:
    marks = _object(marks, "noteMandatory")
    return tuple(note for at, note in enumerate(notes) if marks.get(str(at)))


def _marks(key: str, notes: tuple[str, ...], shown: tuple[str, ...]) -> dict[str, Any]:
    if not shown:
        return {}
    return {key: {str(at): True for at, note in enumerate(notes) if note in shown}}
