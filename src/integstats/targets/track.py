"""A target followed in the figures: one track per place."""

from __future__ import annotations

import dataclasses
import math
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.catalogue import Break, Language, Source
from integstats.errors import SmallBaseWarning, TargetError
from integstats.targets import (
    cells,
    comparison,
    pooling,
    readings,
    side_checks,
    standing,
    verdict,
    windows,
)
from integstats.targets.assumptions import Assumption
from integstats.targets.comparison import Comparison, Elsewhere
from integstats.targets.readings import Readings
from integstats.targets.requirements import Unit
from integstats.targets.side_checks import GapLevels, IntoWork, Story
from integstats.targets.standing import Standing
from integstats.targets.target import Target
from integstats.targets.verdict import Pace, Persons, Point, Verdict


@dataclass(frozen=True, eq=False)
class Track:
    """A target in one place, followed to its latest reading.

    Parameters
    ----------
    target, place
        The target; the key of the place (``1280``, ``group:…``, ``1280+1480`` when pooled).
    unit
        What values are counted in: ``share`` (0–1), ``pp``, ``ratio`` or ``persons``.
    series
        The readings, see `readings.Readings.frame` for its columns.
    path
        ``period`` from the baseline to the deadline, and ``value``.
    comparison
        The same group in riket or the county; None where the table has neither, or for counts.
    baseline, latest
        The readings at the baseline, and the one that is judged: the latest not after the
        deadline.
    path_now, goal
        The path at `latest`, and the value to be reached at the deadline.
    verdict, pace, persons
        What they say; `persons` is None without figures.
    story, into_work, gap_levels
        What is to be said beside the verdict, where it applies.
    after_deadline
        The latest reading later than the deadline.
    notes
        Breaks inside the window that do not stop the verdict.
    preliminary_periods
        The periods of the window whose figures will be revised.
    missing_members
        Members that a pooled place lacks.
    cagr_ratio
        Eurostat's ratio of growth rates: for the data sheet, never the verdict.
    sources
        Where the figures come from.
    """

    target: Target
    place: str
    unit: Unit
    series: pd.DataFrame
    path: pd.DataFrame
    comparison: Comparison | None
    baseline: Point
    latest: Point
    path_now: float
    goal: float
    verdict: Verdict
    pace: Pace
    persons: Persons | None
    story: Story | None
    into_work: IntoWork | None
    gap_levels: GapLevels | None
    after_deadline: Point | None
    notes: tuple[Break, ...]
    preliminary_periods: tuple[str, ...]
    missing_members: tuple[str, ...]
    cagr_ratio: float
    sources: tuple[Source, ...]

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the target's author left open, and how it was filled."""
        return self.target.assumptions

    def to_frame(self) -> pd.DataFrame:
        """Return the data sheet.

        Returns
        -------
        pandas.DataFrame
            One row per line and period: ``target`` (its id), ``line`` (``outcome``,
            ``comparison``, ``path``), ``place``, ``period``, and the columns of `series`;
            ``value`` is in the target's unit, as are ``low``, ``high`` and ``month_value``.
        """
        lines = [("outcome", self.place, self.series), ("path", self.place, self.path)]
        if self.comparison is not None:
            lines.insert(1, ("comparison", self.comparison.place, self.comparison.series))
        frames = []
        for line, place, frame in lines:
            full = frame.reindex(columns=self.series.columns)
            full.insert(0, "place", place)
            full.insert(0, "line", line)
            full.insert(0, "target", self.target.id)
            frames.append(full)
        numbers = self.series.columns.drop(["period", "status"])
        types: dict[str, Any] = {**dict.fromkeys(numbers, "float64"), "status": cells.STATUS}
        return pd.concat([frame.astype(types) for frame in frames], ignore_index=True)

    def facts(self) -> dict[str, Any]:
        """Return the target sheet: every number of the track by name, as plain data.

        Names are joined by a dot (``verdict.z``, ``persons.target.lacking``); missing numbers
        are None, periods text. ``eurostat_cagr_ratio`` is beside the verdict, not part of it.
        """
        found: dict[str, Any] = {"target": self.target.to_dict(), "decided": self.target.decided}
        found |= {"place": self.place, "unit": self.unit}
        parts = ("baseline", "latest", "after_deadline", "verdict", "pace", "persons")
        for name in (*parts, "story", "into_work", "gap_levels"):
            found |= _flat(name, getattr(self, name))
        found |= _flat("path_now", self.path_now) | _flat("goal", self.goal)
        found["notes"] = [one.id for one in self.notes]
        found["preliminary_periods"] = list(self.preliminary_periods)
        found["missing_members"] = list(self.missing_members)
        return found | _flat("eurostat_cagr_ratio", self.cagr_ratio)

    def summary(self, lang: Language = "sv") -> str:
        """Return the verdict as a paragraph, in Swedish or English."""
        from integstats.wording.sentences import track_summary

        return track_summary(self, lang=lang)


