"""The catalogue as tables to read: datasets, measures, places."""

from __future__ import annotations

import pandas as pd

from integstats import catalogue
from integstats.catalogue import Group, Language


def datasets(*, lang: Language = "en") -> pd.DataFrame:
    """List the datasets.

    Returns
    -------
    pandas.DataFrame
        Index ``dataset``; ``name``, ``publisher``, ``table_id``, ``frequency`` (M, Q or Y),
        ``first_period``, ``age`` (the usual span), ``status``, ``measures`` and ``counts``
        (joined by a comma), ``definition`` (what the figures are and are not), ``url``.

    Examples
    --------
    >>> datasets().loc["scb-bas-month", ["table_id", "frequency"]].tolist()
    ['TAB6260', 'M']
    """
    rows = [
        {
            "dataset": one.id,
            "name": one.name(lang),
            "publisher": one.publisher.name,
            "table_id": one.table_id,
            "frequency": one.frequency,
            "first_period": one.first_period,
            "age": one.default_age,
            "status": one.status,
            "measures": ", ".join(one.measures),
            "counts": ", ".join(one.counts),
            "definition": one.definition(lang),
            "url": one.url,
        }
        for one in catalogue.datasets().values()
    ]
    return pd.DataFrame(rows).set_index("dataset")


def measures(*, lang: Language = "en") -> pd.DataFrame:
    """List the measures.

    Returns
    -------
    pandas.DataFrame
        Index ``measure``; ``name``, ``numerator``, ``denominator``, ``better`` (up or down),
        ``definition``, ``trap`` (what it is easily mistaken for).

    Examples
    --------
    >>> measures().loc["unemployment_rate", ["numerator", "denominator", "better"]].tolist()
    ['unemployed', 'labour_force', 'down']
    """
    rows = []
    for one in catalogue.measures().values():
        words = one.words(lang)
        rows.append(
            {
                "measure": one.id,
                "name": words["name"],
                "numerator": one.numerator,
                "denominator": one.denominator,
                "better": one.better,
                "definition": words["definition"],
                "trap": words["trap"],
            }
        )
    return pd.DataFrame(rows).set_index("measure")


def places(text: str = "", *, lang: Language = "sv") -> pd.DataFrame:
    """List the places and groups whose name, code or other spelling contains a text.

    Returns
    -------
    pandas.DataFrame
        ``place`` (what the column of that name holds: ``00``, ``12``, ``1283``, ``group:…``),
        ``name``, ``kind`` (country, county, municipality, group), ``county`` (code),
        ``members`` (number of municipalities of a group, otherwise 1), ``source`` (of a group).

    Examples
    --------
    >>> places("Möln")[["place", "name", "kind"]].values.tolist()
    [['1481', 'Mölndal', 'municipality']]
    """
    rows = [
        {
            "place": one.key,
            "name": one.label(lang),
            "kind": "group" if isinstance(one, Group) else one.kind,
            "county": "" if isinstance(one, Group) else one.county,
            "members": len(one.members),
            "source": f"{one.source} ({one.as_of})" if isinstance(one, Group) else "",
        }
        for one in catalogue.search(text)
    ]
    columns = ["place", "name", "kind", "county", "members", "source"]
    return pd.DataFrame(rows, columns=columns)
