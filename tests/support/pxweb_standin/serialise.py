"""Answers as bytes: JSON-stat 2 and CSV of a selection, and the metadata document."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import orjson

from .selection import Model, Variable
from .table import Cells, Codelist, Document, copied, in_language, ordered_codes, subset

WORDS = {"sv": ("efter", "och"), "en": ("by", "and")}
SEPARATORS = {"separatortab": "\t", "separatorspace": " ", "separatorsemicolon": ";"}


def metadata(model: Model, link_base: str) -> Document:
    """The metadata document, with the codelists the model has applied, links to this server."""
    document = copied(model.document)
    for variable in model.variables:
        dimension = document["dimension"][variable.code]
        if variable.applied is not None:
            _narrow(model, variable, dimension, variable.codes)
        dimension["extension"]["codelists"] = [
            {
                "id": codelist.id,
                "label": in_language(codelist.label, model.language),
                "type": codelist.type,
                "links": [codelist_link("metadata", codelist, model.language, link_base)],
            }
            for codelist in variable.offered
        ]
    document["size"] = [len(v.codes) for v in model.variables]
    return document


def codelist_link(relation: str, codelist: Codelist, language: str, base: str) -> Document:
    """A link to a codelist, with the capital L the real server writes."""
    href = f"{base}/codeLists/{codelist.id}?lang={language}"
    return {"rel": relation, "hreflang": language, "href": href}


def json_stat(
    model: Model,
    selected: dict[str, list[str]],
    stub: Sequence[str],
    heading: Sequence[str],
    cells: Cells,
) -> bytes:
    """The data answer in JSON-stat 2: whole numbers without decimals, symbols in `status`."""
    document = copied(model.document)
    order = [*stub, *heading]
    by_code = {v.code: v for v in model.variables}
    dimensions = {}
    for name in order:
        dimension = document["dimension"][name]
        variable = by_code[name]
        _narrow(model, variable, dimension, selected[name])
        dimension["extension"].pop("codelists", None)
        if variable.elimination_code is not None:
            _insert_elimination_code(dimension["extension"], variable.elimination_code)
        dimensions[name] = dimension
    document["label"] = title(model, order)
    role = {kind: [n for n in names if n in order] for kind, names in document["role"].items()}
    document["role"] = {kind: names for kind, names in role.items() if names}
    document["id"] = order
    document["size"] = [len(selected[name]) for name in order]
    document["dimension"] = dimensions
    extension = document["extension"]
    extension["px"]["stub"], extension["px"]["heading"] = list(stub), list(heading)
    if model.table.discontinued_in_data:
        contact = extension.pop("contact", None)
        extension["discontinued"] = model.table.discontinued
        if contact is not None:
            extension["contact"] = contact
    flat = cells.values.ravel()
    document["value"] = [None if v != v else int(v) if v.is_integer() else v for v in flat.tolist()]
    if cells.status is not None:
        symbols = cells.status.ravel()
        status = {str(i): str(symbols[i]) for i in np.flatnonzero(symbols != "")}
        if status:
            document["status"] = status
    return orjson.dumps(document)


def title(model: Model, order: Sequence[str]) -> str:
    """The title of an extract: contents, and the variables but the contents one."""
    by, and_ = WORDS[model.language]
    role = model.document.get("role", {})
    shown = [c for c in order if c not in role.get("metric", [])]
    labels = [model.document["dimension"][code]["label"] for code in shown]
    listed = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} {and_} {labels[-1]}"
    return f"{model.document['extension']['px']['contents']} {by} {listed}"


def csv(
    model: Model,
    selected: dict[str, list[str]],
    stub: Sequence[str],
    heading: Sequence[str],
    cells: Cells,
    parameters: Sequence[str],
) -> bytes:
    """The data answer as CSV in ISO 8859-1: a row per combination of the stub's codes.

    `parameters` are the output format parameters in lower case. Codes are written unless texts
    are asked for; symbols stand bare, as `..`, where a figure is missing.
    """
    separator = next((s for p, s in SEPARATORS.items() if p in parameters), ",")
    written = next((p for p in parameters if p.startswith("use")), "usecodes")
    by_code = {v.code: v for v in model.variables}

    def labels(name: str) -> list[str]:
        variable = by_code[name]
        texts = {v.code: model.label(variable, v) for v in variable.values}
        return [_text(written, code, texts[code]) for code in selected[name]]

    names = {v.code: _text(written, v.code, v.dimension["label"]) for v in model.variables}
    columns = [" ".join(c) for c in itertools.product(*map(labels, heading))] if heading else []
    first = [_quoted(names[n]) for n in stub]
    contents = model.document["extension"]["px"]["contents"]
    lines = [separator.join([*first, *[_quoted(c) for c in columns or [contents]]])]
    if "includetitle" in parameters:
        lines.insert(0, _quoted(title(model, [*stub, *heading])))
    figures = _formatted(model, selected, [*stub, *heading], cells)
    figures = figures.reshape(-1, max(1, len(columns)))
    rows = itertools.product(*[[_quoted(t) for t in labels(n)] for n in stub])
    lines += [
        separator.join([*row, *line]) for row, line in zip(rows, figures.tolist(), strict=True)
    ]
    return ("\r\n".join(lines) + "\r\n").encode("iso-8859-1", errors="replace")


def _formatted(
    model: Model, selected: dict[str, list[str]], order: Sequence[str], cells: Cells
) -> np.ndarray:
    """The figures as text, each with the decimals of its content."""
    texts = np.full(cells.values.shape, "..", dtype=object)
    contents = model.document["role"]["metric"][0]
    unit = model.document["dimension"][contents]["category"]["unit"]
    axis = order.index(contents)
    for position, code in enumerate(selected[contents]):
        index = [slice(None)] * cells.values.ndim
        index[axis] = position  # type: ignore[call-overload]
        part = cells.values[tuple(index)]
        decimals = unit[code]["decimals"]
        text = [f"{v:.{decimals}f}" if v == v else ".." for v in part.ravel().tolist()]
        texts[tuple(index)] = np.array(text, dtype=object).reshape(part.shape)
    if cells.status is not None:
        texts = np.where((cells.status != "") & np.isnan(cells.values), cells.status, texts)
    return texts


def _text(written: str, code: str, label: str) -> str:
    return {"usecodes": code, "usetexts": label}.get(written, f"{code} - {label}")


def _quoted(text: str) -> str:
    return f'"{text}"'


def _narrow(model: Model, variable: Variable, dimension: Document, codes: Sequence[str]) -> None:
    """Leave these codes in a dimension, with the labels and rules of the applied codelist."""
    plain = variable.applied is None or all(
        v.members == (v.code,) and v.code in ordered_codes(variable.dimension)
        for v in variable.values
    )
    labels = {v.code: model.label(variable, v) for v in variable.values}
    subset(dimension, codes)
    dimension["category"]["label"] = {code: labels[code] for code in codes}
    if variable.applied is not None:
        dimension["extension"]["elimination"] = variable.elimination
        dimension["extension"].pop("eliminationValueCode", None)
        if not plain:
            dimension["category"].pop("note", None)


def _insert_elimination_code(extension: Document, code: str) -> None:
    items = list(extension.items())
    extension.clear()
    for name, value in items:
        extension[name] = value
        if name == "elimination":
            extension["eliminationValueCode"] = code
