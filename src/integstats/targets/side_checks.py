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
from integstats.targets.readings import Readings

Direction = Literal["better", "worse", "unchanged"]
WORK_COUNTS = ("employed", "labour_force", "population")


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
    at, own = [before, now], readings.own
    counts, n = own.count[place, at], own.n[place, at]
    better = measure_better(readings.target)
    least = _least(readings)
    z = _z(counts, counts + readings.target.noise_variance, better)
    return Story(
        rate_change_pp=100 * _change(own.value[place, at]),
        count_change=_change(counts),
        base_change=_change(n),
        rate_direction=_rate_direction(readings, own.value[place, at], n, better),
        count_direction=_direction(z, abs(_change(counts)) >= least * n[0]),
    )


def into_work(readings: Readings, place: int, before: int, now: int) -> IntoWork | None:
    """Return whether unemployment fell into jobs; None unless it is the unemployed of BAS."""
    numerator, _ = parts(readings.target)
    if numerator != "unemployed" or not set(WORK_COUNTS) <= set(readings.means):
        return None
    at = [before, now]
    employed, labour_force, population = (readings.means[name][place, at] for name in WORK_COUNTS)
    unemployed = readings.own.count[place, at]
    if not (np.minimum(labour_force, population) > 0).all():
        return None
    rate = employed / population
    direction = _rate_direction(readings, rate, population, "up")
    unemployment = _rate_direction(readings, unemployed / labour_force, labour_force, "down")
    return IntoWork(
        unemployed=_change(unemployed),
        employed=_change(employed),
        labour_force=_change(labour_force),
        population=_change(population),
        employment_rate_before=float(rate[0]),
        employment_rate_now=float(rate[1]),
        employment_direction=direction,
        into_work=direction == "better" if unemployment == "better" else None,
    )


def gap_levels(readings: Readings, place: int, before: int, now: int) -> GapLevels | None:
    """Return the levels of the group and its comparator; None unless the target is about a gap."""
    if readings.comparator is None:
        return None
    at, better = [before, now], measure_better(readings.target)
    (own, own_n), (other, other_n) = (
        (level.value[place, at], level.n[place, at])
        for level in (readings.own, readings.comparator)
    )
    sign = 1 if better == "down" else -1
    other_loss = sign * _change(other)
    fall = other_loss - sign * _change(own)
    return GapLevels(
        own_before=float(own[0]),
        own_now=float(own[1]),
        comparator_before=float(other[0]),
        comparator_now=float(other[1]),
        own_direction=_rate_direction(readings, own, own_n, better),
        comparator_direction=_rate_direction(readings, other, other_n, better),
        comparator_share=other_loss / fall if fall > 0 else float("nan"),
    )


def _least(readings: Readings) -> float:
    """The least change of a rate that is called one, as a share."""
    known = catalogue.datasets().get(readings.target.dataset)
    return chance.least_change(known.revision_pp if known else 0.0) / 100


def _change(values: FloatArray) -> float:
    return float(values[1] - values[0])


def _rate_direction(
    readings: Readings, rates: FloatArray, n: FloatArray, better: Better
) -> Direction:
    """Say whether a rate, before and now, got better, worse or is by and large unchanged."""
    basis = Basis("share", better, readings.target.noise_variance, n)
    z = _z(rates, basis.variance(rates), better)
    return _direction(z, abs(_change(rates)) >= _least(readings))


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