def track(
    target: Target,
    table: pd.DataFrame,
    *,
    compare: str | None = None,
    sources: Sequence[Source] | None = None,
) -> Track:
    """Follow a target in its place, or in its places pooled from their counts.

    Parameters
    ----------
    target
        The target.
    table
        The one table, with the counts of the measure for the group (and, for a gap, for the
        comparator) from the beginning of the baseline's reading.
    compare
        The place to show the same group in; riket, or else the county, when left out and in the
        table.
    sources
        Where the figures come from; what the catalogue knows of them when left out.

    Raises
    ------
    TargetError
        When the figures cannot carry the target: another dataset, age or frequency, no such
        group, the baseline outside the data; or for a rank, which gets no verdict.
    SnapshotMissingError
        When the place, or a member of the pooled places, is not in the table.

    Warns
    -----
    SmallBaseWarning
        When the baseline or the latest reading rests on fewer than 50 persons.
    """
    [found] = _follow(target, table, [target], compare, sources)
    return found


def track_members(
    target: Target,
    table: pd.DataFrame,
    *,
    members: Sequence[str] | None = None,
    compare: str | None = None,
    sources: Sequence[Source] | None = None,
) -> tuple[Track, ...]:
    """Follow a target in every member of its places, each by itself.

    What was decided for several together was not decided for each: the tracks of a group's or
    county's members are räkneexempel.

    Parameters
    ----------
    target, table, compare, sources
        As for `track`.
    members
        Names of places; when left out the members of the target's groups, the municipalities of
        its county or country.

    Returns
    -------
    tuple of Track
        In the order of the members.

    Raises
    ------
    TargetError, SnapshotMissingError
        As `track`, naming the members that the table lacks.

    Warns
    -----
    SmallBaseWarning
        Once, with the number of places.
    """
    if members is None:
        keys = [key for place in target.places for key in pooling.municipalities(place)]
    else:
        keys = [one.key for one in catalogue.resolve_all(members)]
    if [target.place] != list(keys):
        target = dataclasses.replace(target, decided_by="", decided_on="")
    single = [
        dataclasses.replace(target, places=(key,), id=f"{target.id}-{key.replace(':', '-')}")
        for key in dict.fromkeys(keys)
    ]
    return _follow(target, table, single, compare, sources)


