"""How often a change as large as a target's has been reached before: to be heard first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.inputs import BoolArray, FloatArray
from integstats.catalogue import Language, Source
from integstats.errors import TargetError
from integstats.table import as_category
from integstats.targets import cells, path, pooling, readings, standing, verdict, windows
from integstats.targets.readings import Readings
from integstats.targets.requirements import Unit
from integstats.targets.target import Target

Scale = Literal["quotient", "difference"]
Extent = Literal["own", "county", "all"]


@dataclass(frozen=True)
class Scope:
    """The windows of one place, or of several.

    Attributes
    ----------
    extent
        ``own`` (the target's place), ``county`` (the county it lies in) or ``all`` (every place
        loaded).
    places
        Keys of the places that have a window.
    windows, reached
        How many windows there are, and in how many such a change was reached. They overlap.
    best
        The best change, on the scale of `BaseRate`; NaN without windows.
    best_place, best_start, best_end, best_from, best_to
        Where and when it was, and the readings at its ends, in the target's unit.
    """

    extent: Extent
    places: tuple[str, ...]
    windows: int
    reached: int
    best: float
    best_place: str
    best_start: pd.Period | None
    best_end: pd.Period | None
    best_from: float
    best_to: float


@dataclass(frozen=True, eq=False)
class BaseRate:
    """How often such a change has been reached; see `base_rate`.

    Attributes
    ----------
    target, place, unit
        The target; the key of its place; what readings are counted in.
    months
        Length of a window, as that of the target.
    scale, required
        A change is a ``quotient`` (end / start: 0.5 is a halving) or for a gap that is to reach a
        level a ``difference`` (end − start, percentage points); `required` is the target's.
    own, county, everywhere
        The windows of the place, of the county it lies in (None where that is not loaded or the
        place is one), and of all places loaded.
    windows
        One row per window: ``place``, ``start``, ``end`` (periods), ``value_start``, ``value_end``
        (in the unit), ``change`` (on the scale), ``reached``.
    sources
        Where the figures come from.
    """

    target: Target
    place: str
    unit: Unit
    months: int
    scale: Scale
    required: float
    own: Scope
    county: Scope | None
    everywhere: Scope
    windows: pd.DataFrame
    sources: tuple[Source, ...]

    @property
    def by_place(self) -> pd.DataFrame:
        """The windows counted per place.

        Returns
        -------
        pandas.DataFrame
            One row per place that has a window: ``place``, ``windows``, ``reached``, ``best``
            (on the scale), ``best_start``, ``best_end``, ``best_from``, ``best_to``; the place
            with the best change first.
        """
        names = ("windows", "reached", "best", "best_start", "best_end", "best_from", "best_to")
        rows = []
        for place in self.everywhere.places:
            one = _scope("own", (place,), self.windows, self.target)
            rows.append({"place": place, **{name: getattr(one, name) for name in names}})
        found = pd.DataFrame(rows, columns=["place", *names])
        return found.sort_values(
            ["best", "place"], ascending=[self.target.better == "down", True], ignore_index=True
        )

    def sentence(self, lang: Language = "sv") -> str:
        """Say it in Swedish or English."""
        from integstats.wording.base_rate_sentences import base_rate_text

        return base_rate_text(self, lang=lang).text


def base_rate(
    target: Target, table: pd.DataFrame, *, sources: Sequence[Source] | None = None
) -> BaseRate:
    """Count over all windows as long as the target's how often such a change was reached.

    A strategist must hear this before the target is decided.

    Parameters
    ----------
    target
        The target. To take away a share, and to reach a level or a number of persons, is a
        quotient of the readings at both ends; to bring a gap to a level is a difference.
    table
        The one table: every place in it with the target's group counts, and all its history.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Returns
    -------
    BaseRate

    Raises
    ------
    TargetError
        For a rank; when the history is shorter than the target, or (unless a share is to be taken
        away) the baseline lies outside it.
    SnapshotMissingError
        When the target's place is not in the table.

    Notes
    -----
    A window whose readings lie on both sides of a blocking break is left out, and so is one that
    starts from 0. Windows overlap, so that one good period fills many of them: the number reached
    is no probability. Areas overlap too: a county, its municipalities, and a target's group and
    its members are all counted where they are in the table, so that the number of areas is how many
    were looked at, not how many independent cases there are.
    """
    if target.kind == "rank":
        raise TargetError(f"The target {target.id!r} is a rank; its changes are not counted.")
    rows = pooling.with_pooled(table, target, (target.place,))
    others = sorted(map(str, cells.places_with_group(rows, target) - {target.place}))
    keys = (target.place, *others)
    read = readings.read(rows, target, keys)
    length = target.deadline_period.ordinal - target.baseline_period.ordinal
    if length >= len(read.periods):
        raise TargetError(
            f"The target runs over {length} periods, but the figures only from "
            f"{read.periods[0]} to {read.periods[-1]}. Load a longer history."
        )
    scale: Scale = "difference" if target.kind == "gap_pp" else "quotient"
    found = _windows(read, length, scale, required := _required(target, read, scale))
    county = _county(target, keys)
    return BaseRate(
        target=target,
        place=target.place,
        unit=target.unit,
        months=length * windows.MONTHS[target.frequency],
        scale=scale,
        required=required,
        own=_scope("own", keys[:1], found, target),
        county=None if county is None else _scope("county", (county,), found, target),
        everywhere=_scope("all", keys, found, target),
        windows=found,
        sources=cells.sources_of(target, cells.vintages_of(rows, keys), sources),
    )


def _required(target: Target, read: Readings, scale: Scale) -> float:
    """Return the change that the target asks for, on the scale."""
    if target.kind == "relative_reduction":
        return 1 - target.amount
    baseline = read.value[:1, standing.stand(read).column_baseline]
    goal = path.goal_value(baseline, kind=target.kind, amount=target.amount)
    if np.isnan(baseline[0]) or (scale == "quotient" and not baseline[0] > 0):
        raise TargetError(
            f"The target {target.id!r} has no figure at its baseline {target.baseline}, so that "
            "nothing says how large a change it is. Choose another baseline."
        )
    return float(goal[0] - baseline[0] if scale == "difference" else goal[0] / baseline[0])


def _windows(read: Readings, length: int, scale: Scale, required: float) -> pd.DataFrame:
    start, end = read.value[:, :-length], read.value[:, length:]
    change = np.full(start.shape, np.nan)
    if scale == "difference":
        change = end - start
    else:
        np.divide(end, start, out=change, where=start > 0)
    change[_across_breaks(read, length)] = np.nan
    at_place, at_period = np.nonzero(~np.isnan(change))
    values = change[at_place, at_period]
    sign = 1 if read.target.better == "down" else -1
    return pd.DataFrame(
        {
            "place": as_category([read.places[row] for row in at_place]),
            "start": read.periods[at_period],
            "end": read.periods[at_period + length],
            "value_start": start[at_place, at_period],
            "value_end": end[at_place, at_period],
            "change": values,
            "reached": verdict.reaches(values, required, sign=sign),
        }
    )


def _across_breaks(read: Readings, length: int) -> BoolArray:
    """Where a window has its readings on both sides of a blocking break."""
    ends = read.periods.asi8[length:]
    starts = ends - length - windows.width(read.target.reading) + 1
    crossed = np.zeros((len(read.places), len(ends)), dtype=bool)
    for row, breaks in enumerate(read.breaks):
        for first, one in breaks:
            if one.effect == "blocks":
                crossed[row] |= (starts < first.ordinal) & (first.ordinal <= ends)
    return crossed


def _county(target: Target, places: tuple[str, ...]) -> str | None:
    """Return the county that the target's place lies in, where it is loaded."""
    known = catalogue.places()
    counties = {known[code].county if code in known else "" for code in target.members}
    county = counties.pop() if len(counties) == 1 else ""
    return county if county in places and county != target.place else None


def _scope(extent: Extent, places: tuple[str, ...], found: pd.DataFrame, target: Target) -> Scope:
    rows = found[found["place"].isin(places).to_numpy()]
    if rows.empty:
        nan = float("nan")
        return Scope(extent, (), 0, 0, nan, "", None, None, nan, nan)
    changes: FloatArray = rows["change"].to_numpy()
    at = int(changes.argmin() if target.better == "down" else changes.argmax())
    best = rows.iloc[at]
    there = set(rows["place"].astype(str))
    return Scope(
        extent=extent,
        places=tuple(place for place in places if place in there),
        windows=len(rows),
        reached=int(rows["reached"].sum()),
        best=float(best["change"]),
        best_place=str(best["place"]),
        best_start=best["start"],
        best_end=best["end"],
        best_from=float(best["value_start"]),
        best_to=float(best["value_end"]),
    )
