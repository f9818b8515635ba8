"""The periods a reading rests on, and the breaks that lie among them."""

from __future__ import annotations

from typing import Literal, TypeAlias

import pandas as pd

from integstats.analysis import breaks
from integstats.catalogue import Break
from integstats.targets.requirements import Frequency, Reading
from integstats.targets.target import Target

Dated: TypeAlias = tuple[pd.Period, Break]
MONTHS: dict[Frequency, int] = {"M": 1, "Q": 3, "Y": 12}
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


def breaks_of(target: Target, place: str) -> tuple[Dated, ...]:
    """Return the breaks of the target's own measure in a place or its members.

    Each comes with the first period of the target's frequency that has the new meaning.
    """
    found = breaks.breaks_of(target.dataset, target.measure, target.age, place)
    return tuple((breaks.begins(one, target.frequency), one) for one in found)


def between(
    dated: tuple[Dated, ...],
    start: pd.Period,
    end: pd.Period,
    *,
    effect: Literal["blocks", "notes"],
) -> tuple[Break, ...]:
    """Return the breaks of one effect whose first period is later than `start`, not than `end`."""
    return tuple(one for first, one in dated if one.effect == effect and start < first <= end)
