"""Statistics Sweden: which codes of a table our datasets mean, settled by its metadata.

The catalogue names codes where they are known, and ``label:<pattern>`` where only the label is:
such a pattern is looked up once, must fit exactly one code, and is then pinned beside the figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from integstats.catalogue import Dataset
from integstats.errors import SourceChangedError, did_you_mean
from integstats.sources.table_meta import TableMeta, VariableMeta

LABEL = "label:"


def pinned(dataset: Dataset, meta: TableMeta) -> dict[str, Any]:
    """Return the codes that the catalogue's entries mean in this table.

    Returns
    -------
    dict
        ``counts`` (our column: content code), ``keys`` (our key: our word: code), ``labels``
        (variable: code: label, of every pinned code) and ``title``; plain data for the sidecar.

    Raises
    ------
    SourceChangedError
        When a variable or code is gone, or a label pattern fits none or several codes.
    """
    contents = _variable(dataset, meta, dataset.contents_variable)
    counts = {
        name: _code(dataset, contents, wanted, name) for name, wanted in dataset.counts.items()
    }
    keys: dict[str, dict[str, str]] = {}
    labels = {contents.code: _labels(contents, counts.values())}
    for name, key in dataset.keys.items():
        variable = _variable(dataset, meta, key.variable)
        keys[name] = {
            word: _code(dataset, variable, wanted, f"{name} {word}")
            for word, wanted in key.codes.items()
        }
        if keys[name]:
            labels[variable.code] = _labels(variable, keys[name].values())
    return {"counts": counts, "keys": keys, "labels": labels, "title": meta.label}


def _variable(dataset: Dataset, meta: TableMeta, code: str) -> VariableMeta:
    for variable in meta.variables:
        if variable.code == code:
            return variable
    known = [variable.code for variable in meta.variables]
    raise SourceChangedError(
        f"{dataset.id}: table {meta.id} has no variable {code!r} any more."
        f"{did_you_mean(code, known)} It has {', '.join(known)}. {_advice(dataset)}"
    )


def _code(dataset: Dataset, variable: VariableMeta, wanted: str, what: str) -> str:
    if not wanted.startswith(LABEL):
        if wanted in variable.codes:
            return wanted
        raise SourceChangedError(
            f"{dataset.id}: table {dataset.table_id} has no code {wanted!r} ({what}) in "
            f"{variable.code} any more.{did_you_mean(wanted, variable.codes)} {_advice(dataset)}"
        )
    pattern = wanted.removeprefix(LABEL)
    fitting = {
        code: label
        for code, label in zip(variable.codes, variable.labels, strict=True)
        if re.search(pattern, plain_label(label))
    }
    if len(fitting) == 1:
        return next(iter(fitting))
    found = ", ".join(f"{code} ({label})" for code, label in fitting.items()) or "none"
    raise SourceChangedError(
        f"{dataset.id}: the label pattern {pattern!r} ({what}) must fit one code of "
        f"{variable.code} in table {dataset.table_id}, but fits {len(fitting)}: {found}. "
        f"{_advice(dataset)}"
    )


def plain_label(label: str) -> str:
    """Return a label as patterns see it: lower case, one kind of dash and of space.

    Examples
    --------
    >>> plain_label("Vistelsetid 0–1 år")
    'vistelsetid 0-1 år'
    """
    return " ".join(label.casefold().replace("–", "-").replace("\u2212", "-").split())


def _labels(variable: VariableMeta, codes: Any) -> dict[str, str]:
    by_code = dict(zip(variable.codes, variable.labels, strict=True))
    return {code: by_code[code] for code in codes}


def _advice(dataset: Dataset) -> str:
    return f"Look at {dataset.url or dataset.publisher.url} and mend the catalogue's entry."


def selection(
    dataset: Dataset,
    meta: TableMeta,
    pins: Mapping[str, Any],
    *,
    places: Sequence[str] | None,
    ages: Sequence[str] | None,
    start: str | None,
    end: str | None,
) -> dict[str, tuple[str, ...]]:
    """Return the codes to ask for, per variable.

    Women and men, native- and foreign-born are asked for, and their totals are left to be summed
    unless the dataset has no parts; all extra keys whole; all counts.

    Raises
    ------
    UnknownCodeError
        When a place or an age is not in the table.
    UsageError
        When no period lies between `start` and `end`.
    """
    asked: dict[str, tuple[str, ...]] = {}
    for name, key in dataset.keys.items():
        variable = meta.variable(key.variable)
        codes = pins["keys"][name]
        if name == "place":
            wanted = places if places is not None else _own_places(variable)
            chosen = [code for one in wanted for code in meta.resolve(variable.code, one)]
        elif name == "period":
            chosen = list(_periods(dataset, meta, variable, start, end))
        elif name == "age":
            spans = list(ages) if ages else [dataset.default_age]
            chosen = [
                code
                for span in spans
                for code in meta.resolve(variable.code, codes.get(span, span))
            ]
        else:
            parts = [code for word, code in codes.items() if word != "total"]
            chosen = parts or list(codes.values()) or list(variable.codes)
        asked[variable.code] = tuple(dict.fromkeys(chosen))
    asked[dataset.contents_variable] = tuple(pins["counts"].values())
    return asked


def _own_places(variable: VariableMeta) -> list[str]:
    """Sweden, counties and municipalities; not the other areas some tables have beside them."""
    return [code for code in variable.codes if re.fullmatch(r"\d{2}|\d{4}", code)]


def _periods(
    dataset: Dataset,
    meta: TableMeta,
    variable: VariableMeta,
    start: str | None,
    end: str | None,
) -> tuple[str, ...]:
    first, last = period_code(start, dataset.frequency), period_code(end, dataset.frequency)
    chosen = tuple(code for code in variable.codes if (first or code) <= code <= (last or code))
    if not chosen:
        raise SourceChangedError(
            f"Table {meta.id} has no period from {start or 'its start'} to {end or 'its end'}: it "
            f"runs from {variable.codes[0]} to {variable.codes[-1]}. Ask for periods inside."
        )
    return chosen


def period_code(text: str | None, frequency: str) -> str | None:
    """Return a period as SCB writes it.

    Examples
    --------
    >>> period_code("2024-06", "M"), period_code("2024Q2", "Q"), period_code("2024", "Y")
    ('2024M06', '2024K2', '2024')
    """
    if text is None:
        return None
    if frequency == "M":
        return text.replace("-", "M")
    return text.replace("Q", "K")
