"""Where in a publisher's workbook a dataset lies, and what its ages and names of places mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from integstats import catalogue
from integstats.catalogue import Place, fold
from integstats.errors import SchemaError, did_you_mean

_CODE_BEFORE = re.compile(r"^\d+\s+")


@dataclass(frozen=True)
class Layout:
    """How one dataset lies in its workbook.

    Attributes
    ----------
    county
        Field with the county's name; empty where the file is of the whole country.
    sheets
        Names of the sheets and the keys each is split by; empty for a pivot cache.
    groups
        Beginning of a column's name, and the words of the keys it is about; empty where every
        row says whom it is about.
    abroad
        Beginnings of the labels, in lower case, of groups of countries that keep their name.
    """

    county: str
    sheets: tuple[tuple[str, tuple[str, ...]], ...]
    groups: tuple[tuple[str, Mapping[str, str]], ...]
    abroad: tuple[str, ...]


@dataclass(frozen=True)
class ReferenceTotal:
    """A sum over all places that others have published, to be found again in a workbook.

    `tolerance` is the largest share by which a revision may have moved it since.
    """

    month: str
    count: str
    sex: str
    value: float
    tolerance: float
    source: str


@cache
def _facts() -> Mapping[str, Any]:
    text = files("integstats.catalogue").joinpath("workbooks.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def layouts() -> Mapping[str, Layout]:
    """The layout of every dataset that comes as a workbook, by its id."""
    return MappingProxyType(
        {
            name: Layout(
                county=row.get("county", ""),
                sheets=tuple((one["name"], tuple(one["keys"])) for one in row.get("sheets", [])),
                groups=tuple(
                    (one["prefix"], {key: word for key, word in one.items() if key != "prefix"})
                    for one in row.get("groups", [])
                ),
                abroad=tuple(row.get("abroad", [])),
            )
            for name, row in _facts()["workbooks"].items()
        }
    )


def reference_totals(dataset: str) -> tuple[ReferenceTotal, ...]:
    """Return the published totals of a dataset's counts.

    Examples
    --------
    >>> reference_totals("af-weak-position")[0].value
    349398.0
    """
    facts, counts = _facts()["reference"], catalogue.dataset(dataset).counts
    return tuple(
        ReferenceTotal(
            month=one["month"],
            count=one["count"],
            sex=one["sex"],
            value=float(one["value"]),
            tolerance=facts["tolerance"],
            source=facts["source"],
        )
        for one in facts["totals"]
        if one["count"] in counts and dataset in one.get("datasets", (dataset,))
    )


def age_in(month: str) -> str:
    """Return the span of ages that Arbetsförmedlingen's figures of a month cover.

    Examples
    --------
    >>> age_in("2022-12"), age_in("2023-01"), age_in("2026-08")
    ('16-64', '16-65', '16-66')
    """
    ages: Mapping[str, str] = _facts()["ages"]
    return ages[max(first for first in ages if first <= month)]


def usual_ages(dataset: str) -> tuple[str, ...]:
    """Return the ages that are read when none is asked for.

    One span; of a dataset that comes as a workbook, all that follow each other in it.

    Examples
    --------
    >>> usual_ages("scb-bas-month"), usual_ages("af-time-country")
    (('20-64',), ('16-64', '16-65', '16-66'))
    """
    return age_succession(dataset, catalogue.dataset(dataset).default_age)


def age_succession(dataset: str, age: str) -> tuple[str, ...]:
    """Return the spans of ages that follow each other in a dataset as one series, in their order.

    No two of them cover the same month, and a break that blocks lies where one gives way to the
    next. An age that belongs to no such series stands alone.

    Examples
    --------
    >>> age_succession("af-time-country", "16-65"), age_succession("scb-bas-month", "20-64")
    (('16-64', '16-65', '16-66'), ('20-64',))
    """
    spans = tuple(catalogue.dataset(dataset).keys["age"].codes) if dataset in layouts() else ()
    return spans if age in spans else (age,)


def age_at(dataset: str, age: str, month: str) -> str:
    """Return the span that figures of a month cover, in the series that an age belongs to.

    Examples
    --------
    >>> age_at("af-time-country", "16-66", "2024-06"), age_at("scb-bas-month", "20-64", "2024-06")
    ('16-65', '20-64')
    """
    span = age_in(month)
    return span if span in age_succession(dataset, age) else age


def is_residual(name: str) -> bool:
    """Whether a name stands for no place.

    Examples
    --------
    >>> is_residual("Uppgift saknas"), is_residual("Lomma")
    (True, False)
    """
    return " ".join(name.split()).casefold() in _facts()["places"]["residual"]


def county_code(name: str) -> str:
    """Return the code of a county by the name a workbook has, with or without "län".

    Raises
    ------
    SchemaError
        When there is no such county.

    Examples
    --------
    >>> county_code("Västra Götalands län"), county_code("20 Dalarna"), county_code("Malmöhus län")
    ('14', '20', '12')
    """
    found = _counties().get(fold(_CODE_BEFORE.sub("", name)))
    if found is None:
        raise SchemaError(
            f"Unknown county in the workbook: {name!r}.{did_you_mean(name, _counties())} "
            "Its names must be those of Sweden's 21 counties."
        )
    return found


def municipality_code(name: str, county: str) -> str:
    """Return the code of a municipality by its name and the code of the county it stands under.

    A municipality and a county can have the same name, so neither alone is enough.

    Raises
    ------
    SchemaError
        When the county has, and had, no such municipality.

    Examples
    --------
    >>> municipality_code("Uppsala", "03"), municipality_code("Heby", "19")
    ('0380', '0331')
    """
    known = _municipalities(county)
    found = known.get(fold(_CODE_BEFORE.sub("", name)))
    if found is None:
        raise SchemaError(
            f"Unknown municipality in the workbook: {name!r} under "
            f"{catalogue.place_label(county)}.{did_you_mean(fold(name), known)} Its names must be "
            "those of Sweden's 290 municipalities, each under its county."
        )
    return found


def _kind(kind: str) -> tuple[Place, ...]:
    return tuple(one for one in catalogue.places().values() if one.kind == kind)


@cache
def _counties() -> Mapping[str, str]:
    found = {}
    for place in _kind("county"):
        short = place.name.removesuffix(" län")
        for name in (place.name, short, short.removesuffix("s"), *place.aliases):
            found[fold(name)] = place.code
    for name, code in _facts()["places"]["former_counties"].items():
        found[fold(name)] = found[fold(name.removesuffix(" län"))] = code
    return MappingProxyType(found)


@cache
def _municipalities(county: str) -> Mapping[str, str]:
    own = _facts()["places"]
    found = {}
    for place in _kind("municipality"):
        if county in (place.code[:2], own["moved"].get(place.code)):
            found[fold(place.name)] = place.code
    for name, code in own["former_names"].items():
        if county == code[:2]:
            found[fold(name)] = code
    return MappingProxyType(found)
