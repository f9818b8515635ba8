"""Reads the TOML and CSV files beside it into records, each once."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from integstats.catalogue.records import (
    Break,
    Dataset,
    Group,
    Grouping,
    KeyVariable,
    Measure,
    Place,
    Publisher,
    Series,
    Source,
)
from integstats.errors import UnknownCodeError, did_you_mean

_DATASETS = (
    "datasets.toml",
    "datasets_arbetsformedlingen.toml",
    "datasets_kolada.toml",
    "datasets_statbank.toml",
    "datasets_eurostat.toml",
)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("integstats.catalogue").joinpath(name).read_text(encoding="utf-8"))


def _frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(mapping))


@cache
def publishers() -> Mapping[str, Publisher]:
    """All publishers by id."""
    return _frozen({key: Publisher(id=key, **row) for key, row in _toml("publishers.toml").items()})


@cache
def datasets() -> Mapping[str, Dataset]:
    """All datasets by id."""
    rows = {key: row for name in _DATASETS for key, row in _toml(name).items()}
    return _frozen({key: _dataset(key, row) for key, row in rows.items()})


def _dataset(name: str, row: dict[str, Any]) -> Dataset:
    contents = row.pop("contents")
    grouping = row.pop("grouping", {"variable": "", "codes": []})
    groupings = tuple(
        Grouping(words.pop("code"), _frozen(words)) for words in map(dict, grouping["codes"])
    )
    keys = {key: _key(key, spec) for key, spec in row.pop("keys").items()}
    for key in {key: None for one in groupings for key in one.words}:
        constant = keys[key].constant if key in keys else "total"
        words = dict.fromkeys([constant, *(w.words[key] for w in groupings if key in w.words)], "")
        keys[key] = KeyVariable(key, "", _frozen(words), constant)
    columns: dict[str, dict[str, str]] = {
        kind: dict(contents.get(kind, {}))
        for kind in ("counts", "published_rates", "rates", "amounts")
    }
    series = []
    for one in row.pop("series", []):
        own = {kind: one.pop(kind, {}) for kind in ("counts", "rates")}
        for kind, codes in own.items():
            columns[kind] = {**codes, **columns[kind]}
        series.append(Series(_frozen(one), _frozen({**own["counts"], **own["rates"]})))
    for key in {key: None for one in series for key in one.words}:
        constant = keys[key].constant if key in keys else "total"
        words = dict.fromkeys([constant, *(w.words[key] for w in series if key in w.words)], "")
        keys[key] = KeyVariable(key, "", _frozen(words), constant)
    return Dataset(
        id=name,
        publisher=publishers()[row.pop("publisher")],
        places=tuple(row.pop("places")),
        measures=tuple(row.pop("measures")),
        keys=_frozen(keys),
        contents_variable=contents["variable"],
        fixed=_frozen(row.pop("fixed", {})),
        margins=_frozen(row.pop("margins", {})),
        grouping_variable=grouping["variable"],
        groupings=groupings,
        series=tuple(series),
        counts=_frozen(columns["counts"]),
        published_rates=_frozen(columns["published_rates"]),
        rates=_frozen(columns["rates"]),
        amounts=_frozen(columns["amounts"]),
        **row,
    )


def _key(name: str, spec: Mapping[str, Any]) -> KeyVariable:
    constant = spec.get("constant", "")
    return KeyVariable(
        key=name,
        variable=spec.get("variable", ""),
        codes=_frozen({constant: ""} if constant else spec.get("codes", {})),
        constant=constant,
        single_years=spec.get("single_years", False),
        prefix=spec.get("prefix", ""),
    )


def years_of(age: str) -> tuple[str, ...]:
    """Return the single years of an age span, as tables with single years write them.

    Raises
    ------
    UnknownCodeError
        When it is no span of years.

    Examples
    --------
    >>> years_of("20-24")
    ('20', '21', '22', '23', '24')
    """
    first, dash, last = age.partition("-")
    if first.isdecimal() and (last.isdecimal() or not dash):
        years = tuple(str(year) for year in range(int(first), int(last or first) + 1))
        if years:
            return years
    raise UnknownCodeError(f"Not an age span: {age!r}. Write it as 20-64, or a single year as 20.")


@cache
def measures() -> Mapping[str, Measure]:
    """All measures by id."""
    own = ("numerator", "denominator", "better")
    return _frozen(
        {
            key: Measure(
                id=key,
                text=_frozen({word: text for word, text in row.items() if word not in own}),
                **{word: row[word] for word in own},
            )
            for name in ("measures.toml", "measures_elsewhere.toml")
            for key, row in _toml(name).items()
        }
    )


@cache
def unsummable() -> frozenset[str]:
    """Names of the columns that are never summed: rates, their margins of error, amounts."""
    amounts = {name for one in datasets().values() for name in one.amounts}
    return frozenset({*measures(), *(f"{name}_margin" for name in measures()), *amounts})


def unit_of(column: str) -> str:
    """Return what a column of the one table is counted in.

    ``share`` (a rate or its margin of error, 0–1), ``thousand kronor``, or ``persons``.

    Examples
    --------
    >>> unit_of("unemployment_rate"), unit_of("median_income_ksek"), unit_of("unemployed")
    ('share', 'thousand kronor', 'persons')
    """
    if column not in unsummable():
        return "persons"
    return "thousand kronor" if column.endswith("_ksek") else "share"


@cache
def breaks() -> tuple[Break, ...]:
    """All known breaks, in the order of the file."""
    lists = ("datasets", "measures", "ages", "places")
    found = []
    for row in _toml("breaks.toml")["break"]:
        row.update({key: tuple(row[key]) for key in lists})
        row["months"] = tuple(row.get("months", ()))
        found.append(Break(**row))
    return tuple(found)


@cache
def places() -> Mapping[str, Place]:
    """Sweden, the counties and the municipalities by code."""
    return _places("places.csv")


@cache
def places_abroad() -> Mapping[str, Place]:
    """Countries and municipalities abroad that other publishers have figures for, by code."""
    return _places("places_abroad.csv")


def _places(name: str) -> Mapping[str, Place]:
    text = files("integstats.catalogue").joinpath(name).read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        aliases = tuple(alias for alias in row.pop("aliases").split(";") if alias)
        found[row["code"]] = Place(aliases=aliases, **row)  # type: ignore[arg-type]
    return _frozen(found)


@cache
def groups() -> Mapping[str, Group]:
    """Named groups of municipalities by id."""
    fields = ("name", "name_en", "kind", "source", "as_of")
    return _frozen(
        {
            key: Group(
                id=key,
                members=tuple(row["members"]),
                url=row.get("url", ""),
                **{field: row[field] for field in fields},
            )
            for key, row in _toml("groups.toml").items()
        }
    )


PEER_TOPICS = ("labour_market", "socioeconomy", "overall")
"""What municipalities are alike in, in Kolada's groups of similar ones."""


