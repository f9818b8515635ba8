"""Which codes of a publisher's table our datasets mean, settled by its metadata.

The catalogue names codes where they are known, and ``label:<pattern>`` where only the label is:
such a pattern is looked up once, must fit exactly one code, and is then pinned beside the figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from integstats import catalogue
from integstats.catalogue import Dataset, KeyVariable
from integstats.errors import SourceChangedError, UnknownCodeError, UsageError, did_you_mean
from integstats.publishers.protocol import Offer
from integstats.publishers.table_meta import TableMeta, VariableMeta

LABEL = "label:"


def pinned(dataset: Dataset, meta: TableMeta) -> dict[str, Any]:
    """Return the codes that the catalogue's entries mean in this table.

    Returns
    -------
    dict
        Plain data for the sidecar: ``counts``, ``rates``, ``amounts`` (our column: content code),
        ``keys`` (our key: our word: code), ``grouping`` (the catalogue's entry: code), ``fixed``
        and ``margins`` (variable: code), ``labels`` (variable: code: label, of every pinned code)
        and ``title``.

    Raises
    ------
    SourceChangedError
        When a variable or code is gone, or a label pattern fits none or several codes.
    """
    labels: dict[str, dict[str, str]] = {}

    def code(variable: VariableMeta, wanted: str, what: str) -> str:
        found = _code(dataset, variable, wanted, what)
        label = variable.labels[variable.codes.index(found)]
        labels.setdefault(variable.code, {})[found] = label
        return found

    contents = _variable(dataset, meta, dataset.contents_variable)
    columns = {
        kind: {name: code(contents, wanted, name) for name, wanted in entries.items()}
        for kind, entries in (
            ("counts", dataset.counts),
            ("rates", dataset.rates),
            ("amounts", dataset.amounts),
        )
    }
    for series in dataset.series:
        for name, wanted in series.codes.items():
            code(contents, wanted, name)
    keys: dict[str, dict[str, str]] = {}
    for name, key in dataset.keys.items():
        if key.variable:
            variable = _variable(dataset, meta, key.variable)
            keys[name] = {
                word: code(variable, wanted, f"{name} {word}") for word, wanted in key.codes.items()
            }
    grouping: dict[str, str] = {}
    for one in dataset.groupings:
        variable = _variable(dataset, meta, dataset.grouping_variable)
        grouping[one.code] = code(variable, one.code, ", ".join(one.words.values()) or "total")
    chosen = {
        kind: {
            variable.code: code(variable, wanted, kind)
            for variable, wanted in (
                (_variable(dataset, meta, name), wanted) for name, wanted in entries.items()
            )
        }
        for kind, entries in (("fixed", dataset.fixed), ("margins", dataset.margins))
    }
    for kind, entries in {**columns, "grouping": grouping}.items():
        _require_different(dataset, kind, entries)
    for name, words in keys.items():
        _require_different(dataset, name, words)
    return {
        **columns,
        "keys": keys,
        "grouping": grouping,
        **chosen,
        "labels": labels,
        "title": meta.label,
    }


def _require_different(dataset: Dataset, what: str, codes: Mapping[str, str]) -> None:
    for code in codes.values():
        same = [name for name, other in codes.items() if other == code]
        if len(same) > 1:
            raise SourceChangedError(
                f"{dataset.id}: {' and '.join(same)} ({what}) both mean the code {code!r} of table "
                f"{dataset.table_id}. {_advice(dataset)}"
            )


def _variable(dataset: Dataset, meta: TableMeta, wanted: str) -> VariableMeta:
    if wanted.startswith(LABEL):
        pattern = wanted.removeprefix(LABEL)
        labels = {variable.code: variable.label for variable in meta.variables}
        wanted = _only_fitting(dataset, pattern, labels, "a variable", f"table {meta.id}")
    for variable in meta.variables:
        if variable.code == wanted:
            return variable
    known = [variable.code for variable in meta.variables]
    raise SourceChangedError(
        f"{dataset.id}: table {meta.id} has no variable {wanted!r} any more."
        f"{did_you_mean(wanted, known)} It has {', '.join(known)}. {_advice(dataset)}"
    )


def _code(dataset: Dataset, variable: VariableMeta, wanted: str, what: str) -> str:
    if wanted.startswith(LABEL):
        labels = dict(zip(variable.codes, variable.labels, strict=True))
        where = f"{variable.code} in table {dataset.table_id}"
        return _only_fitting(dataset, wanted.removeprefix(LABEL), labels, what, where)
    if wanted in variable.codes:
        return wanted
    raise SourceChangedError(
        f"{dataset.id}: table {dataset.table_id} has no code {wanted!r} ({what}) in "
        f"{variable.code} any more.{did_you_mean(wanted, variable.codes)} {_advice(dataset)}"
    )


def _only_fitting(
    dataset: Dataset, pattern: str, labels: Mapping[str, str], what: str, where: str
) -> str:
    fitting = {
        code: label for code, label in labels.items() if re.search(pattern, plain_label(label))
    }
    if len(fitting) == 1:
        return next(iter(fitting))
    found = ", ".join(f"{code} ({label})" for code, label in fitting.items()) or "none"
    raise SourceChangedError(
        f"{dataset.id}: the label pattern {pattern!r} ({what}) must fit one code of {where}, but "
        f"fits {len(fitting)}: {found}. {_advice(dataset)}"
    )


def plain_label(label: str) -> str:
    """Return a label as patterns see it: lower case, one kind of dash and of space.

    Examples
    --------
    >>> plain_label("Vistelsetid 0–1 år")
    'vistelsetid 0-1 år'
    """
    return " ".join(label.casefold().replace("–", "-").replace("\u2212", "-").split())


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

    Where the dataset holds counts only, women and men, native- and foreign-born are asked for and
    their totals are left to be summed, unless it has no parts. Where it holds rates or amounts,
    which cannot be summed, the totals are asked for too. All extra keys whole; all columns.

    Raises
    ------
    UnknownCodeError
        When a place or an age is not in the table.
    UsageError
        When a period cannot be read, or none lies between `start` and `end`.
    """
    asked: dict[str, tuple[str, ...]] = {}
    for name, key in dataset.keys.items():
        codes = pins["keys"].get(name, {})
        chosen: Iterable[str]
        if name == "place":
            chosen = _places(dataset, meta, key, places)
        elif name == "age":
            chosen = _ages(dataset, meta, key, codes, ages)
        elif not key.variable:
            continue
        elif name == "period":
            chosen = _periods(dataset, meta, meta.variable(key.variable), start, end)
        else:
            parts = [code for word, code in codes.items() if word != "total"]
            chosen = parts if parts and dataset.additive else codes.values()
        if key.variable:
            asked[meta.variable(key.variable).code] = tuple(dict.fromkeys(chosen))
    if dataset.groupings:
        asked[dataset.grouping_variable] = tuple(pins["grouping"].values())
    for kind in ("fixed", "margins"):
        for variable, code in pins[kind].items():
            asked[variable] = (*asked.get(variable, ()), code)
    contents = [*pins["counts"].values(), *pins["rates"].values(), *pins["amounts"].values()]
    contents += [code for one in dataset.series for code in one.codes.values()]
    asked[dataset.contents_variable] = tuple(dict.fromkeys(contents))
    return asked


class AskedByCode:
    """What the publishers share whose tables are asked for by the codes of their metadata."""

    def selection(
        self,
        dataset: Dataset,
        offer: Offer,
        *,
        places: Sequence[str] | None,
        ages: Sequence[str] | None,
        start: str | None,
        end: str | None,
    ) -> dict[str, tuple[str, ...]]:
        """See `integstats.publishers.codes.selection`."""
        return selection(
            dataset, offer.detail, offer.pins, places=places, ages=ages, start=start, end=end
        )


def _places(
    dataset: Dataset, meta: TableMeta, key: KeyVariable, wanted: Sequence[str] | None
) -> list[str]:
    known = {**catalogue.places(), **catalogue.places_abroad()}
    for code in wanted or ():
        kind = known[code].kind if code in known else "place"
        if kind not in dataset.places:
            others = [
                one.id
                for one in catalogue.datasets().values()
                if kind in one.places and one.measures == dataset.measures != ()
            ]
            raise UnknownCodeError(
                f"{dataset.id} (table {meta.id}) has no figures for {catalogue.place_label(code)}: "
                f"it holds the kinds {', '.join(dataset.places)}, not {kind}."
                + (f" The same measures are in {', '.join(others)}." if others else "")
            )
    if not key.variable:
        return []
    if wanted is not None:
        return [code for one in wanted for code in meta.resolve(key.variable, key.code(one))]
    return [
        code
        for code in meta.variable(key.variable).codes
        if key.word(code) in known and known[key.word(code)].kind in dataset.places
    ]


def _ages(
    dataset: Dataset,
    meta: TableMeta,
    key: KeyVariable,
    codes: Mapping[str, str],
    wanted: Sequence[str] | None,
) -> list[str]:
    spans = list(wanted) if wanted else [dataset.default_age]
    if key.variable:
        return [
            code
            for span in spans
            for one in (catalogue.years_of(span) if key.single_years else [codes.get(span, span)])
            for code in meta.resolve(key.variable, one)
        ]
    for span in spans:
        if span not in key.codes:
            raise UnknownCodeError(
                f"{dataset.id} (table {meta.id}) has no age {span!r}."
                f"{did_you_mean(span, key.codes)} It has {', '.join(key.codes)}."
            )
    return []


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
        raise UsageError(
            f"Table {meta.id} has no period from {start or 'its start'} to {end or 'its end'}: it "
            f"runs from {variable.codes[0]} to {variable.codes[-1]}. Ask for periods inside."
        )
    return chosen


def period_code(text: str | None, frequency: str) -> str | None:
    """Return a period as SCB writes it; years are the same with every publisher.

    Raises
    ------
    UsageError
        When it is not a period of that frequency (M, Q or Y).

    Examples
    --------
    >>> period_code("2024-06", "M"), period_code("2024Q2", "Q"), period_code("2024", "Y")
    ('2024M06', '2024K2', '2024')
    """
    if text is None:
        return None
    pattern, example = {
        "M": (r"(\d{4})[-M](0[1-9]|1[0-2])", "a month as 2024-06"),
        "Q": (r"(\d{4})-?[QK]([1-4])", "a quarter as 2024Q2"),
        "Y": (r"(\d{4})()", "a year as 2024"),
    }[frequency]
    found = re.fullmatch(pattern, text)
    if found is None:
        raise UsageError(f"Not a period of this dataset: {text!r}. Write {example}.")
    return {"M": "{}M{}", "Q": "{}K{}", "Y": "{}{}"}[frequency].format(*found.groups())


def by_places(
    dataset: Dataset, selection: Mapping[str, tuple[str, ...]], *, cells: int
) -> list[dict[str, tuple[str, ...]]]:
    """Divide a selection by places, so that no call asks for more than so many cells.

    A single place is never divided, whatever it holds.
    """
    variable = dataset.keys["place"].variable
    places = selection[variable]
    others = math.prod(len(ids) for name, ids in selection.items() if name != variable)
    size = max(1, cells // others)
    return [{**selection, variable: places[at : at + size]} for at in range(0, len(places), size)]
