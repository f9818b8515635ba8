"""How far the value axis of a native chart reaches, and how finely its numbers are written."""

from __future__ import annotations

from integstats.charts.editable import Editable


def known(editable: Editable) -> tuple[float, ...]:
    """Return every value that is there."""
    return tuple(value for one in editable.series for value in one.values if value is not None)


def limits(editable: Editable) -> tuple[float, float]:
    """Return the ends of the value axis; wide ones, with zero, where the program chooses.

    Examples
    --------
    >>> from integstats.charts.editable import Series
    >>> bars = (Series("a", (10.0, 20.0), "#767676"), Series("b", (-5.0, 20.0), "#12436D"))
    >>> limits(Editable("stacked_bar", ("x", "y"), bars, "Persons", "count"))
    (-5.25, 42.0)
    >>> limits(Editable("bar", ("x", "y"), bars, "Persons", "count", low=-10, high=30))
    (-10, 30)
    """
    values = _reached(editable) or [0.0, 1.0]
    low = editable.low if editable.low is not None else min(0.0, 1.05 * min(values))
    high = editable.high if editable.high is not None else max(0.0, 1.05 * max(values))
    return low, high if high > low else low + 1.0


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
