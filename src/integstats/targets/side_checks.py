"""What stands beside a verdict: headcounts, jobs, and the two levels behind a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from integstats import catalogue
from integstats.analysis.inputs import FloatArray
from integstats.catalogue import Better
from integstats.targets import chance
from integstats.targets.cells import measure_better, parts
from integstats.targets.chance import Z_CERTAIN, Basis
from integstats.targets.readings import Level, Readings

Direction = Literal["better", "worse", "unchanged"]
CHANGED_FROM = 0.005
"""Share: a rate that moved less than 0.5 percentage points is "i stort sett oförändrad"."""


@dataclass(frozen=True)
class Story:
    """The rate and the headcount since the baseline, side by side.

    `rate_change_pp` in percentage points, `count_change` and `base_change` in persons (means of
    the readings), all now minus before. A rate has changed when z is certain and it moved at
    least 0.5 pp and twice the known revision; a headcount when it is certain and moved at least
    as much as 0.5 pp (or twice the revision) of its base.
    """

    rate_change_pp: float
    count_change: float
    base_change: float
    rate_direction: Direction
    count_direction: Direction

    @property
    def differs(self) -> bool:
        """Whether rate and headcount tell different stories."""
        return self.rate_direction != self.count_direction


@dataclass(frozen=True)
class IntoWork:
    """Did unemployment fall into jobs? Net changes since the baseline, persons, now − before.

    Employment rates are shares 0–1. `into_work` is None unless unemployment improved; otherwise
    it says whether the employment rate improved too.
    """

    unemployed: float
    employed: float
    labour_force: float
    population: float
    employment_rate_before: float
    employment_rate_now: float
    employment_direction: Direction
    into_work: bool | None


@dataclass(frozen=True)
class GapLevels:
    """The two levels behind a gap or ratio, shares 0–1.

    `comparator_share` is the part of the gap's fall that is the comparator getting worse; NaN
    where the gap did not fall.
    """

    own_before: float
    own_now: float
    comparator_before: float
    comparator_now: float
    own_direction: Direction
    comparator_direction: Direction
    comparator_share: float


def story(readings: Readings, place: int, before: int, now: int) -> Story | None:
    """Return rate and headcount since the baseline; None unless the target is about a rate."""
    if readings.target.unit != "share":
        return None
    own = readings.own
    count = float(own.count[place, now] - own.count[place, before])
    n_before, n_now = float(own.n[place, before]), float(own.n[place, now])
    rate = float(own.value[place, now] - own.value[place, before])
    if np.isnan(rate):
        return None
    better = measure_better(readings.target)
    counts = own.count[place, [before, now]]
    z = _z(counts, counts + readings.target.noise_variance, better)
    moved = abs(count) >= least_change(readings) * n_before
    return Story(
        rate_change_pp=100 * rate,
        count_change=count,
        base_change=n_now - n_before,
        rate_direction=rate_direction(readings, own, better, place, before, now),
        count_direction=_direction(z, moved),
    )


def into_work(readings: Readings, place: int, before: int, now: int) -> IntoWork | None:
    """Return whether unemployment fell into jobs; None unless it is the unemployed of BAS."""
    numerator, _ = parts(readings.target)
    needed = {"employed", "labour_force", "population"}
    if numerator != "unemployed" or not needed <= set(readings.means):
        return None
    change = {name: float(m[place, now] - m[place, before]) for name, m in readings.means.items()}
    employed, population = readings.means["employed"], readings.means["population"]
    rate = np.divide(
        employed, population, out=np.full(employed.shape, np.nan), where=population > 0
    )
    work = Level(rate, population, employed, rate)
    direction = rate_direction(readings, work, "up", place, before, now)
    fell = _unemployment_direction(readings, place, before, now) == "better"
    return IntoWork(
        unemployed=float(readings.own.count[place, now] - readings.own.count[place, before]),
        employed=change["employed"],
        labour_force=change["labour_force"],
        population=change["population"],
        employment_rate_before=float(rate[place, before]),
        employment_rate_now=float(rate[place, now]),
        employment_direction=direction,
        into_work=direction == "better" if fell else None,
    )


def gap_levels(readings: Readings, place: int, before: int, now: int) -> GapLevels | None:
    """Return the levels of the group and its comparator; None unless the target is about a gap."""
    own, other = readings.own, readings.comparator
    if other is None:
        return None
    better = measure_better(readings.target)
    sign = 1 if better == "down" else -1
    own_gain = sign * float(own.value[place, before] - own.value[place, now])
    other_loss = sign * float(other.value[place, now] - other.value[place, before])
    fall = own_gain + other_loss
    return GapLevels(
        own_before=float(own.value[place, before]),
        own_now=float(own.value[place, now]),
        comparator_before=float(other.value[place, before]),
        comparator_now=float(other.value[place, now]),
        own_direction=rate_direction(readings, own, better, place, before, now),
        comparator_direction=rate_direction(readings, other, better, place, before, now),
        comparator_share=other_loss / fall if fall > 0 else float("nan"),
    )


def rate_direction(
    readings: Readings, level: Level, better: Better, place: int, before: int, now: int
) -> Direction:
    """Say whether a rate got better, worse or is by and large unchanged."""
    at = [before, now]
    basis = Basis("share", better, readings.target.noise_variance, level.n[place, at])
    value = level.value[place, at]
    z = _z(value, basis.variance(value), better)
    return _direction(z, abs(value[1] - value[0]) >= least_change(readings))


def least_change(readings: Readings) -> float:
    """Return the least change of a rate that is called one, a share: 0.5 pp, twice a revision."""
    known = catalogue.datasets().get(readings.target.dataset)
    return max(CHANGED_FROM, 2 * known.revision_pp / 100 if known else 0.0)


def _unemployment_direction(readings: Readings, place: int, before: int, now: int) -> Direction:
    if "labour_force" not in readings.means:
        return "unchanged"
    count, n = readings.own.count, readings.means["labour_force"]
    rate = np.divide(count, n, out=np.full(count.shape, np.nan), where=n > 0)
    return rate_direction(readings, Level(rate, n, count, rate), "down", place, before, now)


def _z(values: FloatArray, variances: FloatArray, better: Better) -> float:
    return float(
        chance.z_score(
            values[0],
            values[1],
            baseline_variance=variances[0],
            reading_variance=variances[1],
            sign=1 if better == "down" else -1,
        )
    )


def _direction(z: float, moved: bool) -> Direction:
    if not moved or not abs(z) >= Z_CERTAIN:
        return "unchanged"
    return "better" if z > 0 else "worse"
