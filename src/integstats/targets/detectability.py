"""Whether a place is large enough for its target: what change its figures can show, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from integstats import catalogue
from integstats.analysis.inputs import FloatArray, broadcast, floats
from integstats.catalogue import Language
from integstats.errors import TargetError, UsageError
from integstats.targets import chance, path, pooling, readings, standing, verdict, windows
from integstats.targets.chance import Basis
from integstats.targets.requirements import Unit
from integstats.targets.target import Target

SURE, POWER = float(ndtri(0.95)), float(ndtri(0.80))
HALF_TIME = 0.5
Advice = Literal["enough", "only_at_deadline", "too_few", "no_figures"]


@dataclass(frozen=True)
class Detectability:
    """What the figures of one place can show of a target; see `detectability`.

    Attributes
    ----------
    target, place, unit
        The target; the key of the place; what values are counted in.
    n
        Persons in the denominator at the baseline (NaN for counts).
    baseline, half_time, goal
        The value at the baseline, of the path at half-time, and at the deadline, in the unit.
    needed_half_time, needed_end
        Persons per period with whom the planned change would show; NaN but for rates.
    smallest
        The smallest improvement that would show with this many persons, in the unit; NaN where
        none would.
    first_judgeable
        The first period in which a place on the path gets a verdict (rules 6 to 11), or the
        deadline itself.
    advice
        ``enough`` (already at half-time), ``only_at_deadline``, ``too_few``, or ``no_figures``.
    """

    target: Target
    place: str
    unit: Unit
    n: float
    baseline: float
    half_time: float
    goal: float
    needed_half_time: float
    needed_end: float
    smallest: float
    first_judgeable: pd.Period
    advice: Advice

    def sentence(self, lang: Language = "sv") -> str:
        """Say it, with advice, in Swedish or English; empty without figures."""
        from integstats.wording.detectability_sentences import detectability_text

        return detectability_text(self, lang=lang).text


def persons_needed(baseline: ArrayLike, reading: ArrayLike) -> FloatArray:
    """Return how many persons each of two periods needs to show a change of a rate.

    n = (z.95 + z.80)²·[b(1−b) + y(1−y)]/(b−y)², rounded up: with so many persons a one-sided
    test at 5 per cent finds the change in four of five cases. The variances are not pooled, and
    disclosure noise is not counted.

    Parameters
    ----------
    baseline, reading
        Rates, shares 0–1, broadcast against each other.

    Returns
    -------
    numpy.ndarray
        Whole numbers as floats; missing where an input is, infinite without a change.

    Raises
    ------
    UsageError
        For rates outside 0 to 1.

    Examples
    --------
    >>> persons_needed(0.16, [0.12, 0.08]).tolist(), persons_needed(0.2, [0.15, 0.1]).tolist()
    ([928.0, 201.0], [711.0, 155.0])
    """
    b, y = broadcast(floats(baseline, name="baseline"), floats(reading, name="reading"))
    for values in (b, y):
        if ((values < 0) | (values > 1)).any():
            raise UsageError(
                f"Rates are shares from 0 to 1; got {values.min():g}–{values.max():g}. Divide per "
                "cent by 100."
            )
    spread = (SURE + POWER) ** 2 * (b * (1 - b) + y * (1 - y))
    change = np.where(b == y, 0.0, (b - y) ** 2)
    found = np.full(b.shape, np.inf)
    np.divide(spread, change, out=found, where=change != 0)
    # 200.0000000001 persons are 200.
    return np.where(np.isnan(b + y), np.nan, np.ceil(found - 1e-9))


def detectability(
    target: Target, table: pd.DataFrame, *, places: Sequence[str] | None = None
) -> tuple[Detectability, ...]:
    """Return what change of a target each place can show, from its baseline alone.

    For use before a target is decided: no figures later than the baseline are needed.

    Parameters
    ----------
    target
        The target; its places are pooled.
    table
        The one table, with the counts of the measure for the baseline's reading.
    places
        Names of places to hold the same target against, each by itself; the target's own when
        left out.

    Returns
    -------
    tuple of Detectability
        In the order of the places; `frame` makes a table of them.

    Raises
    ------
    TargetError
        For a rank, or when the baseline lies outside the figures.
    SnapshotMissingError
        When a place is not in the table.

    Notes
    -----
    `smallest` is the least improvement with z ≥ z.95 + z.80 where V has the disclosure noise too,
    so that it is larger than by `persons_needed` where there are fewer than some 300 persons.
    The persons are taken to stay as many as at the baseline.
    """
    if target.kind == "rank":
        raise TargetError(
            f"The target {target.id!r} is a rank, which is not tested against its past."
        )
    if places is None:
        keys: tuple[str, ...] = (target.place,)
    else:
        keys = tuple(one.key for one in catalogue.resolve_all(places))
    rows = pooling.with_pooled(table, target, keys)
    read = readings.read(rows, target, keys)
    where = standing.stand(read)
    at = np.full(len(keys), where.column_baseline)
    b, basis = read.value[np.arange(len(keys)), at], read.basis(at)
    goal = path.goal_value(b, kind=target.kind, amount=target.amount)
    half = path.path_value(b, goal, HALF_TIME, path=target.path)
    smallest = chance.smallest_certain_change(
        b, baseline_variance=basis.variance(b), basis=basis, sign=where.sign, least_z=SURE + POWER
    )
    first = _first_judgeable(target, b, goal, basis, where.length, where.sign)
    needed_half = needed_end = np.full(len(keys), np.nan)
    if target.unit == "share":
        needed_half, needed_end = persons_needed(b, half), persons_needed(b, goal)
    return tuple(
        Detectability(
            target=target if key == target.place else replace(target, places=(key,)),
            place=key,
            unit=target.unit,
            n=float(basis.n[row]),
            baseline=float(b[row]),
            half_time=float(half[row]),
            goal=float(goal[row]),
            needed_half_time=float(needed_half[row]),
            needed_end=float(needed_end[row]),
            smallest=float(smallest[row]),
            first_judgeable=target.baseline_period + int(first[row]),
            advice=_advice(*(one[row] for one in (b, half, goal, smallest)), sign=where.sign),
        )
        for row, key in enumerate(keys)
    )


def frame(found: Sequence[Detectability]) -> pd.DataFrame:
    """Return detectability as a table.

    Returns
    -------
    pandas.DataFrame
        One row per place, the columns as the attributes of `Detectability`; `target` is its id.
    """
    names = [name for name in Detectability.__dataclass_fields__ if name != "target"]
    return pd.DataFrame(
        [{"target": one.target.id, **{name: getattr(one, name) for name in names}} for one in found]
    )


def _first_judgeable(
    target: Target, b: FloatArray, goal: FloatArray, basis: Basis, length: int, sign: int
) -> np.ndarray:
    """Periods from the baseline to the first that is judged on the path: at most `length`."""
    passed = np.arange(length + 1)
    line = path.path_value(b[:, None], goal[:, None], passed[None, :] / length, path=target.path)
    wide = basis.per_period()
    z = chance.z_score(
        wide.scaled(b[:, None]),
        wide.scaled(line),
        baseline_variance=wide.variance(b[:, None]),
        reading_variance=wide.variance(line),
        sign=sign,
    )
    judged = (z >= chance.Z_CERTAIN) & (passed >= verdict.FEWEST_PERIODS)
    judged &= passed % windows.step(target.reading) == 0
    judged[:, length] = True
    return np.asarray(judged.argmax(axis=1))


def _advice(baseline: float, half: float, goal: float, smallest: float, *, sign: int) -> Advice:
    if np.isnan(baseline) or np.isnan(goal):
        return "no_figures"
    enough = [sign * (baseline - value) >= smallest for value in (half, goal)]
    return "enough" if enough[0] else "only_at_deadline" if enough[1] else "too_few"