def _follow(
    target: Target,
    table: pd.DataFrame,
    single: Sequence[Target],
    compare: str | None,
    sources: Sequence[Source] | None,
) -> tuple[Track, ...]:
    """Follow the same target in several places; each of `single` is one of them."""
    if target.kind == "rank":
        raise TargetError(
            f"The target {target.id!r} is a rank, which never gets a verdict; follow the rate "
            "itself, as with Target.reach(…)."
        )
    places = tuple(one.place for one in single)
    rows = pooling.with_pooled(table, target, places)
    read = readings.read(rows, target, places)
    where = standing.stand(read)
    beside = comparison.elsewhere(rows, target, places, compare)
    own = rows[rows["place"].isin(places).to_numpy()]
    vintages = cells.vintages_of(rows, places)
    origins = cells.sources_of(target, vintages, sources)
    updated = _latest_update(vintages)
    passed = updated is not None and where.deadline.end_time.date() <= updated
    line_periods = pd.period_range(read.periods[where.column_baseline], where.deadline)
    names = [str(period) for period in read.periods]
    lacking = pooling.missing_members(own)
    tracks = tuple(
        _track(
            one,
            read,
            where,
            at,
            beside=beside,
            line_periods=line_periods,
            period_names=names,
            deadline_passed=passed,
            missing_members=lacking.get(one.place, ()),
            sources=origins,
        )
        for at, one in enumerate(single)
    )
    few = [
        catalogue.place_label(one.place)
        for one in tracks
        if one.verdict.small_base or one.verdict.reason == "small_base"
    ]
    if few:
        named = ", ".join(few[:5]) + (", …" if len(few) > 5 else "")
        warnings.warn(
            f"{len(few)} of {len(tracks)} tracks rest on fewer than 50 persons: {named}.",
            SmallBaseWarning,
            stacklevel=3,
        )
    return tracks


def _track(
    target: Target,
    read: Readings,
    where: Standing,
    at: int,
    *,
    beside: Elsewhere,
    line_periods: pd.PeriodIndex,
    period_names: Sequence[str],
    deadline_passed: bool,
    missing_members: tuple[str, ...],
    sources: tuple[Source, ...],
) -> Track:
    """Put together what is known of the place in row `at`."""
    before, now, after = where.column_baseline, int(where.column[at]), int(where.column_after[at])
    judged = standing.verdict_at(read, where, at, deadline_passed=deadline_passed)
    compared = not np.isnan(where.baseline[at] + where.reading[at])
    passed, months = standing.months_of(read, where, at)
    first = max(0, before - windows.width(target.reading) + 1)
    preliminary = np.flatnonzero(read.cells.preliminary[at, first : now + 1]) + first
    return Track(
        target=target,
        place=target.place,
        unit=target.unit,
        series=read.frame(at),
        path=pd.DataFrame(
            {"period": line_periods.array, "value": where.line[at]},
            index=pd.RangeIndex(len(line_periods)),
        ),
        comparison=beside.beside(target.place, before, now),
        baseline=read.point(at, before),
        latest=read.point(at, now),
        path_now=float(where.path[at]),
        goal=float(where.goal[at]),
        verdict=judged,
        pace=standing.pace_at(read, where, at),
        persons=standing.persons_at(read, where, at),
        story=side_checks.story(read, at, before, now) if compared else None,
        into_work=side_checks.into_work(read, at, before, now) if compared else None,
        gap_levels=side_checks.gap_levels(read, at, before, now) if compared else None,
        after_deadline=read.point(at, after) if after >= 0 else None,
        notes=windows.between(
            read.breaks[at], read.periods[first], read.periods[now], effect="notes"
        ),
        preliminary_periods=tuple(period_names[column] for column in preliminary.tolist()),
        missing_members=missing_members,
        cagr_ratio=verdict.cagr_ratio(
            baseline=float(where.baseline[at]),
            reading=float(where.reading[at]),
            goal=float(where.goal[at]),
            months_passed=passed,
            months=months,
        ),
        sources=sources,
    )


def _latest_update(vintages: Sequence[tuple[str, str]]) -> date | None:
    """Return the day that the newest vintage begins with; own figures need not have one."""
    days = [re.match(r"\d{4}-\d{2}-\d{2}", vintage) for _, vintage in vintages]
    return max((date.fromisoformat(day[0]) for day in days if day), default=None)


def _flat(name: str, value: Any) -> dict[str, Any]:
    """Return plain data by dotted names; a missing number is None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, Break):
        found: dict[str, Any] = {}
        for field in dataclasses.fields(value):
            found |= _flat(f"{name}.{field.name}", getattr(value, field.name))
        return found
    if isinstance(value, float) and math.isnan(value):
        return {name: None}
    if isinstance(value, pd.Period):
        return {name: str(value)}
    if isinstance(value, tuple):
        return {name: [one.id for one in value]}
    return {name: value}
