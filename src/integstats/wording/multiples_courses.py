"""How the rate of one group has moved in each of many places, and in how many it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import begins
from integstats.analysis.small_numbers import rate_variance
from integstats.catalogue import Break
from integstats.wording.change import has_changed, least_change
from integstats.wording.claims import Value
from integstats.wording.gap_courses import PER_YEAR
from integstats.wording.phrases import group_code
from integstats.wording.place_notes import kind_of

BY_CHANCE = 0.1
"""How often a change would be called one, up or down, where there is none (z beyond ±1.645)."""
Values = Mapping[str, Any]


def count_of(v: Values, way: str) -> int:
    """Return how many places have moved that way: up, down or same."""
    return sum(one.endswith(f"={way}") for one in v["courses"])


def is_counted(v: Values) -> bool:
    """Whether the numbers of places that rose, fell and stayed are those of their courses."""
    ways = all(v[way] == count_of(v, way) for way in ("up", "down", "same"))
    return ways and bool(v["compared"] == len(v["courses"]))


def multiples_values(rows: pd.DataFrame, measure: str, breaks: Sequence[Break]) -> dict[str, Value]:
    """Return the slots of the sentences about one group in many places.

    Among them `courses`, how each place has moved as ``<place>=up``, ``down`` or ``same``; it is
    empty where there is nothing to compare with.
    """
    apart = (rows["place"] == "00").to_numpy()
    beside = not apart.all()
    own = rows[~apart] if beside else rows
    country = rows[apart & beside & rows[measure].notna().to_numpy()]
    known = own[own[measure].notna().to_numpy()]
    last = known["period"].max()
    places = [str(one) for one in own["place"].unique()]
    now = known[(known["period"] == last).to_numpy()].sort_values(measure, kind="stable")
    there = {str(one) for one in own.loc[(own["period"] == last).to_numpy(), "place"]}
    hidden = sorted(there - {str(one) for one in now["place"]})
    absent = sorted(set(places) - there)
    note = f"{measure}_note"
    values: dict[str, Value] = {
        "group": group_code(str(own["birth_region"].iloc[0]), str(own["sex"].iloc[0])),
        "measure": measure,
        "age": str(now["age"].iloc[0]),
        "kind": kind_of(places),
        "place": places[0],
        "places": len(places),
        "shown": len(now),
        "first": str(rows["period"].min()),
        "last": str(last),
        "country": bool(len(country)),
        "hidden": tuple(hidden),
        "hidden_count": len(hidden),
        "absent": tuple(absent),
        "absent_count": len(absent),
        "small_base": note in own and bool((known[note] == "small_base").any()),
    }
    at_last = country.loc[(country["period"] == last).to_numpy(), measure]
    if len(at_last):
        values["country_end"] = float(at_last.iloc[0])
    for name, row in (("least", now.iloc[0]), ("most", now.iloc[-1])):
        course = known[(known["place"] == row["place"]).to_numpy()].sort_values("period")
        values |= {
            name: float(row[measure]),
            f"{name}_place": str(row["place"]),
            f"{name}_first": float(course[measure].iloc[0]),
            f"{name}_first_period": str(course["period"].iloc[0]),
        }
    denominator = catalogue.measure(measure).denominator
    if denominator in now and now[denominator].notna().all():
        values["fewest"] = float(now[denominator].min())
    return values | _course_values(known, now, measure, breaks)


def _course_values(
    known: pd.DataFrame, now: pd.DataFrame, measure: str, breaks: Sequence[Break]
) -> dict[str, Value]:
    """Return how each place has moved between two periods that all can be compared at."""
    last = now["period"].iloc[0]
    step = PER_YEAR[str(last.freqstr)[0]]
    blocking = [one for one in breaks if one.effect == "blocks" and begins(one, last.freq) <= last]
    since = max((begins(one, last.freq) for one in blocking), default=known["period"].min())
    periods = sorted({one for one in known["period"] if since <= one < last})
    whole = [one for one in periods if (last - one).n % step == 0]
    start = next(iter(whole or periods), None)
    values: dict[str, Value] = {
        "courses": (),
        "blocked": tuple(one.id for one in blocking),
        **dict.fromkeys(("compared", "up", "down", "same"), 0),
        "whole_years": bool(whole),
        "assessed": False,
    }
    if start is None:
        return values
    before = known[(known["period"] == start).to_numpy()].set_index("place")
    after = now.set_index("place")
    both = [one for one in after.index if one in before.index]
    if not both:
        return values
    first, end = before.loc[both], after.loc[both]
    change = end[measure].to_numpy(dtype=float) - first[measure].to_numpy(dtype=float)
    z, least = _certainty(first, end, measure, change)
    ways = {}
    for place, old, new, score in zip(both, first[measure], end[measure], z, strict=True):
        told = {"unit": "share", "start": float(old), "end": float(new), "least": least}
        certain = has_changed(told if np.isnan(score) else {**told, "z": float(score)})
        ways[str(place)] = ("up" if new > old else "down") if certain else "same"
    courses = tuple(f"{place}={way}" for place, way in ways.items())
    values |= {way: count_of({"courses": courses}, way) for way in ("up", "down", "same")}
    return values | {
        "courses": courses,
        "compared": len(courses),
        "by_chance": BY_CHANCE * len(courses),
        "assessed": not bool(np.isnan(z).any()),
        "start_period": str(start),
        "place": next(iter(ways)),
    }


def _certainty(
    first: pd.DataFrame, end: pd.DataFrame, measure: str, change: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return each change divided by its standard error, and the least that is called one."""
    dataset = catalogue.datasets().get(str(end["dataset"].iloc[0]).partition(";")[0])
    noise, revision = (dataset.noise_variance, dataset.revision_pp) if dataset else (0.0, 0.0)
    denominator = catalogue.measure(measure).denominator
    if denominator not in end:
        return np.full(len(change), np.nan), least_change(revision)
    spread = sum(
        rate_variance(
            part[measure].to_numpy(dtype=float),
            part[denominator].to_numpy(dtype=float),
            noise_variance=noise,
        )
        for part in (first, end)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        z = change / np.sqrt(spread)
    # A share of 0 or 1 at both ends has no spread: nothing has changed, and that is certain.
    return np.where((spread == 0) & (change == 0), 0.0, z), least_change(revision)
