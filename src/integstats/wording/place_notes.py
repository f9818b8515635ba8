"""What must be known of the places on a chart: whose figure is hidden, small or shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.small_numbers import WARN_BELOW
from integstats.catalogue import Language
from integstats.targets.assumptions import member_codes
from integstats.wording.claims import Predicate, Text, Value, all_true

NAMED = 8
"""More places than this are counted, not named."""

_NOTES = [
    Predicate(
        "shown.hidden",
        lambda v: 0 < len(v["hidden"]) == v["hidden_count"] <= NAMED,
        "Uppgiften visas inte (för få personer) för {hidden:places}.",
        "The figure is not shown (too few persons) for {hidden:places}.",
    ),
    Predicate(
        "shown.hidden_many",
        lambda v: len(v["hidden"]) == v["hidden_count"] > NAMED,
        "Uppgiften visas inte (för få personer) för {hidden_count:count} {kind:kind}.",
        "The figure is not shown (too few persons) for {hidden_count:count} {kind:kind}.",
    ),
    Predicate(
        "shown.small",
        lambda v: 0 < len(v["small"]) == v["small_count"] <= NAMED,
        "Färre än {limit:count} personer ligger bakom värdet för {small:places} (ihåliga punkter).",
        "Fewer than {limit:count} persons are behind the figure for {small:places} (hollow dots).",
    ),
    Predicate(
        "shown.small_many",
        lambda v: len(v["small"]) == v["small_count"] > NAMED,
        "Färre än {limit:count} personer ligger bakom värdet för {small_count:count} {kind:kind} "
        "(ihåliga punkter).",
        "Fewer than {limit:count} persons are behind the figure for {small_count:count} "
        "{kind:kind} (hollow dots).",
    ),
    Predicate(
        "shown.nested",
        lambda v: bool(v["nested"]),
        "Några av områdena ligger i varandra och har delvis samma personer, "
        "som {part:place} och {whole:place}.",
        "Some of the areas lie within each other and have persons in common, "
        "as {part:place} and {whole:place}.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _NOTES}


def place_values(places: pd.Series, *, known: np.ndarray, persons: np.ndarray) -> dict[str, Value]:
    """Return the slots of the notes on places.

    Parameters
    ----------
    places
        Keys of the places shown, without the country.
    known
        Which of them have a figure.
    persons
        Persons in the smallest denominator behind each figure; missing where it is not published.
    """
    keys = places.astype(str).to_numpy()
    hidden = tuple(keys[~known].tolist())
    small = tuple(keys[known & (persons < WARN_BELOW)].tolist())
    part, whole = _nested(keys.tolist())
    return {
        "kind": kind_of(keys.tolist()),
        "hidden": hidden,
        "hidden_count": len(hidden),
        "small": small,
        "small_count": len(small),
        "limit": WARN_BELOW,
        "nested": bool(part),
        "part": part,
        "whole": whole,
    }


def place_notes(values: Mapping[str, Value], *, lang: Language) -> tuple[Text, ...]:
    """Return the notes that are true of the values, a text each."""
    return tuple(Text.of(claim, lang=lang) for claim in all_true(_NOTES, values))


def kind_of(places: Sequence[str]) -> str:
    """Return what the places are together: municipality, county, or mixed.

    Examples
    --------
    >>> kind_of(["12", "14"]), kind_of(["12", "1280"]), kind_of(["Exempelkommun A"])
    ('county', 'mixed', 'mixed')
    """
    known = catalogue.places()
    kinds = {known[key].kind if key in known else "mixed" for key in places}
    return kinds.pop() if kinds in ({"municipality"}, {"county"}) else "mixed"


def _nested(places: Sequence[str]) -> tuple[str, str]:
    """Return the first place that lies within another of them, and that other; blank if none."""
    known = catalogue.places()
    present = set(places)
    for key in places:
        if key in known and known[key].kind == "municipality" and known[key].county in present:
            return key, known[key].county
        if key.startswith("group:"):
            within = [one for one in member_codes([key]) if one in present]
            if within:
                return within[0], key
    return "", ""
