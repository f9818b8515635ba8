"""Which way each labour market status went between two periods, and how surely."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.small_numbers import rate_variance
from integstats.analysis.statuses import COMPONENTS, STANDARD_DEVIATIONS
from integstats.wording.change import Z_CERTAIN, least_change
from integstats.wording.claims import Value
from integstats.wording.phrases import group_code

STATUSES = ("unemployed", "employed", "students", "retired", "sick", "other")
"""The six, in the order in which they are shown."""
OUTSIDE = ("students", "retired", "sick", "other")
"""The statuses that are neither employed nor unemployed."""
REQUIRED = (
    "dataset",
    "vintage",
    "place",
    "sex",
    "birth_region",
    "age",
    "component",
    "period_start",
    "period_end",
    "count_start",
    "count_end",
    "change",
    "explained",
    "rate_start",
    "rate_end",
    "tolerance",
    "status",
    "note",
)
"""Columns of what `integstats.status_changes` returns that charts and texts of it use."""
Values = Mapping[str, Any]


def course_values(rows: pd.DataFrame) -> dict[str, Value]:
    """Return what sentences about one group say and are judged by.

    Parameters
    ----------
    rows
        Of `integstats.status_changes`: one row per component, of one group, without a missing
        change.

    Returns
    -------
    dict
        For each component its change (persons), ``<component>_start`` and ``<component>_end``;
        ``deviation``, what the population's change is more than the sum of the six statuses'
        (persons), and ``allowed``, as much of it as disclosure noise may make; ``noise``, the
        variance that noise gives a change; ``rate_start`` and ``rate_end``, the unemployment
        rate, and ``work_start`` and ``work_end``, the employment rate (shares; absent below 30
        persons); ``<…>_z`` of the changes; ``least``, the least change of a rate that is called
        one (percentage points); whom, where and when.
    """
    row = rows.iloc[0]
    at = rows.set_index(rows["component"].astype(str))
    values: dict[str, Any] = {
        "group": group_code(str(row["birth_region"]), str(row["sex"])),
        "place": str(row["place"]),
        "age": str(row["age"]),
        "start_period": str(row["period_start"]),
        "end_period": str(row["period_end"]),
        "whole_years": _whole_years(row["period_start"], row["period_end"]),
        "deviation": _deviation(at["change"]),
        "allowed": math.floor(float(row["tolerance"]) + 1e-6),
        # The tolerance covers the seven counts of a period, and both periods.
        "noise": (float(row["tolerance"]) / STANDARD_DEVIATIONS) ** 2 / len(COMPONENTS),
        "least": least_change(_revision_pp(str(row["dataset"]))),
    }
    for name in COMPONENTS:
        start, end = (float(at.loc[name, f"count_{side}"]) for side in ("start", "end"))
        values |= {name: end - start, f"{name}_start": start, f"{name}_end": end}
        values[f"{name}_z"] = _z(end - start, start + end + values["noise"])
    bases = [values[f"employed_{side}"] + values[f"unemployed_{side}"] for side in ("start", "end")]
    values |= _rates("rate", [float(row["rate_start"]), float(row["rate_end"])], bases, values)
    populations = [values["population_start"], values["population_end"]]
    if np.isfinite(row["rate_start"]) and np.isfinite(row["rate_end"]):
        work = [
            values[f"employed_{side}"] / people
            for side, people in zip(("start", "end"), populations, strict=True)
        ]
        values |= _rates("work", work, populations, values)
    return values


def _rates(name: str, rates: list[float], bases: list[float], values: Values) -> dict[str, float]:
    if not np.isfinite(rates).all():
        return {}
    variance = rate_variance(rates, bases, noise_variance=values["noise"] / 2).sum()
    change = rates[1] - rates[0]
    return {f"{name}_start": rates[0], f"{name}_end": rates[1], f"{name}_z": _z(change, variance)}


def _z(change: float, variance: float) -> float:
    """Return the change in standard deviations; nothing moves where nothing varies."""
    return float(change / math.sqrt(variance)) if variance > 0 else 0.0


def _deviation(changes: pd.Series) -> float:
    return float(changes["population"] - sum(changes[name] for name in STATUSES))


def _revision_pp(dataset: str) -> float:
    known = catalogue.datasets()
    return max((known[one].revision_pp for one in dataset.split(";") if one in known), default=0.0)


def _whole_years(start: pd.Period, end: pd.Period) -> bool:
    per_year = {"M": 12, "Q": 4, "Y": 1}[start.freqstr[0]]
    return bool((end.ordinal - start.ordinal) % per_year == 0)


def course(v: Values, name: str) -> int:
    """Return 1 where the persons of a status became more, −1 fewer, 0 largely unchanged.

    The change must be certain, and as large as the least change of a rate would be among those
    it is a part of: the labour force for the unemployed, else the population.
    """
    base = v["population_start"]
    if name == "unemployed":
        base = v["employed_start"] + v["unemployed_start"]
    return _course(v[f"{name}_z"], abs(v[name]) >= v["least"] / 100 * base)


def rate_course(v: Values, name: str) -> int | None:
    """Return the same of the unemployment (``rate``) or employment rate (``work``)."""
    if f"{name}_z" not in v:
        return None
    moved = abs(v[f"{name}_end"] - v[f"{name}_start"]) >= v["least"] / 100 - 1e-12
    return _course(v[f"{name}_z"], moved)


def _course(z: float, moved: bool) -> int:
    if not moved or abs(z) < Z_CERTAIN:
        return 0
    return 1 if z > 0 else -1


def into_work(v: Values) -> bool:
    """Whether the unemployed became fewer, the employed more and a larger share as well."""
    return course(v, "unemployed") < 0 and course(v, "employed") > 0 and rate_course(v, "work") == 1


def by_population(v: Values) -> bool:
    """Whether the unemployed changed no more than the population, and their share not with it."""
    direction = course(v, "unemployed")
    share = rate_course(v, "rate")
    if not direction or share is None or share == direction:
        return False
    grown = direction * v["population"]
    return bool(grown >= abs(v["unemployed"]) and direction * v["population_z"] >= Z_CERTAIN)


def most_outside(v: Values) -> str:
    """Return which status outside the labour force gained most persons; blank if none surely."""
    name = max(OUTSIDE, key=lambda one: v[one])
    return name if v[name] > 0 and v[f"{name}_z"] >= Z_CERTAIN else ""
