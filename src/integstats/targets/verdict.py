"""The verdict on a target: eleven rules in order, pace and persons. Pure numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from integstats.analysis.inputs import BoolArray, FloatArray
from integstats.catalogue import Better, Break
from integstats.targets.chance import Z_CERTAIN

Status = Literal[
    "cannot_judge",
    "met",
    "missed",
    "below_target",
    "worse",
    "too_early",
    "no_certain_change",
    "ahead",
    "not_distinct",
    "behind",
    "far_behind",
]
"""The status of each rule, in their order: rule 1 is the first."""
Reason = Literal[
    "break",
    "too_few_periods",
    "suppressed",
    "small_base",
    "no_variance",
    "baseline_missing",
    "no_path",
]
"""Why a target cannot be judged: the first that applies, in this order."""

SURELY_AHEAD, SURELY_BEHIND = 0.80, 0.20
MOST_OF_IT = 0.60
FEWEST_PERIODS = 3
READINGS_BELOW_TARGET = 3
NO_CERTAIN_CHANGE = 7
"""The rule that reports the smallest change that would have shown."""
WHOLE = 1e-9
"""Persons: what rounding of floats may add to a whole number."""


@dataclass(frozen=True)
class Point:
    """One reading. Missing numbers are NaN.

    `value`, `low` and `high` (its 95 % interval) are in the target's unit: a share 0–1, a gap in
    percentage points, a ratio, or persons. `n` and `count` are the mean persons in denominator
    and numerator over the months of the reading; `n` is NaN for counts.
    """

    period: pd.Period
    value: float
    low: float
    high: float
    n: float
    count: float


@dataclass(frozen=True)
class PathPosition:
    """Where the reading lies beside the path, whatever the verdict.

    `probability` is P, how surely it is ahead; on the path the side is ``ahead``.
    """

    probability: float
    side: Literal["ahead", "behind"]


@dataclass(frozen=True)
class Pace:
    """Improvement per month in the target's unit; positive = better.

    `so_far` since the baseline, `required` from the reading to the target; `quotient` is
    required / so far, NaN where there has been no improvement. NaN at the ends of the window.
    """

    so_far: float
    required: float
    quotient: float
    months_passed: int
    months_left: int


@dataclass(frozen=True)
class Shortfall:
    """Persons between the reading and a level, net, if the denominator is unchanged.

    `allowed` is the most persons that the level allows, or where higher is better the fewest
    that it needs. `lacking` is how many too many (too few); `ahead` how many to spare. One of
    them is 0.
    """

    allowed: int
    lacking: int
    ahead: int


@dataclass(frozen=True)
class Persons:
    """The reading in persons: means of the months it rests on.

    `count` and `base` are the numerator and denominator (base NaN for counts), `path` and
    `target` what lacks against the path today and the target, `per_month` the persons that lack
    to the target per month left (NaN at the deadline).
    """

    count: float
    base: float
    path: Shortfall
    target: Shortfall
    per_month: float


@dataclass(frozen=True)
class Verdict:
    """Which of the eleven rules applies to the latest reading, and the numbers behind it.

    Parameters
    ----------
    status, rule
        The status and its number, 1 to 11.
    reason, blocked_by
        For ``cannot_judge``: why, and for a break which ones.
    z, expected_z
        z of the change since the baseline, and of what a place on the path would show; positive
        = better.
    probability
        P, how surely the reading is ahead of the path.
    share_done
        ρ, the share of the change planned until now that is done; positive = better; NaN where
        none is planned.
    path_position
        Where the reading lies beside the path; None without numbers.
    first_judgeable
        For ``too_early`` and ``too_few_periods``: the first period in which a place on the path
        could be judged, the deadline at the latest.
    smallest_certain_change
        For ``no_certain_change``: the least improvement that would have shown, in the target's
        unit; NaN where none would.
    preliminary
        The reading or the baseline rests on preliminary figures.
    narrow_margin
        For ``met`` and ``missed``: the target lies within the reading's interval.
    small_base
        The reading or the baseline rests on 30 to 49 persons.
    season_left_in
        The reading is a single month or quarter: the season is not taken out.
    outcome_unpublished
        The deadline has passed but its period is not published.
    """

    status: Status
    rule: int
    reason: Reason | None
    blocked_by: tuple[Break, ...]
    z: float
    expected_z: float
    probability: float
    share_done: float
    path_position: PathPosition | None
    first_judgeable: pd.Period | None
    smallest_certain_change: float
    preliminary: bool
    narrow_margin: bool
    small_base: bool
    season_left_in: bool
    outcome_unpublished: bool


def status_of(rule: int) -> Status:
    """Return the status of a rule, 1 to 11.

    Examples
    --------
    >>> status_of(1), status_of(11)
    ('cannot_judge', 'far_behind')
    """
    statuses: tuple[Status, ...] = get_args(Status)
    return statuses[rule - 1]


def share_done(
    baseline: ArrayLike, reading: ArrayLike, path: ArrayLike, *, sign: int
) -> FloatArray:
    """Return ρ, elementwise: the change so far / the change planned so far; positive = better.

    Missing where no change is planned.

    Examples
    --------
    >>> share_done(0.20, [0.15, 0.21], 0.16, sign=1).round(2).tolist()
    [1.25, -0.25]
    """
    b, y, p = np.broadcast_arrays(*(np.asarray(x, float) for x in (baseline, reading, path)))
    planned = np.abs(b - p)
    share = np.full(b.shape, np.nan)
    np.divide(sign * (b - y), planned, out=share, where=planned > _rounding(b))
    return share


def reaches(reading: ArrayLike, goal: ArrayLike, *, sign: int) -> BoolArray:
    """Return whether readings are at the target or better, elementwise; missing never is."""
    y, end = np.asarray(reading, dtype=float), np.asarray(goal, dtype=float)
    return np.asarray(sign * (end - y) >= -_rounding(end))


def _rounding(values: FloatArray) -> FloatArray:
    """Differences below this come from the last bits of floats."""
    return np.asarray(1e-12 * np.maximum(1.0, np.abs(values)))


def judge_change(
    z: ArrayLike, expected_z: ArrayLike, probability: ArrayLike, share: ArrayLike
) -> np.ndarray:
    """Apply rules 5 to 11, elementwise.

    Parameters
    ----------
    z, expected_z
        Of the reading, and of a place exactly on the path.
    probability
        P.
    share
        ρ, the share of the planned change done.

    Returns
    -------
    numpy.ndarray
        The number of the first rule that applies, 5 to 11, as int8.

    Examples
    --------
    >>> judge_change([-2, 1, 1, 3, 3, 3, 3], [3, 1, 3, 3, 3, 3, 3],
    ...              [0, 0.5, 0.1, 0.9, 0.5, 0.1, 0.1], [-1, 1, 0.3, 1.2, 1, 0.7, 0.5]).tolist()
    [5, 6, 7, 8, 9, 10, 11]
    """
    z, expected_z = np.asarray(z, dtype=float), np.asarray(expected_z, dtype=float)
    probability, share = np.asarray(probability, dtype=float), np.asarray(share, dtype=float)
    conditions = [
        z < -Z_CERTAIN,
        expected_z < Z_CERTAIN,
        z < Z_CERTAIN,
        probability >= SURELY_AHEAD,
        probability > SURELY_BEHIND,
        share >= MOST_OF_IT,
    ]
    return np.select(conditions, [5, 6, 7, 8, 9, 10], default=11).astype(np.int8)


def judge(
    *,
    hindered: BoolArray,
    at_deadline: BoolArray,
    reached: BoolArray,
    stays_reached: BoolArray,
    change: np.ndarray,
) -> np.ndarray:
    """Apply all eleven rules, elementwise.

    Parameters
    ----------
    hindered
        Something keeps the target from being judged (rule 1).
    at_deadline, reached
        The reading is that of the deadline; it reaches the target (rules 2 and 3).
    stays_reached
        The last three readings reach it (rule 4).
    change
        What `judge_change` says.

    Returns
    -------
    numpy.ndarray
        The number of the first rule that applies, 1 to 11.
    """
    conditions = [hindered, at_deadline & reached, at_deadline, stays_reached]
    return np.select(conditions, [1, 2, 3, 4], default=change).astype(np.int8)


def shortfall(level: float, count: float, base: float, *, better: Better) -> Shortfall:
    """Return the persons between a count and a level.

    For whole counts this is count − ⌊level·base + 1e-9⌋, or where higher is better
    ⌈level·base − 1e-9⌉ − count. For twelve-month means it is the least whole number of persons,
    every month, by which the mean would have to differ: 0 exactly when the level is reached.

    Parameters
    ----------
    level
        A rate; with a missing `base` a number of persons.
    count, base
        Persons counted, and persons in the denominator.
    better
        Which way the rate should go.

    Examples
    --------
    >>> shortfall(0.10, 216, 2000, better="down")
    Shortfall(allowed=200, lacking=16, ahead=0)
    >>> shortfall(0.80, 1605, 2000, better="up")
    Shortfall(allowed=1600, lacking=0, ahead=5)
    """
    exact = level if np.isnan(base) else level * base
    if better == "down":
        allowed, lacking = np.floor(exact + WHOLE), np.ceil(count - exact - WHOLE)
    else:
        allowed, lacking = np.ceil(exact - WHOLE), np.ceil(exact - count - WHOLE)
    return Shortfall(int(allowed), max(0, int(lacking)), max(0, -int(lacking)))


def pace(
    *,
    baseline: float,
    reading: float,
    goal: float,
    months_passed: int,
    months_left: int,
    sign: int,
) -> Pace:
    """Return the pace so far and the pace that is required from here.

    Examples
    --------
    >>> found = pace(baseline=0.184, reading=0.13, goal=0.092, months_passed=18, months_left=6,
    ...              sign=1)
    >>> round(100 * found.so_far, 2), round(100 * found.required, 2), round(found.quotient, 1)
    (0.3, 0.63, 2.1)
    """
    nan = float("nan")
    so_far = sign * (baseline - reading) / months_passed if months_passed else nan
    required = sign * (reading - goal) / months_left if months_left else nan
    quotient = required / so_far if so_far > 0 else nan
    return Pace(so_far, required, quotient, months_passed, months_left)


def cagr_ratio(
    *, baseline: float, reading: float, goal: float, months_passed: int, months: int
) -> float:
    """Return Eurostat's ratio of annual growth rates: the actual one / the required one.

    It is shown beside the verdict and never decides it: on a straight path it asks for
    acceleration.

    Examples
    --------
    >>> round(cagr_ratio(baseline=0.20, reading=0.15, goal=0.10, months_passed=12, months=24), 3)
    0.854
    """
    if not (baseline > 0 and reading >= 0 and goal >= 0 and months_passed):
        return float("nan")
    actual = (reading / baseline) ** (12 / months_passed) - 1
    required = (goal / baseline) ** (12 / months) - 1
    return float(actual / required) if required else float("nan")
