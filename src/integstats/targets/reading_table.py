"""The same target read in several ways: as rate, headcount or gap, by month or by year."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.trends import seasonal
from integstats.catalogue import Language, is_own
from integstats.errors import IntegstatsError, TargetError
from integstats.targets import pooling, readings, standing, windows
from integstats.targets.readings import Readings
from integstats.targets.requirements import READINGS, Unit
from integstats.targets.target import Target
from integstats.targets.verdict import Status

Followed = Literal["rate", "count", "gap", "ratio"]
ADJUSTED = "seasonally_adjusted"
"""The way of reading that is no `Reading` of a target: months with the season taken out (STL)."""


@dataclass(frozen=True)
class ReadAs:
    """The target read in one way, and where that way leads.

    Values are in `unit`. `previous` are the two readings before the latest, where they are later
    than the baseline. `is_own` marks the way that the target itself says.
    """

    target: Target
    followed: Followed
    reading: str
    unit: Unit
    period: pd.Period
    baseline: float
    latest: float
    previous: tuple[float, ...]
    goal: float
    share_done: float
    z: float
    expected_z: float
    probability: float
    status: Status
    reason: str
    is_own: bool


@dataclass(frozen=True)
class LeftOut:
    """A way of reading for which the figures do not suffice, and why."""

    followed: Followed
    reading: str
    why: str


@dataclass(frozen=True, eq=False)
class ReadingTable:
    """The ways a target can be read, the target's own first; see `reading_table`."""

    target: Target
    place: str
    rows: tuple[ReadAs, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def flips(self) -> tuple[ReadAs, ...]:
        """The ways whose status is another than that of the target's own."""
        return tuple(one for one in self.rows if one.status != self.rows[0].status)

    @property
    def frame(self) -> pd.DataFrame:
        """The table.

        Returns
        -------
        pandas.DataFrame
            One row per way of reading: ``dataset``, ``measure``, ``followed`` (``rate``,
            ``count``, ``gap``, ``ratio``), ``reading`` (also ``seasonally_adjusted``), ``unit``,
            ``period`` (of the latest reading), ``baseline``, ``latest``, ``goal`` (in the unit:
            shares 0–1, percentage points, persons), ``share_done`` (of the change planned until
            then; positive = better), ``z``, ``status``, ``reason``, ``is_own``.
        """
        own = ("followed", "reading", "unit", "period", "baseline", "latest", "goal")
        judged = ("share_done", "z", "status", "reason", "is_own")
        return pd.DataFrame(
            [
                {
                    "dataset": one.target.dataset,
                    "measure": one.target.measure,
                    **{name: getattr(one, name) for name in (*own, *judged)},
                }
                for one in self.rows
            ]
        )

    def sentence(self, lang: Language = "sv") -> str:
        """Say where the verdict flips, in Swedish or English."""
        from integstats.wording.reading_sentences import reading_text

        return reading_text(self, lang=lang).text


def reading_table(
    target: Target,
    table: pd.DataFrame,
    *,
    also: Sequence[tuple[Target, pd.DataFrame]] = (),
) -> ReadingTable:
    """Read a target in every way that it could have been meant.

    A target to reduce by a share is read as rate, as headcount and as gap to the native-born of
    the same sex, each with the same share; other targets only as what they are. Each is read by
    month and over whole years, a rate also by month with the season taken out (STL on the months
    until the deadline).

    Parameters
    ----------
    target
        The target.
    table
        The one table, as for `track`; with native-born people where the gap is to be read.
    also
        The same target as written for other sources, each with its table: they are read in their
        own way.

    Raises
    ------
    TargetError
        When the target is a rank, or cannot be followed as it is written.
    SnapshotMissingError
        When its place is not in the table.

    Notes
    -----
    The variance of a seasonally adjusted month is taken as that of the month itself. A way that
    the figures do not allow is in `left_out`, with the reason.
    """
    if target.kind == "rank":
        raise TargetError(
            f"The target {target.id!r} is a rank, which has no verdict to compare; see ranks.rank."
        )
    rows = [_read_as(target, target.reading, table, is_own=True)]
    left_out: list[LeftOut] = []
    others = [(one, way, table) for one, way in _variants(target)]
    others += [(one, str(one.reading), rest) for one, rest in also]
    for one, way, figures in others:
        try:
            rows.append(_read_as(one, way, figures, is_own=False))
        except IntegstatsError as error:
            left_out.append(LeftOut(followed(one), way, str(error)))
    return ReadingTable(target, target.place, tuple(rows), tuple(left_out))


def followed(target: Target) -> Followed:
    """Return what a target is followed as.

    Examples
    --------
    >>> followed(Target.halve("unemployed", places="riket", baseline="2024-06",
    ...                       deadline="2026-06"))
    'count'
    """
    words: dict[Unit, Followed] = {"share": "rate", "persons": "count", "pp": "gap"}
    return words.get(target.unit, "ratio")


def _variants(target: Target) -> Iterator[tuple[Target, str]]:
    """Yield the target in the other ways, each with how it is read."""
    ways = [*READINGS[target.frequency][:1], *windows.SEASON_LEFT_IN]
    for one in _forms(target):
        for reading in READINGS[target.frequency]:
            if reading in ways and (one.unit, reading) != (target.unit, target.reading):
                yield dataclasses.replace(one, reading=reading), reading
        if one.unit == "share" and target.frequency != "Y":
            season_left_in = READINGS[target.frequency][2]
            yield dataclasses.replace(one, reading=season_left_in), ADJUSTED


def _forms(target: Target) -> Iterator[Target]:
    """Yield the target as it is followed, and where it is a share to take away as the others."""
    yield target
    if target.kind != "relative_reduction":
        return
    rate = target.measure if target.unit != "persons" else _rate_of(target)
    if rate is None:
        return
    known = catalogue.measure(rate)
    if known.better == "down":
        plain = dataclasses.replace(target, measure=rate, comparator=None, better="down")
        for one in (plain, dataclasses.replace(plain, measure=known.numerator)):
            if one.unit != target.unit:
                yield one
    if target.unit != "pp" and target.birth_region not in ("native_born", "total"):
        yield dataclasses.replace(target, measure=rate, comparator="same_sex", better="down")


def _rate_of(target: Target) -> str | None:
    """Return the rate of the dataset whose numerator a count is."""
    known = None if is_own(target.dataset) else catalogue.datasets()[target.dataset].measures
    for one in catalogue.measures().values():
        if one.numerator == target.measure and (known is None or one.id in known):
            return one.id
    return None


def _read_as(target: Target, way: str, table: pd.DataFrame, *, is_own: bool) -> ReadAs:
    rows = pooling.with_pooled(table, target, (target.place,))
    read = readings.read(rows, target, (target.place,))
    if way == ADJUSTED:
        read = _adjusted(read)
    where = standing.stand(read)
    judged = standing.verdict_at(read, where, 0, deadline_passed=False)
    column = int(where.column[0])
    step = windows.step(target.reading)
    before = [column - back * step for back in (1, 2)]
    return ReadAs(
        target=target,
        followed=followed(target),
        reading=way,
        unit=target.unit,
        period=read.periods[column],
        baseline=float(where.baseline[0]),
        latest=float(where.reading[0]),
        previous=tuple(float(read.value[0, at]) for at in before if at > where.column_baseline),
        goal=float(where.goal[0]),
        share_done=judged.share_done,
        z=judged.z,
        expected_z=judged.expected_z,
        probability=judged.probability,
        status=judged.status,
        reason=judged.reason or "",
        is_own=is_own,
    )


def _adjusted(read: Readings) -> Readings:
    """Take the season out of the months until the deadline, since the latest blocking break."""
    origin = int(read.periods.asi8[0])
    until = min(read.target.deadline_period.ordinal - origin + 1, len(read.periods))
    blocks = [first.ordinal - origin for first, one in read.breaks[0] if one.effect == "blocks"]
    shown = slice(max((at for at in blocks if 0 < at < until), default=0), until)
    series = pd.Series(read.value[0, shown], read.periods[shown])
    found = seasonal(series)["adjusted"].reindex(series.index).to_numpy()
    shift = np.full(read.value.shape[1], np.nan)
    shift[shown] = np.clip(found, 0, 1) - read.value[0, shown]
    moved = {name: getattr(read, name) + shift for name in ("value", "low", "high")}
    return dataclasses.replace(read, **moved)
