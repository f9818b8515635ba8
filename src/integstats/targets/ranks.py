"""A target that is a rank: the ranks a place may truly have, and never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.ranking import rank_confidence_sets
from integstats.analysis.small_numbers import rate_variance
from integstats.catalogue import Language
from integstats.errors import TargetError
from integstats.table import as_category
from integstats.targets import cells, readings
from integstats.targets.cells import measure_better
from integstats.targets.target import Target


@dataclass(frozen=True, eq=False)
class RankPosition:
    """Where a place stands among others; see `rank`.

    Attributes
    ----------
    target, place, period
        The target; the key of its place; the period ranked.
    goal
        The rank that is the target, 1 = best.
    rank, rank_low, rank_high
        The rank, and the best and worst rank of its 95 % confidence set.
    ranked
        How many places are ranked.
    frame
        One row per place: ``place``, ``rate`` (share 0–1), ``n`` (persons), ``rank``,
        ``rank_low``, ``rank_high``.
    """

    target: Target
    place: str
    period: pd.Period
    goal: int
    rank: int
    rank_low: int
    rank_high: int
    ranked: int
    frame: pd.DataFrame

    def sentence(self, lang: Language = "sv") -> str:
        """Return the rank with its confidence set, in Swedish or English."""
        from integstats.wording.reading_sentences import rank_text

        return rank_text(self, lang=lang).text


def rank(
    target: Target, table: pd.DataFrame, *, among: Sequence[str] | None = None
) -> RankPosition:
    """Return the rank of a target's place with its confidence set; there is no verdict on a rank.

    A rank falls when others improve, and among many places of alike rates it is mostly chance.

    Parameters
    ----------
    target
        A target of the kind ``rank`` on one place.
    table
        The one table, with the other places.
    among
        Names of the places to rank it among; when left out all of the same kind (municipalities,
        counties), or with own figures all places of the table.

    Returns
    -------
    RankPosition
        Of the latest period until the deadline in which the place has a reading.

    Raises
    ------
    TargetError
        When the target is no rank, is of several places, or has no reading.
    SnapshotMissingError
        When a place is not in the table.

    Notes
    -----
    `analysis.ranking.rank_confidence_sets`, each set by itself: the reader looks at one place that
    was decided on beforehand.
    """
    if target.kind != "rank" or len(target.places) > 1:
        raise TargetError(
            f"The target {target.id!r} is not the rank of one place, got the kind {target.kind} "
            f"and {len(target.places)} places. Write one with Target.reach_rank(…)."
        )
    keys = _among(target, table, among)
    read = readings.read(cells.of_dataset(table, target, _counts(target)), target, keys)
    until = read.periods.asi8 <= target.deadline_period.ordinal
    shown = np.flatnonzero(~np.isnan(read.value[0]) & until)
    if not len(shown):
        raise TargetError(
            f"The place of the target {target.id!r} has no reading {target.reading} until its "
            f"deadline {target.deadline}, or fewer than 30 persons. Load more periods."
        )
    column = int(shown[-1])
    rate, n, count = read.value[:, column], read.own.n[:, column], read.own.count[:, column]
    # Where nobody or everybody is counted the variance of the rate itself would be 0.
    smoothed = (count + 0.5) / (n + 1)
    error = np.sqrt(rate_variance(smoothed, n, noise_variance=target.noise_variance))
    sets = rank_confidence_sets(
        rate,
        np.where(np.isnan(rate), np.nan, error),
        better=measure_better(target),
        simultaneous=False,
    )
    frame = pd.DataFrame({"place": as_category(list(keys)), "rate": rate, "n": n}).assign(
        **{name: sets[name] for name in ("rank", "rank_low", "rank_high")}
    )
    own = frame.iloc[0]
    return RankPosition(
        target=target,
        place=target.place,
        period=read.periods[column],
        goal=int(target.amount),
        rank=int(own["rank"]),
        rank_low=int(own["rank_low"]),
        rank_high=int(own["rank_high"]),
        ranked=int(frame["rank"].notna().sum()),
        frame=frame.sort_values(["rank", "place"], ignore_index=True),
    )


def _counts(target: Target) -> list[str]:
    return [one for one in cells.parts(target) if one is not None]


def _among(target: Target, table: pd.DataFrame, among: Sequence[str] | None) -> tuple[str, ...]:
    """Return the keys of the places, the target's own first."""
    if among is not None:
        keys = [one.key for one in catalogue.resolve_all(among)]
    else:
        known = catalogue.places()
        kind = known[target.place].kind if target.place in known else None
        rows = cells.of_dataset(table, target, _counts(target))
        here = sorted(map(str, cells.places_with_group(rows, target)))
        keys = [key for key in here if kind is None or (key in known and known[key].kind == kind)]
    return tuple(dict.fromkeys([target.place, *keys]))
