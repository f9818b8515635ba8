"""The same group elsewhere, to be shown beside a track: in riket, or in the county."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from integstats import catalogue
from integstats.errors import SnapshotMissingError
from integstats.targets import cells, readings
from integstats.targets.assumptions import member_codes
from integstats.targets.pooling import COUNTRY
from integstats.targets.readings import Readings
from integstats.targets.target import Target
from integstats.targets.verdict import Point


@dataclass(frozen=True, eq=False)
class Comparison:
    """The same group in another place.

    `series` has the columns of `Track.series`; `baseline` and `latest` are its points at the
    two periods of the track.
    """

    place: str
    series: pd.DataFrame
    baseline: Point
    latest: Point


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """The series of every place that some track is compared with, read once."""

    chosen: dict[str, str]
    read: Readings | None
    frames: dict[str, pd.DataFrame]

    def beside(self, place: str, baseline: int, latest: int) -> Comparison | None:
        """Return what to show beside a place, or None; the columns are those of its readings."""
        if self.read is None or place not in self.chosen:
            return None
        other = self.chosen[place]
        row = self.read.places.index(other)
        return Comparison(
            place=other,
            series=self.frames[other],
            baseline=self.read.point(row, baseline),
            latest=self.read.point(row, latest),
        )


def elsewhere(
    rows: pd.DataFrame, target: Target, places: tuple[str, ...], compare: str | None
) -> Elsewhere:
    """Choose for each place whom it is shown beside, and read those series.

    `compare` when given; otherwise riket, or else the county, where the rows have it. Headcounts
    are never shown beside those of another place.

    Raises
    ------
    SnapshotMissingError
        When `compare` names a place that is not there.
    UnknownCodeError
        When `compare` names no place.
    """
    if target.unit == "persons" and compare is None:
        return Elsewhere({}, None, {})
    available = cells.places_with_group(rows, target)
    asked = None if compare is None else catalogue.resolve(compare).key
    if asked is not None and asked not in available:
        have = ", ".join(catalogue.place_label(place) for place in sorted(available))
        raise SnapshotMissingError(
            f"The table has no figures to compare with for {catalogue.place_label(asked)}; it "
            f"has: {have}. Fetch them: integstats fetch {target.dataset} --places "
            f'"{catalogue.place_label(asked)}"'
        )
    chosen: dict[str, str] = {}
    for place in places:
        candidates = [asked] if asked else [COUNTRY, _county(place)]
        for other in candidates:
            if other in available and other != place:
                chosen[place] = str(other)
                break
    if not chosen:
        return Elsewhere({}, None, {})
    read = readings.read(rows, target, tuple(dict.fromkeys(chosen.values())))
    frames = {place: read.frame(row) for row, place in enumerate(read.places)}
    return Elsewhere(chosen, read, frames)


def _county(place: str) -> str | None:
    """Return the county that all members of a place lie in, or None."""
    known = catalogue.places()
    counties = {
        known[code].county if code in known else None for code in member_codes(place.split("+"))
    }
    return counties.pop() if len(counties) == 1 else None