@cache
def peer_groups() -> Mapping[str, Group]:
    """All published peer groups by id."""
    words = {
        "labour_market": ("arbetsmarknad", "labour market", " arbetsmarknad"),
        "socioeconomy": ("socioekonomi", "socioeconomy", " socioekonomi"),
        "overall": ("övergripande", "overall", ", övergripande"),
    }
    text = files("integstats.catalogue").joinpath("peer_groups.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        own = places()[row["place"]].name
        swedish, english, title = words[row["topic"]]
        name = f"peers-{row['topic'].replace('_', '-')}-{row['place']}"
        found[name] = Group(
            id=name,
            name=f"Kommuner som liknar {own} ({swedish})",
            name_en=f"Municipalities similar to {own} ({english})",
            kind="peers",
            source=f"Kolada {row['kolada_id']} (Liknande kommuner{title}, {own}, {row['year']})",
            as_of=row["as_of"],
            members=tuple(row["members"].split(";")),
        )
    return _frozen(found)


def dataset(name: str) -> Dataset:
    """Return the dataset of that id.

    Raises
    ------
    UnknownCodeError
        With the near ids.
    """
    require_known(name, datasets(), "dataset")
    return datasets()[name]


def measure(name: str) -> Measure:
    """Return the measure of that id.

    Raises
    ------
    UnknownCodeError
        With the near ids.
    """
    require_known(name, measures(), "measure")
    return measures()[name]


def require_known(name: str, known: Mapping[str, Any], what: str) -> None:
    """Raise UnknownCodeError naming the near ids unless the id is known."""
    if name not in known:
        raise UnknownCodeError(
            f"Unknown {what}: {name!r}.{did_you_mean(name, known)} Known: {', '.join(known)}."
        )


def is_own(dataset: str) -> bool:
    """Whether the figures are the user's own, or invented: then the catalogue has no entry.

    Examples
    --------
    >>> is_own("own-placements"), is_own("synthetic-arrivals"), is_own("scb-bas-month")
    (True, True, False)
    """
    return dataset.startswith("own-") or "synthetic" in dataset


def breaks_for(
    *, dataset: str, measure: str, age: str, place: str, effect: str | None = None
) -> tuple[Break, ...]:
    """Return the breaks that concern these figures, optionally of one effect only."""
    return tuple(
        one
        for one in breaks()
        if one.concerns(dataset=dataset, measure=measure, age=age, place=place)
        and effect in (None, one.effect)
    )


@cache
def _carried_over() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    rows = _toml("carried_over.toml").get("carried_over", [])
    return MappingProxyType({(row["dataset"], row["vintage"]): _frozen(row) for row in rows})


def sources_of(pairs: Iterable[tuple[str, str]]) -> tuple[Source, ...]:
    """Return the sources behind values of the columns `dataset` and `vintage`.

    This is what can be said without looking at the stored files; `integstats.sources` adds the
    time of fetching and the checksums. Where a transform joined two, each is listed.

    Parameters
    ----------
    pairs
        Pairs of dataset and vintage; each may hold several, joined by ``;`` in the same order.

    Examples
    --------
    >>> [one.updated for one in sources_of([("scb-bas-month", "2026-08-28.00000000")])]
    ['2026-08-28']
    """
    found: dict[tuple[str, str], Source] = {}
    for joined_names, joined_vintages in pairs:
        for name, vintage in zip(joined_names.split(";"), joined_vintages.split(";"), strict=True):
            row = _carried_over().get((name, vintage))
            found[name, vintage] = Source(
                dataset=dataset(name),
                vintage=vintage,
                obtained="carried over" if row else "unknown",
                note_sv=row["note_sv"] if row else "",
                note_en=row["note_en"] if row else "",
            )
    return tuple(found.values())
