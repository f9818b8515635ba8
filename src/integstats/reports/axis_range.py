"""How far the value axis of a native chart reaches, and how finely its numbers are written."""

from __future__ import annotations

import math

from integstats.charts.editable import Editable


def known(editable: Editable) -> tuple[float, ...]:
    """Return every value that is there."""
    return tuple(value for one in editable.series for value in one.values if value is not None)


def limits(editable: Editable) -> tuple[float, float]:
    """Return the ends of the value axis; round ones, with zero, where the program chooses.

    An axis is numbered from its lower end on, so that only round ends have a tick at zero.

    Examples
    --------
    >>> from integstats.charts.editable import Series
    >>> bars = (Series("a", (10.0, 20.0), "#767676"), Series("b", (-5.0, 20.0), "#12436D"))
    >>> limits(Editable("stacked_bar", ("x", "y"), bars, "Persons", "count"))
    (-10.0, 40.0)
    >>> limits(Editable("bar", ("x", "y"), bars, "Persons", "count", low=-10, high=30))
    (-10, 30)
    """
    values = _reached(editable) or [0.0, 1.0]
    ends = min(0.0, *values), max(0.0, *values)
    step = _step(ends[1] - ends[0]) if ends[1] > ends[0] else 1.0
    low = editable.low if editable.low is not None else step * math.floor(ends[0] / step)
    high = editable.high if editable.high is not None else step * math.ceil(ends[1] / step)
    return low, high if high > low else low + step


def _step(span: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is at least a sixth of a span."""
    power = 10.0 ** math.floor(math.log10(span / 6))
    return next(one * power for one in (1.0, 2.0, 5.0, 10.0) if one * power >= span / 6)


def _reached(editable: Editable) -> list[float]:
    """What bars reach: of stacked ones the sums of each sign."""
    if not editable.kind.startswith("stacked"):
        return list(known(editable))
    return [
        sum(value for value in stack if value is not None and (value > 0) == up)
        for stack in zip(*(one.values for one in editable.series), strict=True)
        for up in (True, False)
    ]


def tick_decimals(editable: Editable) -> int:
    """Return the decimals that tell the numbers on the value axis apart."""
    if editable.unit == "count":
        return 0
    low, high = limits(editable)
    span = (high - low) * (100 if editable.unit == "percent" else 1)
    return 0 if span > 5 else 1 if span > 0.5 else 2
