"""The path from the baseline to the target: where it leads, where it stands, how it leans."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from integstats.analysis.inputs import FloatArray
from integstats.targets.requirements import Kind, Path


def goal_value(baseline: ArrayLike, *, kind: Kind, amount: float) -> FloatArray:
    """Return the value that is to be reached at the deadline, elementwise.

    Examples
    --------
    >>> goal_value([0.2, 0.1], kind="relative_reduction", amount=0.5).tolist()
    [0.1, 0.05]
    """
    b = np.asarray(baseline, dtype=float)
    if kind == "relative_reduction":
        return b * (1 - amount)
    if kind == "added_count":
        return b + amount
    return np.full(b.shape, amount)


def path_value(
    baseline: ArrayLike, goal: ArrayLike, fraction: ArrayLike, *, path: Path
) -> FloatArray:
    """Return the path, elementwise.

    Parameters
    ----------
    baseline, goal
        Values at the baseline and at the deadline, in one unit.
    fraction
        Part of the time that has passed, 0 to 1.
    path
        ``linear``: b + (y_T − b)·f; ``geometric``: b·(y_T/b)^f, missing unless both are above 0.

    Examples
    --------
    >>> path_value(0.2, 0.1, [0, 0.5, 1], path="linear").round(4).tolist()
    [0.2, 0.15, 0.1]
    >>> path_value(0.2, 0.1, [0, 0.5, 1], path="geometric").round(4).tolist()
    [0.2, 0.1414, 0.1]
    """
    b, end, f = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (baseline, goal, fraction))
    )
    if path == "linear":
        # b + (y_T − b) can miss y_T by the last bit, and a place on the path at T has met it.
        return np.where(f == 1, end, b + (end - b) * f)
    positive = (b > 0) & (end > 0)
    quotient = np.divide(end, b, out=np.ones(b.shape), where=positive)
    return np.where(positive, np.where(f == 1, end, b * quotient**f), np.nan)


def path_gradient(
    baseline: ArrayLike, goal: ArrayLike, fraction: ArrayLike, *, kind: Kind, path: Path
) -> FloatArray:
    """Return ∂p/∂b: how far the path moves when the baseline is read one unit higher.

    A relative target moves with its baseline (p/b), a fixed level holds the far end
    (1 − f, geometric (1 − f)·p/b), an added count shifts the whole path (1).

    Examples
    --------
    >>> path_gradient(0.2, 0.1, 0.5, kind="relative_reduction", path="linear").round(4).tolist()
    0.75
    >>> path_gradient(0.2, 0.1, 0.5, kind="level", path="linear").tolist()
    0.5
    """
    b, end, f = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (baseline, goal, fraction))
    )
    if kind == "added_count":
        return np.ones(b.shape)
    fixed = kind != "relative_reduction"
    if path == "linear" and fixed:
        return np.asarray(1 - f)
    p = path_value(b, end, f, path=path)
    # A baseline of 0 is halved to 0: its path does not move at all at first order.
    quotient = np.divide(p, b, out=np.ones(b.shape), where=b != 0)
    return np.asarray(quotient * (1 - f) if fixed else quotient)
