"""Where places stand beside their path: the numbers of the rules, for many places at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from integstats.analysis.inputs import BoolArray, FloatArray
from integstats.analysis.small_numbers import NO_RATE_BELOW, WARN_BELOW
from integstats.catalogue import Break
from integstats.errors import TargetError
from integstats.targets import chance, path, verdict, windows
from integstats.targets.chance import Basis
from integstats.targets.readings import Readings
from integstats.targets.target import Target
from integstats.targets.verdict import Pace, PathPosition, Persons, Reason, Verdict

REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, eq=False)
class Standing:
    """One element per place of the readings; see `verdict.Verdict` for what the numbers mean.

    `length` is the number of periods from the baseline to the deadline; `column` is the column of
    the reading that is judged and `column_after` that of the latest one after the deadline (−1:
    none, or it lies across a blocking break); `line` is the path in every period from the
    baseline to the deadline; `first_judgeable` is a period's ordinal (−1: none); `reason` indexes
    REASONS (−1: none). Across a blocking break `baseline` and all that follows from it
    is missing.
    """

    sign: int
    deadline: pd.Period
    length: int
    column_baseline: int
    column: np.ndarray
    column_after: np.ndarray
    baseline: FloatArray
    reading: FloatArray
    goal: FloatArray
    path: FloatArray
    line: FloatArray
    basis: Basis
    z: FloatArray
    expected_z: FloatArray
    probability: FloatArray
    share_done: FloatArray
    rule: np.ndarray
    reason: np.ndarray
    blocked_by: tuple[tuple[Break, ...], ...]
    first_judgeable: np.ndarray
    smallest_certain_change: FloatArray
    narrow_margin: BoolArray
    small_base: BoolArray


def stand(readings: Readings) -> Standing:
    """Work out every number the eleven rules need, and apply them.

    Raises
    ------
    TargetError
        When the baseline lies outside the figures, or its year begins before them.
    """
    target, periods = readings.target, readings.periods
    rows = np.arange(len(readings.places))
    sign = 1 if target.better == "down" else -1
    at_baseline = _baseline_column(readings)
    at_deadline = target.deadline_period.ordinal - int(periods.asi8[0])
    length = at_deadline - at_baseline
    column, after = _latest(readings, at_baseline, at_deadline)

    start = windows.first_of(target.baseline_period, target.reading)
    blocked_by, blocked_after = (
        tuple(
            windows.between(breaks, start, periods[at], effect="blocks")
            for breaks, at in zip(readings.breaks, columns, strict=True)
        )
        for columns in (column, after)
    )
    blocked = np.array([bool(one) for one in blocked_by])
    after = np.where([bool(one) for one in blocked_after], -1, after)
    shown = readings.value[:, at_baseline]
    # Nothing is computed across a break.
    b, y = np.where(blocked, np.nan, shown), readings.value[rows, column]
    basis, basis_b = readings.basis(column), readings.basis(np.full(len(rows), at_baseline))
    passed = column - at_baseline
    goal = path.goal_value(b, kind=target.kind, amount=target.amount)
    on_path = path.path_value(b, goal, passed / length, path=target.path)
    line = path.path_value(
        b[:, None], goal[:, None], np.linspace(0, 1, length + 1)[None, :], path=target.path
    )
    has_path = ~np.isnan(on_path) & ~_nothing_to_close(target, b)
    on_path = np.where(has_path, on_path, np.nan)

    var_b, var_y = basis_b.variance(b), basis.variance(y)
    z = chance.z_score(
        basis.scaled(b),
        basis.scaled(y),
        baseline_variance=var_b,
        reading_variance=var_y,
        sign=sign,
    )
    expected_z = chance.z_score(
        basis.scaled(b),
        basis.scaled(on_path),
        baseline_variance=var_b,
        reading_variance=basis.variance(on_path),
        sign=sign,
    )
    probability = chance.ahead_probability(
        basis.scaled(on_path),
        basis.scaled(y),
        reading_variance=var_y,
        baseline_variance=var_b,
        gradient=_gradient(target, b, goal, passed / length, on_path),
        sign=sign,
    )
    done = verdict.share_done(b, y, on_path, sign=sign)

    fewest_b, fewest = _fewest(basis_b), _fewest(basis)
    missing = _count_missing(readings, column)
    reason = _first_reason(
        {
            "break": blocked,
            "too_few_periods": passed < verdict.FEWEST_PERIODS,
            "suppressed": missing,
            "small_base": (fewest_b < NO_RATE_BELOW) | (fewest < NO_RATE_BELOW),
            "no_variance": ~np.isnan(b) & ~(var_b + var_y > 0),
            "baseline_missing": np.isnan(shown),
            "no_path": ~has_path,
        }
    )
    reached = verdict.reaches(y, goal, sign=sign)
    rule = verdict.judge(
        hindered=reason >= 0,
        at_deadline=column == at_deadline,
        reached=reached,
        stays_reached=_stays_reached(readings, column, at_baseline, goal, sign),
        change=verdict.judge_change(z, expected_z, probability, done),
    )
    low, high = readings.low[rows, column], readings.high[rows, column]
    return Standing(
        sign=sign,
        deadline=target.deadline_period,
        length=length,
        column_baseline=at_baseline,
        column=column,
        column_after=after,
        baseline=b,
        reading=y,
        goal=goal,
        path=on_path,
        line=np.where(has_path[:, None], line, np.nan),
        basis=basis,
        z=z,
        expected_z=expected_z,
        probability=probability,
        share_done=done,
        rule=rule,
        reason=reason,
        blocked_by=blocked_by,
        first_judgeable=_first_judgeable(readings, column, at_baseline, b, var_b, basis, sign),
        smallest_certain_change=chance.smallest_certain_change(
            b, baseline_variance=var_b, basis=basis, sign=sign
        )
        if (rule == verdict.NO_CERTAIN_CHANGE).any()
        else np.full(len(rows), np.nan),
        narrow_margin=(low <= goal) & (goal <= high),
        small_base=(np.fmin(fewest_b, fewest) < WARN_BELOW) & ~(reason >= 0),
    )


def _baseline_column(readings: Readings) -> int:
    target, periods = readings.target, readings.periods
    column = int(target.baseline_period.ordinal - periods.asi8[0])
    spans = f"the figures run from {periods[0]} to {periods[-1]}"
    if not 0 <= column < len(periods):
        raise TargetError(
            f"The baseline {target.baseline} lies outside the data: {spans}. Choose a baseline "
            "inside, or load more periods."
        )
    start = windows.first_of(target.baseline_period, target.reading)
    if start < periods[0]:
        first = target.baseline_period + int(periods.asi8[0] - start.ordinal)
        raise TargetError(
            f"The reading {target.reading} of the baseline {target.baseline} needs figures from "
            f"{start}, but {spans}. Load them, or choose {first} or later."
        )
    return column


def _latest(readings: Readings, baseline: int, deadline: int) -> tuple[np.ndarray, np.ndarray]:
    """Column of the latest reading not after the deadline, and of the latest one after it."""
    there = readings.cells.present & readings.readable
    order = np.arange(there.shape[1])
    until = np.where(there & (order <= deadline), order, -1).max(axis=1)
    shown = there & ~np.isnan(readings.value)
    after = np.where(shown & (order > deadline), order, -1).max(axis=1)
    return np.maximum(until, baseline), after


def _nothing_to_close(target: Target, baseline: FloatArray) -> BoolArray:
    """A gap that is not there cannot be reduced by a share of itself."""
    if target.kind != "relative_reduction" or target.unit != "pp":
        return np.zeros(baseline.shape, dtype=bool)
    return np.asarray(baseline <= 0)


def _gradient(
    target: Target, b: FloatArray, goal: FloatArray, fraction: FloatArray, on_path: FloatArray
) -> FloatArray:
    """∂p/∂b on the scale of the variances."""
    gradient = path.path_gradient(b, goal, fraction, kind=target.kind, path=target.path)
    if target.unit != "ratio":
        return gradient
    return np.asarray(gradient * b / on_path)


def _fewest(basis: Basis) -> FloatArray:
    """The smaller of the two denominators; NaN, which is never few, for counts."""
    return basis.n if basis.comparator_n is None else np.fmin(basis.n, basis.comparator_n)


def _count_missing(readings: Readings, column: np.ndarray) -> BoolArray:
    rows = np.arange(len(readings.places))
    missing = np.zeros(len(rows), dtype=bool)
    for level in (readings.own, readings.comparator):
        if level is not None:
            missing |= np.isnan(level.count[rows, column])
            if readings.target.unit != "persons":
                missing |= np.isnan(level.n[rows, column])
    return missing


def _first_reason(conditions: dict[Reason, BoolArray]) -> np.ndarray:
    ordered = [conditions[name] for name in REASONS]
    return np.select(ordered, list(range(len(REASONS))), default=-1)


def _stays_reached(
    readings: Readings, column: np.ndarray, baseline: int, goal: FloatArray, sign: int
) -> BoolArray:
    rows, step = np.arange(len(readings.places)), windows.step(readings.target.reading)
    stays = np.ones(len(rows), dtype=bool)
    for back in range(verdict.READINGS_BELOW_TARGET):
        at = column - back * step
        value = readings.value[rows, np.maximum(at, 0)]
        stays &= (at > baseline) & verdict.reaches(value, goal, sign=sign)
    return stays


def _first_judgeable(
    readings: Readings,
    column: np.ndarray,
    baseline: int,
    b: FloatArray,
    var_b: FloatArray,
    basis: Basis,
    sign: int,
) -> np.ndarray:
    """Ordinal of the first later period in which a place on the path could be judged.

    Its persons stay as they are. The deadline itself can be judged, unless it lies too near the
    baseline: then −1.
    """
    target = readings.target
    first_ordinal = int(readings.periods.asi8[0])
    deadline = target.deadline_period.ordinal - first_ordinal
    step = windows.step(readings.target.reading)
    columns = np.arange(baseline + step, deadline + 1, step)
    fraction = (columns - baseline) / (deadline - baseline)
    goal = path.goal_value(b, kind=target.kind, amount=target.amount)
    ahead = path.path_value(b[:, None], goal[:, None], fraction[None, :], path=target.path)
    wide = basis.per_period()
    expected = chance.z_score(
        wide.scaled(b)[:, None],
        wide.scaled(ahead),
        baseline_variance=var_b[:, None],
        reading_variance=wide.variance(ahead),
        sign=sign,
    )
    judged = (expected >= chance.Z_CERTAIN) | (columns == deadline)
    judged &= (columns > column[:, None]) & (columns - baseline >= verdict.FEWEST_PERIODS)
    first = columns[judged.argmax(axis=1)]
    return np.where(judged.any(axis=1), first + first_ordinal, -1).astype(np.int64)


def verdict_at(
    readings: Readings, where: Standing, place: int, *, deadline_passed: bool
) -> Verdict:
    """Return the verdict of one place; `deadline_passed` says whether its period is over."""
    target, column = readings.target, int(where.column[place])
    rule = int(where.rule[place])
    reason = REASONS[where.reason[place]] if rule == 1 else None
    status = verdict.status_of(rule)
    waits = status == "too_early" or reason == "too_few_periods"
    first = int(where.first_judgeable[place])
    probability = float(where.probability[place])
    return Verdict(
        status=status,
        rule=rule,
        reason=reason,
        blocked_by=where.blocked_by[place],
        z=float(where.z[place]),
        expected_z=float(where.expected_z[place]),
        probability=probability,
        share_done=float(where.share_done[place]),
        path_position=None
        if np.isnan(probability)
        else PathPosition(probability, "ahead" if probability >= 0.5 else "behind"),
        first_judgeable=pd.Period(ordinal=first, freq=where.deadline.freq)
        if waits and first >= 0
        else None,
        smallest_certain_change=float(where.smallest_certain_change[place])
        if status == "no_certain_change"
        else float("nan"),
        preliminary=any(readings.preliminary(place, at) for at in (where.column_baseline, column)),
        narrow_margin=status in ("met", "missed") and bool(where.narrow_margin[place]),
        small_base=bool(where.small_base[place]),
        season_left_in=target.reading in windows.SEASON_LEFT_IN,
        outcome_unpublished=deadline_passed and column - where.column_baseline < where.length,
    )


def pace_at(readings: Readings, where: Standing, place: int) -> Pace:
    """Return the pace of one place, so far and required."""
    passed, months = months_of(readings, where, place)
    return verdict.pace(
        baseline=float(where.baseline[place]),
        reading=float(where.reading[place]),
        goal=float(where.goal[place]),
        months_passed=passed,
        months_left=months - passed,
        sign=where.sign,
    )


def persons_at(readings: Readings, where: Standing, place: int) -> Persons | None:
    """Return what lacks in persons; None where there is no reading or no path.

    For a gap or ratio: the persons of the group itself, if the comparator stays as it is.
    """
    column = int(where.column[place])
    levels = where.path[place], where.goal[place]
    if np.isnan([*levels, where.reading[place]]).any():
        return None
    count, n = float(readings.own.count[place, column]), float(readings.own.n[place, column])
    basis = where.basis.of(place)
    on_path, at_goal = (
        verdict.shortfall(rate, count, n, better=basis.better)
        for rate in np.broadcast_to(basis.rate_at(levels), 2).tolist()
    )
    passed, months = months_of(readings, where, place)
    left = months - passed
    return Persons(
        count=count,
        base=n,
        path=on_path,
        target=at_goal,
        per_month=at_goal.lacking / left if left else float("nan"),
    )


def months_of(readings: Readings, where: Standing, place: int) -> tuple[int, int]:
    """Return the months from the baseline to the reading, and to the deadline."""
    per_period = windows.MONTHS[readings.target.frequency]
    passed = int(where.column[place]) - where.column_baseline
    return passed * per_period, where.length * per_period
