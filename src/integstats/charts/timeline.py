"""The category axis of a native chart over time, and lines on it as they are drawn.

A category axis is proportional to time where every period has a place on it, those without a
figure included. At a break it has an empty place, so that no line crosses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from integstats.catalogue import Language
from integstats.charts import theme
from integstats.charts.editable import Dash, Marker, Series
from integstats.wording import terms

MARKERS: dict[str, Marker] = {"o": "circle", "s": "square", "D": "diamond", "^": "triangle"}
DOTTED = 2.0
"""Shorter dashes than this are dots."""


@dataclass(frozen=True)
class Timeline:
    """The places on the axis.

    Attributes
    ----------
    periods
        One for each place; None where a break is.
    names
        What they are called, in the language of the chart: jun 2024.
    """

    periods: tuple[pd.Period | None, ...]
    names: tuple[str, ...]

    @classmethod
    def of(
        cls,
        first: pd.Period,
        last: pd.Period,
        *,
        cuts: Sequence[pd.Period] = (),
        lang: Language,
    ) -> Timeline:
        """Return every period from first to last, with an empty place before each cut.

        Examples
        --------
        >>> months = [pd.Period(one, "M") for one in ("2023-12", "2024-01")]
        >>> Timeline.of(*months, cuts=months[1:], lang="sv").names
        ('dec 2023', 'tidsseriebrott', 'jan 2024')
        """
        found: list[pd.Period | None] = []
        for period in pd.period_range(first, last, freq=first.freqstr):
            found += [None, period] if period in cuts else [period]
        names = (
            terms.pick(terms.TERMS, "break", lang)
            if one is None
            else theme.tick_text(one, lang).replace("\n", " ")
            for one in found
        )
        return cls(tuple(found), tuple(names))

    def line(
        self,
        name: str,
        periods: Iterable[pd.Period],
        values: Iterable[float],
        *,
        color: str,
        width: float,
        dashes: Sequence[float] = (),
        marker: str = "o",
    ) -> Series:
        """Return a line as `theme.line` draws it: a marker only where a value stands alone."""
        known = {
            period: float(value)
            for period, value in zip(periods, values, strict=True)
            if np.isfinite(value)
        }
        placed = tuple(None if one is None else known.get(one) for one in self.periods)
        return Series(
            name,
            placed,
            color,
            dash=dash_of(dashes),
            marker=MARKERS[marker] if _has_lone(placed) else "none",
            width=width,
        )

    def dots(
        self,
        name: str,
        periods: Iterable[pd.Period],
        values: Iterable[float],
        *,
        color: str,
        marker: str = "o",
    ) -> Series:
        """Return markers without a line."""
        known = dict(zip(periods, values, strict=True))
        placed = (None if one is None else known.get(one) for one in self.periods)
        return Series(name, tuple(placed), color, marker=MARKERS[marker], width=0)


def dash_of(dashes: Sequence[float]) -> Dash:
    """Return the line style of a native chart that is nearest to dashes in points.

    Examples
    --------
    >>> dash_of(()), dash_of((4, 1.5)), dash_of((1, 1.2))
    ('solid', 'dash', 'dot')
    """
    if not dashes:
        return "solid"
    return "dot" if dashes[0] < DOTTED else "dash"


def _has_lone(values: Sequence[float | None]) -> bool:
    """Whether a value has no other beside it, so that no line shows it."""
    known = [False, *(one is not None for one in values), False]
    return any(
        here and not before and not after
        for before, here, after in zip(known, known[1:], known[2:], strict=False)
    )
