"""The periods a reading rests on, and the breaks that lie among them."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from integstats import catalogue
from integstats.catalogue import Break
from integstats.targets.assumptions import member_codes
from integstats.targets.requirements import Frequency, Reading
from integstats.targets.target import Target

PER_YEAR: dict[Frequency, int] = {"M": 12, "Q": 4, "Y": 1}
MONTHS: dict[Frequency, int] = {"M": 1, "Q": 3, "Y": 12}
SAME_SEASON: tuple[Reading, ...] = ("same_month", "same_quarter")
SEASON_LEFT_IN: tuple[Reading, ...] = ("month", "quarter")


def width(reading: Reading) -> int:
    """Return how many periods a reading rests on.

    Examples
    --------
    >>> width("mean_12m"), width("mean_4q"), width("same_month")
    (12, 4, 1)
    """
    return {"mean_12m": 12, "mean_4q": 4}.get(reading, 1)


def step(reading: Reading) -> int:
    """Return how many periods lie from one reading to the next."""
    return {"same_month": 12, "same_quarter": 4}.get(reading, 1)


def first_of(period: pd.Period, reading: Reading) -> pd.Period:
    """Return the first period that the reading of `period` rests on."""
    return period - (width(reading) - 1)


def breaks_of(
    target: Target, place: str, *, effect: Literal["blocks", "notes"]
) -> tuple[tuple[pd.Period, Break], ...]:
    """Return the breaks of the target's own measure in a place or its members.

    Each comes with the first period of the target's frequency that has the new meaning.
    """
    found: dict[str, tuple[pd.Period, Break]] = {}
    for member in member_codes(place.split("+")):
        for one in catalogue.breaks_for(
            dataset=target.dataset,
            measure=target.measure,
            age=target.age,
            place=member,
            effect=effect,
        ):
            first = pd.Period(one.first_period).asfreq(target.frequency, how="start")
            found[one.id] = (first, one)
    return tuple(found.values())


def breaks_between(
    target: Target, place: str, end: pd.Period, *, effect: Literal["blocks", "notes"]
) -> tuple[Break, ...]:
    """Return the breaks between the target's baseline and `end`.

    A break lies between when its first period is later than the first period that the baseline
    rests on, and not later than `end`.
    """
    start = first_of(target.baseline_period, target.reading)
    return tuple(
        one for first, one in breaks_of(target, place, effect=effect) if start < first <= end
    )
